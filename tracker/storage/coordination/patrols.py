"""Patrols of a section, and what is owed for it, in narrow statements."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.domain.acts.facts import DutyKind, DutyState, LinkRole
from tracker.domain.acts.sight import ActScope
from tracker.domain.cases.facts import OPEN, CaseState
from tracker.domain.coordination.patrol_periods import SUBJECT, TIERS, subject_of
from tracker.domain.coordination.patrols import KIND, PatrolState
from tracker.domain.house.actor import Scope
from tracker.storage.acts.acts import ActLink, Duty
from tracker.storage.acts.scope import ACTS, readable
from tracker.storage.cases.belonging.parts import CasePlace
from tracker.storage.cases.cases import Case, CaseCategory
from tracker.storage.cases.scope import visible
from tracker.storage.territory.territory import Source

FOUND = LinkRole.found


@dataclass(frozen=True)
class PatrolRow:
    """A patrol of a section."""

    id: int
    number: str
    state: str
    on: date
    opened_at: datetime
    details: dict[str, Any]

    @property
    def stream(self) -> str:
        """Its stream in the ledger."""
        return f"act:{self.number}"

    @property
    def tier(self) -> int:
        """Of which chiefs."""
        return int(self.details["tier"])

    @property
    def stretch(self) -> tuple[float, float]:
        """From where to where, in metres along the line."""
        return float(self.details["metre_from"]), float(self.details["metre_to"])


@dataclass(frozen=True)
class OwedRow:
    """What is owed for a section and tier in a period."""

    plan_id: int
    subject: str
    unit_id: int
    starts_on: date
    due_on: date
    state: DutyState
    answered_at: datetime | None


@dataclass(frozen=True)
class LineCase:
    """An open case of the railway with what is known of its place."""

    number: str
    title: str
    state: CaseState
    due_on: date | None
    answers: str | None
    lat: float | None
    lng: float | None
    datum: str | None
    line: str | None  # as the place beside the case says, with the metre along it
    metre: float | None


def patrols_of(session: Session, scope: ActScope, section: str, first: date, last: date, most: int | None = None
               ) -> tuple[PatrolRow, ...]:
    """The patrols of a section within some days that this reader sees, the newest first."""
    query = (select(ACTS.id, ACTS.number, ACTS.state, ACTS.began_on, ACTS.opened_at, ACTS.details)
             .join(ActLink, ActLink.act_id == ACTS.id)
             .where(ActLink.target == SUBJECT + section, ActLink.role == LinkRole.site, ACTS.kind == KIND,
                    ACTS.began_on.between(first, last), readable(scope))
             .order_by(ACTS.began_on.desc(), ACTS.id.desc()).limit(most))
    return tuple(PatrolRow(*row) for row in session.execute(query))


def found_by(session: Session, act_ids: Collection[int]) -> dict[int, list[str]]:
    """The cases that acts have found, by their streams."""
    found: dict[int, list[str]] = {}
    if act_ids:
        query = select(ActLink.act_id, ActLink.target).where(ActLink.act_id.in_(act_ids), ActLink.role == FOUND)
        for act_id, target in session.execute(query.order_by(ActLink.position)):
            found.setdefault(act_id, []).append(target)
    return found


def owed_for(session: Session, sections: Collection[str], on: date) -> tuple[OwedRow, ...]:
    """What is owed for sections in the periods of a day, and what is still open from those before it."""
    subjects = [subject_of(section, tier) for section in sections for tier in TIERS]
    query = (select(Duty.act_id, Duty.subject, Duty.unit_id, Duty.starts_on, Duty.due_on, Duty.state, Duty.answered_at)
             .where(Duty.kind == DutyKind.patrol, Duty.subject.in_(subjects), Duty.starts_on <= on,
                    or_(Duty.due_on >= on, Duty.state == DutyState.open)).order_by(Duty.due_on.desc(), Duty.subject))
    return tuple(OwedRow(*row) for row in session.execute(query)) if subjects else ()


def due_between(session: Session, section: str, first: date, last: date) -> tuple[OwedRow, ...]:
    """What a section owed by a day within some."""
    query = select(Duty.act_id, Duty.subject, Duty.unit_id, Duty.starts_on, Duty.due_on, Duty.state, Duty.answered_at).where(
        Duty.kind == DutyKind.patrol, Duty.subject.in_([subject_of(section, tier) for tier in TIERS]),
        Duty.due_on.between(first, last))
    return tuple(OwedRow(*row) for row in session.execute(query))


def waiting_patrols(session: Session, sections: Collection[str]) -> tuple[PatrolRow, ...]:
    """Patrols of sections that the other side has not confirmed yet."""
    query = (select(ACTS.id, ACTS.number, ACTS.state, ACTS.began_on, ACTS.opened_at, ACTS.details)
             .join(ActLink, ActLink.act_id == ACTS.id)
             .where(ActLink.target.in_([SUBJECT + section for section in sections]), ActLink.role == LinkRole.site,
                    ACTS.kind == KIND, ACTS.state == PatrolState.logged.value).order_by(ACTS.began_on, ACTS.id))
    return tuple(PatrolRow(*row) for row in session.execute(query)) if sections else ()


def open_line_cases(session: Session, scope: Scope, source: str, category: str) -> tuple[LineCase, ...]:
    """Open cases of the railway that this reader sees."""
    of_type = select(CaseCategory.case_id).where(CaseCategory.category == category)
    query = (select(Case.number, Case.title, Case.state, Case.due_on, Case.answers, Case.lat, Case.lng, Case.datum,
                    CasePlace.line, CasePlace.metre)
             .join(Source, Source.id == Case.source_id).outerjoin(CasePlace, CasePlace.case_id == Case.id)
             .where(Case.state.in_(OPEN), visible(scope), or_(Source.key == source, Case.id.in_(of_type))).order_by(Case.id))
    rows: Sequence[Any] = session.execute(query).all()
    return tuple(LineCase(*row) for row in rows)
