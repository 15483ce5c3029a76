"""The figures of the dashboard: few aggregates over what a reader may see, each counting just what the register would list."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal_column, or_, select
from sqlalchemy.orm import Session

from tracker.domain.cases.facts import HANDLED, OPEN
from tracker.domain.house.actor import EVERYTHING, Scope
from tracker.domain.rules.lights import LightBounds
from tracker.storage.cases.cases import Case, CaseCategory
from tracker.storage.cases.register.conditions import STREET_DIGITS, closed_between, received_between
from tracker.storage.cases.register.filters import NOBODY, Filters
from tracker.storage.cases.register.register import conditions
from tracker.storage.cases.scope import gathered
from tracker.storage.people.accounts import Unit

WEEKS, ALL = 12, Filters()
CASES, UNITS, TYPES = Case.__table__.c, Unit.__table__.c, CaseCategory.__table__.c
# What is counted, as the view of the register that lists it.
COUNTED: dict[str, Filters] = {
    "open": Filters(state=OPEN), "due_soon": Filters(light="yellow"), "overdue": Filters(is_overdue=True),
    "done": Filters(state=HANDLED),
}


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """How many cases are open, due soon, overdue, and completed; the middle two are among the open ones."""

    open: int = 0
    due_soon: int = 0
    overdue: int = 0
    done: int = 0

    def __add__(self, other: "CaseFigures") -> "CaseFigures":
        return CaseFigures(*(getattr(self, name) + getattr(other, name) for name in COUNTED))


@dataclass(frozen=True, slots=True)
class Week:
    """A week from Monday to Sunday: how many cases came in, and how many were closed."""

    first: date
    last: date
    received: int
    closed: int


@dataclass(frozen=True)
class Split:
    """Figures by unit and by area, each by code; units with their names. `NOBODY` is no unit, or no street."""

    unit_names: dict[str, str]
    units: dict[str, CaseFigures]
    areas: dict[str, CaseFigures]


def within(view: Filters, asked: Filters) -> Filters:
    """A view narrowed to the source and the days of receipt that a reader asks for."""
    return replace(view, source=asked.source, received_from=asked.received_from, received_to=asked.received_to)


def split(session: Session, scope: Scope, bounds: LightBounds, asked: Filters = ALL) -> Split:
    """Figures by lead unit and by street, in one statement."""
    # Literal columns: a bound parameter would make PostgreSQL take the grouped and the selected expression for two.
    street = case((func.length(CASES.area_code) >= STREET_DIGITS,
                   func.substr(CASES.area_code, literal_column("1"), literal_column(str(STREET_DIGITS)))))
    keyed = (
        select(UNITS.code.label("unit"), UNITS.name, street.label("street"), *figure_flags(bounds))
        .select_from(Case.__table__.outerjoin(Unit.__table__, UNITS.id == CASES.lead_unit_id))
        .where(gathered(scope), *conditions(EVERYTHING, asked, bounds)).subquery()
    )
    query = select(keyed.c.unit, keyed.c.name, keyed.c.street,
                   *flag_sums(keyed)).group_by(keyed.c.unit, keyed.c.name, keyed.c.street)
    names: dict[str, str] = {}
    units: dict[str, CaseFigures] = {}
    areas: dict[str, CaseFigures] = {}
    for code, name, area, *counted in session.execute(query):
        found = CaseFigures(*(int(number) for number in counted))
        names[code or NOBODY] = name or ""
        units[code or NOBODY] = units.get(code or NOBODY, CaseFigures()) + found
        areas[area or NOBODY] = areas.get(area or NOBODY, CaseFigures()) + found
    return Split(names, units, areas)


def by_type(session: Session, scope: Scope, bounds: LightBounds, asked: Filters = ALL) -> dict[str, CaseFigures]:
    """Figures by problem type, in one statement; a case of several types counts in each."""
    # An outer join is walked from the cases, which an index covers; from the types, every case would be fetched for each of its
    # own.
    flagged = (
        select(TYPES.category, *figure_flags(bounds))
        .select_from(Case.__table__.outerjoin(CaseCategory.__table__, TYPES.case_id == CASES.id))
        .where(gathered(scope), *conditions(EVERYTHING, asked, bounds)).subquery()
    )
    query = select(flagged.c.category, *flag_sums(flagged)).group_by(flagged.c.category)
    return {code: CaseFigures(*(int(number) for number in counted)) for code, *counted in session.execute(query) if code}


def weeks(session: Session, scope: Scope, today: date, count: int = WEEKS, source: str = "") -> list[Week]:
    """The last weeks, this one included, oldest first, in one statement."""
    of_source = conditions(EVERYTHING, Filters(source=source), LightBounds(today, today))
    monday = today - timedelta(days=today.weekday())
    spans = [(first, first + timedelta(days=6)) for first in (monday - timedelta(weeks=back) for back in reversed(range(count)))]
    first, last = spans[0][0], spans[-1][1]
    received = [_count_where(received_between(*span)) for span in spans]
    closed = [_count_where(closed_between(*span)) for span in spans]
    touched = or_(and_(*received_between(first, last)), and_(*closed_between(first, last)))
    query: Any = select(*received, *closed).select_from(Case.__table__).where(gathered(scope), touched, *of_source)
    numbers = [int(number or 0) for number in session.execute(query).one()]
    return [Week(*span, *pair) for span, pair in zip(spans, zip(numbers[:count], numbers[count:], strict=True), strict=True)]


def figure_flags(bounds: LightBounds) -> list[ColumnElement[int]]:
    """1 or 0 for each figure that a case counts in."""
    return [case((and_(*conditions(EVERYTHING, view, bounds)), 1), else_=0).label(name) for name, view in COUNTED.items()]


def flag_sums(flagged: Any) -> list[ColumnElement[int]]:
    """Of cases with such flags, how many count in each figure."""
    return [func.sum(flagged.c[name]) for name in COUNTED]


def _count_where(meant: Sequence[ColumnElement[bool]]) -> ColumnElement[int]:
    return func.sum(case((and_(*meant), 1), else_=0))
