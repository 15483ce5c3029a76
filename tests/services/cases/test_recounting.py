"""A year's calendar entered: estimates make way, provisional cases are counted again with a fact, certain dates stay."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.support.makers import Town
from tests.support.processes import killed_after_commits
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.errors import Incomplete, NotAllowed
from tracker.domain.rules.limits import Limit, LimitUnit, Stage
from tracker.domain.rules.workdays import CalendarDay, DayKind, DaySource
from tracker.services.cases import recounting
from tracker.services.cases.due_sheets import due_sheet_of
from tracker.services.rules import calendar as calendars
from tracker.services.rules import rules
from tracker.services.rules.limits import set_limit
from tracker.services.upkeep import integrity, jobs
from tracker.storage.cases import recounts
from tracker.storage.house import ledger
from tracker.storage.house.base import db

pytestmark = pytest.mark.one_engine

NOTICE = "国办发明电〔2026〕9号"


def day(text: str, kind: str = "holiday", name: str = "元旦") -> CalendarDay:
    return CalendarDay(date.fromisoformat(text), DayKind(kind), name, DaySource.published, NOTICE)


# 1 to 3 January off, Monday 4 January too, and the Saturday after worked instead.
YEAR = (day("2027-01-01"), day("2027-01-02"), day("2027-01-03"), day("2027-01-04"), day("2027-01-09", "makeup"))


@pytest.fixture
def december(town: Town) -> Town:
    """Wednesday, 23 December 2026: working-day limits of more than a week reach into 2027."""
    town.clock.move_to(town.clock.end_of(date(2026, 12, 22)) + timedelta(hours=9))
    assert town.clock.today() == date(2026, 12, 23)
    return town


def test_a_provisional_case_is_previewed_then_counted_again_with_a_fact(december: Town) -> None:
    number = provisional(december)
    before = december.row(number).due_on
    seen = recounting.preview(december.actor("admin"), YEAR)
    assert (seen.settled, seen.change_count, seen.changes[0].number, seen.changes[0].before) == ((2027,), 1, number, before)
    assert december.row(number).is_due_provisional, "a preview writes nothing"
    assert 2027 not in rules.calendar().published_years
    done = recounting.load(december.actor("admin"), YEAR, "2027.csv")
    after = december.row(number)
    assert (done.recomputed, after.due_on, after.is_due_provisional) == (1, seen.changes[0].after, False)
    assert after.due_on == after.original_due_on != before
    fact = ledger.stream_of(db.session(), f"case:{number}")[-1]
    assert (fact.kind, fact.actor_id) == ("case:due_recomputed", 0)
    assert (fact.payload["from_due_on"], fact.payload["to_due_on"]) == (before.isoformat(), after.due_on.isoformat())
    assert fact.payload["calendar_version"] >= 1
    sheet = due_sheet_of(december.actor("dispatcher"), number)
    assert sheet.is_told
    assert sheet.running.count.moves[-1].kind == "case:due_recomputed"
    assert not any(move.is_overruled for move in sheet.running.count.moves)
    assert integrity.verify().first is None
    assert recounting.load(december.actor("admin"), YEAR).recomputed == 0, "the second time there is nothing left to do"


def provisional(town: Town, source: str = "H12345") -> str:
    """A case in rectification whose date leans on 2027."""
    town.clock.move_to(town.clock.end_of(date(2026, 12, 28)) + timedelta(hours=9))
    number = town.case_in(CaseState.rectifying, source)
    assert town.row(number).is_due_provisional
    return number


@pytest.mark.parametrize("walk", [("suspend", "resume"), ("submit", "reject"), ("submit", "reject", "suspend", "resume")])
def test_pauses_and_rejections_are_counted_as_before(december: Town, walk: tuple[str, ...]) -> None:
    number = provisional(december)
    for step in walk:
        december.days_pass(1)
        december.walk(number, step)
    recounting.load(None, YEAR)
    row, sheet = december.row(number), due_sheet_of(december.actor("dispatcher"), number)
    assert not row.is_due_provisional
    assert sheet.is_told
    assert sheet.running.lines[-1].counted_number == sheet.running.count.limit.amount
    assert integrity.verify().first is None


def test_a_date_set_by_a_person_or_granted_stays(december: Town) -> None:
    extended, other = provisional(december), provisional(december)
    december.walk(extended, "grant_extension")
    due_on = december.row(extended).due_on
    given = december.clock.today() + timedelta(days=20)
    overruled = december.registered("H12345")
    december.do(overruled, "assign", due_on=given.isoformat(), due_reason="领导批示")
    done = recounting.load(None, YEAR)
    assert december.row(extended).due_on == due_on
    assert december.row(overruled).due_on == given
    assert december.row(other).is_due_provisional is False
    assert done.recomputed == 1


def test_of_cases_counted_in_calendar_days_only_a_last_day_that_rolls_moves(december: Town) -> None:
    december.clock.move_to(december.clock.end_of(date(2026, 12, 27)))
    rolling = december.case_in(CaseState.rectifying, "PATROL")
    recounting.load(None, YEAR)
    row = december.row(rolling)
    assert (row.original_due_on, row.due_on, row.is_due_provisional) == (date(2027, 1, 5), date(2027, 1, 5), False)
    assert due_sheet_of(december.actor("dispatcher"), rolling).is_told and integrity.verify().first is None


def test_a_case_counted_in_calendar_days_that_do_not_roll_never_moves(december: Town) -> None:
    december.clock.move_to(december.clock.end_of(date(2026, 12, 27)))
    set_limit(december.actor("admin"), Limit("PATROL", Stage.rectify, 7, LimitUnit.calendar_day, False, "试", date(2026, 12, 28)))
    number = december.case_in(CaseState.rectifying, "PATROL")
    due_on = december.row(number).due_on
    assert due_on == date(2027, 1, 4)
    assert recounting.load(None, YEAR).recomputed == 0
    assert december.row(number).due_on == due_on


def test_the_limits_of_a_case_not_yet_signed_for_move_too(december: Town) -> None:
    december.clock.move_to(december.clock.end_of(date(2026, 12, 30)) + timedelta(hours=9))
    number = december.registered("D3JX")
    december.do(number, "assign")
    assert december.row(number).acknowledge_due_on == date(2027, 1, 4)
    recounting.load(None, YEAR)
    row = december.row(number)
    assert (row.acknowledge_due_on, row.return_until_on) == (date(2027, 1, 5), date(2027, 1, 6))


def test_portions_of_any_size_hold_the_same_cases_with_their_facts(december: Town) -> None:
    numbers = [provisional(december) for _ in range(3)]
    for size in (1, 2, 200):
        found = [each for portion in recounts.portions(db.session(), date.max, size) for each in portion]
        assert [each.number for each in found] == numbers
        assert all([fact.seq for fact in each.facts] == list(range(1, len(each.facts) + 1)) for each in found)


def test_a_case_is_counted_again_also_while_it_is_paused_or_awaits_its_verification(december: Town) -> None:
    paused, submitted = provisional(december), provisional(december)
    december.walk(paused, "suspend")
    december.walk(submitted, "submit")
    assert recounting.load(None, YEAR).recomputed == 2
    december.days_pass(3)
    december.walk(paused, "resume")
    december.walk(submitted, "reject")
    for number in (paused, submitted):
        sheet = due_sheet_of(december.actor("dispatcher"), number)
        assert sheet.is_told
        assert not any(move.is_overruled for move in sheet.running.count.moves)
        assert not december.row(number).is_due_provisional
    assert integrity.verify().first is None


def test_a_later_notice_leaves_certain_dates_alone(december: Town) -> None:
    number = provisional(december)
    recounting.load(None, YEAR)
    due_on = december.row(number).due_on
    later = (day("2027-01-05"), day("2027-01-06"), day("2027-01-07"))
    assert recounting.preview(None, later).change_count == 0
    assert recounting.load(None, later).recomputed == 0
    assert december.row(number).due_on == due_on


def test_estimated_days_make_way_for_the_year_that_is_published(december: Town) -> None:
    estimated = [d for d in rules.calendar().days if d.on.year == 2027]
    assert estimated and all(d.source is DaySource.estimated for d in estimated)
    seen = recounting.preview(None, YEAR)
    done = recounting.load(december.actor("admin"), YEAR)
    assert [d.on for d in rules.calendar().days if d.on.year == 2027] == [d.on for d in YEAR]
    assert (done.loaded.added, done.loaded.changed, done.loaded.removed) == (seen.added, seen.changed, seen.removed)
    (entry, *_) = recounting.history()
    assert (entry.years, entry.removed) == ((2027,), seen.removed)
    assert entry.by == december.actor("admin").name


def test_a_thin_year_is_called_odd(december: Town) -> None:
    assert "2027 年只有 4 个放假日" in recounting.preview(None, YEAR).odd[0]
    full = (*YEAR, *(day(f"2027-05-{n:02}") for n in range(1, 12)))
    assert recounting.preview(None, full).odd == ()


def test_a_notice_over_the_year_end_waits_for_the_calendar(december: Town) -> None:
    number = december.case_in(CaseState.verified, "D3JX")
    with pytest.raises(Incomplete, match="尚未公布"):
        december.do(number, "open_notice")
    recounting.load(None, YEAR)
    december.do(number, "open_notice")


def test_only_who_manages_rules_may_load(december: Town) -> None:
    for login in ("dispatcher", "lead", "officer"):
        with pytest.raises(NotAllowed):
            recounting.load(december.actor(login), YEAR)
        with pytest.raises(NotAllowed):
            recounting.preview(december.actor(login), YEAR)


def test_the_alarm_sounds_from_the_first_of_october_until_the_year_is_there(town: Town) -> None:
    assert calendars.alarm(date(2026, 9, 30)) is None
    assert "2027 年的放假安排" in (calendars.alarm(date(2026, 10, 1)) or "")
    assert "2027 年的放假安排" in (calendars.alarm(date(2027, 1, 1)) or "")
    recounting.load(None, YEAR)
    assert calendars.alarm(date(2026, 10, 1)) is None


def load_in_portions_of_one() -> str:
    """In a process of its own."""
    return str(recounting.load(None, YEAR, portion=1).recomputed)


@pytest.fixture
def cut_off(december: Town, database_url: str, tmp_path: Path) -> tuple[str, ...]:
    """Three cases not yet signed for, and a loading that was killed when one of them was counted again."""
    december.clock.move_to(december.clock.end_of(date(2026, 12, 30)) + timedelta(hours=9))
    numbers = tuple(december.registered("D3JX") for _ in range(3))
    for number in numbers:
        december.do(number, "assign")
    db.session.remove()
    killed_after_commits(2, database_url, tmp_path, december.clock.now(), load_in_portions_of_one)
    assert signing_days(december, numbers) == [NEW, OLD, OLD]
    assert calendars.owed() is not None
    return numbers


OLD, NEW = (date(2027, 1, 4), date(2027, 1, 5)), (date(2027, 1, 5), date(2027, 1, 6))


def signing_days(town: Town, numbers: tuple[str, ...]) -> list[tuple[date | None, date | None]]:
    db.session.remove()
    return [(row.acknowledge_due_on, row.return_until_on) for row in map(town.row, numbers)]


def again(town: Town) -> int:
    assert recounting.preview(None, YEAR).change_count == 2
    done = recounting.load(town.actor("admin"), YEAR)
    assert (done.loaded.added, done.loaded.changed) == (0, 0)
    return done.recomputed


def at_night(town: Town) -> int:
    ran = jobs.run("daily-calendar-recount")
    assert "重算案件 2 件" in ran.outcome
    return 2


@pytest.mark.parametrize("finishing", [again, at_night])
def test_a_loading_that_was_killed_midway_is_finished(december: Town, cut_off: tuple[str, ...],
                                                      finishing: Callable[[Town], int]) -> None:
    assert finishing(december) == 2
    assert signing_days(december, cut_off) == [NEW] * 3
    assert calendars.owed() is None
    assert recounting.finish() is None
    assert integrity.verify().first is None


def test_what_another_loading_owes_is_not_settled_by_the_first(december: Town) -> None:
    calendars.load(None, YEAR)
    first = calendars.owed()
    calendars.load(None, (day("2027-05-01", name="劳动节"),))
    assert first is not None
    calendars.settle(first)
    assert calendars.owed() is not None
    assert recounting.finish() == 0
    assert calendars.owed() is None
