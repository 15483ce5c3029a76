"""Deadlines: choosing a limit, counting it, pausing it, explaining it, colouring it."""

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.project_files import ROOT
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.rules.deadlines import (
    DEFAULT_LIMITS,
    Light,
    Limit,
    LimitUnit,
    Pause,
    Stage,
    choose,
    due,
    explain,
    light,
    light_bounds,
    notice_window,
    remaining_after_reject,
    shift_for_pause,
)
from tracker.domain.rules.workdays import DayKind
from tracker.services.rules.reference import shipped_calendar

SHARED = ROOT.parent / "shared" / "data"
CALENDAR = shipped_calendar()
OFFICE = ZoneInfo("Asia/Shanghai")
ONE_DAY = timedelta(days=1)
some_day = st.dates(date(2021, 1, 1), date(2026, 6, 30))
day_units = st.sampled_from([LimitUnit.calendar_day, LimitUnit.working_day])


def a_limit(amount: int, unit: LimitUnit, *, first_day_counts: bool = False, source: str | None = None) -> Limit:
    return Limit(source, Stage.rectify, amount, unit, first_day_counts, "测试", date(2020, 1, 1))


def office(year: int, month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=OFFICE)


def test_a_sources_own_limit_wins_over_the_general_one() -> None:
    assert choose(DEFAULT_LIMITS, "H12345", Stage.rectify, date(2026, 5, 1)).amount == 5
    general = choose(DEFAULT_LIMITS, "MSG", Stage.rectify, date(2026, 5, 1))
    assert (general.source, general.amount, general.unit) == (None, 15, LimitUnit.working_day)


def test_an_older_matter_follows_the_rules_of_its_day() -> None:
    assert "2005年" in choose(DEFAULT_LIMITS, "H12369", Stage.rectify, date(2021, 9, 3)).basis
    assert "第三十四条" in choose(DEFAULT_LIMITS, "H12369", Stage.rectify, date(2022, 5, 1)).basis


def test_a_missing_limit_is_refused_by_source_stage_and_day() -> None:
    with pytest.raises(Incomplete) as refused:
        choose([], "D3JX", Stage.notice, date(2026, 5, 1))
    for part in ("D3JX", "公示", "2026年5月1日"):
        assert part in refused.value.sentence


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("source", ["D3JX", "D2JX", "PSJX", "H12345", "H12369", "PATROL", "RAIL", "MSG", "CHICAGO"])
def test_every_shipped_source_has_a_limit_for_every_stage(source: str, stage: Stage) -> None:
    limit = choose(DEFAULT_LIMITS, source, stage, date(2021, 9, 3))
    assert limit.amount > 0
    assert limit.basis


def test_the_day_after_receipt_is_day_one() -> None:
    assert due(a_limit(10, LimitUnit.calendar_day), date(2026, 5, 1), CALENDAR).on == date(2026, 5, 11)
    assert due(a_limit(1, LimitUnit.working_day), date(2026, 9, 30), CALENDAR).on == date(2026, 10, 8)


def test_a_limit_may_count_its_first_day() -> None:
    assert due(a_limit(10, LimitUnit.calendar_day, first_day_counts=True), date(2026, 5, 1), CALENDAR).on == date(2026, 5, 10)
    assert due(a_limit(1, LimitUnit.working_day, first_day_counts=True), date(2026, 9, 30), CALENDAR).on == date(2026, 9, 30)


def test_a_due_date_past_the_published_calendar_is_provisional_for_working_days_only() -> None:
    assert due(a_limit(15, LimitUnit.working_day), date(2026, 12, 20), CALENDAR).is_provisional
    assert not due(a_limit(15, LimitUnit.calendar_day), date(2026, 12, 20), CALENDAR).is_provisional


@pytest.mark.parametrize(
    ("start", "hours", "at"),
    [
        (office(2026, 5, 7, 10, 0), 1, office(2026, 5, 7, 11, 0)),
        (office(2026, 5, 7, 11, 0), 4, office(2026, 5, 7, 16, 30)),
        (office(2026, 5, 7, 16, 30), 4, office(2026, 5, 8, 12, 0)),
        (office(2026, 5, 8, 17, 0), 1, office(2026, 5, 9, 9, 30)),  # Saturday 9 May is a make-up day
        (office(2026, 4, 30, 20, 0), 1, office(2026, 5, 6, 10, 0)),  # Labour Day, 1 to 5 May
    ],
)
def test_working_hours_run_in_office_hours_only(start: datetime, hours: int, at: datetime) -> None:
    reached = due(a_limit(hours, LimitUnit.working_hour), start, CALENDAR)
    assert reached.at == at
    assert reached.on == at.date()


def test_an_instant_in_utc_is_refused_loudly() -> None:
    with pytest.raises(ValueError, match="office time"):
        due(a_limit(1, LimitUnit.working_day), datetime(2026, 5, 7, 20, 0, tzinfo=UTC), CALENDAR)


def test_published_notice_windows_are_exactly_ten_working_days() -> None:
    path = SHARED / "notice-windows.csv"
    if not path.exists():
        pytest.skip("../shared/data is not beside this project")
    with path.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2
    for row in rows:
        first, last = date.fromisoformat(row["公示开始"]), date.fromisoformat(row["公示结束"])
        assert CALENDAR.workdays_between(first, last) == 10
        assert notice_window(first, 10, CALENDAR).last == last


def test_a_notice_window_counts_both_ends() -> None:
    assert notice_window(date(2025, 5, 21), 10, CALENDAR).last == date(2025, 6, 4)
    assert notice_window(date(2025, 5, 21), 1, CALENDAR).last == date(2025, 5, 21)


def test_a_notice_window_into_an_unpublished_year_is_refused() -> None:
    with pytest.raises(Incomplete) as refused:
        notice_window(date(2026, 12, 25), 10, CALENDAR)
    assert "2027年" in refused.value.sentence
    with pytest.raises(Invalid):
        notice_window(date(2026, 5, 6), 0, CALENDAR)


def test_a_pause_gives_back_what_was_left() -> None:
    working, calendar = LimitUnit.working_day, LimitUnit.calendar_day
    assert shift_for_pause(date(2026, 11, 13), working, date(2026, 11, 9), date(2026, 11, 11), CALENDAR).on == date(2026, 11, 17)
    assert shift_for_pause(date(2026, 11, 13), calendar, date(2026, 11, 9), date(2026, 11, 11), CALENDAR).on == date(2026, 11, 15)
    with pytest.raises(Invalid):
        shift_for_pause(date(2026, 11, 13), working, date(2026, 11, 11), date(2026, 11, 9), CALENDAR)


@given(some_day, st.integers(0, 20), st.integers(0, 20))
def test_the_working_days_left_at_a_pause_are_left_when_it_ends(paused: date, left: int, length: int) -> None:
    due_on = CALENDAR.add_workdays(paused, left).on if left else CALENDAR.workday_from(paused)
    resumed = paused + timedelta(days=length)
    shifted = shift_for_pause(due_on, LimitUnit.working_day, paused, resumed, CALENDAR).on
    assert CALENDAR.workdays_between(resumed, shifted) == CALENDAR.workdays_between(paused, due_on)


def test_a_last_day_on_a_day_off_rolls_where_the_limit_says_so() -> None:
    limit = a_limit(10, LimitUnit.calendar_day)
    rolling = replace(limit, rolls=True)
    for start, plain, rolled in ((date(2026, 5, 5), 15, 15), (date(2026, 5, 6), 16, 18), (date(2026, 5, 7), 17, 18)):
        assert [due(each, start, CALENDAR).on.day for each in (limit, rolling)] == [plain, rolled]
    assert due(rolling, date(2026, 9, 22), CALENDAR).on == date(2026, 10, 8)  # National Day
    assert due(rolling, date(2026, 2, 4), CALENDAR).on == date(2026, 2, 14)  # a Saturday that is worked
    lines = explain(rolling, date(2026, 5, 6), CALENDAR)
    assert [(line.on.day, line.counted_number, line.note) for line in lines[-3:]] == [
        (16, 10, "计入"), (17, None, "末日逢休息日，顺延"), (18, None, "截止日(24:00)，末日逢休息日，顺延至此")]
    assert due(rolling, date(2027, 1, 13), CALENDAR).is_provisional and not due(limit, date(2027, 1, 13), CALENDAR).is_provisional


def test_what_is_left_after_a_pause_or_a_rejection_rolls_as_the_limit_does() -> None:
    saturday, days = date(2026, 5, 16), LimitUnit.calendar_day
    assert shift_for_pause(date(2026, 5, 14), days, date(2026, 5, 12), date(2026, 5, 14), CALENDAR).on == saturday
    assert shift_for_pause(date(2026, 5, 14), days, date(2026, 5, 12), date(2026, 5, 14), CALENDAR, rolls=True).on.day == 18
    on = date(2026, 5, 15)
    assert remaining_after_reject(on, on, on, days, CALENDAR).on == saturday
    assert remaining_after_reject(on, on, on, days, CALENDAR, rolls=True).on.day == 18


def test_rejected_work_goes_back_with_the_time_it_had_left() -> None:
    working = LimitUnit.working_day
    back = remaining_after_reject(date(2026, 11, 9), date(2026, 11, 13), date(2026, 11, 11), working, CALENDAR)
    assert back.on == date(2026, 11, 17)  # four days were left on Monday, four are left on Wednesday


def test_work_submitted_on_its_last_day_comes_back_with_one_more_day() -> None:
    on = date(2026, 11, 13)
    assert remaining_after_reject(on, on, date(2026, 11, 18), LimitUnit.working_day, CALENDAR).on == date(2026, 11, 19)
    assert remaining_after_reject(on, on, date(2026, 11, 20), LimitUnit.calendar_day, CALENDAR).on == date(2026, 11, 21)


def test_late_work_comes_back_as_late_as_it_was() -> None:
    calendar_day = LimitUnit.calendar_day
    back = remaining_after_reject(date(2026, 11, 12), date(2026, 11, 10), date(2026, 11, 20), calendar_day, CALENDAR)
    assert (date(2026, 11, 20) - back.on).days == 2


def test_an_explanation_names_every_day_and_why() -> None:
    lines = explain(a_limit(2, LimitUnit.working_day), date(2026, 2, 13), CALENDAR)
    assert [line.on for line in lines] == [date(2026, 2, 13) + timedelta(days=n) for n in range(12)]
    assert (lines[0].counted_number, lines[0].note) == (None, "起算日，不计")
    assert (lines[1].kind, lines[1].counted_number, lines[1].note) == (DayKind.makeup, 1, "调休上班，计入")
    assert (lines[2].name, lines[2].counted_number, lines[2].note) == ("春节", None, "法定节假日，不计")
    assert (lines[-1].counted_number, lines[-1].note) == (2, "截止日(24:00)")


def test_an_explanation_shows_pauses_extension_and_provisional_days() -> None:
    pause = Pause(date(2026, 12, 29), date(2026, 12, 31))
    lines = explain(a_limit(3, LimitUnit.working_day), date(2026, 12, 28), CALENDAR, [pause], extended_to=date(2027, 1, 8))
    notes = {line.on: line.note for line in lines}
    assert notes[date(2026, 12, 29)] == "暂停期间，不计"
    assert "暂定" in notes[date(2027, 1, 1)]
    assert notes[date(2027, 1, 5)].startswith("截止日")
    assert notes[date(2027, 1, 8)].startswith("延期后的截止日")
    assert [line.on.day for line in lines if line.is_paused] == [29, 30]
    assert [line.on for line in lines if line.is_due_day] == [date(2027, 1, 5)]
    assert {line.bare for line in lines if line.on == date(2027, 1, 1)} == {"法定节假日，不计"}


def test_a_pause_says_of_its_days_why_they_do_not_count() -> None:
    pause = Pause(date(2026, 12, 29), date(2026, 12, 31), "核查期间，不计")
    lines = explain(a_limit(3, LimitUnit.working_day), date(2026, 12, 28), CALENDAR, [pause])
    assert [line.on.day for line in lines if line.note == pause.note] == [29, 30]


def test_an_explanation_of_working_hours_ends_on_the_due_day() -> None:
    limit = a_limit(10, LimitUnit.working_hour)
    start = datetime(2026, 5, 7, 15, 0, tzinfo=OFFICE)
    lines = explain(limit, start, CALENDAR)
    assert lines[-1].on == due(limit, start, CALENDAR).on
    assert "按工作小时" in lines[-1].note


@given(some_day, st.integers(1, 40), day_units, st.booleans(), st.booleans())
def test_the_explanation_ends_on_the_due_date(start: date, amount: int, unit: LimitUnit, first_counts: bool,
                                              rolls: bool) -> None:
    limit = replace(a_limit(amount, unit, first_day_counts=first_counts), rolls=rolls and unit is LimitUnit.calendar_day)
    lines = explain(limit, start, CALENDAR)
    assert lines[-1].on == due(limit, start, CALENDAR).on
    assert [line.counted_number for line in lines if line.counted_number] == list(range(1, amount + 1))


@given(some_day, st.integers(1, 30), day_units, st.integers(1, 15), st.integers(0, 20))
def test_an_explained_pause_ends_where_the_shift_ends(start: date, amount: int, unit: LimitUnit, after: int, length: int) -> None:
    limit = a_limit(amount, unit)
    due_on = due(limit, start, CALENDAR).on
    paused = min(start + timedelta(days=after), due_on)
    resumed = paused + timedelta(days=length)
    lines = explain(limit, start, CALENDAR, [Pause(paused, resumed)])
    assert lines[-1].on == shift_for_pause(due_on, unit, paused, resumed, CALENDAR).on


@pytest.mark.parametrize(
    ("due_on", "colour", "days"),
    [
        (date(2026, 11, 22), Light.red, 1),
        (date(2026, 11, 23), Light.yellow, 0),
        (date(2026, 11, 26), Light.yellow, 3),
        (date(2026, 11, 27), Light.green, 4),
        (date(2026, 11, 28), Light.green, 4),
        (None, Light.green, None),
    ],
)
def test_the_light_of_a_running_case(due_on: date | None, colour: Light, days: int | None) -> None:
    reading = light(due_on, date(2026, 11, 23), CALENDAR)
    assert (reading.light, reading.days) == (colour, days)


def test_completed_cases_are_green_and_closed_ones_blue_however_late() -> None:
    long_ago, today = date(2026, 1, 5), date(2026, 11, 23)
    assert light(long_ago, today, CALENDAR, is_completed=True).light is Light.green
    assert light(long_ago, today, CALENDAR, is_completed=True, is_closed=True).light is Light.blue


@given(some_day, st.integers(-30, 60), st.integers(0, 10))
def test_the_light_agrees_with_the_bounds_that_sql_compares(today: date, ahead: int, warn: int) -> None:
    due_on = today + timedelta(days=ahead)
    assert light(due_on, today, CALENDAR, warn_workdays=warn).light is light_bounds(today, CALENDAR, warn).light(due_on)


def test_the_last_yellow_date_stretches_over_a_holiday() -> None:
    assert light_bounds(date(2026, 9, 25), CALENDAR).yellow_until == date(2026, 10, 7)
    assert light(date(2026, 10, 7), date(2026, 9, 25), CALENDAR).days == 3
