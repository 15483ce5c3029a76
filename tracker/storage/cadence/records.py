"""The records of the cadences as they are listed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.storage.cadence.beats import BeatRecord
from tracker.storage.people.accounts import Person
from tracker.storage.reports.stored import StoredReport


@dataclass(frozen=True)
class Kept:
    """One record; no content of any case."""

    cadence: str
    period: str
    area_code: str
    due_at: datetime
    state: str
    tries: int
    started_at: datetime
    finished_at: datetime | None
    is_caught_up: bool
    case_count: int
    recipient_count: int
    outcome: str
    error: str
    report_id: int | None
    signed_at: datetime | None


_R = BeatRecord
_COLUMNS = (_R.cadence, _R.period, _R.area_code, _R.due_at, _R.state, _R.tries, _R.started_at, _R.finished_at, _R.is_caught_up,
            _R.case_count,
            _R.recipient_count, _R.outcome, _R.error, _R.report_id, _R.signed_at)


def newest(session: Session, cadence: str | None, most: int) -> list[Kept]:
    """The latest to fall due first, of one cadence or of all."""
    query = select(*_COLUMNS).order_by(_R.due_at.desc(), _R.cadence, _R.area_code).limit(most)
    rows: Iterable[Any] = session.execute(query if cadence is None else query.where(_R.cadence == cadence))
    return [Kept(*row) for row in rows]


@dataclass(frozen=True)
class Beaten:
    """One record in the month view."""

    cadence: str
    period: str
    due_at: datetime
    state: str
    is_caught_up: bool
    signed_at: datetime | None


@dataclass(frozen=True)
class Whole:
    """A record with all that a reader is told of it; the report it froze by name and digest, and who signed by name."""

    id: int
    kept: Kept
    report: str | None
    report_title: str | None
    digest: str | None
    as_of: datetime | None
    signed_by: str | None
    sign_note: str


_BEATEN = (_R.cadence, _R.period, _R.due_at, _R.state, _R.is_caught_up, _R.signed_at)


def due_between(session: Session, area_code: str, first: datetime, last: datetime) -> list[Beaten]:
    """The records of an area that were due in this stretch, the last instant left out."""
    query = select(*_BEATEN).where(_R.area_code == area_code, _R.due_at >= first, _R.due_at < last)
    return [Beaten(*row) for row in session.execute(query.order_by(_R.due_at))]


def latest_of_each(session: Session, area_code: str) -> dict[str, Beaten]:
    """The record that was due last, of each cadence of an area."""
    last = select(_R.cadence,
                  func.max(_R.due_at).label("due_at")).where(_R.area_code == area_code).group_by(_R.cadence).subquery()
    query = select(*_BEATEN).join(last,
                                  (last.c.cadence == _R.cadence) & (last.c.due_at == _R.due_at)).where(_R.area_code == area_code)
    return {row.cadence: Beaten(*row) for row in session.execute(query)}


def whole(session: Session, cadence: str, period: str, area_code: str) -> Whole | None:
    """One record; None where the beat was never begun."""
    report = StoredReport
    query = select(*_COLUMNS, _R.id, report.name, report.title, report.digest, report.as_of, Person.name.label("signer"),
                   _R.sign_note)
    query = query.outerjoin(report, report.id == _R.report_id).outerjoin(Person, Person.id == _R.signed_by_id)
    row: Any = session.execute(query.where(_R.cadence == cadence, _R.period == period, _R.area_code == area_code)).first()
    if row is None:
        return None
    kept, rest = row[:len(_COLUMNS)], row[len(_COLUMNS):]
    return Whole(rest[0], Kept(*kept), *rest[1:])
