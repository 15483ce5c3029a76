"""月通报: the units – what each had to deal with, who is late, and who ranks where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from tracker.domain.cases.wording import UNIT_KINDS
from tracker.domain.reports.appraisal.groups import RankingGroups
from tracker.domain.reports.case_lines import unit_name, unit_order
from tracker.domain.reports.counting import CaseCount, Piles, Rate
from tracker.domain.reports.document import Cell, Chart, Column, Section, Table
from tracker.domain.reports.imprint import leader
from tracker.domain.reports.inputs import Inputs
from tracker.domain.reports.monthly import ranking
from tracker.domain.reports.rates import RATES, Mark, Marked, Measure
from tracker.domain.reports.stock import NOBODY

M = Mark
BY_KEY: dict[str, Measure] = {measure.key: measure for measure in RATES}
WORK: tuple[tuple[Mark, str], ...] = (
    (M.handled, "月末已办结"), (M.phased, "阶段性办结"), (M.struck_off, "月末已销号"), (M.apart, "另列"), (M.overdue, "月末超期"),
)
MOST_BARS = 15
LAST_PLACES = 3
LAST_WORDS = {1: "排名末位", 2: "排名后两位", 3: "排名后三位"}


class Units:
    """Counts the marks of every unit's cases, and the assignments apart."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.counts: dict[int, Piles[Mark]] = defaultdict(Piles)
        self.supporting: Piles[int] = Piles()

    def add(self, number: str, marked: Marked) -> None:
        """CaseCount one case for the unit that leads it at the end of the month, and for those that support it."""
        lead = marked.end.values.get("lead_unit_id") or NOBODY
        self.counts[lead].add(number, marked.marks)
        if M.load in marked.marks:
            self.supporting.add(number, marked.end.values.get("supporting_unit_ids") or ())

    def section(self) -> Section:
        """The table of all units, and the picture of who is late."""
        inputs, units = self.inputs, self._known_units()
        rows: tuple[tuple[Cell, ...], ...] = tuple((unit_name(unit, inputs), self.counts[unit][M.load], self.supporting[unit],
                                                    self._assignment_count(unit),
                      *(self.counts[unit][mark] for mark, _ in WORK)) for unit in units)
        load, supported = self._sum_of(M.load), CaseCount.of_all(self.supporting.values())
        led = CaseCount.of_all(piles[M.load] for unit, piles in self.counts.items() if unit != NOBODY)
        assignments = CaseCount.of_all((led, supported))
        total: tuple[Cell, ...] = ("案件数", load, supported, assignments,
                                   *(self._sum_of(mark) for mark, _ in WORK))
        both = f"（主办 {led}，协办 {assignments - led}）" if supported and led else ""
        note = (f"本月应办 {load} 件，其中已交办 {led} 件；按单位分别计共 {assignments} 件{both}。每件案件只有一个主办单位，"
                "主办和以后各列之和等于案件数；一件案件可以有多个协办单位，按单位分别计的合计不等于案件数，两者都列出。另列指并案、移送、不予受理和作废。")
        columns = (Column("单位", width=18), Column("主办", "number"), Column("协办（按单位计）", "number"),
                   Column("合计（按单位计）", "number", is_for_sheets=True),
                   *(Column(head, "number") for _, head in WORK))
        said = (
            f"本月有 {sum(unit != NOBODY for unit in units)} 个单位办理案件，已交办 {led} 件，"
            f"按单位分别计共 {assignments} 件（主办 {led}，协办 {assignments - led}）。")
        return Section("三、责任单位办理情况", (said,), tables=(Table("责任单位办理情况", columns, rows, total, note),) if rows else (),
                       charts=self._overdue_charts())

    def ranked(self) -> Section:
        """The ranking of each group, with how it is made, and who is not ranked for which reason."""
        parts, groups = ranking.components(self.inputs.rules), RankingGroups(self.inputs.rules)
        ranked, left_out = self.placed(parts, groups)
        note = ranking.method(parts) + groups.method("本月到期", "due")
        tables = [self._ranking_table(word, placed, parts, note) for word, placed in ranked.items()]
        said = tuple(_placed_told(word, placed) for word, placed in ranked.items()) or ("本月没有参加排名的单位。",)
        return Section("六、责任单位排名", said, tables=(*tables, *self._unranked_table(left_out)))

    def placed(self, parts: Sequence[ranking.RankingComponent], groups: RankingGroups) -> tuple[
            dict[str, tuple[ranking.PlacedContender, ...]], list[ranking.Contender]]:
        """The units of each group in the order of their scores, and who is not ranked."""
        known = [self._contender_of(unit, parts, groups) for unit in self._known_units() if unit != NOBODY]
        ranked = {word: placed for word in groups.words
                  if (placed := ranking.rank([each for each in known if each.group == word and not each.why], parts))}
        return ranked, [each for each in known if each.why]

    def _ranking_table(self, word: str, placed: Sequence[ranking.PlacedContender], parts: Sequence[ranking.RankingComponent],
                       note: str) -> Table:
        columns = (Column("名次", width=6), Column("单位", width=18), Column("本月到期", "number"),
                   *(Column(part.word, "rate", 14) for part in parts), Column("得分", "score", 8))
        rows = tuple(self._ranking_row(each, parts) for each in placed)
        return Table(f"{word}排名", columns, rows, note=note)

    def _unranked_table(self, left_out: Sequence[ranking.Contender]) -> tuple[Table, ...]:
        columns = (Column("单位", width=18), Column("类别", width=12), Column("本月到期", "number"), Column("不排名的原因", width=18))
        rows = tuple((each.name, UNIT_KINDS.get(self._kind_of(int(each.key)), ""), self.counts[int(each.key)][M.due], each.why)
                     for each in left_out)
        return (Table("不排名的单位", columns, rows),) if rows else ()

    def unit_rate(self, unit: int, key: str) -> Rate:
        """A rate of one unit."""
        measure, counted = BY_KEY[key], self.counts[unit]
        assert measure.out_of is not None
        return Rate(counted[measure.of], counted[measure.out_of], measure.definition)

    # --- the parts --------------------------------------------------------------------------------------------------------

    def _known_units(self) -> list[int]:
        known = {unit for unit in {*self.counts, *self.supporting} if self.counts[unit][M.load] or self.counts[unit][M.due]
                 or self.supporting[unit]}
        return sorted(known, key=lambda unit: unit_order(unit, self.inputs))

    def _sum_of(self, mark: Mark) -> CaseCount:
        return CaseCount.of_all(counted[mark] for counted in self.counts.values())

    def _assignment_count(self, unit: int) -> CaseCount:
        return CaseCount.of_all((CaseCount() if unit == NOBODY else self.counts[unit][M.load], self.supporting[unit]))

    def _overdue_charts(self) -> tuple[Chart, ...]:
        late = [(unit_name(unit, self.inputs), self.counts[unit][M.overdue])
                for unit in self._known_units() if self.counts[unit][M.overdue]]
        late.sort(key=lambda pair: -pair[1])
        if not late:
            return ()
        shown = late[:MOST_BARS]
        return (Chart(leader("月末超期案件", late), "bars", tuple(name for name, _ in shown),
                      (("超期件数", tuple(count for _, count in shown)),)),)

    def _kind_of(self, unit: int) -> str:
        return self.inputs.units.get(str(unit), ("", "", ""))[2]

    def _contender_of(self, unit: int, parts: Sequence[ranking.RankingComponent], groups: RankingGroups) -> ranking.Contender:
        points: tuple[Decimal | None, ...] = tuple(self.unit_rate(unit, part.key).percent() for part in parts)
        kind = self._kind_of(unit)
        why = groups.why_not_in_month(kind, self.counts[unit][M.due], ranking.measured(points, parts))
        return ranking.Contender(f"{unit:08d}", unit_name(unit, self.inputs), points, why, groups.group_of(kind))

    def _ranking_row(self, each: ranking.PlacedContender, parts: Sequence[ranking.RankingComponent]) -> tuple[Cell, ...]:
        unit = int(each.contender.key)
        return (str(each.place), each.contender.name, self.counts[unit][M.due],
                *(self.unit_rate(unit, part.key) for part in parts), str(each.score))


def _placed_told(word: str, in_order: Sequence[ranking.PlacedContender]) -> str:
    """Who is first in a group; the last three are named with their scores, unless they share the first place."""
    last = [each for each in in_order[-LAST_PLACES:] if each.place != 1] if len(in_order) > 2 * LAST_PLACES else []
    named = "、".join(f"{each.contender.name}（第 {each.place} 名，{each.score} 分）" for each in last)
    return (f"{word}本月参加排名的单位 {len(in_order)} 个，第一名是{_leaders_text(in_order)}。"
            + (f"{LAST_WORDS[len(last)]}：{named}。" if last else ""))


def _leaders_text(in_order: Sequence[ranking.PlacedContender]) -> str:
    first = [each for each in in_order if each.place == 1]
    names = "、".join(each.contender.name for each in first[:3])
    return f"{names}{f'等 {len(first)} 个单位（并列）' if len(first) > 3 else '（并列）' if len(first) > 1 else ''}，得 {first[0].score} 分"
