"""The columns of a case: those that its law looks at, with the one builder of its facts, and those that a fact may set."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Protocol, TypedDict

from tracker.domain.cases.belonging.candidates import UNASKED, Belonging, BelongingColumns, CandidateAnswers, PlaceSaid
from tracker.domain.cases.facts import CaseFacts, CaseState, Request
from tracker.domain.cases.works.items import CaseWorks, CheckSheet

OWN_HISTORY = "own"


class SupportDay(TypedDict):
    """By when a supporting unit gives its opinion, and when it did."""

    due_on: date | None
    answered_on: date | None


SupportDays = Mapping[str, SupportDay]  # by the id of the unit, as JSON has its keys


class HandColumns(Protocol):
    """Where a case stands, and who has a hand in it."""

    @property
    def state(self) -> CaseState: ...
    @property
    def history(self) -> str: ...
    @property
    def jurisdiction(self) -> str: ...
    @property
    def lead_unit_id(self) -> int | None: ...
    @property
    def sponsor_id(self) -> int | None: ...
    @property
    def submitted_by_id(self) -> int | None: ...
    @property
    def submitted_unit_id(self) -> int | None: ...
    @property
    def submitted_for_id(self) -> int | None: ...
    @property
    def submitted_for_unit_id(self) -> int | None: ...
    @property
    def verified_by_id(self) -> int | None: ...
    @property
    def verified_for_id(self) -> int | None: ...
    @property
    def pending(self) -> Request | None: ...
    @property
    def pending_by_id(self) -> int | None: ...
    @property
    def pending_for_id(self) -> int | None: ...
    @property
    def supervision_level(self) -> str | None: ...


class CaseColumns(HandColumns, BelongingColumns, Protocol):
    """The rest of what the law looks at: dates, counts, and what has been done."""

    @property
    def registered_by_id(self) -> int | None: ...
    @property
    def verification_begun_at(self) -> datetime | None: ...
    @property
    def is_designated(self) -> bool: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def return_until_on(self) -> date | None: ...
    @property
    def return_count(self) -> int: ...
    @property
    def extension_count(self) -> int: ...
    @property
    def phase_next_on(self) -> date | None: ...
    @property
    def notice_to_on(self) -> date | None: ...
    @property
    def undecided_objections(self) -> int | None: ...
    @property
    def is_look_back_failed(self) -> bool: ...
    @property
    def work_reported_at(self) -> datetime | None: ...
    @property
    def supervision_due_on(self) -> date | None: ...
    @property
    def matter_since_on(self) -> date | None: ...
    @property
    def round(self) -> int: ...
    @property
    def finding(self) -> str | None: ...


class CaseChanges(TypedDict, total=False):
    """What a fact may set, as the row holds it: columns, and the supporting units and types beside them. What is not named stays
    as it is."""

    history: str
    round: int
    received_on: date
    area_code: str
    jurisdiction: str
    categories: tuple[str, ...]
    lead_unit_id: int | None
    supporting_unit_ids: tuple[int, ...]
    support_days: SupportDays
    candidates: CandidateAnswers
    informed_unit_ids: tuple[int, ...]
    place_beside: PlaceSaid
    confirm_due_on: date | None
    confirmed_on: date | None
    lat: float
    lng: float
    datum: str
    accuracy_metres: float | None
    located_by: str
    sponsor_id: int | None
    is_designated: bool
    assigned_on: date | None
    assigned_at: datetime | None
    acknowledge_due_on: date | None
    return_until_on: date | None
    acknowledged_at: datetime | None
    due_on: date | None
    original_due_on: date | None
    is_due_provisional: bool
    limit_unit: str | None
    is_due_rolling: bool
    paused_from_on: date | None
    return_count: int
    extension_count: int
    pending: Request | None
    pending_by_id: int | None
    pending_for_id: int | None
    pending_on: date | None
    phase_next_on: date | None
    work_reported_at: datetime | None
    finding: str | None
    has_no_work_basis: bool
    submitted_at: datetime | None
    submitted_by_id: int | None
    submitted_unit_id: int | None
    submitted_for_id: int | None
    submitted_for_unit_id: int | None
    verification_begun_at: datetime | None
    verified_at: datetime | None
    verified_by_id: int | None
    verified_unit_id: int | None
    verified_for_id: int | None
    verified_for_unit_id: int | None
    notice_from_on: date | None
    notice_to_on: date | None
    objection_count: int
    undecided_objections: int
    closed_at: datetime | None
    closed_by_id: int | None
    closed_for_id: int | None
    filing_no: str | None
    evidence_digest: str | None
    first_closed_at: datetime
    reopen_count: int
    is_look_back_failed: bool
    supervision_level: str | None
    supervision_due_on: date | None
    matter_since_on: date | None
    satisfaction: str
    escalated_at: datetime
    works: CaseWorks
    master_id: int | None
    withdrawn_at: datetime


class _HandFacts(TypedDict):
    state: CaseState
    today: date
    area_code: str
    lead_unit_id: int | None
    supporting_unit_ids: tuple[int, ...]
    sponsor_id: int | None
    submitted_by_id: int | None
    submitted_unit_id: int | None
    submitted_for_id: int | None
    submitted_for_unit_id: int | None
    verified_by_id: int | None
    verified_for_id: int | None
    pending: Request | None
    pending_by_id: int | None
    pending_for_id: int | None
    is_notice_required: bool
    is_supervised: bool


def facts_of_area(state: CaseState, today: date, jurisdiction: str) -> CaseFacts:
    """As far as the law looks at the state and the area: for those who act by their area alone."""
    return CaseFacts(state, today, jurisdiction)


def facts_of_hands(case: HandColumns, today: date, supporting: Iterable[int], *, is_noticed: bool) -> CaseFacts:
    """As far as the law looks at persons and units: without dates and counts, so that many cases are alike. `is_noticed`: its
    source asks for a public notice, which a case that arrived handled does not need."""
    return CaseFacts(**_hand_facts(case, today, supporting, is_noticed))


def facts_of_columns(case: CaseColumns, today: date, supporting: Iterable[int], *, support_days: SupportDays, is_noticed: bool,
                     closing_gaps: Iterable[str], member_count: int, most_returns: int, most_extensions: int,
                     sheet: CheckSheet | None = None, belonging: Belonging = UNASKED) -> CaseFacts:
    """The case as the law sees it on that day."""
    return _made_at_once(
        _hand_facts(case, today, supporting, is_noticed),
        registered_by_id=case.registered_by_id,
        is_verification_begun=case.verification_begun_at is not None, is_designated=case.is_designated, due_on=case.due_on,
        return_until_on=case.return_until_on, return_count=case.return_count, extension_count=case.extension_count,
        phase_next_on=case.phase_next_on, notice_to_on=case.notice_to_on, undecided_objections=case.undecided_objections or 0,
        is_look_back_failed=case.is_look_back_failed, is_work_reported=case.work_reported_at is not None,
        is_free_of_matters=case.matter_since_on is None, is_answer_owed=case.supervision_due_on is not None,
        has_been_submitted=_has_been_submitted(case), awaited_replies=awaited_in(support_days),
        closing_gaps=tuple(closing_gaps), member_count=member_count, sheet=sheet,
        most_returns=most_returns, most_extensions=most_extensions, belonging=belonging)


def _made_at_once(hands: _HandFacts, **columns: object) -> CaseFacts:
    """With all its fields together, for one is made for each of many facts: field by field takes ten times as long."""
    made = object.__new__(CaseFacts)
    vars(made).update(hands, **columns)
    return made


def awaited_in(days: SupportDays) -> tuple[tuple[int, date], ...]:
    """The supporting units that owe their opinion, each with its day."""
    return () if not days else tuple((int(unit), day["due_on"]) for unit, day in sorted(days.items())
                 if day["due_on"] is not None and day["answered_on"] is None)


def _has_been_submitted(case: CaseColumns) -> bool:
    """A published table may have told a finding too, but no work."""
    return case.round > 1 or (case.finding is not None and case.work_reported_at is not None)


def _hand_facts(case: HandColumns, today: date, supporting: Iterable[int], is_noticed: bool) -> _HandFacts:
    return {
        "state": case.state, "today": today, "area_code": case.jurisdiction, "lead_unit_id": case.lead_unit_id,
        "supporting_unit_ids": tuple(supporting), "sponsor_id": case.sponsor_id, "submitted_by_id": case.submitted_by_id,
        "submitted_unit_id": case.submitted_unit_id, "submitted_for_id": case.submitted_for_id,
        "submitted_for_unit_id": case.submitted_for_unit_id, "verified_by_id": case.verified_by_id,
        "verified_for_id": case.verified_for_id, "pending": case.pending, "pending_by_id": case.pending_by_id,
        "pending_for_id": case.pending_for_id, "is_notice_required": is_noticed and case.history == OWN_HISTORY,
        "is_supervised": case.supervision_level is not None,
    }
