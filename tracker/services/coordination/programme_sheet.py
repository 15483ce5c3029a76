"""A programme on a day as a paper: zones by phases, the milestones with plan, result and drift, and the picture of the plan."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from tracker.domain.acts.facts import DutyState
from tracker.domain.acts.wording import DUTY_STATES
from tracker.domain.cases.wording import day_words
from tracker.domain.coordination.programmes import INDICATORS
from tracker.domain.coordination.schedules import LIGHT_WORDS, PlannedMilestone, Progress, drift_text, points
from tracker.domain.house.say import Say
from tracker.domain.reports.document import Cell, Chart, Column, Document, Section, Table
from tracker.gateways.house.chart_spans import PlanSpan, SpanWords, span_chart
from tracker.services.coordination.schedules import ProgrammeOn
from tracker.storage.acts.page import ActHead

Tell = Callable[[str], str]
PICTURE_WORDS = (Say("各节点的计划与实际"), Say("开始"), Say("计划"), Say("原计划"), Say("实际"), Say("已报待核"), Say("截至"))
CELLS = (("片区", "text", 16), ("分期", "text", 12), ("应达（%）", "text", 10), ("实际（%）", "text", 10), ("偏差（百分点）", "text", 12),
         ("灯", "text", 8))
MILESTONES = (("序号", "number", 6), ("片区", "text", 12), ("分期", "text", 10), ("节点", "text", 24), ("责任单位", "text", 18),
              ("考量方式", "text", 10), ("权重", "number", 7), ("起", "date", 12), ("止", "date", 12), ("原定止", "date", 12),
              ("应达（%）", "text", 10), ("实际（%）", "text", 10), ("偏差（百分点）", "text", 12), ("灯", "text", 8), ("状态", "text", 10))


def sheet_of(head: ActHead, found: ProgrammeOn, units: Mapping[int, str], area_code: str, tell: Tell = str) -> Document:
    """The paper; `tell` says its words in the reader's language. Its numbers are those of the page on the same day."""
    whole = found.schedule.whole if found.plan.is_adopted else None
    opening = (tell(Say("截至 {day}，应达 {plan}%，实际 {actual}%，偏差 {drift} 个百分点。", day=found.schedule.on, plan=whole.plan_points,
                        actual=whole.actual_points, drift=drift_text(whole.drift))) if whole else tell(Say("尚未实施。")),)
    tables = (_sheet_table(tell, Say("片区和分期"), CELLS, _cell_rows(found, tell)),
              _sheet_table(tell, Say("节点"), MILESTONES, _milestone_rows(found, units, tell)))
    return Document("programme", str(found.schedule.on), area_code, tell(head.title), head.number, day_words(found.schedule.on),
                    (Section(tell(Say("总体")), opening, tables=tables[:1]),
                     Section(tell(Say("图示")), charts=tuple(charts_of(found, tell))),
                     Section(tell(Say("节点")), tables=tables[1:])))


def charts_of(found: ProgrammeOn, tell: Tell = str) -> list[Chart]:
    """The picture of the plan, and month by month what was due and what was there; none before there is anything to draw."""
    schedule = found.schedule
    if not schedule.counting or not found.plan.is_adopted:
        return []
    words = SpanWords(*(tell(word) for word in PICTURE_WORDS))
    spans = [PlanSpan(where_said(found, each), each.starts_on, each.due_on, each.first_due_on or each.due_on,
                      each.actual(schedule.is_done), each.reported_beyond(schedule.is_done)) for each in schedule.counting]
    charts = [span_chart(words, spans, schedule.on)]
    curve = [(each.on, whole) for each in found.curve if (whole := each.whole) is not None]
    if len(curve) > 1:
        charts.append(Chart(tell(Say("逐月应达与实际（%）")), "lines", tuple(f"{on:%Y-%m}" for on, _ in curve), (
            (tell(Say("应达")), tuple(int(points(whole.plan).to_integral_value()) for _, whole in curve)),
            (tell(Say("实际")), tuple(int(points(whole.actual).to_integral_value()) for _, whole in curve)))))
    return charts


def where_said(found: ProgrammeOn, milestone: PlannedMilestone) -> str:
    """Zone and phase of a milestone."""
    return f"{found.plan.zones[milestone.zone]} · {found.plan.phases[milestone.phase]}"


def _sheet_table(tell: Tell, title: str, columns: tuple[tuple[str, str, int], ...], rows: Iterator[tuple[Cell, ...]]) -> Table:
    return Table(tell(title), tuple(Column(tell(Say(head)), kind, width) for head, kind, width in columns), tuple(rows))


def _cell_rows(found: ProgrammeOn, tell: Tell) -> Iterator[tuple[Cell, ...]]:
    plan, schedule = found.plan, found.schedule
    for zone, name in plan.zones.items():
        for phase, phase_name in plan.phases.items():
            if (zone, phase) in plan.blanks:
                yield (name, phase_name, tell(Say("不涉及")), "", "", "")
            else:
                yield (name, phase_name, *_standing_cells(found, schedule.cell(zone, phase), tell))
        yield (name, tell(Say("合计")), *_standing_cells(found, schedule.of_zone(zone), tell))


def _milestone_rows(found: ProgrammeOn, units: Mapping[int, str], tell: Tell) -> Iterator[tuple[Cell, ...]]:
    plan, schedule = found.plan, found.schedule
    for each in plan.in_order():
        counts = plan.is_adopted and each.state is not DutyState.waived
        yield (each.position, plan.zones[each.zone], plan.phases[each.phase], each.title, units.get(each.unit_id, "—"),
               tell(Say(dict(INDICATORS)[each.indicator])), each.weight, str(each.starts_on), str(each.due_on),
               str(each.first_due_on) if each.has_ghost else "", *_standing_cells(found, schedule.of(each) if counts else None, tell),
               tell(Say(DUTY_STATES[each.state])) if plan.is_adopted else "")


def _standing_cells(found: ProgrammeOn, progress: Progress | None, tell: Tell) -> tuple[str, str, str, str]:
    if progress is None or not found.plan.is_adopted:
        return ("—", "—", "—", "")
    drift: Decimal = progress.drift
    return (str(progress.plan_points), str(progress.actual_points), drift_text(drift),
            tell(Say(LIGHT_WORDS[progress.light(found.schedule.bounds)])))
