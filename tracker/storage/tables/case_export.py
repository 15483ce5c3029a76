"""Every case that a reader may see, for the case register: read in portions along their numbers, so that memory stays flat."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, func, select
from sqlalchemy.orm import Session

from tracker.domain.cases.flow import OtherFacts, Steps
from tracker.domain.house.actor import Scope
from tracker.domain.house.ledger import Fact
from tracker.domain.house.say import read_json
from tracker.domain.house.words import ERASED, SEVERAL, told_with
from tracker.domain.rules.lights import LightBounds
from tracker.storage.cases.belonging.parts import CasePart, CasePlace, UnitPart
from tracker.storage.cases.cases import Case, CaseCategory
from tracker.storage.cases.register.filters import Filters
from tracker.storage.cases.register.orders import ListOrder
from tracker.storage.cases.register.register import conditions
from tracker.storage.cases.scope import visible
from tracker.storage.house import words
from tracker.storage.house.ledger import FactRow, facts_like
from tracker.storage.house.words import WordRow
from tracker.storage.people.accounts import Unit
from tracker.storage.territory.territory import Source

PORTION = 1000
PUBLISHED = "published" + SEVERAL
TEXT_TOLD: dict[str, str] = {OtherFacts.history_imported.fact: PUBLISHED, OtherFacts.history_noted.fact: PUBLISHED,
             Steps.submit.fact: "measures", Steps.verify.fact: "conclusion"}
TOLD_AS = {"measures": "measures", "conclusion": "investigation"}
TOLD_BY, NAMES_TOLD = tuple(TEXT_TOLD), tuple(dict.fromkeys(TEXT_TOLD.values()))
# Tables rather than entities: a hundred thousand plain rows need no mapper.
CASES, FACTS, TYPES, PARTS = Case.__table__.c, FactRow.__table__.c, CaseCategory.__table__.c, CasePart.__table__.c
WORDS, PLACES = WordRow.__table__.c, CasePlace.__table__.c
ALONG = ("line", "mileage", "mileage_to", "side")
COLUMNS = (
    "id", "number", "state", "history", "source_id", "source_number", "is_key", "batch_label", "channel", "title", "description",
    "place", "area_code", "area_text", "lat", "lng", "datum", "received_on", "registered_at", "lead_unit_id", "assigned_at",
    "due_on",
    "finding", "closed_at", "filing_no", "supervision_due_on", "matter_since_on", "list_due_on",
    "jurisdiction",
)


@dataclass(frozen=True)
class Names:
    """What ids stand for."""

    sources: Mapping[int, tuple[str, str]]
    units: Mapping[int, tuple[str, str]]


@dataclass(frozen=True)
class Portion:
    """Some cases, in the order of their numbers, with what lies beside their rows."""

    rows: Sequence[dict[str, Any]]
    categories: Mapping[int, list[str]] = field(default_factory=dict)
    supporting: Mapping[int, list[int]] = field(default_factory=dict)
    places: Mapping[int, Mapping[str, str]] = field(default_factory=dict)  # along a railway
    told: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    facts: Mapping[str, list[Fact]] = field(default_factory=dict)


def names(session: Session) -> Names:
    """Sources and units by id."""
    sources = {row.id: (row.key, row.name) for row in session.execute(select(Source.id, Source.key, Source.name))}
    units = {row.id: (row.code, row.name) for row in session.execute(select(Unit.id, Unit.code, Unit.name))}
    return Names(sources, units)


def count(session: Session, scope: Scope, filters: Filters, bounds: LightBounds) -> int:
    """How many cases there are to read now."""
    query = select(func.count()).select_from(Case).where(*conditions(scope, filters, bounds), Case.withdrawn_at.is_(None))
    return session.scalar(query) or 0


def count_by(session: Session, scope: Scope, until: datetime) -> int:
    """How many cases had been registered by an instant."""
    return session.scalar(select(func.count()).select_from(Case).where(visible(scope), Case.registered_at < until)) or 0


def portions(session: Session, scope: Scope, filters: Filters, bounds: LightBounds, *,
             is_as_shown: bool = False) -> Iterator[Portion]:
    """The cases as they are now, by number and without those of withdrawn imports; or all that the register shows, in its
    order."""
    wanted = conditions(scope, filters, bounds)
    is_apart = _lies_apart(session)
    entered = [*wanted, Case.withdrawn_at.is_(None)]
    for rows in _row_portions(session, wanted, filters.sorting) if is_as_shown else _row_portions(session, entered):
        ids = [row["id"] for row in rows]
        yield Portion(rows, _values_by_case(session, _CATEGORIES, ids), _values_by_case(session, _SUPPORTING, ids),
                      places=_places_by_case(session, ids), told=_handling_told(session, rows, is_apart))


def portions_by(session: Session, scope: Scope, until: datetime, after: str = "", size: int = PORTION) -> Iterator[Portion]:
    """The cases registered by an instant, from a number on, each with its facts up to then, from which its row follows."""
    wanted = [visible(scope), Case.registered_at < until, *([Case.number > after] if after else [])]
    for rows in _row_portions(session, wanted, size=size):
        yield Portion(rows, facts=_facts_until(session, rows, until))


def _row_portions(session: Session, wanted: list[Any], order: ListOrder | None = None, size: int = PORTION
                  ) -> Iterator[list[dict[str, Any]]]:
    """Rows in portions, by their numbers or in an order of the register."""
    sorting = order.sorting() if order else (CASES.number,)
    query = further = select(*(CASES[name] for name in COLUMNS)).where(*wanted).order_by(*sorting).limit(size)
    while rows := _plain_rows(session, further):
        further = query.where(*(order.beyond_row(rows[-1]) if order else [CASES.number > rows[-1].number]))
        yield [dict(zip(COLUMNS, row, strict=True)) for row in rows]


# What lies beside the rows of a portion. The statements stand, so that a thousand ids are no thousand expressions each time.
_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_STREAMS: BindParameter[str] = bindparam("streams", expanding=True)
_CATEGORIES = select(TYPES.case_id, TYPES.category).where(TYPES.case_id.in_(_IDS)).order_by(TYPES.case_id, TYPES.category)
_SUPPORTING = select(PARTS.case_id, PARTS.unit_id).where(
    PARTS.case_id.in_(_IDS), PARTS.part == UnitPart.supporting.value).order_by(PARTS.unit_id)
_PLACES = select(PLACES.case_id, *(PLACES[name] for name in ALONG)).where(PLACES.case_id.in_(_IDS))
# The concatenation keeps SQLite from walking every fact of these kinds instead of those of these streams.
_TOLD_IN = FACTS.kind.concat("").in_(TOLD_BY)
_TOLD = select(FACTS.stream, FACTS.seq, FACTS.kind, FACTS.body, *words.OF_FACT).select_from(
    words.beside(FactRow.__table__, NAMES_TOLD)).where(FACTS.stream.in_(_STREAMS), _TOLD_IN).order_by(FACTS.stream, FACTS.seq)
# No other fact has texts of these names: where all of them lie apart, the facts themselves need not be read.
_TOLD_APART = select(WORDS.stream, WORDS.name, WORDS.text, WORDS.erased_at.is_not(None)).where(
    WORDS.stream.in_(_STREAMS), WORDS.name.in_(NAMES_TOLD)).order_by(WORDS.stream, WORDS.seq)


def _plain_rows(session: Session, query: Select[Any], given: Mapping[str, object] | None = None) -> Sequence[Any]:
    """Rows of columns, in the session's transaction and past its mapper."""
    return session.connection().execute(query, given or {}).all()


def _places_by_case(session: Session, ids: list[int]) -> dict[int, Mapping[str, str]]:
    return {case_id: dict(zip(ALONG, said, strict=True)) for case_id, *said in _plain_rows(session, _PLACES, {"ids": ids})}


def _values_by_case(session: Session, query: Select[Any], ids: list[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for case_id, value in _plain_rows(session, query, {"ids": ids}):
        found[case_id].append(value)
    return found


def _lies_apart(session: Session) -> bool:
    """Whether the texts of all these facts lie apart: the first fact of each kind tells, for it is the oldest."""
    oldest = [select(FACTS.stream, FACTS.seq).where(FACTS.kind == kind).order_by(FACTS.at).limit(1) for kind in TOLD_BY]
    found = [row for query in oldest for row in _plain_rows(session, query)]
    return all(_plain_rows(session, select(WORDS.name).where(
        WORDS.stream == stream, WORDS.seq == seq, WORDS.name.in_(NAMES_TOLD))) for stream, seq in found)


def _handling_told(session: Session, rows: Sequence[Mapping[str, Any]], is_apart: bool) -> Mapping[str, dict[str, Any]]:
    """What tables and submissions said of the handling, by stream."""
    streams = {"streams": _stream_names(rows)}
    said = _plain_rows(session, _TOLD_APART, streams) if is_apart else ()
    if is_apart and not any(name == PUBLISHED and is_erased for _, name, _, is_erased in said):
        return _told_apart(said)
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for (stream, _, kind, body), texts in words.gathered(_plain_rows(session, _TOLD, streams)):
        found[stream] |= said_in(kind, told_with(read_json(body), texts))
    return found


def _told_apart(said: Iterable[Sequence[Any]]) -> Mapping[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for stream, name, text, is_erased in said:
        if name == PUBLISHED:
            found[stream] |= json.loads(text)
        else:
            found[stream][TOLD_AS[name]] = ERASED if is_erased else text
    return found


def _stream_names(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [f"case:{row['number']}" for row in rows]


def said_in(kind: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """What one fact says of the handling."""
    name = TEXT_TOLD.get(kind)
    if name in TOLD_AS:
        return {TOLD_AS[name]: payload.get(name, "")}
    return dict(payload.get("published") or {}) if name else {}


def _facts_until(session: Session, rows: Sequence[Mapping[str, Any]], until: datetime) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts_like(session, FACTS.stream.in_(_stream_names(rows)), FACTS.at < until):
        found[fact.stream].append(fact)
    return found
