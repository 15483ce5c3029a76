"""Weeks of random steps in one district: every sheet balances, each opens with what the one before closed with, and all come out
again."""

from contextlib import suppress
from datetime import timedelta
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.makers import Town
from tests.support.stories import figures_of
from tracker.domain.cadence.beats import beat_named, next_due
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.house.errors import Refusal
from tracker.domain.rules.periods import Period, period_named
from tracker.services.house.work import wiring
from tracker.services.reports import reports
from tracker.services.rules import rules
from tracker.storage.reports.stored import StoredReport

PROVINCE = "36"  # no correction of an area takes a case out of it
WEEKS, STEPS = 3, 14
ENDINGS = ("decline", "transfer", "void", "merge")


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10_000))
def test_every_week_of_random_lives_balances_and_comes_out_again(town: Town, seed: int) -> None:
    dice, numbers, frozen = Random(seed), list[str](), list[StoredReport]()
    following = next_due(beat_named("weekly-review"), town.clock.now(), rules.calendar(), wiring().zone)[0]
    for _ in range(WEEKS):
        for _ in range(STEPS):
            something_happens(town, dice, numbers)
        frozen += the_weeks_are_reviewed(town, following)
        following = period_named(frozen[-1].period).after()
    sheets = [figures_of(reports.document_of(row)) for row in frozen]
    assert [sheet["opening"] for sheet in sheets[1:]] == [sheet["closing"] for sheet in sheets[:-1]]
    assert [reports.rerun(row).digest() for row in frozen] == [row.digest for row in frozen]


def something_happens(town: Town, dice: Random, numbers: list[str]) -> None:
    """A new case that has come some way, or one step of one case; what is refused is left alone."""
    town.clock.advance(hours=dice.randrange(1, 7))
    if not numbers or dice.random() < 0.3:
        numbers.append(town.case_in(dice.choice([CaseState.registered, CaseState.rectifying, CaseState.verified,
                                                 CaseState.closed])))
        return
    number = dice.choice(numbers)
    state = town.row(number).state
    names = [name
             for name, step in CASE_FLOW.steps.items() if state in step.froms and (name not in ENDINGS or dice.random() < 0.3)]
    with suppress(Refusal):
        town.walk(number, dice.choice(names))


def the_weeks_are_reviewed(town: Town, period: Period) -> list[StoredReport]:
    """Every week from this one on whose sheet is due, and then the running one: the clock goes on to its cut."""
    cadence, frozen, begun = beat_named("weekly-review"), list[StoredReport](), town.clock.now()
    while True:
        due_at = cadence.due_at(period, rules.calendar(), wiring().zone)
        if due_at > begun:
            town.clock.move_to(due_at + timedelta(minutes=1))
        frozen.append(reports.publish(reports.build("weekly", period, PROVINCE)))
        if due_at > begun:
            return frozen
        period = period.after()
