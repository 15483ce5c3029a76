"""`flask words …`: what people wrote is erased where the law asks for it, by one who asks and another who decides."""

from collections.abc import Callable
from functools import reduce

import click

from tracker.cli.house.refusing import RefusingGroup
from tracker.domain.upkeep.erasure import BASES, OUTCOMES
from tracker.services.people import access
from tracker.services.upkeep.words import erasing

group = RefusingGroup("words", help="依法删除文字。")


@group.command("list")
@click.option("--as", "login", required=True, help="以谁的身份")
def listing(login: str) -> None:
    """列出删除申请，最新的在前。"""
    for each in erasing.requests_for(access.at_command_line(login)):
        which = "、".join(f"{each.stream}#{seq} {name}" for seq, name in each.which)
        click.echo(f"{each.number}\t{OUTCOMES[each.outcome]}\t{which}\t{each.basis}\t{each.document}")


OPTIONS = (
    click.argument("fact"), click.option("--name", "names", multiple=True, required=True, help="哪项文字，如 reason；可多次"),
    click.option("--basis", required=True, help="依据：" + "、".join(f"{code}={word}" for code, word in BASES)),
    click.option("--document", required=True, help="批准删除的文号"), click.option("--as", "login", required=True, help="以谁的身份"),
)


def asked_options(command: Callable[..., None]) -> Callable[..., None]:
    """What every command asks that asks for an erasing."""
    return reduce(lambda made, option: option(made), reversed(OPTIONS), command)


def marks_of(fact: str, names: tuple[str, ...]) -> tuple[str, list[tuple[int, str]]]:
    """The stream and the texts that somebody named."""
    stream, _, seq = fact.partition("#")
    return stream, [(int(seq) if seq.isdecimal() else 0, name) for name in names]


@group.command("ask")
@asked_options
def ask(fact: str, names: tuple[str, ...], basis: str, document: str, login: str) -> None:
    """申请删除一条记录 STREAM#SEQ 的文字。"""
    number = erasing.ask(access.at_command_line(login), *marks_of(fact, names), basis, document)
    click.echo(f"已提出第 {number} 号删除申请")


@group.command("decide")
@click.argument("number", type=int)
@click.option("--refuse", is_flag=True, help="不予删除")
@click.option("--as", "login", required=True, help="以谁的身份；须是另一人")
def decide(number: int, refuse: bool, login: str) -> None:
    """决定一项删除申请；删除后不可恢复。"""
    erasing.decide(access.at_command_line(login), number, is_granted=not refuse)
    click.echo(f"第 {number} 号删除申请：{'不予删除' if refuse else '已删除'}")
