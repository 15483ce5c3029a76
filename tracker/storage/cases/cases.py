"""Cases, their units, types and import batches. The row is the shadow of its facts; only `services` writes it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.domain.cases.belonging.candidates import CandidateAnswers, PlaceSaid
from tracker.domain.cases.columns import SupportDays
from tracker.domain.cases.facts import HANDLED, IN_HAND, WITH_NOTICE, CaseState, Request
from tracker.domain.house.folds import Fold, Folds
from tracker.storage.cases.belonging.parts import PLACE_COLUMNS, CasePart, CasePlace, UnitPart
from tracker.storage.house.base import Base, code_column, enum_column, id_column
from tracker.storage.people.accounts import Person, Unit
from tracker.storage.territory.territory import Source

FAR = date(9999, 12, 31)


class History(StrEnum):
    """Whether our people took the steps, or the case arrived handled from a published table."""

    own = "own"
    imported = "imported"


UNIT_STATES, DONE_STATES, NOTICE_STATES = (
    ", ".join(f"'{state}'" for state in states) for states in ((*IN_HAND, CaseState.submitted), HANDLED, WITH_NOTICE))

# `…_for_id` is whom the person of `…_by_id` stood in for. A comparison with NULL is unknown, and a CHECK lets the unknown pass.
SUBSTITUTE_RULES: dict[str, str] = {
    "pending_for_another": "pending_for_id IS NULL OR (pending_by_id IS NOT NULL AND pending_for_id <> pending_by_id)",
    "submitted_for_another": "submitted_for_id IS NULL OR (submitted_by_id IS NOT NULL AND submitted_for_id <> submitted_by_id)",
    "verified_for_another": "verified_for_id IS NULL OR (verified_by_id IS NOT NULL AND verified_for_id <> verified_by_id)",
    "closed_for_another": "closed_for_id IS NULL OR (closed_by_id IS NOT NULL AND closed_for_id <> closed_by_id)",
    "verifier_is_no_submitter_s_substitute":
        "verified_by_id <> submitted_for_id AND verified_for_id <> submitted_by_id AND verified_for_id <> submitted_for_id",
    "closer_is_no_submitter_s_substitute":
        "closed_by_id <> submitted_for_id AND closed_for_id <> submitted_by_id AND closed_for_id <> submitted_for_id",
    "closer_is_no_verifier_s_substitute":
        "closed_by_id <> verified_for_id AND closed_for_id <> verified_by_id AND closed_for_id <> verified_for_id",
    "represented_verifier_is_of_another_unit": "verified_for_unit_id IS NULL OR verified_for_unit_id <> lead_unit_id",
}


class Case(Base):
    """One case. State-dependent CHECKs and the separation of duties hold for hand-written SQL too."""

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_time"),
        CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name="closed_has_person"),
        CheckConstraint("(state = 'merged') = (master_id IS NOT NULL)", name="merged_has_master"),
        CheckConstraint("master_id IS NULL OR master_id <> id", name="not_its_own_master"),
        CheckConstraint(f"state NOT IN ({UNIT_STATES}) OR lead_unit_id IS NOT NULL", name="active_has_lead_unit"),
        CheckConstraint("state <> 'submitted' OR submitted_by_id IS NOT NULL", name="submitted_has_person"),
        CheckConstraint(
            f"state NOT IN ({DONE_STATES}) OR history = 'imported' OR (submitted_by_id IS NOT NULL AND verified_by_id IS NOT "
            f"NULL)",
            name="completed_has_persons",
        ),
        CheckConstraint(f"state NOT IN ({NOTICE_STATES}) OR notice_to_on IS NOT NULL", name="notice_has_window"),
        CheckConstraint("verified_by_id IS NULL OR verified_by_id <> submitted_by_id", name="verifier_is_not_submitter"),
        CheckConstraint("closed_by_id IS NULL OR closed_by_id <> submitted_by_id", name="closer_is_not_submitter"),
        CheckConstraint("closed_by_id IS NULL OR closed_by_id <> verified_by_id", name="closer_is_not_verifier"),
        CheckConstraint("verified_unit_id IS NULL OR verified_unit_id <> lead_unit_id", name="verifier_is_of_another_unit"),
        *(CheckConstraint(condition, name=name) for name, condition in SUBSTITUTE_RULES.items()),
        CheckConstraint("(pending IS NULL) = (pending_by_id IS NULL)", name="pending_has_person"),
        CheckConstraint("seq >= 1 AND round >= 1", name="counted_from_one"),
        CheckConstraint("history IN ('own', 'imported')", name="history"),
        CheckConstraint("NOT (lat = 0 AND lng = 0)", name="not_null_island"),
        CheckConstraint("NOT (device_lat = 0 AND device_lng = 0)", name="device_not_null_island"),
        CheckConstraint("located_by IN ('device', 'pin', 'text')", name="located_by"),
        Index("uq_cases_source_number", "source_id", "source_number", unique=True,
              sqlite_where=text("withdrawn_at IS NULL"), postgresql_where=text("withdrawn_at IS NULL")),
        Index("uq_cases_client_id", "client_id", unique=True),
        Index("ix_cases_list", "list_due_on", "id"), Index("ix_cases_received_list", "received_on", "id"),
        Index("ix_cases_state_list", "state", "list_due_on", "id", "jurisdiction", "sponsor_id", "source_id", "history"),
        Index("ix_cases_unit_list", "lead_unit_id", "list_due_on", "id"),
        Index("ix_cases_unit_state_list", "lead_unit_id", "state", "list_due_on", "id"),
        Index("ix_cases_source_list", "source_id", "list_due_on", "id"),
        Index("ix_cases_sponsor_list", "sponsor_id", "list_due_on", "id"),
        Index("ix_cases_jurisdiction_list", "jurisdiction", "list_due_on", "id"),
        Index("ix_cases_state_received", "state", "received_on", "id", "jurisdiction", "sponsor_id"),
        Index("ix_cases_received_closed", "received_on", "closed_at", "jurisdiction", "sponsor_id"),
        Index("ix_cases_closed_received", "closed_at", "received_on", "jurisdiction", "sponsor_id"),
        Index("ix_cases_logged", "registered_by_id", "received_on", "id"),
        Index("ix_cases_registered", "registered_by_id", "registered_at"),
        Index("ix_cases_pending", "pending", "state", "list_due_on", "id", "jurisdiction", "sponsor_id", "pending_by_id",
              sqlite_where=text("pending IS NOT NULL"), postgresql_where=text("pending IS NOT NULL")),
        Index("ix_cases_to_answer", "lead_unit_id", "state", "list_due_on", "id",
              sqlite_where=text("supervision_due_on IS NOT NULL"), postgresql_where=text("supervision_due_on IS NOT NULL")),
        Index("ix_cases_state_place", "state", "lat", "lng", "datum", "list_due_on", "jurisdiction", "sponsor_id"),
        Index("ix_cases_look_back_failed", "state", "list_due_on", "id", "jurisdiction", "sponsor_id",
              sqlite_where=text("is_look_back_failed IS 1"), postgresql_where=text("is_look_back_failed IS true")),
        Index("ix_cases_matter", "matter_since_on", "id", sqlite_where=text("matter_since_on IS NOT NULL"),
              postgresql_where=text("matter_since_on IS NOT NULL")),
    )

    id: Mapped[id_column]
    number: Mapped[str] = mapped_column(String(20), unique=True)
    client_id: Mapped[str | None] = mapped_column(String(40))
    state: Mapped[CaseState] = mapped_column(enum_column(CaseState, "state"))
    seq: Mapped[int]
    round: Mapped[int] = mapped_column(default=1)
    history: Mapped[str] = mapped_column(String(10), default="own")

    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id", ondelete="RESTRICT"))
    source_number: Mapped[str | None] = mapped_column(String(120))
    is_key: Mapped[bool] = mapped_column(default=False)
    batch_label: Mapped[str] = mapped_column(String(60), default="")
    import_batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batches.id", ondelete="RESTRICT"), index=True)
    channel: Mapped[str] = mapped_column(String(20), default="unknown")
    title: Mapped[str] = mapped_column(String(300))
    description: Mapped[str]
    place: Mapped[str] = mapped_column(String(300), default="")
    area_code: Mapped[str | None] = mapped_column(String(12), index=True)
    area_text: Mapped[str] = mapped_column(String(200), default="")
    jurisdiction: Mapped[str] = mapped_column(String(12))
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    datum: Mapped[str | None] = mapped_column(String(10))
    accuracy_metres: Mapped[float | None]
    located_by: Mapped[str | None] = mapped_column(String(10))
    device_lat: Mapped[float | None]  # what the phone said, whatever was made of it
    device_lng: Mapped[float | None]
    device_datum: Mapped[str | None] = mapped_column(String(10))
    device_accuracy_metres: Mapped[float | None]
    answers: Mapped[str | None]  # JSON of domain.questions
    received_on: Mapped[date]
    registered_at: Mapped[datetime]
    registered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))

    lead_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id", ondelete="RESTRICT"))
    sponsor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    is_designated: Mapped[bool] = mapped_column(default=False)
    assigned_on: Mapped[date | None]
    assigned_at: Mapped[datetime | None]
    acknowledge_due_on: Mapped[date | None]
    return_until_on: Mapped[date | None]
    acknowledged_at: Mapped[datetime | None]
    confirm_due_on: Mapped[date | None]  # by when whose it is must be settled, since it was sent down
    confirmed_on: Mapped[date | None]
    due_on: Mapped[date | None]
    list_due_on: Mapped[date] = mapped_column(default=FAR)
    original_due_on: Mapped[date | None]
    is_due_provisional: Mapped[bool] = mapped_column(default=False)
    limit_unit: Mapped[str | None] = mapped_column(String(20))
    is_due_rolling: Mapped[bool] = mapped_column(default=False)
    paused_from_on: Mapped[date | None]
    return_count: Mapped[int] = mapped_column(default=0)
    extension_count: Mapped[int] = mapped_column(default=0)
    pending: Mapped[Request | None] = mapped_column(enum_column(Request, "pending"))
    pending_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    pending_for_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    pending_on: Mapped[date | None]
    phase_next_on: Mapped[date | None]
    work_reported_at: Mapped[datetime | None]

    finding: Mapped[str | None] = mapped_column(String(10))
    has_no_work_basis: Mapped[bool] = mapped_column(default=False)
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    submitted_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id", ondelete="RESTRICT"))
    submitted_for_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    submitted_for_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    verification_begun_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    verified_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id", ondelete="RESTRICT"))
    verified_for_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    verified_for_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    notice_from_on: Mapped[date | None]
    notice_to_on: Mapped[date | None]
    objection_count: Mapped[int | None]  # the number of the latest objection
    undecided_objections: Mapped[int | None]  # how many wait to be decided
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    closed_for_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    filing_no: Mapped[str | None] = mapped_column(String(80))
    evidence_digest: Mapped[str | None] = mapped_column(String(64))
    first_closed_at: Mapped[datetime | None]
    reopen_count: Mapped[int] = mapped_column(default=0)
    is_look_back_failed: Mapped[bool] = mapped_column(default=False)
    supervision_level: Mapped[str | None] = mapped_column(String(10))
    supervision_due_on: Mapped[date | None]  # of the supervision order, until the unit has answered it
    matter_since_on: Mapped[date | None]  # since when something waits to be coordinated
    satisfaction: Mapped[str | None] = mapped_column(String(20))
    escalated_at: Mapped[datetime | None]
    master_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="RESTRICT"), index=True)
    withdrawn_at: Mapped[datetime | None]

    source: Mapped[Source] = relationship()
    lead_unit: Mapped[Unit | None] = relationship(foreign_keys=[lead_unit_id])
    sponsor: Mapped[Person | None] = relationship(foreign_keys=[sponsor_id])
    parts: Mapped[list[CasePart]] = relationship(order_by=CasePart.unit_id)
    place_row: Mapped[CasePlace | None] = relationship()

    @property
    def stream(self) -> str:
        """The case's stream in the ledger, and the subject of its evidence."""
        return f"case:{self.number}"

    @property
    def supporting_unit_ids(self) -> tuple[int, ...]:
        """The supporting units, by id."""
        return self._units_as(UnitPart.supporting)

    @property
    def informed_unit_ids(self) -> tuple[int, ...]:
        """The units that are told of it, by id."""
        return self._units_as(UnitPart.informed)

    @property
    def candidates(self) -> CandidateAnswers:
        """The units that were asked whether it is theirs, and what each said."""
        return {str(part.unit_id): part.answer for part in self.parts if part.part == UnitPart.candidate.value}

    @property
    def place_beside(self) -> PlaceSaid:
        """Where it lies by the railway, as far as anything is known of it."""
        row = self.place_row
        return {} if row is None else {name: value for name in PLACE_COLUMNS if (value := getattr(row, name)) not in (None, "")}

    def _units_as(self, part: UnitPart) -> tuple[int, ...]:
        return tuple(each.unit_id for each in self.parts if each.part == part.value)

    @property
    def support_days(self) -> SupportDays:
        """By when each supporting unit that was asked for its opinion gives it, and when it did."""
        return {str(p.unit_id): {"due_on": p.answer_due_on, "answered_on": p.answered_on} for p in self.parts if p.answer_due_on}


class CaseCategory(Base):
    """A problem type of a case; a case may have several, so splits by type need not sum to the total."""

    __tablename__ = "case_categories"
    __table_args__ = (Index("ix_case_categories_category", "category", "case_id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    category: Mapped[str] = mapped_column(String(20), primary_key=True)


class ImportBatch(Base):
    """One imported file. The same bytes for the same source come in once, unless the batch was withdrawn."""

    __tablename__ = "import_batches"
    __table_args__ = (
        Index("uq_import_batches_file", "source_id", "digest", unique=True,
              sqlite_where=text("withdrawn_at IS NULL"), postgresql_where=text("withdrawn_at IS NULL")),
    )

    id: Mapped[id_column]
    code: Mapped[code_column] = mapped_column(unique=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id", ondelete="RESTRICT"))
    file_name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    layout: Mapped[str] = mapped_column(String(40))
    row_count: Mapped[int]
    created_count: Mapped[int]
    known_count: Mapped[int]
    bad_count: Mapped[int]
    imported_at: Mapped[datetime]
    imported_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    withdrawn_at: Mapped[datetime | None]


FOLDS: Folds = (
    Fold("cases", ("id",), (
         "number", "state", "seq", "round", "history", "source_id", "source_number", "is_key", "batch_label", "import_batch_id",
         "channel", "area_code", "area_text", "jurisdiction", "lat", "lng", "datum", "accuracy_metres", "located_by",
         "device_lat", "device_lng", "device_datum", "device_accuracy_metres", "received_on", "registered_at",
         "registered_by_id", "lead_unit_id", "sponsor_id", "is_designated", "assigned_on", "assigned_at", "acknowledge_due_on",
         "return_until_on", "acknowledged_at", "confirm_due_on",
         "confirmed_on", "due_on", "original_due_on", "is_due_provisional", "limit_unit",
         "is_due_rolling", "paused_from_on", "return_count", "extension_count", "pending", "pending_by_id", "pending_for_id",
         "pending_on", "phase_next_on", "work_reported_at", "finding", "has_no_work_basis", "submitted_at", "submitted_by_id",
         "submitted_unit_id", "submitted_for_id", "submitted_for_unit_id", "verification_begun_at", "verified_at",
         "verified_by_id", "verified_unit_id", "verified_for_id", "verified_for_unit_id", "notice_from_on", "notice_to_on",
         "objection_count", "undecided_objections", "closed_at", "closed_by_id", "closed_for_id", "filing_no",
         "evidence_digest", "first_closed_at", "reopen_count", "is_look_back_failed", "supervision_level", "supervision_due_on",
         "matter_since_on", "satisfaction", "escalated_at", "master_id", "withdrawn_at"),
         ("title", "description", "place", "answers"),
         {"client_id": "by which asking twice registers once, of no weight afterwards",
          "list_due_on": "follows from due_on, with which it is compared"}, is_of_cases=True),
    Fold("case_categories", ("case_id", "category"), is_of_cases=True),
    Fold("import_batches", ("id",), ("id", "code", "source_id", "digest", "layout", "row_count", "created_count",
                                     "known_count", "bad_count", "imported_at", "imported_by_id", "withdrawn_at"),
         ("file_name",)),
)
