"""Random lives of acts: whatever people do through the deeds, rows equal the fold of the facts, and every fact was lawful."""

import random
from datetime import timedelta

import pytest

from tests.support.acts import USUAL, do, opened
from tests.support.makers import Town
from tracker.domain.acts.duty_flow import DUTY_FLOW
from tracker.domain.house.errors import Refusal
from tracker.domain.upkeep.flows import ACT_FLOWS
from tracker.services.acts import access, duties, jobs
from tracker.services.upkeep.integrity import verify
from tracker.storage.house.base import db
from tracker.storage.upkeep.act_states import state_rows

PEOPLE = ("dispatcher", "dispatcher2", "lead", "lead2", "officer", "railman", "verifier", "street_verifier", "inspector",
          "many_hats", "enforcer", "enforcer2", "legal", "principal")
OF_DUTIES: dict[str, dict[str, object]] = {
    "acknowledge": {}, "answer": {"text": "已办"}, "send_back": {"reason": "不全"}, "book": {"text": "核过"}, "pass": {"text": "核过"},
    "extend": {"due_on": "2026-06-01", "reason": "降雨"}, "waive": {"reason": "不需"},
    "reset": {"measures": "停产", "reason": "加重"},
}


def live(town: Town, chance: random.Random, steps: int) -> int:
    """One life; how many of its steps were taken."""
    kind, taken = chance.choice([*ACT_FLOWS]), 0
    try:
        number = opened(town, kind)
    except Refusal:  # a year has one plan of patrols
        return 0
    for _ in range(steps):
        town.clock.advance(timedelta(hours=chance.choice((1, 5, 30))))
        page = access.page_for(town.actor("lead"), number)
        owed, flow = page.duties, ACT_FLOWS[kind]
        here = [step for step in flow.steps if flow.state_named(page.head.state) in step.froms]
        try:
            if owed and chance.random() < 0.4:
                name = chance.choice([*DUTY_FLOW.steps])
                duties.take(town.actor(chance.choice(PEOPLE)), number, chance.choice(owed).position, name, OF_DUTIES[name])
            else:
                step = chance.choice(here if chance.random() < 0.8 else [step for step in flow.steps if not step.opens])
                by = USUAL[kind][step.name][0] if chance.random() < 0.7 else chance.choice(PEOPLE)
                do(town, number, kind, step.name, by=by)
            taken += 1
        except Refusal:
            continue
        jobs.settle_duties(town.clock.today())
    return taken


@pytest.mark.both_engines
@pytest.mark.parametrize("seed", range(5))
def test_after_any_life_rows_equal_the_fold_and_every_fact_was_lawful(town: Town, seed: int) -> None:
    chance = random.Random(seed)
    taken = sum(live(town, chance, 9) for _ in range(10))
    assert taken > 12
    assert [str(each) for each in verify().troubles] == []


def test_the_states_that_the_database_knows_are_those_of_the_flows(town: Town) -> None:
    assert state_rows(db.session()) == {(kind, state.value, state in flow.finals)
                                        for kind, flow in ACT_FLOWS.items() for state in flow.states}
