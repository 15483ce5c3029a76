"""A form that ran out, read once more: what was typed, under the words that its fields had."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, request
from flask_login import current_user
from wtforms import BooleanField, Field, FileField, HiddenField, PasswordField, SelectFieldBase

from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.house.actor import Role
from tracker.services.house.work import reading
from tracker.services.rules.categories import categories
from tracker.storage.people import people
from tracker.web.cases.register.view import choices_of
from tracker.web.house.business_day import today
from tracker.web.house.drawing.languages import tr
from tracker.web.house.forms import HouseForm
from tracker.web.house.guard import current_actor
from tracker.web.house.steps.forms import StepForm, StepOptions, step_form

UNSEEN = (HiddenField, PasswordField, FileField)
YES, NAMELESS = "是", "其他内容"
# The words of the fields of pages that need no form, by endpoint; and what every page may send that nobody types.
FORMLESS: dict[str, dict[str, str]] = {"views.save": {"name": "视图名称"}}
UNTYPED = frozenset({
    "all", "back", "delegation", "dropped", "form_id", "is_quiet", "kept", "left", "n", "near_seen", "query", "row", "seq",
    "shared", "view",
})


@dataclass(frozen=True)
class TypedLine:
    """One field: its word, and what was typed or chosen there."""

    word: str
    said: str


def lines_of(typed: Sequence[tuple[str, str]], *, is_known: bool = True) -> list[TypedLine]:
    """Every field that a person filled in, in the order of the page; codes in words, as far as the reader may know them. Who is
    asking is looked up unless it is said that nobody `is_known`."""
    form, names = _form_of({_bare_name(name) for name, _ in typed}), _code_names() if is_known else {}
    given: dict[str, list[str]] = {}
    for name, value in typed:
        if value.strip():
            given.setdefault(_bare_name(name), []).append(value)
    lines = (_typed_line(form, name, values, names) for name, values in given.items()
             if not name.startswith(("file_", "kept_role_")))
    return [line for line in lines if line.word]


def _typed_line(form: HouseForm | None, name: str, values: Sequence[str], names: Mapping[str, str]) -> TypedLine:
    field = form[name] if form is not None and name in form else None
    if field is None:
        return TypedLine("" if name in UNTYPED else FORMLESS.get(request.endpoint or "", {}).get(name, NAMELESS),
                         tr("、").join(values))
    if isinstance(field, UNSEEN):
        return TypedLine("", "")
    if isinstance(field, BooleanField):
        return TypedLine(field.label.text, tr(YES))
    if not isinstance(field, SelectFieldBase):
        return TypedLine(field.label.text, "\n".join(values))
    words = {**names, **dict(_field_choices(field))}
    return TypedLine(field.label.text, tr("、").join(words.get(value, value) for value in values))


def _field_choices(field: Field) -> Iterator[tuple[str, str]]:
    for choice in getattr(field, "choices", None) or ():
        yield str(choice.value), tr(choice.label)


def _form_of(names: set[str]) -> HouseForm | None:
    """The form of the step that the address names, or the one of the house that has most of these fields and fewest others."""
    step = CASE_FLOW.steps.get((request.view_args or {}).get("step", ""))
    if step is not None:
        return step_form(step.given, StepOptions(), step.file_roles)
    if request.endpoint in FORMLESS:
        return None
    kinds = [(len(names & fields), -len(fields), kind) for kind in _form_kinds(HouseForm) for fields in [_field_names(kind)]]
    shared, _, best = max(kinds, key=lambda each: each[:2])
    return best() if shared else None


def _form_kinds(base: type[HouseForm]) -> Iterator[type[HouseForm]]:
    for kind in base.__subclasses__():
        if not issubclass(kind, StepForm):
            yield kind
            yield from _form_kinds(kind)


def _field_names(kind: type[HouseForm]) -> set[str]:
    return {name for name in dir(kind) if hasattr(getattr(kind, name), "field_class")}


def _bare_name(name: str) -> str:
    """A field's own name, without that of its form."""
    return name.rpartition("-")[2]


def _code_names() -> dict[str, str]:
    """What the codes of places, units and people stand for, to somebody signed in."""
    if not current_user.is_authenticated:
        return {}
    scope = current_actor().scope()
    choices, found = choices_of(scope), people.options(reading(), scope, today().on, role=Role.lead)
    types = tuple(categories().names.items())
    listed: tuple[Any, ...] = (choices.sources, types, choices.areas, choices.units, found.units, found.people)
    return {code: name for pairs in listed for code, name in pairs}


def register(app: Flask) -> None:
    """Hand the reading of a form that ran out to the page of refusals, which knows no form."""
    app.extensions["stale_forms"] = lines_of
