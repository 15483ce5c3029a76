"""Programmes as their page shows them: zones and phases with their lights on a day, the picture of the plan, its two curves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask, request
from markupsafe import Markup

from tracker.domain.acts.facts import DutyState
from tracker.domain.acts.wording import DUTY_STATES
from tracker.domain.coordination.programmes import INDICATORS, KIND, WHOLE, ProgrammeState, ProgrammeSteps
from tracker.domain.coordination.schedules import LIGHT_WORDS, PlannedMilestone, Progress, ScheduleOn, drift_text, points
from tracker.domain.house.say import Say
from tracker.domain.reports.document import Chart
from tracker.gateways.house.chart_spans import PlanSpan, SpanWords, span_chart
from tracker.gateways.house.charts import chart_svg
from tracker.services.coordination.schedules import ProgrammeOn, programme_on
from tracker.services.house.work import reading
from tracker.storage.acts.page import ActPage, DutyLine
from tracker.storage.cases.entries import FactEntry
from tracker.storage.cases.titles import unit_names
from tracker.web.acts import panels
from tracker.web.acts.panels import ActPanel
from tracker.web.house.business_day import today
from tracker.web.house.drawing.languages import tr
from tracker.web.house.drawing.wording import LIGHT_SHAPES

MEASURES = dict(INDICATORS)
STOPS = (Say("；"), Say("，"), Say("。"))
PICTURE_WORDS = (Say("各节点的计划与实际"), Say("开始"), Say("计划"), Say("原计划"), Say("实际"), Say("已报待核"), Say("截至"))


@dataclass(frozen=True)
class StandingCell:
    """Where something stands, as a cell shows it."""

    light: str
    light_word: str
    actual: str
    plan: str
    drift: str


@dataclass(frozen=True)
class MilestoneLine:
    """One milestone of the table."""

    milestone: PlannedMilestone
    where: str
    unit: str
    measure: str
    state: str
    cell: StandingCell | None
    done_count: int
    outside_count: int
    duty: DutyLine | None


def _day_asked() -> date:
    """The day that is asked about: never one to come."""
    try:
        return min(date.fromisoformat(request.args.get("on", "")), today().on)
    except ValueError:
        return today().on


def _told_programme(page: ActPage, facts: tuple[FactEntry, ...]) -> Mapping[str, Any]:
    on = _day_asked()
    found = programme_on(reading(), facts, on)
    plan, schedule = found.plan, found.schedule
    cells = {(zone, phase): _cell_of(schedule, schedule.cell(zone, phase)) for zone in plan.zones for phase in plan.phases}
    whole = schedule.whole if plan.is_adopted else None
    return {
        "plan": plan, "on": on, "has_days": page.head.state in (ProgrammeState.adopted, ProgrammeState.finished),
        "cells": cells, "whole": _cell_of(schedule, whole), "red_count": whole.red_count if whole else 0,
        "zone_cells": {zone: _cell_of(schedule, schedule.of_zone(zone)) for zone in plan.zones},
        "phase_cells": {phase: _cell_of(schedule, schedule.of_phase(phase)) for phase in plan.phases},
        "revision_count": schedule.revisions_in(on.year, on.month), "programme_steps": ProgrammeSteps,
        "weight": sum(each.weight for each in schedule.counting), "WHOLE": WHOLE, "lines": _lines_of(page, found),
        "pictures": [(chart.title, _picture_of(chart)) for chart in _charts_of(found)] if plan.is_adopted else [],
    }


def _picture_of(chart: Chart) -> Markup:
    """A chart as it is drawn, its description with the stops of the reader's language."""
    drawn = chart_svg(chart)
    for sign in STOPS:
        drawn = drawn.replace(sign, str(tr(sign)))
    return Markup(drawn)  # noqa: S704 - drawn by us


def _cell_of(schedule: ScheduleOn, progress: Progress | None) -> StandingCell | None:
    if progress is None:
        return None
    light = progress.light(schedule.bounds)
    return StandingCell(light.value, f"{LIGHT_SHAPES[light]} {tr(LIGHT_WORDS[light])}", str(progress.actual_points),
                        str(progress.plan_points), drift_text(progress.drift))


def _lines_of(page: ActPage, found: ProgrammeOn) -> list[MilestoneLine]:
    units, plan, schedule = unit_names(reading()), found.plan, found.schedule
    owed = {duty.position: duty for duty in page.duties}
    return [MilestoneLine(each, _where_said(found, each), units.get(each.unit_id, "—"), MEASURES[each.indicator],
                          DUTY_STATES[each.state] if plan.is_adopted else "",
                          _cell_of(schedule, schedule.of(each))
                          if plan.is_adopted and each.state is not DutyState.waived else None,
                          sum(map(schedule.is_done, each.cases)), len(plan.outside.intersection(each.cases)),
                          owed.get(each.position)) for each in plan.in_order()]


def _where_said(found: ProgrammeOn, milestone: PlannedMilestone) -> str:
    return f"{found.plan.zones[milestone.zone]} · {found.plan.phases[milestone.phase]}"


def _charts_of(found: ProgrammeOn) -> list[Chart]:
    schedule = found.schedule
    counting = schedule.counting
    if not counting:
        return []
    words = SpanWords(*(str(tr(word)) for word in PICTURE_WORDS))
    spans = [PlanSpan(_where_said(found, each), each.starts_on, each.due_on, each.first_due_on or each.due_on,
                  each.actual(schedule.is_done), each.reported_beyond(schedule.is_done)) for each in counting]
    charts = [span_chart(words, spans, schedule.on)]
    curve = [(each.on, whole) for each in found.curve if (whole := each.whole) is not None]
    if len(curve) > 1:
        charts.append(Chart(str(tr(Say("逐月应达与实际（%）"))), "lines", tuple(f"{on:%Y-%m}" for on, _ in curve), (
            (str(tr(Say("应达"))), tuple(int(points(whole.plan).to_integral_value()) for _, whole in curve)),
            (str(tr(Say("实际"))), tuple(int(points(whole.actual).to_integral_value()) for _, whole in curve)))))
    return charts


def register(app: Flask) -> None:
    """Hand in the panel."""
    panels.hand_in(app, KIND, ActPanel("acts/kinds/programme.html", _told_programme, shows_duties=True))
