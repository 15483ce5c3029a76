"""Which period is due when, what its report counts, and how a late one is labelled."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.stories import ZONE
from tracker.domain.cadence.beats import CADENCES, Cadence, cadence_named, due_periods, lateness, next_due
from tracker.domain.house.errors import Invalid
from tracker.domain.rules.periods import PeriodKind, period_named, period_of
from tracker.services.rules.reference import shipped_calendar

CALENDAR = shipped_calendar()
KINDS = st.sampled_from(list(PeriodKind))
DAYS = st.dates(date(2021, 1, 1), date(2027, 12, 31))


def due(cadence: str, key: str) -> datetime:
    return cadence_named(cadence).due_at(period_named(key), CALENDAR, ZONE)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@given(KINDS, DAYS)
def test_a_period_is_named_by_its_key_and_touches_its_neighbours(kind: PeriodKind, on: date) -> None:
    period = period_of(kind, on)
    assert period.first <= on <= period.last
    assert period_named(period.key) == period
    assert period.after().first - period.last == timedelta(days=1) == period.first - period.before().last


@pytest.mark.parametrize(("key", "word", "before"), [
    ("2026-11-23", "2026年11月23日", "2026-11-22"), ("2026-W01", "2026年第1周", "2025-W52"), ("2020-W53", "2020年第53周", "2020-W52"),
    ("2026-01", "2026年1月", "2025-12"), ("2026-Q1", "2026年第1季度", "2025-Q4"), ("2026", "2026年", "2025"),
])
def test_a_period_has_a_word_and_a_predecessor(key: str, word: str, before: str) -> None:
    assert (period_named(key).word, period_named(key).before().key) == (word, before)


@pytest.mark.parametrize(("key", "year_before"), [
    ("2026-03", "2025-03"), ("2026-Q4", "2025-Q4"), ("2026", "2025"), ("2024-02", "2023-02"), ("2026-W10", "2025-W10"), ("2024-02-29", "2023-03-02"),
])
def test_a_period_has_the_same_one_a_year_before(key: str, year_before: str) -> None:
    assert period_named(key).year_before().key == year_before


@pytest.mark.parametrize("key", ["", "0001", "0001-01-01", "1990", "2100-01", "9999-12-31", "9999-W52", "9999-Q4", "9999", "2026-13", "2026-W54", "2026-Q5", "26-01", "2026-02-30", "2026-11-23x", "last"])
def test_what_names_no_period_is_refused(key: str) -> None:
    with pytest.raises(Invalid, match="无法识别"):
        period_named(key)


@pytest.mark.parametrize(("cadence", "key", "expected"), [
    ("daily-morning", "2026-10-01", "2026-10-01 08:30"),  # a record on every day, holidays too
    ("daily-evening", "2026-03-02", "2026-03-02 18:00"),
    ("weekly-review", "2026-W10", "2026-03-06 15:00"),
    ("weekly-review", "2026-W18", "2026-04-30 15:00"),  # Friday is 1 May
    ("weekly-review", "2025-W40", "2025-09-30 15:00"),  # 1 to 8 October 2025 are off
    ("monthly-circular", "2026-02", "2026-03-02 09:00"),
    ("monthly-circular", "2026-09", "2026-10-08 09:00"),
    ("quarterly-appraisal", "2026-Q1", "2026-04-03 09:00"),
    ("annual-appraisal", "2025", "2026-01-08 09:00"),
])
def test_a_cadence_is_due_on_its_day(cadence: str, key: str, expected: str) -> None:
    assert due(cadence, key) == instant(expected)


@given(st.sampled_from(CADENCES), DAYS)
def test_windows_of_a_cadence_touch_and_end_by_the_time_it_is_due(cadence: Cadence, on: date) -> None:
    period = period_of(cadence.kind, on)
    window, following = (cadence.window(each, CALENDAR, ZONE) for each in (period, period.after()))
    assert window.opens < window.cuts == following.opens
    assert window.cuts <= cadence.due_at(period, CALENDAR, ZONE)


def test_a_month_is_counted_from_midnight_to_midnight() -> None:
    window = cadence_named("monthly-circular").window(period_named("2026-02"), CALENDAR, ZONE)
    assert (window.opens, window.cuts) == (instant("2026-02-01 00:00"), instant("2026-03-01 00:00"))
    assert window.holds(window.opens) and not window.holds(window.cuts)


def test_every_period_that_fell_due_is_found_once_and_oldest_first() -> None:
    cadence = cadence_named("daily-evening")
    found = [p.key for p in due_periods(cadence, instant("2026-02-27 18:00"), instant("2026-03-02 18:00"), CALENDAR, ZONE)]
    assert found == ["2026-02-28", "2026-03-01", "2026-03-02"]


def test_a_quarter_without_a_record_is_passed_over() -> None:
    cadence = cadence_named("quarterly-appraisal")
    found = [p.key for p in due_periods(cadence, instant("2025-07-01 00:00"), instant("2026-12-31 00:00"), CALENDAR, ZONE)]
    assert found == ["2025-Q2", "2025-Q3", "2026-Q1", "2026-Q2", "2026-Q3"]
    assert next_due(cadence, instant("2025-11-01 00:00"), CALENDAR, ZONE)[0].key == "2026-Q1"


@given(st.sampled_from(CADENCES), st.datetimes(datetime(2022, 1, 1), datetime(2026, 12, 1)))
def test_what_is_due_next_has_not_been_due_yet(cadence: Cadence, moment: datetime) -> None:
    now = moment.replace(tzinfo=ZONE)
    period, when = next_due(cadence, now, CALENDAR, ZONE)
    assert when > now
    assert list(due_periods(cadence, now, when, CALENDAR, ZONE)) == [period]


@pytest.mark.parametrize(("done", "label"), [
    ("2026-03-02 08:45", ""), ("2026-03-02 10:12", "应于 08:30，补发于 10:12"), ("2026-03-03 09:00", "应于 2026年3月2日 08:30，补发于 2026年3月3日 09:00"),
])
def test_what_came_after_its_grace_says_when_it_was_due(done: str, label: str) -> None:
    assert lateness(instant("2026-03-02 08:30"), instant(done), 30, ZONE) == label


def test_an_unknown_cadence_is_refused_with_those_there_are() -> None:
    with pytest.raises(Invalid, match="weekly-review"):
        cadence_named("hourly")
