"""The figures of a city's districts, each counting just what the register lists for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.domain.cases.facts import APART, HANDLED, CaseState
from tracker.domain.house.actor import Scope
from tracker.domain.rules.lights import LightBounds
from tracker.storage.cases.cases import Case
from tracker.storage.cases.register.dashboard import CaseFigures, figure_flags, flag_sums
from tracker.storage.cases.scope import gathered

CASES = Case.__table__.c
NOT_DUE = (*APART, CaseState.suspended)  # in no on-time rate


@dataclass(frozen=True, slots=True)
class DistrictFigures:
    """A district's cases, how many were closed this year, and of those due this year so far how many were handed in in time."""

    figures: CaseFigures = field(default_factory=CaseFigures)
    closed: int = 0
    on_time: int = 0
    due: int = 0

    def __add__(self, other: "DistrictFigures") -> "DistrictFigures":
        return DistrictFigures(self.figures + other.figures, self.closed + other.closed, self.on_time + other.on_time,
                               self.due + other.due)

    @property
    def all_cases(self) -> int:
        """How many there are, open and done."""
        return self.figures.open + self.figures.done


def by_district(session: Session, scope: Scope, bounds: LightBounds, districts: Iterable[str], today: date,
                zone: ZoneInfo) -> dict[str, DistrictFigures]:
    """Figures by district, in three statements; "" holds what lies in none of them, so that all together are the city's."""
    codes = tuple(districts)
    found: dict[str, DistrictFigures] = dict.fromkeys((*codes, ""), DistrictFigures())
    for code, figures in _figures_by_area(session, scope, bounds).items():
        found[_district_of(code, codes)] += DistrictFigures(figures)
    for code, count in _closed_by_area(session, scope, today, zone).items():
        found[_district_of(code, codes)] += DistrictFigures(closed=count)
    for code, due_on, handed_in, state in _due_cases(session, scope, today):
        is_on_time = state in HANDLED and handed_in is not None and handed_in < _end_of(due_on, zone)
        found[_district_of(code, codes)] += DistrictFigures(on_time=int(is_on_time), due=1)
    return found


def _district_of(code: str, districts: tuple[str, ...]) -> str:
    return max((each for each in districts if code.startswith(each)), key=len, default="")


def _figures_by_area(session: Session, scope: Scope, bounds: LightBounds) -> Mapping[str, CaseFigures]:
    keyed = select(CASES.jurisdiction.label("area"), *figure_flags(bounds)).where(gathered(scope)).subquery()
    query = select(keyed.c.area, *flag_sums(keyed)).group_by(keyed.c.area)
    return {code: CaseFigures(*(int(number) for number in counted)) for code, *counted in session.execute(query)}


def _closed_by_area(session: Session, scope: Scope, today: date, zone: ZoneInfo) -> Mapping[str, int]:
    since = datetime.combine(today.replace(month=1, day=1), time(), zone).astimezone(UTC)
    query = select(CASES.jurisdiction, func.count()).where(
        gathered(scope), CASES.state == CaseState.closed, CASES.closed_at >= since).group_by(CASES.jurisdiction)
    return {row[0]: row[1] for row in session.execute(query)}


def _due_cases(session: Session, scope: Scope, today: date) -> Iterable[tuple[str, date, datetime | None, CaseState]]:
    query = select(CASES.jurisdiction, CASES.due_on, CASES.submitted_at, CASES.state).where(
        gathered(scope), CASES.due_on >= today.replace(month=1, day=1), CASES.due_on < today, CASES.state.not_in(NOT_DUE))
    return [(row[0], row[1], row[2], row[3]) for row in session.execute(query)]


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), zone)
