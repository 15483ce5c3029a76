"""Facts with their place in the log, stream by stream or in the order of the log; those without a place stand by their id."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, tuple_
from sqlalchemy.orm import Session

from tracker.domain.house.ledger import Fact
from tracker.storage.house.ledger import FactRow
from tracker.storage.house.log import LogRow
from tracker.storage.upkeep.told_rows import ALL_TELLING

PORTION, MOST_NAMED, FEW = 2000, 300, 50  # facts of records; streams; facts, some of which tell of two hundred rows
CASE, ACT = "case:", "act:"
_F, _L = FactRow.__table__.c, LogRow.__table__.c
_PLACE = func.coalesce(_L.position, _F.id)
_WHOLE = (_PLACE, _L.logged_at, _F.stream, _F.seq, _F.kind, _F.actor_id, _F.at, _F.body, _F.previous, _F.digest)
_JOINED = FactRow.__table__.outerjoin(LogRow.__table__, _L.fact_id == _F.id)
_ALL = select(*_WHOLE).select_from(_JOINED)


class PlacedFact(NamedTuple):
    """A fact, its position, and the microsecond in which it was logged."""

    position: int
    logged_at: int | None
    fact: Fact


def every(session: Session) -> Iterator[PlacedFact]:
    """Every fact, stream by stream, in order, read a few at a time so that memory stays flat: some are as long as two hundred
    rows of a table."""
    stream, seq, count = "", 0, PORTION
    while count == PORTION:
        after = tuple_(_F.stream, _F.seq) > (stream, seq)  # a row value walks the index; an OR would rescan it
        query, count = _ALL.where(after).order_by(_F.stream, _F.seq).limit(PORTION), 0
        for row in session.execute(query.execution_options(yield_per=FEW)):
            yield _placed_fact(row)
            stream, seq, count = row.stream, row.seq, count + 1


def of_streams(session: Session, streams: Sequence[str]) -> Iterator[PlacedFact]:
    """Every fact of these streams, stream by stream, in order, read in portions."""
    for start in range(0, len(streams), MOST_NAMED):
        query = _ALL.where(_F.stream.in_(streams[start:start + MOST_NAMED])).order_by(_F.stream, _F.seq)
        yield from map(_placed_fact, session.execute(query.execution_options(yield_per=FEW)))


def of_cases(session: Session, streams: Sequence[str] | None = None) -> Iterator[PlacedFact]:
    """Every fact of every case, or of these streams as far as they are cases', case by case, in order, in portions."""
    return _of_records(session, CASE, streams)


def of_acts(session: Session, streams: Sequence[str] | None = None) -> Iterator[PlacedFact]:
    """The same of acts."""
    return _of_records(session, ACT, streams)


def _of_records(session: Session, prefix: str, streams: Sequence[str] | None) -> Iterator[PlacedFact]:
    if streams is not None:
        wanted = sorted(stream for stream in streams if stream.startswith(prefix))
        for start in range(0, len(wanted), MOST_NAMED):
            query = _ALL.where(_F.stream.in_(wanted[start:start + MOST_NAMED]))
            yield from map(_placed_fact, session.execute(query.order_by(_F.stream, _F.seq)))
        return
    stream, seq, end = prefix, 0, f"{prefix[:-1]};"  # the sign behind the colon
    while True:
        after = and_(tuple_(_F.stream, _F.seq) > (stream, seq), _F.stream < end)
        query = _ALL.where(after).order_by(_F.stream, _F.seq).limit(PORTION)
        rows = session.execute(query).all()
        yield from map(_placed_fact, rows)
        if len(rows) < PORTION:
            return
        stream, seq = rows[-1].stream, rows[-1].seq


def telling_rows(session: Session, tables: Sequence[str]) -> Iterator[PlacedFact]:
    """The facts that tell of rows of these tables, in the order of the log; others may be among them."""
    is_named = or_(*(FactRow.body.contains(f'"{table}/', autoescape=True) for table in tables))
    return _in_order(session, and_(ALL_TELLING, or_(not_(FactRow.stream.startswith(CASE)), is_named)))


def of_people(session: Session, after: int, streams: Sequence[str] | None = None) -> Iterator[PlacedFact]:
    """What people have written behind a position, beside cases; or of it what stands in these streams."""
    theirs = and_(_F.actor_id > 0, not_(_F.stream.startswith(CASE)), after < _PLACE)
    if streams is None:
        yield from _in_order(session, theirs)
        return
    wanted = sorted(stream for stream in streams if not stream.startswith(CASE))
    for start in range(0, len(wanted), MOST_NAMED):
        yield from _in_order(session, and_(theirs, _F.stream.in_(wanted[start:start + MOST_NAMED])))


def of_kinds(session: Session, *kinds: str) -> Iterator[PlacedFact]:
    """The facts of some kinds, in the order of the log."""
    return _in_order(session, _F.kind.in_(kinds))


def _in_order(session: Session, wanted: ColumnElement[bool]) -> Iterator[PlacedFact]:
    query = _ALL.where(wanted).order_by(_PLACE)
    for row in session.execute(query.execution_options(yield_per=FEW)):
        yield _placed_fact(row)


def _placed_fact(row: Sequence[Any]) -> PlacedFact:
    return PlacedFact(row[0], row[1], Fact(*row[2:]))
