"""The rules in force: calendar, limits, sources, routing, areas. Read from the database, cached until they change."""

import secrets
from collections.abc import Callable, Hashable
from datetime import date
from typing import TypeVar

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from tracker.domain.house.errors import Invalid
from tracker.domain.rules.limits import Limit, LimitUnit, Stage
from tracker.domain.rules.workdays import CalendarDay, DayKind, DaySource, WorkCalendar, published_years
from tracker.domain.territory.routing import RoutingRule
from tracker.domain.territory.territory import Area, AreaLevel, Gazetteer
from tracker.services.house.work import wiring
from tracker.storage.house.base import db
from tracker.storage.house.preferences import Preference
from tracker.storage.rules.rules import CalendarRow, LimitRow
from tracker.storage.territory.territory import AreaRow, RoutingRow, Source

Table = TypeVar("Table")
VERSION, NEVER_CHANGED = "rules_version", "0"
# The mark that changes with every rule, as a column of its own: who reads something else anyway reads it along.
_PREFERENCES = Preference.__table__.c
version_column = select(_PREFERENCES.value).where(_PREFERENCES.key == VERSION).scalar_subquery()
_VERSION = select(version_column)
_SOURCE = select(Source, version_column.label("version")).where(Source.key == bindparam("wanted"))


def calendar() -> WorkCalendar:
    """The working calendar in force."""
    return cached("calendar", _read_calendar)


def limits() -> tuple[Limit, ...]:
    """All limits, dated."""
    return cached("limits", _read_limits)


def routing() -> tuple[RoutingRule, ...]:
    """The responsibility list."""
    return cached("routing", _read_routing)


def gazetteer() -> Gazetteer:
    """All divisions known, old and new."""
    return cached("gazetteer", _read_areas)


def source(key: str) -> Source:
    """The source with this key. Raises `Invalid` listing the known ones."""
    found = db.session.execute(_SOURCE, {"wanted": key.strip()}).first()
    if found is None:
        known = "、".join(f"{s.key}({s.name})" for s in sources())
        raise Invalid(f"没有来源“{key}”；已有来源：{known}。", field="source")
    noted(db.session(), found.version)
    row: Source = found[0]
    return row


def sources() -> list[Source]:
    """All sources, in the order of their keys."""
    return list(db.session.scalars(select(Source).order_by(Source.key)))


def changed(session: Session) -> None:
    """To be called by every deed that changes a rule or a unit: all processes read them anew."""
    row, mark = session.get(Preference, VERSION), secrets.token_hex(8)
    if row is None:
        session.add(Preference(key=VERSION, value=mark))
    else:
        row.value = mark
    session.info[VERSION] = (session.get_transaction(), None)


def noted(session: Session, version: str | None) -> None:
    """The version that was read along with something else: it holds until the transaction ends."""
    transaction = session.get_transaction()
    if transaction is None or session.info.get(VERSION, (None, None))[0] is not transaction:
        session.info[VERSION] = (transaction, version or NEVER_CHANGED)


def cached(name: Hashable, read: Callable[[Session], Table]) -> Table:
    """What `read` finds, kept in every process until a rule or the day changes."""
    session, own = db.session(), wiring()
    version = _version_in_force(session)
    if version is None:
        return read(session)
    key = (version, own.clock.today())
    held: tuple[object, Table] | None = own.cached.get(name)
    if held is None or held[0] != key:
        held = own.cached[name] = (key, read(session))
    return held[1]


def _version_in_force(session: Session) -> str | None:
    """The version in force, read once in a transaction; None in one that changes it, for nothing it reads is for others."""
    version: str | None
    transaction, version = session.info.get(VERSION, (None, None))
    if transaction is None or transaction is not session.get_transaction():
        version = session.execute(_VERSION).scalar() or NEVER_CHANGED
        noted(session, version)
    return version


def _read_calendar(session: Session) -> WorkCalendar:
    rows = session.scalars(select(CalendarRow).order_by(CalendarRow.on))
    days = tuple(CalendarDay(r.on, DayKind(r.kind), r.name, DaySource(r.source), r.paper) for r in rows)
    return WorkCalendar(days, published_years(days))


def _read_limits(session: Session) -> tuple[Limit, ...]:
    return tuple(
        Limit(r.source_key or None, Stage(r.stage), r.amount, LimitUnit(r.unit), r.is_first_day_counted, r.basis,
              r.effective_from, r.effective_to)
        for r in session.scalars(select(LimitRow).order_by(LimitRow.id))
    )


def _read_routing(session: Session) -> tuple[RoutingRule, ...]:
    return tuple(
        RoutingRule(r.number, r.category or None, r.area_code or None, _comma_words(r.keywords), r.lead_unit_code,
                    _comma_words(r.supporting_unit_codes), r.reason, r.valid_from, r.valid_to)
        for r in session.scalars(select(RoutingRow).order_by(RoutingRow.number))
    )


def _read_areas(session: Session) -> Gazetteer:
    rows = session.scalars(select(AreaRow).order_by(AreaRow.code, AreaRow.valid_from))
    return Gazetteer(tuple(
        Area(code=r.code, name=r.name, level=AreaLevel(r.level), parent_code=r.parent_code or None,
             valid_from=None if r.valid_from == date.min else r.valid_from, valid_to=r.valid_to,
             successor_codes=_comma_words(r.successors))
        for r in rows
    ))


def _comma_words(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(",") if part)
