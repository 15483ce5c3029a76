"""The score of a verification by its sheet: what was answered, what it brings, and what stands against passing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from tracker.domain.cases.works.items import CheckItem, WorkResult


class ItemAnswer(StrEnum):
    """What a verifier may say of an item."""

    yes = "yes"
    no = "no"
    idle = "idle"  # 不适用


ANSWERS: Mapping[str, str] = {ItemAnswer.yes: "是", ItemAnswer.no: "否", ItemAnswer.idle: "不适用"}


@dataclass(frozen=True)
class WorkScore:
    """One work: the points of what holds, those of what was asked, and how many musts fail."""

    work: str
    got: int
    most: int
    failed_musts: int


@dataclass(frozen=True)
class Score:
    """The whole of a verification."""

    works: tuple[WorkScore, ...]
    failed: tuple[CheckItem, ...]  # answered with no

    @property
    def got(self) -> int:
        """The points of what holds."""
        return sum(each.got for each in self.works)

    @property
    def most(self) -> int:
        """The points of what was asked."""
        return sum(each.most for each in self.works)

    @property
    def points(self) -> Decimal:
        """Of a hundred, one decimal, half up."""
        return tenths(Fraction(100 * self.got, self.most)) if self.most else Decimal("0.0")

    @property
    def failed_musts(self) -> tuple[CheckItem, ...]:
        """The musts that do not hold."""
        return tuple(item for item in self.failed if item.is_must)

    def passes(self, mark: int) -> bool:
        """Whether every must holds and the score, as it is told, is enough."""
        return not self.failed_musts and self.points >= mark


def tenths(value: Fraction) -> Decimal:
    """One decimal, half up."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def score_of(items: Iterable[CheckItem], answers: Mapping[str, str]) -> Score:
    """The score of these answers, by the code of their items. KeyError where one has none."""
    asked = tuple(items)
    works = tuple(dict.fromkeys(item.work for item in asked))
    failed = tuple(item for item in asked if answers[item.code] == ItemAnswer.no)
    return Score(tuple(_work_score(work, [item for item in asked if item.work == work], answers) for work in works), failed)


def idle_works(items: Iterable[CheckItem], answers: Mapping[str, str]) -> tuple[str, ...]:
    """The works of which everything is said not to apply."""
    asked = tuple(items)
    return tuple(work for work in dict.fromkeys(item.work for item in asked)
                 if all(answers[item.code] == ItemAnswer.idle for item in asked if item.work == work))


def _work_score(work: str, items: list[CheckItem], answers: Mapping[str, str]) -> WorkScore:
    got = sum(item.points for item in items if answers[item.code] == ItemAnswer.yes)
    most = sum(item.points for item in items if answers[item.code] != ItemAnswer.idle)
    return WorkScore(work, got, most, sum(item.is_must and answers[item.code] == ItemAnswer.no for item in items))


def results_of(score: Score, in_round: int) -> dict[str, WorkResult]:
    """The score as the rows of the works keep it."""
    return {each.work: {"got": each.got, "most": each.most, "failed_musts": each.failed_musts, "round": in_round}
            for each in sorted(score.works, key=lambda each: each.work)}
