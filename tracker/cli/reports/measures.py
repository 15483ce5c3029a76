"""`flask measures …`: the registry of figures, and what one comes to in a window, with the records behind it."""

import json
from collections.abc import Iterator
from datetime import date

import click

from tracker.cli.house.reading import window_options
from tracker.cli.house.refusing import RefusingGroup
from tracker.domain.coordination.counts import NO_FACTS
from tracker.domain.reports.measures.counted import Asked, Behind, Reckoned, figure_text
from tracker.domain.reports.measures.registry import MEASURES, OWNERS, measure_asked
from tracker.services.house.work import reading
from tracker.services.reports.measures.readers import MeasuredFigure, asked_window, measured

group = RefusingGroup("measures", help="数据项：各种数的口径，某段时间里是多少，由哪些记录得出。")


@group.command("list")
@click.option("--json", "as_json", is_flag=True, help="机器可读")
def list_measures(as_json: bool) -> None:
    """列出全部数据项：代码、名称、单位、口径。"""
    if as_json:
        click.echo(json.dumps([{"key": each.key, "word": each.word, "unit": each.unit, "kind": each.kind, "owner": each.owner,
                                "definition": each.definition, "note": each.note, "params": each.params} for each in MEASURES],
                              ensure_ascii=False, indent=1))
        return
    for each in MEASURES:
        asked = f"（可另给 {'、'.join(each.params)}）" if each.params else ""
        click.echo(f"{each.key}\t{OWNERS[each.owner]}\t{each.word}\t{each.unit}\t{each.definition}{asked}")


@group.command("show")
@click.argument("key")
@window_options
@click.option("--behind", "has_behind", is_flag=True, help="同时列出这个数由哪些记录得出")
@click.option("--json", "as_json", is_flag=True, help="机器可读，含全部编号")
def show(key: str, first: date, last: date, area: str, on: date | None, has_behind: bool, as_json: bool) -> None:
    """一个数据项在一段时间里是多少。代码后面可带括号，如 cases.received(source=D2JX)。"""
    measure, params = measure_asked(key)
    asked = asked_window(first, last, area, on, params)
    found = measured(reading(), measure, asked)
    if as_json:
        click.echo(json.dumps(_plain_figure(found, asked), ensure_ascii=False, indent=1))
        return
    click.echo("\n".join(_figure_lines(found, asked, has_behind)))


def _figure_lines(found: MeasuredFigure, asked: Asked, has_behind: bool) -> Iterator[str]:
    measure, counted = found.measure, found.counted
    yield f"{asked.first} 至 {asked.last}，按 {asked.on} 的记录"
    yield f"{measure.word}\t{found.text}\t{measure.definition if counted is not None else NO_FACTS}"
    for part in counted.parts if counted is not None else ():
        yield f"\t{part.group} {part.word}\t{figure_text(measure.kind, measure.unit, part.counted)}"
    if measure.note:
        yield measure.note
    if has_behind and counted is not None:
        yield from (f"\t{_told_behind(each)}" for each in counted.behind)


def _told_behind(each: Behind) -> str:
    said = f"{each.number}\t{each.amount}"
    return said + (f"\t第 {each.place} 项" if each.place else "") + (f"\t{each.note}" if each.note else "")


def _plain_figure(found: MeasuredFigure, asked: Asked) -> dict[str, object]:
    measure, counted = found.measure, found.counted
    return {"key": measure.key, "word": measure.word, "unit": measure.unit, "kind": measure.kind,
            "definition": measure.definition,
            "from": asked.first.isoformat(), "to": asked.last.isoformat(), "area": asked.area_code, "as_of": asked.on.isoformat(),
            "params": dict(asked.params),
            **(_plain_count(counted) if counted is not None else {"value": None, "absent": NO_FACTS}),
            "parts": [{"by": part.group, "word": part.word, **_plain_count(part.counted)}
                      for part in (counted.parts if counted is not None else ())]}


def _plain_count(counted: Reckoned) -> dict[str, object]:
    return {"value": _plain_number(counted.value), "out_of": _plain_number(counted.out_of),
            "behind": [each.target for each in counted.behind], "behind_of": [each.target for each in counted.behind_of]}


def _plain_number(number: object) -> object:
    return number if number is None or isinstance(number, int) else str(number)
