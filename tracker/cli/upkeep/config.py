"""`flask config …`: what an office has set, from neighbour to neighbour."""

from pathlib import Path

import click

from tracker.cli.house.refusing import RefusingGroup
from tracker.services.upkeep.running import config_bundle

group = RefusingGroup("config", help="规则、期限、来源、责任清单和导入版式，打包给别的辖区。")
FILE = click.Path(dir_okay=False, path_type=Path)


@group.command("export")
@click.argument("file", type=FILE)
def export(file: Path) -> None:
    """导出一个 .zip；没有人员、案件和举报人。"""
    click.echo(f"已写入 {file}，共 {config_bundle.export(file)} 项")


@group.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="只看会改什么")
def load(file: Path, dry_run: bool) -> None:
    """收下别的辖区的配置；本地没有的单位、区划不收，逐条列出。"""
    taken = config_bundle.load(file, is_dry=dry_run)
    click.echo(f"来自 {taken.area}" + ("（只看，没有写入）" if dry_run else ""))
    for line in taken.done:
        click.echo(line)
    for line in taken.left_out:
        click.echo(f"未收：{line}")
