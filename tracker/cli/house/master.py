"""`flask master …`: what administrators edit, table by table."""

from datetime import date
from pathlib import Path

import click

from tracker.cli.house.reading import day, pairs
from tracker.cli.house.refusing import RefusingGroup
from tracker.domain.house.actor import OPERATOR
from tracker.domain.house.master import cell_text, shown_cell
from tracker.services.house.master import history, loading, rows, sheets
from tracker.services.house.master.loading import BadSheet, Loaded
from tracker.services.house.work import reading, wiring
from tracker.services.people.signing import slips
from tracker.services.people.signing.links import PasswordLink
from tracker.services.people.taken_out import note_export

group = RefusingGroup("master", help="主数据：来源、单位、人员等各表的查看、改动、导出和导入。")
FILE = click.Path(path_type=Path)


@group.command("list")
@click.argument("name", required=False)
def list_rows(name: str | None) -> None:
    """列出各表；给表名则列出其中各条。"""
    if name is None:
        for each in rows.masters_of(None):
            click.echo(f"{each.table.name}\t{each.table.word}\t{each.table.what_for}")
        return
    master = rows.master_for(None, name)
    table = rows.table_today(master, reading())
    for row in rows.all_rows(master, reading()).values():
        click.echo("\t".join(shown_cell(each, row.get(each.name)) for each in table.fields))


@group.command("show")
@click.argument("name")
@click.argument("key", required=False)
def show(name: str, key: str | None) -> None:
    """显示一张表有哪些栏；给代码则显示这一条和它的历次改动。"""
    master = rows.master_for(None, name)
    table = rows.table_today(master, reading())
    row = rows.row_named(master, reading(), key) if key is not None else {}
    for each in table.fields:
        said = shown_cell(each, row.get(each.name)) if key is not None else sheets.what_fits(each)
        click.echo(f"{each.name}\t{each.word}\t{said}")
    if key is not None:
        for line in history.history_of(None, name, key):
            said = "；".join(f"{word}：{old or '空'} → {new or '空'}" for word, old, new in line.cells)
            click.echo(f"{wiring().clock.local(line.at):%Y-%m-%d %H:%M}  {line.act}  {line.who}  {said}".rstrip())


@group.command("set")
@click.argument("name")
@click.argument("key")
@click.argument("values", nargs=-1, required=True, callback=pairs)
def set_row(name: str, key: str, values: dict[str, object]) -> None:
    """改一条（栏=值，可多个）；没有这个代码则新增。"""
    before = rows.all_rows(rows.master_for(None, name), reading()).get(key)
    written = rows.save_row(None, name, key, values)
    click.echo(f"已{'改动' if before is not None else '新增'} {name} {written.key}")
    _echo_links([written.handed_out], None)


@group.command("end")
@click.argument("name")
@click.argument("key")
@click.argument("values", nargs=-1, callback=pairs)
@click.option("--on", required=True, callback=day, help="最后一天")
def end(name: str, key: str, values: dict[str, object], on: date) -> None:
    """终止一条：过了最后一天不再可选，旧案照旧。"""
    click.echo(f"{name} {rows.end_row(None, name, key, on, values).key} 的最后一天是 {on}")


@group.command("export")
@click.argument("name")
@click.option("--to", required=True, type=FILE, help="写到哪个 .xlsx")
def export(name: str, to: Path) -> None:
    """导出一张表；改好后原样导回。"""
    sheets.write_table(None, name, to)
    note_export(OPERATOR, "master", len(rows.all_rows(rows.master_for(None, name), reading())), "xlsx", {"key": name})
    click.echo(f"已导出 {name} 到 {to}")


@group.command("load")
@click.argument("name")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="只看改动，不写入")
@click.option("--errors", type=FILE, help="有误时写出的 .xlsx：原表加“原因”一列")
@click.option("--links", type=FILE, help="人员表：没有邮箱的人设密码的链接写到哪个 .xlsx；不给则打印")
def load(name: str, file: Path, dry_run: bool, errors: Path | None, links: Path | None) -> None:
    """导入一张表：没有的列、没有的行都不动；要么全部写入，要么一行不写。"""
    try:
        found = loading.load_table(None, name, file, is_dry=dry_run, errors=errors)
    except BadSheet as bad:
        echo_loaded(bad.loaded, errors)
        raise
    echo_loaded(found, errors)
    if found.troubles:
        raise BadSheet(found)
    if not dry_run:
        _echo_links([row.handed_out for row in found.rows], links)


def _echo_links(handed_out: list[object], to: Path | None) -> None:
    """The links that somebody has to hand over; they are kept nowhere."""
    found = [each for each in handed_out if isinstance(each, PasswordLink)]
    if found and to is not None:
        to.write_bytes(slips.workbook_of(found))
        click.echo(f"{len(found)} 人没有邮箱，链接已写到 {to}；请当面交给本人，交完删除。")
        return
    for link in found:
        click.echo(f"{link.login} 请在 {wiring().clock.local(link.expires_at):%Y-%m-%d %H:%M} 前打开，自己设密码：{link.url}")


def echo_loaded(found: Loaded, errors: Path | None) -> None:
    """What a file does, or did, row by row."""
    if not found.troubles:
        click.echo(found.sentence)
    for row in found.rows if not found.troubles else ():
        for word, old, new in row.cells if row.outcome == loading.CHANGED else ():
            click.echo(f"第 {row.number} 行 {row.key} {word}：{cell_text(old) or '空'} → {cell_text(new) or '空'}")
        for sentence in row.effects:
            click.echo(f"第 {row.number} 行 {row.key}：{sentence}")
    for number, sentence in found.troubles:
        click.echo(f"有误：第 {number} 行 {sentence}")
    if found.troubles and errors is not None:
        click.echo(f"错误清单：{errors}")
    for note in found.notes:
        click.echo(f"注：{note}")
