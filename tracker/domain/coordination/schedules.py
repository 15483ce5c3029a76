"""How far a programme should be on a day, how far it is, and the light of the difference. Exact fractions; a figure is rounded
once, where it is shown, and judged as it is shown."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from tracker.domain.acts.facts import DutyState
from tracker.domain.coordination.programmes import Indicator
from tracker.domain.rules.lights import Light

ONE, NONE = Fraction(1), Fraction(0)
LIGHT_WORDS: Mapping[Light, str] = {Light.green: "正常", Light.yellow: "偏慢", Light.red: "滞后", Light.blue: "完成"}
IsDone = Callable[[str], bool]  # whether the case of a stream counts as completed on the day that is asked about


@dataclass(frozen=True)
class DriftBounds:
    """By how many points the actual may stay behind: from `yellow` on it is yellow, beyond `red` red."""

    yellow: int = 10
    red: int = 30

    def light(self, drift: Decimal) -> Light:
        """The light of a drift as it is shown."""
        if drift < -self.red:
            return Light.red
        return Light.yellow if drift <= -self.yellow else Light.green


@dataclass(frozen=True)
class PlannedMilestone:
    """One milestone as it stood on a day. `first_due_on` and `first_goal` are those of the plan that was adopted."""

    position: int
    zone: str
    phase: str
    title: str
    unit_id: int
    weight: int
    starts_on: date
    due_on: date
    indicator: Indicator
    goal: Decimal | None = None
    measure: str = ""
    first_due_on: date | None = None
    first_goal: Decimal | None = None
    state: DutyState = DutyState.open
    passed: Decimal | None = None
    reported: Decimal | None = None  # what waits to be checked
    cases: tuple[str, ...] = ()
    revised_on: tuple[date, ...] = ()

    @property
    def has_ghost(self) -> bool:
        """Whether it was to be done by another day at first."""
        return self.first_due_on not in (None, self.due_on)

    def plan(self, on: date) -> Fraction:
        """How much of it should be done by the end of a day."""
        if on < self.starts_on:
            return NONE
        return ONE if on >= self.due_on else Fraction((on - self.starts_on).days + 1, (self.due_on - self.starts_on).days + 1)

    def actual(self, is_done: IsDone) -> Fraction:
        """How much of it is done, of what another unit has passed; of attached cases, those that are completed."""
        if self.indicator is Indicator.cases:
            return Fraction(sum(map(is_done, self.cases)), len(self.cases)) if self.cases else NONE
        if self.indicator is Indicator.quantity:
            return _part_of(self.passed, self.goal)
        return ONE if self.state is DutyState.met else NONE

    def reported_beyond(self, is_done: IsDone) -> Fraction:
        """How much more was reported than was passed: it counts for nothing yet."""
        if self.state is not DutyState.answered or self.indicator is Indicator.cases:
            return NONE
        said = _part_of(self.reported, self.goal) if self.indicator is Indicator.quantity else ONE
        return max(said - self.actual(is_done), NONE)


@dataclass(frozen=True)
class Progress:
    """Where a milestone, a zone, a phase or a programme stands on a day."""

    plan: Fraction
    actual: Fraction
    is_met: bool = False
    is_late: bool = False
    red_count: int = 0

    @property
    def plan_points(self) -> Decimal:
        """What should be done, of a hundred."""
        return points(self.plan)

    @property
    def actual_points(self) -> Decimal:
        """What is done, of a hundred."""
        return points(self.actual)

    @property
    def drift(self) -> Decimal:
        """By how many points it is ahead; below zero: behind."""
        return points(self.actual - self.plan)

    def light(self, bounds: DriftBounds) -> Light:
        """Blue where it is met; red where its day is over; else by the drift."""
        if self.is_met:
            return Light.blue
        return Light.red if self.is_late else bounds.light(self.drift)


@dataclass(frozen=True)
class ScheduleOn:
    """A whole programme on one day. A milestone that was waived counts nowhere."""

    on: date
    bounds: DriftBounds
    milestones: tuple[PlannedMilestone, ...]
    is_done: IsDone = field(compare=False)

    @property
    def counting(self) -> tuple[PlannedMilestone, ...]:
        """The milestones that count."""
        return tuple(each for each in self.milestones if each.state is not DutyState.waived)

    def of(self, milestone: PlannedMilestone) -> Progress:
        """One milestone. One that was met stays so only while what it is measured by is whole."""
        actual = milestone.actual(self.is_done)
        is_met = milestone.state is DutyState.met and actual == ONE
        return Progress(milestone.plan(self.on), actual, is_met, self.on > milestone.due_on and not is_met)

    def sum_of(self, milestones: Iterable[PlannedMilestone]) -> Progress | None:
        """Several by their weights, with how many of them are red; None where none counts."""
        counted = [each for each in milestones if each.state is not DutyState.waived]
        total = sum(each.weight for each in counted)
        if not total:
            return None
        found = [(each.weight, self.of(each)) for each in counted]
        return Progress(sum((weight * one.plan for weight, one in found), NONE) / total,
                        sum((weight * one.actual for weight, one in found), NONE) / total,
                        is_met=all(one.is_met for _, one in found),
                        red_count=sum(one.light(self.bounds) is Light.red for _, one in found))

    def cell(self, zone: str, phase: str) -> Progress | None:
        """Zone and phase; a cell of one milestone has its light."""
        inside = [each for each in self.counting if (each.zone, each.phase) == (zone, phase)]
        return self.of(inside[0]) if len(inside) == 1 else self.sum_of(inside)

    def of_zone(self, zone: str) -> Progress | None:
        """All phases of a zone."""
        return self.sum_of(each for each in self.counting if each.zone == zone)

    def of_phase(self, phase: str) -> Progress | None:
        """All zones in a phase."""
        return self.sum_of(each for each in self.counting if each.phase == phase)

    @property
    def whole(self) -> Progress | None:
        """The programme."""
        return self.sum_of(self.counting)

    def revisions_in(self, year: int, month: int) -> int:
        """How often a milestone was revised in a month, up to the day."""
        return sum((on.year, on.month) == (year, month) for each in self.milestones for on in each.revised_on)


def points(part: Fraction) -> Decimal:
    """A part as points of a hundred with one decimal, half up, away from zero."""
    tenths = abs(part) * 1000
    whole = (2 * tenths.numerator + tenths.denominator) // (2 * tenths.denominator)
    return Decimal(whole if part >= 0 else -whole).scaleb(-1)


def months_of(first: date, last: date) -> Sequence[date]:
    """The last days of the months from the first day on, and the last day itself."""
    found, on = [], first
    while (end := _end_of_month(on)) < last:
        found.append(end)
        on = end + (date.resolution)
    return (*found, last)


def _end_of_month(on: date) -> date:
    return (date(on.year + on.month // 12, on.month % 12 + 1, 1)) - date.resolution


def _part_of(value: Decimal | None, goal: Decimal | None) -> Fraction:
    return min(Fraction(value) / Fraction(goal), ONE) if value is not None and goal else NONE


def drift_text(drift: Decimal) -> str:
    """A drift with its sign, as it is written beside a light: +5.2, −12.8, 0.0."""
    return f"{drift:+.1f}".replace("-", "−") if drift else "0.0"
