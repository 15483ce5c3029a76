"""`flask draws …`: a draw prepared, committed, drawn and shown by the same deeds as the pages; and repeated from its bundle."""

from datetime import date
from pathlib import Path

import click

from tracker.cli.house.reading import day
from tracker.cli.house.refusing import RefusingGroup
from tracker.domain.house.errors import Broken, Invalid
from tracker.domain.inspection.draws import DRAW, KIND, DrawSteps
from tracker.services.acts import steps
from tracker.services.inspection import proofs
from tracker.services.inspection.proofs import NUMBERS, Proof
from tracker.services.people.access import at_command_line

group = RefusingGroup("draws", help="双随机抽取：编制名录、封存、抽取、验证。")
AS = click.option("--as", "login", required=True, help="办理人登录名")


@group.command("prepare")
@click.argument("quarter")
@AS
@click.option("--roster-on", required=True, callback=day, help="名录日期")
def prepare(quarter: str, login: str, roster_on: date) -> None:
    """编制一个季度的抽取名录，如 2026Q4。"""
    done = steps.begin(at_command_line(login), KIND, {"quarter": quarter, "roster_on": roster_on})
    click.echo(f"{done.number} → {DRAW.word_of_state(done.state)}")


@group.command("commit")
@click.argument("number")
@AS
@click.option("--source", required=True, help="见证来源，如“上证指数收盘”")
@click.option("--source-on", required=True, callback=day, help="哪一天的，须在今天以后")
def commit(number: str, login: str, source: str, source_on: date) -> None:
    """封存名录和密值。"""
    _take_step(number, login, DrawSteps.commit.name, {"witness_source": source, "witness_on": source_on})


@group.command("draw")
@click.argument("number")
@AS
@click.option("--witness", required=True, help="照抄的见证数值")
@click.option("--planned-on", required=True, callback=day, help="检查开始日期")
@click.option("--due-on", callback=day, help="最迟检查日期；不给则为季度末")
@click.option("--reason", help="当天抽取的理由")
def draw(number: str, login: str, witness: str, planned_on: date, due_on: date | None, reason: str | None) -> None:
    """在另一人见证下抽取。"""
    given = {"witness": witness, "planned_on": planned_on, "due_on": due_on, "reason": reason}
    _take_step(number, login, DrawSteps.draw.name, {name: value for name, value in given.items() if value is not None})


@group.command("show")
@click.argument("number")
@AS
def show(number: str, login: str) -> None:
    """显示一次抽取：各分类的家数，公布的几个数。"""
    found = proofs.record_for(at_command_line(login), number)
    click.echo(f"{found.page.head.number} {found.page.head.title} {DRAW.word_of_state(found.page.head.state)}")
    if found.committed is None:
        return
    for site_class, counts in found.committed.details["counts"].items():
        click.echo(f"{site_class} 在册 {counts['listed']} 可抽 {counts['pool']} 应抽 {counts['quota']}")
    for name in NUMBERS:
        click.echo(f"{name} {getattr(found.row, name) or '—'}")


@group.command("verify")
@click.argument("what")
@click.option("--as", "login", help="登录名；验证本系统的抽取须给，验证文件不用")
def verify(what: str, login: str | None) -> None:
    """验证一次抽取（编号）或一个验证包（文件）；不一致的逐个列出，退出码 1。"""
    path = Path(what)
    if login is None and not path.is_file():
        raise Invalid("验证本系统的抽取须用 --as 给出是谁；验证文件请给出存在的文件。", field="as")
    found = proofs.proof_in(path) if path.is_file() else proofs.proof_of(at_command_line(login or ""), what)
    _print_proof(found)
    if not found.is_sound:
        raise Broken(f"{found.number} 不一致：{'、'.join(found.faults)}。", code="unequal")


def _print_proof(found: Proof) -> None:
    click.echo(found.number)
    for name in NUMBERS:
        click.echo(f"{name} {found.told[name]} {'不一致' if name in found.faults else '一致'}")


def _take_step(number: str, login: str, step: str, given: dict[str, object]) -> None:
    done = steps.take(at_command_line(login), number, step, given)
    click.echo(f"{done.number} {DRAW.word_of_step(step)} → {DRAW.word_of_state(done.state)}（第 {done.seq} 条记录）")
