"""`flask calendar …`: dates day by day, and the working calendar."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import click

from tracker.cli.house.reading import day, read_bytes
from tracker.cli.house.refusing import RefusingGroup
from tracker.domain.cases.wording import WEEKDAYS, word
from tracker.domain.house.errors import Invalid
from tracker.domain.rules.limits import LimitUnit
from tracker.domain.rules.workdays import DAY_NAMES, SOURCE_NAMES, CalendarDay
from tracker.services.cases import recounting
from tracker.services.cases.recounting import Preview
from tracker.services.rules import calendar, calendar_files
from tracker.services.rules.places import reach_of

UNITS = (LimitUnit.working_day.value, LimitUnit.calendar_day.value, LimitUnit.working_hour.value)
FIRST_LIMITS = {"acknowledge_due_on": "签收时限", "return_until_on": "退回时限"}

group = RefusingGroup("calendar", help="工作日历和期限推算。")


@group.command("due")
@click.option("--from", "start", required=True, callback=day, help="起算日")
@click.option("--days", required=True, type=int, help="天数；按工作小时时为小时数")
@click.option("--unit", required=True, type=click.Choice(UNITS), help="工作日、自然日，或上班时段内的工作小时（次日上班起算）")
@click.option("--both-ends", is_flag=True, help="首尾两日都计入，如公示期")
@click.option("--area", default="", help="哪个区划的日历；不给则为本级")
def due(start: date, days: int, unit: str, both_ends: bool, area: str) -> None:
    """逐日推算；最后一行只有结果日期。"""
    answer = calendar.count(start, days, LimitUnit(unit), both_ends=both_ends, area_code=reach_of(area, None, field="area"))
    for line in answer.lines:
        number = f"第 {line.counted_number} 天" if line.counted_number else "—"
        click.echo(f"{line.on} {WEEKDAYS[line.on.weekday()]} {DAY_NAMES[line.kind]} {line.name or '—'} {number} {line.note}")
    if answer.is_provisional:
        click.echo("暂定：所跨年份的工作日历尚未公布，公布后须重算。")
    click.echo(answer.on.isoformat())


@group.command("show")
@click.argument("year", type=int)
def show(year: int) -> None:
    """列出一年中的放假日和调休上班日。"""
    days = calendar.special_days(year)
    if not days:
        raise Invalid(f"没有 {year} 年的日历，可用 flask calendar load 录入。", field="year")
    _echo_days(days)
    click.echo(
        f"{year} 年：放假 {sum(d.kind.value == 'holiday' for d in days)} 天，调休上班 {sum(d.kind.value == 'makeup' for d in days)} 天，"
               f"工作日 {calendar.workdays_in(year)} 天")


def _echo_days(days: Iterable[CalendarDay]) -> None:
    for each in days:
        notice = f" {each.paper}" if each.paper else ""
        click.echo(
            f"{each.on} {WEEKDAYS[each.on.weekday()]} {DAY_NAMES[each.kind]} {each.name} {SOURCE_NAMES[each.source]}{notice}")


@group.command("load")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="只看会改动什么，不录入")
@click.option("--yes", is_flag=True, help="不再询问，直接录入")
def load(file: Path, dry_run: bool, yes: bool) -> None:
    """录入放假安排(.csv:date,kind,name,source,notice；或 .ics)，先列出会改动的案件。"""
    handed = calendar_files.read(read_bytes(file))
    found = recounting.preview(None, handed.days)
    for line in _preview_lines(found, handed.passed_over):
        click.echo(line)
    if dry_run:
        _echo_days(handed.days)
        click.echo("未录入(--dry-run)。")
        return
    if found.change_count and not yes and not click.confirm("录入并重算这些案件？", default=False):
        raise Invalid("没有录入。", field="file")
    done = recounting.load(None, handed.days, file.name)
    years = "、".join(str(year) for year in done.loaded.years)
    click.echo(
        f"日历 {years} 年：新增 {done.loaded.added} 天，更改 {done.loaded.changed} 天，撤去预估 {done.loaded.removed} 天；重算案件 {done.recomputed} 件")


def _preview_lines(found: Preview, passed_over: tuple[str, ...]) -> Iterator[str]:
    """What loading would do, line by line."""
    if passed_over:
        yield f"没有休、班字样而不录入的事件 {len(passed_over)} 个：{'、'.join(passed_over[:10])}"
    yield from (f"注意：{sentence}" for sentence in found.odd)
    for change in found.changes:
        mark = "暂定" if change.is_still_provisional else "确定"
        other = "、".join(f"{FIRST_LIMITS[name]} {value}" for name, value in change.columns.items() if name in FIRST_LIMITS)
        way = f"{change.before} → {change.after}，暂定 → {mark}" if "due_on" in change.columns else ""
        yield f"{change.number} {word(change.state)} {'；'.join(part for part in (way, other) if part)}"
    if found.change_count > len(found.changes):
        yield f"…… 共 {found.change_count} 件"
    yield f"将重算 {found.change_count} 件暂定的案件，其中时限变动 {found.moved_count} 件；已经确定的时限不动。"
