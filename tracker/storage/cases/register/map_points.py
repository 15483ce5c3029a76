"""Cases on the map: the register's filters; as points, the most urgent first, or gathered into the squares of a grid where they
are more than a browser draws well."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from tracker.domain.cases.facts import CLOCK_RUNS, COMPLETED, CaseState
from tracker.domain.house.actor import Scope
from tracker.domain.rules.lights import Light, LightBounds
from tracker.storage.cases.cases import Case
from tracker.storage.cases.register.filters import Filters
from tracker.storage.cases.register.register import NO_LIGHT, conditions, light_condition, light_of

MOST_POINTS = 2000
Box = tuple[float, float, float, float]  # south, west, north, east, in degrees
BY_URGENCY = (Light.red.value, Light.yellow.value, NO_LIGHT, Light.green.value, Light.blue.value)
CASES = Case.__table__.c
# (0, 0) is what a phone says that knows no place: no case lies in the sea off Africa.
PLACED = (CASES.lat.is_not(None), CASES.lng.is_not(None), ~((CASES.lat == 0) & (CASES.lng == 0)))


@dataclass(frozen=True, slots=True)
class Point:
    """One case where it lies."""

    number: str
    title: str
    place: str
    lat: float
    lng: float
    datum: str | None
    light: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Square:
    """Cases that lie close together: how many, where their middle is and how far they reach, and the most urgent of their
    lights."""

    count: int
    lat: float
    lng: float
    box: Box
    datum: str | None
    light: str


@dataclass(frozen=True, slots=True)
class MapTally:
    """How many visible cases the filters leave, and how many of them have a place."""

    total: int
    placed: int


def tally(session: Session, scope: Scope, filters: Filters, bounds: LightBounds) -> MapTally:
    """Both numbers in one statement."""
    has_place = func.sum(case((PLACED[0] & PLACED[1] & PLACED[2], 1), else_=0))
    total, placed = session.execute(select(func.count(), has_place).select_from(Case.__table__)
                                       .where(*conditions(scope, filters, bounds))).one()
    return MapTally(int(total), int(placed or 0))


def points(session: Session, scope: Scope, filters: Filters, bounds: LightBounds, most: int = MOST_POINTS,
           box: Box | None = None) -> list[Point]:
    """At most `most` cases that have a place, in the box where one is given: overdue ones first, then by due date, then what no
    clock runs for."""
    running = CASES.state.in_(CLOCK_RUNS)
    urgency = case((running, 0), (CASES.state == CaseState.submitted, 1), (CASES.state.in_(COMPLETED), 2), else_=3)
    query = (
        select(CASES.number, CASES.title, CASES.place, CASES.lat, CASES.lng, CASES.datum, CASES.state, CASES.due_on)
        .where(*conditions(scope, filters, bounds), *PLACED, *_lying_in_box(box))
        .order_by(urgency, CASES.list_due_on, CASES.id.desc()).limit(most)
    )
    return [Point(row.number, row.title, row.place, row.lat, row.lng, row.datum, light_of(row.state, row.due_on, bounds),
                  row.due_on)
            for row in session.execute(query)]


def squares(session: Session, scope: Scope, filters: Filters, bounds: LightBounds, side: float,
            box: Box | None = None) -> list[Square]:
    """The cases that have a place, in the box where one is given, by squares of so many degrees: the most urgent squares first,
    of these the fullest. One statement that an index answers."""
    ranks = [(light_condition(light, bounds), rank) for rank, light in enumerate(BY_URGENCY[:-1])]
    worst, count = func.min(case(*ranks, else_=len(BY_URGENCY) - 1)), func.count()
    reach = [extreme(column) for extreme in (func.min, func.max) for column in (CASES.lat, CASES.lng)]
    query = (
        select(count, func.avg(CASES.lat), func.avg(CASES.lng), *reach, CASES.datum, worst)
        .where(*conditions(scope, filters, bounds), *PLACED, *_lying_in_box(box))
        .group_by(func.round(CASES.lat / side), func.round(CASES.lng / side), CASES.datum)
        .order_by(worst, count.desc()).limit(MOST_POINTS)
    )
    return [Square(row[0], row[1], row[2], (row[3], row[4], row[5], row[6]), row[7], BY_URGENCY[row[8]])
            for row in session.execute(query)]


def _lying_in_box(box: Box | None) -> list[ColumnElement[bool]]:
    if box is None:
        return []
    south, west, north, east = box
    return [CASES.lat.between(south, north), CASES.lng.between(west, east)]
