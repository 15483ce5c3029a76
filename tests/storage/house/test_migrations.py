"""Migrations: both directions, with work in the tables, on both engines; a product in use comes to what a fresh one has."""

from typing import Any

import flask_migrate
from sqlalchemy import inspect, text

from tests.support.makers import Town
from tests.support.project_files import ROOT
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.ledger import first_bad
from tracker.storage.house.base import db

S = CaseState
SEEDED = ("act_states", "offices", "areas", "calendar_days", "limits", "sources", "categories", "category_questions")
VERSIONS = ROOT / "tracker" / "migrations" / "versions"


def tables() -> set[str]:
    db.session.remove()
    return {name for name in inspect(db.engine).get_table_names() if not name.startswith("case_index")} - {"alembic_version"}


def guards(engine_name: str) -> set[str]:
    catalogue = "SELECT name FROM sqlite_master WHERE type = 'trigger'" if engine_name == "sqlite" else (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
    found = {row[0].lower() for row in db.session.execute(text(catalogue))}
    db.session.remove()
    return found


def rows() -> dict[str, int]:
    """How many rows each table has, but for what an upgrade itself says of them."""
    found = {name: db.session.scalar(text(f"SELECT count(*) FROM {name}")) or 0 for name in sorted(tables())}
    of_upgrades = db.session.scalar(text("SELECT count(*) FROM facts WHERE stream = 'ledger'")) or 0
    found |= {name: found[name] - of_upgrades for name in ("facts", "log") if name in found}
    db.session.remove()
    return found


def without_newer_roles() -> None:
    """The older product knows no role of law enforcement, and forgets who holds one."""
    db.session.execute(text("DELETE FROM role_grants WHERE role IN ('enforcer', 'legal', 'principal')"))
    db.session.commit()


def step_down_and_up(engine_name: str, revision: str) -> None:
    """Down to a revision and up again: the same tables and guards."""
    before = tables(), guards(engine_name)
    flask_migrate.downgrade(revision=revision)
    flask_migrate.upgrade()
    assert (tables(), guards(engine_name)) == before


def test_the_migrations_are_numbered_without_gaps() -> None:
    names = sorted(path.name for path in VERSIONS.glob("[0-9]*.py"))
    assert [name[:4] for name in names] == [f"{number:04d}" for number in range(1, len(names) + 1)]


def test_the_models_are_what_the_migrations_made(app: Any) -> None:
    with app.app_context():
        flask_migrate.check()
        assert tables() == {table.name for table in db.metadata.sorted_tables}
        db.session.remove()


def test_the_reference_data_goes_and_comes_back_around_the_cases_that_rest_on_it(town: Town, engine_name: str) -> None:
    number = town.case_in(S.closed, "PATROL")
    without_newer_roles()
    before = rows()
    step_down_and_up(engine_name, "0002")
    assert rows() == before
    assert town.row(number).source.key == "PATROL"
    assert town.walk(number, "reopen").state is S.rectifying


def test_the_guards_go_and_come_back_around_the_facts_that_they_guard(town: Town, engine_name: str) -> None:
    number = town.case_in(S.closed, "PATROL")
    without_newer_roles()
    before = rows()
    step_down_and_up(engine_name, "0001")
    assert rows() == before
    assert first_bad(town.facts(number)) is None


def test_all_the_way_down_and_up_with_cases_leaves_an_empty_product_that_works(town: Town, engine_name: str) -> None:
    town.case_in(S.closed, "PATROL")
    town.case_in(S.merged)
    shipped = {name: rows()[name] for name in SEEDED}
    db.session.remove()
    before = tables()
    flask_migrate.downgrade(revision="base")
    assert tables() == {"words"}  # an older product does not know what people wrote, and must not lose it
    assert guards(engine_name) == set()
    flask_migrate.upgrade()
    assert tables() == before
    of_the_house = 2  # whose it is, and since when a second factor can be had
    assert {name: count for name, count in rows().items() if count} == shipped | {"preferences": of_the_house}
    fresh = Town.founded()
    assert fresh.case_in(S.closed) == "XH-2026-000001"


def test_upgrading_twice_changes_nothing(town: Town) -> None:
    town.registered()
    before = rows()
    flask_migrate.upgrade()
    assert rows() == before
