"""Cases of the last months that could be the same trouble as one at hand: the newest, those around its point, and under its
place's name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from tracker.domain.cases.facts import CaseState
from tracker.domain.house.actor import Scope
from tracker.storage.cases import search
from tracker.storage.cases.cases import Case
from tracker.storage.cases.scope import visible
from tracker.storage.evidence.evidence import EvidenceRow

_C = Case.__table__.c
READ_OF_TEXT = 400  # characters of a description that are compared
MOST = {"around": 200, "named": 200, "newest": 300}
SHORTEST_PLACE = 3  # below this a place names half the town
# Half a kilometre more than a case may be away, for maps that are shifted by law.
AROUND_DEGREES = (0.03, 0.034)


@dataclass(frozen=True)
class NearCase:
    """What a likeness is read from, and what a list says of it."""

    id: int
    number: str
    title: str
    description: str
    place: str
    state: CaseState
    due_on: date | None
    received_on: date
    lat: float | None
    lng: float | None
    datum: str | None
    area_code: str | None
    jurisdiction: str


def candidates(session: Session, scope: Scope, since: date, until: date, *, place: str = "",
               point: tuple[float, float] | None = None, but: str = ""
               ) -> dict[str, NearCase]:
    """The visible cases received in these days that are worth comparing, by number. At most three statements."""
    found: dict[str, NearCase] = {}
    given = {"since": since, "until": until, "but": but}
    for name, query in _search_ways(session, scope, place.strip(), point):
        for row in session.execute(query.limit(MOST[name]), given):
            found.setdefault(row.number, NearCase(*row))
    return found


def around(session: Session, scope: Scope, since: date, until: date, point: tuple[float, float]) -> list[NearCase]:
    """The visible cases received in these days that lie around a point, the newest first."""
    query = dict(_search_ways(session, scope, "", point))["around"]
    return [NearCase(*row) for row in session.execute(query.limit(MOST["around"]), {"since": since, "until": until, "but": ""})]


def first_photos(session: Session, numbers: Sequence[str]) -> dict[str, int]:
    """The first picture of each of these cases, by number."""
    subjects = {f"case:{number}": number for number in numbers}
    query = (select(EvidenceRow.subject, func.min(EvidenceRow.id)).group_by(EvidenceRow.subject)
             .where(EvidenceRow.subject.in_(subjects), EvidenceRow.thumb_digest.is_not(None)))
    return {subjects[subject]: first for subject, first in session.execute(query)} if subjects else {}


def _search_ways(session: Session, scope: Scope, place: str, point: tuple[float, float] | None
                 ) -> Iterator[tuple[str, Select[Any]]]:
    """Each walks an index from its newest end and stops at its limit, however large the register is."""
    newest = _nearby_query(scope).order_by(_C.received_on.desc(), _C.id.desc())
    yield "newest", newest
    if point is not None:
        (lat, lng), (high, wide) = point, AROUND_DEGREES
        yield "around", newest.where(_C.lat.between(lat - high, lat + high), _C.lng.between(lng - wide, lng + wide))
    if len(place) >= SHORTEST_PLACE:
        way = search.way_of(session, place, is_newest_first=True, is_one_walk=False)
        named = _nearby_query(scope).where(search.found(place, way))
        is_streamed = way is search.SearchWay.streamed
        along = named.join(search.INDEX, search.INDEX.c.rowid == _C.id) if is_streamed else named
        yield "named", along.order_by((search.INDEX.c.rowid if is_streamed else _C.id).desc())


def _nearby_query(scope: Scope) -> Select[Any]:
    columns = (_C.id, _C.number, _C.title, func.substr(_C.description, 1, READ_OF_TEXT), _C.place, _C.state, _C.due_on,
               _C.received_on, _C.lat, _C.lng, _C.datum, _C.area_code, _C.jurisdiction)
    return (
        select(*columns)
        .where(visible(scope), _C.received_on.between(bindparam("since"), bindparam("until")), _C.number != bindparam("but"),
               _C.withdrawn_at.is_(None), _C.state != CaseState.voided)
    )
