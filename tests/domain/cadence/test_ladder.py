"""The ladder: each rung once for each case, round and lap; the highest one reached is told, the lower ones are passed."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.cadence.ladder import (
    WAITING,
    Reached,
    Rung,
    To,
    Watched,
    WatchedClock,
    is_quiet,
    latest_due,
    reached,
    read_ladder,
    read_site_ladder,
)
from tracker.domain.house.errors import Invalid
from tracker.domain.rules.book import LADDER
from tracker.domain.sites.rules import RUNGS as SITE_RUNGS
from tracker.services.rules.reference import shipped_calendar

CALENDAR = shipped_calendar()
RUNGS = (*read_ladder(LADDER), *WAITING)
MONDAY, CASE = date(2026, 3, 2), "case:XH-2026-000007"
RECTIFY = [rung.code for rung in RUNGS if rung.watch is WatchedClock.rectify]
Given = dict[tuple[str, int, str], set[str]]


def told(due_on: date, today: date, given: Given, *, round_: int = 1, watch: WatchedClock = WatchedClock.rectify) -> str:
    """The rung told today, which is then behind the case with those it passed; "" for none."""
    found = reached([Watched(CASE, round_, watch, due_on)], today, CALENDAR, RUNGS, given)
    for each in found:
        given.setdefault((CASE, round_, each.watched.lap), set()).update(rung.code for rung in (each.rung, *each.passed))
    return found[0].rung.code if found else ""


def days(first: date, count: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(count)]


def test_each_rung_is_told_once_and_in_its_order() -> None:
    behind: Given = {}
    heard = [code for day in days(MONDAY, 60) if (code := told(date(2026, 3, 12), day, behind))]
    assert heard == RECTIFY


def test_due_soon_counts_working_days_over_a_weekend() -> None:
    wednesday = date(2026, 3, 11)
    assert told(wednesday, date(2026, 3, 5), {}) == ""
    assert told(wednesday, date(2026, 3, 6), {}) == "due_soon"


def test_days_overdue_are_the_number_that_the_light_shows() -> None:
    friday, monday = date(2026, 3, 6), date(2026, 3, 9)
    assert told(friday, monday, {}) == "overdue_3"


def test_a_weekend_between_two_rungs_tells_the_higher_one_and_passes_the_lower() -> None:
    (found,) = reached([Watched(CASE, 1, WatchedClock.rectify, date(2026, 3, 6))], date(2026, 3, 9), CALENDAR, RUNGS,
                       {(CASE, 1, "2026-03-06"): {"due_soon", "due_today"}})
    assert (found.rung.code, [rung.code for rung in found.passed]) == ("overdue_3", ["overdue_1"])


def test_five_days_of_standstill_tell_one_rung_and_the_passed_ones_are_never_told_later() -> None:
    behind: Given = {}
    assert told(date(2026, 3, 12), date(2026, 3, 10), behind) == "due_soon"
    assert [told(date(2026, 3, 12), day, behind) for day in days(date(2026, 3, 16), 3)] == ["overdue_3", "", ""]
    assert behind[(CASE, 1, "2026-03-12")] == {"due_soon", "due_today", "overdue_1", "overdue_3"}


def test_a_new_due_date_begins_a_new_lap() -> None:
    behind: Given = {}
    assert told(date(2026, 3, 12), date(2026, 3, 11), behind) == "due_soon"
    assert told(date(2026, 3, 19), date(2026, 3, 11), behind) == ""
    assert told(date(2026, 3, 19), date(2026, 3, 17), behind) == "due_soon"


def test_another_round_begins_anew_even_on_the_same_date() -> None:
    behind: Given = {}
    assert told(date(2026, 3, 12), date(2026, 3, 13), behind) == "overdue_1"
    assert told(date(2026, 3, 12), date(2026, 3, 13), behind, round_=2) == "overdue_1"


def test_a_rung_that_is_added_below_those_given_is_not_told() -> None:
    more = (*RUNGS, Rung("overdue_2", 2, (To.officer,), "超期 2 日"))
    given = {(CASE, 1, "2026-03-12"): {"overdue_3"}}
    assert reached([Watched(CASE, 1, WatchedClock.rectify, date(2026, 3, 12))], date(2026, 3, 16), CALENDAR, more, given) == ()


def test_clocks_of_one_case_climb_each_for_itself() -> None:
    clocks = [Watched(CASE, 1, WatchedClock.rectify, date(2026, 3, 5)),
              Watched(CASE, 1, WatchedClock.acknowledge, date(2026, 3, 3))]
    found = reached(clocks, date(2026, 3, 4), CALENDAR, RUNGS, {})
    assert [each.rung.code for each in found] == ["due_soon", "sign_1"]


def test_a_rung_counted_in_working_days_waits_for_them() -> None:
    rung = Rung("late_2", 2, (To.officer,), "超期两个工作日", is_in_workdays=True)
    assert latest_due(rung, date(2026, 3, 9), CALENDAR) == date(2026, 3, 5), "Friday and Monday are two working days"
    assert latest_due(Rung("ahead", -3, (To.officer,), "提前三日"), MONDAY, CALENDAR) == date(2026, 3, 5)


def test_make_up_days_and_holidays_are_counted_as_they_are_worked() -> None:
    soon = next(rung for rung in RUNGS if rung.code == "due_soon")
    before_national_day = date(2025, 9, 29)
    assert latest_due(soon, before_national_day, CALENDAR) >= date(2025, 10, 8), "the holiday leaves few working days"


@given(due=st.dates(date(2025, 1, 1), date(2026, 12, 31)), seen=st.lists(st.integers(-20, 60), min_size=1, max_size=30,
                                                                         unique=True))
def test_whatever_days_are_missed_no_rung_is_told_twice_and_none_out_of_order(due: date, seen: list[int]) -> None:
    behind: Given = {}
    heard = [code for offset in sorted(seen) if (code := told(due, due + timedelta(days=offset), behind))]
    assert len(set(heard)) == len(heard)
    assert [RECTIFY.index(code) for code in heard] == sorted(RECTIFY.index(code) for code in heard)


def test_the_last_rung_asks_for_a_supervision_order_of_those_who_may_give_it() -> None:
    last = max((rung for rung in RUNGS if rung.watch is WatchedClock.rectify), key=lambda rung: rung.days)
    assert last.is_order_due
    assert {To.dispatcher, To.lead} <= set(last.to)
    assert not any(rung.is_order_due for rung in RUNGS if rung is not last)


def test_every_rung_has_its_own_code_somebody_to_tell_and_words() -> None:
    every = (*RUNGS, *read_site_ladder(SITE_RUNGS))
    assert len({rung.code for rung in every}) == len(every)
    assert all(rung.to and rung.word for rung in every)
    assert {rung.watch for rung in every} == set(WatchedClock)


def test_a_ladder_that_cannot_be_read_is_refused_by_the_number_of_its_rung() -> None:
    for bad in ("阶梯", [{"rung": "a"}], [{**LADDER[0], "to": ["nobody"]}]):
        with pytest.raises(Invalid, match="催办阶梯"):
            read_ladder(bad)
    with pytest.raises(Invalid, match="第 2 级"):
        read_ladder([LADDER[0], {}])


def test_quiet_hours_pass_midnight() -> None:
    hours = "20:00-07:30"
    assert [is_quiet(time(*at), hours) for at in ((19, 59), (20, 0), (0, 0), (7, 29), (7, 30),
                                                  (12, 0))] == [False, True, True, True, False, False]
    assert is_quiet(time(13, 0), "12:00-14:00")
    assert not is_quiet(time(14, 0), "12:00-14:00")


def test_nothing_is_reached_without_a_clock() -> None:
    assert reached([], MONDAY, CALENDAR, RUNGS, {}) == ()
    late = Watched(CASE, 1, WatchedClock.verify, MONDAY - timedelta(days=1))
    assert isinstance(reached([late], MONDAY, CALENDAR, RUNGS, {})[0], Reached)
