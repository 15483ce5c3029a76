"""Counting rules: what counts as open, completed and closed; rates that carry their definition; sums that must agree."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import chain
from typing import TypeVar

from tracker.domain.cases.facts import APART, COUNTED_AS

NO_RATE = "—"
NO_BASE = "无可比基数"  # of a growth: there was nothing before, or nothing that can be told apart


K = TypeVar("K", bound=Hashable)


class CaseCount(int):
    """A number of cases that knows which ones; one that happened twice stands twice. `place` is where it stands in a stored
    document."""

    cases: tuple[str, ...]
    place: str

    def __new__(cls, cases: Iterable[str] = (), place: str = "") -> CaseCount:
        known = tuple(sorted(cases))
        made = super().__new__(cls, len(known))
        made.cases, made.place = known, place
        return made

    @classmethod
    def of_all(cls, counts: Iterable[CaseCount]) -> CaseCount:
        """What several count together."""
        return cls(chain.from_iterable(each.cases for each in counts))


class Piles(Mapping[K, CaseCount]):
    """Cases by what they count as: what is asked for and has none is a count of nothing."""

    def __init__(self, keys: Iterable[K] = ()) -> None:
        self._cases: dict[K, list[str]] = {key: [] for key in keys}

    def add(self, number: str, keys: Iterable[K]) -> None:
        """CaseCount one case, once under each key."""
        for key in keys:
            self._cases.setdefault(key, []).append(number)

    def __getitem__(self, key: K) -> CaseCount:
        return CaseCount(self._cases.get(key, ()))

    def __contains__(self, key: object) -> bool:
        return key in self._cases

    def __iter__(self) -> Iterator[K]:
        return iter(self._cases)

    def __len__(self) -> int:
        return len(self._cases)

    @classmethod
    def of_all(cls, piles: Iterable[Piles[K]]) -> Piles[K]:
        """Several put together."""
        made = cls()
        for each in piles:
            for key, cases in each._cases.items():
                made._cases.setdefault(key, []).extend(cases)
        return made


class Bucket(StrEnum):
    """What a report counts a case as. `apart` is listed and left out of every rate."""

    open = "open"
    completed = "completed"
    closed = "closed"
    phased = "phased"
    apart = "apart"


BUCKET_OF: Mapping[str, Bucket] = {
    state: Bucket.apart if state in APART else Bucket(counted_as) for state, counted_as in COUNTED_AS.items()
}


@dataclass(frozen=True, slots=True)
class Rate:
    """A share that never appears without its numerator, denominator and definition."""

    numerator: int
    denominator: int
    definition: str

    def percent(self) -> Decimal | None:
        """Percent to one decimal, half up (45/48 is 93.8); None when there is nothing to divide by."""
        if self.denominator == 0:
            return None
        return (Decimal(100 * self.numerator) / self.denominator).quantize(Decimal("0.1"), ROUND_HALF_UP)

    def text(self) -> str:
        """`93.8%`, or `—` on a zero denominator."""
        percent = self.percent()
        return NO_RATE if percent is None else f"{percent}%"

    def __str__(self) -> str:
        return f"{self.text()}({self.numerator}/{self.denominator})"


@dataclass(frozen=True, slots=True)
class Counts:
    """Cases by bucket. Every case is in exactly one, so the five sum to `received`."""

    open: int = 0
    completed: int = 0
    closed: int = 0
    phased: int = 0
    apart: int = 0

    @property
    def received(self) -> int:
        return self.rated + self.apart

    @property
    def rated(self) -> int:
        """The denominator of rates: everything but merged, transferred, declined and voided cases."""
        return self.open + self.completed + self.closed + self.phased

    @property
    def handled(self) -> int:
        """办结: completed cases, closed ones included; phased ones never."""
        return self.completed + self.closed

    def completion_rate(self) -> Rate:
        return Rate(self.handled, self.rated, "办结率 = 已办结（核查通过、公示、已销号）/ 应办件（不含并案、移送、不予受理、作废）")

    def completion_rate_with_phased(self) -> Rate:
        return Rate(
            self.handled + self.phased,
            self.rated,
            "办结率（含阶段性办结）=（已办结 + 阶段性办结）/ 应办件（不含并案、移送、不予受理、作废）",
        )

    def closing_rate(self) -> Rate:
        return Rate(self.closed, self.handled, "销号率 = 已销号 / 已办结")


def count(by_state: Mapping[str, int]) -> Counts:
    """Sums a state → number mapping into buckets. An unknown state is a `KeyError`: nothing may vanish from a total."""
    sums = dict.fromkeys(Bucket, 0)
    for state, number in by_state.items():
        sums[BUCKET_OF[str(state)]] += number
    return Counts(**{bucket.value: number for bucket, number in sums.items()})


def on_time_rate(on_time: int, due: int, suspended: int = 0) -> Rate:
    """按期办结率: of what fell due in the period, suspended cases left out."""
    return Rate(on_time, due - suspended, "按期办结率 = 到期应办结中按期办结 /（到期应办结 − 缓办）")


@dataclass(frozen=True, slots=True)
class SplitCheck:
    """A total beside the sum of its parts. An exclusive split must agree; a multi-valued one （类型、责任单位） may exceed."""

    total: int
    parts_sum: int
    is_exclusive: bool

    @property
    def difference(self) -> int:
        return self.parts_sum - self.total

    @property
    def agrees(self) -> bool:
        return self.difference == 0 if self.is_exclusive else self.difference >= 0


def check_split(parts: Mapping[str, int], total: int, is_exclusive: bool) -> SplitCheck:
    """Adds up a split for printing beside its total."""
    return SplitCheck(total, sum(parts.values()), is_exclusive)


def weighted_score(components: Sequence[tuple[Decimal | str, Decimal | str]]) -> Decimal:
    """A score from (points, weight) pairs: each product rounded half up to two decimals, then added.

    This is how published street rankings are made; rounding only the sum gives other totals.
    """
    cent = Decimal("0.01")
    parts = [(Decimal(points) * Decimal(weight)).quantize(cent, ROUND_HALF_UP) for points, weight in components]
    return sum(parts, Decimal("0.00"))


@dataclass(frozen=True, slots=True)
class Balance:
    """上期存量 + 新增 − 销号 + 重开 = 本期存量."""

    opening: int
    new: int
    closed: int
    reopened: int

    @property
    def closing(self) -> int:
        return self.opening + self.new - self.closed + self.reopened

    def agrees_with(self, counted: int) -> bool:
        """Whether the stock that was counted is the stock that the movements give."""
        return self.closing == counted


def balance(opening: int, new: int, closed: int, reopened: int) -> Balance:
    """The movement of a period's stock."""
    return Balance(opening, new, closed, reopened)
