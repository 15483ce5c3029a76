"""The machinery of a workflow, on a table that has nothing to do with cases."""

from dataclasses import dataclass
from enum import StrEnum

import pytest

from tracker.domain.house.actor import CLOCK, Actor, Grant, Permission, Role
from tracker.domain.house.errors import NotAllowed, Refusal, WrongState
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.lifecycle import STAY, FlowRule, Lifecycle, Step, Who, rows_of


class Door(StrEnum):
    open = "open"
    shut = "shut"
    locked = "locked"


class Reason(StrEnum):
    wrong_state = "wrong_state"
    no_permission = "no_permission"
    out_of_reach = "out_of_reach"
    jammed = "jammed"


@dataclass(frozen=True)
class DoorFacts:
    state: Door
    keeper: int = 1
    is_jammed: bool = False


def keeper(actor: Actor, facts: DoorFacts) -> bool:
    return actor.id == facts.keeper


def is_free(actor: Actor, facts: DoorFacts) -> bool:
    return not facts.is_jammed


VERIFY, LEAD, TICK, F = Permission.case_verify, Permission.case_close, Permission.clock_tick, FactKind


class DoorSteps:
    shut = Step((Door.open,), Door.shut, (Who(VERIFY, keeper),), F("door:shut"), rules=(FlowRule(Reason.jammed, is_free),))
    knock = Step((Door.open, Door.shut), STAY, (Who(VERIFY, keeper), Who(LEAD, keeper)), F("door:knocked"))
    lock = Step((Door.shut,), Door.locked, (Who(TICK, lambda actor, facts: True),), F("door:locked"))


DOORS: Lifecycle[DoorFacts, Step[DoorFacts]] = Lifecycle(rows_of(DoorSteps, Step), state_of=lambda facts: facts.state, why=Reason)

KEEPER = Actor(1, "守门人", grants=(Grant(Role.verifier),))
OTHER_KEEPER = Actor(2, "别门的", grants=(Grant(Role.verifier),))
GUEST = Actor(1, "客人")


def why(name: str, actor: Actor, facts: DoorFacts) -> str | None:
    return DOORS.refusal(DOORS.steps[name], actor, facts)


def test_the_reasons_come_in_order_state_permission_reach_rule() -> None:
    jammed = DoorFacts(Door.open, is_jammed=True)
    assert why("shut", GUEST, DoorFacts(Door.locked, is_jammed=True)) == "wrong_state"
    assert why("shut", GUEST, jammed) == "no_permission"
    assert why("shut", OTHER_KEEPER, jammed) == "out_of_reach"
    assert why("shut", KEEPER, jammed) == "jammed"
    assert why("shut", KEEPER, DoorFacts(Door.open)) is None


def test_a_permission_counts_only_with_its_own_relation() -> None:
    lead_keeper = Actor(1, "管门领导", grants=(Grant(Role.lead),))
    assert why("knock", lead_keeper, DoorFacts(Door.open)) is None
    assert why("shut", lead_keeper, DoorFacts(Door.open)) == "no_permission"


def test_the_clock_s_step_is_no_person_s_whatever_their_roles() -> None:
    everybody = Actor(1, "全能", grants=tuple(Grant(role) for role in Role))
    assert why("lock", everybody, DoorFacts(Door.shut)) == "no_permission"
    assert why("lock", CLOCK, DoorFacts(Door.shut)) is None
    assert why("shut", CLOCK, DoorFacts(Door.open)) == "no_permission"


def test_what_is_offered_is_what_the_guard_lets_through() -> None:
    facts = DoorFacts(Door.open)
    offered = {step.name: reason for step, reason in DOORS.open_to(KEEPER, facts)}
    assert offered == {"shut": None, "knock": None}
    for name in offered:
        assert DOORS.plan(name, KEEPER, facts, str).name == name


def test_a_refused_plan_is_an_exception_with_the_reason_as_its_code() -> None:
    with pytest.raises(WrongState) as wrong:
        DOORS.plan("lock", KEEPER, DoorFacts(Door.open), lambda reason: f"不行：{reason}")
    assert (wrong.value.code, wrong.value.sentence) == ("wrong_state", "不行：wrong_state")
    with pytest.raises(NotAllowed) as jammed:
        DOORS.plan("shut", KEEPER, DoorFacts(Door.open, is_jammed=True), str)
    assert jammed.value.code == "jammed"


def test_a_step_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(Refusal, match="没有名为“fly”的步骤") as unknown:
        DOORS.plan("fly", KEEPER, DoorFacts(Door.open), str)
    assert unknown.value.code == "unknown_step"


def test_a_step_that_stays_stays() -> None:
    assert DOORS.steps["knock"].goes_to(Door.shut) is Door.shut
    assert DOORS.steps["shut"].goes_to(Door.open) is Door.shut


def test_the_walk_is_the_shortest_and_knows_the_way_it_does_not_need() -> None:
    assert DOORS.walk(Door.open, Door.locked) == ("shut", "lock")
    assert DOORS.walk(Door.open, Door.open) == ()
    with pytest.raises(LookupError):
        DOORS.walk(Door.locked, Door.open)
