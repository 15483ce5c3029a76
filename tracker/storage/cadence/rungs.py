"""The rungs of the ladder that were reached: of one case with their days, and of one day counted by rung."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from tracker.domain.house.actor import Scope
from tracker.domain.rules.area_codes import beyond
from tracker.storage.cadence.beats import ReminderRow
from tracker.storage.cases.cases import Case
from tracker.storage.cases.scope import visible

R = ReminderRow


@dataclass(frozen=True)
class Climbed:
    """One rung of one case. `is_told` is None where the row is older than the record of it."""

    rung: str
    round: int
    due_on: date
    on: date
    is_told: bool | None


@dataclass(frozen=True)
class RungCount:
    """How often a rung was reached on a day: told, passed over for a higher one, not known which."""

    rung: str
    told: int
    passed: int
    unknown: int


def of_case(session: Session, scope: Scope, number: str) -> tuple[Climbed, ...]:
    """The ladder of a case as it was climbed, the newest rung first; nothing of a case out of scope."""
    query = (
        select(R.rung, R.round, R.due_on, R.on_date, R.is_told).join(Case, Case.id == R.case_id)
        .where(Case.number == number, visible(scope)).order_by(R.on_date.desc(), R.id.desc()))
    return tuple(Climbed(*row) for row in session.execute(query))


def on_day(session: Session, scope: Scope, area_code: str, on: date) -> tuple[RungCount, ...]:
    """The rungs reached on a day by the cases of an area, as far as the reader sees them; the commonest first."""
    told, passed, unknown = (func.sum(case((condition, 1), else_=0))
                             for condition in (R.is_told.is_(True), R.is_told.is_(False), R.is_told.is_(None)))
    query = (
        select(R.rung, told, passed, unknown).join(Case, Case.id == R.case_id)
        .where(R.on_date == on, Case.jurisdiction >= area_code, Case.jurisdiction < beyond(area_code), visible(scope))
        .group_by(R.rung).order_by(func.count().desc(), R.rung))
    return tuple(RungCount(*row) for row in session.execute(query))
