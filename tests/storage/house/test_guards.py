"""The last guard is the database: what the law forbids, hand-written SQL cannot do either, on both engines."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, StatementError

from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.storage.house.base import db
from tracker.storage.people.accounts import Person

S = CaseState


def refused(statement: str, **values: object) -> str:
    """The name that the database gives when it refuses a statement."""
    with pytest.raises(DBAPIError) as error:
        db.session.execute(text(statement), values)
    db.session.rollback()
    return str(error.value.orig)


# --- append-only ------------------------------------------------------------------------------------------------------------


CHANGES = (
    "UPDATE facts SET body = '{}'", "UPDATE facts SET seq = seq + 100", "UPDATE facts SET body = body WHERE seq = 1",
    "DELETE FROM facts", "DELETE FROM facts WHERE seq > 1", "UPDATE log SET mac = mac", "DELETE FROM log",
)  # fmt: skip


def test_facts_and_log_are_neither_changed_nor_removed(town: Town) -> None:
    town.case_in(S.assigned)
    before = [tuple(row) for row in db.session.execute(text("SELECT * FROM facts ORDER BY id"))]
    assert [statement for statement in CHANGES if "append-only" not in refused(statement)] == []
    assert [tuple(row) for row in db.session.execute(text("SELECT * FROM facts ORDER BY id"))] == before


def test_nothing_is_emptied_at_one_stroke(town: Town, engine_name: str) -> None:
    town.registered()
    for table in ("facts", "log"):
        strokes = [f"DELETE FROM {table}"] if engine_name == "sqlite" else [f"TRUNCATE {table}", f"TRUNCATE {table} CASCADE"]
        assert all("append-only" in said or "referenced in a foreign key" in said for said in map(refused, strokes))


def test_replacing_a_fact_is_refused_too(town: Town, engine_name: str) -> None:
    town.registered()
    columns = "stream, seq, kind, actor_id, at, body, previous, digest"
    copied = f"INTO facts ({columns}) SELECT stream, seq, 'case:voided', actor_id, at, body, previous, digest FROM facts"
    if engine_name == "sqlite":
        assert "append-only" in refused(f"REPLACE {copied}")
    else:
        assert "append-only" in refused(f"INSERT {copied} ON CONFLICT (stream, seq) DO UPDATE SET kind = 'case:voided'")


def test_no_second_fact_takes_a_number(town: Town) -> None:
    town.registered()
    columns = "stream, seq, kind, actor_id, at, body, previous, digest"
    said = refused(f"INSERT INTO facts ({columns}) SELECT {columns} FROM facts")
    assert "number is taken" in said or "uq_facts_stream_seq" in said


# --- cases ------------------------------------------------------------------------------------------------------------------

NOW = datetime(2026, 3, 2, tzinfo=UTC)
# state the case is in, what somebody tries, the constraint that refuses it
TRICKS: tuple[tuple[CaseState, str, str], ...] = (
    (S.verified, "verified_by_id = submitted_by_id", "verifier_is_not_submitter"),
    (S.verified, "submitted_by_id = verified_by_id", "verifier_is_not_submitter"),
    (S.closed, "closed_by_id = submitted_by_id", "closer_is_not_submitter"),
    (S.closed, "closed_by_id = verified_by_id", "closer_is_not_verifier"),
    (S.closed, "submitted_by_id = closed_by_id", "closer_is_not_submitter"),
    (S.verified, "verified_unit_id = lead_unit_id", "verifier_is_of_another_unit|of a rectifying unit"),
    (S.verified, "state = 'closed'", "closed_has_time"),
    (S.verified, "state = 'closed', closed_at = registered_at", "closed_has_person"),
    (S.verified, "closed_at = registered_at, closed_by_id = verified_by_id", "clos"),
    (S.closed, "closed_at = NULL", "closed_has"),
    (S.closed, "closed_by_id = NULL", "closed_has_person"),
    (S.closed, "state = 'rectifying'", "closed_has_time"),
    (S.closed, "verified_by_id = NULL", "completed_has_persons"),
    (S.registered, "state = 'verified'", "completed_has_persons"),
    (S.rectifying, "state = 'submitted'", "submitted_has_person"),
    (S.rectifying, "lead_unit_id = NULL", "active_has_lead_unit"),
    (S.registered, "state = 'assigned'", "active_has_lead_unit"),
    (S.registered, "state = 'merged'", "merged_has_master"),
    (S.merged, "master_id = NULL", "merged_has_master"),
    (S.merged, "master_id = id", "not_its_own_master"),
    (S.verified, "state = 'noticing'", "notice_has_window"),
    (S.rectifying, "pending = 'phase'", "pending_has_person"),
    (S.rectifying, "pending = 'holiday', pending_by_id = 1", "pending"),
    (S.registered, "state = 'lost'", "state"),
    (S.registered, "history = 'invented'", "history"),
    (S.registered, "seq = 0", "counted_from_one"),
    (S.registered, "round = 0", "counted_from_one"),
    (S.registered, "lat = 0, lng = 0", "not_null_island"),
    (S.registered, "device_lat = 0, device_lng = 0", "device_not_null_island"),
    (S.registered, "located_by = 'stars'", "located_by"),
    (S.registered, "source_id = 999", "FOREIGN KEY|source_id"),
    (S.registered, "lead_unit_id = 999", "FOREIGN KEY|lead_unit_id"),
    (S.registered, "number = NULL", "NOT NULL|not-null"),
)


# the same, through substitutes: {one} and {two} are people with no part in the case
SUBSTITUTES: tuple[tuple[CaseState, str, str], ...] = (
    (S.verified, "verified_for_id = submitted_by_id", "verifier_is_no_submitter_s_substitute"),
    (S.verified, "submitted_for_id = verified_by_id", "verifier_is_no_submitter_s_substitute"),
    (S.verified, "submitted_for_id = {one}, verified_for_id = {one}", "verifier_is_no_submitter_s_substitute"),
    (S.closed, "closed_for_id = submitted_by_id", "closer_is_no_submitter_s_substitute"),
    (S.closed, "submitted_for_id = closed_by_id", "closer_is_no_submitter_s_substitute"),
    (S.closed, "submitted_for_id = {one}, closed_for_id = {one}", "closer_is_no_submitter_s_substitute"),
    (S.closed, "closed_for_id = verified_by_id", "closer_is_no_verifier_s_substitute"),
    (S.closed, "verified_for_id = closed_by_id", "closer_is_no_verifier_s_substitute"),
    (S.closed, "verified_for_id = {one}, closed_for_id = {one}", "closer_is_no_verifier_s_substitute"),
    (S.closed, "submitted_for_id = {two}, verified_for_id = {one}, closed_for_id = {one}", "closer_is_no_verifier_s_substitute"),
    (S.submitted, "submitted_for_id = submitted_by_id", "submitted_for_another"),
    (S.verified, "verified_for_id = verified_by_id", "verified_for_another"),
    (S.closed, "closed_for_id = closed_by_id", "closed_for_another"),
    (S.rectifying, "submitted_for_id = {one}", "submitted_for_another"),
    (S.submitted, "verified_for_id = {one}", "verified_for_another"),
    (S.verified, "closed_for_id = {one}", "closed_for_another"),
    (S.rectifying, "pending_for_id = {one}", "pending_for_another"),
    (S.verified, "verified_for_unit_id = lead_unit_id", "represented_verifier_is_of_another_unit|of a rectifying unit"),
    (S.registered, "submitted_for_id = 999999", "submitted_for_another"),
)


def test_no_substitute_is_written_in_by_hand_who_makes_two_of_the_three_persons_one(town: Town) -> None:
    numbers = {state: town.case_in(state) for state in {state for state, _, _ in SUBSTITUTES}}
    people = {"one": town.people["auditor"], "two": town.people["inspector"]}
    strange = []
    for state, trick, constraint in SUBSTITUTES:
        said = refused(f"UPDATE cases SET {trick.format(**people)} WHERE number = :number", number=numbers[state])
        if not any(name in said for name in constraint.split("|")):
            strange.append((state, trick, said))
    assert strange == []


def test_three_persons_with_three_substitutes_are_let_through(town: Town) -> None:
    number = town.case_in(S.closed)
    people = [town.people[login] for login in ("auditor", "inspector", "clerk")]
    db.session.execute(
        text("UPDATE cases SET submitted_for_id = :a, verified_for_id = :b, closed_for_id = :c WHERE number = :number"),
                       {"number": number, **dict(zip("abc", people, strict=True))})
    db.session.rollback()


def test_no_represented_verifier_is_of_a_rectifying_unit(town: Town) -> None:
    number = town.case_in(S.verified)
    said = refused("UPDATE cases SET verified_for_unit_id = :unit WHERE number = :number", unit=town.units["XH-CG"],
                   number=number)
    assert "verifier is of a rectifying unit" in said
    db.session.execute(text("UPDATE cases SET verified_for_unit_id = :unit WHERE number = :number"),
                       {"unit": town.units["XH-TY"], "number": number})
    db.session.commit()
    said = refused("UPDATE case_units SET unit_id = :unit WHERE part = 'supporting'", unit=town.units["XH-TY"])
    assert "verifier is of a rectifying unit" in said


@pytest.mark.parametrize(("values", "constraint"), [
    ("{officer}, {officer}, '2026-03-02', '2026-03-03'", "not_oneself"),
    ("{officer}, {clerk}, '2026-03-03', '2026-03-02'", "term"),
    ("{officer}, {clerk}, '2026-03-02', '2026-05-31'", "longest"),
    ("{officer}, 999999, '2026-03-02', '2026-03-03'", "FOREIGN KEY|substitute_id"),
])  # fmt: skip
def test_a_delegation_keeps_its_rules(town: Town, values: str, constraint: str) -> None:
    said = refused("INSERT INTO delegations (principal_id, substitute_id, from_on, to_on, reason, made_at) "
                   f"VALUES ({values.format(**town.people)}, '', '2026-03-02 00:00:00+00:00')")
    assert any(name in said for name in constraint.split("|")), said


def test_no_case_is_brought_into_a_state_by_hand_that_the_law_forbids(town: Town) -> None:
    numbers = {state: town.case_in(state) for state in {state for state, _, _ in TRICKS}}
    strange = []
    for state, trick, constraint in TRICKS:
        said = refused(f"UPDATE cases SET {trick} WHERE number = :number", number=numbers[state])
        if not any(name in said for name in constraint.split("|")):
            strange.append((state, trick, said))
    assert strange == []


def test_no_verifier_of_a_rectifying_unit_is_written_in_by_hand(town: Town) -> None:
    number = town.case_in(S.verified)
    for unit in ("XH-CYZ", "XH-CG"):
        said = refused("UPDATE cases SET verified_unit_id = :unit WHERE number = :number", unit=town.units[unit], number=number)
        assert "verifier is of a rectifying unit" in said


def test_the_verifier_s_unit_is_not_made_a_rectifying_one_afterwards(town: Town) -> None:
    number = town.case_in(S.verified)
    own = "(SELECT verified_unit_id FROM cases WHERE number = :number)"
    for statement in (
        f"INSERT INTO case_units (case_id, unit_id, part) SELECT id, {own}, 'supporting' FROM cases WHERE number = :number",
                      f"UPDATE case_units SET unit_id = {own} WHERE part = 'supporting'"):
        assert "verifier is of a rectifying unit" in refused(statement, number=number)


def test_a_case_has_one_lead_unit(town: Town) -> None:
    town.case_in(S.assigned)
    assert "case_" in refused("UPDATE case_units SET part = 'lead'")
    assert "part" in refused("UPDATE case_units SET part = 'watching'")


def test_a_source_number_is_unique_within_its_source_until_it_is_withdrawn(town: Town) -> None:
    town.registered(source_number="A-1")
    other = town.registered(source_number="A-2")
    assert "source_number" in refused("UPDATE cases SET source_number = 'A-1' WHERE number = :number", number=other)
    town.registered("MSG", source_number="A-1")
    db.session.execute(text("UPDATE cases SET withdrawn_at = registered_at WHERE source_number = 'A-1' AND source_id = "
                            "(SELECT id FROM sources WHERE key = 'H12345')"))
    db.session.execute(text("UPDATE cases SET source_number = 'A-1' WHERE number = :number"), {"number": other})
    db.session.commit()


def test_whoever_and_whatever_a_case_names_cannot_be_deleted(town: Town) -> None:
    town.case_in(S.closed)
    for table in ("people", "units", "sources"):
        assert "foreign key" in refused(f"DELETE FROM {table}").lower()


# --- other tables -----------------------------------------------------------------------------------------------------------


RULES = (
    ("UPDATE units SET valid_to = '2001-01-01'", "validity"),
    ("UPDATE role_grants SET role = 'king'", "role"),
    ("UPDATE limits SET amount = 0", "amount"),
    ("UPDATE calendar_days SET kind = 'party'", "kind"),
    ("UPDATE calendar_days SET source = 'rumour'", "source"),
    ("UPDATE evidence SET size = 0", "size"),
    ("UPDATE evidence SET digest = 'abc'", "digest"),
    ("UPDATE evidence SET role = 'selfie'", "role"),
    ("UPDATE outbox SET state = 'sent'", "sent"),
    ("UPDATE outbox SET state = 'lost'", "state"),
    ("UPDATE outbox SET dedupe_key = 'one and the same'", "dedupe_key"),
    ("UPDATE people SET login = 'one and the same'", "login"),
    ("INSERT INTO facts (stream, seq, kind, actor_id, at, body, previous, digest) "
     "VALUES ('x', 0, 'k', 0, '2026-03-02', '{}', '" + "0" * 64 + "', '" + "0" * 64 + "')", "ck_facts_seq"),
    ("INSERT INTO facts (stream, seq, kind, actor_id, at, body, previous, digest) "
     "VALUES ('x', 1, 'k', 0, '2026-03-02', '{}', 'short', 'short')", "ck_facts_digest"),
)  # fmt: skip


def test_every_table_keeps_its_own_rules(town: Town) -> None:
    town.case_in(S.submitted, "PATROL")
    assert [statement for statement, constraint in RULES if constraint not in refused(statement)] == []


# --- instants ---------------------------------------------------------------------------------------------------------------


def test_a_naive_datetime_does_not_get_in(town: Town) -> None:
    with pytest.raises(StatementError, match="a naive datetime is no instant"):
        db.session.execute(Person.__table__.update().values(created_at=datetime(2026, 3, 2)))
    db.session.rollback()


def test_an_instant_comes_back_as_it_went_in_to_the_microsecond_and_in_utc(town: Town) -> None:
    at = datetime.fromisoformat("2026-03-02T09:00:00.123456+08:00")
    db.session.execute(Person.__table__.update().values(created_at=at))
    db.session.commit()
    back = db.session.scalar(db.select(Person.created_at).limit(1))
    assert back == at
    assert back is not None and back.tzinfo is UTC and back.hour == 1
