"""`flask db …`: the migrations of Flask-Migrate, and the room that a database gives back."""

import click
from flask_migrate.cli import db as group

from tracker.cli.house.refusing import RefusingCommand
from tracker.services.upkeep.running import growth

MEGABYTE = 1024**2


@group.command("shrink", cls=RefusingCommand)
def shrink() -> None:
    """把整理掉的邮件正文等留下的空处还给磁盘（SQLite；PostgreSQL 自行整理）。"""
    before, after = growth.shrink()
    click.echo(f"数据库 {before / MEGABYTE:.1f} MB → {after / MEGABYTE:.1f} MB")
