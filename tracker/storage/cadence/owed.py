"""What is owed beside the cases, as far as reminders need it: open duties of acts, the limits that run on them, the rungs behind
both, and how many open cases lie in the sections of the railway.

Each of these is one statement, however many acts there are. What counts hours is told by the minute, and not here.
"""

from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, and_, case, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from tracker.domain.acts.facts import ActSight, DutyKind, DutyState
from tracker.domain.acts.sight import ActScope
from tracker.domain.cases.facts import CLOCK_RUNS, OPEN
from tracker.domain.rules.limits import LASTING_LIMITS, LIMITS_OF_OTHERS, LIMITS_OF_POLICE
from tracker.domain.territory.shapes.sections import RAIL_UNIT
from tracker.storage.acts.acts import Act, ClockRow, Duty
from tracker.storage.acts.scope import ACTS, in_area, readable
from tracker.storage.cadence.beats import ReminderRow
from tracker.storage.cadence.rungs import ACT_STREAM, LIMIT_MARK
from tracker.storage.cases.belonging.parts import CasePlace
from tracker.storage.cases.cases import Case
from tracker.storage.cases.scope import in_area as case_in_area
from tracker.storage.people.accounts import Unit

D, K, R, C, P, U = (each.__table__.c for each in (Duty, ClockRow, ReminderRow, Case, CasePlace, Unit))
KEPT = timedelta(days=31)  # how long a patrol that nobody can make up for is looked at
_STREAM = literal(ACT_STREAM) + ACTS.number
_DUTY = _STREAM + literal("/") + cast(D.position, String)
_LIMIT = K.subject + literal(LIMIT_MARK) + K.stage


class OwedByAct(NamedTuple):
    """One thing that is owed: a duty with its position, or a limit with its stage. No title, nobody by name."""

    act_id: int
    number: str
    kind: str
    area_code: str
    sight: ActSight
    stream: str
    round: int
    due_on: date
    is_provisional: bool
    unit_id: int | None
    position: int | None
    sort: str | None  # of a duty
    subject: str | None
    stage: str | None


class SectionCases(NamedTuple):
    """The open cases of a section: whose they are, how many, and how many of them are overdue."""

    section: str
    local: int
    rail: int
    unclear: int
    late: int


def owed_duties(session: Session, area_code: str, on: date, until: date) -> list[OwedByAct]:
    """The open duties of acts that go on, due by a day; of patrols the late ones of the last weeks alone."""
    query = (select(ACTS.id, ACTS.number, ACTS.kind, ACTS.area_code, ACTS.sight, _DUTY, D.round, D.due_on, literal(value=False),
                    D.unit_id, D.position, D.kind, D.subject, literal(None))
             .select_from(Duty.__table__.join(Act.__table__, ACTS.id == D.act_id))
             .where(_duties_open(area_code), D.due_on <= until, or_(D.kind != DutyKind.patrol, D.due_on >= on - KEPT))
             .order_by(D.due_on, D.act_id, D.position))
    return [OwedByAct._make(row) for row in session.execute(query)]


def running_limits(session: Session, area_code: str, until: date) -> list[OwedByAct]:
    """The limits that run on acts and are due by a day."""
    query = (select(ACTS.id, ACTS.number, ACTS.kind, ACTS.area_code, ACTS.sight, _LIMIT, K.round, K.due_on, K.is_provisional,
                    K.owner_unit_id, literal(None), literal(None), literal(None), K.stage)
             .select_from(ClockRow.__table__.join(Act.__table__, K.subject == _STREAM))
             .where(_limits_running(area_code), K.due_on <= until).order_by(K.due_on, K.id))
    return [OwedByAct._make(row) for row in session.execute(query)]


def police_limits(session: Session, area_code: str, on: date) -> list[OwedByAct]:
    """The limits of the police that are over, of referrals that go on: never ours, but we ask."""
    query = (select(ACTS.id, ACTS.number, ACTS.kind, ACTS.area_code, ACTS.sight, _LIMIT, K.round, K.due_on, K.is_provisional,
                    K.owner_unit_id, literal(None), literal(None), literal(None), K.stage)
             .select_from(ClockRow.__table__.join(Act.__table__, K.subject == _STREAM))
             .where(K.stopped_on.is_(None), K.stage.in_(LIMITS_OF_POLICE), K.due_on < on, ACTS.is_over.is_(False),
                    in_area(area_code))
             .order_by(K.due_on, K.id))
    return [OwedByAct._make(row) for row in session.execute(query)]


def given(session: Session, area_code: str) -> dict[tuple[str, int, str], set[str]]:
    """The rungs that these have behind them, by (stream, round, lap)."""
    duties = select(_DUTY).select_from(Duty.__table__.join(Act.__table__, ACTS.id == D.act_id)).where(_duties_open(area_code))
    limits = select(_LIMIT).select_from(ClockRow.__table__.join(Act.__table__, K.subject == _STREAM)).where(
        _limits_running(area_code))
    found: dict[tuple[str, int, str], set[str]] = {}
    for stream, round_, lap, rung in session.execute(
            select(R.stream, R.round, R.lap, R.rung).where(or_(R.stream.in_(duties), R.stream.in_(limits)))):
        found.setdefault((stream, round_, lap), set()).add(rung)
    return found


def readable_among(session: Session, scope: ActScope, ids: set[int]) -> set[int]:
    """Of these acts those that somebody may open."""
    return set(session.scalars(select(ACTS.id).where(ACTS.id.in_(ids), readable(scope)))) if ids else set()


def sections_of_cases(session: Session, area_code: str) -> dict[str, str]:
    """The section of each open case that lies in one, by number."""
    query = (select(C.number, P.section_code).select_from(CasePlace.__table__.join(Case.__table__, C.id == P.case_id))
             .where(_case_open(area_code)))
    return {row.number: row.section_code for row in session.execute(query)}


def cases_by_section(session: Session, area_code: str, on: date) -> list[SectionCases]:
    """How many open cases lie in each section, by the side that leads them."""
    is_late = and_(C.due_on < on, C.state.in_(CLOCK_RUNS))
    sides = (and_(U.id.is_not(None), U.kind != RAIL_UNIT), U.kind == RAIL_UNIT, U.id.is_(None), is_late)
    query = (select(P.section_code, *(func.sum(case((side, 1), else_=0)) for side in sides))
             .select_from(CasePlace.__table__.join(Case.__table__, C.id == P.case_id)
                          .outerjoin(Unit.__table__, U.id == C.lead_unit_id))
             .where(_case_open(area_code)).group_by(P.section_code).order_by(P.section_code))
    return [SectionCases(*row) for row in session.execute(query)]


def _duties_open(area_code: str) -> ColumnElement[bool]:
    return and_(D.state == DutyState.open, D.due_at.is_(None), ACTS.is_over.is_(False), in_area(area_code))


def _limits_running(area_code: str) -> ColumnElement[bool]:
    """Not those that stand still, nor those of others; of an act that is over what is public alone."""
    return and_(K.stopped_on.is_(None), K.due_at.is_(None), K.paused_from_on.is_(None), K.stage.not_in(LIMITS_OF_OTHERS),
                or_(ACTS.is_over.is_(False), K.stage.in_(LASTING_LIMITS)), in_area(area_code))


def _case_open(area_code: str) -> Any:
    return and_(P.section_code != "", C.state.in_(OPEN), case_in_area(area_code))
