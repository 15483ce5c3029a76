"""The law replayed: whoever forges a fact that the flow would have refused is named, chain and hashes in order."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import select

from tests.support.makers import Town
from tests.support.substitutes import delegate
from tests.support.tampering import tamper
from tracker.domain.cases.facts import Why
from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.house.actor import CLOCK, Role
from tracker.domain.house.ledger import FactKind, chained
from tracker.domain.house.lifecycle import FlowRule
from tracker.domain.house.log.fact_kinds import LedgerFacts
from tracker.domain.upkeep.editions import NEWEST
from tracker.services.house.master.rows import save_row
from tracker.services.house.work import Work, reading, wiring
from tracker.services.people import accounts
from tracker.services.people.signing import sessions
from tracker.services.people.signing.visits import Visit
from tracker.services.upkeep.checks.law import law_troubles
from tracker.storage.house import ledger
from tracker.storage.people.accounts import Person
from tracker.storage.people.sign_ins import SignInSession

pytestmark = pytest.mark.one_engine


def troubles() -> list[str]:
    found = [str(trouble) for trouble in law_troubles(reading())]
    reading().rollback()
    return found


@pytest.mark.parametrize("source", ["H12345", "D2JX", "PATROL"])
def test_what_the_town_does_is_lawful(town: Town, source: str) -> None:
    for state in ("closed", "merged", "suspended", "phased", "noticing", "voided", "disputed"):
        if state != "noticing" or source == "D2JX":
            town.case_in(state, source)
    assert troubles() == []


def forge(number: str, kind: str, login: str | int, at: datetime | None = None, changes: Mapping[str, object] | None = None,
          **details: object) -> None:
    """A fact as the web process could write it: chained, logged, with everything in order but the law. It says that it was
    written at the command line, unless `by` names another session."""
    with Work(wiring()) as work:
        stream = f"case:{number}"
        seq, previous = ledger.head(work.session, stream)
        actor_id = login if isinstance(login, int) else work.session.scalars(select(Person.id).where(Person.login == login)).one()
        work.append([chained(stream, seq + 1, FactKind(kind), actor_id, work.clock.now(),
                             {"by": "cli", **details, "set": dict(changes or {})}, previous)])
    if at is not None:
        tamper(f"UPDATE facts SET at = '{at:%Y-%m-%d %H:%M:%S}' WHERE stream = '{stream}' AND seq = {seq + 1}")


def closing(town: Town, login: str, **more: object) -> dict[str, object]:
    return {"closed_at": town.clock.now(), "closed_by_id": town.people[login], "evidence_digest": "0" * 64, **more}


def test_a_closing_without_evidence_is_named(town: Town) -> None:
    number = town.case_in("rectifying", "PATROL")
    officer, verifier = town.people["officer"], town.people["verifier"]
    forge(number, "case:submitted", "officer", changes={"submitted_by_id": officer, "submitted_unit_id": town.units["XH-CYZ"]})
    forge(number, "case:verified", "verifier", changes={"verified_by_id": verifier, "verified_at": town.clock.now()})
    forge(number, "case:closed", "lead", changes=closing(town, "lead"))
    found = troubles()
    assert f"case:{number}#" in found[-2]
    assert [each.partition(" ")[2] for each in found] == [
        "case:submitted 不合规则：证据不齐", "case:verified 不合规则：证据不齐", "case:closed 不合规则：证据不齐",
        "case:closed 不合规则：证据与销号时的摘要不符"]


def test_a_recall_of_what_was_signed_for_without_a_reason_is_named(town: Town) -> None:
    told, silent = town.case_in("rectifying"), town.case_in("rectifying")
    town.do(told, "recall")
    forge(silent, "case:recalled", "dispatcher", changes={"lead_unit_id": None})
    assert [each.partition(" ")[2] for each in troubles()] == ["case:recalled 不合规则：没有写明须写明的原因"]


def test_a_case_that_somebody_else_takes_back_is_named(town: Town) -> None:
    own, others = town.registered(by="clerk"), town.registered(by="clerk")
    town.do(own, "retract", by="clerk")
    forge(others, "case:retracted", "inspector")
    assert [each.partition(" ")[2] for each in troubles()] == ["case:retracted 不合规则：只有登记人可以撤回登记。"]


def test_a_step_in_no_session_or_in_somebody_elses_is_named(town: Town) -> None:
    number = town.case_in("assigned")
    marks = {}
    for login in ("officer", "lead"):
        sessions.begin(town.people[login], Visit("10.0.0.1", "Firefox", ""))
        marks[login] = reading().scalars(select(SignInSession.sign_in).where(
            SignInSession.person_id == town.people[login])).one()
    forge(number, "case:commented", "officer", by=marks["officer"])
    assert troubles() == []
    forge(number, "case:commented", "officer", by=None)
    forge(number, "case:commented", "officer", by=marks["lead"])
    forge(number, "case:commented", "officer", by="person:1#99")
    assert [each.partition(" ")[2] for each in troubles()] == ["case:commented 不合规则：没有登录记录"] * 3


def test_what_somebody_writes_beside_the_cases_in_no_session_is_named(town: Town) -> None:
    dispatcher = town.people["dispatcher"]
    grant = {"role": "lead", "area_code": "360103"}
    for stream, kind, by in ((f"person:{town.people['officer']}", "person:granted", None), ("areas", "area:renamed", None),
                             ("areas", "area:renamed", "cli"), (f"person:{dispatcher}", "person:signed_in", None)):
        with Work(wiring()) as work:
            seq, previous = ledger.head(work.session, stream)
            said = {**grant, "by": by} if by else grant
            work.append([chained(stream, seq + 1, FactKind(kind), dispatcher, work.clock.now(), said, previous)])
    assert [each.split(" ", 1)[1] for each in troubles()] == ["person:granted 不合规则：没有登录记录", "area:renamed 不合规则：没有登录记录"]


def test_a_closing_by_the_verifier_and_a_verification_by_a_rectifying_unit_are_named(town: Town) -> None:
    number, other = town.case_in("verified"), town.case_in("submitted")
    accounts.grant(None, login="verifier", role=Role.lead, area_code="360103")
    forge(number, "case:closed", "verifier", changes=closing(town, "verifier"))
    assert f"case:{number}" in troubles()[0]
    assert "case:closed 不合规则：同一人" in troubles()[0]
    forge(other, "case:verified", "street_verifier", changes={"verified_by_id": town.people["street_verifier"]})
    assert any("case:verified 不合规则：同一单位" in each for each in troubles())


def test_a_step_by_who_had_the_role_no_more_or_not_yet_is_named(town: Town) -> None:
    late, early = town.case_in("assigned"), town.case_in("assigned")
    town.walk(late, "acknowledge")
    accounts.revoke(None, login="dispatcher", role=Role.dispatcher)
    assert troubles() == []
    forge(late, "case:suspended", "dispatcher", changes={"paused_from_on": town.clock.today()})
    assert [each.partition(" ")[2] for each in troubles()] == ["case:suspended 不合规则：当时没有权限"]
    forge(early, "case:voided", "clerk")
    accounts.grant(None, login="clerk", role=Role.dispatcher, area_code="360103")
    assert "case:voided 不合规则：当时没有权限" in "".join(troubles())


def test_a_closing_while_the_notice_ran_is_named(town: Town) -> None:
    number, other = town.case_in("noticing", "D2JX"), town.case_in("verified", "D2JX")
    forge(number, "case:notice_ended", 0)
    forge(other, "case:closed", "lead", changes=closing(town, "lead"))
    assert ["公示未满" in each for each in troubles() if "摘要" not in each] == [True, True]


def test_a_fact_of_another_time_or_by_nobody_is_named(town: Town) -> None:
    old, coming, nobody = town.registered(), town.registered(), town.registered()
    forge(old, "case:commented", "dispatcher", datetime(2020, 1, 1))
    forge(coming, "case:commented", "dispatcher", datetime(2099, 1, 1))
    forge(nobody, "case:commented", 999999)
    assert [each.partition(" ")[2] for each in troubles()] == ["case:commented 早于账本的登记时间", "case:commented 时间在将来",
                                                               "case:commented 不合规则：无此人"]


def test_a_date_that_no_rule_gives_is_named_and_one_with_a_reason_is_not(town: Town) -> None:
    number, given = town.registered(), town.registered()
    far = date(2026, 12, 31)
    town.do(given, "assign", due_on="2026-12-31", due_reason="会议决定")
    assert troubles() == []
    forge(number, "case:assigned", "dispatcher", changes={
        "lead_unit_id": town.units["XH-CYZ"], "supporting_unit_ids": [], "due_on": far, "assigned_on": town.clock.today()})
    assert [each.partition(" ")[2] for each in troubles()] == ["case:assigned 不合规则：due_on 应为 2026年3月9日"]


def test_a_date_counted_with_a_day_off_of_the_place_is_lawful_and_one_counted_without_is_named(town: Town) -> None:
    save_row(None, "own-days", None, {"area_code": "360103", "day": date(2026, 3, 3), "kind": "holiday", "name": "区里放假"})
    number = town.registered()
    town.do(town.registered(), "assign")
    assert troubles() == []
    forge(number, "case:assigned", "dispatcher", changes={"acknowledge_due_on": date(2026, 3, 3)})
    assert [each.partition(" ")[2] for each in troubles()] == ["case:assigned 不合规则：acknowledge_due_on 应为 2026年3月4日"]


@pytest.mark.parametrize(("state", "kind", "login", "changes", "sentence"), [
    ("submitted", "case:rejected", "verifier", {"due_on": date(2026, 3, 1)}, "due_on 应为 2026年3月9日"),
    ("extension", "case:extension_granted", "dispatcher2", {"due_on": date(2026, 12, 31)}, "due_on 应为 2026年4月8日"),
    ("closed", "case:reopened", "lead", {"due_on": date(2026, 3, 1)}, "due_on 应为 2026年3月9日"),
])
def test_a_date_past_what_people_may_choose_is_named(town: Town, state: str, kind: str, login: str, changes: dict[str, object],
                                                     sentence: str) -> None:
    number = town.case_in("rectifying" if state == "extension" else state)
    if state == "extension":
        town.do(number, "request_extension", new_due_on="2026-03-20")
    forge(number, kind, login, changes=changes)
    assert f"{kind} 不合规则：{sentence}" in [each.partition(" ")[2] for each in troubles()]


def test_a_date_that_people_may_choose_is_lawful(town: Town) -> None:
    rejected, extended, phased, paused = (town.case_in(state) for state in ("submitted", "rectifying", "rectifying", "suspended"))
    town.do(rejected, "reject", new_due_on="2026-03-31")
    town.do(extended, "request_extension", new_due_on="2026-03-20")
    town.do(extended, "grant_extension", new_due_on="2026-03-18")
    town.do(phased, "request_phase", next_on="2026-04-30")
    town.do(phased, "grant_phase")
    town.days_pass(9)
    town.do(paused, "resume")
    town.do(town.case_in("submitted"), "reject")
    assert troubles() == []


def test_a_name_that_is_not_the_actor_s_is_named(town: Town) -> None:
    number = town.case_in("verified")
    forge(number, "case:closed", "lead2", changes=closing(town, "lead"))
    assert "case:closed 不合规则：署名不是行为人" in "".join(troubles())


def test_an_edition_of_the_law_that_is_lowered_is_named(town: Town) -> None:
    with Work(wiring()) as work:
        work.record("ledger", LedgerFacts.law_changed, CLOCK, {"edition": NEWEST + 1, "digest": "x"})
        work.record("ledger", LedgerFacts.law_changed, CLOCK, {"edition": 1, "digest": "x"})
    assert len(troubles()) == 1
    assert f"版本只增不减：{NEWEST + 1} 之后是 1" in troubles()[0]


def test_a_rule_of_a_later_edition_does_not_judge_what_came_before(town: Town) -> None:
    number = town.case_in("assigned")
    stricter = FlowRule(Why.designated, lambda actor, facts: False, since=NEWEST + 1)
    step = CASE_FLOW.steps["assign"]
    CASE_FLOW.by_fact[step.fact] = replace(step, rules=(*step.rules, stricter))
    try:
        assert troubles() == []
        with Work(wiring()) as work:
            work.record("ledger", LedgerFacts.law_changed, CLOCK, {"edition": NEWEST + 1, "digest": "x"})
        assert troubles() == []
        town.walk(town.registered(), "assign")
        assert [number in each for each in troubles()] == [False]
    finally:
        CASE_FLOW.by_fact[step.fact] = step


def test_a_substitute_acts_lawfully_and_without_a_delegation_does_not(town: Town) -> None:
    number = town.case_in("assigned")
    delegate(town, "officer", "clerk")
    town.do(number, "acknowledge", by="clerk>officer")
    assert troubles() == []
    forge(number, "case:progressed", "verifier", for_id=town.people["officer"])
    assert [each.partition(" ")[2] for each in troubles()] == ["case:progressed 不合规则：当时没有委托"]


def test_only_the_streams_that_are_asked_for_are_replayed(town: Town) -> None:
    number, other = town.registered(), town.registered()
    forge(number, "case:commented", 999999)
    forge(other, "case:commented", 999999)
    found = [str(each) for each in law_troubles(reading(), [f"case:{other}", "rules"])]
    assert [other in each for each in found] == [True]
