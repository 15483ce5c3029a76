"""A case as its facts amount to, one by one: what the law looked at before each."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from tracker.domain.cases.belonging.candidates import CandidateAnswers, PlaceSaid
from tracker.domain.cases.columns import SupportDays
from tracker.domain.cases.facts import CaseState, Request
from tracker.domain.cases.works.items import NO_WORKS, CaseWorks, read_works
from tracker.domain.evidence.evidence import Dossier, EvidenceRole, Exhibit
from tracker.domain.house.folds import ROWS

DAYS = frozenset({"due_on", "pending_on", "return_until_on", "phase_next_on", "notice_to_on", "paused_from_on",
                  "supervision_due_on", "matter_since_on", "confirm_due_on", "confirmed_on"})


class FoldedCase:
    """The columns that the law reads, with what they hold before any fact sets them."""

    state: CaseState
    jurisdiction: str
    source_id: int
    history = "own"
    round = 1
    lead_unit_id: int | None = None
    supporting_unit_ids: tuple[int, ...] = ()
    sponsor_id: int | None = None
    registered_by_id: int | None = None
    submitted_at: str | None = None
    submitted_by_id: int | None = None
    submitted_unit_id: int | None = None
    submitted_for_id: int | None = None
    submitted_for_unit_id: int | None = None
    verified_by_id: int | None = None
    verified_for_id: int | None = None
    verified_at: datetime | None = None
    pending: Request | None = None
    pending_on: date | None = None
    pending_by_id: int | None = None
    pending_for_id: int | None = None
    supervision_level: str | None = None
    verification_begun_at: datetime | None = None
    is_designated = False
    has_no_work_basis = False
    due_on: date | None = None
    return_until_on: date | None = None
    phase_next_on: date | None = None
    notice_to_on: date | None = None
    paused_from_on: date | None = None
    limit_unit: str | None = None
    is_due_rolling = False
    return_count = 0
    extension_count = 0
    undecided_objections: int | None = 0
    is_look_back_failed = False
    work_reported_at: datetime | None = None
    finding: str | None = None
    channel = "unknown"
    confirm_due_on: date | None = None
    confirmed_on: date | None = None
    candidates: CandidateAnswers
    place_beside: PlaceSaid
    supervision_due_on: date | None = None
    matter_since_on: date | None = None
    works: CaseWorks = NO_WORKS

    def __init__(self) -> None:
        self.exhibits: list[Exhibit] = []
        self.support_days: SupportDays = {}
        self.candidates, self.place_beside = {}, {}

    def take_evidence(self, payload: Mapping[str, Any]) -> tuple[Exhibit, ...]:
        """The files that a fact brings, which are there before what it sets."""
        said = payload.get("evidence")
        if not isinstance(said, list) or not said or not isinstance(said[0], dict):
            return ()
        rows = payload.get(ROWS) or {}
        fresh = [_exhibit_of(each, self.round, rows.get(f"evidence/{each['id']}")) for each in said]
        befores = [each.id for each in (*self.exhibits, *fresh) if each.role is EvidenceRole.before]
        afters = [each for each in fresh if each.role is EvidenceRole.after]
        if befores and not rows:  # facts older than the rows say nothing of pairs: they were made in order of arrival
            paired = {each.id: befores[min(at, len(befores) - 1)] for at, each in enumerate(afters)}
            fresh = [_with_pair(each, paired.get(each.id)) for each in fresh]
        self.exhibits += fresh
        return tuple(fresh)

    def dossier(self, *, has_no_work_basis: bool | None = None, has_onsite_record: bool | None = None) -> Dossier:
        """What the case has to show."""
        return Dossier(tuple(self.exhibits), self.round,
                       self.has_no_work_basis if has_no_work_basis is None else has_no_work_basis,
                       self.verified_at is not None if has_onsite_record is None else has_onsite_record,
                       self.history == "imported")

    def reach(self, state: CaseState) -> None:
        """Where a fact leads."""
        self.state = state

    def apply(self, changes: Mapping[str, Any]) -> None:
        """What a fact sets."""
        mine = self.__dict__
        mine.update(changes)
        for name in DAYS & changes.keys():
            mine[name] = date.fromisoformat(changes[name]) if changes[name] else None
        if "support_days" in changes:
            mine["support_days"] = {unit: {name: date.fromisoformat(on) if on else None for name, on in day.items()}
                                    for unit, day in changes["support_days"].items()}
        if "works" in changes:
            mine["works"] = read_works(changes["works"])
        if changes.get("pending"):
            mine["pending"] = Request(changes["pending"])


def _exhibit_of(said: Mapping[str, Any], case_round: int, row: Mapping[str, Any] | None) -> Exhibit:
    return Exhibit(said["id"], EvidenceRole(said["role"]), said["sha256"], row["round"] if row else case_round,
                   str(said["media_type"]).startswith("image/"), row["pair_id"] if row else None)


def _with_pair(exhibit: Exhibit, pair_id: int | None) -> Exhibit:
    return exhibit if pair_id is None else replace(exhibit, pair_id=pair_id)
