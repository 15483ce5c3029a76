"""From lines to scores: what each line takes, what is left of each part, who is how placed, and what bars a grade."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tracker.domain.cases.stories import Story
from tracker.domain.reports.appraisal.lines import AppraisalLine, is_scored, led_by, lines_of, until
from tracker.domain.reports.appraisal.scoring_rules import AppraisalEvent, AppraisalRules, Clause, Grade
from tracker.domain.rules.periods import Window

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Taken:
    """A line and what it took or earned: less than its clause says where the part, or the bonus, was used up."""

    line: AppraisalLine
    clause: Clause
    points: Decimal

    @property
    def is_cut(self) -> bool:
        """Whether the part was used up before the line had its due."""
        return self.points < self.clause.points


@dataclass(frozen=True)
class UnitScore:
    """A unit's score as a reader adds it up: the parts that are left, plus the bonus."""

    unit_id: int
    parts: tuple[Decimal, ...]
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
        """得分 = 各部分剩余分之和 + 加分."""
        return sum(self.parts, ZERO) + self.bonus


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

    def __post_init__(self) -> None:
        self._early_days = self.rules.bonus.days if self.rules.bonus else None
        self._found_false = {each.case: each for each in self.rules.events if each.rule == "false_rectification"
                             and each.on <= self.today}

    def add(self, story: Story) -> None:
        """Count one case as it stood at the end of the window."""
        known = until(story, self.window.cuts)
        if known is None or not is_scored(known):
            return
        lines = [line for line in lines_of(known, self.window, self.today, self._early_days) if self._does_count(line)]
        self.lines += lines
        for unit_id in (*led_by(known, self.window), *(line.unit_id for line in lines)):
            self.led[unit_id][story.number] = None

    def enter(self, event: AppraisalEvent, unit_id: int) -> None:
        """Count what was entered by hand against a unit."""
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
        deducted: list[Taken] = []
        parts: list[Decimal] = []
        for part in self.rules.components:
            clauses = {clause.code: clause for clause in self.rules.deductions if clause.component == part.code}
            taken = _take_points(kept, clauses, part.points)
            deducted += taken
            parts.append(part.points - sum((each.points for each in taken), ZERO))
        bonus = self.rules.bonus
        earned = _take_points(kept, {bonus.clause.code: bonus.clause}, bonus.most) if bonus else []
        caps = {veto.clause.code: veto.cap for veto in self.rules.vetoes}
        vetoes = tuple(line for line in kept if line.rule in caps)
        total = sum(parts, ZERO) + sum((each.points for each in earned), ZERO)
        grade = self.rules.grade(total, [caps[line.rule] for line in vetoes])
        return UnitScore(unit_id, tuple(parts), tuple(deducted), tuple(earned), vetoes, waived, grade,
                         tuple(self.led.get(unit_id, ())))


def _split_waived(lines: Iterable[AppraisalLine], keys: frozenset[str]) -> tuple[list[AppraisalLine], tuple[AppraisalLine, ...]]:
    """The lines that hold, and those whose appeal was upheld."""
    every = list(lines)
    return [line for line in every if line.key not in keys], tuple(line for line in every if line.key in keys)


def _take_points(lines: Iterable[AppraisalLine], clauses: Mapping[str, Clause], most: Decimal) -> list[Taken]:
    """Each line in turn takes what its clause says, until nothing is left."""
    left, taken = most, []
    for line in lines:
        if line.rule in clauses:
            points = min(clauses[line.rule].points, left)
            left -= points
            taken.append(Taken(line, clauses[line.rule], points))
    return taken


@dataclass(frozen=True, slots=True)
class PlacedUnit:
    """A unit's score with its place. Equal scores share a place, and the next one is passed over."""

    place: int
    score: UnitScore


def placed(scores: Iterable[UnitScore], codes: Mapping[int, str]) -> tuple[PlacedUnit, ...]:
    """The units that led a case, best first; where scores are equal, in the order of the units' codes."""
    ordered = sorted((each for each in scores if each.led), key=lambda each: (-each.total, codes[each.unit_id]))
    found: list[PlacedUnit] = []
    for at, each in enumerate(ordered, start=1):
        shares = found and found[-1].score.total == each.total
        found.append(PlacedUnit(found[-1].place if shares else at, each))
    return tuple(found)
