"""When each beat is due: golden days, and properties over any span of time."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.cadence.beats import CADENCES, cadence_named, due_periods, lateness, next_due
from tracker.domain.house.errors import Invalid
from tracker.domain.rules.periods import PeriodKind, period_named, period_of
from tracker.domain.rules.workdays import CalendarDay, DayKind, DaySource, WorkCalendar

OFFICE = ZoneInfo("Asia/Shanghai")
# The days of 2026 around National Day: the Friday of its week is off, the following Saturday is a make-up day.
DAYS = (
    *(CalendarDay(date(2026, 10, day), DayKind.holiday, "国庆节", DaySource.published) for day in range(1, 8)),
    CalendarDay(date(2026, 9, 20), DayKind.makeup, "国庆节", DaySource.published),
    CalendarDay(date(2026, 10, 10), DayKind.makeup, "国庆节", DaySource.published),
    CalendarDay(date(2027, 1, 1), DayKind.holiday, "元旦", DaySource.published),
)
CALENDAR = WorkCalendar(DAYS, frozenset({2026, 2027}))
INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(OFFICE))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OFFICE)


@pytest.mark.parametrize(("cadence", "period", "due"), [
    ("daily-morning", "2026-10-01", "2026-10-01 08:30"),  # a day off has its record too
    ("daily-evening", "2026-11-23", "2026-11-23 18:00"),
    ("weekly-review", "2026-W47", "2026-11-20 15:00"),
    ("weekly-review", "2026-W40", "2026-09-30 15:00"),  # Friday is off: the last working day of the week
    ("weekly-review", "2026-W53", "2026-12-31 15:00"),  # New Year's Day is its Friday
    ("monthly-circular", "2026-09", "2026-10-08 09:00"),
    ("monthly-circular", "2026-12", "2027-01-04 09:00"),
    ("quarterly-appraisal", "2026-Q3", "2026-10-10 09:00"),  # the make-up Saturday is the third working day
    ("annual-appraisal", "2026", "2027-01-08 09:00"),
])
def test_the_days_on_which_it_is_due(cadence: str, period: str, due: str) -> None:
    assert cadence_named(cadence).due_at(period_named(period), CALENDAR, OFFICE) == at(due)


def test_a_week_that_is_off_as_a_whole_is_due_on_its_friday() -> None:
    off = WorkCalendar(tuple(CalendarDay(date(2026, 2, 16) + timedelta(days=n), DayKind.holiday, "春节", DaySource.published) for n in range(7)),
                       frozenset({2026}))
    assert cadence_named("weekly-review").due_at(period_named("2026-W08"), off, OFFICE) == at("2026-02-20 15:00")


def test_the_fourth_quarter_has_no_beat_of_its_own() -> None:
    due = due_periods(cadence_named("quarterly-appraisal"), at("2025-12-31 00:00"), at("2027-03-01 00:00"), CALENDAR, OFFICE)
    assert [period.key for period in due] == ["2026-Q1", "2026-Q2", "2026-Q3"]


@given(INSTANTS, st.integers(0, 500), st.integers(0, 500))
def test_what_falls_due_in_two_stretches_falls_due_in_the_whole_once(since: datetime, first: int, second: int) -> None:
    middle = since + timedelta(hours=first)
    end = middle + timedelta(hours=second)
    for cadence in CADENCES:
        parts = [*due_periods(cadence, since, middle, CALENDAR, OFFICE), *due_periods(cadence, middle, end, CALENDAR, OFFICE)]
        assert parts == list(due_periods(cadence, since, end, CALENDAR, OFFICE))
        assert len(set(parts)) == len(parts)


@given(INSTANTS)
def test_the_next_one_to_fall_due_is_the_first_that_will_be_missing(now: datetime) -> None:
    for cadence in CADENCES:
        period, due = next_due(cadence, now, CALENDAR, OFFICE)
        assert due > now
        assert list(due_periods(cadence, now, due, CALENDAR, OFFICE)) == [period]


@given(st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.sampled_from(PeriodKind))
def test_a_key_names_its_period_and_windows_touch(on: date, kind: PeriodKind) -> None:
    period = period_of(kind, on)
    assert period_named(period.key) == period
    for cadence in CADENCES:
        if cadence.kind is kind and not cadence.ordinals:
            assert cadence.window(period, CALENDAR, OFFICE).cuts == cadence.window(period.after(), CALENDAR, OFFICE).opens


@pytest.mark.parametrize(("done", "said"), [
    ("2026-11-23 08:30", ""), ("2026-11-23 09:00", ""), ("2026-11-23 10:12", "应于 08:30，补发于 10:12"),
    ("2026-11-24 08:00", "应于 2026年11月23日 08:30，补发于 2026年11月24日 08:00"),
])
def test_what_comes_after_its_grace_says_so(done: str, said: str) -> None:
    assert lateness(at("2026-11-23 08:30"), at(done), 30, OFFICE) == said


@pytest.mark.parametrize("key", ["2026-13", "2026-W54", "2026-Q5", "2026-02-30", "week 7", ""])
def test_what_is_no_period_is_refused_with_how_to_write_one(key: str) -> None:
    with pytest.raises(Invalid, match="周写作 2026-W47"):
        period_named(key)
