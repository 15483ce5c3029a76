"""Roles, what they grant, and how far a grant reaches."""

import pytest

from tracker.domain.house.actor import AREA_READERS, CLOCK, OPERATOR, ROLE_GRANTS, Actor, Grant, Permission, Role

P = Permission
STEP_PERMISSIONS = {p for p in P if p.value.startswith("case:")} - {P.case_read, P.case_comment, P.case_export, P.case_import}


def test_permissions_are_a_room_and_a_verb_in_alphabetical_order() -> None:
    values = [permission.value for permission in P]
    assert values == sorted(values)
    assert all(value.count(":") == 1 for value in values)


def test_every_role_is_granted_something_and_every_permission_to_somebody_but_the_clock_s() -> None:
    assert set(ROLE_GRANTS) == set(Role)
    assert all(ROLE_GRANTS.values())
    assert set(P) - frozenset().union(*ROLE_GRANTS.values()) == {P.clock_tick}


@pytest.mark.parametrize("role", [Role.admin, Role.auditor])
def test_who_manages_or_audits_takes_no_step_on_a_case(role: Role) -> None:
    assert ROLE_GRANTS[role] & STEP_PERMISSIONS == set()
    assert P.case_comment not in ROLE_GRANTS[role]


def test_no_role_rectifies_and_verifies_or_verifies_and_closes() -> None:
    duties = (P.case_rectify, P.case_verify, P.case_close)
    assert [role for role in Role if sum(duty in ROLE_GRANTS[role] for duty in duties) > 1] == []


def test_only_the_custodian_reads_identities_and_sees_no_case() -> None:
    assert [role for role in Role if P.identity_reveal in ROLE_GRANTS[role]] == [Role.custodian]
    assert Role.custodian not in AREA_READERS
    custodian = Actor(5, "保管员", grants=(Grant(Role.custodian, "360103"),)).scope()
    assert (custodian.areas, custodian.unit_ids) == ((), ())


def test_who_reads_every_case_of_an_area_is_written_out_and_has_the_right_to_read_cases() -> None:
    assert {"inspector", "clerk", "dispatcher", "verifier", "lead", "supervisor", "auditor", "admin"} == AREA_READERS
    assert all(P.case_read in ROLE_GRANTS[role] for role in AREA_READERS)


@pytest.mark.parametrize(("area", "case", "covers"), [
    ("360103", "360103", True), ("360103", "360103002", True), ("3601", "360103002", True), ("", "110101", True),
    ("360103", "360102", False), ("360103002", "360103", False), ("360103", "", False),
])  # fmt: skip
def test_a_grant_reaches_its_area_and_all_below(area: str, case: str, covers: bool) -> None:
    assert Grant(Role.lead, area).covers(case) is covers
    assert Actor(1, "甲", grants=(Grant(Role.lead, area),)).has_in(P.case_close, case) is covers


def test_a_permission_in_one_area_is_not_a_permission_in_another() -> None:
    two = Actor(1, "甲", grants=(Grant(Role.lead, "360102"), Grant(Role.verifier, "360103")))
    assert two.has(P.case_close)
    assert two.has_in(P.case_verify, "360103")
    assert not two.has_in(P.case_close, "360103")
    assert not two.has_in(P.case_verify, "360102")


def test_roles_are_listed_once_in_the_order_of_the_house() -> None:
    actor = Actor(1, "甲", grants=(Grant(Role.lead, "1"), Grant(Role.inspector), Grant(Role.lead, "2")))
    assert actor.roles == (Role.inspector, Role.lead)


def test_an_officer_s_fence_is_the_own_units_and_nobody_else_s() -> None:
    officer = Actor(7, "经办", unit_id=3, unit_line=(3, 1), units_below=(4,), grants=(Grant(Role.officer, "360103"),))
    assert officer.scope().areas == ()
    assert officer.scope().unit_ids == (3, 1, 4)


def test_a_unit_opens_nothing_to_who_is_no_officer() -> None:
    auditor = Actor(8, "审计", unit_id=3, unit_line=(3, 1), grants=(Grant(Role.auditor, "360103"),))
    assert auditor.scope().areas == ("360103",)
    assert auditor.scope().unit_ids == ()


def test_nobody_s_fence_encloses_nothing() -> None:
    assert (Actor(9, "无").scope().areas, Actor(9, "无").scope().unit_ids) == ((), ())


def test_the_clock_and_the_operator_hold_no_step_of_a_person() -> None:
    for actor in (CLOCK, OPERATOR):
        assert not any(actor.has(permission) for permission in (P.case_rectify, P.case_verify, P.case_close, P.case_assign))
    assert CLOCK.is_clock and not OPERATOR.is_clock
