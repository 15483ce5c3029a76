"""How the six works fared in a period: cases, first passes, the mean score of the last verification, what fails most."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from tracker.domain.cases.works.items import STANDARDS, CaseWorks, CheckItem, CheckSheet
from tracker.domain.cases.works.scoring import ItemAnswer, tenths
from tracker.domain.territory.routing import WORKS

MOST_FAILED = 10
NOT_ADDING_UP = "各类之和不等于案件数：一件案件有几类就在几类里各计一次。"


@dataclass(frozen=True)
class WorksCheck:
    """One verification of a case that has works. `answers` are None where it was rejected before the items were answered."""

    case: str
    on: date
    is_passed: bool
    works: CaseWorks
    sheet: CheckSheet
    answers: Mapping[str, str] | None


@dataclass(frozen=True)
class FirstPass:
    """Which cases were verified, and which of them passed at once: no verification before the end of the period was a
    rejection."""

    passed_numbers: frozenset[str]
    numbers: frozenset[str]

    @property
    def passed(self) -> int:
        """How many passed at once."""
        return len(self.passed_numbers)

    @property
    def cases(self) -> int:
        """Of how many."""
        return len(self.numbers)

    @property
    def percent(self) -> Decimal | None:
        """One decimal, half up; None of no case."""
        return tenths(Fraction(100 * self.passed, self.cases)) if self.cases else None


@dataclass(frozen=True)
class FailedItem:
    """An item that was answered with no, how often, and how often it was asked."""

    item: CheckItem
    failed: int
    asked: int
    cases: tuple[str, ...]  # those in which it failed, once for each time


@dataclass(frozen=True)
class WorkLine:
    """One work by one standard. `mean` is that of the cases' last scored verification in the period; None where none was."""

    work: str
    standard: str
    first_pass: FirstPass
    mean: Decimal | None
    scored: int
    failed: tuple[FailedItem, ...]
    scored_cases: tuple[str, ...] = ()


@dataclass(frozen=True)
class WorksCount:
    """The period as a whole, and each work; a case counts once here and once in each of its works. `has_records`: any
    verification of such a case was told by its last day."""

    first: date
    last: date
    whole: FirstPass
    lines: tuple[WorkLine, ...]
    has_records: bool = False

    @property
    def works_sum(self) -> int:
        """How often cases count in the lines."""
        return sum(line.first_pass.cases for line in self.lines)


@dataclass
class _Pile:
    checks: dict[str, WorksCheck] = field(default_factory=dict)  # the last of each case
    scored: dict[str, WorksCheck] = field(default_factory=dict)
    every: list[WorksCheck] = field(default_factory=list)


def count_works(checks: Iterable[WorksCheck], first: date, last: date) -> WorksCount:
    """The count of a period, of the checks of every case up to its last day, those of a case in their order."""
    rejected: set[str] = set()
    whole, has_records = _Pile(), False
    for check in checks:
        if check.on > last:
            continue
        has_records = True
        if not check.is_passed:
            rejected.add(check.case)
        if check.on >= first:
            _put_on(whole, check)
    return WorksCount(first, last, _first_pass_of(whole.checks, rejected), tuple(_work_lines(whole, rejected)), has_records)


def _put_on(pile: _Pile, check: WorksCheck) -> None:
    pile.checks[check.case] = check
    if check.answers is not None:
        pile.scored[check.case] = check
        pile.every.append(check)


def _first_pass_of(cases: Iterable[str], rejected: set[str]) -> FirstPass:
    found = frozenset(cases)
    return FirstPass(found - rejected, found)


def _work_lines(whole: _Pile, rejected: set[str]) -> Iterator[WorkLine]:
    for standard in STANDARDS:
        for work in WORKS:
            pile = _pile_of(whole, work, standard)
            if pile.checks:
                scores = {check.case: Fraction(100 * got, most) for check, got, most in _results_in(pile.scored.values(), work)
                          if most}
                yield WorkLine(work, standard, _first_pass_of(pile.checks, rejected),
                               tenths(sum(scores.values(), Fraction()) / len(scores)) if scores else None, len(scores),
                               tuple(_failed_items(pile.every, work)), tuple(sorted(scores)))


def _pile_of(whole: _Pile, work: str, standard: str) -> _Pile:
    def fits(check: WorksCheck) -> bool:
        return check.works["standard"] == standard and work in check.works["works"]

    return _Pile({case: each for case, each in whole.checks.items() if fits(each)},
                 {case: each for case, each in whole.scored.items() if fits(each)}, [each for each in whole.every if fits(each)])


def _results_in(checks: Iterable[WorksCheck], work: str) -> Iterator[tuple[WorksCheck, int, int]]:
    for check in checks:
        result = check.works["works"][work]
        yield check, result["got"] or 0, result["most"] or 0


def _failed_items(checks: Sequence[WorksCheck], work: str) -> list[FailedItem]:
    """Those that failed most often, by code and text: an item that a later list words otherwise is another."""
    failed, asked = defaultdict[CheckItem, list[str]](list), Counter[CheckItem]()
    for check in checks:
        for item in check.sheet.items:
            answer = (check.answers or {}).get(item.code)
            if item.work == work and answer in (ItemAnswer.yes, ItemAnswer.no):
                asked[item] += 1
                if answer == ItemAnswer.no:
                    failed[item].append(check.case)
    worst = sorted(failed, key=lambda item: (-len(failed[item]), asked[item], item.code))
    return [FailedItem(item, len(failed[item]), asked[item], tuple(failed[item])) for item in worst[:MOST_FAILED]]
