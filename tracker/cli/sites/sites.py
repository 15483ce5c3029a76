"""`flask sites …`: the registry of supervised sites."""

import json
from datetime import date

import click

from tracker.cli.house.reading import day
from tracker.cli.house.refusing import RefusingGroup
from tracker.domain.sites.registers import CLASS_WORDS, REGISTERS, SITE_KINDS, SITE_LIGHTS, STATUS_WORDS, SiteRegister, word_of
from tracker.domain.sites.sight import EVERY_SITE, site_scope
from tracker.services.house.work import reading, wiring
from tracker.services.people.access import at_command_line
from tracker.services.sites import entries
from tracker.storage.sites import listing, register
from tracker.storage.sites.holding import values_on
from tracker.storage.sites.listing import SiteFilters

group = RefusingGroup("sites", help="监管对象：列表、单个、分类的提出与确认；登记和修改用 flask master sites。")
WHO = click.option("--as", "login", required=True, help="以谁的身份（登录名）")


@group.command("list")
@click.option("--kind", type=click.Choice([code for code, _ in SITE_KINDS]), help="类别")
@click.option("--class", "site_class", type=click.Choice([code for code, _ in CLASS_WORDS]), help="分类")
@click.option("--register", "register_", type=click.Choice([*SiteRegister]), help="今天在这本台账中的")
@click.option("--light", type=click.Choice(list(SITE_LIGHTS)), help="许可证、登记、执行报告的灯色")
@click.option("--json", "as_json", is_flag=True, help="机器可读")
def show_list(kind: str | None, site_class: str | None, register_: str | None, light: str | None, as_json: bool) -> None:
    """逐个打印监管对象。"""
    after: str | None = ""
    while after is not None:
        filters = SiteFilters(kind=kind or "", site_class=site_class or "", register=register_ or "", light=light or "")
        page = listing.page(reading(), EVERY_SITE, filters, wiring().clock.today(), after)
        for line in page.lines:
            click.echo(json.dumps(line._asdict(), ensure_ascii=False) if as_json else "\t".join((
                line.code, line.name, dict(SITE_KINDS)[line.kind], line.site_class or "—", dict(STATUS_WORDS)[line.status],
                line.area, line.unit or "—")))
        after = page.after


@group.command("show")
@click.argument("code")
@click.option("--as", "login", help="以谁的身份（登录名）；不给则为系统操作员")
def show(code: str, login: str | None) -> None:
    """打印一个监管对象和它的台账。"""
    scope = site_scope(at_command_line(login)) if login else EVERY_SITE
    found = register.site_page(reading(), scope, code.strip().upper())
    if found is None:
        raise entries.no_such_site(code)
    head = found.head
    click.echo(f"{head.code}\t{head.name}\t{dict(SITE_KINDS)[head.kind]}\t{head.area}\t{head.unit or '—'}")
    for name, last in found.names:
        click.echo(f"曾用名\t{name}\t至 {last}")
    for each in found.entries:
        standing = "待确认" if each.decided_at is None else "" if each.is_accepted else "未同意"
        standing = "作废" if each.ended_on and each.ended_on < each.valid_from else standing
        word = f"{REGISTERS[SiteRegister(each.register)].word} {word_of(SiteRegister(each.register), each.value)}".strip()
        through = f"至 {each.last_on}" if each.last_on else ""
        click.echo(f"{each.valid_from}\t{word}\t{each.number}\t{through}\t{each.document_no}\t{standing}".rstrip())


@group.command("classes")
@click.option("--on", callback=day, help="哪一天；不给则今天")
@click.option("--as", "login", help="以谁的身份（登录名）；不给则为系统操作员")
def classes(on: date | None, login: str | None) -> None:
    """一天的分类：各类多少家、占比，再逐个打印。"""
    scope = site_scope(at_command_line(login)) if login else EVERY_SITE
    found = list(values_on(reading(), SiteRegister.site_class, on or wiring().clock.today(), scope=scope))
    for code, word in CLASS_WORDS:
        count = sum(value == code for _, value in found)
        click.echo(f"{word}\t{count}\t{f'{count * 100 / len(found):.1f}%' if found else '—'}")
    click.echo(f"合计\t{len(found)}")
    for code, value in found:
        click.echo(f"{code}\t{value}")


@group.command("propose-class")
@click.argument("code")
@click.argument("value")
@WHO
@click.option("--ground", "grounds", multiple=True, required=True, help="依据的代码，可多次")
@click.option("--reason", required=True, help="理由")
@click.option("--from", "since", callback=day, help="起用日；不给则今天")
@click.option("--document", default="", help="文号")
def propose(code: str, value: str, login: str, grounds: tuple[str, ...], reason: str, since: date | None, document: str) -> None:
    """提出一个监管对象的分类，由另一人确认。"""
    entries.propose_class(at_command_line(login), code, value, grounds, reason, valid_from=since or wiring().clock.today(),
                          document_no=document)
    click.echo(f"{code.upper()} 已提出 {value} 类，待区领导确认。")


@group.command("decide-class")
@click.argument("code")
@WHO
@click.option("--accept/--refuse", "is_accepted", required=True, default=None, help="同意或不同意")
@click.option("--reason", default="", help="不同意的理由")
def decide(code: str, login: str, is_accepted: bool, reason: str) -> None:
    """确认或不同意一个监管对象待确认的分类。"""
    entries.decide_class(at_command_line(login), code, is_accepted, reason)
    click.echo(f"{code.upper()} 的分类{'已确认' if is_accepted else '未同意'}。")
