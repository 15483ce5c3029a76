"""`flask data …`: tables in, the case register out."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from tracker.cli.house.progress import progress
from tracker.cli.house.reading import day, pairs
from tracker.cli.house.refusing import RefusingGroup
from tracker.cli.tables.registers import REGISTER, AskedRegister, list_batches, register_options, take_register
from tracker.domain.house.actor import OPERATOR, Actor
from tracker.domain.sites.registers import SiteRegister
from tracker.domain.tables.plans import ReadingChoices, Unplaced
from tracker.services.house.work import wiring
from tracker.services.people import access
from tracker.services.rules import rules
from tracker.services.tables import exporting, import_batches, importing
from tracker.services.tables.importing import BadRows, ImportOutcome
from tracker.services.tables.imports import planning
from tracker.services.tables.registers import batches as register_batches
from tracker.services.tables.registers.exporting import export_entries

group = RefusingGroup("data", help="导入案件表，导出案件登记表。")
MOST_SHOWN = 10
FILE = click.Path(path_type=Path)


def _resolve_actor(ctx: click.Context, param: click.Parameter, login: str | None) -> Actor:
    return access.at_command_line(login) if login else OPERATOR


AS = click.option("--as", "actor", callback=_resolve_actor, help="以谁的身份（登录名）；不给则为系统操作员")


@group.command("import")
@click.argument("file", type=FILE)
@register_options
@click.option("--source", default="", help="来源代码，见 data sources；不给则按表格内容判断")
@click.option("--dry-run", is_flag=True, help="只检查，不写入")
@click.option("--errors", type=FILE, help="有误时写出的 .xlsx：原表加“原因”一列")
@click.option("--skip-bad", "--good-rows", "skip_bad", is_flag=True, help="跳过有误的行，只导入无误的")
@click.option("--hidden", type=click.Choice(["take", "skip"]), default="take", show_default=True, help="隐藏的行：一并导入，或不导入")
@click.option("--layout", default="", help="用哪个保存的版式（名称或代号）")
@click.option("--unplaced", type=click.Choice([each.value for each in Unplaced]), help="没有写明或未识别属于哪里的行：归入本区、报错，或不导入")
@AS
def import_(file: Path, source: str, dry_run: bool, errors: Path | None, skip_bad: bool, hidden: str, layout: str,
            unplaced: str | None, actor: Actor, asked: AskedRegister) -> None:
    """导入公开的案件表或本系统导出的登记表（.xlsx、.csv、.docx）；默认要么全部导入，要么一件不入。给了 --register 的，导入监管对象的台账。"""
    if asked.register is not None:
        take_register(actor, file, replace(asked, is_dry=dry_run), errors)
        return
    choices = planning.by_layout(actor, file, layout) if layout else ReadingChoices()
    choices = replace(choices, takes_hidden=hidden == "take", unplaced=Unplaced(unplaced) if unplaced else choices.unplaced)
    try:
        with progress() as step:
            report = importing.import_file(actor, file, source=source, is_dry=dry_run, skip_bad=skip_bad, errors=errors,
                                           choices=choices, progress=step)
    except BadRows as bad:
        _echo_outcome(bad.report, errors)
        raise
    _echo_outcome(report, errors)


def _echo_outcome(report: ImportOutcome, errors: Path | None) -> None:
    """What an import did, line by line."""
    if report.already:
        click.echo(f"{report.already}。")
        return
    click.echo(f"文件 {report.file_name}：{'、'.join(report.layouts)}，{report.row_count} 行")
    if not report.bad_count or report.created_count or report.known_count:
        verb = "将新增" if report.is_dry else "新增"
        click.echo(f"{verb} {report.created_count} 件，已有 {report.known_count} 件，有误 {report.bad_count} 行，"
                   f"同件续行 {report.repeated_count} 行")
    for code in report.batches:
        click.echo(f"批次 {code}")
    _echo_lines("已有，未改动", report.known, report.known_count)
    _echo_lines("有误", [trouble.sentence for trouble in report.troubles[:MOST_SHOWN]], report.bad_count)
    if report.bad_count and errors is not None:
        click.echo(f"错误清单：{errors}")
    for note in report.notes:
        click.echo(f"注：{note}")


def _echo_lines(word: str, lines: list[str], total: int) -> None:
    for line in lines:
        click.echo(f"{word}：{line}")
    if total > len(lines) > 0:
        click.echo(f"{word}：……共 {total} 项")


@group.command("withdraw")
@click.argument("batch")
@AS
def withdraw(batch: str, actor: Actor) -> None:
    """撤回一个导入批次；已经有人办理的案件、导入后已有变动的台账保留，逐件列出。"""
    if register_batches.is_batch_of_register(batch):
        click.echo(register_batches.withdraw(actor, batch).sentence())
        return
    with progress() as step:
        done = import_batches.withdraw(actor, batch, step)
    click.echo(done.sentence())


@group.command("batches")
@AS
def batches(actor: Actor) -> None:
    """列出导入批次。"""
    local = wiring().clock.local
    for line in import_batches.batches(actor):
        state = f"已于 {local(line.withdrawn_at):%Y-%m-%d %H:%M} 撤回" if line.withdrawn_at else "有效"
        click.echo(f"{line.code}  {local(line.imported_at):%Y-%m-%d %H:%M}  {line.source}  {line.file_name}  {line.row_count} 行，"
                   f"新增 {line.created_count}，已有 {line.known_count}，有误 {line.bad_count}  {state}")
    list_batches(actor)


@group.command("sources")
def sources() -> None:
    """列出来源。"""
    for source in rules.sources():
        notice = "销号前须公示" if source.is_notice_required else ""
        click.echo(f"{source.key}  {source.name}  {notice}".rstrip())


@group.command("export")
@click.option("--to", required=True, type=FILE, help="写到哪个文件，.xlsx 或 .csv")
@click.option("--where", multiple=True, callback=pairs, help="筛选，可重复：state=rectifying、source=D3JX、unit=代码、area=区划代码、type=air")
@click.option("--as-of", callback=day, help="截至某日终了时的情况，如 2026-10-31")
@click.option("--register", "name", type=REGISTER, help="导出监管对象的台账而不是案件：在 --as-of 那天有效的各条")
@AS
def export(to: Path, where: dict[str, object], as_of: date | None, name: str | None, actor: Actor) -> None:
    """导出案件登记表；可原样导回。给了 --register 的，导出监管对象的台账。"""
    if name is not None:
        click.echo(f"已导出 {export_entries(actor, SiteRegister(name), to, as_of)} 条到 {to}")
        return
    with progress() as step:
        done = exporting.export_register(actor, to, where=where, as_of=as_of, progress=step)
    click.echo(f"已导出 {done.count} 件到 {to}（截至 {done.as_of}）")
    for note in done.notes:
        click.echo(f"注：{note}")
