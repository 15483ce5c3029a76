"""Running limits on a stream: begun by a step, stopped by another, dropped with their act."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import and_, or_, select

from tracker.domain.rules.deadlines import due, shift_for_pause
from tracker.domain.rules.limits import LASTING_LIMITS, LimitUnit, Stage, choose
from tracker.services.house.work import Work
from tracker.services.rules import rules
from tracker.storage.acts.acts import ClockRow

MET, LATE, DROPPED = "met", "late", "dropped"


def start(work: Work, subject: str, kind: str, stage: Stage, on: date, *, area_code: str, owner_unit_id: int | None = None,
          round_: int = 1, at: datetime | None = None) -> ClockRow:
    """A limit begins to run on this day, or at this moment in office time, by the one that holds for the kind of act today."""
    limit = choose(rules.limits(), kind, stage, on)
    until = due(limit, at or on, rules.calendar(area_code))
    row = ClockRow(subject=subject, stage=stage.value, round=round_, started_on=on, started_at=at, due_on=until.on,
                   due_at=until.at,
                   amount=limit.amount, unit=limit.unit.value, basis=limit.basis, is_provisional=until.is_provisional,
                   owner_unit_id=owner_unit_id)
    work.session.add(row)
    return row


def stop(work: Work, subject: str, stage: Stage, on: date, *, at: datetime | None = None) -> ClockRow | None:
    """The limit is met, or was missed, on this day, or at this moment where it counts hours; None where none runs."""
    row = _running_row(work, subject, stage)
    if row is not None:
        on_the_day = row.paused_from_on or on  # what stands still had that day left
        in_time = at <= row.due_at if at is not None and row.due_at is not None else on_the_day <= row.due_on
        row.stopped_on, row.outcome = on, MET if in_time else LATE
    return row


def drop(work: Work, subject: str, stage: Stage, on: date) -> None:
    """The limit of a stage runs no more: it has lost its object."""
    row = _running_row(work, subject, stage)
    if row is not None:
        row.stopped_on, row.outcome = on, DROPPED


def pause(work: Work, subject: str, stage: Stage, first: date) -> ClockRow | None:
    """From this day on its days do not count; None where none runs, or it stands still already."""
    row = _running_row(work, subject, stage)
    if row is None or row.paused_from_on is not None:
        return None
    row.paused_from_on = first
    return row


def resume(work: Work, subject: str, stage: Stage, on: date, kind: str, area_code: str) -> ClockRow | None:
    """From this day on its days count again: what was left is left; None where none stands still."""
    row = _running_row(work, subject, stage)
    if row is None or row.paused_from_on is None:
        return None
    rolls = choose(rules.limits(), kind, stage, row.started_on).rolls
    shifted = shift_for_pause(row.due_on, LimitUnit(row.unit), row.paused_from_on, on, rules.calendar(area_code), rolls=rolls)
    row.due_on, row.is_provisional, row.paused_from_on = shifted.on, shifted.is_provisional, None
    return row


def running(work: Work, subject: str, stage: Stage) -> ClockRow | None:
    """The limit of a stage that runs, or stands still."""
    return _running_row(work, subject, stage)


def _running_row(work: Work, subject: str, stage: Stage) -> ClockRow | None:
    found: ClockRow | None = work.session.scalar(select(ClockRow).where(
        ClockRow.subject == subject, ClockRow.stage == stage.value, ClockRow.stopped_on.is_(None)))
    return found


def recount(row: ClockRow, kind: str, area_code: str) -> bool:
    """Count a provisional limit again, by its own amount and unit, under the calendar of today; whether that changed it."""
    known = choose(rules.limits(), kind, Stage(row.stage), row.started_on)
    until = due(replace(known, amount=row.amount, unit=LimitUnit(row.unit)), row.started_at or row.started_on,
                rules.calendar(area_code))
    if (until.on, until.is_provisional) == (row.due_on, row.is_provisional):
        return False
    row.due_on, row.is_provisional = until.on, until.is_provisional
    return True


def drop_all(work: Work, subject: str, on: date) -> None:
    """Nothing runs any more, neither on the act nor on its duties: it is over; but what is public is looked after still."""
    theirs = or_(ClockRow.subject == subject, ClockRow.subject.startswith(f"{subject}/"))
    ending = and_(theirs, ClockRow.stopped_on.is_(None), ClockRow.stage.not_in(LASTING_LIMITS))
    for row in work.session.scalars(select(ClockRow).where(ending)):
        row.stopped_on, row.outcome = on, DROPPED
