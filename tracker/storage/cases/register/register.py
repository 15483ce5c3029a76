"""The case register (台账) as a reader sees it: filters, keyset pages, counts by state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    cast,
    func,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.orm import Session

from tracker.domain.cases.facts import APART, CLOCK_RUNS, CLOCK_STOPPED, CaseState
from tracker.domain.house.actor import Scope
from tracker.domain.rules.lights import Light, LightBounds
from tracker.domain.tables.cells import whole_number
from tracker.storage.cases import search
from tracker.storage.cases.cases import FAR, Case
from tracker.storage.cases.register.conditions import closed_between, led_by, lying_in, of_type, received_between
from tracker.storage.cases.register.filters import SORTS, Filters
from tracker.storage.cases.register.orders import ListOrder
from tracker.storage.cases.scope import gathered, visible, ways
from tracker.storage.house.ledger import FactRow
from tracker.storage.house.statements import kept_statement
from tracker.storage.people.accounts import Unit
from tracker.storage.territory.territory import AreaRow, Source

__all__ = ["PAGE_SIZE", "SORTS", "Filters", "RegisterLine", "RegisterPage", "counts", "last_fact", "light_condition", "light_of",
           "numbers", "page"]

PAGE_SIZE = 50
BESIDE = -5  # columns at the end of a row that belong to the page, not to the line
NO_LIGHT = "none"
# Plain columns: what is read here becomes lines, and the ORM's own handling of columns would cost more than reading them.
CASES, SOURCES, UNITS, AREAS = (table.__table__.c for table in (Case, Source, Unit, AreaRow))


class RegisterLine(NamedTuple):
    """One case in the register. A tuple, which is made fastest; the order is that of the columns read."""

    id: int
    number: str
    title: str
    state: CaseState
    due_on: date | None
    is_due_provisional: bool
    is_key: bool
    place: str
    area: str
    source: str
    source_number: str | None
    unit: str | None
    received_on: date
    supervision_level: str | None
    light: str


@dataclass(frozen=True)
class RegisterPage:
    """Up to `PAGE_SIZE` lines; `after` continues with the next page, None on the last. `last_fact` is the number of the latest
    fact of all, which tells whether counts are still good."""

    lines: tuple[RegisterLine, ...]
    after: str | None
    last_fact: int


def page(session: Session, scope: Scope, filters: Filters, bounds: LightBounds, after: str = "",
         size: int = PAGE_SIZE) -> RegisterPage:
    """One page of the register, in one statement that costs the same on page 1 and on page 500."""
    mark = filters.sorting.read_mark(after)
    way = search.way_of(session, filters.q, is_newest_first=filters.order == "newest", is_one_walk=len(filters.state) < 2)
    rows = session.execute(_page_query(scope, filters, bounds, filters.sorting.begins_at(mark), size, way), mark).all()
    lines = tuple(_register_line(row, bounds) for row in rows[:size])
    mark_after = filters.sorting.mark_of(rows[size - 1]) if len(rows) > size else None
    return RegisterPage(lines, mark_after, rows[0].last_fact if rows else last_fact(session))


def last_fact(session: Session) -> int:
    """The number of the latest fact of all: while it stands, so does everything that was counted."""
    return int(session.execute(_LAST_FACT).scalar_one())


_LAST_FACT = select(func.coalesce(func.max(FactRow.__table__.c.id), 0).label("last_fact"))


@kept_statement
def _page_query(scope: Scope, filters: Filters, bounds: LightBounds, at: str, size: int,
                way: search.SearchWay) -> Select[Any]:
    """The statement of a view, kept: to put it together would take longer than to run it."""
    keys = _page_keys(scope, filters, bounds, at, size + 1, way).subquery("keys")
    area = (select(AREAS.name).where(AREAS.code == CASES.area_code).order_by(AREAS.valid_from.desc()).limit(1)
            .correlate(Case.__table__).scalar_subquery())
    query = (
        select(CASES.id, CASES.number, CASES.title, CASES.state, CASES.due_on, CASES.is_due_provisional, CASES.is_key,
               CASES.place,
               func.coalesce(area, CASES.area_text, "").label("area"), SOURCES.name.label("source"), CASES.source_number,
               UNITS.name.label("unit"), CASES.received_on, CASES.supervision_level, CASES.list_due_on,
               CASES.lead_unit_id, CASES.source_id, CASES.jurisdiction,
               _LAST_FACT.scalar_subquery().label("last_fact"))
        .select_from(Case.__table__.join(keys, keys.c.id == CASES.id).join(Source.__table__, SOURCES.id == CASES.source_id)
                     .outerjoin(Unit.__table__, UNITS.id == CASES.lead_unit_id))
    )
    return query.order_by(*filters.sorting.sorting())


def counts(session: Session, scope: Scope, filters: Filters, bounds: LightBounds) -> dict[CaseState, int]:
    """How many visible cases each state has under the other filters."""
    conditions = [gathered(scope), *_filter_conditions(filters, bounds)]
    query = select(CASES.state, func.count()).where(*conditions).group_by(CASES.state)
    return {row[0]: row[1] for row in session.execute(query)}


def numbers(session: Session, scope: Scope, views: Sequence[Filters], bounds: LightBounds) -> list[int]:
    """How many visible cases each of several views has, in one statement."""
    counted = [
        select(func.count()).select_from(Case.__table__).where(gathered(scope), *_filter_conditions(view, bounds),
                                                               *_state_condition(view)).scalar_subquery()
        for view in views
    ]
    return list(session.execute(select(*counted)).one()) if counted else []


def conditions(scope: Scope, filters: Filters, bounds: LightBounds) -> list[ColumnElement[bool]]:
    """What holds for every visible case that the filters leave: for reading all of them, as an export does."""
    return [gathered(scope), *_filter_conditions(filters, bounds), *_state_condition(filters)]


def light_of(state: CaseState, due_on: date | None, bounds: LightBounds) -> str:
    """The light of a case in a list; `NO_LIGHT` where no clock runs."""
    if state is CaseState.closed:
        return Light.blue.value
    if state in CLOCK_STOPPED:
        return Light.green.value
    if state not in CLOCK_RUNS or due_on is None:
        return NO_LIGHT
    return bounds.light(due_on).value


def _register_line(row: Any, bounds: LightBounds) -> RegisterLine:
    return RegisterLine._make((*row[:BESIDE], light_of(row[3], row[4], bounds)))


# --- the walk along an index ----------------------------------------------------------------------------------------------


def _page_keys(scope: Scope, filters: Filters, bounds: LightBounds, at: str, limit: int,
               way: search.SearchWay) -> Select[Any]:
    """The ids of a page. One walk for each state and each way of seeing a case, along its index and stopped after a page, then
    merged: many states together would otherwise be sorted whole, or walked past every closed case."""
    order, narrowed, (ordered, picked) = filters.sorting, _filter_conditions(filters, bounds, way), ways(scope)
    # As text, a state is nothing that an index could be walked by: what is picked stays the beginning.
    any_state: list[ColumnElement[bool]] = [cast(CASES.state, String)
                                            .in_([state.value for state in filters.state])] if filters.state else []
    if way is search.SearchWay.streamed:
        along = [search.INDEX.c.rowid < bindparam("last_id", type_=BigInteger), *order.beyond()] if at else []
        joined = Case.__table__.join(search.INDEX, search.INDEX.c.rowid == CASES.id)
        streamed = select(CASES.id).select_from(joined).where(visible(scope), *any_state, *narrowed, *along)
        return streamed.order_by(search.INDEX.c.rowid.desc()).limit(limit)
    queries = [_index_walk([*narrowed, *state, *along, seen], keys, order, limit) for seen in ordered
               for state, begun in _walked_states(filters, at, way, any_state) for along, keys in order.walks(begun)]
    queries += [_index_walk([*narrowed, *state, *along, seen], keys, order, limit) for seen in picked
                for state, begun in (_walked_states(filters, at, way, any_state) if order.is_by_state else [(any_state, at)])
                for along, keys in order.walks(begun)]
    if len(queries) == 1:
        return queries[0]
    merge = union if len(ordered) + len(picked) > 1 else union_all
    merged = merge(*(select(q.subquery()) for q in queries)).subquery("merged")
    return select(merged.c.id).order_by(*order.sorting(merged.c)).limit(limit)


def _walked_states(filters: Filters, at: str, way: search.SearchWay, any_state: list[ColumnElement[bool]]
                   ) -> list[tuple[list[ColumnElement[bool]], str]]:
    """The walks that states ask for, each with where it begins. What is searched for is gathered once, for all states together;
    so is what is sorted by another group than the state."""
    order = filters.sorting
    if order.is_by_state:
        return [([CASES.state == state], begun) for state, begun in order.states_from(filters.state, at)]
    if order.group or not filters.state or (filters.q and way is not search.SearchWay.walked):
        return [(any_state, at)]
    return [([CASES.state == state], at) for state in filters.state]


def _index_walk(conditions: Sequence[ColumnElement[bool]], keys: tuple[Any, ...], order: ListOrder, limit: int) -> Select[Any]:
    beside = [CASES[name] for name in (order.group, order.day) if name]
    return select(CASES.id, *beside).where(*conditions).order_by(*keys).limit(limit)


# --- filters as conditions ------------------------------------------------------------------------------------------------


def _state_condition(filters: Filters) -> list[ColumnElement[bool]]:
    return [CASES.state.in_(filters.state)] if filters.state else []


def _filter_conditions(filters: Filters, bounds: LightBounds,
                       way: search.SearchWay = search.SearchWay.gathered) -> list[ColumnElement[bool]]:
    """Every filter but the states."""
    asked: list[ColumnElement[bool] | None] = [
        light_condition(filters.light, bounds) if filters.light else None,
        light_condition("red", bounds) if filters.is_overdue else None,
        CASES.source_id == _id_of(SOURCES, "key", filters.source) if filters.source else None,
        led_by(filters.unit) if filters.unit else None,
        lying_in(filters.area) if filters.area else None,
        of_type(filters.type) if filters.type else None,
        CASES.batch_label == filters.batch if filters.batch else None,
        _sponsor_condition(filters.sponsor) if filters.sponsor else None,
        CASES.is_key.is_(True) if filters.is_key else None,
        CASES.pending.is_not(None) if filters.is_pending else None,
        CASES.supervision_level.is_not(None) if filters.is_supervised else None,
        CASES.matter_since_on.is_not(None) if filters.is_unsettled else None,
        *received_between(filters.received_from, filters.received_to),
        *closed_between(filters.closed_from, filters.closed_to),
        search.found(filters.q, way) if filters.q else None,
    ]
    return [condition for condition in asked if condition is not None]


def light_condition(light: str, bounds: LightBounds) -> ColumnElement[bool]:
    """That a case has this light; `NO_LIGHT` too."""
    running, due = CASES.state.in_(CLOCK_RUNS), CASES.list_due_on
    if light == Light.blue.value:
        return CASES.state == CaseState.closed
    if light == Light.red.value:
        return and_(running, due < bounds.today)
    if light == Light.yellow.value:
        return and_(running, due.between(bounds.today, bounds.yellow_until))
    if light == Light.green.value:
        return or_(CASES.state.in_(CLOCK_STOPPED), and_(running, due > bounds.yellow_until, due < FAR))
    return or_(CASES.state.in_((*APART, CaseState.suspended)), and_(running, due == FAR))


def _sponsor_condition(sponsor: str) -> ColumnElement[bool]:
    person_id = whole_number(sponsor)
    return CASES.sponsor_id == person_id if person_id is not None else CASES.sponsor_id.is_not(None)


def _id_of(columns: Any, field: str, code: str) -> Any:
    return select(columns.id).where(columns[field] == code).scalar_subquery()

