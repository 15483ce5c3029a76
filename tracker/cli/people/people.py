"""`flask people …`: accounts, roles and units."""

import json
from datetime import date

import click

from tracker.cli.house.reading import day, role, roles
from tracker.cli.house.refusing import RefusingGroup
from tracker.domain.cases.wording import ROLES, UNIT_KINDS
from tracker.domain.house.actor import EVERYTHING, Grant
from tracker.domain.people.kinds import PersonKind
from tracker.services.house.work import reading, wiring
from tracker.services.people import accounts
from tracker.services.people.signing import factors
from tracker.services.people.signing.links import PasswordLink
from tracker.storage.people import people

group = RefusingGroup("people", help="账号、角色和单位。")
NO_ROLE = {PersonKind.person: "无角色", PersonKind.service: "服务账号"}


@group.command("add")
@click.argument("login")
@click.option("--name", required=True, help="姓名")
@click.option("--unit", help="单位代码或全称")
@click.option("--role", "grants", multiple=True, callback=roles, help="角色，可带区划：officer:330106；可重复")
@click.option("--email", help="邮箱，收通知用")
@click.option("--title", default="", help="职务")
@click.option("--service", "is_service", is_flag=True, help="设备或其他系统的服务账号：不登录，不收邮件")
def add(login: str, name: str, unit: str | None, grants: tuple[Grant, ...], email: str | None, title: str,
        is_service: bool) -> None:
    """添加人员；打印设密码的链接，只显示这一次，由本人打开。"""
    added = accounts.add_person(None, login=login, name=name, unit=unit, roles=grants, email=email, title=title,
                                kind=PersonKind.service if is_service else PersonKind.person)
    click.echo(f"已添加 {added.login}(编号 {added.id})")
    if added.link is not None:
        click.echo(_link_words(added.link))


@group.command("grant")
@click.argument("login")
@click.argument("role", callback=role)
@click.option("--area", default="", help="区划代码；不给则不限区域")
def grant(login: str, role: Grant, area: str) -> None:
    """授予角色。"""
    accounts.grant(None, login=login, role=role.role, area_code=area or role.area_code)
    click.echo(f"已授予 {login}：{ROLES[role.role]}")


@group.command("revoke")
@click.argument("login")
@click.argument("role", callback=role)
@click.option("--area", help="区划代码；不给则撤销该角色的全部授权")
def revoke(login: str, role: Grant, area: str | None) -> None:
    """撤销角色。"""
    ended = accounts.revoke(None, login=login, role=role.role, area_code=area or role.area_code or None)
    click.echo(f"已撤销 {login}：{ROLES[role.role]}({ended} 项授权)")


@group.command("deactivate")
@click.argument("login")
@click.option("--heir", help="继任者登录名；有未办结的工作时必填")
def deactivate(login: str, heir: str | None) -> None:
    """停用账号。"""
    moved = accounts.deactivate(None, login=login, heir=heir)
    click.echo(f"已停用 {login}" + (f",{moved} 件包案已转给 {heir}" if heir else ""))


@group.command("reset-password")
@click.argument("login")
def reset_password(login: str) -> None:
    """重置密码；其全部会话随即失效。打印设密码的链接，只显示这一次，由本人打开。"""
    link = accounts.reset_password(None, login=login)
    click.echo(f"已重置 {login} 的密码\n{_link_words(link)}")


@group.command("reset-factor")
@click.argument("login")
def reset_factor(login: str) -> None:
    """重置动态口令（手机和备用码都丢了）；其全部会话随即失效，并告诉本人、审计员和区领导。"""
    factors.reset(None, login=login)
    click.echo(f"已重置 {login} 的动态口令")


@group.command("invite")
@click.argument("login")
def invite(login: str) -> None:
    """给还没启用的人再发一次设密码的链接；有邮箱的寄去，没有的打印。"""
    link = accounts.invite_again(None, login=login)
    click.echo(_link_words(link) if link.code else f"链接已寄往 {login} 的邮箱")


@group.command("move")
@click.argument("login")
@click.option("--unit", required=True, help="调往的单位代码或全称")
@click.option("--heir", help="接手人登录名；有未办结的工作时必填")
def move(login: str, unit: str, heir: str | None) -> None:
    """调动到另一个单位。"""
    moved = accounts.move_person(None, login=login, unit=unit, heir=heir)
    click.echo(f"已调动 {login} 到 {unit}" + (f"，{moved} 件包案已转给 {heir}" if heir else ""))


@group.command("list")
@click.option("--json", "as_json", is_flag=True, help="机器可读")
def list_people(as_json: bool) -> None:
    """列出人员。"""
    lines = people.people(reading(), EVERYTHING)
    if as_json:
        click.echo(json.dumps([_person_record(line) for line in lines], ensure_ascii=False, indent=1))
        return
    for line in lines:
        held = "、".join(ROLES[g.role] + (f"({g.area_code})" if g.area_code else "") for g in line.grants) or NO_ROLE[line.kind]
        left = f" 已于 {line.deactivated_on} 停用" if line.deactivated_on else ""
        click.echo(f"{line.login}\t{line.name}\t{line.unit or '—'}\t{held}{left}")


@group.command("add-unit")
@click.argument("code")
@click.argument("name")
@click.option("--kind", required=True, help="类别：" + "、".join(UNIT_KINDS))
@click.option("--parent", help="上级单位代码或全称")
@click.option("--area", default="", help="区划代码")
@click.option("--email", help="邮箱")
def add_unit(code: str, name: str, kind: str, parent: str | None, area: str, email: str | None) -> None:
    """添加单位。"""
    accounts.add_unit(None, code=code, name=name, kind=kind, parent=parent, area_code=area, email=email)
    click.echo(f"已添加单位 {code} {name}")


@group.command("end-unit")
@click.argument("code")
@click.option("--on", callback=day, help="最后一天；不给则为今天")
@click.option("--successor", help="承接单位代码或全称")
def end_unit(code: str, on: date | None, successor: str | None) -> None:
    """撤销单位；历史案件仍归其名下。"""
    accounts.end_unit(None, code=code, last_day=on, successor=successor)
    click.echo(f"已撤销单位 {code}")


def _link_words(link: PasswordLink) -> str:
    """The link last, on a line of its own."""
    return f"请交给本人，在 {wiring().clock.local(link.expires_at):%Y-%m-%d %H:%M} 前打开，自己设密码：\n{link.url}"


def _person_record(line: people.PersonLine) -> dict[str, object]:
    return {
        "login": line.login, "name": line.name, "kind": line.kind, "title": line.title, "unit": line.unit, "email": line.email,
        "deactivated_on": line.deactivated_on.isoformat() if line.deactivated_on else None,
        "roles": [{"role": g.role.value, "area_code": g.area_code} for g in line.grants],
    }
