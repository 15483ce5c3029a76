"""`flask reports …`: a report to a file, the archive, and the proof that every frozen one still comes out the same."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from importlib import import_module
from pathlib import Path

import click

from tracker.cli.house.progress import progress
from tracker.cli.house.reading import day, write_file
from tracker.cli.house.refusing import RefusingGroup
from tracker.domain.house.actor import OPERATOR
from tracker.domain.reports.batches.sheets import LAYOUTS
from tracker.domain.reports.document import Document
from tracker.domain.reports.imprint import draft
from tracker.domain.reports.kinds import report_named
from tracker.domain.rules.periods import period_named
from tracker.services.house.work import wiring
from tracker.services.people import access
from tracker.services.reports import batches, papers, quoting, reports
from tracker.services.reports.papers import CircularPaper
from tracker.services.rules.places import known_area

# format -> the gateway that prints it, imported when it is asked for; each has `write(document) -> bytes`.
FORMATS: dict[str, str] = {
    "json": "", "html": "tracker.gateways.reports.html", "xlsx": "tracker.gateways.reports.xlsx",
    "docx": "tracker.gateways.reports.docx",
}
DATED = ("docx",)  # official papers bear the day of their issue
SHORT = 12

group = RefusingGroup("reports", help="各期报告：导出、存档目录、重算核验。")


@group.command("render")
@click.argument("name")
@click.option("--period", "key", required=True, help="日 2026-11-23，周 2026-W47，月 2026-11，季 2026-Q4，年 2026")
@click.option("--format", "kind", type=click.Choice(tuple(FORMATS)), default="html", help="格式，默认 html")
@click.option("--area", default="", help="区划代码；不给则为本区")
@click.option("--as-of", "as_of", callback=day, help="只统计到这一天结束；给出时总是重新统计")
@click.option("--to", "to", required=True, type=click.Path(path_type=Path), help="写到哪个文件")
def render(name: str, key: str, kind: str, area: str, as_of: date | None, to: Path) -> None:
    """把一期报告写成文件；已存档的期取存档，没有存档或给了 --as-of 则重新统计。"""
    document, said, issued_on = _find_or_build(name, key, _known_area(area), as_of)
    row = reports.find(name, period_named(key).key, _known_area(area)) if issued_on is not None else None
    paper = papers.paper_of(row) if row is not None else None
    if row is not None and not FORMATS[kind]:
        content = papers.json_of(row, paper) + b"\n"
    else:
        content = _format_writer(kind, issued_on, paper)(paper.document if paper is not None else document)
    write_file(to, content)
    click.echo(f"{document.title}：{said}，{len(content)} 字节，摘要 {document.digest()[:SHORT]}，已写入 {to}")


@group.command("list")
@click.argument("name", default="")
def listing(name: str) -> None:
    """列出存档的报告。"""
    if name:
        report_named(name)
    lines = reports.stored(name)
    for line in lines:
        at = wiring().clock.local(line.as_of)
        click.echo(
            f"{line.name} {line.period} {line.area_code} 截至 {at:%Y-%m-%d %H:%M} 案件 {line.case_count} 件 "
                   f"摘要 {line.digest[:SHORT]} {line.title}")
    click.echo(f"存档报告 {len(lines)} 份")


@group.command("batch")
@click.argument("source")
@click.argument("label")
@click.option("--paper", type=click.Choice(tuple(batches.PAPERS)), default=LAYOUTS[0].name,
              show_default=True, help="11 列或 9 列的一览表，或情况文字")
@click.option("--as", "login", help="以谁的身份（登录名）；不给则为系统操作员")
@click.option("--to", required=True, type=click.Path(path_type=Path), help="写到哪个文件，.docx、.xlsx 或 .pdf")
def batch(source: str, label: str, paper: str, login: str | None, to: Path) -> None:
    """把一批案件的《边督边改公开情况一览表》或情况文字写成文件。"""
    actor = access.at_command_line(login) if login else OPERATOR
    made = batches.write_batch(actor, source, label, paper, to.suffix[1:].lower())
    write_file(to, made.content)
    click.echo(f"{made.name}，{len(made.content)} 字节，已写入 {to}")


@group.command("verify")
@click.argument("name", default="")
def verify(name: str) -> None:
    """用账本重算每份存档报告；不符时以 1 退出，并指出第一份。由旧版规则生成的只核对散列，逐份说明。"""
    if name:
        report_named(name)
    others: list[str] = []
    with progress() as step:
        done = reports.verify(name, step, others.append)
    papers.verify_issued(name)
    for sentence in others:
        click.echo(sentence)
    click.echo(f"存档报告 {done + len(others)} 份，重算相符 {done} 份，另 {len(others)} 份只核对散列" if others else f"存档报告 {done} 份，重算全部相符")


def _find_or_build(name: str, key: str, area: str, as_of: date | None) -> tuple[Document, str, date | None]:
    """The document, whether it comes from the archive, and the day on which that was done."""
    report_named(name)
    period = period_named(key)
    row = reports.find(name, period.key, area)
    if row is not None and as_of is None:
        return reports.document_of(row), "取自存档", reports.issued_on(row)
    until = None if as_of is None else datetime.combine(as_of + timedelta(days=1), time(), wiring().zone)
    with progress() as step:
        built = reports.build(name, period, area, until, step)
    said = f"重新统计，数据截至 {built.inputs.window.cuts:%Y-%m-%d %H:%M}，"
    if row is not None and row.digest == built.document.digest():
        return built.document, f"{said}与存档相同", reports.issued_on(row)
    return draft(built.document, is_over=built.is_whole), said + ("未存档" if row is None else "与存档不是同一份"), None


def _known_area(code: str) -> str:
    """The own area where none is given. Raises `Invalid` for one that nobody knows."""
    return known_area(code, None, field="area").code if code else wiring().home_area


def _format_writer(kind: str, issued_on: date | None, paper: CircularPaper | None) -> Callable[[Document], bytes]:
    if not FORMATS[kind]:
        return lambda document: (document.text() + "\n").encode()
    writer: Callable[..., bytes] = import_module(FORMATS[kind]).write

    def write(document: Document) -> bytes:
        more = {"issued_on": issued_on, "office": reports.office_of(document.area_code),
                "head": paper.head if paper is not None else None} if kind in DATED else {}
        return writer(quoting.shown(document), **more)

    return write
