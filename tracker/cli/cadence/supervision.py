"""`flask supervision …`: the records of the cadences, one beat by hand, and a word on the clock."""

import click

from tracker.cli.house.refusing import RefusingGroup
from tracker.domain.cadence.beats import beat_named
from tracker.domain.cadence.telling import Telling
from tracker.services.cadence import beats
from tracker.services.house.work import reading, wiring
from tracker.services.upkeep import clock_watch
from tracker.storage.cadence import records

STATES = {"running": "办理中", "done": "完成", "failed": "失败"}
MOST_SHOWN = 50

group = RefusingGroup("supervision", help="调度记录：日巡查、周调度、月通报、考核。")


@group.command("list")
@click.option("--missing", is_flag=True, help="只列应办而未完成的")
@click.option("--cadence", help="只列这一种，如 weekly-review")
@click.option("--most", type=click.IntRange(min=1), default=MOST_SHOWN, show_default=True, help="最多列多少行")
def list_records(missing: bool, cadence: str | None, most: int) -> None:
    """列出调度记录，最近的在前；--missing 列出应办而未完成的，最早的在前。"""
    wanted = beat_named(cadence).id if cadence else None
    if missing:
        for gap in beats.missing(wiring().clock.now()):
            if wanted in (None, gap.beat.cadence.id):
                click.echo(gap.sentence)
        return
    for row in records.newest(reading(), wanted, most):
        signed = f"\t已签收 {wiring().clock.local(row.signed_at):%Y-%m-%d %H:%M}" if row.signed_at else ""
        click.echo(
            f"{row.cadence}\t{row.period}\t{row.area_code}\t{wiring().clock.local(row.due_at):%Y-%m-%d %H:%M}\t"
                   f"{STATES[row.state]}\t"
                   f"{row.error if row.state == 'failed' else row.outcome}{signed}")


@group.command("run")
@click.argument("cadence")
@click.argument("period")
@click.option("--area", help="区划代码；不给则为本区")
@click.option("--silent", is_flag=True, help="只作记录和存档，不发给任何人")
def run(cadence: str, period: str, area: str | None, silent: bool) -> None:
    """办理一期，如 weekly-review 2026-W47；办过的不重办，不重发。"""
    ran = beats.run(cadence, period, area, telling=Telling.silent if silent else Telling.usual)
    click.echo(f"{ran.cadence} {ran.period}：{ran.outcome}")


@group.command("clock-accept")
def clock_accept() -> None:
    """确认现在的系统时间是对的：时钟回拨后由此恢复调度，已办的各期不会重办。"""
    now = clock_watch.accept()
    click.echo(f"已确认，心跳改为 {wiring().clock.local(now):%Y-%m-%d %H:%M}")
