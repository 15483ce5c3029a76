"""`flask outbox …`: what waits and what is stuck, letting frozen mails go, bounces, how people want their mail, and the addresses
of group robots."""

from pathlib import Path

import click

from tracker.cli.house.refusing import RefusingGroup
from tracker.domain.house.errors import Invalid
from tracker.domain.mail.kinds import WAYS
from tracker.services.house.work import reading, wiring
from tracker.services.mail import bounces, choices, outbox, robots
from tracker.storage.mail import outbox_lines

KINDS = {"held": "冻结", "given_up": "放弃", "bounced": "退信", "put_off": "推迟", "repeated": "重复投递"}
STATES = {"waiting": "待发", "claimed": "发送中", "sent": "已发", "given_up": "放弃", "held": "冻结"}
LONGEST_EML = 10 * 1024 * 1024

group = RefusingGroup("outbox", help="待发邮件与群机器人。")


@group.command("list")
@click.option("--kind", type=click.Choice(tuple(KINDS)), multiple=True, help="只列哪一类；不给则列出所有须留意的")
@click.option("--limit", default=100, type=click.IntRange(1, 10_000), help="最多几行")
def listing(kind: tuple[str, ...], limit: int) -> None:
    """列出冻结、放弃、退信、推迟和重复投递的邮件。"""
    for line in outbox_lines.lines(reading(), kind or tuple(KINDS), limit):
        why = f"退信：{line.bounce}" if line.bounced_at else line.error or ""
        due = f"{wiring().clock.local(line.due_at):%Y-%m-%d %H:%M}"
        click.echo(
            f"{line.id}\t{STATES[line.state]}\t{line.reader}\t{line.email or '—'}\t{line.subject}\t"
                   f"试 {line.tries} 次，投递 {line.deliveries} 次\t{due}\t{why}")
    told = outbox_lines.standing(reading())
    click.echo(f"待发 {told.waiting} 封（其中推迟 {told.put_off} 封），冻结 {told.held} 封，放弃 {told.given_up} 封，退信 {told.bounced} 封，"
               f"重复投递 {told.repeated} 封{'；发送已冻结，由 flask outbox release 放行' if told.is_frozen else ''}")


@group.command("release")
def release() -> None:
    """恢复备份后冻结的邮件和此后新写的邮件一并放行。"""
    click.echo(f"已放行 {outbox.release()} 封")


@group.command("bounce")
@click.argument("file", type=click.Path(path_type=Path))
def bounce(file: Path) -> None:
    """读入一封退信通知（.eml），记在它说的那封邮件上。"""
    if not file.is_file() or file.stat().st_size > LONGEST_EML:
        raise Invalid(f"文件 {file} 不存在，或大于 10 MB。", field="file")
    noted = bounces.note(file.read_bytes())
    click.echo(f"已记退信：{noted.name} <{noted.email}> {noted.subject}：{noted.words}")


@group.command("choose")
@click.argument("login")
@click.option("--set", "wanted", multiple=True, help="类别=方式，如 informed=in_digest；可重复；不给则列出现在的")
def choose(login: str, wanted: tuple[str, ...]) -> None:
    """一个人的收信方式：随时收 at_once、并入每日汇总 in_digest、不收 never。"""
    pairs = {code: way for code, _, way in (each.partition("=") for each in wanted)}
    for each in choices.choose(None, login, pairs):
        click.echo(f"{each.kind.code}\t{each.kind.word}\t{each.way.value}\t{WAYS[each.way]}"
                   + (f"\t{each.kind.why}" if each.kind.is_locked else ""))


@group.command("robot")
@click.argument("name")
@click.option("--url", default="", help="wecombot://密钥 或 dingtalk://令牌；不给则从提示读入，不回显")
@click.option("--remove", "is_removed", is_flag=True, help="删除这个机器人")
@click.option("--try", "is_tried", is_flag=True, help="试发一条，看群里收到没有")
def robot(name: str, url: str, is_removed: bool, is_tried: bool) -> None:
    """设置或删除群机器人的地址；是否启用由规则手册的“群机器人”决定。"""
    if is_removed:
        click.echo(f"已删除 {name}" if robots.remove_robot(name) else f"没有机器人 {name}")
        return
    if is_tried:
        click.echo(robots.try_out(None, name))
        return
    robots.set_robot(name, url or click.prompt("地址", hide_input=True))
    click.echo(f"已保存 {name}；群机器人{'已启用' if robots.is_on() else '未启用，可在规则手册里打开'}")
