"""`flask programme …`: a programme on any day, by its facts."""

import json
from collections.abc import Iterator
from datetime import date

import click

from tracker.cli.house.reading import day
from tracker.cli.house.refusing import RefusingGroup
from tracker.domain.acts.facts import DutyState
from tracker.domain.acts.sight import EVERY_ACT
from tracker.domain.coordination.programmes import KIND
from tracker.domain.coordination.schedules import LIGHT_WORDS, Progress, ScheduleOn, drift_text
from tracker.domain.house.errors import Invalid
from tracker.services.acts import access
from tracker.services.coordination.schedules import ProgrammeOn, programme_on
from tracker.services.house.work import reading, wiring
from tracker.services.people.access import at_command_line
from tracker.storage.acts import page as act_pages
from tracker.storage.acts.page import ActPage
from tracker.storage.cases.entries import entries

group = RefusingGroup("programme", help="规划：某一天的应达、实际与偏差。")


@group.command("show")
@click.argument("number")
@click.option("--as", "login", help="以谁的身份（登录名）；不给则为系统操作员")
@click.option("--on", callback=day, help="哪一天；不给则今天")
@click.option("--json", "as_json", is_flag=True, help="机器可读")
def show(number: str, login: str | None, on: date | None, as_json: bool) -> None:
    """打印一项规划在某一天的进度表，只按当天之前的账本记录。"""
    page = access.page_for(at_command_line(login), number) if login else act_pages.act_page(reading(), EVERY_ACT, number.upper())
    if page is None:
        raise access.no_such_act(number)
    if page.head.kind != KIND:
        raise Invalid(f"“{page.head.number}”不是规划。", field="number")
    found = programme_on(reading(), entries(reading(), page.head.stream), on or wiring().clock.today())
    click.echo(json.dumps(_plain_table(found), ensure_ascii=False, indent=1) if as_json else "\n".join(_table_lines(page, found)))


def _table_lines(page: ActPage, found: ProgrammeOn) -> Iterator[str]:
    plan, schedule, whole = found.plan, found.schedule, found.schedule.whole
    yield f"{page.head.number} {page.head.title}，{schedule.on}"
    for zone, name in plan.zones.items():
        yield from (f"{name}\t{phase_name}\t{_progress_said(schedule, schedule.cell(zone, phase), (zone, phase) in plan.blanks)}"
                    for phase, phase_name in plan.phases.items())
    for each in plan.in_order():
        told = "已免除" if each.state is DutyState.waived else _progress_said(schedule, schedule.of(each), is_blank=False)
        first = f"（原定 {each.first_due_on}）" if each.has_ghost else ""
        yield f"第 {each.position} 项\t{each.title}\t权重 {each.weight}\t{each.starts_on} 至 {each.due_on}{first}\t{told}"
    if whole is not None and plan.is_adopted:
        red, revised = whole.red_count, schedule.revisions_in(schedule.on.year, schedule.on.month)
        yield (f"合计\t{_progress_said(schedule, whole, is_blank=False)}" + (f"，红灯 {red} 项" if red else "")
               + (f"，本月调整 {revised} 项" if revised else ""))


def _progress_said(schedule: ScheduleOn, progress: Progress | None, is_blank: bool) -> str:
    if progress is None:
        return "不涉及" if is_blank else "—"
    return (f"应达 {progress.plan_points}\t实际 {progress.actual_points}\t偏差 {drift_text(progress.drift)}\t"
            f"{LIGHT_WORDS[progress.light(schedule.bounds)]}")


def _plain_table(found: ProgrammeOn) -> dict[str, object]:
    schedule = found.schedule
    return {"on": str(schedule.on), "whole": _plain_progress(schedule, schedule.whole),
            "milestones": [{"position": each.position, "zone": found.plan.zones[each.zone],
                            "phase": found.plan.phases[each.phase],
                            "title": each.title, "weight": each.weight, "starts_on": str(each.starts_on),
                            "due_on": str(each.due_on), "first_due_on": str(each.first_due_on), "state": each.state.value,
                            **(_plain_progress(schedule, schedule.of(each)) or {})} for each in found.plan.in_order()]}


def _plain_progress(schedule: ScheduleOn, progress: Progress | None) -> dict[str, object] | None:
    return None if progress is None else {
        "plan": str(progress.plan_points), "actual": str(progress.actual_points), "drift": str(progress.drift),
        "light": progress.light(schedule.bounds).value}
