"""Everything of one act but its facts, in narrow statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import false, func, select
from sqlalchemy.orm import Session

from tracker.domain.acts.sight import ActScope
from tracker.storage.acts.acts import Act, ActForce, ActHand, ActLink, ClockRow, Duty
from tracker.storage.acts.scope import ACTS, readable
from tracker.storage.people.accounts import Person, Unit
from tracker.storage.territory.territory import AreaRow

_P, _U, _A = Person.__table__.c, Unit.__table__.c, AreaRow.__table__.c


@dataclass(frozen=True)
class ActHead:
    """The row of an act with the names that its ids stand for."""

    id: int
    number: str
    kind: str
    subkind: str
    state: str
    is_over: bool
    seq: int
    round: int
    title: str
    area_code: str
    area: str
    unit_id: int | None
    unit: str | None
    began_on: date | None
    ended_on: date | None
    document_no: str
    details: dict[str, Any]
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    list_due_on: date
    has_person_party: bool
    is_party_erased: bool = False

    @property
    def stream(self) -> str:
        """Its stream in the ledger."""
        return f"act:{self.number}"


@dataclass(frozen=True)
class HandLine:
    """Who plays which part, in which round."""

    round: int
    person_id: int
    person: str
    part: str


@dataclass(frozen=True)
class LinkLine:
    """What it is tied to."""

    role: str
    target: str
    position: int
    grade: str


@dataclass(frozen=True)
class ForceLine:
    """A unit that takes part."""

    unit_id: int
    unit: str
    code: str
    vehicle_count: int
    person_count: int


@dataclass(frozen=True)
class DutyLine:
    """One duty with the names of its unit and people."""

    id: int
    position: int
    kind: str
    title: str
    subject: str
    unit_id: int
    unit: str
    starts_on: date
    due_on: date
    due_at: datetime | None
    original_due_on: date
    extension_count: int
    weight: int
    indicator: dict[str, Any]
    value: str | None
    state: str
    acknowledged_at: datetime | None
    answered_at: datetime | None
    answered_by: str | None
    answered_by_id: int | None
    answered_for_id: int | None
    answered_unit_id: int | None
    checked_at: datetime | None
    checked_by: str | None


@dataclass(frozen=True)
class ClockLine:
    """One running limit."""

    stage: str
    started_on: date
    due_on: date
    due_at: datetime | None
    amount: int
    unit: str
    basis: str
    is_provisional: bool
    paused_from_on: date | None
    stopped_on: date | None
    outcome: str | None


@dataclass(frozen=True)
class ActNames:
    """What ids of people and units stand for."""

    people: Mapping[int, str]
    units: Mapping[int, str]


@dataclass(frozen=True)
class ActPage:
    """One act as its page shows it."""

    head: ActHead
    hands: tuple[HandLine, ...]
    links: tuple[LinkLine, ...]
    forces: tuple[ForceLine, ...]
    duties: tuple[DutyLine, ...]
    clocks: tuple[ClockLine, ...]


def act_page(session: Session, scope: ActScope, number: str) -> ActPage | None:
    """The act with this number, for who may see it; None when absent or not theirs to see."""
    head = session.execute(
        select(ACTS.id, ACTS.number, ACTS.kind, ACTS.subkind, ACTS.state, ACTS.is_over, ACTS.seq, ACTS.round, ACTS.title,
               ACTS.area_code, _A.name, ACTS.unit_id, _U.name, ACTS.began_on, ACTS.ended_on, ACTS.document_no, ACTS.details,
               ACTS.opened_at, _P.name, ACTS.closed_at, ACTS.list_due_on, ACTS.person_party.is_not(None),
               func.coalesce(ACTS.person_party == "", false()))
        .select_from(Act.__table__.outerjoin(AreaRow.__table__, _A.code == ACTS.area_code)
                     .outerjoin(Unit.__table__, _U.id == ACTS.unit_id).join(Person.__table__, _P.id == ACTS.opened_by_id))
        .where(ACTS.number == number, readable(scope)).order_by(_A.valid_from.desc())).first()
    if head is None:
        return None
    found = ActHead(*head[:10], head[10] or head[9], *head[11:])
    return ActPage(found, _hands_of(session, found.id), _links_of(session, found.id), _forces_of(session, found.id),
                   duties_of(session, found.id), _clocks_of(session, found.stream))


def names_of(session: Session) -> ActNames:
    """The names of everybody, and of every unit."""
    return ActNames({row.id: row.name for row in session.execute(select(_P.id, _P.name))},
                    {row.id: row.name for row in session.execute(select(_U.id, _U.name))})


def duties_of(session: Session, act_id: int) -> tuple[DutyLine, ...]:
    """The duties of an act, in their order."""
    d, answerer, checker = Duty.__table__.c, Person.__table__.alias("answerer"), Person.__table__.alias("checker")
    rows: Sequence[Any] = session.execute(
        select(d.id, d.position, d.kind, d.title, d.subject, d.unit_id, _U.name, d.starts_on, d.due_on, d.due_at,
               d.original_due_on, d.extension_count, d.weight, d.indicator, d.value, d.state, d.acknowledged_at, d.answered_at,
               answerer.c.name, d.answered_by_id, d.answered_for_id, d.answered_unit_id, d.checked_at, checker.c.name)
        .select_from(Duty.__table__.join(Unit.__table__, _U.id == d.unit_id)
                     .outerjoin(answerer, answerer.c.id == d.answered_by_id)
                     .outerjoin(checker, checker.c.id == d.checked_by_id))
        .where(d.act_id == act_id).order_by(d.position)).all()
    return tuple(DutyLine(*row) for row in rows)


def _hands_of(session: Session, act_id: int) -> tuple[HandLine, ...]:
    query = (select(ActHand.round, ActHand.person_id, Person.name, ActHand.part).join(Person, Person.id == ActHand.person_id)
             .where(ActHand.act_id == act_id).order_by(ActHand.round, ActHand.at, ActHand.person_id))
    return tuple(HandLine(*row) for row in session.execute(query))


def _links_of(session: Session, act_id: int) -> tuple[LinkLine, ...]:
    query = (select(ActLink.role, ActLink.target, ActLink.position, ActLink.grade).where(ActLink.act_id == act_id)
             .order_by(ActLink.position, ActLink.target))
    return tuple(LinkLine(role.value, target, position, grade.value) for role, target, position, grade in session.execute(query))


def _forces_of(session: Session, act_id: int) -> tuple[ForceLine, ...]:
    query = (select(ActForce.unit_id, Unit.name, Unit.code, ActForce.vehicle_count, ActForce.person_count)
             .join(Unit, Unit.id == ActForce.unit_id).where(ActForce.act_id == act_id).order_by(Unit.code))
    return tuple(ForceLine(*row) for row in session.execute(query))


def _clocks_of(session: Session, stream: str) -> tuple[ClockLine, ...]:
    c: Sequence[Any] = (ClockRow.stage, ClockRow.started_on, ClockRow.due_on, ClockRow.due_at, ClockRow.amount, ClockRow.unit,
                        ClockRow.basis, ClockRow.is_provisional, ClockRow.paused_from_on, ClockRow.stopped_on, ClockRow.outcome)
    query = select(*c).where(ClockRow.subject == stream).order_by(ClockRow.started_on, ClockRow.id)
    return tuple(ClockLine(*row) for row in session.execute(query))
