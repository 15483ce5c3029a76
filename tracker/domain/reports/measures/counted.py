"""What a figure comes to: its value, what it is a part of, the records behind it, and its parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from tracker.domain.coordination.counts import NOTHING
from tracker.domain.coordination.patrols.periods import percent
from tracker.domain.coordination.schedules import drift_text

CASE, ACT, SITE, PART_OF = "case:", "act:", "site:", "/"


class MeasureKind(StrEnum):
    """What a figure is: a number of things, their mean, a part of others, points of a hundred by which something is ahead, or
    marks."""

    mean = "mean"
    number = "number"
    points = "points"
    rate = "rate"
    score = "score"


@dataclass(frozen=True)
class Behind:
    """A record behind a figure by its stream, one thing in it by its place after a stroke; and how much of the figure it is.
    `note` is what somebody wrote there."""

    target: str
    amount: int = 1
    note: str = ""

    @property
    def stream(self) -> str:
        """The stream of the record."""
        return self.target.partition(PART_OF)[0]

    @property
    def place(self) -> str:
        """Which thing in it, "" for the whole record."""
        return self.target.partition(PART_OF)[2]

    @property
    def number(self) -> str:
        """The number of the record."""
        return self.stream.partition(":")[2]

    @property
    def is_case(self) -> bool:
        """Whether it is a case; else it is an act or a site."""
        return self.target.startswith(CASE)

    @property
    def is_site(self) -> bool:
        """Whether it is a supervised site."""
        return self.target.startswith(SITE)


@dataclass(frozen=True)
class Part:
    """A part of a figure: by what it is split, and which part this is."""

    group: str
    word: str
    counted: Reckoned


@dataclass(frozen=True)
class Reckoned:
    """What a figure comes to in a window. `value` None: it has parts alone; `out_of` is what a rate is of, `behind_of` the
    records of that."""

    value: int | Decimal | None
    behind: tuple[Behind, ...] = ()
    out_of: int | Decimal | None = None
    behind_of: tuple[Behind, ...] = ()
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Asked:
    """Which window, which area ("" for everywhere), as of the end of which day, and what else is asked."""

    first: date
    last: date
    area_code: str
    on: date
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def until(self) -> date:
        """The last day of the window of which anything is known."""
        return min(self.last, self.on)


Found = Mapping[str, Reckoned]  # by the key of the figure; one that is missing has no records of its kind


def number_of(targets: Iterable[str], *, parts: tuple[Part, ...] = ()) -> Reckoned:
    """So many records, each once."""
    behind = tuple(map(Behind, targets))
    return Reckoned(len(behind), behind, parts=parts)


def rate_of(targets: Iterable[str], of: Iterable[str], *, parts: tuple[Part, ...] = ()) -> Reckoned:
    """So many records of so many."""
    behind, behind_of = tuple(map(Behind, targets)), tuple(map(Behind, of))
    return Reckoned(len(behind), behind, len(behind_of), behind_of, parts)


def value_text(kind: MeasureKind, counted: Reckoned | None) -> str:
    """The number alone: a rate as a percentage, points with their sign."""
    if counted is None or counted.value is None:
        return NOTHING
    if kind is MeasureKind.points:
        return drift_text(Decimal(counted.value))
    if kind is MeasureKind.mean:
        return mean_text(counted)
    return rate_text(counted) if kind is MeasureKind.rate else str(counted.value)


def mean_text(counted: Reckoned) -> str:
    """A sum through its number with one decimal, half up; of nothing it has none."""
    if not counted.out_of:
        return NOTHING
    return str((Decimal(counted.value or 0) / counted.out_of).quantize(Decimal("0.1"), ROUND_HALF_UP))


def rate_text(counted: Reckoned) -> str:
    """A part of others as a percentage; of nothing it has none."""
    return f"{percent(float(counted.value or 0), float(counted.out_of))}%" if counted.out_of else NOTHING


def figure_text(kind: MeasureKind, unit: str, counted: Reckoned | None) -> str:
    """As it is printed: a count with its unit, a part of others with its rate."""
    said = value_text(kind, counted)
    if counted is None or counted.value is None:
        return said
    if kind is MeasureKind.rate or (kind is MeasureKind.mean and counted.out_of):
        return f"{said}{'' if kind is MeasureKind.rate else f' {unit}'}（{counted.value}/{counted.out_of}）"
    if kind is MeasureKind.mean:
        return said
    return f"{said} {unit}" + (f"（{counted.value}/{counted.out_of}，{rate_text(counted)}）" if counted.out_of else "")
