"""Of each column it is said once whether facts tell it, by a digest or not, or why not; and folded rows are written where facts
are sure to follow."""

import ast
from collections.abc import Iterator

from tests.support.project_files import name_of, python_files
from tracker.domain.house.folds import Fold
from tracker.storage.house.base import db
from tracker.wiring import FOLDS

SHORTEST_REASON = 10
WRITING = {"insert", "update", "delete", "inserting"}
# Core statements on folded tables, past the session, each with how its fact is made to tell of the rows.
TOLD_BY_HAND = {
    "tracker/services/cases/identities/reporters.py Identity": "the import's fact, which keep_many hands the rows to",
    "tracker/services/tables/import_batches.py Identity": "the withdrawal's fact, row by row",
    "tracker/services/cadence/records.py BeatRecord": "what is being made is no record yet; its finish tells all of it",
}


def test_every_column_of_every_table_is_named_once() -> None:
    assert sorted(each.table for each in FOLDS) == sorted(db.metadata.tables)
    for fold in FOLDS:
        if isinstance(fold, Fold):
            table = db.metadata.tables[fold.table]
            assert sorted(fold.named) == sorted(column.name for column in table.columns), fold.table
            assert fold.key == tuple(column.name for column in table.primary_key), fold.table


def test_what_is_not_told_has_a_reason() -> None:
    for fold in FOLDS:
        reasons = fold.exempt.values() if isinstance(fold, Fold) else [fold.reason]
        assert all(len(reason) >= SHORTEST_REASON for reason in reasons), fold.table


def folded_models() -> dict[str, str]:
    """The models of folded tables but those of cases, which have a house test of their own."""
    folded = {each.table for each in FOLDS if isinstance(each, Fold) and not each.is_of_cases}
    return {mapper.class_.__name__: mapper.class_.__tablename__ for mapper in db.Model.registry.mappers
            if mapper.class_.__tablename__ in folded}


def core_writes(source: str, models: dict[str, str]) -> Iterator[str]:
    """The folded models that statements of a file write past the session."""
    tree = ast.parse(source)
    alias = {ast.unparse(node.targets[0]): node.value.id for node in ast.walk(tree)
             if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and _is_writing(node.func):
            names = {part.id for part in ast.walk(node.args[0]) if isinstance(part, ast.Name)}
            yield from names & models.keys() | {alias[name] for name in names & alias.keys()} & models.keys()


def _is_writing(called: ast.expr) -> bool:
    name = called.func if isinstance(called, ast.Call) else called
    return (isinstance(name, ast.Name) and name.id in WRITING) or (isinstance(name, ast.Attribute) and name.attr in WRITING)


def test_core_statements_on_folded_tables_are_those_whose_facts_tell_of_them() -> None:
    models = folded_models()
    assert {"Person", "RoleGrant", "EvidenceRow", "LimitRow"} <= models.keys()
    found = {f"{name_of(path)} {model}" for path in python_files("tracker") if "migrations" not in path.parts
             for model in core_writes(path.read_text(), models)}
    assert found == set(TOLD_BY_HAND)


def test_a_core_statement_is_seen_however_it_is_written() -> None:
    models = {"Person": "people"}
    for line in ("insert(Person)", "update(Person.__table__)", "inserting(work.session)(Person)", "sqlalchemy.delete(Person)",
                 "_P = Person\nupdate(_P)"):
        assert list(core_writes(line, models)) == ["Person"], line
    assert not list(core_writes("select(Person)\ntexts.update(x)", models))
