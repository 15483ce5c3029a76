"""`flask data import --register …`: registers of supervised sites in from files."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any

import click

from tracker.cli.house.reading import day
from tracker.domain.house.actor import Actor
from tracker.domain.sites.registers import REGISTERS, SiteRegister
from tracker.services.house.work import wiring
from tracker.services.tables.registers import batches
from tracker.services.tables.registers.importing import (
    ADD,
    SYNC,
    BadRegisterRows,
    RegisterFileOrder,
    RegisterOutcome,
    import_register,
)
from tracker.services.tables.registers.reports import REPORTS, import_reports

MOST_SHOWN = 20
REGISTER = click.Choice([each.value for each in SiteRegister if REGISTERS[each].is_entered])
TAKEN = click.Choice([*REGISTER.choices, REPORTS])
WORDS = {each.value: row.word for each, row in REGISTERS.items()} | {REPORTS: "执行报告"}


@dataclass(frozen=True)
class AskedRegister:
    """What was asked for of a register's file; `register` None asks for none."""

    register: str | None
    mode: str
    as_of: date | None
    applies_changes: bool
    endings: int | None
    is_dry: bool = False

    def order(self) -> RegisterFileOrder:
        """The same, of a register."""
        assert self.register is not None
        return RegisterFileOrder(SiteRegister(self.register), self.mode, self.as_of, self.applies_changes, self.endings,
                                 self.is_dry)


def register_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a register's file, handed on together as `asked`."""

    @wraps(command)
    def wrapper(register: str | None, mode: str, as_of: date | None, apply_changes: bool, endings: int | None,
                **rest: Any) -> Any:
        return command(asked=AskedRegister(register, mode, as_of, apply_changes, endings), **rest)

    for option in (
            click.option("--register", type=TAKEN, help="导入监管对象的哪一本台账，或平台的执行报告清单（obligation），而不是案件"),
            click.option("--mode", type=click.Choice([ADD, SYNC]), default=ADD, show_default=True,
                         help="台账：只增加，或以文件为全部名单（名单中没有的终止）"),
            click.option("--as-of", callback=day, help="台账：名单是哪一天的；不给则今天"),
            click.option("--apply-changes", is_flag=True, help="台账：与在册内容不同的，终止原条目并登记新的"),
            click.option("--endings", type=int, help="台账：将终止的条数，多于 20 条或 2% 时须写明")):
        wrapper = option(wrapper)
    return wrapper


def take_register(actor: Actor, file: Path, asked: AskedRegister, errors: Path | None) -> None:
    """Take a file of a register in, and say what came of it."""
    try:
        outcome = (import_reports(actor, file, is_dry=asked.is_dry, errors=errors) if asked.register == REPORTS else
                   import_register(actor, file, asked.order(), errors=errors))
    except BadRegisterRows as bad:
        _echo_lines("有误", (each.sentence for each in bad.outcome.troubles), bad.outcome.bad_count)
        if errors is not None:
            click.echo(f"错误清单：{errors}")
        raise
    _echo_outcome(outcome)


def _echo_outcome(outcome: RegisterOutcome) -> None:
    if outcome.already:
        click.echo(f"{outcome.already}。")
        return
    verb = "将新增" if outcome.is_dry else "新增"
    click.echo(f"文件 {outcome.file_name}：{WORDS[outcome.register]}，{outcome.row_count} 行")
    click.echo(f"{verb} {outcome.created_count} 条（新监管对象 {outcome.new_sites} 个），已在册 {outcome.known_count} 条，"
               f"变更 {outcome.changed_count} 条，终止 {outcome.ended_count} 条")
    if outcome.batch:
        click.echo(f"批次 {outcome.batch}")
    _echo_lines("变更", outcome.changes, outcome.changed_count)
    _echo_lines("校验位不符", outcome.odd_numbers, len(outcome.odd_numbers))
    for note in outcome.notes:
        click.echo(f"注：{note}")


def _echo_lines(word: str, lines: Iterable[str], total: int) -> None:
    shown = list(lines)[:MOST_SHOWN]
    for line in shown:
        click.echo(f"{word}：{line}")
    if total > len(shown) > 0:
        click.echo(f"{word}：……共 {total} 项")


def list_batches(actor: Actor) -> None:
    """The batches of registers, line by line."""
    local = wiring().clock.local
    for line in batches.batches(actor):
        state = f"已于 {local(line.withdrawn_at):%Y-%m-%d %H:%M} 撤回" if line.withdrawn_at else "有效"
        click.echo(f"{line.code}  {local(line.imported_at):%Y-%m-%d %H:%M}  {WORDS[line.register]}  "
                   f"{line.file_name}  {line.row_count} 行，新增 {line.created_count}，已在册 {line.known_count}，"
                   f"变更 {line.changed_count}，终止 {line.ended_count}  {state}")
