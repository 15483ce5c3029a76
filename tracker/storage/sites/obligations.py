"""What sites owe, as a list by the day it is due, and as counts: only what stands, so neither waived nor of a permit that did not
hold to the end of the period."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, tuple_
from sqlalchemy.orm import Session

from tracker.domain.sites.obligations import SOON
from tracker.domain.sites.sight import SiteScope
from tracker.storage.people.accounts import Unit
from tracker.storage.sites.owed import SiteObligation
from tracker.storage.sites.register import readable_sites
from tracker.storage.sites.sites import Site, SiteEntry

PAGE_SIZE = 50
_O, _E, _S, _U = SiteObligation.__table__.c, SiteEntry.__table__.c, Site.__table__.c, Unit.__table__.c


class OwedReport(NamedTuple):
    """One report in the list."""

    id: int
    code: str
    name: str
    unit: str | None
    number: str
    kind: str
    period: str
    due_on: date
    satisfied_on: date | None
    document: str
    waived_ground: str


@dataclass(frozen=True)
class ReportFilters:
    """What is asked of the list; "" is everything. `light` is red, yellow, green or blue."""

    light: str = ""
    kind: str = ""
    site: str = ""


@dataclass(frozen=True)
class ReportPage:
    """Up to `PAGE_SIZE` lines; `after` continues."""

    lines: tuple[OwedReport, ...]
    after: tuple[date, int] | None


@dataclass(frozen=True)
class ReportRate:
    """Of the reports of a period: how many are owed, how many are in, and how many in time."""

    owed: int
    received: int
    on_time: int


def stands(known_at: datetime | None = None) -> ColumnElement[bool]:
    """Whether an obligation stands: its permit held to the end of the period, and nobody waived it; as far as was known at
    `known_at`, or as is known now."""
    is_waived, is_ended = _O.waived_at.is_(None), or_(_E.ended_on.is_(None), _E.ended_on >= _O.period_to)
    if known_at is None:
        return and_(is_waived, _E.is_accepted.is_(True), is_ended)
    return and_(or_(is_waived, _O.waived_at > known_at), _E.is_accepted.is_(True), or_(is_ended, _E.ended_at > known_at),
                _O.recorded_at <= known_at)


def page(session: Session, scope: SiteScope, filters: ReportFilters, on: date, after: tuple[date, int] | None = None,
         size: int = PAGE_SIZE) -> ReportPage:
    """One page of what this reader sees, by the day it is due."""
    query = _report_lines().where(readable_sites(scope, begins=bool(filters.site)), *_conditions_of(filters, on))
    if after is not None:
        query = query.where(tuple_(_O.due_on, _O.id) > tuple_(after[0], after[1]))
    rows = [OwedReport(*row) for row in session.execute(query.order_by(_O.due_on, _O.id).limit(size + 1))]
    lines = tuple(rows[:size])
    return ReportPage(lines, (lines[-1].due_on, lines[-1].id) if len(rows) > size else None)


def report_of(session: Session, scope: SiteScope, obligation_id: int) -> OwedReport | None:
    """One report, if the reader sees its site."""
    found = session.execute(_report_lines().where(readable_sites(scope), _O.id == obligation_id)).first()
    return None if found is None else OwedReport(*found)


def _report_lines() -> Select[Any]:
    return select(_O.id, _S.code, _S.name, _U.name, _E.number, _O.kind, _O.period, _O.due_on, _O.satisfied_on, _O.document,
                  _O.waived_ground).select_from(SiteObligation).join(Site, _S.id == _O.site_id).join(
        SiteEntry, _E.id == _O.entry_id).outerjoin(Unit, _U.id == _S.unit_id)


def _conditions_of(filters: ReportFilters, on: date) -> list[ColumnElement[bool]]:
    found = [stands()]
    if filters.kind:
        found.append(_O.kind == filters.kind)
    if filters.site:
        found.append(_S.code == filters.site)
    is_open = _O.satisfied_at.is_(None)
    lights = {"red": and_(is_open, _O.due_on < on), "yellow": and_(is_open, _O.due_on >= on, _O.due_on < on + SOON),
              "green": and_(is_open, _O.due_on >= on + SOON), "blue": ~is_open}
    if filters.light in lights:
        found.append(lights[filters.light])
    elif not filters.site:
        found.append(is_open)
    return found


def rate(session: Session, scope: SiteScope, kind: str, period: str, on: date) -> ReportRate:
    """How many reports of a period were in on a day, and how many in time."""
    received = case((and_(_O.satisfied_on.is_not(None), _O.satisfied_on <= on), 1), else_=0)
    in_time = case((and_(_O.satisfied_on <= on, _O.satisfied_on <= _O.due_on), 1), else_=0)
    query = select(func.count(), func.coalesce(func.sum(received), 0), func.coalesce(func.sum(in_time), 0)).select_from(
        SiteObligation).join(Site, _S.id == _O.site_id).join(SiteEntry, _E.id == _O.entry_id)
    row = session.execute(query.where(readable_sites(scope), stands(), _O.kind == kind, _O.period == period)).one()
    return ReportRate(int(row[0]), int(row[1]), int(row[2]))


class DueReport(NamedTuple):
    """A report that was due, for counting."""

    code: str
    kind: str
    due_on: date
    satisfied_on: date | None


def due_within(session: Session, scope: SiteScope, first: date, last: date, known_at: datetime) -> list[DueReport]:
    """The reports whose day lies in a window, as far as was known at a moment: one that was entered later was not in yet."""
    known_in = case((_O.satisfied_at <= known_at, _O.satisfied_on), else_=None)
    query = select(_S.code, _O.kind, _O.due_on, known_in).select_from(SiteObligation).join(
        Site, _S.id == _O.site_id).join(SiteEntry, _E.id == _O.entry_id).where(
        readable_sites(scope), stands(known_at), _O.due_on >= first, _O.due_on <= last)
    return [DueReport(*row) for row in session.execute(query.order_by(_S.code, _O.id))]
