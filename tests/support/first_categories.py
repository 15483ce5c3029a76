"""The problem types with which an installation begins, as the migration writes them: for tests of the pure law, and for the words
that pages show of them."""

import importlib.util
from functools import cache
from types import ModuleType

from tests.support.project_files import ROOT
from tracker.domain.cases.categories.questions import Question
from tracker.domain.cases.categories.rows import Categories, Category
from tracker.domain.house.fields import FieldKind


@cache
def migration() -> ModuleType:
    """The migration that seeds them."""
    path = next((ROOT / "tracker" / "migrations" / "versions").glob("*_categories.py"))
    spec = importlib.util.spec_from_file_location("seeded_categories", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def first_categories() -> Categories:
    """All of them, with their questions."""
    asked: dict[str, list[Question]] = {}
    for category, code, word, kind, choices, unit, hint in migration().QUESTIONS:
        pairs = tuple(tuple(part.split("=")) for part in choices.split("、") if part)
        asked.setdefault(category, []).append(Question(code, word, FieldKind(kind), pairs, unit, hint))
    return Categories(tuple(Category(key, name, aliases=tuple(each for each in aliases.split("、") if each),
                                     valid_from=migration().FIRST_DAY, questions=tuple(asked.get(key, ())))
                            for key, name, aliases in migration().TYPES))


def words_shown() -> set[str]:
    """What pages show of the rows: names, questions, answers, units and hints."""
    types = first_categories().rows
    found = {each.name for each in types}
    for question in (question for each in types for question in each.questions):
        found |= {question.word, question.unit, question.hint, *(word for _, word in question.choices)}
    return found - {""}
