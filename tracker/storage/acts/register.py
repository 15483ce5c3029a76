"""Acts as a list: those that go on by what is owed next, those that are over from the newest, in keyset pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from tracker.domain.acts.sight import ActScope
from tracker.storage.acts.acts import Act, ActLink
from tracker.storage.acts.scope import ACTS, readable
from tracker.storage.people.accounts import Unit
from tracker.storage.territory.territory import AreaRow

PAGE_SIZE = 50
_UNITS, _AREAS = Unit.__table__.c, AreaRow.__table__.c


@dataclass(frozen=True)
class ActFilters:
    """What is asked of the list. `kind` "" is every kind."""

    kind: str = ""
    state: str = ""
    is_over: bool = False
    q: str = ""


class ActLine(NamedTuple):
    """One act in the list."""

    id: int
    number: str
    kind: str
    subkind: str
    state: str
    title: str
    area: str
    unit: str | None
    began_on: date | None
    list_due_on: date


@dataclass(frozen=True)
class ActLines:
    """Up to `PAGE_SIZE` lines; `after` continues with the next page, None on the last."""

    lines: tuple[ActLine, ...]
    after: str | None


_COLUMNS = (ACTS.id, ACTS.number, ACTS.kind, ACTS.subkind, ACTS.state, ACTS.title, func.coalesce(_AREAS.name, ACTS.area_code),
            _UNITS.name, ACTS.began_on, ACTS.list_due_on)


def page(session: Session, scope: ActScope, filters: ActFilters, after: str = "", size: int = PAGE_SIZE) -> ActLines:
    """One page of what this reader sees."""
    query = _narrowed_query(select(*_COLUMNS), scope, filters)
    query = query.select_from(Act.__table__.outerjoin(Unit.__table__, _UNITS.id == ACTS.unit_id)
                              .outerjoin(AreaRow.__table__, _AREAS.code == ACTS.area_code))
    if place := _place_of(after, filters):
        query = query.where(place)
    order = (ACTS.id.desc(),) if filters.is_over else (ACTS.list_due_on, ACTS.id)
    rows = session.execute(query.order_by(*order).limit(size + 1)).all()
    lines = tuple(ActLine(*row) for row in rows[:size])
    return ActLines(lines, _token_of(lines[-1], filters) if len(rows) > size else None)


def counts(session: Session, scope: ActScope, filters: ActFilters) -> dict[str, int]:
    """How many of each kind go on, whatever kind is asked for; none where those that are over are asked for, which only ever
    become more."""
    if filters.is_over:
        return {}
    query = _narrowed_query(select(ACTS.kind, func.count()), scope, ActFilters(q=filters.q)).group_by(ACTS.kind)
    return {row[0]: row[1] for row in session.execute(query)}


def titles_of(session: Session, scope: ActScope, streams: Iterable[str]) -> dict[str, str]:
    """Of these streams the acts that the reader sees, with their titles."""
    numbers = [stream.removeprefix("act:") for stream in streams if stream.startswith("act:")]
    if not numbers:
        return {}
    query = select(ACTS.number, ACTS.title).where(ACTS.number.in_(numbers), readable(scope))
    return {f"act:{row.number}": row.title for row in session.execute(query)}


def linked_to(session: Session, scope: ActScope, stream: str, size: int = PAGE_SIZE) -> tuple[ActLine, ...]:
    """The newest acts that are tied to a stream, as far as the reader sees them."""
    query: Select[Any] = select(*_COLUMNS).select_from(Act.__table__.outerjoin(Unit.__table__, _UNITS.id == ACTS.unit_id)
                                                       .outerjoin(AreaRow.__table__, _AREAS.code == ACTS.area_code))
    tied = select(ActLink.act_id).where(ActLink.target == stream)
    rows = session.execute(query.where(ACTS.id.in_(tied), readable(scope)).order_by(ACTS.id.desc()).limit(size)).all()
    return tuple(ActLine(*row) for row in rows)


def _narrowed_query(query: Select[Any], scope: ActScope, filters: ActFilters) -> Select[Any]:
    query = query.where(ACTS.is_over.is_(filters.is_over), readable(scope))
    if filters.kind:
        query = query.where(ACTS.kind == filters.kind)
    if filters.state:
        query = query.where(ACTS.state == filters.state)
    if filters.q:
        wanted = filters.q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        query = query.where(or_(ACTS.number == filters.q.upper(), ACTS.title.like(f"%{wanted}%", escape="\\")))
    return query


def _token_of(line: ActLine, filters: ActFilters) -> str:
    return str(line.id) if filters.is_over else f"{line.list_due_on.isoformat()}.{line.id}"


def _place_of(after: str, filters: ActFilters) -> ColumnElement[bool] | None:
    """Behind which line the page begins; None for the first, and for a place that is none."""
    day, _, last = after.rpartition(".")
    if not last.isascii() or not last.isdigit() or len(last) > 18:
        return None
    if filters.is_over:
        return ACTS.id < int(last)
    try:
        on = date.fromisoformat(day)
    except ValueError:
        return None
    return or_(ACTS.list_due_on > on, and_(ACTS.list_due_on == on, ACTS.id > int(last)))
