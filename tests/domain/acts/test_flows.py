"""The flow of every kind of act, walked and asked: each state is reached and left, each step named, nobody gets two parts."""

import re
from datetime import date

import pytest

from tests.support.golden import same_as_agreed
from tracker.domain.acts.duty_flow import DUTY_FLOW, DUTY_TOLD, OPENED
from tracker.domain.acts.fact_kinds import BY_OTHERS
from tracker.domain.acts.facts import SETTLED, ActFacts, ActWhy, DutyFacts, DutyState, Start
from tracker.domain.acts.step_rows import NOTE, ActFlow
from tracker.domain.acts.wording import DUTY_FACTS, DUTY_KINDS, DUTY_STATES, DUTY_STEPS, REFUSALS
from tracker.domain.house.actor import CLOCK, Absentee, Actor, Grant, Role
from tracker.domain.house.fields import FieldKind
from tracker.domain.upkeep.flows import ACT_FLOWS

HOME, ON = "360103", date(2026, 3, 2)
FLOWS = [pytest.param(flow, id=kind) for kind, flow in ACT_FLOWS.items()]


def somebody(role: Role, person: int = 7, unit: int = 3) -> Actor:
    return Actor(person, "某人", unit, (unit,), (), (Grant(role, HOME),))


@pytest.mark.parametrize("flow", FLOWS)
def test_every_state_is_reached_and_every_one_that_is_not_over_is_left(flow: ActFlow) -> None:
    walk = flow.lifecycle.walk
    assert all(walk(Start.unopened, state) is not None for state in flow.states)
    for state in flow.states:
        leaving = [step for step in flow.steps if state in step.froms and step.to not in (None, state) and not step.is_after_end]
        assert bool(leaving) is not (state in flow.finals), state
        assert any(step.name == NOTE for step in flow.steps if state in step.froms)


@pytest.mark.parametrize("flow", FLOWS)
def test_every_step_part_and_question_has_a_word_and_every_fact_its_grammar(flow: ActFlow) -> None:
    assert [step.name for step in flow.rows] == list(flow.step_words)
    assert {step.hand for step in flow.rows if step.hand} <= set(flow.parts)
    assert len(flow.lifecycle.by_fact) == len(flow.steps)
    for step in flow.steps:
        assert re.fullmatch(rf"{flow.kind}:[a-z]+(_[a-z]+)*", step.fact), step.fact
        assert step.who, step.name
        assert all(given.word and given.name.islower() for given in step.given)
        assert all(given.choices for given in step.given if given.kind is FieldKind.choice)
    assert re.fullmatch("[A-Z]{2}", flow.prefix)


def test_no_two_kinds_share_letters_or_words() -> None:
    assert len({flow.prefix for flow in ACT_FLOWS.values()}) == len({flow.word for flow in ACT_FLOWS.values()}) == len(ACT_FLOWS)


@pytest.mark.parametrize("flow", FLOWS)
def test_nobody_takes_a_step_as_one_hand_who_has_another_neither_in_person_nor_for_somebody(flow: ActFlow) -> None:
    for step in flow.rows:
        for other in set(flow.parts) - {step.hand} if step.hand else ():
            for role in Role:
                facts = ActFacts(step.froms[0], ON, HOME, 3, hands=((7, other),), unit_ids=frozenset({3}))
                own = flow.lifecycle.refusal(step, somebody(role), facts)
                stands_in = Actor(9, "代理", 3, (3,), (), (Grant(role, HOME),), acting_for=Absentee(7, "某人"))
                assert own is not None
                assert flow.lifecycle.refusal(step, stands_in, facts) is not None


def test_a_duty_goes_from_open_to_settled_and_each_of_its_steps_is_named_and_told() -> None:
    assert DUTY_FLOW.walk(DutyState.open, DutyState.met) == ("answer", "pass")
    assert set(DUTY_STEPS) == set(DUTY_FLOW.steps)
    assert set(DUTY_FACTS) - set(DUTY_FLOW.by_fact) == BY_OTHERS
    assert set(DUTY_TOLD) <= {*DUTY_FLOW.steps, OPENED}
    anew = DUTY_FLOW.steps["reset"]  # what a heavier level asks of a site anew, met or not
    assert all(not any(state in step.froms for step in DUTY_FLOW.steps.values() if step is not anew) for state in SETTLED)
    assert set(DUTY_STATES) == set(DutyState)
    assert len(DUTY_KINDS) == len(set(DUTY_KINDS.values()))
    assert set(REFUSALS) == set(ActWhy)


@pytest.mark.parametrize(("checker", "why"), [
    (somebody(Role.verifier, person=8, unit=3), ActWhy.same_unit),
    (somebody(Role.verifier, person=7, unit=5), ActWhy.same_person),
    (somebody(Role.verifier, person=8, unit=5), None),
    (somebody(Role.officer, person=8, unit=5), ActWhy.no_permission),
    (Actor(8, "外区", 5, (5,), (), (Grant(Role.verifier, "360102"),)), ActWhy.out_of_reach),
])
def test_a_duty_is_checked_by_another_person_of_another_unit_in_its_area(checker: Actor, why: ActWhy | None) -> None:
    facts = DutyFacts(DutyState.answered, ON, HOME, 3, frozenset({7}), 3)
    assert DUTY_FLOW.refusal(DUTY_FLOW.steps["pass"], checker, facts) is why


def test_nothing_of_a_duty_is_put_off_or_acknowledged_once_its_act_is_over() -> None:
    facts = DutyFacts(DutyState.open, ON, HOME, 3, is_act_over=True)
    for name, actor in (("acknowledge", somebody(Role.officer)), ("extend", somebody(Role.dispatcher, unit=5))):
        assert DUTY_FLOW.refusal(DUTY_FLOW.steps[name], actor, facts) is ActWhy.act_is_over


def matrix_of(flow: ActFlow) -> str:
    """Of each state and step who finds it open, where nothing else stands in the way, and the first reason of everybody else."""
    lines = [f"# {flow.kind} {flow.word}"]
    for state in (Start.unopened, *flow.states):
        for step in flow.steps:
            if state not in step.froms:
                continue
            facts = ActFacts(state, ON, HOME, 3, unit_ids=frozenset({3}))
            found = {role.value: flow.lifecycle.refusal(step, somebody(role), facts) for role in Role}
            found |= {"clock": flow.lifecycle.refusal(step, CLOCK, facts)}
            told = " ".join(f"{who}{'' if why is None else f'({why})'}" for who, why in found.items()
                            if why not in (ActWhy.no_permission, ActWhy.out_of_reach))
            lines.append(f"{state.value:10} {step.name:14} {step.hand or '-':9} {told or 'nobody'}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("flow", FLOWS)
def test_who_may_do_what_is_what_was_agreed(flow: ActFlow) -> None:
    same_as_agreed(f"acts/{flow.kind}.txt", matrix_of(flow))
