"""Who is told is one law: mailed for action, may act; and mails at once, morning lists and the law itself agree on it."""

from collections.abc import Iterable
from datetime import datetime, time

import pytest
from sqlalchemy import select

from tests.support.district import HOME, LONG_AGO
from tests.support.makers import Town
from tests.support.substitutes import delegate
from tracker.domain.cadence.beats import beat_named
from tracker.domain.cases.facts import CaseFacts, CaseState
from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.house.actor import Actor, Role
from tracker.domain.house.errors import Refusal
from tracker.domain.people.delegation import acting
from tracker.domain.rules.periods import period_of
from tracker.services.cadence import morning, morning_lists
from tracker.services.cadence.morning_lists import MUST, WAITING, MorningBoard
from tracker.services.cases.declarations.mails import MAILS, mail_of
from tracker.services.house.work import wiring
from tracker.services.mail import audiences
from tracker.services.mail.audiences import Audience, of_case, reach_of, told, told_now
from tracker.services.mail.offices import offices
from tracker.services.people import access, accounts
from tracker.services.rules import rules
from tracker.storage.cadence import reminders
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message
from tracker.storage.people.accounts import Person, RoleGrant

pytestmark = pytest.mark.one_engine

S = CaseState
RELATIONS = {"own": "XH-CYZ", "below": "XH-CYZ-JS", "above": "XH", "supporting": "XH-CG", "other": "XH-TY"}
ROLES = (Role.dispatcher, Role.officer, Role.verifier, Role.lead, Role.supervisor)
# principal, substitute: of a rectifying unit, below one, who does what the principal must not see done by one hand, of none.
STAND_INS = (
    ("verifier", "officer2"), ("verifier2", "below_officer"), ("verifier_other", "inspector"), ("lead", "verifier"),
    ("lead2", "officer"), ("lead_other", "clerk"), ("dispatcher", "officer"), ("dispatcher2", "auditor"),
    ("officer2", "neighbour"), ("below_verifier", "railman"), ("verifier_supporting", "auditor"),
)
ALL = tuple(each for each in vars(audiences).values() if isinstance(each, Audience))
OF_OTHERS = (audiences.TO_DECIDE_APPEAL, audiences.TO_DECIDE_IDENTITY, audiences.TO_EDIT_PAPER, audiences.TO_SIGN_PAPER)
OF_CASES = tuple(each for each in ALL if each not in OF_OTHERS)
KINDS = tuple(kind for kind, mail in MAILS.items() if any(audience.is_for_action for audience in mail.to))


@pytest.fixture
def crowd(town: Town) -> Town:
    """The town with every role in every relation to a case of its street, and people who stand in for others."""
    people = {f"{role}_{relation}": Person(login=f"{role}_{relation}", name=f"{role}先生", unit_id=town.units[unit],
                                           email=f"{role}_{relation}@example.cn", password_hash="x", created_at=LONG_AGO)
              for role in ROLES for relation, unit in RELATIONS.items()}
    db.session.add_all(people.values())
    db.session.flush()
    db.session.add_all(RoleGrant(person_id=person.id, role=Role(login.partition("_")[0]), area_code=HOME, granted_at=LONG_AGO)
                       for login, person in people.items())
    town.people |= {login: person.id for login, person in people.items()}
    db.session.commit()
    for principal, substitute in STAND_INS:
        delegate(town, principal, substitute, days=80)
    # who may not stand in any more
    db.session.add(RoleGrant(person_id=town.people["auditor"], role=Role.admin, area_code=HOME, granted_at=LONG_AGO))
    db.session.commit()
    return town


def everybody(town: Town) -> Iterable[Actor]:
    """Everybody as they may act: in their own right, and for whom they stand in."""
    yield from (town.actor(login) for login in town.people)
    for principal, substitute in STAND_INS:
        try:
            yield acting(town.actor(substitute), town.actor(principal))
        except Refusal:
            continue


def may_take(town: Town, steps: Iterable[str], facts: CaseFacts) -> set[int]:
    """Who may take one of these steps now, asked of the flow alone."""
    return {actor.id for actor in everybody(town)
            if any(CASE_FLOW.refusal(CASE_FLOW.steps[step], actor, facts) is None for step in steps)}


def facts_now(town: Town, number: str) -> CaseFacts:
    return access.facts_of(town.row(number))


def asked_now(town: Town, audience: Audience, number: str) -> set[int]:
    return {each.id for each in told_now((audience,), of_case(facts_now(town, number)), town.clock.today())}


def mailed(number: str, kind: str) -> set[int]:
    """Whom the last such fact of a case was mailed to."""
    query = select(Message.person_id, Message.dedupe_key).where(Message.dedupe_key.like(f"notice/{kind}/case:{number}#%"))
    rows = [(person, int(key.partition("#")[2].partition("/")[0])) for person, key in db.session.execute(query)]
    return {person for person, seq in rows if seq == max(seq for _, seq in rows)}


def after(town: Town, kind: str, source: str = "H12345") -> str:
    """A case whose last fact is of this kind."""
    if kind == "case:registered":
        return town.registered(source)
    step = CASE_FLOW.by_fact[kind]
    number = town.started(step.name, "D2JX" if kind == "case:notice_ended" else source)
    town.walk(number, step.name)
    return number


def check_mailed_may_act(town: Town, number: str, kind: str) -> None:
    """Of everybody to whom this mail is for action, that they may act; and that it is nobody's but theirs who are told."""
    mail, facts = mail_of(kind, town.row(number)), facts_now(town, number)
    assert mail is not None
    got = mailed(number, kind)
    informed = {person for each in mail.to if not each.is_for_action for person in asked_now(town, each, number)}
    may_act = may_take(town, [step for each in mail.to if each.is_for_action for step in each.steps], facts)
    assert got - informed, kind
    assert got - informed <= may_act


@pytest.mark.parametrize("kind", KINDS)
def test_mailed_for_action_may_act(crowd: Town, kind: str) -> None:
    check_mailed_may_act(crowd, after(crowd, kind), kind)


@pytest.mark.parametrize("source", ["H12345", "D2JX"])
def test_who_is_asked_to_publish_or_to_close_may_do_so(crowd: Town, source: str) -> None:
    check_mailed_may_act(crowd, after(crowd, "case:verified", source), "case:verified")


def test_whoever_may_verify_is_asked_and_nobody_of_a_unit_below_the_one_that_rectified(crowd: Town) -> None:
    number = after(crowd, "case:submitted")
    got = mailed(number, "case:submitted")
    assert got == may_take(crowd, ("verify",), facts_now(crowd, number))
    named = {login for login, person in crowd.people.items() if person in got}
    assert {"verifier", "verifier_other", "verifier_above", "inspector"} <= named
    assert not named & {"below_verifier", "verifier_below", "verifier_own", "verifier_supporting", "officer2", "below_officer",
                        "railman", "auditor"}
    crowd.do(number, "withdraw")
    assert mailed(number, "case:withdrawn") == got, "told that it is over"


def test_a_sponsor_who_must_not_close_leaves_it_to_the_leads(crowd: Town) -> None:
    number = crowd.case_in(S.rectifying)
    crowd.do(number, "set_sponsor", sponsor="many_hats")
    crowd.do(number, "submit", by="many_hats")
    crowd.do(number, "verify")
    got = mailed(number, "case:verified")
    assert crowd.people["many_hats"] not in got
    assert crowd.people["lead2"] in got
    check_mailed_may_act(crowd, number, "case:verified")


def test_reading_those_within_reach_finds_whom_reading_everybody_finds(crowd: Town) -> None:
    accounts.set_head(crowd.actor("admin"), login="lead_above", is_head=True)
    today, heard = crowd.clock.today(), set()
    for state in S:
        number = crowd.case_in(state)
        if state in (S.rectifying, S.verified):
            crowd.do(number, "set_sponsor")
        case = of_case(facts_now(crowd, number))
        whole = offices(today)
        for audience in OF_CASES:
            found = told(whole, (audience,), case)
            assert told(offices(today, reach_of((audience,), case.parties)), (audience,), case) == found, (state, audience.name)
            heard |= {audience.name} if found else set()
    assert heard == {each.name for each in OF_CASES} - {"raisers", "chiefs", "informed_units", "to_decide_return",
                                                        "to_decide_extension", "to_decide_phase"}


def board_of(town: Town) -> MorningBoard:
    db.session.rollback()
    cadence, on = beat_named(morning.ID), rules.calendar().workday_from(town.clock.today())
    town.clock.move_to(datetime.combine(on, time(8, 30), wiring().zone))
    found = morning.prepare(cadence, period_of(cadence.kind, on), HOME).found
    assert found is not None
    return found.board


def test_the_morning_list_asks_whom_a_mail_at_once_would_ask(crowd: Town) -> None:
    numbers = [crowd.case_in(state) for state in S]
    for step in ("request_extension", "request_phase"):
        numbers.append(crowd.case_in(S.rectifying))
        crowd.do(numbers[-1], step, by="officer_own")
    tables = (morning_lists.ASKED, morning_lists.TO_ORDER, morning_lists.INFORMED, morning_lists.UNCLOCKED,
              morning_lists.DECIDERS)
    asked = {audiences.DUE_TODAY, *(audience for audience, _ in morning_lists.WAITS.values()),
             *(audience for table in tables for audience in table.values())}
    board, cases = board_of(crowd), reminders.open_cases(db.session(), HOME)
    assert len(cases) > 10
    for case in cases:
        law = of_case(facts_now(crowd, case.number))
        for audience in asked:
            assert board.told(case, (audience,)) == told(board.offices, (audience,), law), (case.state, audience.name)


def test_what_stands_among_what_must_be_done_or_waits_can_be_done(crowd: Town) -> None:
    for state in S:
        crowd.case_in(state)
    crowd.do(crowd.case_in(S.rectifying), "request_extension")
    due = [crowd.case_in(state) for state in (S.assigned, S.rectifying, S.disputed)]
    while crowd.clock.today() != crowd.row(due[0]).due_on:
        crowd.days_pass(1)
    moves = [step.name for step in CASE_FLOW.steps.values() if step.to is not None or "_" in step.name]
    seen: dict[str, set[str]] = {}
    for person, buckets in board_of(crowd).buckets.items():
        for name in (MUST, WAITING):
            for case, words, *_ in buckets[name].entries if name in buckets else ():
                assert person in may_take(crowd, moves, facts_now(crowd, case.number)), (case.state, words)
                seen.setdefault(words, set()).add(case.number)
    assert {due[0], due[1]} <= seen["整改时限今日到期"], "to be ended today"
    assert due[2] not in seen["整改时限今日到期"], "nobody can rectify what is disputed"
    assert len(seen) > 5


def test_an_audience_has_a_name_of_its_own_and_names_steps_of_the_flow() -> None:
    assert len({each.name for each in ALL}) == len(ALL)
    assert {step for each in OF_CASES for step in each.steps} <= set(CASE_FLOW.steps)
