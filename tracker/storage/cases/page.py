"""Everything one case page shows, in four narrow statements."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, func, literal, select, union_all
from sqlalchemy.orm import Session

from tracker.domain.cases.belonging.candidates import UNASKED, Belonging, PlaceSaid, belonging_of, read_posts
from tracker.domain.cases.columns import SupportDays, facts_of_columns
from tracker.domain.cases.facts import CaseFacts, CaseState, Request
from tracker.domain.cases.flow import CASE_FLOW, Steps
from tracker.domain.cases.works.items import NO_WORKS, CaseWorks, CheckSheet, read_works
from tracker.domain.evidence.evidence import Dossier, missing
from tracker.domain.evidence.sources import gate_from
from tracker.domain.house.actor import Scope
from tracker.domain.house.errors import NotFound
from tracker.domain.house.say import Say, finished
from tracker.domain.house.words import ERASED
from tracker.storage.cases.belonging.chiefs import posts_column
from tracker.storage.cases.belonging.parts import CasePart, UnitPart
from tracker.storage.cases.cases import Case, CaseCategory, History
from tracker.storage.cases.entries import FactEntry, entries, last_set
from tracker.storage.cases.exhibits import EvidenceLine, evidence_lines, exhibits_of, paired
from tracker.storage.cases.family import IS_TIED, MEMBER_COUNT
from tracker.storage.cases.scope import asks_notice_column, visible
from tracker.storage.house.statements import kept_statement
from tracker.storage.people.accounts import Person, Unit
from tracker.storage.territory.territory import AreaRow, Source


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
    datum: str | None
    accuracy_metres: float | None
    located_by: str | None
    device_lat: float | None
    device_lng: float | None
    device_datum: str | None
    device_accuracy_metres: float | None
    answers: str | None
    received_on: date
    registered_at: datetime
    lead_unit: str | None
    sponsor: str | None
    is_designated: bool
    assigned_on: date | None
    acknowledge_due_on: date | None
    acknowledged_at: datetime | None
    confirm_due_on: date | None
    confirmed_on: date | None
    due_on: date | None
    original_due_on: date | None
    is_due_provisional: bool
    limit_unit: str | None
    is_due_rolling: bool
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
    undecided_objections: int | None
    closed_at: datetime | None
    closed_by: str | None
    filing_no: str | None
    evidence_digest: str | None
    supervision_level: str | None
    supervision_due_on: date | None
    matter_since_on: date | None
    satisfaction: str | None
    master: str | None
    is_notice_required: bool
    needs_confirmation: bool
    posts: str | None
    is_tied: bool  # to some act, whoever reads that
    source_to: date | None
    lead_unit_to: date | None
    close_gate: str
    jurisdiction: str
    lead_unit_id: int | None
    sponsor_id: int | None
    registered_by_id: int | None
    submitted_by_id: int | None
    submitted_unit_id: int | None
    submitted_for_id: int | None
    submitted_for_unit_id: int | None
    verified_by_id: int | None
    verified_for_id: int | None
    verification_begun_at: datetime | None
    return_until_on: date | None
    pending_by_id: int | None
    pending_for_id: int | None
    is_look_back_failed: bool
    work_reported_at: datetime | None
    has_no_work_basis: bool
    submit_gate: str
    verify_gate: str
    member_count: int

    @property
    def gates(self) -> dict[str, str]:
        """What each step of the closing asks for, by step."""
        return {name: getattr(self, f"{name}_gate") for name, step in CASE_FLOW.steps.items() if step.has_gate}

    @property
    def stream(self) -> str:
        """The case's stream in the ledger, and the subject of its evidence."""
        return f"case:{self.number}"


@dataclass(frozen=True)
class CasePage:
    """One case as its page shows it."""

    head: Head
    categories: tuple[str, ...]
    supporting_units: tuple[str, ...]
    evidence: tuple[EvidenceLine, ...]
    facts: tuple[FactEntry, ...]
    units: dict[int, str] = field(default_factory=dict)
    people: dict[int, str] = field(default_factory=dict)
    supporting_unit_ids: tuple[int, ...] = ()

    def facts_of_law(self, today: date, most_returns: int, most_extensions: int, sheet: CheckSheet | None = None) -> CaseFacts:
        """The case as the law sees it, from the rows at hand and the rule book; the deed asks the database again."""
        gaps = missing(gate_from(self.head.close_gate), self.dossier())
        return facts_of_columns(
            self.head, today, self.supporting_unit_ids, support_days=self.support_days,
            is_noticed=self.head.is_notice_required, closing_gaps=gaps,
            member_count=self.head.member_count, most_returns=most_returns, most_extensions=most_extensions, sheet=sheet,
            belonging=self.belonging)

    @property
    def support_days(self) -> SupportDays:
        """By when each supporting unit gives its opinion, and when it did, as the facts say."""
        told = last_set(self.facts, "support_days")
        return {unit: {"due_on": _read_day(day["due_on"]), "answered_on": _read_day(day["answered_on"])}
                for unit, day in told.items()}

    @property
    def works(self) -> CaseWorks:
        """What is to be done and what the last scored verification found, as the facts say."""
        return read_works(told) if (told := last_set(self.facts, "works")) else NO_WORKS

    @property
    def belonging(self) -> Belonging:
        """Whose it may be, as the facts say; nobody asks of most."""
        if not self.head.needs_confirmation and self.head.confirm_due_on is None:
            return UNASKED
        return belonging_of(self.head, is_needed=self.head.needs_confirmation, answers=last_set(self.facts, "candidates"),
                            place=self.place_beside, posts=read_posts(self.head.posts),
                            informed=tuple(last_set(self.facts, "informed_unit_ids")))

    @property
    def place_beside(self) -> PlaceSaid:
        """Where it lies by the railway."""
        return last_set(self.facts, "place_beside")

    def dossier(self) -> Dossier:
        """What the case has to show, as its gates see it."""
        head = self.head
        return Dossier(exhibits_of(self.evidence), head.round, has_no_work_basis=head.has_no_work_basis,
                       has_onsite_record=head.verified_at is not None, is_history=head.history == History.imported.value)

    def loose(self) -> tuple[EvidenceLine, ...]:
        """The photos that stand in no pair."""
        paired = {e.id for pair in self.pairs() for e in pair if e is not None}
        return tuple(e for e in self.evidence if e.has_picture and e.id not in paired)

    def pairs(self) -> tuple[tuple[EvidenceLine | None, EvidenceLine], ...]:
        """After-photos with the before-photo that each is tied to."""
        return paired(self.evidence)


def _read_day(value: object) -> date | None:
    return date.fromisoformat(str(value)) if value else None


# Plain columns, which make no statement one of the ORM's: what is read here becomes plain rows.
CASES, SOURCES, UNITS, PEOPLE = Case.__table__, Source.__table__, Unit.__table__, Person.__table__
_C = CASES.c
_sponsor, _closer, _master = PEOPLE.alias(), PEOPLE.alias(), CASES.alias()
_AREAS = AreaRow.__table__.c
_NAMES_OF_AREA = select(_AREAS.name).where(_AREAS.code == _C.area_code).order_by(_AREAS.valid_from.desc())
_AREA = _NAMES_OF_AREA.limit(1).correlate(CASES).scalar_subquery()
_NAMED: dict[str, Any] = {
    "source": SOURCES.c.name, "source_key": SOURCES.c.key, "source_to": SOURCES.c.valid_to,
    "is_notice_required": asks_notice_column, "needs_confirmation": SOURCES.c.needs_confirmation, "posts": posts_column,
    "submit_gate": SOURCES.c.submit_gate, "verify_gate": SOURCES.c.verify_gate, "close_gate": SOURCES.c.close_gate,
    "lead_unit": UNITS.c.name, "lead_unit_to": UNITS.c.valid_to, "sponsor": _sponsor.c.name, "closed_by": _closer.c.name,
    "master": _master.c.number, "area": func.coalesce(_AREA, _C.area_text), "member_count": MEMBER_COUNT, "is_tied": IS_TIED,
}


def case_page(session: Session, scope: Scope, number: str) -> CasePage:
    """The case with this number. Raises `NotFound` for absent and forbidden alike."""
    head = _read_head(session, scope, number)
    facts, evidence = entries(session, head.stream), evidence_lines(session, head.stream)
    names: dict[str, dict[int, str]] = {"unit": {}, "person": {}, "type": {}, "supporting": {}}
    for kind, key, name in session.execute(_NAMES, {"case_id": head.id, **_named_ids(facts)}):
        names[kind][key] = name
    closing = next((f for f in reversed(facts) if f.kind == Steps.close.fact and f.principal), None)
    if closing is not None and head.closed_by is not None:
        head = replace(head, closed_by=closing.told_by)
    return CasePage(head, tuple(sorted(names["type"].values())), tuple(names["supporting"].values()), evidence, facts,
                    names["unit"], names["person"], tuple(names["supporting"]))


def head_of(session: Session, scope: Scope, number: str) -> Head:
    """The case row alone. Raises `NotFound` for absent and forbidden alike."""
    return _read_head(session, scope, number)


def is_visible(session: Session, scope: Scope, number: str) -> bool:
    """Whether there is such a case and the reader may see it."""
    return session.execute(select(_C.id).where(_C.number == number, visible(scope))).first() is not None


def facts_after(session: Session, scope: Scope, number: str, seq: int) -> tuple[FactEntry, ...]:
    """What happened to a case after `seq`, oldest first; nothing when the reader may not see it."""
    if not is_visible(session, scope, number):
        return ()
    return tuple(entry for entry in entries(session, f"case:{number}") if entry.seq > seq)


def _read_head(session: Session, scope: Scope, number: str) -> Head:
    row = session.execute(_head_query(scope), {"wanted": number.strip().upper()}).first()
    if row is None:
        raise NotFound(Say("没有找到案件“{number}”，或您无权查看。", number=number))
    head = Head(*row)
    if head.title and head.description:
        return head
    erased = finished(ERASED)  # they are never empty otherwise
    return replace(head, title=head.title or erased, description=head.description or erased)


@kept_statement
def _head_query(scope: Scope) -> Select[Any]:
    """The statement for a reader, kept: to put it together would take longer than to run it."""
    columns: list[Any] = [(_NAMED[name] if name in _NAMED else _C[name]).label(name) for name in Head.__dataclass_fields__]
    return (
        select(*columns).where(_C.number == bindparam("wanted"), visible(scope))
        .select_from(CASES.join(SOURCES, SOURCES.c.id == _C.source_id).outerjoin(UNITS, UNITS.c.id == _C.lead_unit_id)
                     .outerjoin(_sponsor, _sponsor.c.id == _C.sponsor_id).outerjoin(_closer, _closer.c.id == _C.closed_by_id)
                     .outerjoin(_master, _master.c.id == _C.master_id))
    )


def _named_ids(facts: Iterable[FactEntry]) -> dict[str, list[int]]:
    """Every unit and person that the facts mention by id."""
    changes = [entry.details.get("set", {}) for entry in facts]
    units = {c["lead_unit_id"] for c in changes if c.get("lead_unit_id")}
    units |= {unit for c in changes for name in ("supporting_unit_ids", "informed_unit_ids") for unit in c.get(name) or ()}
    units |= {int(unit) for c in changes for unit in c.get("candidates") or ()}
    return {"units": sorted(units), "people": sorted({c["sponsor_id"] for c in changes if c.get("sponsor_id")})}


def _names_query(kind: str, table: Any) -> Select[Any]:
    return select(literal(kind), table.c.id, table.c.name)


_TYPES, _PARTS = CaseCategory.__table__.c, CasePart.__table__.c
_CASE_ID: BindParameter[int] = bindparam("case_id")
_NAMES = union_all(
    select(literal("type"), func.row_number().over(order_by=_TYPES.category), _TYPES.category).where(_TYPES.case_id == _CASE_ID),
    _names_query("supporting", UNITS).join(CasePart.__table__, _PARTS.unit_id == UNITS.c.id)
    .where(_PARTS.case_id == _CASE_ID, _PARTS.part == UnitPart.supporting.value),
    _names_query("unit", UNITS).where(UNITS.c.id.in_(bindparam("units", expanding=True))),
    _names_query("person", PEOPLE).where(PEOPLE.c.id.in_(bindparam("people", expanding=True))),
)
