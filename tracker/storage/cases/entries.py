"""The facts of a case with the names of those who made them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from tracker.domain.cases.wording import doer
from tracker.domain.house.say import read_json
from tracker.domain.house.words import told_with
from tracker.storage.house import words
from tracker.storage.house.ledger import FactRow
from tracker.storage.people.accounts import Person, Unit

FOR = "for_id"
PEOPLE, UNITS, _F = Person.__table__, Unit.__table__, FactRow.__table__.c


@dataclass(frozen=True)
class FactEntry:
    """One fact with its actor's name, and whom they stood in for; `details` is the fact's body with its words."""

    seq: int
    kind: str
    at: datetime
    actor_id: int
    actor: str | None
    unit: str | None
    details: dict[str, Any]
    digest: str
    principal: str | None = None

    @property
    def told_by(self) -> str:
        """Who did it, in words."""
        return doer(self.actor_id, self.actor, self.principal)


_COLUMNS = (_F.seq, _F.kind, _F.at, _F.actor_id, PEOPLE.c.name, UNITS.c.name, _F.body, _F.digest, *words.OF_FACT)
_TABLES = (words.beside(FactRow.__table__).outerjoin(PEOPLE, PEOPLE.c.id == _F.actor_id)
           .outerjoin(UNITS, UNITS.c.id == PEOPLE.c.unit_id))
_FACTS = (
    select(*_COLUMNS).where(_F.stream == bindparam("wanted")).order_by(_F.seq)
    .select_from(_TABLES)
)


def entries(session: Session, stream: str) -> tuple[FactEntry, ...]:
    """All facts of a stream, in order; for who may see its case. A second statement only where somebody stood in for another."""
    rows = session.execute(_FACTS, {"wanted": stream})
    found = _entries_of(rows)
    represented = {entry.details[FOR] for entry in found if FOR in entry.details}
    return _with_principals(session, found, represented) if represented else found


def last_set(facts: Sequence[FactEntry], name: str) -> Any:
    """What the last of these facts says that sets this; nothing where none does."""
    return next((changes[name] for entry in reversed(facts) if name in (changes := entry.details.get("set") or {})), {})


def entries_of_many(session: Session, streams: Sequence[str]) -> dict[str, tuple[FactEntry, ...]]:
    """The same of many cases, by their streams: as many statements as for one."""
    query = select(_F.stream, *_COLUMNS).where(_F.stream.in_(streams)).order_by(_F.stream, _F.seq).select_from(_TABLES)
    found = {stream: _entries_of([row[1:] for row in rows])
             for stream, rows in groupby(session.execute(query), key=lambda row: row[0])}
    represented = {entry.details[FOR] for entries in found.values() for entry in entries if FOR in entry.details}
    if not represented:
        return found
    every = _with_principals(session, tuple(entry for entries in found.values() for entry in entries), represented)
    left = iter(every)
    return {stream: tuple(next(left) for _ in entries) for stream, entries in found.items()}


def _entries_of(rows: Iterable[Sequence[Any]]) -> tuple[FactEntry, ...]:
    return tuple(FactEntry(*[*row[:6], told_with(read_json(row[6]), texts), row[7]])
                 for row, texts in words.gathered_stream(rows, 0))


def _with_principals(session: Session, found: tuple[FactEntry, ...], represented: set[int]) -> tuple[FactEntry, ...]:
    names: Mapping[int, str] = {
        row.id: row.name for row in session.execute(select(PEOPLE.c.id, PEOPLE.c.name).where(PEOPLE.c.id.in_(represented)))}
    return tuple(replace(entry, principal=names.get(entry.details[FOR])) if FOR in entry.details else entry for entry in found)
