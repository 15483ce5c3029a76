"""The running cases whose dates a calendar can move, with their facts, portion by portion."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from tracker.domain.cases.facts import ACTIVE, UNSIGNED, CaseState
from tracker.storage.cases.cases import Case
from tracker.storage.house.ledger import FactRow
from tracker.storage.territory.territory import Source

PORTION = 200
_F = FactRow.__table__.c


@dataclass(frozen=True)
class RecountedFact:
    """One fact of a case."""

    seq: int
    kind: str
    at: datetime
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Running:
    """A case that runs, with every fact of it."""

    number: str
    source_key: str
    jurisdiction: str
    state: CaseState
    due_on: date | None
    original_due_on: date | None
    is_due_provisional: bool
    acknowledge_due_on: date | None
    return_until_on: date | None
    facts: tuple[RecountedFact, ...] = field(repr=False, default=())


_COLUMNS = (Case.number, Source.key, Case.jurisdiction, Case.state, Case.due_on, Case.original_due_on, Case.is_due_provisional,
            Case.acknowledge_due_on,
            Case.return_until_on)


def portions(session: Session, first_day: date, size: int = PORTION) -> Iterator[tuple[Running, ...]]:
    """Cases with a provisional due date, and those not yet signed for whose first limits reach `first_day`; oldest first."""
    reaches = or_(Case.acknowledge_due_on >= first_day, Case.return_until_on >= first_day)
    touched = or_(Case.is_due_provisional, and_(Case.state.in_(UNSIGNED), reaches))
    query = (
        select(Case.id, *_COLUMNS)
        .join(Source, Source.id == Case.source_id).where(Case.state.in_(ACTIVE), touched).order_by(Case.id).limit(size))
    after = 0
    while rows := session.execute(query.where(Case.id > after)).all():
        yield _with_facts(session, [row[1:] for row in rows])
        after = rows[-1].id


def running(session: Session, numbers: Sequence[str]) -> tuple[Running, ...]:
    """These cases as they stand now, as far as they still run; for who holds them locked."""
    query = select(*_COLUMNS).join(Source, Source.id == Case.source_id).where(Case.number.in_(numbers), Case.state.in_(ACTIVE))
    return _with_facts(session, [tuple(row) for row in session.execute(query.order_by(Case.id))])


def _with_facts(session: Session, rows: Sequence[Sequence[Any]]) -> tuple[Running, ...]:
    facts = _facts_by_case(session, [row[0] for row in rows])
    return tuple(replace(Running(*row), facts=tuple(facts.get(row[0], ()))) for row in rows)


def _facts_by_case(session: Session, numbers: Sequence[str]) -> dict[str, list[RecountedFact]]:
    streams = {f"case:{number}": number for number in numbers}
    found: dict[str, list[RecountedFact]] = {}
    query = select(_F.stream, _F.seq, _F.kind, _F.at, _F.body).where(_F.stream.in_(streams)).order_by(_F.stream, _F.seq)
    for row in session.execute(query):  # without words: no date rests on one
        found.setdefault(streams[row.stream], []).append(RecountedFact(row.seq, row.kind, row.at, json.loads(row.body)))
    return found
