"""待确认平衡: the cases of which it is not confirmed whose they are, by how they were found, from one sheet to the next."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from statistics import median

from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import Steps
from tracker.domain.cases.stories import Move, Story
from tracker.domain.cases.wording import CHANNELS
from tracker.domain.house.errors import Broken
from tracker.domain.reports.counting import Piles
from tracker.domain.reports.document import Cell, Column, Table
from tracker.domain.rules.periods import Window

OTHERS = ""  # every channel that is none of these
FOUND_BY = ("train", "onsite", "drone", OTHERS)
WAITED = "waited_workdays"  # what a confirmation says of itself
# What moves these cases: key, head, sign. The order is that of the columns.
MOVED: tuple[tuple[str, str, int], ...] = (
    ("sent_down", "下派", 1), ("confirmed", "确认", -1), ("unfounded", "复核不实", -1), ("disputed", "争议", -1),
    ("otherwise", "并案、移送、作废", -1),
)
OUT: Mapping[str, str] = {Steps.confirm.fact: "confirmed", Steps.find_nothing.fact: "unfounded", Steps.dispute.fact: "disputed"}
COLUMNS = (Column("发现渠道", width=18), Column("上周待确认", "number"), *(Column(head, "number") for _, head, _ in MOVED),
           Column("本周待确认", "number"))
BALANCED = "上周待确认 + 下派 − 确认 − 复核不实 − 争议 − 并案、移送、作废 = 本周待确认；不平衡的表不能生成。"


class Unconfirmed:
    """Adds up a window, case by case, and checks that what moved gives what stands there at its cut."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.channels: dict[str, Piles[str]] = defaultdict(Piles)
        self.waited: list[int] = []
        self.presumed: set[str] = set()

    def add(self, story: Story) -> None:
        """Count one case."""
        before = story.before(self.window.opens)
        found_by = str(story.get("channel"))
        piles = self.channels[found_by if found_by in FOUND_BY else OTHERS]
        if is_unconfirmed(before):
            piles.add(story.number, ("opening",))
        for key in self._movements_of(story, before):
            piles.add(story.number, (key,))
        if any(story.of(Steps.presume.fact, self.window)):
            self.presumed.add(story.number)
        if is_unconfirmed(story.last):
            piles.add(story.number, ("closing",))

    def check(self) -> None:
        """Raises `Broken` naming the first channel that does not balance."""
        for channel, piles in self.channels.items():
            computed = piles["opening"] + sum(sign * piles[key] for key, _, sign in MOVED)
            if computed != piles["closing"]:
                raise Broken(f"待确认不平衡：{channel_word(channel)}按增减应为 {computed} 件，实有 {piles['closing']} 件。", code="unbalanced")

    def table(self) -> Table | None:
        """The sheet; None where there was no such case."""
        shown = [channel for channel in FOUND_BY if any(self.channels[channel].values())]
        if not shown:
            return None
        rows = tuple(self._cells_of(channel_word(channel), self.channels[channel]) for channel in shown)
        total = self._cells_of("合计", Piles.of_all(self.channels[channel] for channel in shown))
        return Table("待确认平衡表（件）", COLUMNS, rows, total, f"{BALANCED}{self._waiting_told()}{self._presumed_told()}")

    @staticmethod
    def _cells_of(head: str, piles: Piles[str]) -> tuple[Cell, ...]:
        return (head, piles["opening"], *(piles[key] for key, _, _ in MOVED), piles["closing"])

    def _waiting_told(self) -> str:
        if not self.waited:
            return ""
        return f"本周确认用时：中位数 {median(self.waited):g} 个工作日，最长 {max(self.waited)} 个工作日。"

    def _presumed_told(self) -> str:
        """Of how many a unit said nothing in time; nothing is said where none did, as before there was such a thing."""
        return f"本周有候选单位逾期没有答复、视为认领的 {len(self.presumed)} 件。" if self.presumed else ""

    def _movements_of(self, story: Story, before: Move | None) -> Iterator[str]:
        was = is_unconfirmed(before)
        for move in story.during(self.window):
            is_now = is_unconfirmed(move)
            if is_now and not was:
                yield "sent_down"
            elif was and not is_now:
                yield OUT.get(move.kind, "otherwise")
                if WAITED in move.told:
                    self.waited.append(int(move.told[WAITED]))
            was = is_now


def is_unconfirmed(move: Move | None) -> bool:
    """Whether a case stood there after a move."""
    return move is not None and move.state is CaseState.checking


def channel_word(channel: str) -> str:
    """What a way of finding is called."""
    return CHANNELS.get(channel, "其他渠道")
