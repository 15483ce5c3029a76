"""周调度: the sheet of every unit and of the district, the balance of the stock, what can be closed, and what needs coordination."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date

from tracker.domain.cases.facts import COMPLETED, CaseState
from tracker.domain.cases.flow import Steps
from tracker.domain.cases.stories import Story
from tracker.domain.house.links import Link, to_case
from tracker.domain.reports.beside.acts import acts_sections
from tracker.domain.reports.beside.backlog import NOTHING, backlog_cases, backlog_section
from tracker.domain.reports.case_lines import CaseLine, line_of, unit_name, unit_order
from tracker.domain.reports.checked.unconfirmed import Unconfirmed
from tracker.domain.reports.counting import CaseCount, Piles, Rate
from tracker.domain.reports.document import Cell, Chart, Column, Document, Figure, PaperPart, Section, Table
from tracker.domain.reports.imprint import counted_between, counts_told, foot, leader
from tracker.domain.reports.inputs import Inputs
from tracker.domain.reports.stock import MOVEMENTS, NOBODY, WITHIN, Stock

S = CaseState
BALANCE_COLUMNS = (Column("单位", width=18), Column("上周存量", "number"), *(Column(head, "number") for _, head, _ in MOVEMENTS),
                   Column("本周存量", "number"))
SHEET_COLUMNS = (
    Column("编号", "case", 14), Column("来源", width=14, is_for_sheets=True), Column("问题", width=22),
    Column("地点", width=16, is_for_sheets=True), Column("责任单位", width=12), Column("包案领导", width=8, is_for_sheets=True),
    Column("交办日", "date", 9, is_for_sheets=True), Column("整改时限", "date", 9), Column("灯色", "light", 6), Column("本周进展", width=22),
    Column("存在问题", width=16, is_for_sheets=True), Column("需协调事项", width=20, is_for_sheets=True), Column("下一步", width=16),
    Column("核查结论", width=16, is_for_sheets=True), Column("拟销号", width=6, is_for_sheets=True),
)
CLOSING_AT = (0, 2, 4, 13)  # of the columns above, those of the list of proposed closings
# What is counted of a unit's stock and of its week: key, head.
WORK: tuple[tuple[str, str], ...] = (
    ("open", "未办结"), ("phased", "阶段性办结"), ("done", "已办结待销号"), ("yellow", "临期"), ("red", "超期"), ("submitted", "本周报送"),
    ("verified", "本周核查通过"), ("rejected", "本周核查不通过"),
)
EVENTS: dict[str, str] = {Steps.submit.fact: "submitted", Steps.verify.fact: "verified", Steps.reject.fact: "rejected"}
LIGHT_ORDER = {"red": 0, "yellow": 1, "green": 2, "blue": 3}
SPLIT_HEADS = (("new", "新增"), ("closed", "销号"), ("closing", "本周存量"), ("red", "超期"))
PRINTED = {key for key, _ in SPLIT_HEADS}
FAR = date.max
NO_STOCK = "本周没有存量案件"
STOCK = "统计时刻已登记、未销号且未并案、未移送、未被不予受理、未作废的案件"
NOT_LIT = "待核查、缓办和已办结的不计"
VERIFIED = "核查通过率 = 本周核查通过次数 ÷ 本周核查次数，每次核查各计一次"
PROPOSED = "核查通过且无须公示，或公示期满；导入的历史案件不列入"
DEFINITIONS = (
    f"存量：{STOCK}。",
    "平衡式：上周存量 + 新增 − 销号 − 并案 − 移送 − 不予受理 − 作废 + 重开 + 撤销并案 = 本周存量；分单位另加改派转入、减改派转出。不平衡的表不能生成。",
    "新增：本周登记的案件，本周内交办的计入首个主办单位，未交办的列“未交办”。改派转入、转出：存量案件换了主办单位，包括退回和再交办；全区没有改派。",
    "作废含撤回的导入批次；上周存量里的案件被撤回导入时列入作废，登记与撤回都在同一统计期的不计。",
    "统计期自上一期截止时刻起，至本期截止时刻止（不含），各期首尾相接。案件按主办单位只计一次；协办另列，按单位分别计，不并入存量。",
    f"临期、超期按截止当日的灯色：在办案件的时限已过为超期，剩余工作日不多于规定天数为临期；{NOT_LIT}。",
    "本周报送、核查为次数，同一案件可以多次，记在当时的主办单位。",
    f"拟销号：{PROPOSED}；证据是否齐全在销号时核验。",
    "标题和地点取自制表时的台账并已脱敏。此后的更正只反映在下一期。",
)


class Weekly:
    """Counts one week; the sheet refuses to exist when it does not balance."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.stock, self.unconfirmed = Stock(inputs.window), Unconfirmed(inputs.window)
        self.lines: list[CaseLine] = []
        self.work: dict[int, Piles[str]] = defaultdict(Piles)
        self.supporting: Piles[int] = Piles()
        self.by_source: dict[str, Piles[str]] = defaultdict(Piles)
        self.by_area: dict[str, Piles[str]] = defaultdict(Piles)
        self.by_type: dict[str, Piles[str]] = defaultdict(Piles)
        self.cases: dict[str, list[str]] = defaultdict(list)

    def add(self, story: Story) -> None:
        """CaseCount one case."""
        told = self.stock.add(story)
        self.unconfirmed.add(story)
        for move in story.during(self.inputs.window):
            if key := EVENTS.get(move.kind):
                self.work[move.values.get("lead_unit_id") or NOBODY].add(story.number, (key,))
                self.cases[key].append(story.number)
        if "closing" in told:
            told |= self._add_standing(story)
        if printed := told & PRINTED:
            for split, keys in self._split_keys(story):
                for key in keys:
                    split[key].add(story.number, printed)

    def wanted(self) -> tuple[str, ...]:
        """Everything in the stock stands in the sheet, and what waits for a meeting in a list."""
        return tuple(dict.fromkeys((*(line.number for line in self.lines), *backlog_cases(self.inputs))))

    def document(self, texts: Mapping[str, tuple[str, str]]) -> Document:
        """The finished review. Raises `Broken` when any row does not balance."""
        self.stock.check()
        self.unconfirmed.check()
        inputs, period = self.inputs, self.inputs.period
        self.lines.sort(key=lambda line: (unit_order(line.unit_id, inputs), LIGHT_ORDER[line.light], line.due_on or FAR,
                                          line.number))
        cases = {key: tuple(sorted(numbers)) for key, numbers in ({**self.stock.cases, **self.cases}).items()}
        return Document(
            name="weekly", period=period.key, area_code=inputs.area_code, title=f"{inputs.area_name}生态环境问题整改周调度（{period.word}）",
            subtitle=counted_between(inputs), as_of=inputs.window.cuts.isoformat(),
            sections=(self._summary_section(), self._proposed_section(texts), self._matters_section(texts), self._units_section(),
                      self._split_section(), self._sheet_section(texts),
                      *acts_sections(inputs, "附表4　联动事项", PaperPart.annex),
                      Section("口径说明", DEFINITIONS, part=PaperPart.notes)),
            cases=cases, foot=foot(inputs))

    # --- counting ---------------------------------------------------------------------------------------------------------

    def _add_standing(self, story: Story) -> set[str]:
        """A case of the stock: its line, its work and its light."""
        line, state = line_of(story, self.inputs), story.last.state
        self.lines.append(line)
        kind = "phased" if state is S.phased else "done" if state in COMPLETED else "open"
        keys = [kind, *([line.light] if line.light in ("yellow", "red") else []),
                *(["suspended"] if state is S.suspended else [])]
        self.work[line.unit_id].add(story.number, keys)
        for key in keys:
            self.cases[key].append(story.number)
        self.supporting.add(story.number, story.get("supporting_unit_ids") or ())
        if line.is_proposed:
            self.cases["proposed"].append(story.number)
        if line.matters:
            self.cases["matters"].append(story.number)
        return set(keys)

    def _split_keys(self, story: Story) -> tuple[tuple[dict[str, Piles[str]], tuple[str, ...]], ...]:
        values = story.last.values
        area = values.get("area_code") or ""
        return ((self.by_source, (str(values.get("source_id")),)), (self.by_area, (area[:9],)),
                (self.by_type, tuple(values.get("categories") or ()) or ("",)))

    # --- saying -----------------------------------------------------------------------------------------------------------

    def _summary_section(self) -> Section:
        line, work = self.stock.district, Piles.of_all(self.work.values())
        verified, rejected = work["verified"], work["rejected"]
        figures = (
            Figure("opening", "上周存量", line.opening, STOCK),
            *(Figure(key, head, line.moved[key], f"统计期内{head}的件数，一件多次的分别计") for key, head, _ in MOVEMENTS if key not in WITHIN),
            Figure("closing", "本周存量", line.closing, STOCK),
            Figure("red", "超期", work["red"], f"截止当日时限已过的在办案件；{NOT_LIT}"),
            Figure("yellow", "临期", work["yellow"], f"截止当日剩余工作日不多于规定天数的在办案件；{NOT_LIT}"),
            Figure("done", "已办结待销号", work["done"], "核查通过、公示中、公示期满"), Figure("phased", "阶段性办结", work["phased"], "单列，不算办结"),
            Figure("suspended", "缓办", work["suspended"], "存量中时钟暂停的案件"),
            Figure("proposed", "拟销号", len(self.cases["proposed"]), PROPOSED),
            Figure("verified", "核查通过率", Rate(verified, verified + rejected, VERIFIED), VERIFIED),
        )
        ended = sum(line.moved[key] for key in ("merged", "transferred", "declined", "voided"))
        back = line.moved["reopened"] + line.moved["unmerged"]
        moved = counts_told((("上周存量", line.opening), ("本周新增", line.moved["new"]), ("销号", line.moved["closed"]),
                             ("并案、移送、不予受理和作废", ended), ("重开和撤销并案", back)))
        standing = counts_told((("超期", work["red"]), ("临期", work["yellow"]), ("已办结待销号", work["done"]),
                                ("阶段性办结", work["phased"]), ("缓办", work["suspended"])))
        closing = f"本周存量 {line.closing} 件{f'；其中{standing}' if standing else ''}" if line.closing else NO_STOCK
        passed = f"，通过 {verified} 次" if verified else "，没有通过的"
        checks = f"本周核查 {verified + rejected} 次{passed}。" if verified + rejected else ""
        return Section("一、总体情况", (f"{f'{moved}，' if moved else ''}{closing}。{checks}",), figures, part=PaperPart.text)

    def _units_section(self) -> Section:
        """The balance of every unit, and what each has to do."""
        balance, charts = self._balance_table()
        checked = self.unconfirmed.table()
        tables = (balance, self._by_unit(), *([checked] if checked is not None else []))
        return Section("附表1　存量平衡和分单位情况", tables=tables, charts=charts, part=PaperPart.annex)

    def _balance_table(self) -> tuple[Table, tuple[Chart, ...]]:
        units = [unit for unit in self._known_units() if any(self.stock.units[unit].cells())]
        rows = tuple(_cells_of(unit_name(unit, self.inputs), *self.stock.units[unit].cells()) for unit in units)
        between = {key: CaseCount.of_all(self.stock.units[unit].moved[key] for unit in units) for key in WITHIN}
        moved = {**self.stock.district.moved, **between}
        total = _cells_of("合计", self.stock.district.opening, *(moved[key] for key, _, _ in MOVEMENTS),
                          self.stock.district.closing)
        chart = Chart(leader("本周存量", [(unit_name(u, self.inputs), self.stock.units[u].closing) for u in units]), "bars",
                      tuple(unit_name(u, self.inputs) for u in units),
                      (("上周存量", tuple(self.stock.units[u].opening for u in units)),
                       ("本周存量", tuple(self.stock.units[u].closing for u in units))))
        table = Table("存量平衡表（件）", BALANCE_COLUMNS, rows, total, "各行均已核对平衡；各单位之和等于全区。")
        return table, (chart,) if rows else ()

    def _by_unit(self) -> Table:
        columns = (Column("单位", width=18), Column("主办存量", "number", is_for_sheets=True),
                   *(Column(head, "number", is_for_sheets=key == "open") for key, head in WORK), Column("协办（按单位计）", "number"))
        rows, totals = list[tuple[Cell, ...]](), Piles.of_all(self.work.values())
        for unit in self._known_units():
            counted = self.work[unit]
            cells = (self.stock.units[unit].closing, *(counted[key] for key, _ in WORK), self.supporting[unit])
            if any(cells):
                rows.append((unit_name(unit, self.inputs), *cells))
        assignments = CaseCount.of_all(self.supporting.values())
        led = self.stock.district.closing - self.stock.units[NOBODY].closing
        total = _cells_of("合计", self.stock.district.closing, *(totals[key] for key, _ in WORK), assignments)
        both = f"（主办 {led}，协办 {assignments}）" if led and assignments else ""
        note = (f"案件 {self.stock.district.closing} 件，其中已有主办单位 {led} 件；按单位分别计共 {led + assignments} 件{both}。"
                "主办各列之和等于案件总数，协办按单位分别计，一案可有多个协办单位。")
        return Table("分单位办理情况", columns, tuple(rows), total, note)

    def _split_section(self) -> Section:
        tables = (
            self._split_table("按来源", self.by_source, lambda key: self.inputs.sources.get(key, ("", "未知来源"))[1], True),
            self._split_table("按区域", self.by_area, lambda key: self.inputs.areas.get(key, key or "未填区域"), True),
            self._split_table("按问题类型", self.by_type, lambda key: self.inputs.categories.get(key, "未分类"), False),
        )
        return Section("附表2　分类统计", tables=tables, part=PaperPart.annex)

    def _split_table(self, title: str, counts: Mapping[str, Piles[str]], name: Callable[[str], str],
                     is_exclusive: bool) -> Table:
        kept = sorted((key for key in counts if any(counts[key].values())),
                      key=lambda key: (-counts[key]["closing"], name(key), key))
        rows = tuple(_cells_of(name(key), *(counts[key][each] for each, _ in SPLIT_HEADS)) for key in kept)
        whole = {each: CaseCount(set(self.stock.cases.get(each, self.cases.get(each, ())))) for each, _ in SPLIT_HEADS}
        note = "案件数，各行之和等于合计。" if is_exclusive else "一件案件可以涉及多种问题，各类之和可以大于合计。"
        columns = (Column(head, "number", is_for_sheets=key == "closed") for key, head in SPLIT_HEADS)
        return Table(title, (Column(title[1:], width=18), *columns), rows,
                     _cells_of("案件数", *(whole[each] for each, _ in SPLIT_HEADS)), note)

    def _proposed_section(self, texts: Mapping[str, tuple[str, str]]) -> Section:
        lines = [line for line in self.lines if line.is_proposed]
        said = f"本周拟销号 {len(lines)} 件，请区领导或包案领导审核。" if lines else "本周没有拟销号的案件。"
        rows = tuple(tuple(_sheet_row(line, texts)[at] for at in CLOSING_AT) for line in lines)
        columns = tuple(SHEET_COLUMNS[at] for at in CLOSING_AT)
        table = Table("拟销号清单", columns, rows, links=_case_links(lines))
        return Section("二、拟销号清单", (said,), tables=(table,) if lines else (), part=PaperPart.text)

    def _matters_section(self, texts: Mapping[str, tuple[str, str]]) -> Section:
        """The backlog of joint meetings; of a week that is made later, what the facts of its cases say."""
        if self.inputs.backlog is not None:
            return backlog_section("三、需协调事项", self.inputs, texts)
        lines = [line for line in self.lines if line.matters]
        said = f"需要协调的案件 {len(lines)} 件。" if lines else NOTHING
        columns = (SHEET_COLUMNS[0], SHEET_COLUMNS[2], SHEET_COLUMNS[4], Column("需协调事项", width=40), SHEET_COLUMNS[12])
        rows = tuple((line.number, texts.get(line.number, ("", ""))[0], line.cells[1], "；".join(line.matters), line.cells[9])
                     for line in lines)
        table = Table("需协调事项", columns, rows, links=_case_links(lines))
        return Section("三、需协调事项", (said,), tables=(table,) if lines else (), part=PaperPart.text)

    def _sheet_section(self, texts: Mapping[str, tuple[str, str]]) -> Section:
        """Every case of the stock in one list, by units."""
        table = Table("调度表", SHEET_COLUMNS, tuple(_sheet_row(line, texts) for line in self.lines), links=_case_links(self.lines))
        return Section("附表3　调度表", () if self.lines else (f"{NO_STOCK}。",), tables=(table,) if self.lines else (),
                       part=PaperPart.list)

    def _known_units(self) -> list[int]:
        """Every unit that stands anywhere, in the order of codes."""
        known = {*self.stock.units, *self.work, *self.supporting}
        return sorted(known, key=lambda unit: unit_order(unit, self.inputs))


def _cells_of(*cells: Cell) -> tuple[Cell, ...]:
    return cells


def _sheet_row(line: CaseLine, texts: Mapping[str, tuple[str, str]]) -> tuple[Cell, ...]:
    source, *rest = line.cells
    return (line.number, source, *texts.get(line.number, ("", "")), *rest)


def _case_links(lines: list[CaseLine]) -> tuple[Link, ...]:
    return tuple(to_case(line.number) for line in lines)
