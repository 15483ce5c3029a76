"""`flask shapes …`: the railway's lines, sections, fences and owners in versions."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from tracker.cli.house.reading import day
from tracker.cli.house.refusing import RefusingGroup
from tracker.domain.house.actor import Actor
from tracker.domain.territory.shapes.layers import LAYERS, Layer, Overlap
from tracker.domain.territory.shapes.reading import DATUMS
from tracker.services.house.work import reading, wiring
from tracker.services.people import access
from tracker.services.territory.shapes import checking, previews, versions
from tracker.services.territory.shapes.ground import shapes_on
from tracker.services.territory.shapes.versions import ActivateShapes, LoadOrder

group = RefusingGroup("shapes", help="铁路沿线图形：线路、段落、围栏、产权、片区、城区的装入、试算和启用。")
by = click.option("--as", "login", help="经手人登录名；不给则是本机操作员")
MOST_NAMED = 20


def _actor_named(login: str | None) -> Actor | None:
    return access.at_command_line(login) if login else None


def _echo_overlaps(found: Sequence[Overlap]) -> None:
    for each in found:
        click.echo(f"重叠 {each.key}\t{each.square_metres:.1f} 平方米\t东经 {each.lng:.6f}° 北纬 {each.lat:.6f}°")


@group.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--layer", type=click.Choice([each.value for each in Layer]), required=True, help="图层")
@click.option("--source", required=True, help="数据来源，如 南昌工务段 2026 年 1 月提供")
@click.option("--document", default="", help="文号")
@click.option("--from", "first_day", callback=day, help="打算从哪天起用；不给则启用时再定")
@click.option("--datum", type=click.Choice([each.value for each in DATUMS]), default=DATUMS[0].value, show_default=True,
              help="坐标系")
@click.option("--dry-run", is_flag=True, help="只检查，不写入")
@by
def load(file: Path, layer: str, source: str, document: str, first_day: date | None, datum: str, dry_run: bool,
         login: str | None) -> None:
    """检查 GeoJSON 文件，装成草稿；须由他人启用。"""
    content = file.read_bytes()
    found = checking.checked(reading(), Layer(layer), content, datum, first_day)
    _echo_overlaps(found.overlaps)
    before = shapes_on(reading(), first_day or wiring().clock.today())
    for said in checking.faults_of_sections(found.shapes, before, Layer(layer)):
        click.echo(said)
    word = LAYERS[Layer(layer)]
    if dry_run:
        click.echo(f"{word} {len(found.shapes)} 个，其中替换现有的 {len(found.replaced)} 个；没有写入")
        return
    number = versions.load(_actor_named(login), LoadOrder(layer, file.name, content, source, document, first_day, datum))
    click.echo(f"第 {number} 号草稿：{word} {len(found.shapes)} 个，重叠 {len(found.overlaps)} 处；由他人用 flask shapes activate {number} 启用")


@group.command("list")
def list_versions() -> None:
    """列出各版：号、图层、版本、图形数、来源、文号、起用日。"""
    counts = versions.counts_of(reading())
    for each in versions.all_sets(reading()):
        called = f"{each.year}年第{each.number}版" if each.number else "已作废" if each.dropped_at else "草稿"
        click.echo("\t".join(map(str, (each.id, LAYERS[Layer(each.layer)], called, counts.get(each.id, 0), each.source,
                                       each.document_no, each.valid_from or ""))))


@group.command("preview")
@click.argument("number", type=int)
@click.option("--on", callback=day, help="从哪天起用；不给则今天")
def preview(number: int, on: date | None) -> None:
    """试算草稿：哪些在办案件的建议会变；什么也不写，案件不动。"""
    row = versions.set_named(reading(), number)
    found = previews.preview(reading(), row, on or row.wanted_from or wiring().clock.today())
    _echo_overlaps(found.overlaps)
    click.echo(f"看了 {found.looked_at} 件在办案件，建议会变的 {len(found.changes)} 件")
    for each in found.changes[:MOST_NAMED]:
        click.echo(f"{each.number}\t{each.was_rule} {each.was_lead or '无人'} → {each.now_rule} {each.now_lead or '无人'}")


@group.command("activate")
@click.argument("number", type=int)
@click.option("--on", "first_day", callback=day, help="从哪天起用；不给则装入时写的那天，再不然今天")
@click.option("--keep", multiple=True, help="认定可以保留的重叠，如 CQ-03/CQ-01；可写多次")
@click.option("--as", "login", required=True, help="启用人登录名：装入人以外的调度员或区领导")
def activate(number: int, first_day: date | None, keep: tuple[str, ...], login: str) -> None:
    """启用草稿；须由他人启用。"""
    row = versions.set_named(reading(), number)
    on = first_day or row.wanted_from or wiring().clock.today()
    versions.activate(access.at_command_line(login), number, ActivateShapes(on, frozenset(keep)))
    row = versions.set_named(reading(), number)
    click.echo(f"{LAYERS[Layer(row.layer)]}图{row.year}年第{row.number}版自 {on} 起用")


@group.command("drop")
@click.argument("number", type=int)
@by
def drop(number: int, login: str | None) -> None:
    """作废草稿。"""
    versions.drop(_actor_named(login), number)
    click.echo(f"第 {number} 号草稿已作废")
