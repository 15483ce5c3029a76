"""`flask calendar …`: dates day by day, and the working calendar."""

from datetime import date
from pathlib import Path

import click

from tracker.cli.reading import day, read_bytes
from tracker.cli.refusing import RefusingGroup
from tracker.domain.errors import Invalid
from tracker.domain.limits import LimitUnit
from tracker.services import calendars

KINDS = {"workday": "工作日", "weekend": "周末", "holiday": "放假", "makeup": "调休上班"}
SOURCES = {"published": "已公布", "estimated": "预估", "entered": "录入"}
UNITS = (LimitUnit.working_day.value, LimitUnit.calendar_day.value)

group = RefusingGroup("calendar", help="工作日历和期限推算。")


@group.command("due")
@click.option("--from", "start", required=True, callback=day, help="起算日")
@click.option("--days", required=True, type=int, help="天数")
@click.option("--unit", required=True, type=click.Choice(UNITS), help="工作日或自然日")
@click.option("--both-ends", is_flag=True, help="首尾两日都计入，如公示期")
def due(start: date, days: int, unit: str, both_ends: bool) -> None:
    """逐日推算；最后一行只有结果日期。"""
    answer = calendars.count(start, days, LimitUnit(unit), both_ends=both_ends)
    for line in answer.lines:
        number = f"第 {line.counted_number} 天" if line.counted_number else "—"
        click.echo(f"{line.on} {'一二三四五六日'[line.on.weekday()]} {KINDS[line.kind.value]} {line.name or '—'} {number} {line.note}")
    if answer.is_provisional:
        click.echo("暂定：所跨年份的工作日历尚未公布，公布后须重算。")
    click.echo(answer.on.isoformat())


@group.command("show")
@click.argument("year", type=int)
def show(year: int) -> None:
    """列出一年中的放假日和调休上班日。"""
    days = calendars.special_days(year)
    if not days:
        raise Invalid(f"没有 {year} 年的日历，可用 flask calendar load 录入。", field="year")
    for each in days:
        notice = f" {each.notice}" if each.notice else ""
        click.echo(f"{each.on} {'一二三四五六日'[each.on.weekday()]} {KINDS[each.kind.value]} {each.name} {SOURCES[each.source.value]}{notice}")
    click.echo(f"{year} 年：放假 {sum(d.kind.value == 'holiday' for d in days)} 天，调休上班 {sum(d.kind.value == 'makeup' for d in days)} 天，"
               f"工作日 {calendars.workdays_in(year)} 天")


@group.command("load")
@click.argument("file", type=click.Path(path_type=Path))
def load(file: Path) -> None:
    """录入放假安排(.csv:date,kind,name,source,notice)。"""
    try:
        text = read_bytes(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        text = read_bytes(file).decode("gb18030", "replace")
    done = calendars.load(None, calendars.read_days(text))
    years = "、".join(str(year) for year in done.years)
    click.echo(f"日历 {years} 年：新增 {done.added} 天，更改 {done.changed} 天")
