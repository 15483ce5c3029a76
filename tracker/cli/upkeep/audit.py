"""`flask audit …`: the auditor's room – what was done, by whom, within an auditor's area – as lines or as a file."""

from collections.abc import Callable
from functools import reduce
from pathlib import Path

import click

from tracker.cli.house.refusing import RefusingGroup
from tracker.domain.upkeep.auditing import HEADINGS, OUTCOMES_ASKED, WORDS
from tracker.services.house.work import wiring
from tracker.services.people import access
from tracker.services.upkeep import auditing
from tracker.storage.upkeep.audit_lines import AuditLine

group = RefusingGroup("audit", help="审计记录：谁在何时做了什么。")
OPTIONS = (
    click.option("--as", "login", required=True, help="以哪位审计人员的身份；只见其辖区"),
    click.option("--from", "from_on", default="", help="自哪天，如 2026-12-01；不给则为最近 31 天"),
    click.option("--to", "to_on", default="", help="至哪天；不给则为今天"),
    click.option("--heading", default="", help="类别：" + "、".join(f"{each.code}={each.word}" for each in HEADINGS)),
    click.option("--person", default="", help="谁做的或关于谁：登录名"),
    click.option("--object", default="", help="关于什么：案件编号等"),
    click.option("--role", default="", help="做的人有什么角色，如 clerk"),
    click.option("--area", default="", help="只看哪个区划的（代码）"),
    click.option("--outcome", default="", help="结果：" + "、".join(f"{code}={word}" for code, word in OUTCOMES_ASKED.items())),
)


def asked_filters(command: Callable[..., None]) -> Callable[..., None]:
    """The filters of the page, as options."""
    return reduce(lambda made, option: option(made), reversed(OPTIONS), command)


@group.command("list")
@asked_filters
@click.option("--most", type=click.IntRange(1, 10_000), default=auditing.PAGE, show_default=True, help="最多列几条")
def listing(login: str, most: int, **asked: str) -> None:
    """列出审计记录，最新的在前。"""
    for line in auditing.lines(access.at_command_line(login), auditing.filters_of(asked), most=most):
        click.echo(_printed_line(line))


@group.command("export")
@asked_filters
@click.option("--file", required=True, type=click.Path(dir_okay=False, path_type=Path), help="写到哪里，.xlsx 或 .csv")
def export(login: str, file: Path, **asked: str) -> None:
    """写成文件；这次导出本身也记在账上。"""
    click.echo(f"已写入 {file}，共 {auditing.export(access.at_command_line(login), file, auditing.filters_of(asked))} 条")


def _printed_line(line: AuditLine) -> str:
    told = " · ".join(f"{word} {value}" for word, value in auditing.told_of(line))
    who = (line.actor or auditing.who_of(line)) + (f"（代{line.principal}）" if line.principal else "")
    return "\t".join((f"{wiring().clock.local(line.at):%Y-%m-%d %H:%M:%S}", WORDS[line.kind], who, line.subject, told,
                      line.address, f"{line.stream}#{line.seq}"))
