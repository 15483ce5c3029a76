"""Limits set from a day on: the old one ends the day before, cases that run keep theirs, and working hours count in office
hours."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.errors import Incomplete, Invalid, NotAllowed
from tracker.domain.rules.limits import Limit, LimitUnit, Stage, choose
from tracker.services.cases.due_sheets import due_sheet_of
from tracker.services.rules import limits as limits_editing
from tracker.services.rules import rules
from tracker.services.rules.book import set_value
from tracker.services.rules.limits import foresee, set_limit
from tracker.services.upkeep import integrity
from tracker.storage.house import ledger
from tracker.storage.house.base import db

pytestmark = pytest.mark.one_engine


def limit(town: Town, amount: int = 3, unit: str = "working_day", *, source: str | None = "H12345", stage: Stage = Stage.rectify,
          days: int = 0,
          basis: str = "西环整改〔2026〕1号", first: bool = False) -> Limit:
    return Limit(source, stage, amount, LimitUnit(unit), first, basis, town.clock.today() + timedelta(days=days))


def test_the_new_limit_binds_new_cases_and_leaves_running_ones(town: Town) -> None:
    running = town.case_in(CaseState.rectifying, "H12345")
    due_on = town.row(running).due_on
    set_limit(town.actor("admin"), limit(town, 2))
    fresh = town.case_in(CaseState.rectifying, "H12345")
    assert town.row(running).due_on == due_on > town.row(fresh).due_on
    for number, amount in ((running, 5), (fresh, 2)):
        sheet = due_sheet_of(town.actor("dispatcher"), number)
        assert sheet.is_told
        assert sheet.running.count.limit.amount == amount
    assert integrity.verify().first is None


def test_the_old_limit_ends_the_day_before_and_stays_on_record(town: Town) -> None:
    today, week = town.clock.today(), timedelta(days=7)
    set_limit(town.actor("admin"), limit(town, 9, days=14))
    set_limit(town.actor("admin"), limit(town, 7, days=7))
    found = [choose(rules.limits(), "H12345", Stage.rectify, today + n * week - timedelta(days=back)).amount
             for n, back in ((0, 0), (1, 1), (1, 0), (2, 1), (2, 0), (50, 0))]
    assert found == [5, 5, 7, 7, 9, 9]
    spans = sorted((each.effective_from, each.effective_to)
                   for each in rules.limits() if each.source == "H12345" and each.stage is Stage.rectify)
    assert [last for _, last in spans] == [today + week - timedelta(days=1), today + 2 * week - timedelta(days=1), None]
    facts = ledger.stream_of(db.session(), "rules")
    assert [fact.kind for fact in facts] == ["rules:limit_set"] * 2
    assert facts[0].payload["ended"][0]["amount"] == 5


def test_a_date_rolls_by_the_limit_of_its_day_and_those_that_run_stay(town: Town) -> None:
    """2 March 2026 is a Monday: five calendar days later it is Saturday."""
    admin, plain = town.actor("admin"), limit(town, 5, "calendar_day")
    set_limit(admin, plain)
    running = town.case_in(CaseState.rectifying, "H12345")
    set_limit(admin, replace(plain, effective_from=date(2026, 3, 9), rolls=True))
    town.clock.move_to(datetime(2026, 3, 9, 1, tzinfo=UTC))
    fresh = town.case_in(CaseState.rectifying, "H12345")
    assert [town.row(number).due_on.isoformat() for number in (running, fresh)] == ["2026-03-07", "2026-03-16"]
    for number, rolls in ((running, False), (fresh, True)):
        sheet = due_sheet_of(town.actor("dispatcher"), number)
        assert sheet.is_told
        assert sheet.running.count.limit.rolls is rolls
        assert ("顺延" in sheet.running.lines[-1].note) is rolls
    town.walk(fresh, "suspend")
    town.clock.move_to(datetime(2026, 3, 14, 1, tzinfo=UTC))
    town.walk(fresh, "resume")
    assert town.row(fresh).due_on == date(2026, 3, 23)  # five days stopped would end on Saturday
    assert due_sheet_of(town.actor("dispatcher"), fresh).is_told
    assert integrity.verify().first is None


def test_the_limits_of_cases_in_calendar_days_roll_from_a_day_on(town: Town) -> None:
    for on, rolls in ((date(2026, 11, 30), False), (date(2026, 12, 1), True)):
        found = [choose(rules.limits(), source, Stage.rectify, on) for source in ("PATROL", "D3JX", "RAIL")]
        assert [(each.rolls, each.unit) for each in found] == [(rolls, LimitUnit.calendar_day)] * 3
        assert not choose(rules.limits(), "H12345", Stage.rectify, on).rolls


def test_a_source_without_its_own_limit_gets_one_and_the_general_one_stays(town: Town) -> None:
    set_limit(town.actor("admin"), limit(town, 1, stage=Stage.verify))
    amounts = [choose(rules.limits(), source, Stage.verify, town.clock.today()).amount for source in ("H12345", "PATROL")]
    assert amounts == [1, 5]


def test_the_preview_tells_both_dates_and_changes_nothing(town: Town) -> None:
    found = foresee(town.actor("admin"), limit(town, 30, "calendar_day"))
    assert found.old is not None and found.old.amount == 5
    assert found.due_on == found.start + timedelta(days=30)
    assert found.old_due_on is not None and found.old_due_on < found.due_on
    assert choose(rules.limits(), "H12345", Stage.rectify, town.clock.today()).amount == 5


def test_what_may_not_be_set_is_refused_naming_the_field(town: Town) -> None:
    admin = town.actor("admin")
    cases = [
        (limit(town, 0), "amount"), (limit(town, 366, "calendar_day"), "amount"), (limit(town, 251), "amount"),
        (limit(town, days=-1), "effective_from"),
        (limit(town, 10, "calendar_day", stage=Stage.notice, first=True), "unit"), (limit(town, 10, stage=Stage.notice), "unit"),
        (limit(town, 8, "working_hour", first=True), "first_day_counts"), (limit(town, basis="长" * 301), "basis"),
        (limit(town, source="NO"), "source"), (replace(limit(town, 3), rolls=True), "rolls"),
    ]
    for wanted, field in cases:
        for ask in (foresee, set_limit):
            with pytest.raises(Invalid) as refused:
                ask(admin, wanted)
            assert refused.value.field == field
    with pytest.raises(Incomplete):
        set_limit(admin, limit(town, basis="  "))
    set_limit(admin, limit(town, 4))
    with pytest.raises(Invalid, match="已经设过"):
        set_limit(admin, limit(town, 6))
    assert ledger.stream_of(db.session(), "rules")[-1].payload["amount"] == 4


@pytest.mark.parametrize("login", ["dispatcher", "lead", "officer"])
def test_only_who_manages_rules_sets_a_limit(town: Town, login: str) -> None:
    with pytest.raises(NotAllowed):
        set_limit(town.actor(login), limit(town))
    with pytest.raises(NotAllowed):
        foresee(town.actor(login), limit(town))


def test_working_hours_count_inside_the_office_hours_of_the_book_and_end_on_a_day(town: Town) -> None:
    set_limit(town.actor("admin"), limit(town, 14, "working_hour"))  # two days of seven hours
    town.clock.move_to(town.clock.end_of(date(2026, 3, 2)) + timedelta(hours=9))  # Tuesday, 3 March
    number = town.case_in(CaseState.rectifying, "H12345")
    assert town.row(number).due_on == date(2026, 3, 5)
    sheet = due_sheet_of(town.actor("dispatcher"), number)
    assert sheet.is_told
    assert sheet.running.lines[-1].note == "截止日(24:00)，按工作小时数到这一天"
    set_value(town.actor("admin"), "office_hours", "09:00-12:00", town.clock.today(), "夏令时")
    shorter = town.case_in(CaseState.rectifying, "H12345")
    assert town.row(shorter).due_on == date(2026, 3, 10)
    for each in (shorter, number):
        assert due_sheet_of(town.actor("dispatcher"), each).is_told, "each counts with the hours of its own start"


def test_every_stage_and_source_has_a_line_with_its_history(town: Town) -> None:
    set_limit(town.actor("admin"), limit(town, 4))
    (line,) = [each
               for each in limits_editing.lines(town.clock.today()) if (each.stage, each.source_key) == (Stage.rectify, "H12345")]
    assert line.now is not None and line.now.amount == 4
    assert [each.amount for each in line.others] == [5]
    assert {each.stage for each in limits_editing.lines(town.clock.today())} == set(Stage)
