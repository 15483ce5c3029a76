"""`flask list …`: the responsibility list in versions."""

from datetime import date
from pathlib import Path

import click

from tracker.cli.house.master import echo_loaded
from tracker.cli.house.progress import progress
from tracker.cli.house.reading import day
from tracker.cli.house.refusing import RefusingGroup
from tracker.domain.house.actor import OPERATOR, Actor
from tracker.domain.house.errors import Conflict
from tracker.domain.house.say import Listed
from tracker.domain.territory.responsibility import asks_told
from tracker.services.house.master import loading
from tracker.services.house.master.loading import BadSheet
from tracker.services.house.work import reading, wiring
from tracker.services.people import access
from tracker.services.people.taken_out import note_export
from tracker.services.rules import rules
from tracker.services.rules.categories import categories
from tracker.services.territory.lists import papers, previews, versions
from tracker.services.territory.lists.matrix import unit_names

group = RefusingGroup("list", help="责任清单：拟稿、导入、试算、启用、导出。")
FILE = click.Path(dir_okay=False, path_type=Path)
by = click.option("--as", "login", help="经手人登录名；不给则是本机操作员")
MOST_NAMED = 20


def _actor_named(login: str | None) -> Actor | None:
    return access.at_command_line(login) if login else None


@group.command("show")
@click.argument("version", type=int, required=False)
def show(version: int | None) -> None:
    """列出各版；给版号则列出这一版的条目。"""
    if version is None:
        for each in versions.all_versions(reading()):
            span = f"{each.valid_from} — {each.valid_to or ''}"
            state = "已作废" if each.dropped_at else "草稿" if each.activated_at is None else span
            click.echo(f"{each.number}\t{each.title}\t{each.document_no}\t{state}")
        return
    names = unit_names(reading())
    words = {area.code: area.name for area in rules.gazetteer().areas} | dict(categories().names)
    for rule in versions.rules_of(reading(), versions.latest(version)):
        supporting = Listed(names.get(code, code) for code in rule.supporting_unit_codes)
        click.echo("\t".join((str(rule.number), rule.clause, str(asks_told(rule, words)),
                              names.get(rule.lead_unit_code, rule.lead_unit_code), str(supporting), rule.reason, rule.basis)))


@group.command("draft")
@click.option("--title", default="", help="名称")
@click.option("--document", default="", help="文号")
@click.option("--copy", "copied_from", type=int, help="从哪一版抄起；0 是空白，不给则抄现行版")
@by
def draft(title: str, document: str, copied_from: int | None, login: str | None) -> None:
    """拟一份新草稿；一次只有一份。"""
    number = versions.draft(_actor_named(login), versions.DraftOrder(title, document, copied_from))
    click.echo(f"第 {number} 版草稿，{len(versions.rules_of(reading(), versions.latest(number)))} 条；"
               f"改条目用 flask master set routing 编号 栏=值，或 flask list load")


@group.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="只看改动，不写入")
@click.option("--errors", type=FILE, help="有误时写出的 .xlsx：原表加“原因”一列")
@by
def load(file: Path, dry_run: bool, errors: Path | None, login: str | None) -> None:
    """把表格里的条目导入草稿；按表头认列，没有的行和列不动。"""
    try:
        found = loading.load_table(_actor_named(login), "routing", file, is_dry=dry_run, errors=errors)
    except BadSheet as bad:
        echo_loaded(bad.loaded, errors)
        raise
    echo_loaded(found, errors)
    if found.troubles:
        raise BadSheet(found)


@group.command("remove")
@click.argument("line", type=int)
@by
def remove(line: int, login: str | None) -> None:
    """从草稿里删一条。"""
    version = versions.draft_today().number
    versions.remove_line(_actor_named(login), version, line)
    click.echo(f"第 {line} 条已从第 {version} 版草稿删去")


@group.command("drop")
@by
def drop(login: str | None) -> None:
    """作废草稿。"""
    version = versions.draft_today().number
    versions.drop(_actor_named(login), version)
    click.echo(f"第 {version} 版草稿已作废")


@group.command("export")
@click.argument("version", type=int, required=False)
@click.option("--to", required=True, type=FILE, help="写到哪个 .xlsx 或 .docx")
def export(version: int | None, to: Path) -> None:
    """导出一版；.xlsx 一行一条，可原样导回。"""
    found = versions.latest(version)
    if to.exists():
        raise Conflict(f"文件 {to} 已存在，请换一个名字。", field="file")
    _, content = papers.paper(reading(), found) if to.suffix == ".docx" else papers.workbook(found)
    to.write_bytes(content)
    note_export(OPERATOR, "list", len(versions.rules_of(reading(), found)), to.suffix.removeprefix("."),
                {"key": str(found.number)})
    click.echo(f"第 {found.number} 版已导出到 {to}")


@group.command("preview")
@click.option("--on", callback=day, help="从哪天起用；不给则今天")
def preview(on: date | None) -> None:
    """试算草稿：哪些案件会换主办单位，哪里无人负责；什么也不写。"""
    version, on = versions.draft_today(), on or wiring().clock.today()
    with progress() as tell:
        found = previews.preview(reading(), version, versions.rules_of(reading(), version), on,
                                 lambda done, total: tell(done, total, "试算（件）"))
    names = unit_names(reading())
    click.echo(f"第 {version.number} 版，自 {on}：近 {found.days} 日 {found.effect.recent_count} 件、在办 {found.effect.open_count} 件")
    for move in found.effect.moves:
        was, now = (names.get(code or "", code or "无人") for code in (move.was, move.now))
        click.echo(f"{was} → {now}：近 {found.days} 日 {len(move.recent)} 件，在办 {len(move.open)} 件")
    for unit in found.ending:
        click.echo(f"{unit.name} 到 {unit.last_day} 为止，第 {Listed(map(str, unit.lines))} 条还写着它")
    for rule in found.effect.unmet:
        click.echo(f"没有案件适用：第 {rule.clause} 条")
    for rule, beating in found.effect.beaten:
        click.echo(f"总是被盖过：第 {rule.clause} 条，被第 {Listed(each.clause for each in beating)} 条")
    click.echo(f"无人负责的格子：{len(found.gaps)}" + (f"（如 {Listed(found.gaps_told(MOST_NAMED))}）" if found.gaps else ""))
    click.echo(f"改动次数 {version.edits}")


@group.command("activate")
@click.option("--on", "first_day", callback=day, help="从哪天起用；不给则今天")
@click.option("--reason", default="", help="有格子无人负责时的理由")
@click.option("--seen", type=int, help="试算时的“改动次数”；之后有人改过则拒绝")
@click.option("--as", "login", required=True, help="启用人登录名：拟稿人以外的调度员或区领导")
def activate(first_day: date | None, reason: str, seen: int | None, login: str) -> None:
    """启用草稿；须由他人启用。"""
    version, first_day = versions.draft_today(), first_day or wiring().clock.today()
    versions.activate(access.at_command_line(login), versions.ActivateOrder(version.number, first_day, reason, seen))
    click.echo(f"责任清单第 {version.number} 版自 {first_day} 起用")
