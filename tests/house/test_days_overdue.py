"""How many days a case is late is counted in one place, and what a growth without a base is called is said in one: every page,
mail, paper and report says the same."""

import ast

from tests.support.project_files import name_of, python_files
from tracker.domain.reports.counting import NO_BASE

COUNTED_IN = "tracker/domain/rules/lights.py"
LIMITS = ("due", "limit")  # what a day of delay is counted from is called so
IN_SQL = "julianday("


def counts_in(source: str) -> list[int]:
    """The lines that take a limit away from a day and read the days of it."""
    return sorted(node.lineno for node in ast.walk(ast.parse(source))
                  if isinstance(node, ast.Attribute) and node.attr == "days"
                  for inner in ast.walk(node.value) if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Sub)
                  and any(word in ast.unparse(inner.right) for word in LIMITS))


def test_nobody_else_counts_days_of_delay() -> None:
    files = {name_of(path): path.read_text() for path in python_files("tracker") if "migrations" not in path.parts}
    assert len(files) > 300
    assert {name: lines for name, text in files.items() if (lines := counts_in(text))}.keys() == {COUNTED_IN}
    assert [name for name, text in files.items() if IN_SQL in text] == []


def test_the_search_finds_what_it_looks_for() -> None:
    assert counts_in("late = (today - case.due_on).days + 1\nsoon = (end - start).days") == [1]


def test_a_growth_without_a_base_has_one_word() -> None:
    said_in = "tracker/domain/reports/counting.py"
    others = ("不可比", "无基数", "无对比基数", "没有基数")
    files = {name_of(path): path.read_text() for path in python_files("tracker") if "migrations" not in path.parts}
    assert [name for name, text in files.items() if NO_BASE in text] == [said_in]
    assert [name for name, text in files.items() if any(word in text for word in others)] == []
