"""A case row changes in one way, by the fold of `Work.move`, and becomes the facts of its law in one way."""

import ast
from collections.abc import Iterator

import pytest

from tests.support.project_files import name_of, python_files

FOLD, BUILDER = "tracker/storage/cases/rows.py", "tracker/domain/cases/columns.py"
MODELS = {"Case", "CasePart", "CaseCategory"}
TABLES = MODELS | {"CASES", "_CASES"}
RELATIONS = {"parts", "source", "lead_unit", "sponsor"}
CHANGING = {"append", "extend", "insert", "remove", "pop", "clear", "discard", "add", "update"}


def annotated_as_case(node: ast.AST) -> Iterator[str]:
    """The names that are said to be a case row, an optional one included."""
    if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
        found = {part.id for part in ast.walk(node.annotation) if isinstance(part, ast.Name)}
        found |= {str(part.value).strip() for part in ast.walk(node.annotation) if isinstance(part, ast.Constant)}
        if "Case" in found:
            yield node.arg if isinstance(node, ast.arg) else ast.unparse(node.target)


def is_case(node: ast.expr, known: frozenset[str]) -> bool:
    """Whether this is a case row, as far as names say: one that is annotated so, or is called case or master."""
    if isinstance(node, ast.Subscript):
        return ast.unparse(node.value) in known | {"cases"}
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return name in known or name in ("case", "master") or name.endswith("_case")


def is_change(node: ast.AST, known: frozenset[str]) -> bool:
    """Whether a case row, or a row of its units or types, changes here."""
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
        return is_case(node.value, known)
    if not isinstance(node, ast.Call):
        return False
    called, given = node.func, node.args
    if isinstance(called, ast.Name) and called.id in ("setattr", "delattr"):
        return is_case(given[0], known)
    if isinstance(called, ast.Name) and called.id in ("update", "delete"):
        return bool(given) and bool({part.id for part in ast.walk(given[0]) if isinstance(part, ast.Name)} & TABLES)
    if isinstance(called, ast.Attribute) and called.attr == "__setattr__":
        return any(is_case(each, known) for each in given)
    holder = called.value if isinstance(called, ast.Attribute) and called.attr in CHANGING else None
    return isinstance(holder, ast.Attribute) and holder.attr in RELATIONS and is_case(holder.value, known)


def changes_in(source: str) -> list[int]:
    """The lines of a file in which a case row changes."""
    nodes = list(ast.walk(ast.parse(source)))
    known = frozenset(name for node in nodes for name in annotated_as_case(node))
    return sorted({node.lineno for node in nodes if isinstance(node, ast.expr) and is_change(node, known)})


def test_no_case_row_changes_outside_the_fold() -> None:
    paths = [path for path in python_files("tracker") if name_of(path) != FOLD and "migrations" not in path.parts]
    assert len(paths) > 300
    assert [f"{name_of(path)}:{line}" for path in paths for line in changes_in(path.read_text())] == []


def test_only_work_calls_the_fold_and_the_one_of_many_at_once() -> None:
    called = {(name_of(path), node.attr) for path in python_files("tracker") for node in ast.walk(ast.parse(path.read_text()))
              if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "rows" and node.attr.startswith("apply")}
    assert called == {("tracker/services/house/work.py", "apply"), ("tracker/services/tables/import_batches.py", "apply_to_many")}


@pytest.mark.parametrize("line", [
    "case.state = to", "doing.case.round += 1", "a, case.seq = 1, 2", "del case.title", "setattr(doing.case, name, value)",
    "cases[1].due_on = on", "case.parts.append(part)", "found.title = text", "for case.round in numbers: pass",
    "session.execute(update(Case).where(x))", "session.execute(delete(CasePart))", "object.__setattr__(case, 'seq', 2)",
    "case.due_on: date = on", "session.execute(update(Case.__table__))",
])
def test_every_way_to_change_a_row_is_seen(line: str) -> None:
    assert changes_in(f"def deed(found: Case | None) -> None:\n    {line}") == [2]


@pytest.mark.parametrize("line", [
    "case = found", "title = case.title", "row.title = case.title", "changes['due_on'] = case.due_on", "case.parts.count(1)",
    "names[case.id] = 1", "session.execute(insert(Case))", "session.execute(update(Identity))", "cases[1] = case",
])
def test_reading_a_row_is_no_change(line: str) -> None:
    assert changes_in(f"def deed(found: Case) -> None:\n    {line}") == []


def test_the_facts_of_a_case_are_put_together_in_one_file() -> None:
    made = {name_of(path) for path in python_files("tracker") for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "CaseFacts"}
    assert made == {BUILDER}
