"""Programmes as their page shows them: zones and phases with their lights on a day, the picture of the plan, its two curves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from io import BytesIO
from typing import Any

from flask import Blueprint, Flask, redirect, request, send_file, url_for
from markupsafe import Markup
from werkzeug import Response

from tracker.domain.acts.facts import DutyState
from tracker.domain.acts.wording import DUTY_STATES
from tracker.domain.coordination.programmes import INDICATORS, KIND, WHOLE, ProgrammeState, ProgrammeSteps
from tracker.domain.coordination.schedules import LIGHT_WORDS, PlannedMilestone, Progress, ScheduleOn, drift_text
from tracker.domain.house.actor import Permission
from tracker.domain.house.say import Say
from tracker.domain.reports.document import Chart
from tracker.gateways.house.charts import chart_svg
from tracker.services.acts import access
from tracker.services.coordination.programme_sheet import charts_of, sheet_of, where_said
from tracker.services.coordination.schedules import ProgrammeOn, programme_on
from tracker.services.house.work import reading
from tracker.services.people.taken_out import note_export
from tracker.storage.acts.page import ActPage, DutyLine
from tracker.storage.cases.entries import FactEntry, entries
from tracker.storage.cases.titles import unit_names
from tracker.web.acts import panels
from tracker.web.acts.panels import ActPanel
from tracker.web.house.business_day import today
from tracker.web.house.drawing.languages import tr
from tracker.web.house.drawing.wording import LIGHT_SHAPES
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.master.sheets import DOCX, XLSX

blueprint = Blueprint("programmes", __name__, url_prefix="/programmes")
MEASURES = dict(INDICATORS)
FILES = {"xlsx": ("tracker.gateways.reports.xlsx", XLSX), "docx": ("tracker.gateways.reports.docx", DOCX)}
STOPS = (Say("；"), Say("，"), Say("。"))


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
        return min(date.fromisoformat(request.args.get("day", "")), today().on)
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
        "pictures": [(chart.title, _picture_of(chart)) for chart in charts_of(found, _said_to_reader)] if plan.is_adopted else [],
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
    return [MilestoneLine(each, where_said(found, each), units.get(each.unit_id, "—"), MEASURES[each.indicator],
                          DUTY_STATES[each.state] if plan.is_adopted else "",
                          _cell_of(schedule, schedule.of(each))
                          if plan.is_adopted and each.state is not DutyState.waived else None,
                          sum(map(schedule.is_done, each.cases)), len(plan.outside.intersection(each.cases)),
                          owed.get(each.position)) for each in plan.in_order()]


@blueprint.get("/<number>")
@needs(Permission.act_read)
def show(number: str) -> Response:
    """The page of a programme by its own address."""
    return redirect(url_for("acts.show", number=_programme_page(number).head.number, day=request.args.get("day")))


@blueprint.get("/<number>/sheet.<any(xlsx, docx):kind>")
@needs(Permission.act_read)
def sheet(number: str, kind: str) -> Response:
    """The programme on a day as a workbook, or as a paper with its picture."""
    page, actor = _programme_page(number), current_actor()
    found, units = programme_on(reading(), entries(reading(), page.head.stream), _day_asked()), unit_names(reading())
    note_export(actor, "programme", len(found.plan.milestones), kind, {"key": page.head.number})
    made = sheet_of(page.head, found, units, page.head.area_code, _said_to_reader)
    module, mimetype = FILES[kind]
    return send_file(BytesIO(import_module(module).write(made)), mimetype=mimetype, as_attachment=True,
                     download_name=f"{page.head.number}-{found.schedule.on}.{kind}")


def _programme_page(number: str) -> ActPage:
    page = access.page_for(current_actor(), number)
    if page.head.kind != KIND:
        raise access.no_such_act(number)
    return page


def _said_to_reader(word: str) -> str:
    return str(tr(word))


def register(app: Flask) -> None:
    """Hand in the panel."""
    panels.hand_in(app, KIND, ActPanel("acts/kinds/programme.html", _told_programme, shows_duties=True))
