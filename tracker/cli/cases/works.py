"""`flask works …`: how the six works 拆清绿改装亮 fared in a period."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import click

from tracker.cli.house.reading import day, write_file
from tracker.cli.house.refusing import RefusingGroup
from tracker.domain.cases.works.counting import NOT_ADDING_UP, FirstPass, WorkLine, WorksCount
from tracker.domain.cases.works.items import STANDARDS
from tracker.domain.territory.routing import WORKS
from tracker.services.cases.works import listing
from tracker.services.cases.works.counts import counted_works
from tracker.services.house.work import wiring
from tracker.services.people.access import at_command_line

group = RefusingGroup("works", help="整治内容：拆、清、绿、改、装、亮。")


@group.command("count")
@click.option("--from", "first", required=True, callback=day, help="首日，如 2026-07-01")
@click.option("--to", "last", required=True, callback=day, help="末日，含当日")
@click.option("--json", "as_json", is_flag=True, help="机器可读")
def count(first: date, last: date, as_json: bool) -> None:
    """按整治内容和标准统计一段时间内核查过的案件：首次通过率、末次核查均分、最常不合格的项目。"""
    found = counted_works(first, last)
    click.echo(json.dumps(_plain_count(found), ensure_ascii=False, indent=1) if as_json else "\n".join(_count_lines(found)))


@group.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--on", callback=day, help="哪一天的标准；不给则今天")
def export(file: Path, on: date | None) -> None:
    """把整治标准（各类查什么、各多少分）写成 .xlsx，改好后可原样导入。"""
    _, content = listing.exported(on or wiring().clock.today())
    write_file(file, content)
    click.echo(f"整治标准已写入 {file}")


@group.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--from", "on", required=True, callback=day, help="从哪天起用，不早于今天")
@click.option("--basis", default="", help="依据，如文号或会议纪要")
@click.option("--as", "login", help="经手人登录名；不给则是本机操作员")
@click.option("--dry-run", "is_dry", is_flag=True, help="只看会改什么")
def load(file: Path, on: date, basis: str, login: str | None, is_dry: bool) -> None:
    """整份导入整治标准，从某天起用；与那天本来的标准相同则什么也不写。"""
    found = listing.load(at_command_line(login) if login else None, file, on, basis, is_dry=is_dry)
    click.echo(f"新增 {found.added} · 改动 {found.changed} · 去掉 {found.removed} · 不变 {found.same}")
    click.echo("没有变化，什么也没有写入。" if found.is_none else "只是试看，什么也没有写入。" if is_dry else f"自 {on} 起按新标准核查；此前已定整治内容的案件仍按原标准。")


def _count_lines(found: WorksCount) -> Iterator[str]:
    yield f"{found.first} 至 {found.last} 核查过的案件 {found.whole.cases} 件，首次通过 {_rate_text(found.whole)}"
    for line in found.lines:
        mean = f"{line.mean} 分（{line.scored} 件）" if line.mean is not None else "—"
        yield (f"{STANDARDS[line.standard]}\t{WORKS[line.work]}\t{line.first_pass.cases} 件\t首次通过 {_rate_text(line.first_pass)}\t"
               f"末次核查均分 {mean}")
        yield from (f"\t{each.item.text}\t不合格 {each.failed}/{each.asked} 次" for each in line.failed)
    yield f"各类合计 {found.works_sum}。{NOT_ADDING_UP}"
    yield "首次通过：到末日为止没有被核查退回过；均分按各案这段时间内最后一次打分；不合格次数含这段时间内每一次打分。"


def _rate_text(rate: FirstPass) -> str:
    return f"{rate.passed}/{rate.cases} = {rate.percent} %" if rate.percent is not None else "—"


def _plain_count(found: WorksCount) -> dict[str, Any]:
    return {"from": found.first.isoformat(), "to": found.last.isoformat(), **_plain_rate(found.whole),
            "works_sum": found.works_sum,
            "note": NOT_ADDING_UP, "lines": [_plain_line(line) for line in found.lines]}


def _plain_line(line: WorkLine) -> dict[str, Any]:
    failed = [{"code": each.item.code, "text": each.item.text, "failed": each.failed, "asked": each.asked} for each
              in line.failed]
    return {"work": line.work, "standard": line.standard, **_plain_rate(line.first_pass),
            "mean_score": None if line.mean is None else str(line.mean), "scored": line.scored, "failed_items": failed}


def _plain_rate(rate: FirstPass) -> dict[str, Any]:
    return {"cases": rate.cases, "first_passed": rate.passed, "first_pass_percent": None if rate.percent is None
            else str(rate.percent)}
