"""A due date counted again under another calendar, from what the case's own facts say of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.domain.cases.due_sheet import REJECTED, Count, DueMove
from tracker.domain.cases.flow import ASSIGNED, OtherFacts, Steps
from tracker.domain.rules.deadlines import OFFICE_HOURS, OfficeHours, due, remaining_after_reject, shift_for_pause
from tracker.domain.rules.limits import Limit
from tracker.domain.rules.workdays import CountedDay, WorkCalendar

PHASES, RECOMPUTED = (Steps.grant_phase.fact, Steps.resume_phase.fact), OtherFacts.due_recomputed.fact


@dataclass(frozen=True)
class Recounted:
    """The first due date of a clock and the one it has now; provisional where a year on the way is still not published."""

    first: date
    on: date
    is_provisional: bool


def recounted(count: Count, calendar: WorkCalendar, hours: OfficeHours = OFFICE_HOURS) -> Recounted | None:
    """The clock counted anew: start, limit, pauses, rejections as the facts have them. Dates that a person set stand.

    None where the facts name no limit: then nothing can be counted.
    """
    if count.limit is None:
        return None
    first, *later = count.moves
    now = CountedDay(first.after, False)
    if not first.is_overruled:
        begun = due(count.limit, count.start, calendar, hours)
        now = CountedDay(begun.on, begun.is_provisional)
    original = now.on
    for move in later:
        now = _day_after_move(now, move, count.limit, calendar)
    return Recounted(original, now.on, now.is_provisional)


def _day_after_move(now: CountedDay, move: DueMove, limit: Limit, calendar: WorkCalendar) -> CountedDay:
    """The date after one more fact. What keeps the running date keeps the one counted anew."""
    is_kept = move.kind in (RECOMPUTED, *ASSIGNED) or (move.kind in PHASES and now.on >= move.after)
    if move.is_overruled and move.kind != RECOMPUTED:
        return CountedDay(move.after, False)
    if is_kept:
        return now
    if move.kind == REJECTED and move.submitted_on is not None:
        return _keep_provisional(now, remaining_after_reject(move.submitted_on, now.on, move.on, limit.unit, calendar,
                                                               rolls=limit.rolls))
    if move.pause is not None:
        return _keep_provisional(now, shift_for_pause(now.on, limit.unit, move.pause.first, move.pause.resumed_on, calendar,
                                                      rolls=limit.rolls))
    return CountedDay(move.after, False)


def _keep_provisional(before: CountedDay, after: CountedDay) -> CountedDay:
    """What leaned on an unpublished year once leans on it still."""
    return CountedDay(after.on, before.is_provisional or after.is_provisional)
