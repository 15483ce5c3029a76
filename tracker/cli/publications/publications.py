"""`flask publications …`: what the public reads and shall read."""

from collections.abc import Callable

import click

from tracker.cli.house.refusing import RefusingGroup
from tracker.domain.publications.flow import STATES, PublicationState
from tracker.domain.publications.kinds import PUBLIC_KINDS
from tracker.services.house.work import reading
from tracker.services.people.access import at_command_line
from tracker.services.publications import publishing
from tracker.services.publications.rows import areas_of, row_for
from tracker.storage.publications.publications import page

group = RefusingGroup("publications", help="公开内容：列表、单份、起草、复核公开、退回、撤下、作废草稿。")
WHO = click.option("--as", "login", required=True, help="以谁的身份（登录名）")
REASON = click.option("--reason", required=True, help="理由")


@group.command("list")
@WHO
@click.option("--state", type=click.Choice([each.value for each in PublicationState]), help="状态")
def show_list(login: str, state: str | None) -> None:
    """逐份打印，新的在前。"""
    before: int | None = None
    areas = areas_of(at_command_line(login))
    while True:
        rows, before = page(reading(), areas, state or "", before)
        for row, drafter, reviewer in rows:
            click.echo("\t".join((str(row.id), PUBLIC_KINDS[row.kind].word, row.title, STATES[row.state], str(row.from_on),
                                  drafter, reviewer or "—")))
        if before is None:
            return


@group.command("show")
@click.argument("number", type=int)
@WHO
def show(number: int, login: str) -> None:
    """打印一份公开内容。"""
    row = row_for(at_command_line(login), number)
    click.echo(f"{row.title}\t{STATES[row.state]}\t{row.from_on}\t{row.digest or '—'}")
    for field in PUBLIC_KINDS[row.kind].fields:
        click.echo(f"{field.word}\t{row.body['texts'].get(field.name) or '—'}")
    for line in ([row.body["table"]["columns"], *row.body["table"]["rows"]] if row.body["table"] else []):
        click.echo("\t".join(line))


@group.command("draft")
@click.argument("kind", type=click.Choice(sorted(PUBLIC_KINDS)))
@click.argument("subject")
@WHO
def draft(kind: str, subject: str, login: str) -> None:
    """从记录起草，如 flask publications draft class_roster classes:区划代码/年份 --as 登录名。"""
    click.echo(f"第 {publishing.draft(at_command_line(login), kind, subject)} 号，待复核。")


@group.command("publish")
@click.argument("number", type=int)
@WHO
@click.option("--overruled", default="", help="复核有发现而仍要公开的理由")
def publish(number: int, login: str, overruled: str) -> None:
    """由另一人复核并公开。"""
    actor = at_command_line(login)
    publishing.publish(actor, number, row_for(actor, number).seq, overruled)
    click.echo(f"第 {number} 号已公开。")


def _add_reasoned(name: str, take: Callable[..., None], word: str) -> None:
    @group.command(name, help=word)
    @click.argument("number", type=int)
    @WHO
    @REASON
    def run(number: int, login: str, reason: str) -> None:
        actor = at_command_line(login)
        take(actor, number, row_for(actor, number).seq, reason)
        click.echo(f"第 {number} 号：{word}。")


_add_reasoned("return", publishing.send_back, "退回修改")
_add_reasoned("withdraw", publishing.withdraw, "撤下，写明理由")
_add_reasoned("discard", publishing.discard, "作废草稿")
