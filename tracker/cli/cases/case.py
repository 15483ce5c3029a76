"""`flask case …`: one case shown, or taken through one step by the same deed as the page."""

import json
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

import click

from tracker.cli.house.reading import pairs, uploads, write_file
from tracker.cli.house.refusing import RefusingGroup
from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.cases.wording import FINDINGS, STATES, fact_word, step_word
from tracker.domain.house.actor import EVERYTHING, OPERATOR
from tracker.domain.house.errors import Invalid
from tracker.domain.house.fields import Given
from tracker.domain.house.say import Say
from tracker.services.cases import steps as case_steps
from tracker.services.cases.papers.kinds import CASE_PAPERS, as_pdf, paper_named, write_paper_of
from tracker.services.evidence.evidence import Upload
from tracker.services.house.work import reading, wiring
from tracker.services.people import access, delegations
from tracker.services.people.taken_out import note_dossier
from tracker.services.rules import rules
from tracker.services.rules.categories import categories
from tracker.storage.cases.entries import FactEntry
from tracker.storage.cases.page import CasePage, case_page
from tracker.storage.cases.register.matters import matters

group = RefusingGroup("case", help="查看案件，办理步骤。")


@group.command("show")
@click.argument("number")
@click.option("--json", "as_json", is_flag=True, help="机器可读，含全部账本记录")
def show(number: str, as_json: bool) -> None:
    """显示一件案件和它的账本记录(不含举报人信息)。"""
    page = case_page(reading(), EVERYTHING, number)
    click.echo(json.dumps(_plain_page(page), ensure_ascii=False, indent=1, default=_plain_value) if as_json else _page_text(page))


@group.command("step")
@click.argument("number")
@click.argument("step")
@click.option("--as", "login", required=True, help="办理人登录名")
@click.option("--for", "principal", help="代谁办理：已委托办理人的登录名")
@click.option("--set", "given", multiple=True, callback=pairs, help="字段=内容；可重复")
@click.option("--evidence", multiple=True, callback=uploads, help="附件，可写明类别：before:a.jpg；可重复")
@click.option("--seq", type=int, help="所见的最后一条记录序号；已有更新的记录时拒绝")
def step(number: str, step: str, login: str, principal: str | None, given: dict[str, object], evidence: tuple[Upload, ...],
         seq: int | None) -> None:
    """办理一个步骤；与网页同一条路。"""
    actor = access.at_command_line(login)
    actor = delegations.acting_for(actor, principal) if principal else actor
    done = case_steps.take(actor, number, step, given, seq=seq, uploads=evidence)
    due = f"，时限 {done.due_on}" if done.due_on else ""
    click.echo(f"{done.number} {step_word(done.step)} → {STATES[done.state]}（第 {done.seq} 条记录{due}）")


@group.command("paper")
@click.argument("number")
@click.argument("paper", type=click.Choice([each.name for each in CASE_PAPERS]))
@click.option("--as", "login", help="以谁的身份（登录名）；不给则为系统操作员")
@click.option("--to", required=True, type=click.Path(path_type=Path), help="写到哪个文件，.docx 或 .pdf")
def paper(number: str, paper: str, login: str | None, to: Path) -> None:
    """把一件案件的文书写成文件：交办单、督办通知单、销号审批表。"""
    form, actor = to.suffix[1:].lower(), access.at_command_line(login) if login else OPERATOR
    if form not in ("docx", "pdf"):
        raise Invalid(Say("文件须以 .docx 或 .pdf 结尾，“{name}”不是。", name=to.name), field="to")
    page = case_page(reading(), actor.scope() if login else EVERYTHING, number)
    document = write_paper_of(page, paper)
    content = as_pdf(document) if form == "pdf" else document
    note_dossier(actor, page.head.number, form)
    write_file(to, content)
    click.echo(f"{paper_named(paper).word} {page.head.number}，{len(content)} 字节，已写入 {to}")


@group.command("steps")
@click.argument("number", required=False)
@click.option("--as", "login", help="办理人登录名")
def steps(number: str | None, login: str | None) -> None:
    """列出步骤表；给出案件和办理人时，列出此刻能办的步骤。"""
    if number is None:
        for each in CASE_FLOW.steps.values():
            froms = "、".join(STATES[state] for state in each.froms)  # type: ignore[index]
            to = STATES[each.to] if each.to else "不变"  # type: ignore[index]
            click.echo(f"{each.name}\t{step_word(each.name)}\t{froms} → {to}{_field_lines(each.given)}")
        return
    if login is None:
        raise click.UsageError("请用 --as 登录名 指明办理人。")
    for offer in case_steps.offered(access.at_command_line(login), number.strip().upper()):
        mark = "可办" if offer.why is None else f"不可办：{offer.sentence}"
        click.echo(f"{offer.name}\t{offer.word}\t{mark}{_field_lines(offer.given) if offer.why is None else ''}")


@group.command("matters")
@click.option("--as", "login", help="以谁的身份（登录名）；不给则为系统操作员")
@click.option("--json", "as_json", is_flag=True, help="机器可读")
def open_matters(login: str | None, as_json: bool) -> None:
    """列出等待协调的事项，等得最久的在前。"""
    lines = matters(reading(), access.at_command_line(login).scope() if login else EVERYTHING)
    if as_json:
        click.echo(json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=1, default=_plain_value))
        return
    for line in lines:
        click.echo(f"{line.number}\t{line.since_on}\t{line.unit or '未交办'}\t请{line.asked_of or '联席会议'}\t{line.matter or '—'}")
    click.echo(f"共 {len(lines)} 件")


@group.command("sources")
def sources() -> None:
    """列出案件来源。"""
    for source in rules.sources():
        click.echo(f"{source.key}\t{source.name}\t{'须公示' if source.is_notice_required else '不需公示'}")


def _field_lines(given: tuple[Given, ...]) -> str:
    return "".join(f"\n\t{f.name}\t{f.word}{'(必填)' if f.is_required else ''}"
                   + (":" + "、".join(f"{code}={word}" for code, word in f.choices) if f.choices else "") for f in given)


def _page_text(page: CasePage) -> str:
    head = page.head
    lines = [
        f"{head.number} {head.title}", f"状态：{STATES[head.state]}（第 {head.round} 轮，第 {head.seq} 条记录）",
        f"来源：{head.source} {head.source_number or ''}".rstrip(),
        f"类型：{'、'.join(categories().names.get(c, c) for c in page.categories) or '未定'}",
        f"主办：{head.lead_unit or '未交办'}" + (f"；协办：{'、'.join(page.supporting_units)}" if page.supporting_units else ""),
        f"时限：{head.due_on or '未定'}{'(暂定)' if head.is_due_provisional else ''}",
    ]
    lines += [f"包案领导：{head.sponsor}"] if head.sponsor else []
    lines += [f"督办反馈期限：{head.supervision_due_on}"] if head.supervision_due_on else []
    lines += [f"待协调：自 {head.matter_since_on}"] if head.matter_since_on else []
    lines += [f"属实情况：{FINDINGS.get(head.finding, head.finding)}"] if head.finding else []
    lines += [f"备案号：{head.filing_no}"] if head.filing_no else []
    lines += [f"证据 {e.id}：{e.name}（第 {e.round} 轮，SHA-256 {e.digest}）" for e in page.evidence]
    return "\n".join([*lines, *(_entry_line(entry) for entry in page.facts)])


def _entry_line(entry: FactEntry) -> str:
    return f"#{entry.seq} {wiring().clock.local(entry.at):%Y-%m-%d %H:%M} {fact_word(entry.kind)}（{entry.kind}）{entry.told_by}"


def _plain_page(page: CasePage) -> dict[str, object]:
    head = asdict(page.head)
    del head["id"]
    return {
        **head, "state_word": STATES[page.head.state], "categories": page.categories, "supporting_units": page.supporting_units,
        "evidence": [asdict(e) for e in page.evidence],
        "facts": [{"stream": page.head.stream, "seq": f.seq, "kind": f.kind, "word": fact_word(f.kind), "at": f.at,
                   "actor_id": f.actor_id, "actor": f.told_by, "unit": f.unit, "body": f.details,
                   "digest": f.digest} for f in page.facts],
    }


def _plain_value(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
