"""`flask works …`: how the six works 拆清绿改装亮 fared in a period."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import click

from tracker.cli.house.reading import day
from tracker.cli.house.refusing import RefusingGroup
from tracker.domain.cases.works.counting import NOT_ADDING_UP, FirstPass, WorkLine, WorksCount
from tracker.domain.cases.works.items import STANDARDS
from tracker.domain.territory.routing import WORKS
from tracker.services.cases.works.counts import counted_works

group = RefusingGroup("works", help="整治内容：拆、清、绿、改、装、亮。")


@group.command("count")
@click.option("--from", "first", required=True, callback=day, help="首日，如 2026-07-01")
@click.option("--to", "last", required=True, callback=day, help="末日，含当日")
@click.option("--json", "as_json", is_flag=True, help="机器可读")
def count(first: date, last: date, as_json: bool) -> None:
    """按整治内容和标准统计一段时间内核查过的案件：首次通过率、末次核查均分、最常不合格的项目。"""
    found = counted_works(first, last)
    click.echo(json.dumps(_plain_count(found), ensure_ascii=False, indent=1) if as_json else "\n".join(_count_lines(found)))


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
