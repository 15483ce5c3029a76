"""`flask backup …`: everything into one file, and back."""

from pathlib import Path

import click

from tracker.cli.house.progress import progress
from tracker.cli.house.refusing import Refused, RefusingGroup
from tracker.services.mail import outbox
from tracker.services.upkeep import backup
from tracker.services.upkeep.running import backups

group = RefusingGroup("backup", help="备份与恢复。")


@group.command("create")
@click.argument("file", type=click.Path(path_type=Path))
def create(file: Path) -> None:
    """把数据库和全部证据写入一个文件(.tar.gz)。IDENTITY_KEY 不在其中，须另行保管。"""
    with progress() as step:
        made = backup.create(file, step)
    backups.note_made(file, made)
    for warning in made.found.warnings():
        click.echo(f"注意：{warning}", err=True)
    click.echo(f"已备份到 {made.path}：记录 {made.facts} 条，证据文件 {made.files} 份，共 {made.size / 1048576:.1f} MB")


@group.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--verify", "is_verified", is_flag=True, help="恢复后核验每条链和每份证据")
def restore(file: Path, is_verified: bool) -> None:
    """恢复到一个空库；未发出的邮件先冻结。"""
    with progress() as step:
        done = backup.restore(file, is_verified=is_verified, progress=step)
    click.echo(f"已恢复：记录 {done.facts} 条，证据文件 {done.files} 份；冻结未发邮件 {done.held} 封")
    if done.report is not None and done.report.first is not None:
        raise Refused(f"恢复后核验不通过，共 {done.report.trouble_count} 处；第一处：{done.report.first}")
    if done.report is not None:
        click.echo(done.report.sentence())


@group.command("release-mail")
def release_mail() -> None:
    """放行恢复后冻结的邮件。"""
    click.echo(f"已放行 {outbox.release()} 封")
