"""A step and a fact get their names from one row each; whatever else speaks of them takes the name from there.

So a name that is written wrongly is an attribute that does not exist: the type checker says so, and so does the first import.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.project_files import name_of, python_files
from tracker.domain.cases.flow import CASE_FLOW, OTHER_FACTS, Steps
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.lifecycle import StepName

ROWS = ("tracker/domain/cases/flow.py", "tracker/domain/cases/notes.py", "tracker/domain/cases/belonging/checks.py",
        "tracker/domain/acts/step_rows.py", "tracker/domain/coordination/meetings.py",
        "tracker/domain/coordination/programmes.py", "tracker/domain/coordination/operations.py",
        "tracker/domain/coordination/interviews.py", "tracker/domain/coordination/patrols/joint.py",
        "tracker/domain/coordination/patrols/daily.py", "tracker/domain/coordination/patrols/plans.py",
        "tracker/domain/coordination/controls.py", "tracker/domain/enforcement/penalties.py",
        "tracker/domain/enforcement/cards.py", "tracker/domain/enforcement/referrals.py",
        "tracker/domain/inspection/inspections.py",
        "tracker/domain/inspection/draws.py")
MAKERS = ("FactKind", "StepName", "F")
# Tables in which a word is no step though a step is called so, with the reason.
HOMONYMS = {
    "tracker/domain/cases/wording.py": {"transfer"},  # a channel by which cases come
    "tracker/domain/cases/step_fields.py": {"progress"},  # what a photo shows
}


def product() -> list[tuple[Path, ast.Module]]:
    return [(path, ast.parse(path.read_text())) for path in python_files("tracker") if "migrations" not in path.parts]


def made() -> list[tuple[str, str]]:
    """Every kind and every step that is made by name: the file, and what is made."""
    return [(name_of(path), str(node.args[0].value)) for path, tree in product() for node in ast.walk(tree)
            if isinstance(node, ast.Call) and ast.unparse(node.func) in MAKERS and node.args
            and isinstance(node.args[0], ast.Constant) and node.args[0].value]


def members(tree: ast.AST) -> Iterator[ast.Constant]:
    """The strings that are a key, a member or an option of a table, or that something is compared with."""
    for node in ast.walk(tree):
        inner: list[ast.expr | None] = []
        if isinstance(node, ast.Dict):
            inner = [*node.keys, *node.values]
        elif isinstance(node, ast.Set | ast.Tuple | ast.List):
            inner = [*node.elts]
        elif isinstance(node, ast.Compare):
            inner = [node.left, *node.comparators]
        elif isinstance(node, ast.keyword):
            inner = [node.value]
        yield from (each for each in inner if isinstance(each, ast.Constant) and isinstance(each.value, str))


def bare_names(tree: ast.AST, kinds: set[str], homonyms: set[str] = frozenset()) -> list[str]:  # type: ignore[assignment]
    """Names that stand in a file as bare strings: of steps in tables, of facts anywhere."""
    steps = set(CASE_FLOW.steps) - homonyms
    strings = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    makers = {id(node.args[0]) for node in ast.walk(tree)
              if isinstance(node, ast.Call) and ast.unparse(node.func) in MAKERS and node.args}
    found = [each for each in members(tree) if each.value in steps] + [each for each in strings if each.value in kinds]
    return [f"{each.lineno} {each.value}" for each in found if id(each) not in makers]


def test_no_table_holds_the_name_of_a_step_or_a_fact_as_a_bare_string() -> None:
    kinds = {name for _, name in made() if ":" in name}
    assert len(kinds) > len(CASE_FLOW.steps)
    assert [f"{name_of(path)}:{each}: take it from its row, as Steps.close.name or Steps.close.fact."
            for path, tree in product() if name_of(path) not in ROWS
            for each in bare_names(tree, kinds, HOMONYMS.get(name_of(path), set()))] == []


def test_what_is_left_out_is_there() -> None:
    files = {name_of(path): tree for path, tree in product()}
    assert {file: words for file, words in HOMONYMS.items() if words - {each.value for each in members(files[file])}} == {}


def test_every_kind_of_fact_is_made_once() -> None:
    assert {name: count for name, count in Counter(name for _, name in made()).items() if count > 1} == {}


def test_only_rows_make_names() -> None:
    """A file of kinds, the flow, or beside the deed where a room has no law of its own."""
    files = {file for file, _ in made() if not file.endswith("/fact_kinds.py")} - set(ROWS)
    assert files == {"tracker/domain/cases/identities/requesting.py", "tracker/domain/reports/appraisal/appealing.py",
                     "tracker/services/upkeep/clock_watch.py"}


def test_each_row_is_called_what_it_is_assigned_to_and_the_flow_knows_it() -> None:
    assert {name: getattr(Steps, name).name for name in CASE_FLOW.steps} == {name: name for name in CASE_FLOW.steps}
    assert {type(step.name) for step in CASE_FLOW.steps.values()} == {StepName}
    assert {type(kind) for kind in (*CASE_FLOW.by_fact, *OTHER_FACTS)} == {FactKind}


def test_a_name_that_no_row_makes_is_told_at_once() -> None:
    with pytest.raises(AttributeError, match="'Steps' has no attribute 'asign'"):
        Steps.asign  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize("line", ['X = {"close": 1}', 'X = ("close",)', 'X = {"close"}', 'x(step="close")', 'x == "close"',
                                  'x("case:closed")', 'X = {"case:closed": 1}', 'f"{x(\'case:closed\')}"'])
def test_every_way_to_write_a_bare_name_is_seen(line: str) -> None:
    assert bare_names(ast.parse(line), {"case:closed"})
