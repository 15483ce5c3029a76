"""The stories of cases, streamed from their facts stream by stream, so that memory stays flat: of all, or of those that a window
can concern."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import groupby, takewhile
from json import JSONDecoder
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Select,
    String,
    bindparam,
    func,
    literal,
    or_,
    select,
    text,
    tuple_,
    type_coerce,
    union,
)
from sqlalchemy.orm import Session

from tracker.domain.cases.facts import ACTIVE
from tracker.domain.cases.flow import FIRST
from tracker.domain.cases.stories import ENDINGS, KINDS, PASSED_OVER, RETURNS, Story, Told, has_ended, story
from tracker.domain.house.words import WORDS
from tracker.domain.reports.document import WordReference
from tracker.domain.reports.inputs import Reach
from tracker.storage.cases.cases import Case
from tracker.storage.house.ledger import FactRow

PORTION = 5000
STREAMS = 400  # asked for in one statement
LONGEST_WAIT = "20s"
OfficeDate = Callable[[datetime], date]
_F, _C = FactRow.__table__.c, Case.__table__.c
PREFIX = "case:"
KIND, AT = 2, 4  # where they stand in a row
_parsed = JSONDecoder().raw_decode  # canonical texts: there are no blanks to look for
QUOTED = frozenset({"conclusion", "matters", "matters_to", "next", "problems", "reason", "text"})  # words that a report may quote
_NO_BODY: dict[str, Any] = {}


def last_fact_id(session: Session, until: datetime) -> int:
    """The newest fact written before an instant, 0 when there is none: what enters the ledger later never changes a report of
    then.

    On PostgreSQL it waits for the facts that are just being written, on a connection of its own: call it outside a unit of work.
    """
    query = select(_F.id).where(_F.at < until).order_by(_F.id.desc()).limit(1)
    if not _is_postgres(session):
        return session.scalar(query) or 0
    with session.get_bind().engine.begin() as connection:
        connection.execute(text(f"SET LOCAL lock_timeout = '{LONGEST_WAIT}'"))
        connection.execute(text("LOCK TABLE facts IN SHARE MODE"))
        return connection.scalar(query) or 0


def case_count(session: Session) -> int:
    """How many cases the register has, for the progress of long readings."""
    return session.scalar(select(func.count()).select_from(Case)) or 0


def unended_count(session: Session, until: datetime) -> int:
    """How many cases had not come to their end at an instant, by the ledger's own count of beginnings, endings and returns."""
    signs = {FIRST: 1} | dict.fromkeys(ENDINGS, -1) | dict.fromkeys(RETURNS, 1)
    query = select(_F.kind, func.count()).where(_F.kind.in_(signs), _F.at < until).group_by(_F.kind)
    return sum(signs[kind] * count for kind, count in session.execute(query))


def stories(session: Session, until: datetime, last_id: int, office_date: OfficeDate,
            ended_before: datetime | None = None) -> Iterator[Story]:
    """Every case with the facts it had at `until`, none newer than `last_id`; whoever counts them relies on no order.

    A case that had come to its end before `ended_before` is passed over, and its bodies are not even parsed.
    """
    cut, since = _as_kept(session, until), None if ended_before is None else _as_kept(session, ended_before)
    for stream, facts in _known_streams(_walk_facts(session, last_id), cut):
        if since is None or _goes_on(facts, since):
            yield story(stream[len(PREFIX):], map(_as_told, facts), office_date)


def stories_within(session: Session, reach: Reach, until: datetime, last_id: int, office_date: OfficeDate) -> Iterator[Story]:
    """The same of the cases that the reach holds, found by their rows and by the indexed instants of their facts.

    Whether every open case was found can be asked of the ledger: `unended_count`.
    """
    cut = _as_kept(session, until)
    for stream, facts in _known_streams(_facts_of(session, _streams_within(session, reach), last_id), cut):
        yield story(stream[len(PREFIX):], map(_as_told, facts), office_date)


def _streams_within(session: Session, reach: Reach) -> Iterator[list[str]]:
    """The streams of the cases that something happened to since, that are still open, or whose dates reach so far; in
    portions."""
    numbered = literal(PREFIX, String) + _C.number
    ways: list[Select[Any]] = [select(_F.stream.label("stream")).where(_F.kind.in_(KINDS), _F.at >= reach.since),
                               select(numbered).where(_C.state.in_(ACTIVE))]
    if reach.on is not None:
        dates = (_C.due_on, _C.acknowledge_due_on, _C.received_on)
        ways.append(select(numbered).where(or_(*(each >= reach.on for each in dates))))
    found = session.execute(union(*ways).order_by("stream"), execution_options={"yield_per": STREAMS})
    return ([stream for (stream,) in portion] for portion in found.partitions())


def _known_streams(rows: Iterator[Sequence[Any]], cut: Any) -> Iterator[tuple[str, list[Sequence[Any]]]]:
    """The facts of each case that had any before the cut; what follows a later one in its stream is later too."""
    for stream, facts in groupby(rows, itemgetter(0)):
        if stream.startswith(PREFIX) and (known := list(takewhile(lambda row: row[AT] < cut, facts))):
            yield stream, known


def _goes_on(facts: list[Sequence[Any]], since: Any) -> bool:
    """Whether anything happened since an instant or may still happen; also for a stream that a clock set back has mixed up."""
    return facts[-1][AT] >= since or not has_ended([fact[KIND] for fact in facts]) or any(fact[AT] >= since for fact in facts)


def _as_told(row: Sequence[Any]) -> Told:
    """A row as the law takes it. SQLite keeps UTC without saying so."""
    stream, seq, kind, actor_id, at, body = row
    moment = datetime.fromisoformat(at + "+00:00") if at.__class__ is str else at
    if kind in PASSED_OVER:
        return seq, kind, actor_id, moment, _NO_BODY
    told = _parsed(body)[0]
    if said := told.get(WORDS):
        for name in QUOTED & said.keys():
            told[name] = WordReference(stream, seq, name, said[name]).mark()
    return seq, kind, actor_id, moment, told


def _as_kept(session: Session, moment: datetime) -> Any:
    """An instant as the driver gives it, to be compared with what it gives: SQLite's texts have one length and sort like
    instants."""
    return moment if _is_postgres(session) else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"


def _walk_facts(session: Session, last_id: int) -> Iterator[Sequence[Any]]:
    """All facts in the order of their index."""
    query, after = _facts_query(session, last_id).limit(PORTION), ("", 0)
    while True:
        rows = session.execute(query.where(tuple_(_F.stream, _F.seq) > after)).all()
        yield from rows
        if len(rows) < PORTION:
            return
        after = (rows[-1][0], rows[-1][1])


def _facts_of(session: Session, portions: Iterator[list[str]], last_id: int) -> Iterator[Sequence[Any]]:
    """The facts of some streams, portion by portion."""
    query = _facts_query(session, last_id).where(_F.stream.in_(bindparam("streams", expanding=True)))
    for streams in portions:
        yield from session.execute(query, {"streams": streams}).all()


def _facts_query(session: Session, last_id: int) -> Select[Any]:
    """Plain columns; the instant as the driver gives it, for a type's conversion costs as much as the rest."""
    at: ColumnElement[Any] = type_coerce(_F.at, DateTime(timezone=True) if _is_postgres(session) else String())
    return select(_F.stream, _F.seq, _F.kind, _F.actor_id, at, _F.body).where(_F.id <= last_id).order_by(_F.stream, _F.seq)


def _is_postgres(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
