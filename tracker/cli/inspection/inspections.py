"""`flask inspections …`: the list as its reader sees it, and interests declared."""

import json

import click

from tracker.cli.house.refusing import RefusingGroup
from tracker.domain.inspection.inspections import INSPECTION, KIND, MODES
from tracker.services.acts import access
from tracker.services.house.work import reading
from tracker.services.inspection import interests
from tracker.services.people.access import at_command_line
from tracker.storage.acts import register
from tracker.storage.acts.register import ActFilters

group = RefusingGroup("inspections", help="检查：列表；申报自己的回避。")
AS = click.option("--as", "login", required=True, help="以谁的身份（登录名）")


@group.command("list")
@AS
@click.option("--over", "is_over", is_flag=True, help="已结束的；不给则办理中的")
@click.option("--json", "as_json", is_flag=True, help="机器可读")
def show_list(login: str, is_over: bool, as_json: bool) -> None:
    """逐个打印这个人看得到的检查，先列最先到期的。"""
    scope, after = access.scope_of(at_command_line(login)), ""
    while True:
        page = register.page(reading(), scope, ActFilters(KIND, is_over=is_over), after)
        for line in page.lines:
            told = {"number": line.number, "site": line.title, "mode": dict(MODES)[line.subkind], "state": line.state,
                    "planned_on": str(line.began_on or ""), "area": line.area}
            click.echo(json.dumps(told, ensure_ascii=False) if as_json else "\t".join((
                line.number, line.title, told["mode"], INSPECTION.word_of_state(line.state), told["planned_on"])))
        if page.after is None:
            return
        after = page.after


@group.command("declare")
@click.argument("site")
@AS
@click.option("--ground", required=True, type=click.Choice([code for code, _ in interests.OWN_GROUNDS]), help="回避事由")
def declare(site: str, login: str, ground: str) -> None:
    """申报自己对一个监管对象的回避，从今天起。"""
    click.echo(f"已申报对 {interests.declare(at_command_line(login), site, ground)} 回避。")
