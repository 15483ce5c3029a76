"""`flask reports circular | edit | sign`: a circular that waits for its signature, by the same deeds as its pages."""

from pathlib import Path

import click

from tracker.cli.reports.reports import group
from tracker.domain.house.errors import Incomplete, NotFound
from tracker.domain.house.say import Say
from tracker.domain.reports.issuing.flow import STATES
from tracker.domain.reports.kinds import REPORTS, report_named
from tracker.domain.rules.periods import period_named
from tracker.services.house.work import wiring
from tracker.services.people import access
from tracker.services.reports import circulars, papers, reports
from tracker.services.reports.papers import CircularPaper
from tracker.services.rules.places import known_area

PERIOD = "哪一期，如 2026-11"


@group.command("circular")
@click.option("--period", "key", required=True, help=PERIOD)
@click.option("--name", default="", help="哪种通报；不给则为月通报")
@click.option("--area", default="", help="区划代码；不给则为本区")
def show(key: str, name: str, area: str) -> None:
    """列出通报的各段文字、改动和签发情况。"""
    paper = _stored_paper(name, key, area)
    click.echo(f"{paper.report.title}：{STATES[paper.state]}{f'，{paper.row.number}' if paper.row.number else ''}"
               f"{'' if paper.row.issued_at else f'，{paper.row.sign_by_on} 前签发'}")
    for block in paper.blocks:
        click.echo(f"[{block.key}]{'（已改）' if block.is_edited else ''} {block.text}")


@group.command("edit")
@click.option("--period", "key", required=True, help=PERIOD)
@click.option("--as", "login", required=True, help="以谁的身份（登录名）")
@click.option("--block", required=True, help="哪一段，见 flask reports circular")
@click.option("--text", "said", help="这一段的新文字；空文字表示不印")
@click.option("--from", "source", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="从文件读新文字")
@click.option("--restore", is_flag=True, help="恢复原拟文字")
@click.option("--name", default="", help="哪种通报；不给则为月通报")
@click.option("--area", default="", help="区划代码；不给则为本区")
def edit(key: str, login: str, block: str, said: str | None, source: Path | None, restore: bool, name: str, area: str) -> None:
    """修改通报的一段文字，或恢复原拟。"""
    actor = access.at_command_line(login)
    paper = circulars.paper_for(actor, _kind_name(name), period_named(key).key, _area_code(area))
    composed = {each.key: each.composed for each in paper.blocks}
    text = source.read_text(encoding="utf-8") if source is not None else composed.get(block, "") if restore else said
    if text is None:
        raise Incomplete("请给出 --text、--from 或 --restore。", field="text")
    edits = circulars.edit(actor, paper, {block: text}, paper.seq)
    click.echo(f"已保存，改动 {len(edits)} 段" if edits else "没有改动")
    for each in edits:
        if each.uncounted:
            click.echo(f"以下数字不在本期统计中，请核对：{'、'.join(each.uncounted)}")


@group.command("sign")
@click.option("--period", "key", required=True, help=PERIOD)
@click.option("--as", "login", required=True, help="以谁的身份（登录名）")
@click.option("--serial", type=int, help="文号序号；不给则取下一个")
@click.option("--name", default="", help="哪种通报；不给则为月通报")
@click.option("--area", default="", help="区划代码；不给则为本区")
def sign(key: str, login: str, serial: int | None, name: str, area: str) -> None:
    """签发通报，发给各收件人。"""
    actor = access.at_command_line(login)
    paper = circulars.paper_for(actor, _kind_name(name), period_named(key).key, _area_code(area))
    row = circulars.sign(actor, paper, paper.seq, serial)
    click.echo(f"{paper.report.title}：已签发{f'，{row.number}' if row.number else ''}，摘要 {row.digest}")


def _kind_name(name: str) -> str:
    """The report that is meant: the first one that is signed for, where none is named."""
    return report_named(name).name if name else next(each.name for each in REPORTS if each.is_signed)


def _area_code(code: str) -> str:
    return known_area(code, None, field="area").code if code else wiring().home_area


def _stored_paper(name: str, key: str, area: str) -> CircularPaper:
    report = reports.find(_kind_name(name), period_named(key).key, _area_code(area))
    paper = papers.paper_of(report) if report is not None else None
    if paper is None:
        raise NotFound(Say("没有“{key}”这一期的通报。", key=key))
    return paper
