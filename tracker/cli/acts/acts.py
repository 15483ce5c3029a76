"""`flask act …`: acts listed and shown, begun, and taken through a step by the same deeds as the pages."""

import json
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from tracker.cli.house.reading import day, pairs, uploads, window_options
from tracker.cli.house.refusing import RefusingGroup
from tracker.domain.acts.sight import EVERY_ACT
from tracker.domain.acts.wording import DUTY_STATES, DUTY_STEPS
from tracker.domain.coordination.counts import NO_FACTS
from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Invalid
from tracker.domain.house.fields import Given
from tracker.domain.reports.measures.counted import Reckoned
from tracker.domain.reports.measures.registry import Owner
from tracker.domain.upkeep.flows import ACT_FLOWS
from tracker.services.acts import access, duties, exporting, steps, then
from tracker.services.coordination import counts
from tracker.services.evidence.evidence import Upload
from tracker.services.house.work import reading
from tracker.services.people.access import at_command_line
from tracker.services.reports.measures.acts import of_counts
from tracker.services.reports.measures.readers import MeasuredFigure, measures_of
from tracker.storage.acts import page as act_pages
from tracker.storage.acts import register
from tracker.storage.acts.page import ActPage
from tracker.storage.acts.register import ActFilters
from tracker.storage.cases import titles
from tracker.storage.cases.entries import entries

group = RefusingGroup("act", help="联动事项：列出、查看、登记、办理步骤。")
KINDS = click.Choice([*ACT_FLOWS])


@group.command("list")
@click.option("--as", "login", help="以谁的身份（登录名）；不给则为系统操作员")
@click.option("--kind", type=KINDS, help="种类")
@click.option("--over", is_flag=True, help="已结束的")
@click.option("--json", "as_json", is_flag=True, help="机器可读")
def list_acts(login: str | None, kind: str | None, over: bool, as_json: bool) -> None:
    """列出事项，先列最先到期的。"""
    scope, after = access.scope_of(at_command_line(login)) if login else EVERY_ACT, ""
    while True:
        found = register.page(reading(), scope, ActFilters(kind or "", is_over=over), after)
        for line in found.lines:
            click.echo(json.dumps(line._asdict(), ensure_ascii=False, default=_plain_value) if as_json else
                       f"{line.number}\t{_state_said(line.kind, line.state)}\t{line.title}\t{line.unit or '—'}")
        if found.after is None:
            return
        after = found.after


@group.command("show")
@click.argument("number")
@click.option("--as", "login", help="以谁的身份（登录名）；不给则为系统操作员")
@click.option("--on", callback=day, help="按哪一天终了时的记录；须同时给 --as")
@click.option("--json", "as_json", is_flag=True, help="机器可读，含全部账本记录")
def show(number: str, login: str | None, on: date | None, as_json: bool) -> None:
    """显示一件事项：经手、关联、应办、时限、账本记录，以及此刻能办的步骤。"""
    actor = at_command_line(login) if login else None
    if on is not None:
        if actor is None:
            raise Invalid("看以前某一天的情况须用 --as 给出是谁。", field="as")
        click.echo(_page_text(then.page_on(actor, number, on), None))
        return
    page = access.page_for(actor, number) if actor else act_pages.act_page(reading(), EVERY_ACT, number.strip().upper())
    if page is None:
        raise access.no_such_act(number)
    if as_json:
        facts = [{"seq": each.seq, "kind": each.kind, "at": each.at, "by": each.told_by, "body": each.details}
                 for each in entries(reading(), page.head.stream)]
        click.echo(json.dumps({**asdict(page), "facts": facts}, ensure_ascii=False, indent=1, default=_plain_value))
        return
    click.echo(_page_text(page, actor))


@group.command("open")
@click.argument("kind", type=KINDS)
@click.option("--as", "login", required=True, help="登记人登录名")
@click.option("--set", "given", multiple=True, callback=pairs, help="字段=内容；可重复")
@click.option("--evidence", multiple=True, callback=uploads, help="附件；可重复")
def begin(kind: str, login: str, given: dict[str, object], evidence: tuple[Upload, ...]) -> None:
    """登记一件事项。"""
    done = steps.begin(at_command_line(login), kind, given, uploads=evidence)
    click.echo(f"{done.number} → {_state_said(kind, done.state)}")


@group.command("step")
@click.argument("number")
@click.argument("step")
@click.option("--as", "login", required=True, help="办理人登录名")
@click.option("--duty", type=int, help="第几项应办事项；给出时办的是它的步骤")
@click.option("--set", "given", multiple=True, callback=pairs, help="字段=内容；可重复")
@click.option("--evidence", multiple=True, callback=uploads, help="附件；可重复")
@click.option("--seq", type=int, help="所见的最后一条记录序号；已有更新的记录时拒绝")
def step(number: str, step: str, login: str, duty: int | None, given: dict[str, object], evidence: tuple[Upload, ...],
         seq: int | None) -> None:
    """办理一个步骤；与网页同一条路。"""
    actor = at_command_line(login)
    if duty is not None:
        act = duties.take(actor, number, duty, step, given, seq=seq, uploads=evidence)
        click.echo(f"{act.number} 第 {duty} 项应办：{DUTY_STEPS[step]}（第 {act.seq} 条记录）")
        return
    done = steps.take(actor, number, step, given, seq=seq, uploads=evidence)
    kind = access.page_for(actor, number).head.kind
    click.echo(f"{done.number} {ACT_FLOWS[kind].word_of_step(step)} → {_state_said(kind, done.state)}（第 {done.seq} 条记录）")


@group.command("count")
@window_options
@click.option("--list", "has_list", is_flag=True, help="同时列出每个数背后的编号")
@click.option("--json", "as_json", is_flag=True, help="机器可读")
def count(first: date, last: date, area: str, on: date | None, has_list: bool, as_json: bool) -> None:
    """行动、约谈、管控和联席会议的各项数：口径、数值；由账本记录折算，可按过去任何一天重算。"""
    found = counts.counted(reading(), first, last, area_code=area, on=on)
    figures = measures_of(Owner.acts, of_counts(found))
    if as_json:
        click.echo(json.dumps([_plain_figure(each) for each in figures], ensure_ascii=False, indent=1))
        return
    click.echo(f"{found.first} 至 {found.last}，按 {found.on} 的记录")
    for each in figures:
        click.echo(f"{each.measure.word}\t{each.text}\t{NO_FACTS if each.counted is None else each.measure.definition}")
        if has_list and each.counted is not None:
            click.echo("".join(f"\t{behind.number}\t{behind.amount} {each.measure.unit}\n" for behind in each.counted.behind),
                       nl=False)
    units = titles.unit_names(reading())
    for change in found.corrections:
        click.echo(f"更正\t{change.number}\t{change.on}，{units.get(change.unit_id, '—')}："
                   f"车辆 {change.before[0]} → {change.after[0]} 车次，人员 {change.before[1]} → {change.after[1]} 人次")


@group.command("export")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--as", "login", required=True, help="以谁的身份（登录名）")
@click.option("--kind", type=KINDS, help="种类")
@click.option("--over", is_flag=True, help="已结束的")
@click.option("--find", "q", default="", help="查找的字词")
def export(path: Path, login: str, kind: str | None, over: bool, q: str) -> None:
    """把事项列表导出为 .xlsx 或 .csv，只含此人有权查看的。"""
    count = exporting.export_acts(at_command_line(login), path, ActFilters(kind or "", is_over=over, q=q))
    click.echo(f"已导出 {count} 件到 {path}")


@group.command("steps")
@click.argument("kind", type=KINDS)
def list_steps(kind: str) -> None:
    """列出一类事项的步骤表。"""
    flow = ACT_FLOWS[kind]
    for each in flow.steps:
        froms = "、".join(flow.states.get(state, "—") for state in each.froms)
        to = flow.states[each.to] if each.to else "不变"
        click.echo(f"{each.name}\t{flow.word_of_step(each.name)}\t{froms} → {to}{_field_lines(each.given)}")


def _plain_figure(figure: MeasuredFigure) -> dict[str, object]:
    measure, counted = figure.measure, figure.counted or Reckoned(None)
    return {"key": measure.key, "word": measure.word, "definition": measure.definition, "count": counted.value,
            "out_of": counted.out_of, "behind": [each.number for each in counted.behind]}


def _state_said(kind: str, state: str) -> str:
    flow = ACT_FLOWS[kind]
    return flow.word_of_state(state)


def _page_text(page: ActPage, actor: Actor | None) -> str:
    head, flow = page.head, ACT_FLOWS[page.head.kind]
    lines = [f"{head.number} {head.title}", f"{flow.word}：{_state_said(head.kind, head.state)}（第 {head.seq} 条记录）",
             f"区划：{head.area}；登记：{head.opened_by}"]
    lines += [f"经手：{hand.person}（{flow.parts[hand.part]}）" for hand in page.hands if hand.round == head.round]
    lines += [f"关联：{link.target.partition(':')[2]}" for link in page.links]
    lines += [f"应办 {duty.position}：{duty.unit} {duty.title}，{duty.due_on}，{DUTY_STATES[duty.state]}"  # type: ignore[index]
              for duty in page.duties]
    lines += [f"{each.name}\t{each.word}\t{'可办' if each.why is None else f'不可办：{each.sentence}'}"
              for each in (steps.offered(actor, page) if actor else ())]
    return "\n".join(lines)


def _field_lines(given: tuple[Given, ...]) -> str:
    return "".join(f"\n\t{f.name}\t{f.word}{'(必填)' if f.is_required else ''}"
                   + (":" + "、".join(f"{code}={word}" for code, word in f.choices) if f.choices else "") for f in given)


def _plain_value(value: Any) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
