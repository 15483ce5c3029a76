"""The days of the law of punishments, of cards and of referrals: three statutes, three ways to count, as the design has them."""

from datetime import date, datetime

import pytest

from tracker.domain.rules.deadlines import due, explain, shift_for_pause
from tracker.domain.rules.limits import DEFAULT_LIMITS, LIMITS_OF_OTHERS, Limit, LimitUnit, Stage, choose
from tracker.services.rules.reference import shipped_calendar

CALENDAR = shipped_calendar()
EVE = date(2026, 9, 30)  # before the days off of October, of which the 10th is a Saturday that is worked


def until(stage: Stage, *start: int) -> date:
    begin = datetime(*start) if len(start) > 3 else date(*start)  # type: ignore[arg-type, misc]
    limit = choose(DEFAULT_LIMITS, None, stage, date(*start[:3]))
    found = due(limit, begin, CALENDAR)
    return found.at or found.on


def test_three_statutes_count_in_three_ways() -> None:
    """Art. 85 of the law of punishments makes its own three days working days; the rules of referrals say nothing of theirs;
    fifteen and ninety are calendar days by both."""
    three = {stage: choose(DEFAULT_LIMITS, None, stage, EVE) for stage in (Stage.unpublish, Stage.approve_referral)}
    assert [limit.amount for limit in three.values()] == [3, 3]
    assert [due(limit, EVE, CALENDAR).on for limit in three.values()] == [date(2026, 10, 10), date(2026, 10, 3)]
    assert {stage: choose(DEFAULT_LIMITS, None, stage, EVE).unit for stage in (Stage.serve, Stage.pay, Stage.decide)} == {
        Stage.serve: LimitUnit.working_day, Stage.pay: LimitUnit.calendar_day, Stage.decide: LimitUnit.calendar_day}


@pytest.mark.parametrize(("stage", "start", "wanted"), [
    (Stage.decide, (2026, 9, 1), date(2026, 11, 30)),
    (Stage.hearing_request, (2026, 9, 28), date(2026, 10, 10)),
    (Stage.serve, (2026, 9, 30), date(2026, 10, 15)),
    (Stage.pay, (2026, 10, 9), date(2026, 10, 24)),  # a Saturday, and it stays one
    (Stage.unpublish, (2026, 9, 30), date(2026, 10, 10)),
    (Stage.approve_referral, (2026, 9, 30), date(2026, 10, 3)),  # inside the days off
    (Stage.send_referral, (2026, 11, 27, 16, 40), datetime(2026, 11, 28, 16, 40)),
    (Stage.object_referral, (2026, 12, 1), date(2026, 12, 4)),
])
def test_each_example_of_the_design_ends_on_its_day(stage: Stage, start: tuple[int, ...], wanted: date) -> None:
    assert until(stage, *start) == wanted


def test_twenty_days_of_monitoring_are_added_to_the_ninety() -> None:
    filed = until(Stage.decide, 2026, 9, 1)
    paused = shift_for_pause(filed, LimitUnit.calendar_day, date(2026, 9, 21), date(2026, 10, 11), CALENDAR)
    assert (filed, paused.on) == (date(2026, 11, 30), date(2026, 12, 20))


def test_each_limit_of_enforcement_has_an_amount_a_basis_and_no_roll() -> None:
    stages = [stage for stage in Stage if [*Stage].index(stage) >= [*Stage].index(Stage.decide)]
    found = [choose(DEFAULT_LIMITS, None, stage, date(2021, 1, 1)) for stage in stages]
    assert all(limit.amount > 0 and limit.basis and not limit.rolls and not limit.first_day_counts for limit in found)
    assert {*stages} > LIMITS_OF_OTHERS


@pytest.mark.parametrize(("start", "months", "wanted"), [
    (date(2026, 1, 31), 1, date(2026, 2, 28)), (date(2026, 8, 30), 6, date(2027, 2, 28)),
    (date(2026, 3, 15), 3, date(2026, 6, 15)),
    (date(2026, 11, 30), 1, date(2026, 12, 30)),
])
def test_months_end_on_the_day_of_the_same_number_or_the_last_of_a_shorter_one(start: date, months: int, wanted: date) -> None:
    limit = Limit(None, Stage.decide, months, LimitUnit.month, False, "", date(2018, 1, 1))
    assert due(limit, start, CALENDAR).on == wanted
    assert explain(limit, start, CALENDAR)[-1].on == wanted
