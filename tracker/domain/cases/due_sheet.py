"""The sheet behind a due date: what moved it, read from the facts alone, and every day from the start to the due day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from tracker.domain.cases.facts import Request
from tracker.domain.cases.flow import ASSIGNED, CASE_FLOW, OtherFacts, Steps
from tracker.domain.house.errors import Refusal
from tracker.domain.house.say import Say
from tracker.domain.rules.deadlines import (
    OFFICE_HOURS,
    DayLine,
    OfficeHours,
    Pause,
    due,
    explain,
    pause_on,
    remaining_after_reject,
)
from tracker.domain.rules.limits import EVERY_DAY, Limit, LimitUnit, Stage
from tracker.domain.rules.workdays import WorkCalendar

ONE_DAY = timedelta(days=1)
REJECTED = Steps.reject.fact
# Why days were added behind the date that the rule gives.
GRANTED: dict[Request, str] = {Request.extension: "延期", Request.phase: "阶段性整改的节点日期"}
LATER: dict[str, str] = {Steps.resume_phase.fact: GRANTED[Request.phase], OtherFacts.due_recomputed.fact: "按新日历重算"}
VERIFYING = "核查期间，不计"


@dataclass(frozen=True)
class DueFact:
    """One fact of a case, with its business date."""

    seq: int
    kind: str
    on: date
    body: Mapping[str, Any]

    @property
    def changes(self) -> Mapping[str, Any]:
        return self.body.get("set") or {}


@dataclass(frozen=True)
class DueMove:
    """One fact that set or moved the due date. `by_rule` is what the rule gives where somebody set another date.

    `submitted_on` is the day from which a rejection gives the time back.
    """

    seq: int
    kind: str
    on: date
    before: date | None
    after: date
    pause: Pause | None = None
    by_rule: date | None = None
    reason: str = ""
    submitted_on: date | None = None

    @property
    def is_overruled(self) -> bool:
        """Whether a person's date stands instead of the rule's."""
        return self.by_rule is not None and self.by_rule != self.after


@dataclass(frozen=True)
class Count:
    """One clock from its start to where it ended or stands. `limit` is None where the facts name no rule."""

    start: date
    limit: Limit | None
    moves: tuple[DueMove, ...]

    @property
    def due_on(self) -> date:
        return self.moves[-1].after

    @property
    def extensions(self) -> int:
        """How often it was extended."""
        return sum(move.kind == Steps.grant_extension.fact for move in self.moves)

    @property
    def pauses(self) -> tuple[Pause, ...]:
        """The stretches that do not count."""
        return tuple(move.pause for move in self.moves if move.pause is not None)


@dataclass(frozen=True)
class ClockSheet:
    """All clocks of a case, the running one last; no due date stands where `is_withdrawn`."""

    counts: tuple[Count, ...]
    is_withdrawn: bool = False


RuleOn = Callable[[date], Limit]
HoursOn = Callable[[date], OfficeHours]


def read(facts: Iterable[DueFact], rule_on: RuleOn, calendar: WorkCalendar,
         hours_on: HoursOn = lambda on: OFFICE_HOURS) -> ClockSheet:
    """The clocks that the facts tell of. `rule_on` names the limit of a day, for clocks whose fact does not quote it; `hours_on`
    the office hours of the day on which a clock starts."""
    counts: list[Count] = []
    running: date | None = None
    submitted_on: date | None = None
    paused_from: date | None = None
    for fact in facts:
        submitted_on = fact.on if fact.kind == Steps.submit.fact else submitted_on
        pause = _ended_pause(fact, paused_from)
        paused_from = _read_day(fact.changes["paused_from_on"]) if "paused_from_on" in fact.changes else paused_from
        restarts = _restarts_clock(fact.kind)  # also where the date happens to stay the same
        if "due_on" not in fact.changes and not restarts:
            continue
        after = _read_day(fact.changes.get("due_on", running))
        if after is not None and (running is None or restarts):
            counts.append(_first_count(fact, after, rule_on, calendar, hours_on))
        elif after is not None and running is not None and (after != running or pause is not None):
            move = _later_move(fact, running, after, counts[-1], submitted_on, pause, calendar)
            counts[-1] = replace(counts[-1], moves=(*counts[-1].moves, move))
        running = after
    return ClockSheet(tuple(counts), running is None)


def lines_of(count: Count, calendar: WorkCalendar, hours: OfficeHours = OFFICE_HOURS) -> tuple[DayLine, ...]:
    """Every day from the start; the last line is the due day that the ledger holds, also where it is not the rule's."""
    return () if count.limit is None else _day_lines(count, count.limit, calendar, hours)


def _day_lines(count: Count, limit: Limit, calendar: WorkCalendar, hours: OfficeHours) -> tuple[DayLine, ...]:
    ruled = explain(limit, count.start, calendar, count.pauses, hours=hours)
    if limit.unit in EVERY_DAY and not limit.rolls:  # no calendar of working days can move these
        ruled = tuple(replace(line, note=line.bare) for line in ruled)
    if ruled[-1].on == count.due_on:
        return ruled
    if ruled[-1].on > count.due_on:
        kept = [line for line in ruled if line.on <= count.due_on]
        last = [replace(line, note="截止日(24:00)，非按规则计得", is_due_day=True, is_paused=False) for line in kept[-1:]]
        return (*kept[:-1], *last)
    last = [replace(ruled[-1], note="按规则计得的截止日，其后顺延", is_due_day=False)]
    return (*ruled[:-1], *last, *_tail_lines(count, ruled[-1].on, calendar))


def _tail_lines(count: Count, after: date, calendar: WorkCalendar) -> list[DayLine]:
    """The days between the date that the rule gives and the due date."""
    word, lines, on = _why_later(count), [], after
    while on < count.due_on:
        on += ONE_DAY
        is_due_day = on == count.due_on
        pause = None if is_due_day else pause_on(on, count.pauses)
        note = Say("截止日(24:00)，{word}", word=Say(word)) if is_due_day else pause.note if pause else word
        special = calendar.day(on)
        lines.append(DayLine(on, calendar.kind(on), special.name if special else "", None, note, is_due_day, pause is not None))
    return lines


def _restarts_clock(kind: str) -> bool:
    step = CASE_FLOW.by_fact.get(kind)
    return step is not None and step.restarts_clock


def _why_later(count: Count) -> str:
    causes = [move for move in count.moves if move.is_overruled or _cause_of(move.kind)]
    if not causes:
        return "末日逢休息日，顺延" if count.limit is not None and count.limit.rolls else "补回超期后停计的时间"
    return _cause_of(causes[-1].kind) or "另定时限"


def _cause_of(kind: str) -> str:
    step = CASE_FLOW.by_fact.get(kind)
    return GRANTED.get(step.decides, "") if step is not None and step.decides else LATER.get(kind, "")


def _first_count(fact: DueFact, after: date, rule_on: RuleOn, calendar: WorkCalendar, hours_on: HoursOn) -> Count:
    start = _read_day(fact.changes.get("assigned_on")) or fact.on
    hours = hours_on(start)
    limit, by_rule = _quoted_limit(fact, start, calendar, hours), _read_day(fact.body.get("proposed_due_on"))
    if limit is None:
        try:
            limit = replace(rule_on(start), rolls=_is_rolling(fact))
        except Refusal:
            return Count(start, None, (_first_move(fact, after, None),))
        by_rule = _by_rule(fact, due(limit, start, calendar, hours).on, after)
    return Count(start, limit, (_first_move(fact, after, by_rule),))


def _first_move(fact: DueFact, after: date, by_rule: date | None) -> DueMove:
    return DueMove(fact.seq, fact.kind, fact.on, None, after, None, by_rule, _reason_of(fact))


def _by_rule(fact: DueFact, counted: date, after: date) -> date:
    """What the rule gave when the fact was written. A provisional date is the rule's own, though the calendar of today gives
    another."""
    return after if fact.changes.get("is_due_provisional") else counted


def _quoted_limit(fact: DueFact, start: date, calendar: WorkCalendar, hours: OfficeHours) -> Limit | None:
    """The limit as the fact quotes it. Where it does not say whether its first day counts, the date it proposed then shows
    that."""
    said = fact.body.get("limit")
    if not isinstance(said, Mapping):
        return None
    limit = Limit(said.get("source"), Stage(said["stage"]), int(said["amount"]), LimitUnit(said["unit"]), False,
                  str(said.get("basis") or ""), _read_day(said.get("effective_from")) or start, rolls=_is_rolling(fact))
    proposed, with_first = _read_day(fact.body.get("proposed_due_on")), replace(limit, first_day_counts=True)
    is_first_counted = said.get("is_first_day_counted")
    if is_first_counted is None:
        is_first_counted = due(limit, start, calendar, hours).on != proposed and due(with_first, start, calendar,
                                                                                     hours).on == proposed
    return with_first if is_first_counted else limit


def _is_rolling(fact: DueFact) -> bool:
    """Whether the limit rolled then: facts that say nothing of it are older than such limits."""
    return bool(fact.changes.get("is_due_rolling"))


def _later_move(fact: DueFact, before: date, after: date, count: Count, submitted_on: date | None, pause: Pause | None,
                calendar: WorkCalendar) -> DueMove:
    unit, by_rule = count.limit.unit if count.limit else LimitUnit.calendar_day, None
    rolls = count.limit is not None and count.limit.rolls
    if fact.kind == REJECTED and submitted_on is not None:
        left = remaining_after_reject(submitted_on, before, fact.on, unit, calendar, rolls=rolls)
        by_rule = _by_rule(fact, left.on, after)
        if by_rule == after and submitted_on < fact.on:
            pause = Pause(submitted_on, fact.on, VERIFYING)
    elif pause is not None:
        by_rule = after  # nobody can set another date there
    elif fact.kind in ASSIGNED:
        by_rule = before
    return DueMove(fact.seq, fact.kind, fact.on, before, after, pause, by_rule, _reason_of(fact), submitted_on)


def _ended_pause(fact: DueFact, paused_from: date | None) -> Pause | None:
    """The pause that a fact ends: by resuming the work, or by merging the case away."""
    if paused_from is None or fact.changes.get("paused_from_on", "") is not None:
        return None
    return Pause(paused_from, fact.on)


def _reason_of(fact: DueFact) -> str:
    """Why the date is what it is; what an assignment says beside its date is no reason for it."""
    return str(fact.body.get("due_reason") or ("" if fact.kind in ASSIGNED else fact.body.get("reason")) or "")


def _read_day(value: object) -> date | None:
    return date.fromisoformat(str(value)) if value else None
