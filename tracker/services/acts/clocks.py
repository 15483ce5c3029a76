"""Running limits on a stream: begun by a step, stopped by another, dropped with their act."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import or_, select

from tracker.domain.rules.deadlines import due
from tracker.domain.rules.limits import LimitUnit, Stage, choose
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
    row = work.session.scalar(select(ClockRow).where(ClockRow.subject == subject, ClockRow.stage == stage.value,
                                                     ClockRow.stopped_on.is_(None)))
    if row is not None:
        in_time = at <= row.due_at if at is not None and row.due_at is not None else on <= row.due_on
        row.stopped_on, row.outcome = on, MET if in_time else LATE
    return row


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
    """Nothing runs any more, neither on the act nor on its duties: it is over."""
    theirs = or_(ClockRow.subject == subject, ClockRow.subject.startswith(f"{subject}/"))
    for row in work.session.scalars(select(ClockRow).where(theirs, ClockRow.stopped_on.is_(None))):
        row.stopped_on, row.outcome = on, DROPPED
