"""The stories of all cases, streamed from their facts stream by stream, so that memory stays flat."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from json import JSONDecoder
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, DateTime, String, func, select, text, tuple_, type_coerce

from tracker.domain.case_story import PASSED_OVER, Story, Told, has_ended, story
from tracker.storage.base import db
from tracker.storage.cases import Case
from tracker.storage.ledger import FactRow

PORTION = 5000
LONGEST_WAIT = "20s"
_F = FactRow.__table__.c
PREFIX = "case:"
KIND, AT = 2, 4  # where they stand in a row
_parsed = JSONDecoder().raw_decode  # canonical texts: there are no blanks to look for
_NO_BODY: dict[str, Any] = {}


def last_fact_id(until: datetime) -> int:
    """The newest fact written before an instant, 0 when there is none: what enters the ledger later never changes a report of then.

    On PostgreSQL it waits for the facts that are just being written, on a connection of its own: call it outside a unit of work.
    """
    query = select(_F.id).where(_F.at < until).order_by(_F.id.desc()).limit(1)
    if db.engine.dialect.name != "postgresql":
        return db.session.scalar(query) or 0
    with db.engine.begin() as connection:
        connection.execute(text(f"SET LOCAL lock_timeout = '{LONGEST_WAIT}'"))
        connection.execute(text("LOCK TABLE facts IN SHARE MODE"))
        return connection.scalar(query) or 0


def case_count() -> int:
    """How many cases the register has, for the progress of long readings."""
    return db.session.scalar(select(func.count()).select_from(Case)) or 0


def stories(until: datetime, last_id: int, office_date: Callable[[datetime], date], ended_before: datetime | None = None) -> Iterator[Story]:
    """Every case with the facts it had at `until`, none newer than `last_id`; whoever counts them relies on no order.

    A case that had come to its end before `ended_before` is passed over, and its bodies are not even parsed.
    """
    cut, since = _as_kept(until), None if ended_before is None else _as_kept(ended_before)
    for stream, rows in groupby(_facts(last_id), itemgetter(0)):
        if not stream.startswith(PREFIX):
            continue
        facts = []
        for row in rows:
            if row[AT] >= cut:
                break
            facts.append(row)
        if facts and (since is None or _goes_on(facts, since)):
            yield story(stream[len(PREFIX):], map(_told, facts), office_date)


def _goes_on(facts: list[Sequence[Any]], since: Any) -> bool:
    """Whether anything happened since an instant or may still happen; also for a stream that a clock set back has mixed up."""
    return facts[-1][AT] >= since or not has_ended([fact[KIND] for fact in facts]) or any(fact[AT] >= since for fact in facts)


def _told(row: Sequence[Any]) -> Told:
    """A row as the law takes it. SQLite keeps UTC without saying so."""
    _, seq, kind, actor_id, at, body = row
    moment = datetime.fromisoformat(at + "+00:00") if at.__class__ is str else at
    return seq, kind, actor_id, moment, _NO_BODY if kind in PASSED_OVER else _parsed(body)[0]


def _as_kept(moment: datetime) -> Any:
    """An instant as the driver gives it, to be compared with what it gives: SQLite's texts have one length and sort like instants."""
    return moment if db.engine.dialect.name == "postgresql" else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"


def _facts(last_id: int) -> Iterator[Sequence[Any]]:
    """Plain columns in the order of their index; the instant as the driver gives it, for a type's conversion costs as much as the rest."""
    is_postgres = db.engine.dialect.name == "postgresql"
    at: ColumnElement[Any] = type_coerce(_F.at, DateTime(timezone=True)) if is_postgres else type_coerce(_F.at, String)
    query = select(_F.stream, _F.seq, _F.kind, _F.actor_id, at, _F.body).where(_F.id <= last_id).order_by(_F.stream, _F.seq).limit(PORTION)
    after = ("", 0)
    while True:
        rows = db.session.execute(query.where(tuple_(_F.stream, _F.seq) > after)).all()
        yield from rows
        if len(rows) < PORTION:
            return
        after = (rows[-1][0], rows[-1][1])
