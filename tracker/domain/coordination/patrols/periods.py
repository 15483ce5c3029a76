"""How often the pair of chiefs of a tier goes on patrol, what a period is, and how much of a section patrols have covered. Days
and metres alone: nothing here knows an act."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from tracker.domain.acts.facts import DutyState
from tracker.domain.rules.lights import Light

TIERS = (1, 2, 3)
SUBJECT = "shape:"


class Cadence(StrEnum):
    """How often."""

    quarter = "quarter"
    month = "month"
    half_month = "half_month"


CADENCES: Mapping[str, str] = {Cadence.quarter: "每季度一次", Cadence.month: "每月一次", Cadence.half_month: "每半月一次"}
USUAL: Mapping[int, Cadence] = {1: Cadence.quarter, 2: Cadence.month, 3: Cadence.half_month}


@dataclass(frozen=True)
class PatrolPeriod:
    """The days within which one patrol is owed."""

    starts_on: date
    due_on: date

    def holds(self, on: date) -> bool:
        """Whether a day lies in it."""
        return self.starts_on <= on <= self.due_on


def period_about(cadence: Cadence, on: date) -> PatrolPeriod:
    """The period of a day. The second half of a month begins on the 16th, however long the month."""
    if cadence is Cadence.quarter:
        first = (on.month - 1) // 3 * 3 + 1
        return PatrolPeriod(date(on.year, first, 1), _end_of_month(on.year, first + 2))
    last = _end_of_month(on.year, on.month)
    if cadence is Cadence.month:
        return PatrolPeriod(on.replace(day=1), last)
    return PatrolPeriod(on.replace(day=1), on.replace(day=15)) if on.day <= 15 else PatrolPeriod(on.replace(day=16), last)


def subject_of(section: str, tier: int) -> str:
    """What a duty is about: a section and a tier of its chiefs."""
    return f"{SUBJECT}{section}#{tier}"


def section_and_tier(subject: str) -> tuple[str, int]:
    """The section and the tier of a duty."""
    section, _, tier = subject.removeprefix(SUBJECT).rpartition("#")
    return section, int(tier)


def covered_metres(stretches: Iterable[tuple[float, float]], begin: float, end: float) -> float:
    """How many metres of a section lie in any of the stretches."""
    found, reached = 0.0, begin
    for one, other in sorted(stretches):
        low, high = max(one, reached), min(other, end)
        if high > low:
            found, reached = found + high - low, high
    return found


def percent(part: float, whole: float) -> Decimal:
    """A part of a whole as a percentage with one decimal, half up."""
    return (Decimal(str(part)) * 100 / Decimal(str(whole))).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True)
class OwedPatrol:
    """What a section owes in a period, as its light is judged. `logged_by` are the sides that recorded one which waits."""

    state: DutyState
    due_on: date
    logged_by: frozenset[str] = frozenset()

    def light(self, side: str, on: date) -> Light:
        """The light for one side of the railway: who recorded in time waits green, who has not confirmed by the last day is
        yellow; where nothing waits it is red once the last day is over."""
        if self.state in (DutyState.met, DutyState.waived):
            return Light.blue
        if self.logged_by:
            return Light.green if side in self.logged_by or on < self.due_on else Light.yellow
        return Light.red if on > self.due_on else Light.yellow if on == self.due_on else Light.green


def _end_of_month(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
