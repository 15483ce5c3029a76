"""`flask delegations …`: who stands in for whom, arranged where somebody cannot sign in to do it."""

import json
from dataclasses import asdict
from datetime import date

import click

from tracker.cli.house.reading import day
from tracker.cli.house.refusing import RefusingGroup
from tracker.services.house.work import reading, wiring
from tracker.services.people import delegations, persons
from tracker.storage.people import delegation_lines

STANDS = {"current": "正在代办", "coming": "尚未开始", "over": "已结束", "revoked": "已收回"}
group = RefusingGroup("delegations", help="委托代办。")


@group.command("list")
@click.argument("login", required=False)
@click.option("--json", "as_json", is_flag=True, help="机器可读")
def list_delegations(login: str | None, as_json: bool) -> None:
    """列出今天有效的委托；给出登录名则列出此人作出和接受的，包括尚未开始的。"""
    today = wiring().clock.today()
    session = reading()
    person = persons.person_named(session, login) if login else None
    found = delegation_lines.of_person(session, person.id, today) if person else delegation_lines.everybodys(session, today)
    if as_json:
        click.echo(json.dumps([{**asdict(line), "stands": line.stands(today)} for line in found], ensure_ascii=False, indent=1,
                              default=str))
        return
    for line in found:
        click.echo(f"{line.id}\t{line.substitute}({line.substitute_login}) 代 {line.principal}({line.principal_login})\t"
                   f"{line.from_on} 至 {line.to_on}\t{STANDS[line.stands(today)]}")


@group.command("add")
@click.argument("login")
@click.argument("substitute")
@click.option("--from", "from_on", callback=day, help="第一天；不给则为今天")
@click.option("--to", "to_on", required=True, callback=day, help="最后一天，含当日")
@click.option("--reason", default="", help="事由")
def add(login: str, substitute: str, from_on: date | None, to_on: date, reason: str) -> None:
    """登记委托：SUBSTITUTE 在这段日期内代 LOGIN 办理。"""
    first = from_on or wiring().clock.today()
    made = delegations.delegate(None, login=login, substitute=substitute, from_on=first, to_on=to_on, reason=reason)
    click.echo(f"已登记委托 {made}：{substitute} 代 {login}，{first} 至 {to_on}")


@group.command("end")
@click.argument("delegation", type=int)
def end(delegation: int) -> None:
    """收回委托；立即失效。"""
    delegations.revoke(None, delegation)
    click.echo(f"已收回委托 {delegation}")
