"""How a due date came about: the case's own facts, read by the law, with the rule in force and the calendar in force; and where a
step would put it, asked by the deed that takes the step and by the form before its button."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Protocol

from tracker.domain.cases import due_sheet
from tracker.domain.cases.due_sheet import Count, DueFact
from tracker.domain.cases.facts import Request
from tracker.domain.cases.flow import CASE_FLOW, Steps
from tracker.domain.cases.step_rows import StepGroup
from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Incomplete
from tracker.domain.house.say import DateWords, Say
from tracker.domain.rules.deadlines import DayLine, Due, due, remaining_after_reject, shift_for_pause
from tracker.domain.rules.limits import Limit, LimitUnit, Stage, choose
from tracker.domain.rules.workdays import CountedDay
from tracker.services.house.work import reading, wiring
from tracker.services.rules import rules, values
from tracker.storage.cases import page
from tracker.storage.cases.entries import FactEntry
from tracker.storage.cases.page import Head


@dataclass(frozen=True)
class Month:
    """The days of one month."""

    first: date
    lines: tuple[DayLine, ...]


@dataclass(frozen=True)
class Explained:
    """One clock with every day of it."""

    count: Count
    months: tuple[Month, ...]

    @property
    def lines(self) -> tuple[DayLine, ...]:
        return tuple(line for month in self.months for line in month.lines)


@dataclass(frozen=True)
class DueSheet:
    """The explanation of a case's due date. `running` is None while no due date stands; `earlier` are the clocks before it."""

    head: Head
    running: Explained | None
    earlier: tuple[Explained, ...]

    @property
    def is_told(self) -> bool:
        """Whether the day-by-day account ends on the date that the ledger holds."""
        return self.running is not None and bool(self.running.lines) and self.running.lines[-1].on == self.head.due_on


def due_sheet_of(actor: Actor, number: str) -> DueSheet:
    """The sheet of a case that the actor may see. Raises `NotFound`."""
    session = reading()
    scope = actor.scope()
    head = page.head_of(session, scope, number)
    return explained(head, page.facts_after(session, scope, head.number, 0))


def explained(head: Head, facts: Iterable[FactEntry]) -> DueSheet:
    """The sheet, for rows already at hand."""
    local, calendar, limits = wiring().clock.local, rules.calendar(head.jurisdiction), rules.limits()
    hours_on = values.office_hours

    def rule_on(on: date) -> Limit:
        return choose(limits, head.source_key, Stage.rectify, on)

    told = [DueFact(f.seq, f.kind, local(f.at).date(), f.details) for f in facts]
    sheet = due_sheet.read(told, rule_on, calendar, hours_on)
    every = tuple(Explained(count, _group_by_month(due_sheet.lines_of(count, calendar, hours_on(count.start))))
                  for count in sheet.counts)
    if sheet.is_withdrawn or not every:
        return DueSheet(head, None, every)
    return DueSheet(head, every[-1], every[:-1])


def _group_by_month(lines: Iterable[DayLine]) -> tuple[Month, ...]:
    return tuple(Month(first, tuple(days)) for first, days in groupby(lines, key=lambda line: line.on.replace(day=1)))


# --- where a step would put it --------------------------------------------------------------------------------------------------


class DueColumns(Protocol):
    """What moves a due date, of a case row or of what a page reads of it."""

    @property
    def due_on(self) -> date | None: ...
    @property
    def is_due_provisional(self) -> bool: ...
    @property
    def jurisdiction(self) -> str: ...
    @property
    def limit_unit(self) -> str | None: ...
    @property
    def is_due_rolling(self) -> bool: ...
    @property
    def submitted_at(self) -> datetime | None: ...
    @property
    def paused_from_on(self) -> date | None: ...
    @property
    def phase_next_on(self) -> date | None: ...
    @property
    def pending_on(self) -> date | None: ...
    @property
    def extension_count(self) -> int: ...


def ruled_due(source_key: str, area_code: str, stage: Stage, on: date) -> Due:
    """The due date of a stage that begins on this day. Raises `Incomplete` where no limit is in force."""
    return due(choose(rules.limits(), source_key, stage, on), on, rules.calendar(area_code), values.office_hours(on))


def latest_extension(due_on: date, on: date) -> date:
    """The last day to which one extension may go."""
    return due_on + timedelta(days=values.number("longest_extension_days", on))


def after_phase(case: DueColumns, next_on: date | None) -> CountedDay | None:
    """The next date of a phase becomes the due date where it is later: nothing is overdue before it."""
    if case.due_on is None or next_on is None or next_on <= case.due_on:
        return None if case.due_on is None else CountedDay(case.due_on, case.is_due_provisional)
    return CountedDay(next_on, False)


def after_reject(case: DueColumns, on: date) -> CountedDay | None:
    """The time that was left when the work was handed in."""
    if case.due_on is None or case.submitted_at is None:
        return None
    submitted_on = wiring().clock.local(case.submitted_at).date()
    return remaining_after_reject(submitted_on, case.due_on, on, _unit_of(case), rules.calendar(case.jurisdiction),
                                  rolls=case.is_due_rolling)


def after_pause(case: DueColumns, on: date) -> CountedDay | None:
    """The time that was left when the clock stopped."""
    if case.due_on is None or case.paused_from_on is None:
        return None
    shifted = shift_for_pause(case.due_on, _unit_of(case), case.paused_from_on, on, rules.calendar(case.jurisdiction),
                              rolls=case.is_due_rolling)
    return CountedDay(shifted.on, case.is_due_provisional or shifted.is_provisional)


def _unit_of(case: DueColumns) -> LimitUnit:
    return LimitUnit(case.limit_unit or LimitUnit.calendar_day.value)


def told_ahead(case: Head, name: str, on: date) -> tuple[Say, ...]:
    """What is said of the due date above the button of a step that moves it, or refuses to: what it is, what it becomes, and how
    far it may go. Nothing for other steps, and where there is no due date yet."""
    step = CASE_FLOW.steps[name]
    if step.restarts_clock:
        return _told_anew(case, on)
    if case.due_on is None:
        return ()
    if step.asks or step.decides:
        return _of_request(case, step.asks or step.decides, step.asks is not None, step.group is StepGroup.refusing, on)
    now = Say("整改时限现为 {due_on}。", due_on=DateWords(case.due_on))
    if name == Steps.reject.name and (left := after_reject(case, on)):
        return (now, Say("不另填日期的，退回后时限为 {after}，核查期间不计；另填的不得早于今天。", after=DateWords(left.on)))
    if name == Steps.resume.name and (left := after_pause(case, on)):
        return (now, Say("恢复后时限为 {after}，停计的时间顺延。", after=DateWords(left.on)))
    return ()


def _told_anew(case: Head, on: date) -> tuple[Say, ...]:
    try:
        after = ruled_due(case.source_key, case.jurisdiction, Stage.rectify, on).on
    except Incomplete:
        return ()
    return (Say("不另填日期的，整改重新计时，时限为 {after}；另填的不得早于今天。", after=DateWords(after)),)


def _of_request(case: Head, request: Request | None, is_asked: bool, is_refused: bool, on: date) -> tuple[Say, ...]:
    """What asking for it, granting or refusing it makes of the due date."""
    due_on, asked = case.due_on, case.pending_on
    if due_on is None or request is Request.return_ or not (is_asked or asked):
        return ()
    now = Say("整改时限现为 {due_on}。", due_on=DateWords(due_on))
    if is_refused and asked:
        return (Say("申请到 {asked}；不同意的，时限仍为 {due_on}。", asked=DateWords(asked), due_on=DateWords(due_on)),)
    if request is Request.extension:
        return (_extensions_told(case, due_on, on), *_cap_told(asked, latest_extension(due_on, on)))
    after = after_phase(case, asked)
    if is_asked or after is None:
        return (now, Say("批准以后，下一节点晚于整改时限的，时限改为节点日期，此前不算超期。"))
    return (now, Say("同意后时限为 {after}，此前不算超期。", after=DateWords(after.on)))


def _extensions_told(case: Head, due_on: date, on: date) -> Say:
    return Say("整改时限现为 {due_on}，已延期 {count} 次，最多 {most} 次；一次最多延长 {days} 日。", due_on=DateWords(due_on),
               count=case.extension_count, most=values.number("most_extensions", on),
               days=values.number("longest_extension_days", on))


def _cap_told(asked: date | None, latest: date) -> tuple[Say, ...]:
    if asked is None:
        return (Say("这次最晚可延到 {latest}；批准以后时限才变。", latest=DateWords(latest)),)
    return (Say("申请延到 {asked}。不另填日期的，同意后时限为 {asked}；最晚可批到 {latest}。", asked=DateWords(asked),
                latest=DateWords(latest)),)
