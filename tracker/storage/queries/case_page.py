"""Everything one case page shows, in four narrow statements."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, literal, select, union_all
from sqlalchemy.orm import aliased

from tracker.domain.actor import Scope
from tracker.domain.case_facts import CaseState, Request
from tracker.domain.errors import NotFound
from tracker.domain.evidence import EvidenceRole
from tracker.storage.accounts import Person, Unit
from tracker.storage.base import db
from tracker.storage.cases import Case, CaseCategory, CasePart, Part
from tracker.storage.evidence import EvidenceRow
from tracker.storage.ledger import FactRow
from tracker.storage.queries.scope import visible
from tracker.storage.territory import AreaRow, Source


@dataclass(frozen=True)
class Head:
    """The case row with the names that its ids stand for."""

    id: int
    number: str
    title: str
    description: str
    state: CaseState
    seq: int
    round: int
    history: str
    source: str
    source_key: str
    source_number: str | None
    batch_label: str
    channel: str
    is_key: bool
    place: str
    area: str
    area_code: str | None
    lat: float | None
    lng: float | None
    received_on: date
    registered_at: datetime
    lead_unit: str | None
    sponsor: str | None
    is_designated: bool
    assigned_on: date | None
    acknowledge_due_on: date | None
    acknowledged_at: datetime | None
    due_on: date | None
    original_due_on: date | None
    is_due_provisional: bool
    limit_unit: str | None
    paused_from_on: date | None
    return_count: int
    extension_count: int
    pending: Request | None
    pending_on: date | None
    phase_next_on: date | None
    finding: str | None
    submitted_at: datetime | None
    verified_at: datetime | None
    notice_from_on: date | None
    notice_to_on: date | None
    closed_at: datetime | None
    closed_by: str | None
    filing_no: str | None
    evidence_digest: str | None
    supervision_level: str | None
    satisfaction: str | None
    master: str | None
    is_notice_required: bool

    @property
    def stream(self) -> str:
        """The case's stream in the ledger, and the subject of its evidence."""
        return f"case:{self.number}"


@dataclass(frozen=True)
class Exhibit:
    """One evidence file."""

    id: int
    role: EvidenceRole
    round: int
    name: str
    media_type: str
    size: int
    digest: str
    pair_id: int | None
    taken_at: str | None
    uploaded_at: datetime
    uploaded_by: str | None
    has_picture: bool


@dataclass(frozen=True)
class Entry:
    """One fact with its actor's name; `details` is the fact's body."""

    seq: int
    kind: str
    at: datetime
    actor_id: int
    actor: str | None
    unit: str | None
    details: dict[str, Any]
    digest: str


@dataclass(frozen=True)
class CasePage:
    """One case as its page shows it."""

    head: Head
    categories: tuple[str, ...]
    supporting_units: tuple[str, ...]
    evidence: tuple[Exhibit, ...]
    facts: tuple[Entry, ...]
    units: dict[int, str] = field(default_factory=dict)
    people: dict[int, str] = field(default_factory=dict)

    def pairs(self) -> tuple[tuple[Exhibit | None, Exhibit], ...]:
        """After-photos with the before-photo that each is tied to."""
        by_id = {e.id: e for e in self.evidence}
        afters = [e for e in self.evidence if e.role is EvidenceRole.after and e.has_picture]
        return tuple((by_id.get(e.pair_id) if e.pair_id else None, e) for e in afters)


_sponsor, _closer, _master = aliased(Person), aliased(Person), aliased(Case)
_AREA = select(func.max(AreaRow.name)).where(AreaRow.code == Case.area_code).correlate(Case).scalar_subquery()
_NAMED = {
    "source": Source.name, "source_key": Source.key, "is_notice_required": Source.is_notice_required, "lead_unit": Unit.name,
    "sponsor": _sponsor.name, "closed_by": _closer.name, "master": _master.number, "area": func.coalesce(_AREA, Case.area_text),
}


def case_page(scope: Scope, number: str) -> CasePage:
    """The case with this number. Raises `NotFound` for absent and forbidden alike."""
    head = _head(scope, number)
    facts, evidence = _facts(head.stream), _evidence(head.stream)
    names: dict[str, dict[int, str]] = {"unit": {}, "person": {}, "type": {}, "supporting": {}}
    for kind, key, name in db.session.execute(_names(head.id, facts)):
        names[kind][key] = name
    return CasePage(head, tuple(sorted(names["type"].values())), tuple(names["supporting"].values()), evidence, facts,
                    names["unit"], names["person"])


def facts_after(scope: Scope, number: str, seq: int) -> tuple[Entry, ...]:
    """What happened to a case after `seq`, oldest first; nothing when the reader may not see it."""
    found = db.session.scalar(select(Case.number).where(Case.number == number, visible(scope)))
    return tuple(entry for entry in _facts(f"case:{found}") if entry.seq > seq) if found else ()


def _head(scope: Scope, number: str) -> Head:
    columns = [_NAMED.get(name, getattr(Case, name, None)).label(name) for name in Head.__dataclass_fields__]
    query = (
        select(*columns).where(Case.number == number.strip().upper(), visible(scope))
        .join(Source, Source.id == Case.source_id).outerjoin(Unit, Unit.id == Case.lead_unit_id)
        .outerjoin(_sponsor, _sponsor.id == Case.sponsor_id).outerjoin(_closer, _closer.id == Case.closed_by_id)
        .outerjoin(_master, _master.id == Case.master_id)
    )
    row = db.session.execute(query).first()
    if row is None:
        raise NotFound(f"没有找到案件“{number}”,或您无权查看。")
    return Head(*row)


def _facts(stream: str) -> tuple[Entry, ...]:
    query = (
        select(FactRow.seq, FactRow.kind, FactRow.at, FactRow.actor_id, Person.name, Unit.name, FactRow.body, FactRow.digest)
        .where(FactRow.stream == stream).order_by(FactRow.seq)
        .outerjoin(Person, Person.id == FactRow.actor_id).outerjoin(Unit, Unit.id == Person.unit_id)
    )
    return tuple(Entry(*row[:6], details=json.loads(row[6]), digest=row[7]) for row in db.session.execute(query))


def _evidence(stream: str) -> tuple[Exhibit, ...]:
    e = EvidenceRow
    query = (
        select(e.id, e.role, e.round, e.original_name, e.media_type, e.size, e.digest, e.pair_id, e.taken_at, e.uploaded_at,
               Person.name, e.shown_digest.is_not(None))
        .where(e.subject == stream).order_by(e.id).outerjoin(Person, Person.id == e.uploaded_by_id)
    )
    return tuple(Exhibit(*row) for row in db.session.execute(query))


def _names(case_id: int, facts: Iterable[Entry]) -> Any:
    """Types and supporting units of the case, and the names of every unit and person that its facts mention by id."""
    changes = [entry.details.get("set", {}) for entry in facts]
    units = {c["lead_unit_id"] for c in changes if c.get("lead_unit_id")}
    units |= {unit for c in changes for unit in c.get("supporting_unit_ids") or ()}
    people = {c["sponsor_id"] for c in changes if c.get("sponsor_id")}
    types = select(literal("type"), func.row_number().over(order_by=CaseCategory.category), CaseCategory.category)
    return union_all(
        types.where(CaseCategory.case_id == case_id),
        _named("supporting", Unit).join(CasePart, CasePart.unit_id == Unit.id)
        .where(CasePart.case_id == case_id, CasePart.part == Part.supporting.value),
        _named("unit", Unit).where(Unit.id.in_(units)),
        _named("person", Person).where(Person.id.in_(people)),
    )


def _named(kind: str, table: Any) -> Select[Any]:
    return select(literal(kind), table.id, table.name)
