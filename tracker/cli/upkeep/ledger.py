"""`flask ledger …`: is everything as it was recorded?"""

from datetime import date

import click

from tracker.cli.house.progress import progress
from tracker.cli.house.reading import day
from tracker.cli.house.refusing import Refused, RefusingGroup
from tracker.services.upkeep import integrity, seals

MOST_SHOWN = 20

group = RefusingGroup("ledger", help="账本核验与封签。")


@group.command("verify")
def verify() -> None:
    """核验每条链、每件案件和每份证据；不符时以 1 退出，并指出第一条不符的记录。"""
    with progress() as step:
        report = integrity.verify(step)
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
