"""A due date explained from the ledger alone: the last line is always the date that the case bears."""

from datetime import date, timedelta

import pytest

from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.errors import NotFound
from tracker.services.cases.due_sheets import DueSheet, due_sheet_of

pytestmark = pytest.mark.one_engine


def sheet(town: Town, number: str) -> DueSheet:
    """The sheet, after making sure that it ends where the case's due date is."""
    made = due_sheet_of(town.actor("dispatcher"), number)
    assert made.running is not None
    assert made.running.lines[-1].on == town.row(number).due_on
    assert made.is_told
    days = [line.on for line in made.running.lines]
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))], "no day is left out"
    return made


def count(made: DueSheet) -> int:
    assert made.running is not None
    return max(line.counted_number or 0 for line in made.running.lines)


@pytest.mark.parametrize(("source", "amount"), [("H12345", 5), ("PATROL", 7), ("D3JX", 10)])
def test_a_plain_case_counts_its_limit(town: Town, source: str, amount: int) -> None:
    made = sheet(town, town.case_in(CaseState.rectifying, source))
    assert made.running is not None and made.running.count.limit is not None
    assert count(made) == amount == made.running.count.limit.amount
    assert not made.running.count.moves[0].is_overruled
    assert made.running.lines[0].note == "起算日，不计"


@pytest.mark.parametrize("source", ["H12345", "PATROL"])
def test_a_pause_is_left_out_of_the_count(town: Town, source: str) -> None:
    number = town.case_in(CaseState.rectifying, source)
    town.days_pass(2)
    town.walk(number, "suspend")
    town.days_pass(6)
    town.walk(number, "resume")
    made = sheet(town, number)
    assert sum(line.note.startswith("暂停期间") for line in made.running.lines) == 6
    assert count(made) == made.running.count.limit.amount
    assert not made.running.count.moves[-1].is_overruled


def test_an_extension_keeps_both_dates(town: Town) -> None:
    number = town.case_in(CaseState.rectifying)
    before = town.row(number).due_on
    town.walk(number, "grant_extension")
    made = sheet(town, number)
    move = made.running.count.moves[-1]
    assert (move.kind, move.before, move.after) == ("case:extension_granted", before, town.row(number).due_on)
    assert made.running.lines[-1].note == "截止日(24:00)，延期"
    (ruled,) = [line for line in made.running.lines if line.on == before]
    assert ruled.note == "按规则计得的截止日，其后顺延"


def test_a_pause_after_an_extension_is_shown_in_the_days_that_it_added(town: Town) -> None:
    number = town.case_in(CaseState.rectifying)
    town.walk(number, "grant_extension")
    town.clock.move_to(town.clock.end_of(town.row(number).original_due_on + timedelta(days=1)))
    town.walk(number, "suspend")
    town.days_pass(3)
    town.walk(number, "resume")
    made = sheet(town, number)
    assert sum(line.note == "暂停期间，不计" for line in made.running.lines) == 3


def test_a_rejection_does_not_count_the_time_of_the_verification(town: Town) -> None:
    number = town.case_in(CaseState.rectifying, "D3JX")
    town.days_pass(2)
    town.walk(number, "submit")
    town.days_pass(4)
    town.walk(number, "reject")
    made = sheet(town, number)
    assert count(made) == 10
    assert made.running.count.pauses[0].first == town.clock.today() - timedelta(days=4)


@pytest.mark.parametrize("late", [0, 3, 15])
def test_late_work_that_is_rejected_stays_late_by_as_much(town: Town, late: int) -> None:
    number = town.case_in(CaseState.rectifying)
    town.clock.move_to(town.clock.end_of(town.row(number).due_on + timedelta(days=late)) - timedelta(hours=12))
    town.walk(number, "submit")
    town.days_pass(5)
    town.walk(number, "reject")
    sheet(town, number)


@pytest.mark.parametrize("days", [1, 40])
def test_a_rejection_with_a_new_date_says_that_the_date_was_given(town: Town, days: int) -> None:
    number = town.case_in(CaseState.submitted, "D3JX")
    town.do(number, "reject", new_due_on=(town.clock.today() + timedelta(days=days)).isoformat())
    made = sheet(town, number)
    assert made.running.count.moves[-1].is_overruled
    assert made.running.count.moves[-1].reason == "仍有残留"


@pytest.mark.parametrize("days", [0, 3, 50])
def test_an_overruled_date_is_told_with_the_rules_own(town: Town, days: int) -> None:
    number = town.registered("D3JX")
    given = town.clock.today() + timedelta(days=days)
    town.do(number, "assign", due_on=given.isoformat(), due_reason="领导批示")
    made = sheet(town, number)
    (move,) = made.running.count.moves
    assert move.is_overruled
    assert (move.by_rule, move.after, move.reason) == (town.clock.today() + timedelta(days=10), given, "领导批示")
    assert "非按规则" in made.running.lines[-1].note or "另定时限" in made.running.lines[-1].note


def test_a_provisional_date_is_marked_on_its_days(town: Town) -> None:
    town.clock.advance(days=300)
    number = town.registered()
    town.walk(number, "assign")
    made = sheet(town, number)
    assert made.head.is_due_provisional
    assert any("暂定" in line.note for line in made.running.lines)


@pytest.mark.parametrize("walk", [
    ("submit", "verify", "refuse_close"), ("submit", "verify", "close", "reopen"),
    ("submit", "verify", "open_notice", "sustain_objection"),
])
def test_a_new_round_begins_a_clock_of_its_own(town: Town, walk: tuple[str, ...]) -> None:
    number = town.case_in(CaseState.rectifying, "D3JX")
    town.days_pass(3)
    town.walk(number, *walk)
    made = sheet(town, number)
    assert len(made.earlier) == 1
    assert made.running.count.start == town.clock.today()
    assert count(made) == 10


def test_a_clock_begins_anew_also_where_its_date_stays_the_same(town: Town) -> None:
    number = town.case_in(CaseState.rectifying, "D3JX")
    before = town.row(number).due_on
    town.walk(number, "submit", "verify", "refuse_close")
    made = sheet(town, number)
    assert town.row(number).due_on == before
    assert (len(made.earlier), made.running.count.moves[0].kind) == (1, "case:close_refused")


def test_a_reopened_case_has_neither_the_first_date_nor_the_extensions_of_its_former_clock(town: Town) -> None:
    number = town.case_in(CaseState.rectifying)
    town.walk(number, "grant_extension", "submit", "verify", "close", "reopen")
    made, row = sheet(town, number), town.row(number)
    assert (made.running.count.extensions, made.earlier[-1].count.extensions) == (0, 1)
    assert row.original_due_on == row.due_on
    town.walk(number, "grant_extension")
    assert sheet(town, number).running.count.extensions == 1


def test_a_new_round_with_a_date_of_its_own_says_so(town: Town) -> None:
    number = town.case_in(CaseState.verified, "D3JX")
    town.do(number, "refuse_close", new_due_on=(town.clock.today() + timedelta(days=4)).isoformat())
    made = sheet(town, number)
    assert made.running.count.moves[0].is_overruled


def test_a_case_sent_back_has_no_due_date_and_then_a_new_clock(town: Town) -> None:
    number = town.case_in(CaseState.assigned)
    town.days_pass(1)
    town.walk(number, "grant_return")
    assert due_sheet_of(town.actor("dispatcher"), number).running is None
    town.days_pass(1)
    town.walk(number, "assign")
    made = sheet(town, number)
    assert (len(made.earlier), made.running.count.start) == (1, town.clock.today())


def test_a_designation_keeps_the_running_clock(town: Town) -> None:
    number = town.case_in(CaseState.assigned)
    start = town.clock.today()
    town.days_pass(1)
    town.walk(number, "dispute", "designate")
    made = sheet(town, number)
    assert (made.earlier, made.running.count.start, len(made.running.count.moves)) == ((), start, 1)


def test_a_phase_that_ends_later_moves_the_date(town: Town) -> None:
    number = town.case_in(CaseState.phased)
    assert sheet(town, number).running.lines[-1].note == "截止日(24:00)，阶段性整改的节点日期"
    town.days_pass(40)
    town.do(number, "resume_phase")
    sheet(town, number)


def test_a_case_merged_while_paused_keeps_what_was_left(town: Town) -> None:
    number = town.case_in(CaseState.suspended)
    town.days_pass(4)
    town.do(number, "merge")
    made = sheet(town, number)
    assert len(made.running.count.pauses) == 1


def test_the_same_sheet_comes_from_the_ledger_every_time(town: Town) -> None:
    number = town.case_in(CaseState.rectifying)
    assert sheet(town, number) == sheet(town, number)


def test_nobody_reads_the_sheet_of_a_case_that_is_not_theirs(town: Town) -> None:
    number = town.case_in(CaseState.rectifying)
    with pytest.raises(NotFound):
        due_sheet_of(town.actor("neighbour"), number)


def test_a_case_not_assigned_has_no_sheet(town: Town) -> None:
    made = due_sheet_of(town.actor("dispatcher"), town.registered())
    assert (made.running, made.earlier, made.is_told) == (None, (), False)
    assert date(2026, 3, 2) == town.clock.today()
