"""存量平衡: the stock of cases at the opening of a window, everything that came and went, and the stock at its cut.

Every unit of the stock lies with exactly one lead unit or with nobody yet, so that the sheet closes for the district and for each
unit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tracker.domain.cases.facts import COUNTED_AS, FINAL, CaseState
from tracker.domain.cases.stories import WITHDRAWN, Move, Story
from tracker.domain.house.errors import Broken
from tracker.domain.reports.counting import CaseCount, Piles
from tracker.domain.rules.periods import Window

NOBODY = 0  # 未交办: the stock that no unit leads yet
S = CaseState

# What moves a stock: key, head, sign. The order is that of the columns.
MOVEMENTS: tuple[tuple[str, str, int], ...] = (
    ("new", "新增", 1), ("came", "改派转入", 1), ("went", "改派转出", -1), ("closed", "销号", -1), ("merged", "并案", -1),
    ("transferred", "移送", -1),
    ("declined", "不予受理", -1), ("voided", "作废", -1), ("reopened", "重开", 1), ("unmerged", "撤销并案", 1),
)
WITHIN = ("came", "went")  # between units: the district has none
_SIGN = {key: sign for key, _, sign in MOVEMENTS}
_ENDED: Mapping[CaseState, str] = {state: COUNTED_AS[state] for state in FINAL}
_RETURNED = {S.closed: "reopened", S.merged: "unmerged"}


@dataclass
class BalanceLine:
    """One row of the balance. `closing` is counted from where the cases stand, never computed from the rest."""

    moved: Piles[str] = field(default_factory=lambda: Piles(("opening", *_SIGN, "closing")))

    @property
    def opening(self) -> CaseCount:
        """What stood there at the opening."""
        return self.moved["opening"]

    @property
    def closing(self) -> CaseCount:
        """What stands there at the cut."""
        return self.moved["closing"]

    @property
    def computed(self) -> int:
        """上期存量 + 新增 ± 改派 − 销号 − 其他办结 + 重开 + 撤销并案."""
        return self.opening + sum(sign * self.moved[key] for key, sign in _SIGN.items())

    def cells(self) -> tuple[CaseCount, ...]:
        """The row without its head."""
        return (self.opening, *(self.moved[key] for key, _, _ in MOVEMENTS), self.closing)


def is_stock(move: Move | None) -> bool:
    """On the register, not ended and not taken back."""
    return move is not None and move.state not in FINAL and move.kind != WITHDRAWN


def lead_of(move: Move) -> int:
    """The unit that leads the case after a move, `NOBODY` when there is none."""
    return move.values.get("lead_unit_id") or NOBODY


class Stock:
    """Adds up the movements of a window, case by case, and checks that they give the stock that is there."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.district = BalanceLine()
        self.units: dict[int, BalanceLine] = defaultdict(BalanceLine)
        self.cases: dict[str, list[str]] = {key: [] for key in ("opening", *_SIGN, "closing")}

    def add(self, story: Story) -> set[str]:
        """CaseCount one case; says what it was counted as."""
        if story.last.at < self.window.opens and not is_stock(story.last):
            return set()
        before, told = story.before(self.window.opens), set[str]()
        if before is None and story.is_withdrawn:
            return told  # came and was taken back between two sheets: it never was
        if before is not None and is_stock(before):
            told.add(self._count_standing("opening", lead_of(before), story.number))
        for key, unit in self._stock_movements(story, before):
            told.add(key)
            self.units[unit].moved.add(story.number, (key,))
            self.cases[key].append(story.number)
            if key not in WITHIN:
                self.district.moved.add(story.number, (key,))
        if is_stock(story.last):
            told.add(self._count_standing("closing", lead_of(story.last), story.number))
        return told

    def check(self) -> None:
        """Raises `Broken` naming the first row that does not balance, or units that do not add up to the district."""
        for name, line in (("全区", self.district), *((f"单位 {unit}", line) for unit, line in sorted(self.units.items()))):
            if line.computed != line.closing:
                raise Broken(f"周调度存量不平衡：{name}按增减应为 {line.computed} 件，实有 {line.closing} 件。", code="unbalanced")
        for place, (_, whole) in enumerate(zip(self._balance_heads(), self.district.cells(), strict=True)):
            parts = sum(line.cells()[place] for line in self.units.values())
            if self._balance_heads()[place] not in WITHIN and parts != whole:
                raise Broken(f"周调度分单位之和与全区不符：{self._balance_heads()[place]}一列各单位合计 {parts} 件，全区 {whole} 件。", code="unreconciled")
        if self._moved_between("came") != self._moved_between("went"):
            raise Broken("周调度改派转入与转出不等。", code="unreconciled")

    def _moved_between(self, key: str) -> int:
        return sum(line.moved[key] for line in self.units.values())

    @staticmethod
    def _balance_heads() -> tuple[str, ...]:
        return ("opening", *_SIGN, "closing")

    def _count_standing(self, key: str, unit: int, number: str) -> str:
        for line in (self.district, self.units[unit]):
            line.moved.add(number, (key,))
        self.cases[key].append(number)
        return key

    def _stock_movements(self, story: Story, before: Move | None) -> Iterator[tuple[str, int]]:
        """What happened to the stock, with the unit whose row it stands in."""
        moves = story.during(self.window)
        where = NOBODY if before is None else lead_of(before)
        state: CaseState | None = None if before is None else before.state
        is_unplaced = False
        for move in moves:
            is_in, will_be_in = state is not None and state not in FINAL, is_stock(move)
            if state is None:
                where = _first_lead(moves)
                is_unplaced = lead_of(move) == NOBODY and where != NOBODY
                yield "new", where
            elif is_in and not will_be_in:
                yield _ENDED[move.state], where
            elif will_be_in and not is_in:
                where = lead_of(move)
                yield _RETURNED[state], where
            elif is_in and lead_of(move) != where and not (is_unplaced and lead_of(move) == NOBODY):
                yield "went", where
                where = lead_of(move)
                yield "came", where
            is_unplaced = is_unplaced and lead_of(move) == NOBODY
            state = move.state


def _first_lead(moves: tuple[Move, ...]) -> int:
    """A new case counts for the first unit that got it within the window, and for nobody when none did before it left the
    stock."""
    for move in moves:
        if not is_stock(move):
            return NOBODY
        if lead_of(move) != NOBODY:
            return lead_of(move)
    return NOBODY
