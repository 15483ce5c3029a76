"""Facts with their place in the log, stream by stream or in the order of the log; those without a place stand by their id."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, not_, select, tuple_
from sqlalchemy.orm import Session

from tracker.domain.house.ledger import Fact
from tracker.storage.house.ledger import FactRow
from tracker.storage.house.log import LogRow
from tracker.storage.upkeep.told_rows import ALL_TELLING

PORTION = 2000
CASE = "case:"
_F, _L = FactRow.__table__.c, LogRow.__table__.c
_PLACE = func.coalesce(_L.position, _F.id)
_WHOLE = (_PLACE, _L.logged_at, _F.stream, _F.seq, _F.kind, _F.actor_id, _F.at, _F.body, _F.previous, _F.digest)
_JOINED = FactRow.__table__.outerjoin(LogRow.__table__, _L.fact_id == _F.id)


class PlacedFact(NamedTuple):
    """A fact, its position, and the microsecond in which it was logged."""

    position: int
    logged_at: int | None
    fact: Fact


def of_cases(session: Session) -> Iterator[PlacedFact]:
    """Every fact of every case, case by case, in order, in portions."""
    stream, seq = CASE, 0
    while True:
        after = and_(tuple_(_F.stream, _F.seq) > (stream, seq), _F.stream < "case;")
        query = select(*_WHOLE).select_from(_JOINED).where(after).order_by(_F.stream, _F.seq).limit(PORTION)
        rows = session.execute(query).all()
        yield from map(_placed_fact, rows)
        if len(rows) < PORTION:
            return
        stream, seq = rows[-1].stream, rows[-1].seq


def telling_rows(session: Session) -> Iterator[PlacedFact]:
    """The facts of other streams that tell of rows, in the order of the log."""
    return _in_order(session, and_(ALL_TELLING, not_(FactRow.stream.startswith(CASE))))


def of_kinds(session: Session, *kinds: str) -> Iterator[PlacedFact]:
    """The facts of some kinds, in the order of the log."""
    return _in_order(session, _F.kind.in_(kinds))


def _in_order(session: Session, wanted: ColumnElement[bool]) -> Iterator[PlacedFact]:
    for row in session.execute(select(*_WHOLE).select_from(_JOINED).where(wanted).order_by(_PLACE)):
        yield _placed_fact(row)


def _placed_fact(row: Sequence[Any]) -> PlacedFact:
    return PlacedFact(row[0], row[1], Fact(*row[2:]))
