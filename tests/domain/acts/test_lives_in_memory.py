"""A thousand random lives of every kind of act, by the law alone: nobody gets two parts, what is over stays over,
nothing is stuck."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from tracker.domain.acts.facts import ActFacts, DutyState, Start
from tracker.domain.acts.step_rows import AWAITED, ActFlow, ActStep
from tracker.domain.coordination.interviews import NOTIFIER
from tracker.domain.coordination.meetings import CHAIR
from tracker.domain.enforcement.parts import INVESTIGATORS
from tracker.domain.house.actor import CLOCK, Absentee, Actor, Grant, Role
from tracker.domain.upkeep.flows import ACT_FLOWS

HOME, ON, UNITS, PERSONS = "360103", date(2026, 3, 2), (3, 5), range(1, 9)
LIVES, TURNS = 1000, 60
FLOWS = [pytest.param(flow, id=kind) for kind, flow in ACT_FLOWS.items()]
FLOWS = [pytest.param(flow, id=kind) for kind, flow in ACT_FLOWS.items()]
# What a rule asks for, as the steps before would have kept it; a life finds it, or nothing.
KEPT: Mapping[str, object] = {
    CHAIR: 2, "items": [{"position": 1, "outcome": "none"}], "forces": [{"vehicle_count": 1}], "places": [{"place_count": 1}],
    "zones": [{"code": "Z"}], "phases": [{"code": "P"}], "milestones": [{"zone": "Z", "phase": "P", "weight": 100}],
    "sites": [{"position": 1}], "last_on": "2026-03-01", NOTIFIER: 3, AWAITED: [UNITS[1]], "year": 2026,
    INVESTIGATORS: [*PERSONS],
}
# Whom a step gives a hand besides its taker.
SENT: Mapping[tuple[str, str], tuple[tuple[int, str], ...]] = {
    ("inspection", "plan"): ((5, "inspector"), (6, "inspector")),
    ("inspection", "receive_drawn"): ((5, "inspector"), (6, "inspector")),
}


def crowd() -> tuple[Actor, ...]:
    """Eight people of two units with every role, each for themselves and in the place of the next; and the clock."""
    grants = tuple(Grant(role, HOME) for role in Role)
    people = [Actor(person, "某人", UNITS[person % 2], (UNITS[person % 2],), (), grants) for person in PERSONS]
    subs = [replace(each, acting_for=Absentee(each.id % len(PERSONS) + 1, "某人")) for each in people]
    return (*people, *subs, CLOCK)


CROWD = crowd()


@dataclass
class ActLife:
    """One act: where it stands, and who had which part in it."""

    flow: ActFlow
    state: object = Start.unopened
    hands: list[tuple[int, str]] = field(default_factory=list)
    been: set[object] = field(default_factory=set)

    def facts(self, chance: random.Random) -> ActFacts:
        """The law's view of it, with duties and details as they may be by then."""
        duties = tuple(chance.choices(tuple(DutyState), k=chance.randrange(3)))
        return ActFacts(self.state, ON, HOME, UNITS[0], tuple(self.hands), frozenset(UNITS), duties,  # type: ignore[arg-type]
                        chance.choice(({}, KEPT)))

    def take(self, step: ActStep, actor: Actor) -> None:
        """The step is taken."""
        if step.hand:
            self.hands += [(person, step.hand) for person in actor.persons if (person, step.hand) not in self.hands]
        self.hands += [hand for hand in SENT.get((self.flow.kind, step.name), ()) if hand[0] not in dict(self.hands)]
        self.state = step.goes_to(self.state)  # type: ignore[arg-type]
        self.been.add(self.state)


def chosen_step(life: ActLife, chance: random.Random) -> ActStep:
    """Mostly one that starts here, and of these mostly one that ends nothing: so lives come far; sometimes any at all."""
    here = [step for step in life.flow.steps if life.state in step.froms]
    further = [step for step in here if step.to not in life.flow.finals]
    drawn = chance.random()
    return chance.choice(further if drawn < 0.4 and further else here if drawn < 0.9 else life.flow.steps)


def live(flow: ActFlow, chance: random.Random) -> ActLife:
    """One life, judged after each of its steps."""
    life = ActLife(flow)
    for _ in range(TURNS):
        step, actor, before = chosen_step(life, chance), chance.choice(CROWD), life.state
        if flow.lifecycle.refusal(step, actor, life.facts(chance)) is not None:
            continue
        life.take(step, actor)
        parts = {person: {part for one, part in life.hands if one == person} for person, _ in life.hands}
        assert all(len(each) == 1 for each in parts.values()), (step.name, life.hands)
        assert before not in flow.finals or life.state == before or step.is_after_end, (step.name, before)
    return life


@pytest.mark.parametrize("flow", FLOWS)
def test_nobody_gets_two_parts_and_what_is_over_stays_over(flow: ActFlow) -> None:
    chance = random.Random(16)
    been = set().union(*(live(flow, chance).been for _ in range(LIVES)))
    assert been == set(flow.states)  # such lives come everywhere


@pytest.mark.parametrize("flow", FLOWS)
def test_from_wherever_a_life_stands_somebody_without_a_part_brings_it_on(flow: ActFlow) -> None:
    chance, fresh = random.Random(17), Actor(99, "新来", UNITS[0], (UNITS[0],), (), tuple(Grant(role, HOME) for role in Role))
    for life in (live(flow, chance) for _ in range(200)):
        state = flow.state_named(str(life.state)) if life.state is not Start.unopened else Start.unopened
        leaving = [step for step in flow.steps if state in step.froms and step.goes_to(state) != state]
        tried = [flow.lifecycle.refusal(step, actor, replace(life.facts(chance), duties=(), details={**KEPT, CHAIR: 99}))
                 for step in leaving for actor in (fresh, CLOCK, *CROWD)]
        assert life.state in flow.finals or None in tried, (life.state, life.hands, set(tried))
