"""What came of the list: how many cases each clause proposed a lead for in a period, and how often another was chosen."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.cases.flow import ASSIGNED
from tracker.domain.house.actor import Actor
from tracker.services.house.work import wiring
from tracker.storage.cases.cases import Case
from tracker.storage.cases.scope import visible
from tracker.storage.house.ledger import FactRow

FIRST_VERSION = 1  # of which the lines were before there were versions
MOST_LISTED = 50


@dataclass
class ClauseCount:
    """One clause of one version: the cases that it proposed a lead for, and those that went elsewhere."""

    version: int
    number: int
    clause: str
    cases: set[str] = field(default_factory=set)
    overruled: set[str] = field(default_factory=set)
    shown: tuple[str, ...] = ()  # of the overruled, those that the reader may open


@dataclass(frozen=True)
class ListCounts:
    """A period: by clause, and the cases for which no line fitted."""

    first: date
    last: date
    clauses: tuple[ClauseCount, ...]
    without: int


def counted(actor: Actor, session: Session, first: date, last: date) -> ListCounts:
    """Assignments and designations of these days. A case that came twice by the same clause counts once."""
    zone = wiring().zone
    begin, end = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    query = select(FactRow.stream, FactRow.body).where(FactRow.kind.in_(ASSIGNED), FactRow.at >= begin, FactRow.at < end)
    found: dict[tuple[int, int], ClauseCount] = {}
    without: set[str] = set()
    for stream, body in session.execute(query.order_by(FactRow.id)):
        said, number = json.loads(body), stream.partition(":")[2]
        if "routing_rule" not in said:
            without.add(number)
            continue
        key = (said.get("routing_list") or FIRST_VERSION, said["routing_rule"])
        count = found.setdefault(key, ClauseCount(*key, said.get("routing_clause") or str(key[1])))
        count.cases.add(number)
        if said.get("is_routing_overruled"):
            count.overruled.add(number)
    _show_overruled(actor, session, found)
    return ListCounts(first, last, tuple(found[key] for key in sorted(found, key=lambda key: (-key[0], key[1]))), len(without))


def _show_overruled(actor: Actor, session: Session, found: dict[tuple[int, int], ClauseCount]) -> None:
    wanted = {number for count in found.values() for number in sorted(count.overruled)[:MOST_LISTED]}
    seen = may_open(actor, session, wanted)
    for count in found.values():
        count.shown = tuple(sorted(count.overruled & seen))


def may_open(actor: Actor, session: Session, numbers: set[str]) -> set[str]:
    """Which of these cases the reader may open."""
    return set(session.scalars(select(Case.number).where(Case.number.in_(numbers), visible(actor.scope()))))
