"""对往期数据的更正: what happened this month to cases that earlier circulars had counted. The circulars themselves stay as they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from tracker.domain.cases.flow import Steps
from tracker.domain.cases.stories import WITHDRAWN, Story
from tracker.domain.reports.counting import CaseCount
from tracker.domain.reports.document import Column, Figure, Section, Table
from tracker.domain.reports.rates import Span

MOST_NUMBERS = 10
SPLIT_FIELDS = ("area_code", "received_on")


@dataclass(frozen=True, slots=True)
class CorrectionKind:
    """One kind of correction: its key, its word, and what it means for figures that were printed."""

    key: str
    word: str
    meaning: str


KINDS: tuple[CorrectionKind, ...] = (
    CorrectionKind("corrected_reopened", "往期销号、本月重开", "原销号仍计入销号当月；自本月起重新计入应办和未销号"),
    CorrectionKind("corrected_withdrawn", "往期登记、本月撤回导入", "自本月起不再计入各期；本期所列上月、去年同月数已剔除"),
    CorrectionKind("corrected_merged", "往期登记、本月并案", "自本月起不计入应办件，随主案办理"),
    CorrectionKind("corrected_unmerged", "往期并案、本月撤销并案", "自本月起重新计入应办件"),
    CorrectionKind("corrected_apart", "往期登记、本月移送、不予受理或作废", "自本月起不计入应办件"),
    CorrectionKind("corrected_fields", "往期登记、本月更正区域或受理日期", "往期分街道（镇）数据可能与更正后不同"),
    CorrectionKind("corrected_late", "往期受理、本月补登", "计入本月登记，不追加到受理当月"),
)
AFTER_REGISTRATION: dict[str, str] = {
    Steps.merge.fact: "corrected_merged", Steps.unmerge.fact: "corrected_unmerged", Steps.transfer.fact: "corrected_apart",
    Steps.decline.fact: "corrected_apart", Steps.void.fact: "corrected_apart", Steps.retract.fact: "corrected_apart",
    Steps.find_nothing.fact: "corrected_apart",
    WITHDRAWN: "corrected_withdrawn",
}


@dataclass
class Corrections:
    """Collects corrections, each case once under each kind, with the month that is concerned."""

    span: Span
    found: dict[str, dict[str, date]] = field(default_factory=lambda: {kind.key: {} for kind in KINDS})

    def add(self, story: Story) -> None:
        """Look through the month of one case; withdrawn imports come here too."""
        if story.last.on < self.span.first:
            return
        for key, month in self._corrected_days(story):
            self.found[key].setdefault(story.number, month)

    def numbers(self) -> dict[str, tuple[str, ...]]:
        """The cases of each kind that occurred."""
        return {key: tuple(sorted(cases)) for key, cases in self.found.items() if cases}

    def section(self) -> Section:
        """The list of kinds, with the months concerned."""
        kinds = [kind for kind in KINDS if self.found[kind.key]]
        if not kinds:
            return Section("十、对往期数据的更正", ("本月没有涉及往期通报数据的更正。",))
        said = "以下变化发生在本月，涉及往期通报已统计的案件。往期通报存档不作改动，更正在本期说明；本期环比、同比的对比数按更正后的账本统计，可能与往期通报所列略有出入。"
        columns = (Column("更正事项", width=20), Column("件数", "number", 8), Column("涉及月份", width=18), Column("对数据的影响", width=28),
                   Column("案件编号", width=30))
        rows = tuple((kind.word, CaseCount(self.found[kind.key]), _month_counts(self.found[kind.key]), kind.meaning,
                      _listed_numbers(self.found[kind.key])) for kind in kinds)
        figures = tuple(Figure(kind.key, kind.word, len(self.found[kind.key]), kind.meaning) for kind in kinds)
        return Section("十、对往期数据的更正", (said,), figures, (Table("往期数据更正", columns, rows),))

    def _corrected_days(self, story: Story) -> Iterator[tuple[str, date]]:
        is_old, closed_on = story.registered_on < self.span.first, None
        if not is_old and story.received_on < self.span.first and self.span.holds(story.registered_on) and not story.is_withdrawn:
            yield "corrected_late", story.received_on
        for move in story.moves:
            if move.on > self.span.last:
                break
            if move.on >= self.span.first and is_old:
                if (key := AFTER_REGISTRATION.get(move.kind)) is not None:
                    yield key, story.registered_on
                if move.kind == Steps.correct_field.fact and move.told.get("field") in SPLIT_FIELDS:
                    yield "corrected_fields", story.registered_on
            is_reopened = move.kind == Steps.reopen.fact and move.on >= self.span.first
            if is_reopened and closed_on is not None and closed_on < self.span.first:
                yield "corrected_reopened", closed_on
            closed_on = move.on if move.kind == Steps.close.fact else closed_on


def _month_counts(cases: dict[str, date]) -> str:
    counted = Counter((on.year, on.month) for on in cases.values())
    return "、".join(f"{year}年{month}月 {counted[year, month]} 件" for year, month in sorted(counted))


def _listed_numbers(cases: dict[str, date]) -> str:
    numbers = sorted(cases)
    more = f"等 {len(numbers)} 件" if len(numbers) > MOST_NUMBERS else ""
    return "、".join(numbers[:MOST_NUMBERS]) + more
