"""`flask ledger …`: is everything as it was recorded, and how can others tell?"""

import json
from datetime import date
from pathlib import Path

import click

from tracker.cli.house.progress import progress
from tracker.cli.house.reading import day
from tracker.cli.house.refusing import Refused, RefusingGroup
from tracker.cli.upkeep.words import asked_options, marks_of
from tracker.domain.house.actor import EVERYTHING
from tracker.domain.house.errors import Invalid
from tracker.domain.house.log.verifying import VerifyKind
from tracker.services.house.work import reading, wiring
from tracker.services.people import access
from tracker.services.upkeep import clock_watch, head_alarm, heads, seals, verifying
from tracker.services.upkeep.checks.words import redaction_notices
from tracker.services.upkeep.integrity import IntegrityRun, VerifyScope
from tracker.services.upkeep.proofs import comparing, keys, proving, witnesses
from tracker.services.upkeep.words import erasing

MOST_SHOWN = 20

group = RefusingGroup("ledger", help="账本：核验、封签、检查点、证明、密钥。")
keys_group = RefusingGroup("keys", help="账本的签名密钥。")
heads_group = RefusingGroup("heads", help="签名头。")
clock_group = RefusingGroup("clock", help="账本的时钟。")
for each in (keys_group, heads_group, clock_group):
    group.add_command(each)


def since(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """`last`, or a position of the log."""
    if value is None:
        return None
    if value == "last":
        return verifying.since_last(reading())
    if not value.isdigit():
        raise Invalid(f"--since 应为 last 或账本位置，“{value}”无法识别。", field="since")
    return int(value)


@group.command("verify")
@click.option("--full", is_flag=True, help="全部核验（不给其他选项时也是）")
@click.option("--since", callback=since, help="只核验此后有变动的：last（上次核验）或账本位置")
@click.option("--no-files", is_flag=True, help="不读证据文件")
@click.option("--against", multiple=True, help="与外面的检查点比对：文件、文件夹、邮件，或直接写文字")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 写出")
def verify(full: bool, since: int | None, no_files: bool, against: tuple[str, ...], as_json: bool) -> None:
    """核验账本：登记、签名头、每条链、每个表和每份证据；不符时以 1 退出，并指出第一条不符的记录。"""
    if against:
        _compare_all(against, as_json)
        return
    scope = VerifyScope(VerifyKind.full, has_files=not no_files)
    if since is not None and not full:
        scope = VerifyScope(VerifyKind.since, since, wiring().clock.today(), not no_files)
    with progress() as step:
        report = verifying.verify_and_note(scope, step)
    if as_json:
        click.echo(json.dumps(_run_told(report), ensure_ascii=False))
        raise SystemExit(1 if report.trouble_count else 0)
    for notice in redaction_notices(reading()):
        click.echo(notice)
    if report.first is None:
        click.echo(report.sentence())
        return
    for trouble in report.troubles[1:MOST_SHOWN]:
        click.echo(f"另有不符：{trouble}")
    raise Refused(f"账本核验不通过，共 {report.trouble_count} 处；第一处：{report.first}")


@group.command("seal")
@click.option("--on", callback=day, help="业务日期；不给则为今天")
def seal(on: date | None) -> None:
    """为当日账本封签；同一天只有一个。签名以后写出检查点。"""
    made = seals.seal(on)
    click.echo(made.sentence())
    if note := seals.note_of(made.on):
        click.echo(note, nl=False)


@group.command("checkpoint")
@click.option("--position", type=int, help="到第几条；不给则到账本末尾")
@click.option("--since", "since_size", type=int, help="附上从这一长度起的延伸证明，给见证方")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="写入文件；不给则写在屏幕上")
def checkpoint(position: int | None, since_size: int | None, to: Path | None) -> None:
    """签一个检查点。"""
    note = keys.checkpoint(position)
    _write_text((keys.growth_of(since_size, note) if since_size is not None else "") + note.text, to)


@group.command("prove")
@click.argument("number")
@click.option("--to", required=True, type=click.Path(dir_okay=False, path_type=Path), help="写入的 .zip")
@click.option("--at", "position", type=int, help="以这一条以前最近的检查点为准")
@click.option("--without-words", is_flag=True, help="不附文字，只附指纹")
def prove(number: str, to: Path, position: int | None, without_words: bool) -> None:
    """一件案件的可验证卷宗：交给任何人，凭 check.py 自己核对。"""
    made = proving.prove(EVERYTHING, number, position=position, has_words=not without_words)
    _write_file(made.content, to)
    click.echo(f"已写入 {to}：案件 {made.number} 的 {made.fact_count} 条记录"
               + (f"；另有 {made.later} 条在检查点之后，下次封签后可证明" if made.later else ""))


@group.command("cosign")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="见证方的密钥文件")
@click.option("--name", default="witness", show_default=True, help="见证方的名称")
def cosign(file: Path, key: Path, name: str) -> None:
    """见证方在检查点下签名：与上次见证的不衔接时拒绝。上次的检查点记在密钥文件旁的 .last 里。"""
    last = key.with_suffix(".last")
    signed = keys.cosign(file.read_text(encoding="utf-8", errors="replace"), keys.read_seed(key), name,
                         last.read_text(encoding="utf-8") if last.exists() else "", wiring().clock.now())
    last.write_text(signed, encoding="utf-8")
    click.echo(signed, nl=False)


@group.command("witness-key")
@click.option("--key", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="见证方的密钥文件")
@click.option("--name", default="witness", show_default=True, help="见证方的名称")
def witness_key(key: Path, name: str) -> None:
    """见证方的公钥：交给被见证的一方，写入其 LEDGER_WITNESSES。"""
    click.echo(keys.witness_vkey(keys.read_seed(key), name))


@group.command("witnessed")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def witnessed(file: Path) -> None:
    """收下见证方签回的检查点，记入账本。"""
    click.echo(witnesses.take_in(file.read_text(encoding="utf-8", errors="replace")))


@group.command("sign")
def sign() -> None:
    """马上为新增的记录签名，不等时钟进程。"""
    click.echo(head_alarm.sign_or_tell())


@keys_group.command("rotate")
@click.option("--new", "new_key", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="新密钥的文件")
@click.option("--reason", required=True)
def rotate(new_key: Path, reason: str) -> None:
    """换签名密钥：写入账本，新旧两把同签一个检查点。之后把 LEDGER_KEY 换成新的。"""
    click.echo(keys.rotate(keys.read_seed(new_key), reason).text, nl=False)


@keys_group.command("retire")
@click.argument("key_id")
@click.option("--lost", is_flag=True, required=True, help="这把密钥已经遗失")
@click.option("--new", "new_key", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="新密钥的文件")
@click.option("--reason", required=True)
def retire(key_id: str, lost: bool, new_key: Path, reason: str) -> None:
    """停用一把遗失的密钥，由新的接着签。"""
    click.echo(keys.retire(key_id, keys.read_seed(new_key), reason))


@heads_group.command("accept")
@click.option("--reason", required=True, help="为何以现在的账本为准")
def accept_heads(reason: str) -> None:
    """以现在的账本为准，重新签名；写入账本，永远可见。"""
    click.echo(heads.accept(reason))


@clock_group.command("accept")
@click.option("--reason", required=True, help="时钟为何快过")
def accept_clock(reason: str) -> None:
    """时钟曾经快过，现已校准：账本从现在的时间接着记；写入账本，永远可见。"""
    click.echo(f"已确认，账本从 {wiring().clock.local(clock_watch.accept(heads.checked_reason(reason))):%Y-%m-%d %H:%M:%S} 接着记")


def _compare_all(given: tuple[str, ...], as_json: bool) -> None:
    try:
        compared = comparing.compare_with(given)
    except Invalid as nothing:
        click.echo(nothing.sentence, err=True)
        raise SystemExit(2) from None
    if as_json:
        click.echo(json.dumps({"count": compared.count, "agreed": compared.agreed, "holds": compared.holds}))
    else:
        click.echo("\n".join(compared.sentences()))
    raise SystemExit(0 if compared.holds else 1)


def _run_told(run: IntegrityRun) -> dict[str, object]:
    return {"kind": run.kind.value, "size": run.size, "streams": run.stream_count, "facts": run.fact_count,
            "cases": run.case_count,
            "files": run.file_count, "trouble_count": run.trouble_count, "troubles": [str(each) for each in run.troubles]}


def _write_text(text: str, to: Path | None) -> None:
    if to is None:
        click.echo(text, nl=False)
        return
    _write_file(text.encode(), to)
    click.echo(f"已写入 {to}")


def _write_file(content: bytes, to: Path) -> None:
    try:
        to.write_bytes(content)
    except OSError as error:
        raise Refused(f"写不进 {to}（{type(error).__name__}）。") from None


@group.command("redact")
@asked_options
def redact(fact: str, names: tuple[str, ...], basis: str, document: str, login: str) -> None:
    """申请删除旧记录 STREAM#SEQ 正文里的文字；由区领导用 words decide 决定，摘要不变。"""
    number = erasing.ask(access.at_command_line(login), *marks_of(fact, names), basis, document)
    click.echo(f"已提出第 {number} 号删除申请，由区领导决定")
