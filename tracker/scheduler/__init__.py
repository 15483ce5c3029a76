"""Floor 3, the clock's door: its own process, any number of them, never inside the web workers."""

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from tracker.domain.house.errors import Broken
from tracker.scheduler import runner
from tracker.services.house.database_trouble import DATABASE_ERRORS
from tracker.services.upkeep.proofs import keys

group = AppGroup("scheduler", help="时钟进程。")


def register(app: Flask) -> None:
    """Add `flask scheduler`."""
    app.cli.add_command(group)


@group.command("run")
def run() -> None:
    """运行时钟进程，直到收到 SIGTERM 或 Ctrl-C；可同时运行任意多个。没有签名密钥、或密钥不对时不启动。"""
    try:
        keys.require_signer()
    except Broken as refusal:
        click.echo(f"时钟进程没有启动：{refusal.sentence}", err=True)
        raise SystemExit(1) from None
    except DATABASE_ERRORS:
        pass  # the runner waits for a database that is not there yet; without the right key it signs nothing
    click.echo("时钟进程已启动", err=True)
    runner.run(current_app._get_current_object())  # type: ignore[attr-defined]
    click.echo("时钟进程已停止", err=True)
