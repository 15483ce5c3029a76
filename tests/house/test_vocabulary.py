"""Words are enums with a grammar, and what may be done only in one place is done only there."""

import ast
import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest

import tracker.domain
from tests.support.project_files import name_of, python_files
from tracker.domain.cases.facts import CaseState, Why
from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.house.actor import Permission


def enums() -> Iterator[type[StrEnum]]:
    for found in pkgutil.walk_packages(tracker.domain.__path__, "tracker.domain."):
        for thing in vars(importlib.import_module(found.name)).values():
            if isinstance(thing, type) and issubclass(thing, StrEnum) and thing.__module__ == found.name:
                yield thing


def nodes(path: Path, kind: type[ast.AST]) -> list[ast.AST]:
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, kind)]


def test_an_enum_member_is_called_what_it_is_worth() -> None:
    odd = [member for enum in enums() if enum is not Permission for member in enum if member.name.rstrip("_") != member.value]
    assert odd == []


def test_a_permission_s_name_is_its_room_and_its_verb() -> None:
    assert [p for p in Permission if p.name != p.value.replace(":", "_")] == []


def test_reasons_and_states_are_lower_snake() -> None:
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", member.value) for enum in (Why, CaseState) for member in enum)


def test_a_fact_is_told_in_the_past_tense_of_its_step_s_room() -> None:
    assert all(re.fullmatch(r"case:[a-z]+(_[a-z]+)*", step.fact) for step in CASE_FLOW.steps.values())


def compares_a_state(node: ast.AST) -> bool:
    """`x.state == …`, `x.state is …` with a state or a bare word."""
    assert isinstance(node, ast.Compare)
    is_state = isinstance(node.left, ast.Attribute) and node.left.attr == "state"
    return is_state and any(isinstance(op, ast.Eq | ast.NotEq | ast.Is | ast.IsNot) for op in node.ops) and any(
        ast.unparse(other).startswith("CaseState.") or (isinstance(other, ast.Constant) and other.value in set(CaseState))
        for other in node.comparators)  # fmt: skip


def test_no_deed_and_no_door_asks_what_state_a_case_is_in() -> None:
    askers = [
        f"{name_of(path)}:{getattr(node, 'lineno', 0)} {ast.unparse(node)}"
        for path in python_files("tracker/services", "tracker/web", "tracker/cli", "tracker/scheduler", "tracker/gateways")
        for node in nodes(path, ast.If)
        for inner in ast.walk(node.test)  # type: ignore[attr-defined]
        if isinstance(inner, ast.Compare) and compares_a_state(inner)
    ]
    assert askers == []


def test_only_the_unit_of_work_commits() -> None:
    committers = {
        name_of(path)
        for path in python_files("tracker")
        for node in nodes(path, ast.Call)
        if ast.unparse(node.func).endswith("session.commit")  # type: ignore[attr-defined]
    }
    assert committers == {"tracker/services/house/work.py"}


def test_a_query_reads_in_the_session_that_it_is_given() -> None:
    """Who asks says in which transaction: a deed in its own, a door in that of the request."""
    strangers = [f"{name_of(path)}:{getattr(node, 'lineno', 0)}" for path in python_files("tracker/storage")
                 if name_of(path) != "tracker/storage/house/base.py"
                 for node in nodes(path, ast.Attribute) if ast.unparse(node) in ("db.session", "db.engine")]
    assert strangers == []


def test_a_deed_takes_the_session_of_the_request_from_one_place() -> None:
    """`reading` and `Work`; whoever copies a database lets go of the session first."""
    takers = {name_of(path) for path in python_files("tracker/services", "tracker/web", "tracker/cli", "tracker/demo")
              for node in nodes(path, ast.Attribute) if ast.unparse(node) == "db.session"}
    assert takers == {"tracker/services/house/work.py", "tracker/services/upkeep/database_copies.py"}


def test_no_class_name_stands_twice_in_the_product() -> None:
    named = Counter(node.name for path in python_files("tracker") if "migrations" not in path.parts
                    for node in ast.walk(ast.parse(path.read_text()))
                    if isinstance(node, ast.ClassDef))
    assert [name for name, count in named.items() if count > 1] == []


def test_a_private_function_has_a_name_of_two_words() -> None:
    found = [(path, ast.parse(path.read_text())) for path in python_files("tracker") if "migrations" not in path.parts]
    assert [f"{name_of(path)} {node.name}" for path, tree in found for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef) and re.fullmatch(r"_[a-z0-9]+", node.name)] == []


def leaves_roles_out(node: ast.AST) -> bool:
    """`set(Role) - {…}`, `{…}.difference(…)`, `role not in (Role.admin, …)`, `role is not Role.admin`: what is said of all but
    some."""
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Sub) and names_a_role(node)
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Attribute) and "difference" in node.func.attr and names_a_role(node)
    if isinstance(node, ast.Compare):
        leaves_some = any(isinstance(op, ast.NotIn | ast.NotEq | ast.IsNot) for op in node.ops)
        return leaves_some and any(map(names_a_role, node.comparators))
    return False


def names_a_role(node: ast.AST) -> bool:
    return re.search(r"\bRole\b", ast.unparse(node)) is not None


@pytest.mark.parametrize("line", [
    "frozenset(Role) - {Role.officer}", "set(Role).difference({Role.officer})", "EVERYBODY - {Role.officer}",
    "{r for r in Role if r not in (Role.officer, Role.custodian)}", "[r for r in Role if r is not Role.officer]",
    "tuple(r for r in Role if r != Role.officer)",
])  # fmt: skip
def test_every_way_to_say_all_roles_but_some_is_seen(line: str) -> None:
    assert any(leaves_roles_out(node) for node in ast.walk(ast.parse(line)))


def test_no_set_of_roles_is_made_by_subtraction() -> None:
    """A new role would be in it, unasked."""
    found = [f"{name_of(path)}:{getattr(node, 'lineno', 0)} {ast.unparse(node)}" for path in python_files("tracker", "bench")
             for node in nodes(path, ast.AST) if leaves_roles_out(node)]
    assert found == []


# Where sets of states may stand: the laws with a name, and the rows of the flow.
STATE_SETS = ("tracker/domain/cases/facts.py", "tracker/domain/cases/flow.py")
QUOTED_STATES = re.compile("'(" + "|".join(CaseState) + ")'")


def names_states(node: ast.AST) -> bool:
    """`(S.verified, CaseState.noticed)` as tuple, list or set, and two states in quotes in a condition of SQL. A dictionary that
    says something else of each state is a table and no set."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        said = [each for each in node.elts if isinstance(each, ast.Attribute) and each.attr in set(CaseState)]
        return sum(ast.unparse(each.value) in ("S", "CaseState") for each in said) > 1
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and len(QUOTED_STATES.findall(node.value)) > 1


@pytest.mark.parametrize("line", ["DONE = (S.verified, S.noticed)", "x in {CaseState.assigned, CaseState.disputed}",
                                  """text("state IN ('verified', 'noticed')")"""])
def test_every_way_to_write_a_set_of_states_is_seen(line: str) -> None:
    assert any(names_states(node) for node in ast.walk(ast.parse(line)))


def test_no_second_set_of_states_stands_outside_the_law() -> None:
    found = [f"{name_of(path)}:{getattr(node, 'lineno', 0)} {ast.unparse(node)}" for path in python_files("tracker")
             if "migrations" not in path.parts and name_of(path) not in STATE_SETS
             for node in nodes(path, ast.AST) if names_states(node)]
    assert found == []


def words_of_codes(node: ast.AST) -> frozenset[tuple[str, str]]:
    """The pairs of a table from codes to Chinese words: a dictionary, or a tuple of pairs. Empty for anything else."""
    pairs: list[tuple[ast.AST | None, ast.AST]] = []
    if isinstance(node, ast.Dict):
        pairs = list(zip(node.keys, node.values, strict=True))
    elif isinstance(node, ast.Tuple | ast.List):
        rows = [each.elts for each in node.elts if isinstance(each, ast.Tuple) and len(each.elts) == 2]
        pairs = [(code, word) for code, word in rows] if len(rows) == len(node.elts) else []
    said = [(code.attr if isinstance(code, ast.Attribute) else getattr(code, "value", None), getattr(word, "value", None))
            for code, word in pairs]
    is_table = len(said) > 1 and all(isinstance(code, str) and isinstance(word, str) for code, word in said)
    return frozenset((str(code), str(word)) for code, word in said) if is_table else frozenset()


def test_the_words_of_a_list_of_codes_stand_in_one_table() -> None:
    """A choice of a form, its column in a table and its word on a page are one list."""
    found = [(f"{name_of(path)}:{getattr(node, 'lineno', 0)}", table) for path in python_files("tracker")
             if "migrations" not in path.parts for node in nodes(path, ast.AST) if (table := words_of_codes(node))]
    assert len(found) > 20
    chinese = [each for each in found if any(re.search("[\u4e00-\u9fff]", word) for _, word in each[1])]
    assert [f"{one} and {other}" for at, (one, table) in enumerate(chinese) for other, known in chinese[at + 1:]
            if table <= known or known <= table] == []
