"""Working days: the shipped calendar against two outside sources, and the arithmetic on it."""

import csv
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.project_files import ROOT
from tracker.domain.house.errors import Invalid
from tracker.domain.rules.workdays import CalendarDay, DayKind, DaySource, WorkCalendar, calendar_days, published_years
from tracker.services.rules.reference import shipped_calendar, shipped_days

SHARED = ROOT.parent / "shared" / "data"
CALENDAR = shipped_calendar()
DAYS_2021_TO_2026 = [date(2021, 1, 1) + timedelta(days=n) for n in range(6 * 365 + 1)]
some_day = st.dates(date(2021, 1, 1), date(2026, 6, 30))


def test_every_day_of_2021_to_2026_agrees_with_chinese_calendar() -> None:
    chinese_calendar = pytest.importorskip("chinese_calendar", reason="the chinesecalendar package is not installed")
    differing = [on for on in DAYS_2021_TO_2026 if CALENDAR.is_workday(on) != chinese_calendar.is_workday(on)]
    assert differing == []
    assert DAYS_2021_TO_2026[-1] == date(2026, 12, 31)


def test_every_adjustment_agrees_with_the_shared_list() -> None:
    path = SHARED / "cn-workday-adjustments-2021-2026.csv"
    if not path.exists():
        pytest.skip("../shared/data is not beside this project")
    with path.open(encoding="utf-8-sig") as file:
        listed = {date.fromisoformat(row["日期"]): row["类型(休/班)"] for row in csv.DictReader(file)}
    ours = {day.on: "休" if day.kind is DayKind.holiday else "班" for day in shipped_days() if day.source is DaySource.published}
    assert ours == listed


def test_every_published_day_names_its_paper_and_no_estimated_day_does() -> None:
    for day in shipped_days():
        assert bool(day.paper.startswith("国办发明电〔")) == (day.source is DaySource.published)
        assert day.name


def test_the_published_years_end_with_2026() -> None:
    assert CALENDAR.published_years == frozenset(range(2021, 2027))
    assert not CALENDAR.is_published(date(2027, 1, 1))


def test_make_up_days_fall_on_saturdays_and_on_sundays() -> None:
    assert CALENDAR.kind(date(2025, 1, 26)) is DayKind.makeup
    assert date(2025, 1, 26).weekday() == 6
    assert CALENDAR.is_workday(date(2026, 2, 28))
    assert CALENDAR.kind(date(2026, 10, 1)) is DayKind.holiday
    assert CALENDAR.kind(date(2026, 11, 21)) is DayKind.weekend
    assert CALENDAR.kind(date(2026, 11, 23)) is DayKind.workday


def test_counting_skips_the_spring_festival_and_counts_its_make_up_days() -> None:
    counted = CALENDAR.add_workdays(date(2026, 2, 13), 2)
    assert counted.on == date(2026, 2, 24)  # day 1 is Saturday 14 February, 15 to 23 are off
    assert not counted.is_provisional


def test_counting_into_an_unpublished_year_is_provisional_and_knows_the_estimated_days() -> None:
    counted = CALENDAR.add_workdays(date(2026, 12, 31), 1)
    assert counted.is_provisional
    assert counted.on == date(2027, 1, 4)  # 1 January 2027 is a Friday


def test_a_year_before_the_published_ones_is_provisional_too() -> None:
    assert CALENDAR.add_workdays(date(2018, 6, 1), 5).is_provisional


def test_counting_backwards_and_by_zero() -> None:
    assert CALENDAR.add_workdays(date(2026, 2, 24), -1).on == date(2026, 2, 14)
    assert CALENDAR.add_workdays(date(2026, 2, 20), 0).on == date(2026, 2, 20)


def test_the_next_working_day_is_never_the_day_itself() -> None:
    assert CALENDAR.next_workday(date(2026, 9, 30)) == date(2026, 10, 8)
    assert CALENDAR.workday_from(date(2026, 9, 30)) == date(2026, 9, 30)
    assert CALENDAR.workday_from(date(2026, 10, 1)) == date(2026, 10, 8)


def test_an_entered_day_wins_over_an_estimated_one() -> None:
    on = date(2027, 2, 8)
    estimated = CalendarDay(on, DayKind.holiday, "春节", DaySource.estimated)
    entered = CalendarDay(on, DayKind.makeup, "春节", DaySource.entered)
    calendar = WorkCalendar((entered, estimated), published_years([entered, estimated]))
    assert calendar.is_workday(on)
    assert calendar.is_published(on)


def test_a_december_day_in_next_years_notice_does_not_publish_a_year() -> None:
    assert published_years([CalendarDay(date(2022, 12, 31), DayKind.holiday, "元旦", DaySource.published)]) == frozenset()


def test_a_bad_row_is_named_by_number_and_column() -> None:
    good = {"date": "2027-01-01", "kind": "holiday", "name": "元旦", "source": "entered", "notice": ""}
    with pytest.raises(Invalid) as refused:
        calendar_days([good, good | {"kind": "feast"}])
    assert "第 3 行" in refused.value.sentence
    assert refused.value.field == "kind"


def test_a_date_outside_the_range_is_refused_and_the_year_2053_is_not() -> None:
    assert CALENDAR.add_workdays(date(2053, 1, 1), 3).is_provisional
    with pytest.raises(Invalid):
        CALENDAR.is_workday(date(1989, 12, 31))
    with pytest.raises(Invalid):
        CALENDAR.add_workdays(date(2100, 12, 30), 20)


@given(some_day, st.integers(1, 120))
def test_adding_working_days_and_counting_them_are_inverse(start: date, n: int) -> None:
    end = CALENDAR.add_workdays(start, n).on
    assert CALENDAR.is_workday(end)
    assert CALENDAR.workdays_between(start + timedelta(days=1), end) == n
    assert CALENDAR.workdays_between(end, start) == 0


@given(some_day, st.integers(1, 120))
def test_going_forth_and_back_returns_to_a_working_day(start: date, n: int) -> None:
    begin = CALENDAR.workday_from(start)
    assert CALENDAR.add_workdays(CALENDAR.add_workdays(begin, n).on, -n).on == begin


@given(some_day, st.integers(0, 60))
def test_the_fast_count_equals_the_slow_one(first: date, length: int) -> None:
    days = [first + timedelta(days=n) for n in range(length)]
    slow = sum(CALENDAR.kind(on) in (DayKind.workday, DayKind.makeup) for on in days)
    assert CALENDAR.workdays_between(first, first + timedelta(days=length - 1)) == slow
