"""`flask identities …`: texts that name a reporter who became known later."""

import click

from tracker.cli.house.refusing import RefusingGroup
from tracker.domain.house.actor import OPERATOR
from tracker.services.cases import identities

group = RefusingGroup("identities", help="举报人信息：隐去文字中的举报人。")


@group.command("sweep")
@click.option("--dry-run", "is_dry", is_flag=True, help="只列出会改动的案件和栏目，不改动")
def sweep(is_dry: bool) -> None:
    """举报人登记在文字之后的案件，逐件隐去文字中的姓名和号码；账本记下栏目和处数。"""
    found = identities.sweep(OPERATOR, is_dry=is_dry)
    for each in found:
        click.echo(f"{each.number}\t{'、'.join(each.fields)}\t{each.count} 处")
    click.echo(f"{'将隐去' if is_dry else '已隐去'} {len(found)} 件案件文字中的举报人")
