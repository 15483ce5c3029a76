"""How a due date came about: the case's own facts, read by the law, with the rule in force and the calendar in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from tracker.domain.cases import due_sheet
from tracker.domain.cases.due_sheet import Count, DueFact
from tracker.domain.house.actor import Actor
from tracker.domain.rules.deadlines import DayLine
from tracker.domain.rules.limits import Limit, Stage, choose
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
