"""Acts as a list: those that go on by what is owed next, those that are over from the newest, in keyset pages."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Date, Select, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from tracker.domain.acts.facts import OWED
from tracker.domain.acts.sight import ActScope
from tracker.storage.acts import search
from tracker.storage.acts.acts import Act, ActLink, Duty
from tracker.storage.acts.scope import ACTS, readable
from tracker.storage.house.ledger import FactRow
from tracker.storage.house.statements import kept_statement
from tracker.storage.people.accounts import Unit
from tracker.storage.territory.territory import AreaRow

PAGE_SIZE, PORTION = 50, 500
_UNITS, _AREAS, _DUTIES = Unit.__table__.c, AreaRow.__table__.c, Duty.__table__.c


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
    """Up to `PAGE_SIZE` lines; `after` continues with the next page, None on the last. `last_fact` is the number of the latest
    fact anywhere, None where no line told it."""

    lines: tuple[ActLine, ...]
    after: str | None
    last_fact: int | None = None


# An area has a row for each of its names; the newest is said.
_AREA = (select(_AREAS.name).where(_AREAS.code == ACTS.area_code).order_by(_AREAS.valid_from.desc()).limit(1)
         .correlate(Act.__table__).scalar_subquery())
_COLUMNS = (ACTS.id, ACTS.number, ACTS.kind, ACTS.subkind, ACTS.state, ACTS.title, func.coalesce(_AREA, ACTS.area_code),
            _UNITS.name, ACTS.began_on, ACTS.list_due_on)
_NAMED = Act.__table__.outerjoin(Unit.__table__, _UNITS.id == ACTS.unit_id)
_LAST_FACT = select(func.coalesce(func.max(FactRow.__table__.c.id), 0)).scalar_subquery()
WIDTH = len(_COLUMNS)


class ActRow(NamedTuple):
    """One act in the file of the list: its line, and what a list has no room for."""

    line: ActLine
    ended_on: date | None
    document_no: str
    duty_count: int
    owed_count: int
    opened_at: datetime
    closed_at: datetime | None


def page(session: Session, scope: ActScope, filters: ActFilters, after: str = "", size: int = PAGE_SIZE) -> ActLines:
    """One page of what this reader sees."""
    begun = _place_of(after, filters)
    rows = session.execute(_page_query(scope, filters, size + 1, is_further=bool(begun)), begun).all()
    lines = tuple([ActLine._make(row[:WIDTH]) for row in rows[:size]])
    return ActLines(lines, _token_of(lines[-1], filters) if len(rows) > size else None, rows[0][WIDTH] if rows else None)


@kept_statement
def _page_query(scope: ActScope, filters: ActFilters, limit: int, *, is_further: bool) -> Select[Any]:
    """The statement of a page, kept: to put it together would take longer than to run it."""
    query = _narrowed_query(select(*_COLUMNS, _LAST_FACT), scope, filters).select_from(_NAMED)
    on, last = bindparam("begun_on", type_=Date), bindparam("begun_id", type_=BigInteger)
    if filters.is_over:
        return (query.where(ACTS.id < last) if is_further else query).order_by(ACTS.id.desc()).limit(limit)
    if is_further:
        query = query.where(or_(ACTS.list_due_on > on, and_(ACTS.list_due_on == on, ACTS.id > last)))
    return query.order_by(ACTS.list_due_on, ACTS.id).limit(limit)


def counts(session: Session, scope: ActScope, filters: ActFilters) -> dict[str, int]:
    """How many of each kind go on, whatever kind is asked for; none where those that are over are asked for, which only ever
    become more."""
    if filters.is_over:
        return {}
    query = _narrowed_query(select(ACTS.kind, func.count()), scope, ActFilters(q=filters.q)).group_by(ACTS.kind)
    return {row[0]: row[1] for row in session.execute(query)}


def lines_of(*more: Any) -> Select[Any]:
    """The columns of a line and those that are asked besides, of every act."""
    return select(*_COLUMNS, *more).select_from(_NAMED)


def titles_of(session: Session, scope: ActScope, streams: Iterable[str]) -> dict[str, str]:
    """Of these streams the acts that the reader sees, with their titles."""
    numbers = [stream.removeprefix("act:") for stream in streams if stream.startswith("act:")]
    if not numbers:
        return {}
    query = select(ACTS.number, ACTS.title).where(ACTS.number.in_(numbers), readable(scope))
    return {f"act:{row.number}": row.title for row in session.execute(query)}


def linked_to(session: Session, scope: ActScope, stream: str, size: int = PAGE_SIZE) -> tuple[ActLine, ...]:
    """The newest acts that are tied to a stream, as far as the reader sees them."""
    query = lines_of()
    tied = select(ActLink.act_id).where(ActLink.target == stream)
    rows = session.execute(query.where(ACTS.id.in_(tied), readable(scope)).order_by(ACTS.id.desc()).limit(size)).all()
    return tuple(ActLine(*row) for row in rows)


def rows(session: Session, scope: ActScope, filters: ActFilters) -> Iterator[ActRow]:
    """Every act that the filters leave, the newest last, in portions."""
    duties = select(func.count(), func.coalesce(func.sum(case((_DUTIES.state.in_(OWED), 1), else_=0)), 0)).where(
        _DUTIES.act_id == ACTS.id).correlate(Act.__table__)
    counted = [duties.with_only_columns(column).scalar_subquery() for column in duties.selected_columns]
    query: Select[Any] = _narrowed_query(select(*_COLUMNS, ACTS.ended_on, ACTS.document_no, *counted, ACTS.opened_at,
                                                ACTS.closed_at), scope, filters)
    query = query.select_from(_NAMED).order_by(ACTS.id).limit(PORTION)
    last = 0
    while found := session.execute(query.where(ACTS.id > last)).all():
        yield from (ActRow(ActLine(*row[:WIDTH]), *row[WIDTH:]) for row in found)
        last = found[-1][0]


def found_by(session: Session, scope: ActScope, q: str, most: int) -> tuple[ActLine, ...]:
    """The acts that a search finds, those that go on first, then the newest."""
    query = lines_of().where(readable(scope), search.found(q))
    return tuple(ActLine(*row) for row in session.execute(query.order_by(ACTS.is_over, ACTS.id.desc()).limit(most)).all())


def _narrowed_query(query: Select[Any], scope: ActScope, filters: ActFilters) -> Select[Any]:
    query = query.where(ACTS.is_over.is_(filters.is_over), readable(scope))
    if filters.kind:
        query = query.where(ACTS.kind == filters.kind)
    if filters.state:
        query = query.where(ACTS.state == filters.state)
    return query.where(search.found(filters.q)) if filters.q else query


def _token_of(line: ActLine, filters: ActFilters) -> str:
    return str(line.id) if filters.is_over else f"{line.list_due_on.isoformat()}.{line.id}"


def _place_of(after: str, filters: ActFilters) -> dict[str, Any]:
    """Behind which line the page begins; empty for the first, and for a place that is none."""
    day, _, last = after.rpartition(".")
    if not last.isascii() or not last.isdigit() or len(last) > 18:
        return {}
    if filters.is_over:
        return {"begun_id": int(last)}
    try:
        return {"begun_on": date.fromisoformat(day), "begun_id": int(last)}
    except ValueError:
        return {}
