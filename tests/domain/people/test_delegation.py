"""Separation of duties through substitutes, in full: every way in which three people could take the three steps."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from tracker.domain.cases.facts import CaseFacts, CaseState, Why
from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.house.actor import CLOCK, OPERATOR, Actor, Grant, Permission, Role
from tracker.domain.house.errors import Invalid, NotAllowed
from tracker.domain.people.delegation import LONGEST_DAYS, NOT_DELEGABLE, Term, acting, check_term, delegable

AREA, LEAD_UNIT = "360103", 10
TODAY = date(2026, 3, 2)
HATS = (Grant(Role.officer, AREA), Grant(Role.verifier, AREA), Grant(Role.lead, AREA))
# Five people of units of their own; the unit rule has tests of its own.
PEOPLE = tuple(Actor(n, f"第{n}人", unit_id=100 + n, unit_line=(100 + n,), grants=HATS) for n in range(1, 6))
SEATS = tuple((human, None) for human in PEOPLE) + tuple((a, b) for a in PEOPLE for b in PEOPLE if a is not b)


def seated(seat: tuple[Actor, Actor | None]) -> Actor:
    human, principal = seat
    return human if principal is None else acting(human, principal)


def refusal(step: str, actor: Actor, facts: CaseFacts) -> object:
    return CASE_FLOW.refusal(CASE_FLOW.steps[step], actor, facts)


def facts_after(submitter: Actor, verifier: Actor | None = None) -> CaseFacts:
    """A case as these people left it."""
    facts = CaseFacts(
        CaseState.submitted, TODAY, area_code=AREA, lead_unit_id=LEAD_UNIT, submitted_by_id=submitter.id,
        submitted_for_id=submitter.acting_for.id if submitter.acting_for else None)
    if verifier is None:
        return facts
    return replace(facts, state=CaseState.verified, verified_by_id=verifier.id,
                   verified_for_id=verifier.acting_for.id if verifier.acting_for else None)


def test_nobody_verifies_what_they_or_their_principal_or_their_substitute_submitted() -> None:
    for one, two in product(SEATS, repeat=2):
        submitter, verifier = seated(one), seated(two)
        shared = set(submitter.persons) & set(verifier.persons)
        for step in ("verify", "reject"):
            assert (refusal(step, verifier, facts_after(submitter)) == Why.same_person) == bool(shared), (one, two)


def test_over_all_seats_a_case_is_closed_only_by_people_who_share_nobody() -> None:
    closed = 0
    for one, two in product(SEATS, repeat=2):
        submitter, verifier = seated(one), seated(two)
        if refusal("verify", verifier, facts_after(submitter)) is not None:
            continue
        for three in SEATS:
            closer = seated(three)
            is_refused = refusal("close", closer, facts_after(submitter, verifier)) is not None
            everybody = (*submitter.persons, *verifier.persons, *closer.persons)
            assert is_refused == (len(set(everybody)) < len(everybody)), (one, two, three)
            closed += not is_refused
    assert closed > 0


def test_withdrawing_is_for_the_human_and_the_principal() -> None:
    for one, two in product(SEATS, repeat=2):
        submitter, other = seated(one), replace(seated(two), unit_line=(LEAD_UNIT,))
        may = refusal("withdraw", other, facts_after(submitter)) is None
        assert may == bool(set(submitter.persons) & set(other.persons))


def test_a_verifier_is_of_no_rectifying_unit_in_person_or_in_whoevers_name() -> None:
    away, near = PEOPLE[1], replace(PEOPLE[2], unit_line=(11, LEAD_UNIT))
    facts = facts_after(PEOPLE[0])
    assert refusal("verify", acting(away, near), facts) == Why.same_unit
    assert refusal("verify", acting(near, away), facts) == Why.same_unit
    assert refusal("verify", acting(away, PEOPLE[3]), facts) is None
    submitted_for_others = replace(facts, submitted_unit_id=55, submitted_for_unit_id=66)
    for unit in (55, 66):
        assert refusal("verify", replace(away, unit_line=(unit,)), submitted_for_others) == Why.same_unit


def test_who_stands_in_has_the_principals_rights_units_and_scope_and_none_of_their_own() -> None:
    human = Actor(1, "李四", unit_id=7, unit_line=(7,), grants=(Grant(Role.dispatcher),), login="li")
    principal = Actor(2, "张三", unit_id=8, unit_line=(8, 9), units_below=(80,), grants=(Grant(Role.officer, AREA),), login="zhang")
    stands = acting(human, principal)
    assert (stands.id, stands.name, stands.login) == (1, "李四", "li")
    assert stands.persons == (1, 2)
    assert (stands.grants, stands.unit_id, stands.unit_line) == (principal.grants, 8, (8, 9))
    assert stands.scope() == principal.scope()
    assert not stands.has(Permission.case_assign)
    assert stands.on_record == {"for_id": 2}
    assert human.on_record == {}


def test_a_fact_names_the_session_of_the_human_who_acts_also_in_another_s_place() -> None:
    human, principal = replace(PEOPLE[0], sign_in="person:1#4"), replace(PEOPLE[1], sign_in="person:2#9")
    assert human.on_record == {"by": "person:1#4"}
    assert acting(human, principal).on_record == {"by": "person:1#4", "for_id": 2}
    assert (CLOCK.on_record, OPERATOR.on_record) == ({"by": "clock"}, {"by": "cli"})


def test_managing_and_keeping_identities_are_never_passed_on() -> None:
    assert frozenset({Role.admin, Role.custodian}) == NOT_DELEGABLE
    every = tuple(Grant(role) for role in Role)
    assert {grant.role for grant in delegable(every)} == set(Role) - NOT_DELEGABLE
    with pytest.raises(NotAllowed, match="没有可以委托的角色"):
        acting(PEOPLE[0], Actor(9, "管理员", grants=(Grant(Role.admin), Grant(Role.custodian))))


def test_an_administrator_takes_no_step_in_anybodys_place() -> None:
    with pytest.raises(NotAllowed, match="管理员不得代他人办案"):
        acting(Actor(9, "管理员", grants=(Grant(Role.admin),)), PEOPLE[0])


def test_a_term_begins_today_or_later_and_lasts_ninety_days_at_most() -> None:
    check_term(Term(TODAY, TODAY), TODAY)
    last = date.fromordinal(TODAY.toordinal() + LONGEST_DAYS - 1)
    check_term(Term(TODAY, last), TODAY)
    for first, end in ((date(2026, 3, 1), TODAY), (TODAY, date(2026, 3, 1)), (TODAY, date.fromordinal(last.toordinal() + 1))):
        with pytest.raises(Invalid):
            check_term(Term(first, end), TODAY)
