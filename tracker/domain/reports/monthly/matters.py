"""月通报: cases that are named – overdue ones, those along the railway, and those that need the city. No titles: the lists are
mailed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.domain.cases.facts import FINAL, OPEN, CaseState
from tracker.domain.cases.flow import Steps
from tracker.domain.cases.stories import Story
from tracker.domain.cases.wording import STATES, SUPERVISION
from tracker.domain.house.links import Link, to_case
from tracker.domain.reports.case_lines import day_text, unit_name
from tracker.domain.reports.counting import Piles, Rate
from tracker.domain.reports.document import Cell, Column, Figure, Section, Table
from tracker.domain.reports.imprint import counts_told
from tracker.domain.reports.inputs import Inputs
from tracker.domain.reports.monthly.splits import street_name, street_of, types_text
from tracker.domain.reports.rates import Mark, Marked, Span
from tracker.domain.rules.lights import days_overdue

M = Mark
CASE_COLUMNS = (Column("案件编号", "case", 14), Column("问题类型", width=14), Column("街道（镇）", width=14), Column("主办单位", width=16))
DISPUTE_DAYS = 5
RAIL_SOURCE, RAIL_TYPE, RAIL_SIDE = "RAIL", "railway", "railway_side"
SIDES = {"left": "线路左侧", "right": "线路右侧"}
RAILWAY_UNITS, LOCAL_UNITS, NOT_ASSIGNED, NO_SIDE = "铁路单位", "地方单位", "未交办", "未注明侧别"


@dataclass(frozen=True, slots=True)
class Named:
    """One case of a list, as far as a mail may name it."""

    number: str
    cells: tuple[Cell, ...]  # types, street, lead unit
    due_on: date | None
    days: int = 0
    said: str = ""
    word: str = ""


def named(story: Story, marked: Marked, inputs: Inputs, *, days: int = 0, said: str = "") -> Named:
    """A case by its number, types, street, unit and due date."""
    values = marked.end.values
    cells = (types_text(values.get("categories"), inputs), street_name(street_of(values), inputs),
             unit_name(values.get("lead_unit_id") or 0, inputs))
    word, following = STATES[marked.end.state], values.get("phase_next_on")
    if marked.end.state is CaseState.phased and following is not None:
        word += f"（下一节点 {day_text(following)}）"
    return Named(story.number, cells, values.get("due_on"), days, said, word)


def links(lines: list[Named]) -> tuple[Link, ...]:
    """The addresses of the cases, row by row."""
    return tuple(to_case(line.number) for line in lines)


class Overdue:
    """The cases that are late at the end of the month, each by name."""

    def __init__(self, inputs: Inputs, span: Span) -> None:
        self.inputs, self.span = inputs, span
        self.lines: list[Named] = []

    def add(self, story: Story, marked: Marked) -> None:
        """Keep a case that is late."""
        if M.overdue in marked.marks:
            days = days_overdue(marked.end.values["due_on"], self.span.on)
            self.lines.append(named(story, marked, self.inputs, days=days))

    def section(self) -> Section:
        """The list, the longest overdue first."""
        lines = sorted(self.lines, key=lambda line: (-line.days, line.number))
        if not lines:
            return Section("五、超期案件", ("月末没有超期案件。",))
        columns = (*CASE_COLUMNS, Column("整改时限", "date"), Column("超期天数", "number", 8), Column("办理状态"))
        rows = tuple((line.number, *line.cells, day_text(line.due_on), line.days, line.word) for line in lines)
        on = self.span.on
        said = (f"{on.month}月{on.day}日，超期案件 {len(lines)} 件，最长超期 {lines[0].days} 天。"
                "请有关责任单位说明原因，限期完成整改；阶段性办结的按后续整改计划推进。")
        note = f"超期天数自时限的次日起算，按自然日计至{on.month}月{on.day}日，当日到期的不算超期；待核查、缓办和已办结的案件不列入。"
        return Section("五、超期案件", (said,), tables=(Table("超期案件名单", columns, rows, note=note, links=links(lines)),))


class Railway:
    """每月收集: how far the work along the railway is, by who is responsible, by side of the line, and by unit."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.numbers: list[str] = []
        self.groups: dict[str, dict[str, Piles[Mark]]] = {name: defaultdict(Piles) for name in ("责任方", "侧别", "责任单位")}

    def add(self, story: Story, marked: Marked) -> None:
        """CaseCount a case of the railway source or type."""
        values = marked.end.values
        source = self.inputs.sources.get(str(values.get("source_id")), ("", ""))[0]
        if M.load not in marked.marks or (source != RAIL_SOURCE and RAIL_TYPE not in (values.get("categories") or ())):
            return
        self.numbers.append(story.number)
        lead = values.get("lead_unit_id") or 0
        kind = self.inputs.units.get(str(lead), ("", "", ""))[2]
        side = (story.moves[0].told.get("answers") or {}).get(RAIL_SIDE)
        keys = {"责任方": NOT_ASSIGNED if not lead else RAILWAY_UNITS if kind == RAIL_TYPE else LOCAL_UNITS,
                "侧别": SIDES.get(str(side), NO_SIDE), "责任单位": unit_name(lead, self.inputs)}
        for name, key in keys.items():
            self.groups[name][key].add(story.number, marked.marks)

    def section(self) -> Section:
        """Three tables that each sum to the same total."""
        whole = Piles.of_all(self.groups["责任方"].values())
        if not self.numbers:
            return Section("八、铁路沿线环境问题", ("本月没有应办的铁路沿线环境问题。",))
        new = f"，其中本月登记 {whole[M.new]} 件" if whole[M.new] else ""
        ends = counts_told((("月末已办结", whole[M.handled]), ("已销号", whole[M.struck_off]), ("超期", whole[M.overdue])))
        said = f"本月应办铁路沿线环境问题 {whole[M.load]} 件{new}；{f'{ends}，' if ends else ''}办结率 {_handled_rate(whole).text()}。"
        tables = tuple(self._split_table(name, parts, whole) for name, parts in self.groups.items())
        count = Figure("railway", "铁路沿线应办", whole[M.load], "来源为铁路沿线环境问题，或问题类型含铁路沿线的本月应办案件")
        return Section("八、铁路沿线环境问题", (said,), (count,), tables)

    @staticmethod
    def _split_table(name: str, parts: Mapping[str, Piles[Mark]], whole: Piles[Mark]) -> Table:
        columns = (Column(name, width=18), Column("本月应办", "number"), Column("本月登记", "number"), Column("月末已办结", "number"),
                   Column("月末已销号", "number"), Column("月末超期", "number"), Column("办结率", "rate", 14))
        heads = (M.load, M.new, M.handled, M.struck_off, M.overdue)
        rows: tuple[tuple[Cell, ...], ...] = tuple((key, *(parts[key][mark] for mark in heads), _handled_rate(parts[key]))
                     for key in sorted(parts, key=lambda key: (-parts[key][M.load], key)))
        return Table(f"按{name}", columns, rows, ("合计", *(whole[mark] for mark in heads), _handled_rate(whole)), "各行之和等于合计。")


def _handled_rate(counted: Piles[Mark]) -> Rate:
    return Rate(counted[M.handled], counted[M.rated], "办结率 = 月末已办结 ÷ 本月应办（不含并案、移送、不予受理、作废）")


class City:
    """Open cases that need the city: escalated, supervised by order, disputed for too long, or led by a unit of the city."""

    def __init__(self, inputs: Inputs, span: Span) -> None:
        self.inputs, self.span = inputs, span
        days = int(inputs.rules.get("dispute_days") or DISPUTE_DAYS)
        self.days, self.until = days, inputs.dispute_until or inputs.today - timedelta(days=days)
        self.lines: list[Named] = []

    def add(self, story: Story, marked: Marked) -> None:
        """Keep a case that gives a reason."""
        if marked.end.state not in FINAL and (reasons := self._city_reasons(story, marked)):
            self.lines.append(named(story, marked, self.inputs, said="；".join(reasons)))

    def section(self) -> Section:
        """The list with its reasons."""
        heading, lines = "九、提请市级协调和督办事项", sorted(self.lines, key=lambda line: line.number)
        if not lines:
            return Section(heading, ("月末没有需提请市级协调或正在督办的案件。",))
        columns = (*CASE_COLUMNS, Column("整改时限", "date"), Column("列入原因", width=30))
        rows = tuple((line.number, *line.cells, day_text(line.due_on), line.said) for line in lines)
        note = f"列入范围：已提请市级协调、重点督办或挂牌督办、争议提级满 {self.days} 个工作日仍未指定办理，以及由市级单位主办的未销号案件。"
        return Section(heading, (f"需提请市级协调或正在督办的案件 {len(lines)} 件。",),
                       tables=(Table("市级协调和督办事项", columns, rows, note=note, links=links(lines)),))

    def _city_reasons(self, story: Story, marked: Marked) -> list[str]:
        end, found = marked.end, list[str]()
        escalated = [move.on for move in story.moves if move.kind == Steps.escalate.fact and move.on <= self.span.last]
        if escalated and end.state in OPEN:
            found.append(f"{_short_day(escalated[-1])}提请市级协调")
        if (level := end.values.get("supervision_level")) in ("key", "listed"):
            found.append(SUPERVISION[level])
        disputed = [move.on for move in story.moves if move.kind == Steps.dispute.fact and move.on <= self.span.last]
        if end.state is CaseState.disputed and disputed and disputed[-1] <= self.until:
            found.append(f"{_short_day(disputed[-1])}争议提级，已逾指定办理期限")
        if self.inputs.units.get(str(end.values.get("lead_unit_id")), ("", "", ""))[2] == "city":
            found.append("由市级单位主办")
        return found


def _short_day(on: date) -> str:
    return f"{on.month}月{on.day}日"


