"""`flask meetings …`: what waits for a joint meeting."""

import json
from collections.abc import Iterator
from datetime import date

import click

from tracker.cli.house.refusing import RefusingGroup
from tracker.domain.acts.sight import EVERY_ACT
from tracker.domain.coordination.agendas.backlog import WAITS, BacklogMatter
from tracker.domain.house.actor import EVERYTHING
from tracker.services.coordination.agendas.backlog import backlog_for, waiting
from tracker.services.house.work import reading, wiring
from tracker.services.people.access import at_command_line

group = RefusingGroup("meetings", help="联席会议：待议事项。")


@group.command("backlog")
@click.option("--as", "login", help="以谁的身份（登录名）；不给则为系统操作员")
@click.option("--json", "as_json", is_flag=True, help="机器可读")
def backlog(login: str | None, as_json: bool) -> None:
    """列出待议事项：等了多久、为什么、已列入哪次会议。"""
    today = wiring().clock.today()
    found = backlog_for(at_command_line(login)) if login else waiting(reading(), EVERYTHING, EVERY_ACT, today)
    if as_json:
        click.echo(json.dumps([_plain_matter(each, today) for each in found], ensure_ascii=False, indent=1))
        return
    for each in found:
        click.echo("\t".join(_cells_of(each, today)))
    click.echo(f"待议事项 {len(found)} 项")


def _cells_of(matter: BacklogMatter, today: date) -> Iterator[str]:
    yield matter.number
    yield f"已等 {matter.days(today)} 天"
    yield "、".join(dict.fromkeys(WAITS[each.why].word for each in matter.reasons))
    if matter.listed:
        yield f"已列入 {matter.listed}"


def _plain_matter(matter: BacklogMatter, today: date) -> dict[str, object]:
    return {"number": matter.number, "since_on": str(matter.since_on), "days": matter.days(today), "listed": matter.listed,
            "reasons": [{"why": each.why.value, "since_on": str(each.since_on), "position": each.position or None}
                        for each in matter.reasons]}
