"""日巡查日志与当日小结: what patrols found, what came in and went out, what is overdue, and the seal of the ledger."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from tracker.domain.cases.facts import FINAL
from tracker.domain.cases.flow import ASSIGNED, OtherFacts, Steps
from tracker.domain.cases.stories import Move, Story
from tracker.domain.cases.wording import CHANNELS, STATES, doer
from tracker.domain.house.links import to_case
from tracker.domain.reports.beside.acts import acts_sections
from tracker.domain.reports.case_lines import day_text, light_of, recalled_of, source_text, unit_name, unit_order
from tracker.domain.reports.counting import CaseCount, Piles
from tracker.domain.reports.document import Cell, Column, Document, Figure, Section, Table
from tracker.domain.reports.imprint import counted_between, foot
from tracker.domain.reports.inputs import Inputs
from tracker.domain.rules.lights import days_overdue

PATROL_CHANNELS = ("patrol", "train", "onsite", "drone", "device")
NOTHING_FOUND = "本期巡查无发现。"
NO_WORK = "当日没有进出，现无存量案件。"
# Facts of the day that are counted: key, head, fact kinds, definition.
EVENTS: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    ("received", "受理登记", (OtherFacts.registered.fact,), "统计期内登记的案件"),
    ("assigned", "交办", ASSIGNED, "统计期内交办和指定办理的次数"),
    ("submitted", "报送整改", (Steps.submit.fact,), "统计期内报送的次数"),
    ("verified", "核查通过", (Steps.verify.fact,), "统计期内核查通过的次数"),
    ("rejected", "核查不通过", (Steps.reject.fact,), "统计期内核查不通过的次数"),
    ("closed", "销号", (Steps.close.fact,), "统计期内销号的次数"),
    ("reopened", "重开", (Steps.reopen.fact,), "统计期内回头看后重开的次数"),
)
LIGHTS = (("red", "超期", "截止当日时限已过的在办案件"), ("yellow", "临期", "截止当日剩余工作日不多于规定天数的在办案件"))
KEY_OF = {kind: key for key, _, kinds, _ in EVENTS for kind in kinds}
PATROL_COLUMNS = (
    Column("时间", "date", 10), Column("编号", "case", 14), Column("方式", width=12), Column("发现人", width=10), Column("问题", width=24),
    Column("地点", width=20), Column("类型", width=12), Column("当场处置", width=8), Column("现状", width=10),
)
DUE_COLUMNS = (Column("编号", "case", 14), Column("来源", width=16), Column("问题", width=24), Column("责任单位", width=14),
               Column("整改时限", "date", 10),
               Column("超期天数", "number", 8))
DEFINITIONS = (
    "巡查发现：统计期内登记、渠道为日常巡查、线上乘火车看、线下实地查、空中无人机拍或设备发现的案件；没有发现的日子也出日志。",
    "当场处置：登记当日即核查通过或销号。各项次数记在当时的主办单位，同一案件一日内可以多次。",
    "临期、超期：按截止当日的灯色；待核查、缓办和已办结的不计。标题和地点取自制表时的台账并已脱敏。",
)


@dataclass(frozen=True, slots=True)
class _Found:
    """One finding of a patrol."""

    at: str
    number: str
    is_at_once: bool
    cells: tuple[Cell, ...]  # channel, who, types, at once, state


@dataclass(frozen=True, slots=True)
class _Due:
    """One case that is late or soon will be."""

    due: str
    number: str
    unit_id: int
    source: str
    days: int | None


class Daily:
    """Counts one day, from cut to cut."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.found: list[_Found] = []
        self.due: dict[str, list[_Due]] = {"red": [], "yellow": []}
        self.units: dict[int, Piles[str]] = defaultdict(Piles)
        self.cases: dict[str, list[str]] = {key: [] for key in ("patrol", *KEY_OF.values(), "red", "yellow", "open")}

    def add(self, story: Story) -> None:
        """CaseCount one case."""
        last = story.last
        if last.at < self.inputs.window.opens and last.state in FINAL:
            return
        moves, recalled = story.during(self.inputs.window), recalled_of(story.moves)
        for move in moves:
            if (key := KEY_OF.get(move.kind)) and move.seq not in recalled:
                self.cases[key].append(story.number)
                self.units[move.values.get("lead_unit_id") or 0].add(story.number, (key,))
        if moves and moves[0].seq == 1 and last.values.get("channel") in PATROL_CHANNELS:
            self.cases["patrol"].append(story.number)
            self.found.append(self._finding_of(story, moves))
        if last.state not in FINAL:
            self._add_standing(story)

    def wanted(self) -> tuple[str, ...]:
        """What patrols found, and what is late or soon will be."""
        return tuple(dict.fromkeys([*(each.number for each in self.found),
                                    *(d.number for lines in self.due.values() for d in lines)]))

    def document(self, texts: Mapping[str, tuple[str, str]]) -> Document:
        """The finished day; a day with nothing found says so."""
        inputs, period = self.inputs, self.inputs.period
        return Document(
            name="daily", period=period.key, area_code=inputs.area_code, title=f"{inputs.area_name}日巡查日志与当日小结（{period.word}）",
            subtitle=counted_between(inputs), as_of=inputs.window.cuts.isoformat(),
            sections=(self._patrol_section(texts), self._figures_section(), self._by_unit(), *self._light_sections(texts),
                      *acts_sections(inputs, "联动事项"),
                      Section("口径说明", DEFINITIONS)),
            cases={key: tuple(sorted(set(numbers))) for key, numbers in self.cases.items()}, foot=foot(inputs))

    # --- counting ---------------------------------------------------------------------------------------------------------

    def _finding_of(self, story: Story, moves: tuple[Move, ...]) -> _Found:
        first, values = story.moves[0], story.last.values
        is_at_once = any(m.on == first.on and m.kind in (Steps.verify.fact, Steps.close.fact) for m in moves)
        types = "、".join(self.inputs.categories.get(each, each) for each in values.get("categories") or ()) or "未分类"
        who = doer(first.actor_id, self.inputs.people.get(str(first.actor_id)))
        local = first.at.astimezone(self.inputs.window.cuts.tzinfo)
        return _Found(f"{local:%Y-%m-%d %H:%M}", story.number, is_at_once, (
            CHANNELS[values["channel"]], who, types, "是" if is_at_once else "否", STATES[story.last.state]))

    def _add_standing(self, story: Story) -> None:
        """A case that is still on the ledger: its unit and its light."""
        last, light = story.last, light_of(story.last, self.inputs)
        unit, due_on = last.values.get("lead_unit_id") or 0, last.values.get("due_on")
        self.cases["open"].append(story.number)
        self.units[unit].add(story.number, ("open",))
        if light in self.due:
            self.cases[light].append(story.number)
            self.units[unit].add(story.number, (light,))
            days = days_overdue(due_on, self.inputs.today) if light == "red" and due_on else None
            self.due[light].append(_Due(day_text(due_on), story.number, unit, source_text(last.values, self.inputs), days))

    # --- saying -----------------------------------------------------------------------------------------------------------

    def _patrol_section(self, texts: Mapping[str, tuple[str, str]]) -> Section:
        found = sorted(self.found, key=lambda each: (each.at, each.number))
        if not found:
            return Section("一、巡查日志", (NOTHING_FOUND,))
        rows = []
        for each in found:
            channel, who, types, is_at_once, state = each.cells
            rows.append((each.at, each.number, channel, who, *texts.get(each.number, ("", "")), types, is_at_once, state))
        by_channel = Counter(str(each.cells[0]) for each in found)
        said = "、".join(f"{channel} {amount} 件" for channel, amount in sorted(by_channel.items(), key=lambda p: (-p[1], p[0])))
        at_once = sum(each.is_at_once for each in found)
        table = Table("巡查发现", PATROL_COLUMNS, tuple(rows), links=tuple(to_case(each.number) for each in found))
        return Section("一、巡查日志", (f"本期巡查发现问题 {len(found)} 件（{said}），当场处置 {at_once} 件。",), tables=(table,))

    def _figures_section(self) -> Section:
        figures = (
            Figure("patrol", "巡查发现", len(self.cases["patrol"]), DEFINITIONS[0]),
            *(Figure(key, head, len(self.cases[key]), said) for key, head, _, said in EVENTS),
            Figure("open", "现有存量", len(self.cases["open"]), "截止时刻未销号且未并案、移送、不予受理、作废的案件"),
            *(Figure(key, head, len(self.cases[key]), said) for key, head, said in LIGHTS))
        said = "；".join(f"{f.word} {f.value}" for f in figures if f.value)
        return Section("二、当日小结", (f"{said}。" if said else NO_WORK,), figures)

    def _by_unit(self) -> Section:
        heads = (*((key, head) for key, head, _, _ in EVENTS), ("open", "现有存量"), *((key, head) for key, head, _ in LIGHTS))
        units = sorted((u for u in self.units if any(self.units[u].values())), key=lambda u: unit_order(u, self.inputs))
        rows = tuple(_cells_of(unit_name(u, self.inputs), *(self.units[u][key] for key, _ in heads)) for u in units)
        total = _cells_of("合计", *(CaseCount.of_all(self.units[u][key] for u in units) for key, _ in heads))
        columns = (Column("单位", width=18), *(Column(head, "number") for _, head in heads))
        return Section("三、分单位情况", tables=(Table("分单位情况", columns, rows, total, "各行之和等于合计；未交办的案件单列。"),) if rows else ())

    def _light_sections(self, texts: Mapping[str, tuple[str, str]]) -> tuple[Section, ...]:
        sections = []
        for (key, head, _), number in zip(LIGHTS, "四五", strict=True):
            lines = sorted(self.due[key], key=lambda d: (d.due, d.number))
            rows = tuple((d.number, d.source, texts.get(d.number, ("", ""))[0], unit_name(d.unit_id, self.inputs), d.due, d.days)
                         for d in lines)
            table = Table(f"{head}案件", DUE_COLUMNS, rows, links=tuple(to_case(d.number) for d in lines))
            sections.append(Section(f"{number}、{head}", (f"{head}案件 {len(rows)} 件。" if rows else f"没有{head}案件。",), tables=(table,
                                    ) if rows else ()))
        return tuple(sections)


def _cells_of(*cells: Cell) -> tuple[Cell, ...]:
    return cells
