"""`flask jobs …`: what the clock does, and one run of it by hand."""

from datetime import date

import click

from tracker.cli.house.reading import day
from tracker.cli.house.refusing import RefusingGroup
from tracker.services.upkeep import jobs

STATES = {"running": "运行中", "done": "完成", "failed": "失败"}

group = RefusingGroup("jobs", help="定时任务。")


@group.command("list")
def list_jobs() -> None:
    """列出任务和最近一次运行。"""
    last = jobs.last_runs()
    for job in jobs.all_jobs():
        ran = last.get(job.id)
        said = f"{ran.on} {STATES[ran.state]} {ran.outcome}".rstrip() if ran else "—"
        click.echo(f"{job.id}\t{job.when}\t{job.what_for}\t{said}")


@group.command("run")
@click.argument("job")
@click.option("--on", callback=day, help="业务日期；不给则为今天")
def run(job: str, on: date | None) -> None:
    """运行一个任务；同一日期运行两次，第二次什么也不做。调度任务办理该日应办的那一期。"""
    ran = jobs.run(job, on)
    click.echo(f"{ran.job} {ran.on}：{ran.outcome}")
