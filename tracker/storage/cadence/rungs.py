"""The rungs of the ladder that were reached: of one case with their days, and of one day counted by rung."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, literal, select
from sqlalchemy.orm import Session

from tracker.domain.acts.sight import ActScope
from tracker.domain.house.actor import Scope
from tracker.domain.rules.area_codes import beyond
from tracker.storage.acts.scope import ACTS, in_area, readable
from tracker.storage.cadence.beats import ReminderRow
from tracker.storage.cases.cases import Case
from tracker.storage.cases.scope import visible

R, CASE_STREAM, ACT_STREAM = ReminderRow, "case:", "act:"
LIMIT_MARK = "@"  # between an act and the stage of a limit that runs on it
_PLACE = re.compile(r"act:([^/@]+)")


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


def stream_of_case(number: str) -> str:
    """By which the rungs of a case stand."""
    return f"{CASE_STREAM}{number}"


def of_case(session: Session, scope: Scope, number: str) -> tuple[Climbed, ...]:
    """The ladder of a case as it was climbed, the newest rung first; nothing of a case out of scope."""
    query = (
        select(R.rung, R.round, R.due_on, R.on_date, R.is_told).join(Case, R.stream == literal(CASE_STREAM) + Case.number)
        .where(Case.number == number, R.stream == stream_of_case(number), visible(scope))
        .order_by(R.on_date.desc(), R.id.desc()))
    return tuple(Climbed(*row) for row in session.execute(query))


def on_day(session: Session, scope: Scope, acts: ActScope, area_code: str, on: date) -> tuple[RungCount, ...]:
    """The rungs reached on a day by the cases and the acts of an area, as far as the reader sees them; the commonest first."""
    told, passed, unknown = (func.sum(case((condition, 1), else_=0))
                             for condition in (R.is_told.is_(True), R.is_told.is_(False), R.is_told.is_(None)))
    query = (
        select(R.rung, told, passed, unknown).join(Case, R.stream == literal(CASE_STREAM) + Case.number)
        .where(R.on_date == on, Case.jurisdiction >= area_code, Case.jurisdiction < beyond(area_code), visible(scope))
        .group_by(R.rung))
    found = [RungCount(*row) for row in session.execute(query)] + _of_acts(session, acts, area_code, on)
    return tuple(sorted(found, key=lambda each: (-(each.told + each.passed + each.unknown), each.rung)))


def _of_acts(session: Session, scope: ActScope, area_code: str, on: date) -> list[RungCount]:
    rows = session.execute(select(R.stream, R.rung, R.is_told).where(R.on_date == on, R.stream.startswith(ACT_STREAM))).all()
    numbers = {row.stream: found[1] for row in rows if (found := _PLACE.match(row.stream))}
    if not numbers:
        return []
    seen = set(session.scalars(select(ACTS.number).where(ACTS.number.in_(set(numbers.values())), in_area(area_code),
                                                         readable(scope))))
    counted = Counter((row.rung, row.is_told) for row in rows if numbers.get(row.stream) in seen)
    return [RungCount(rung, *(counted[rung, told] for told in (True, False, None)))
            for rung in sorted({rung for rung, _ in counted})]
