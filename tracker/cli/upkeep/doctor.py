"""`flask doctor`: what is wrong with this installation, and how to mend it."""

import click
from flask.cli import with_appcontext

from tracker.cli.house.refusing import Refused, RefusingCommand
from tracker.services.upkeep import doctor


@click.command("doctor", cls=RefusingCommand)
@with_appcontext
def group() -> None:
    """检查设置、数据库、证据库、邮件、日历、时钟：哪里不对，怎样修好。"""
    click.echo("正常  设置：已读入")
    unwell = 0
    for check in doctor.examine():
        mark = "正常" if check.is_well else "提醒" if check.is_reminder else "问题"
        click.echo(f"{mark}  {check.name}：{check.sentence}")
        unwell += not check.is_well and not check.is_reminder
    if unwell:
        raise Refused(f"有 {unwell} 项须处理，见上。")
