"""From lines to scores: what each line takes, what is left of each part, who is how placed, and what bars a grade."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tracker.domain.cases.stories import Story
from tracker.domain.reports.appraisal.groups import RankingGroups
from tracker.domain.reports.appraisal.lines import AppraisalLine, is_scored, led_by, lines_of, occasions_of, until
from tracker.domain.reports.appraisal.scoring_rules import (
    COUNTED,
    FULL,
    AppraisalEvent,
    AppraisalRules,
    Clause,
    Grade,
    Occasion,
    rounded,
)
from tracker.domain.rules.periods import Window

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Taken:
    """A line, what it was due to take or earn, and what it did: less where the part, or the bonus, was used up."""

    line: AppraisalLine
    clause: Clause
    due: Decimal
    points: Decimal

    @property
    def is_cut(self) -> bool:
        """Whether the part was used up before the line had its due."""
        return self.points < self.due


@dataclass(frozen=True)
class UnitScore:
    """A unit's score as a reader adds it up: the parts that are left, out of a hundred, plus the bonus. A part that nothing gave
    occasion to measure is None; `measured` is how much of the hundred was measured."""

    unit_id: int
    parts: tuple[Decimal | None, ...]
    measured: Decimal
    deducted: tuple[Taken, ...]
    earned: tuple[Taken, ...]
    vetoes: tuple[AppraisalLine, ...]
    waived: tuple[AppraisalLine, ...]
    grade: Grade
    led: tuple[str, ...]

    @property
    def lost(self) -> Decimal:
        """All that was taken."""
        return sum((each.points for each in self.deducted), ZERO)

    @property
    def bonus(self) -> Decimal:
        """All that was earned."""
        return sum((each.points for each in self.earned), ZERO)

    @property
    def total(self) -> Decimal:
        """得分 = 各部分剩余分之和（没有计分的部分不计，其余折算成百分）+ 加分，最多 100 分."""
        return total_of(self.parts, self.measured, self.bonus)


@dataclass
class WindowTally:
    """The lines and the led cases of one window. `waived` are the keys of lines whose appeal was upheld."""

    rules: AppraisalRules
    window: Window
    today: date
    is_year_end: bool = False
    waived: frozenset[str] = frozenset()
    lines: list[AppraisalLine] = field(default_factory=list)
    led: dict[int, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    occasions: dict[int, set[Occasion]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        self._early_days = self.rules.bonus.days if self.rules.bonus else None
        self._found_false = {each.case: each for each in self.rules.events if each.rule == "false_rectification"
                             and each.on <= self.today}

    def add(self, story: Story) -> None:
        """CaseCount one case as it stood at the end of the window."""
        known = until(story, self.window.cuts)
        if known is None or not is_scored(known):
            return
        lines = [line for line in lines_of(known, self.window, self.today, self._early_days) if self._does_count(line)]
        self.lines += lines
        for unit_id in (*led_by(known, self.window), *(line.unit_id for line in lines)):
            self.led[unit_id][story.number] = None
            self.occasions[unit_id].add(Occasion.led)
        for unit_id, occasion in occasions_of(known, self.window, self.today):
            self.occasions[unit_id].add(occasion)

    def enter(self, event: AppraisalEvent, unit_id: int) -> None:
        """CaseCount what was entered by hand against a unit."""
        if event.rule in self.rules.clauses and event.on <= self.today:
            self.lines.append(AppraisalLine(unit_id, event.rule, event.case, 0, event.on, event.text))

    def marked(self, number: str) -> str:
        """What was entered by hand when a rectification was found false."""
        return self._found_false[number].text if number in self._found_false else ""

    def scores(self) -> dict[int, UnitScore]:
        """The score of every unit that led a case or has a line, by its id."""
        by_unit: dict[int, list[AppraisalLine]] = {unit_id: [] for unit_id in self.led}
        for line in sorted(self.lines, key=lambda each: each.order):
            by_unit.setdefault(line.unit_id, []).append(line)
        return {unit_id: self._unit_score(unit_id, lines) for unit_id, lines in by_unit.items()}

    def _does_count(self, line: AppraisalLine) -> bool:
        if line.rule == "listed_unresolved" and not self.is_year_end:
            return False
        if line.rule == "false_rectification" and line.number not in self._found_false:
            return False
        return line.rule in self.rules.clauses

    def _unit_score(self, unit_id: int, lines: Iterable[AppraisalLine]) -> UnitScore:
        kept, waived = _split_waived(lines, self.waived)
        led, deducted, parts, measured = tuple(self.led.get(unit_id, ())), list[Taken](), list[Decimal | None](), ZERO
        for part in self.rules.components:
            clauses = {clause.code: clause for clause in self.rules.deductions if clause.component == part.code}
            taken = _take_points(kept, clauses, part.points, len(led))
            deducted += taken
            is_measured = bool(taken) or any(COUNTED[code].occasion in self.occasions[unit_id] for code in clauses)
            parts.append(part.points - sum((each.points for each in taken), ZERO) if is_measured else None)
            measured += part.points if is_measured else ZERO
        bonus = self.rules.bonus
        earned = _take_points(kept, {bonus.clause.code: bonus.clause}, bonus.most, len(led)) if bonus else []
        caps = {veto.clause.code: veto.cap for veto in self.rules.vetoes}
        vetoes = tuple(line for line in kept if line.rule in caps)
        total = total_of(parts, measured, sum((each.points for each in earned), ZERO))
        grade = self.rules.grade(total, [caps[line.rule] for line in vetoes])
        return UnitScore(unit_id, tuple(parts), measured, tuple(deducted), tuple(earned), vetoes, waived, grade, led)


def _split_waived(lines: Iterable[AppraisalLine], keys: frozenset[str]) -> tuple[list[AppraisalLine], tuple[AppraisalLine, ...]]:
    """The lines that hold, and those whose appeal was upheld."""
    every = list(lines)
    return [line for line in every if line.key not in keys], tuple(line for line in every if line.key in keys)


def total_of(parts: Iterable[Decimal | None], measured: Decimal, bonus: Decimal) -> Decimal:
    """The parts that were measured, out of a hundred, and the bonus; never more than a hundred."""
    left = sum((each for each in parts if each is not None), ZERO)
    return min(FULL, (rounded(left * FULL / measured) if measured else ZERO) + bonus)


def _take_points(lines: Iterable[AppraisalLine], clauses: Mapping[str, Clause], most: Decimal, led: int) -> list[Taken]:
    """Each line in turn takes what its clause says of a unit that led so many cases, until nothing is left."""
    left, taken = most, []
    for line in lines:
        if line.rule in clauses:
            due = clauses[line.rule].cost(led)
            points = min(due, left)
            left -= points
            taken.append(Taken(line, clauses[line.rule], due, points))
    return taken


@dataclass(frozen=True, slots=True)
class PlacedUnit:
    """A unit's score with its place. Equal scores share a place, and the next one is passed over."""

    place: int
    score: UnitScore


@dataclass(frozen=True, slots=True)
class UnrankedUnit:
    """A unit that is listed and not ranked, with the reason and the score that it has all the same."""

    unit_id: int
    why: str
    score: UnitScore | None


def placed(scores: Iterable[UnitScore], codes: Mapping[int, str]) -> tuple[PlacedUnit, ...]:
    """The units best first; where scores are equal, in the order of the units' codes."""
    found: list[PlacedUnit] = []
    for at, each in enumerate(sorted(scores, key=lambda each: (-each.total, codes[each.unit_id])), start=1):
        shares = found and found[-1].score.total == each.total
        found.append(PlacedUnit(found[-1].place if shares else at, each))
    return tuple(found)


@dataclass(frozen=True)
class Placing:
    """The units of each group with their places, and those that are not ranked."""

    groups: Mapping[str, tuple[PlacedUnit, ...]]
    unranked: tuple[UnrankedUnit, ...]

    @property
    def ranked(self) -> tuple[PlacedUnit, ...]:
        """All that have a place, group by group."""
        return tuple(each for group in self.groups.values() for each in group)


def place_units(scores: Mapping[int, UnitScore], units: Mapping[str, tuple[str, str, str]], listed: Iterable[str],
                groups: RankingGroups) -> Placing:
    """Every unit that was scored or is to be listed: placed among its like, or with the reason why it is not."""
    whys = {unit_id: groups.why_not_in_period(units[str(unit_id)][2], len(score.led) if score else 0,
                                              score.measured / FULL if score else ZERO)
            for unit_id in {*scores, *map(int, listed)} for score in (scores.get(unit_id),)}
    codes = {unit_id: units[str(unit_id)][0] for unit_id in whys}
    found = {word: placed([scores[unit_id] for unit_id, why in whys.items()
                           if not why and groups.group_of(units[str(unit_id)][2]) == word], codes) for word in groups.words}
    unranked = (UnrankedUnit(unit_id, whys[unit_id], scores.get(unit_id))
                for unit_id in sorted(whys, key=codes.__getitem__) if whys[unit_id])
    return Placing({word: each for word, each in found.items() if each}, tuple(unranked))
