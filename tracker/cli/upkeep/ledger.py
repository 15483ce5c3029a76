"""`flask ledger …`: is everything as it was recorded?"""

from datetime import date

import click

from tracker.cli.house.progress import progress
from tracker.cli.house.reading import day
from tracker.cli.house.refusing import Refused, RefusingGroup
from tracker.cli.upkeep.words import asked_options, marks_of
from tracker.services.house.work import reading
from tracker.services.people import access
from tracker.services.upkeep import erasing, integrity, seals, word_integrity

MOST_SHOWN = 20

group = RefusingGroup("ledger", help="账本核验与封签。")


@group.command("verify")
def verify() -> None:
    """核验每条链、每件案件和每份证据；不符时以 1 退出，并指出第一条不符的记录。"""
    with progress() as step:
        report = integrity.verify(step)
    for notice in word_integrity.redaction_notices(reading()):
        click.echo(notice)
    if report.first is None:
        click.echo(report.sentence())
        return
    for trouble in report.troubles[1:MOST_SHOWN]:
        click.echo(f"另有不符：{trouble}")
    raise Refused(f"账本核验不通过，共 {report.trouble_count} 处；第一处：{report.first}")


@group.command("seal")
@click.option("--on", callback=day, help="业务日期；不给则为今天")
def seal(on: date | None) -> None:
    """为当日账本封签；同一天只有一个。"""
    click.echo(seals.seal(on).sentence())


@group.command("redact")
@asked_options
def redact(fact: str, names: tuple[str, ...], basis: str, document: str, login: str) -> None:
    """申请删除旧记录 STREAM#SEQ 正文里的文字；由区领导用 words decide 决定，摘要不变。"""
    number = erasing.ask(access.actor_by_login(login), *marks_of(fact, names), basis, document)
    click.echo(f"已提出第 {number} 号删除申请，由区领导决定")
