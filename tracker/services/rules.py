"""The rules in force: calendar, limits, sources, routing, areas. Read from the database, cached until they change."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.errors import Invalid
from tracker.domain.limits import Limit, LimitUnit, Stage
from tracker.domain.routing import RoutingRule
from tracker.domain.territory import Area, AreaLevel, Gazetteer
from tracker.domain.workdays import CalendarDay, DayKind, DaySource, WorkCalendar, published_years
from tracker.services.work import plant
from tracker.storage.base import db
from tracker.storage.runs import Preference
from tracker.storage.territory import AreaRow, CalendarRow, LimitRow, RoutingRow, Source

Table = TypeVar("Table")
VERSION = "rules_version"


def calendar() -> WorkCalendar:
    """The working calendar in force."""
    return _cached("calendar", _read_calendar)


def limits() -> tuple[Limit, ...]:
    """All limits, dated."""
    return _cached("limits", _read_limits)


def routing() -> tuple[RoutingRule, ...]:
    """The responsibility list."""
    return _cached("routing", _read_routing)


def gazetteer() -> Gazetteer:
    """All divisions known, old and new."""
    return _cached("gazetteer", _read_areas)


def source(key: str) -> Source:
    """The source with this key. Raises `Invalid` listing the known ones."""
    found = db.session.scalar(select(Source).where(Source.key == key.strip()))
    if found is None:
        known = "、".join(f"{s.key}({s.name})" for s in sources())
        raise Invalid(f"没有来源“{key}”；已有来源：{known}。", field="source")
    return found


def sources() -> list[Source]:
    """All sources, in the order of their keys."""
    return list(db.session.scalars(select(Source).order_by(Source.key)))


def changed(session: Session) -> None:
    """To be called by every deed that changes a rule: all processes read the rules anew."""
    row = session.get(Preference, VERSION)
    if row is None:
        session.add(Preference(key=VERSION, value="1"))
    else:
        row.value = str(int(row.value) + 1)


def _cached(name: str, read: Callable[[Session], Table]) -> Table:
    cache = plant().cached
    version = db.session.scalar(select(Preference.value).where(Preference.key == VERSION)) or "0"
    if cache.get("version") != version:
        cache.clear()
        cache["version"] = version
    if name not in cache:
        cache[name] = read(db.session())
    found: Table = cache[name]
    return found


def _read_calendar(session: Session) -> WorkCalendar:
    rows = session.scalars(select(CalendarRow).order_by(CalendarRow.on))
    days = tuple(CalendarDay(r.on, DayKind(r.kind), r.name, DaySource(r.source)) for r in rows)
    return WorkCalendar(days, published_years(days))


def _read_limits(session: Session) -> tuple[Limit, ...]:
    return tuple(
        Limit(r.source_key or None, Stage(r.stage), r.amount, LimitUnit(r.unit), r.is_first_day_counted, r.basis,
              r.effective_from, r.effective_to)
        for r in session.scalars(select(LimitRow).order_by(LimitRow.id))
    )


def _read_routing(session: Session) -> tuple[RoutingRule, ...]:
    return tuple(
        RoutingRule(r.number, r.category or None, r.area_code or None, _words(r.keywords), r.lead_unit_code,
                    _words(r.supporting_unit_codes), r.reason, r.valid_from, r.valid_to)
        for r in session.scalars(select(RoutingRow).order_by(RoutingRow.number))
    )


def _read_areas(session: Session) -> Gazetteer:
    rows = session.scalars(select(AreaRow).order_by(AreaRow.code, AreaRow.valid_from))
    return Gazetteer(tuple(
        Area(code=r.code, name=r.name, level=AreaLevel(r.level), parent_code=r.parent_code or None,
             valid_from=None if r.valid_from == date.min else r.valid_from, valid_to=r.valid_to, successor_codes=_words(r.successors))
        for r in rows
    ))


def _words(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(",") if part)
