"""Migrations: both directions, with work in the tables, on both engines; a product in use comes to what a fresh one has."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from operator import itemgetter
from typing import Any

import flask_migrate
import pytest
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.sql.schema import DEFAULT_NAMING_CONVENTION

from tests.support import schemas
from tests.support.makers import Town
from tests.support.old_rows import LEFT_EMPTY, OLD_ROWS
from tests.support.project_files import ROOT
from tracker.domain.cases.facts import CaseState
from tracker.domain.evidence import sources
from tracker.domain.house.ledger import first_bad
from tracker.domain.rules import limits
from tracker.services.cases import assign_clock
from tracker.services.rules import reference
from tracker.storage.cases import search
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
    before = rows()
    step_down_and_up(engine_name, "0002")
    assert rows() == before
    assert town.row(number).source.key == "PATROL"
    assert town.walk(number, "reopen").state is S.rectifying


def test_the_guards_go_and_come_back_around_the_facts_that_they_guard(town: Town, engine_name: str) -> None:
    number = town.case_in(S.closed, "PATROL")
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
    assert {name: count for name, count in rows().items() if count} == shipped | {"preferences": 1}  # whose house it is
    fresh = Town.founded()
    assert fresh.case_in(S.closed) == "XH-2026-000001"


def test_upgrading_twice_changes_nothing(town: Town) -> None:
    town.registered()
    before = rows()
    flask_migrate.upgrade()
    assert rows() == before


# --- a product in use ---------------------------------------------------------------------------------------------------------


DESPITE = ["accept-troubles"]  # the facts below are chained to nothing
REVISIONS = tuple(sorted(path.name[:4] for path in VERSIONS.glob("[0-9]*.py")))


@contextmanager
def opened(database_url: str) -> Iterator[Connection]:
    """A connection to a database beside that of the running application."""
    engine = create_engine(database_url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def contents() -> dict[str, list[schemas.Row]]:
    with db.engine.connect() as connection:
        return schemas.contents(connection)


RENAMED = {("outbox", "notice"): "mail", ("calendar_days", "notice"): "paper"}
# What a revision took away: nothing reads it any more, or it stands in a table of its own.
GONE = {("people", "session_mark"), ("outbox", "text"), ("outbox", "html"), ("reminders", "case_id")}
SAID_ANEW = {("sources", "kind", "inspection"): "inspectorate", ("outbox", "mail", "notice_required"): "publication_needed"}


def is_kept(name: str, row: schemas.Row, now: schemas.Row) -> bool:
    """Whether this is the row with every value that it had, under the name and in the word that a revision gave it."""
    for column, value in row.items():
        if (name, column) in GONE:
            continue
        there = column if column in now else RENAMED.get((name, column), column)
        if now.get(there, "no such column") not in (value, SAID_ANEW.get((name, there, value), value)):
            return False
    return True


def lost(before: dict[str, list[schemas.Row]], after: dict[str, list[schemas.Row]]) -> list[tuple[str, schemas.Row]]:
    """The rows that are no longer there."""
    return [(name, row) for name, old in before.items() for row in old
            if not any(is_kept(name, row, now) for now in after.get(name, []))]


def use(revision: str) -> None:
    """People work with the product as it is at this revision."""
    with db.engine.begin() as connection:
        for statement in OLD_ROWS.get(revision, ()):
            connection.exec_driver_sql(statement)
        if connection.dialect.name == "postgresql":  # the rows came with their ids, past the sequence
            connection.exec_driver_sql("SELECT setval('facts_id_seq', max(id)) FROM facts HAVING count(*) > 0")


def use_and_upgrade() -> None:
    """From nothing to the newest revision, with work at each."""
    for revision in REVISIONS:
        flask_migrate.upgrade(revision=revision, x_arg=DESPITE)
        use(revision)


def seeded(connection: Connection) -> dict[str, list[str]]:
    """What ships, without the numbers that a source got by the way."""
    found = schemas.contents(connection)
    for row in found["sources"]:
        del row["id"]
    return {name: sorted(map(str, found[name])) for name in SEEDED}


def forget_the_living_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """The product ships nothing, indexes nothing and names its constraints otherwise, as if it had gone its way since."""
    monkeypatch.setattr(sources, "SOURCES", ())
    monkeypatch.setattr(limits, "DEFAULT_LIMITS", ())
    monkeypatch.setattr(reference, "shipped_days", tuple)
    monkeypatch.setattr(reference, "shipped_areas", tuple)
    monkeypatch.setattr(search, "rebuild", lambda connection: 0)
    monkeypatch.setattr(db.metadata, "naming_convention", DEFAULT_NAMING_CONVENTION)


def test_the_old_product_has_rows_wherever_a_later_revision_changes_a_table(old_product: Any) -> None:
    """Otherwise the tests below would say little."""
    use_and_upgrade()
    assert sorted(name for name, found in contents().items() if not found) == sorted(LEFT_EMPTY)


def test_each_revision_leaves_every_row_that_it_finds(old_product: Any) -> None:  # but seals told since, and limits it ends
    for revision in REVISIONS:
        before = contents()
        flask_migrate.upgrade(revision=revision, x_arg=DESPITE)
        gone = [each for each in lost(before, contents()) if each[0] != "seals" and (revision, each[0]) != ("0040", "limits")]
        assert (revision, gone) == (revision, [])
        use(revision)


def test_an_upgraded_product_is_a_fresh_one_but_for_its_work(old_product: Any, database_url: str) -> None:
    use_and_upgrade()
    flask_migrate.check()
    with opened(database_url) as fresh, db.engine.connect() as upgraded:
        assert schemas.schema(upgraded) == schemas.schema(fresh)
        assert seeded(upgraded) == seeded(fresh)
        beside = {name: found for name, found in schemas.contents(fresh).items() if found and name not in SEEDED}
    assert set(beside) == {"facts", "log", "preferences"}  # whose ledger and house it is


def test_for_what_waits_to_be_assigned_at_the_upgrade_the_clock_starts_then(old_product: Any) -> None:
    for revision in REVISIONS[:REVISIONS.index("0020")]:
        flask_migrate.upgrade(revision=revision, x_arg=DESPITE)
        use(revision)
    before = datetime.now(UTC).replace(microsecond=0)
    flask_migrate.upgrade(x_arg=DESPITE)
    (began,) = [row["value"] for row in contents()["preferences"] if row["key"] == assign_clock.BEGAN]
    assert before <= datetime.fromisoformat(began) <= datetime.now(UTC)


OLD_LINE = ("INSERT INTO routing_rules (number, category, area_code, keywords, lead_unit_code, supporting_unit_codes, reason, "
            "valid_from) VALUES ({}, 'railway', '', '{}', 'XH-CYZ', '', '围栏为界', '2021-06-01')")


def test_a_line_with_the_fence_among_its_keywords_asks_the_form_s_answer_instead(old_product: Any) -> None:
    flask_migrate.upgrade(revision="0020")
    with db.engine.begin() as connection:
        for number, keywords in ((3, "围栏内,护坡,轨枕"), (5, "围栏外"), (8, "围栏破损")):
            connection.exec_driver_sql(OLD_LINE.format(number, keywords))
    flask_migrate.upgrade()
    assert sorted((row["number"], row["keywords"], row["side"], row["clause"]) for row in contents()["routing_rules"]) == [
        (3, "护坡,轨枕", "", "3"), (5, "", "outside", "5"), (8, "围栏破损", "", "8"), (9, "", "inside", "9")]
    assert [(row["number"], str(row["valid_from"])) for row in contents()["rule_lists"]] == [(1, "2021-06-01")]
    flask_migrate.downgrade(revision="0020")
    assert sorted(row["number"] for row in contents()["routing_rules"]) == [3, 8]


def test_what_the_living_code_says_by_then_changes_no_migration(
    old_product: Any, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as later:
        forget_the_living_code(later)
        use_and_upgrade()
    with opened(database_url) as fresh, db.engine.connect() as upgraded:
        assert schemas.schema(upgraded) == schemas.schema(fresh)
        assert seeded(upgraded) == seeded(fresh)
        assert schemas.index_words(upgraded)


def test_the_cases_of_an_upgraded_product_are_found_as_those_of_a_fresh_one(old_product: Any) -> None:
    use_and_upgrade()
    with db.engine.begin() as connection:
        migrated = schemas.index_words(connection)
        search.rebuild(connection)
        assert migrated == schemas.index_words(connection)
    assert len(migrated) > len(OLD_ROWS)


def test_a_fresh_install_holds_what_the_product_ships(database_url: str) -> None:
    """Who changes what ships writes a migration for those who have the product already."""
    with opened(database_url) as fresh:
        found = schemas.contents(fresh)
    assert {row["key"]: (row["name"], row["kind"], row["channel"], bool(row["is_notice_required"]),
                         *(row[f"{gate}_gate"] for gate in ("submit", "verify", "close"))) for row in found["sources"]} == {
        s.key: (s.name, s.kind, s.channel, s.is_notice_required, *map(sources.gate_text, s.gates)) for s in sources.SOURCES}
    assert [(row["source_key"], row["stage"], row["amount"], row["unit"], bool(row["is_first_day_counted"]), row["basis"],
             str(row["effective_from"]), str(row["effective_to"]), bool(row["rolls"]))
            for row in sorted(found["limits"], key=itemgetter("id"))] == [
        (r.source or "", r.stage, r.amount, r.unit, r.first_day_counts, r.basis, str(r.effective_from), str(r.effective_to),
         r.rolls) for r in limits.DEFAULT_LIMITS]
    assert {(str(row["day"]), row["kind"], row["name"], row["source"], row["paper"]) for row in found["calendar_days"]} == {
        (str(d.on), d.kind, d.name, d.source, d.paper) for d in reference.shipped_days()}
    assert {(row["code"], str(row["valid_from"]), row["name"], row["level"], row["parent_code"], str(row["valid_to"]),
             row["successors"]) for row in found["areas"]} == {
        (a.code, str(a.valid_from or date.min), a.name, a.level, a.parent_code or "", str(a.valid_to),
         ",".join(a.successor_codes)) for a in reference.shipped_areas()}
