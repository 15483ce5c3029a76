"""What may wait for a joint meeting, one narrow statement for each source, each within the fence of its reader."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from tracker.domain.acts.facts import DutyKind, DutyState
from tracker.domain.acts.sight import ActScope
from tracker.domain.cases.belonging.candidates import UnitAnswer
from tracker.domain.cases.facts import ACTIVE, OPEN, CaseState
from tracker.domain.cases.flow import CASE_FLOW, Steps
from tracker.domain.cases.stories import KINDS
from tracker.domain.coordination import interviews, meetings, programmes
from tracker.domain.coordination.interviews import InterviewState, InterviewSteps
from tracker.domain.coordination.meetings import ITEMS, PREPARING, MeetingState
from tracker.domain.coordination.programmes import ProgrammeState
from tracker.domain.house.actor import Scope
from tracker.domain.house.say import read_json
from tracker.storage.acts.acts import Act, Duty
from tracker.storage.acts.scope import ACTS, in_area, readable
from tracker.storage.cases.belonging.parts import CasePart, UnitPart
from tracker.storage.cases.cases import Case
from tracker.storage.cases.scope import gathered
from tracker.storage.house.ledger import FactRow

CASES, PARTS, FACTS = Case.__table__.c, CasePart.__table__.c, FactRow.__table__.c
_OVERDUE = Duty.__table__.alias("overdue")  # the fence of acts looks into the same table
_D = _OVERDUE.c
CASE, ACT = "case:", "act:"
WITH_AGENDA = (*PREPARING, MeetingState.issued, MeetingState.settled)


class WaitingDuty(NamedTuple):
    """A follow-up that is late."""

    number: str
    subject: str
    position: int
    title: str
    unit_id: int
    due_on: date


class MeetingRow(NamedTuple):
    """A meeting with its agenda."""

    number: str
    state: str
    held_on: date | None
    items: Sequence[dict[str, Any]]


def disputed(session: Session, scope: Scope) -> list[tuple[str, datetime]]:
    """The disputed cases, each with when its dispute began."""
    return _told_last(session, CASES.state == CaseState.disputed, scope, Steps.dispute.fact)


def disclaimed(session: Session, scope: Scope) -> list[tuple[str, datetime]]:
    """The cases that every unit which was asked disclaims, each with when the last of them said so."""
    candidate = (PARTS.case_id == CASES.id, PARTS.part == UnitPart.candidate.value)
    others = exists().where(*candidate, func.coalesce(PARTS.answer, "") != UnitAnswer.disclaim.value)
    return _told_last(session, (CASES.state == CaseState.checking) & ~others, scope, Steps.disclaim.fact)


def escalated(session: Session, scope: Scope) -> list[tuple[str, str, datetime, object]]:
    """What was told of the cases that were escalated, in order: kind, when, and with which outcome."""
    kinds = (Steps.escalate.fact, *(step.fact for step in CASE_FLOW.steps.values() if step.settles_escalation))
    query = (select(CASES.number, FACTS.kind, FACTS.at, FACTS.body).select_from(_told_beside(kinds))
             .where(CASES.escalated_at.is_not(None), CASES.state.in_(OPEN), gathered(scope))
             .order_by(CASES.id, FACTS.seq))
    return [(number, kind, at, read_json(body).get("outcome")) for number, kind, at, body in session.execute(query)]


def asked(session: Session, scope: Scope) -> list[tuple[str, date]]:
    """The cases whose unit asked for coordination, each with since when."""
    query = select(CASES.number, CASES.matter_since_on).where(CASES.matter_since_on.is_not(None), CASES.state.in_(OPEN),
                                                             gathered(scope))
    return [(number, on) for number, on in session.execute(query) if on is not None]


def overdue(session: Session, scope: ActScope, today: date) -> list[WaitingDuty]:
    """The follow-ups of meetings whose day is over and of which nothing was reported."""
    query = (select(ACTS.number, _D.subject, _D.position, _D.title, _D.unit_id, _D.due_on)
             .join_from(Act.__table__, _OVERDUE, _D.act_id == ACTS.id)
             .where(_D.kind == DutyKind.follow_up, _D.state == DutyState.open, _D.due_on < today, ACTS.is_over.is_(False),
                    readable(scope)).order_by(_D.due_on, _D.id))
    return [WaitingDuty(*row) for row in session.execute(query)]


def programmes_going_on(session: Session, scope: ActScope) -> list[str]:
    """The streams of the programmes that are carried out."""
    query = select(ACTS.number).where(ACTS.kind == programmes.KIND, ACTS.state == ProgrammeState.adopted.value, readable(scope))
    return [ACT + number for number in session.scalars(query.order_by(ACTS.id))]


def missed(session: Session, scope: ActScope, most: int) -> list[tuple[str, datetime]]:
    """The interviews that wait to be held and were missed more often than this, each with when they were missed last."""
    told = Act.__table__.join(FactRow.__table__, FACTS.stream == literal(ACT).concat(ACTS.number))
    query = (select(ACTS.number, func.max(FACTS.at)).select_from(told)
             .where(ACTS.kind == interviews.KIND, ACTS.state == InterviewState.notified.value, readable(scope),
                    FACTS.kind.concat("") == InterviewSteps.miss.fact)
             .group_by(ACTS.number).having(func.count() > most).order_by(ACTS.number))
    return [(number, at) for number, at in session.execute(query)]


def agendas(session: Session, scope: ActScope) -> list[MeetingRow]:
    """Every meeting that was not cancelled, with its agenda."""
    query = select(ACTS.number, ACTS.state, ACTS.began_on, ACTS.details).where(
        ACTS.kind == meetings.KIND, ACTS.state.in_([state.value for state in WITH_AGENDA]), readable(scope)).order_by(ACTS.id)
    return [MeetingRow(number, state, on, details.get(ITEMS) or ()) for number, state, on, details in session.execute(query)]


def going_on(session: Session, scope: Scope, acts: ActScope, streams: Iterable[str]) -> list[str]:
    """Of these streams the cases and acts that are not over."""
    wanted = tuple(streams)
    cases, others = (_numbers_of(wanted, CASE), _numbers_of(wanted, ACT))
    found = []
    if cases:
        query = select(CASES.number).where(CASES.number.in_(cases), CASES.state.in_(ACTIVE), gathered(scope))
        found += [CASE + number for number in session.scalars(query)]
    if others:
        query = select(ACTS.number).where(ACTS.number.in_(others), ACTS.is_over.is_(False), readable(acts))
        found += [ACT + number for number in session.scalars(query)]
    return found


def case_streams_then(session: Session, scope: Scope, until: datetime) -> list[str]:
    """The cases of which something may have waited at a moment: of which it does now, and to which anything happened since."""
    now = or_(CASES.state == CaseState.disputed, CASES.state == CaseState.checking, CASES.matter_since_on.is_not(None),
              CASES.escalated_at.is_not(None) & CASES.state.in_(OPEN))
    since = select(FACTS.stream).where(FACTS.kind.in_(KINDS), FACTS.at >= until).distinct().subquery()
    query = select(CASES.number).where(or_(now, (literal(CASE) + CASES.number).in_(select(since.c.stream))), gathered(scope))
    return [CASE + number for number in session.scalars(query.order_by(CASES.id))]


def act_streams_then(session: Session, area_code: str, on: date, until: datetime) -> list[str]:
    """The acts of which something may have waited at a moment: every meeting and programme, the interviews that were not over,
    and what has a duty whose day was past, unless that was settled before."""
    of_acts = or_(ACTS.kind.in_((meetings.KIND, programmes.KIND)),
                  (ACTS.kind == interviews.KIND) & or_(ACTS.closed_at.is_(None), ACTS.closed_at >= until))
    query = select(ACTS.number).where(in_area(area_code), or_(of_acts, had_late_duty(on, until)))
    return [ACT + number for number in session.scalars(query.order_by(ACTS.id))]


def had_late_duty(on: date, until: datetime) -> ColumnElement[bool]:
    """Whether an act may have owed something at a moment whose day was past: it does now, or anything happened to it since."""
    is_past = _D.act_id == ACTS.id, or_(_D.due_on < on, _D.original_due_on < on)
    moved = exists().where(FACTS.stream == literal(ACT).concat(ACTS.number), FACTS.at >= until)
    return or_(exists().where(*is_past, _D.state == DutyState.open), and_(exists().where(*is_past), moved))


def missed_before(session: Session, until: datetime, most: int) -> list[tuple[str, datetime]]:
    """The interviews that were missed more often than this before a moment, by their streams, each with when they were last."""
    query = (select(FACTS.stream, func.max(FACTS.at)).where(FACTS.kind == InterviewSteps.miss.fact, FACTS.at < until)
             .group_by(FACTS.stream).having(func.count() > most).order_by(FACTS.stream))
    return [(stream, at) for stream, at in session.execute(query)]


def _told_last(session: Session, which: ColumnElement[bool], scope: Scope, kind: str) -> list[tuple[str, datetime]]:
    query = (select(CASES.number, func.max(FACTS.at)).select_from(_told_beside((kind,))).where(which, gathered(scope))
             .group_by(CASES.number))
    return [(number, at) for number, at in session.execute(query)]


def _told_beside(kinds: Sequence[str]) -> Any:
    """Cases with what was told of them. The concatenation keeps SQLite from walking every fact of these kinds."""
    is_one = or_(*(FACTS.kind.concat("") == kind for kind in kinds))
    return Case.__table__.join(FactRow.__table__, (FACTS.stream == literal(CASE).concat(CASES.number)) & is_one)


def _numbers_of(streams: Sequence[str], prefix: str) -> list[str]:
    return [stream.removeprefix(prefix) for stream in streams if stream.startswith(prefix)]
