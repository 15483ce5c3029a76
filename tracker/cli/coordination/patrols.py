"""`flask patrols …`: the register of visits, and what was owed and done over some days."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from tracker.cli.house.reading import day
from tracker.cli.house.refusing import RefusingGroup
from tracker.services.coordination.patrols import register as visit_register
from tracker.services.coordination.patrols.counts import PatrolCount, SectionCount, counted
from tracker.services.coordination.patrols.sections import section_for
from tracker.services.house.work import reading, wiring
from tracker.services.people.access import at_command_line
from tracker.services.people.taken_out import note_export
from tracker.services.rules.places import known_area

group = RefusingGroup("patrols", help="双段长联合巡查：巡查台账，应巡、已巡、按期率、单方记录、里程覆盖。")
NONE_YET = "—（本系统没有这类记录）"


def _days_asked(first: date | None, last: date | None) -> tuple[date, date]:
    until = last or wiring().clock.today()
    return first or until.replace(day=1), until


@group.command("count")
@click.option("--from", "first", callback=day, help="从哪天；不给则本月一日")
@click.option("--to", "last", callback=day, help="到哪天；不给则今天")
@click.option("--area", default="", help="区划代码；不给则全部")
@click.option("--json", "as_json", is_flag=True, help="机器可读")
def count(first: date | None, last: date | None, area: str, as_json: bool) -> None:
    """按账本记录统计：应巡（期限落在其间）、已巡、按期率、单方记录、里程覆盖。"""
    span = _days_asked(first, last)
    code = known_area(area, span[1], field="area").code if area else ""
    found = counted(reading(), *span, code)
    click.echo(json.dumps(_plain_count(found), ensure_ascii=False, indent=1) if as_json else "\n".join(_count_lines(found)))


@group.command("visits")
@click.argument("section")
@click.option("--from", "first", callback=day, help="从哪天；不给则本月一日")
@click.option("--to", "last", callback=day, help="到哪天；不给则今天")
@click.option("--as", "login", required=True, help="以谁的身份（登录名）")
@click.option("--file", type=click.Path(path_type=Path), help="写到哪个 .xlsx；不给则打印")
def visits(section: str, first: date | None, last: date | None, login: str, file: Path | None) -> None:
    """一个区段的巡查台账。"""
    span, actor = _days_asked(first, last), at_command_line(login)
    found = section_for(reading(), section, span[1])
    lines = visit_register.visits(reading(), actor, found, *span)
    if file is None:
        for each in lines:
            click.echo("\t".join(each.cells()))
        return
    file.write_bytes(visit_register.workbook(found, lines, *span))
    note_export(actor, "list", len(lines), "xlsx", {"key": section})
    click.echo(f"已写出 {len(lines)} 次巡查到 {file}")


def _count_lines(found: PatrolCount) -> Iterator[str]:
    yield f"联合巡查 {found.first} 至 {found.last}"
    if not found.has_records:
        yield f"应巡\t{NONE_YET}"
        return
    for each in found.sections:
        yield (f"{each.code} {each.name}\t应巡 {each.due}\t已巡 {each.met}\t按期率 {_rate_said(each)}\t巡查 {each.patrols} 次\t"
               f"单方记录 {each.single}\t里程覆盖 {each.covered:.0f}/{each.length:.0f} 米 = {each.coverage}%")
    yield (f"合计\t应巡 {found.total('due')}\t已巡 {found.total('met')}\t"
           f"按期率 {found.total('on_time')}/{found.total('counting')}{_percent_said(found.rate)}\t单方记录 {found.total('single')}")


def _rate_said(each: SectionCount) -> str:
    return f"{each.on_time}/{each.counting}{_percent_said(each.rate)}"


def _percent_said(rate: object) -> str:
    return f" = {rate}%" if rate is not None else ""


def _plain_count(found: PatrolCount) -> dict[str, object]:
    rows = [{"code": each.code, "name": each.name, "due": each.due, "met": each.met, "on_time": each.on_time,
             "waived": each.waived,
             "rate": str(each.rate) if each.rate is not None else None, "patrols": each.patrols, "single": each.single,
             "covered": each.covered, "length": each.length, "coverage": str(each.coverage)} for each in found.sections]
    return {"from": str(found.first), "to": str(found.last), "has_records": found.has_records, "sections": rows}
