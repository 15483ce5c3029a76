"""Where a programme should be on a day and where it is: the examples of the design, in points of a hundred."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from tracker.domain.acts.facts import DutyState
from tracker.domain.coordination.programmes import Indicator
from tracker.domain.coordination.schedules import DriftBounds, PlannedMilestone, ScheduleOn, months_of, points
from tracker.domain.rules.lights import Light

ZONES = ("朝阳新城", "洪城商圈", "朝阳洲", "老城中心")
ON = date(2023, 6, 30)


def of(zone: str, phase: int, starts: str, due: str, weight: int, part: int | None) -> PlannedMilestone:
    """A milestone that is met, or of which so many of a hundred were passed."""
    return PlannedMilestone(0, zone, str(phase), "", 1, weight, date.fromisoformat(starts), date.fromisoformat(due),
                            Indicator.quantity, goal=Decimal(100), passed=Decimal(100 if part is None else part),
                            state=DutyState.met if part is None else DutyState.open)


PLAN = (
    *(of(zone, 1, "2021-01-01", "2021-12-31", 10, None) for zone in ZONES),
    of("朝阳新城", 2, "2022-01-01", "2023-12-31", 15, 80), of("洪城商圈", 2, "2022-01-01", "2023-12-31", 15, 62),
    of("朝阳洲", 2, "2022-01-01", "2023-12-31", 15, 40), of("老城中心", 3, "2022-01-01", "2025-12-31", 15, 30),
)


def schedule(*plan: PlannedMilestone, on: date = ON, done: frozenset[str] = frozenset()) -> ScheduleOn:
    return ScheduleOn(on, DriftBounds(), plan or PLAN, done.__contains__)


@pytest.mark.parametrize(("zone", "phase", "plan", "actual", "drift", "light"), [
    *((zone, "1", "100.0", "100.0", "0.0", Light.blue) for zone in ZONES),
    ("朝阳新城", "2", "74.8", "80.0", "5.2", Light.green),
    ("洪城商圈", "2", "74.8", "62.0", "-12.8", Light.yellow),
    ("朝阳洲", "2", "74.8", "40.0", "-34.8", Light.red),
    ("老城中心", "3", "37.4", "30.0", "-7.4", Light.green),
])
def test_each_cell_of_the_plan_on_the_last_of_june(zone: str, phase: str, plan: str, actual: str, drift: str,
                                                   light: Light) -> None:
    found = schedule().cell(zone, phase)
    assert found is not None
    assert (str(found.plan_points), str(found.actual_points), str(found.drift)) == (plan, actual, drift)
    assert found.light(DriftBounds()) is light


def test_a_zone_and_the_programme_are_summed_by_weight_and_name_their_red_ones() -> None:
    zone, whole = schedule().of_zone("朝阳洲"), schedule().whole
    assert zone is not None
    assert whole is not None
    assert [str(each) for each in (zone.plan_points, zone.actual_points, zone.drift)] == ["84.9", "64.0", "-20.9"]
    assert [str(each) for each in (whole.plan_points, whole.actual_points, whole.drift)] == ["79.3", "71.8", "-7.5"]
    assert (zone.light(DriftBounds()), whole.light(DriftBounds()), whole.red_count) == (Light.yellow, Light.green, 1)
    assert schedule().cell("老城中心", "2") is None


@pytest.mark.parametrize(("drift", "light"), [("-9.9", Light.green), ("-10.0", Light.yellow), ("-30.0", Light.yellow),
                                              ("-30.1", Light.red)])
def test_the_bounds_of_yellow_are_both_yellow(drift: str, light: Light) -> None:
    assert DriftBounds().light(Decimal(drift)) is light


@pytest.mark.parametrize(("part", "said"), [(Fraction(-1, 2000), "-0.1"), (Fraction(1, 2000), "0.1"),
                                            (Fraction(499, 10**6), "0.0"), (Fraction(1, 3), "33.3"), (Fraction(2, 3), "66.7"),
                                            (Fraction(1), "100.0")])
def test_a_figure_has_one_decimal_half_up_away_from_zero(part: Fraction, said: str) -> None:
    assert str(points(part)) == said


@pytest.mark.parametrize(("on", "plan"), [("2021-12-31", "0.0"), ("2022-01-01", "0.1"), ("2023-12-30", "99.9"),
                                          ("2023-12-31", "100.0"), ("2024-02-01", "100.0")])
def test_the_plan_grows_day_by_day_from_the_first_to_the_last(on: str, plan: str) -> None:
    assert str(points(PLAN[4].plan(date.fromisoformat(on)))) == plan


def test_a_milestone_whose_day_is_over_is_red_however_near_it_came() -> None:
    near = of("朝阳新城", 2, "2022-01-01", "2023-12-31", 15, 99)
    on_the_day, after = (schedule(near, on=date(*day)) for day in ((2023, 12, 31), (2024, 1, 1)))
    assert on_the_day.of(near).light(DriftBounds()) is Light.green
    assert after.of(near).light(DriftBounds()) is Light.red


def test_of_attached_cases_those_that_are_completed_count_and_one_that_is_reopened_does_not() -> None:
    cases = tuple(f"case:XH-2026-{n:06d}" for n in range(10))
    milestone = PlannedMilestone(1, "Z1", "P1", "", 1, 100, date(2026, 1, 1), date(2026, 12, 31), Indicator.cases, cases=cases,
                                 state=DutyState.met)
    six, ten = schedule(milestone, done=frozenset(cases[:6])), schedule(milestone, done=frozenset(cases))
    assert str(six.of(milestone).actual_points) == "60.0"
    assert (six.of(milestone).is_met, ten.of(milestone).is_met) == (False, True)


def test_what_is_reported_and_not_checked_counts_for_nothing() -> None:
    milestone = PlannedMilestone(1, "Z1", "P1", "", 1, 100, date(2026, 1, 1), date(2026, 12, 31), Indicator.quantity,
                                 goal=Decimal("12.6"), passed=Decimal("6.3"), reported=Decimal("9.45"), state=DutyState.answered)
    found = schedule(milestone)
    assert str(found.of(milestone).actual_points) == "50.0"
    assert milestone.reported_beyond(found.is_done) == Fraction(1, 4)


def test_a_waived_milestone_counts_nowhere() -> None:
    waived = PlannedMilestone(1, "Z1", "P1", "", 1, 50, date(2026, 1, 1), date(2026, 1, 2), Indicator.yes, state=DutyState.waived)
    assert schedule(waived).whole is None
    assert schedule(waived, PLAN[0]).whole == schedule(PLAN[0]).whole


def test_a_curve_has_the_end_of_every_month_and_the_day_itself() -> None:
    assert [str(end) for end in months_of(date(2022, 11, 5), date(2023, 2, 3))] == ["2022-11-30", "2022-12-31", "2023-01-31",
                                                                                    "2023-02-03"]
    assert months_of(date(2022, 11, 5), date(2022, 11, 30)) == (date(2022, 11, 30),)
