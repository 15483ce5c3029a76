"""`flask setup …`: an own district without a browser, and the link to set one up with one."""

import click
from flask import current_app
from flask.cli import with_appcontext

from tracker.cli.house.refusing import Misused, RefusingGroup
from tracker.domain.house.errors import Invalid
from tracker.services.house.work import reading, wiring
from tracker.services.mail.way_out import MailWay, way_of_url
from tracker.services.rules import reference
from tracker.services.upkeep.founding import claiming
from tracker.services.upkeep.founding.setting_up import FoundingOrder, place_named, set_up

NEEDED = {"area": "--area", "office": "--office", "document": "--document", "filing": "--filing", "admin": "--admin"}


@click.group("setup", cls=RefusingGroup, invoke_without_command=True)
@click.option("--area", help="机关管辖的市、区县或乡镇街道：代码或名称")
@click.option("--office", help="机关全称")
@click.option("--document", help="发文代字，如 东环督")
@click.option("--filing", help="销号代字，如 东环销")
@click.option("--admin", help="第一名管理员，登录名:姓名:邮箱")
@click.option("--mail-url", help="smtp://用户:密码@主机:587?starttls=1；不给则写成文件")
@click.option("--no-units", is_flag=True, help="不为各街道乡镇（或区县）建单位")
@click.option("--yes", is_flag=True, help="不再询问")
@with_appcontext
@click.pass_context
def group(ctx: click.Context, mail_url: str | None, no_units: bool, yes: bool, **given: str | None) -> None:
    """开设自己的辖区：按选项一次开设，或打印用浏览器开设的链接。"""
    if ctx.invoked_subcommand is not None:
        return
    missing = [option for name, option in NEEDED.items() if not (given[name] or "").strip()]
    if missing:
        raise Misused(f"缺少 {'、'.join(missing)}；或执行 flask setup link，用浏览器开设。")
    claiming.require_unclaimed(reading())
    order = _order_of({name: str(value).strip() for name, value in given.items()}, mail_url, no_units=no_units)
    if not yes:
        _ask_consent(order)
    link = set_up(order, None)
    until = f"{wiring().clock.local(link.expires_at):%Y-%m-%d %H:%M}"
    click.echo(f"已开设“{order.office['name']}”。请在 {until} 前打开，设管理员 {link.login} 的密码：")
    click.echo(link.url)


@group.command("link")
@click.option("--if-needed", is_flag=True, help="已有人员时什么也不做")
def link(if_needed: bool) -> None:
    """打印新的一次性开设链接；以前的随即失效。"""
    if if_needed and claiming.is_claimed(reading()):
        return
    url = claiming.make_link()
    click.echo("请在 24 小时内打开，开设自己的辖区（只有最新的一条有效）：")
    click.echo(url)


def _order_of(given: dict[str, str], mail_url: str | None, *, no_units: bool) -> FoundingOrder:
    home = place_named(given["area"], wiring().clock.today())
    login, name, email = (*given["admin"].split(":"), "", "")[:3]
    if not login.strip() or not name.strip():
        raise Invalid("--admin 应写成 登录名:姓名:邮箱。", field="admin")
    return FoundingOrder(
        home.code, {"name": given["office"], "document_short": given["document"], "filing_short": given["filing"]},
        login.strip(), name.strip(), email.strip(), _way_of(mail_url), units=frozenset() if no_units else None)


def _way_of(mail_url: str | None) -> MailWay | None:
    settings = current_app.config["SETTINGS"]
    if not mail_url:
        return None
    if settings.is_mail_given:
        raise Invalid("邮件服务器已由设置 MAIL_URL 给出，不要再写 --mail-url。", field="mail_url")
    return way_of_url(mail_url, settings.mail_from)


def _ask_consent(order: FoundingOrder) -> None:
    country, home = reference.country(), order.area_code
    units = 1 + (len(country.parts(home, wiring().clock.today())) if order.units is None else 0)
    click.echo(f"{country.full_name(home)}（{home}）· {order.office['name']} · {order.office['filing_short']}〔年份〕1号 · 单位 {units} 个")
    click.confirm("开设吗", abort=True)

