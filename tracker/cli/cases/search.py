"""`flask search …`: the index that the register's search reads."""

import click

from tracker.cli.house.refusing import RefusingGroup
from tracker.services.cases.register import searching

group = RefusingGroup("search", help="搜索索引。")


@group.command("rebuild")
def rebuild() -> None:
    """按现有案件和账本重建搜索索引；期间照常办公，搜索仍用旧索引。"""
    click.echo(f"搜索索引已重建：{searching.rebuild()} 件")
