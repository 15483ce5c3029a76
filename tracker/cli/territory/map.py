"""`flask map …`: what lies under the maps, as on the page of settings."""

from pathlib import Path
from typing import TextIO

import click

from tracker.cli.house.refusing import RefusingGroup
from tracker.domain.territory.boundaries import DATUMS
from tracker.domain.territory.positions import Datum
from tracker.domain.territory.tiles import PRESET
from tracker.services.territory import boundaries, tiles

group = RefusingGroup("map", help="地图：边界、在线底图。")


@group.command("show")
def show() -> None:
    """打印地图下面是什么：边界从哪来，有没有在线底图。"""
    current, found = boundaries.current(), tiles.current()
    said = f"{current.source}  {current.approval or '无审图号'}  {current.file_name}".rstrip()
    click.echo(f"边界：{'没有边界轮廓' if boundaries.is_blank() else said}")
    if found is None:
        click.echo("在线底图：没有启用")
        return
    click.echo(f"在线底图：{found.credit}  {found.approval}  {found.origin}  {'有密钥' if found.key else '不用密钥'}")


@group.command("load")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--source", required=True, help="数据来源，如 西湖区自然资源分局 2026 年 1 月提供")
@click.option("--approval", default="", help="审图号；没有就不写，地图仅供内部使用")
@click.option("--datum", type=click.Choice([each.value for each in DATUMS]), default=Datum.cgcs2000.value, show_default=True,
              help="坐标系")
def load(file: Path, source: str, approval: str, datum: str) -> None:
    """检查并启用本单位的边界文件（GeoJSON）。"""
    content = file.read_bytes()
    loaded = boundaries.load(None, file.name, content, source=source, approval=approval, datum=datum)
    click.echo(f"边界已启用：{loaded.file_name}，{loaded.part_count} 个")
    if odd := boundaries.doubt(content):
        click.echo(str(odd))
    if others := boundaries.unmatched(content):
        click.echo(f"有 {len(others)} 个没有对上本系统的区划，图上照画：{'、'.join(map(str, others))}")


@group.command("remove")
def remove() -> None:
    """撤下本单位的边界，地图恢复使用自带的。"""
    boundaries.remove(None)
    click.echo("已撤下，地图恢复使用自带的边界。")


@group.command("tiles")
@click.option("--base", help="底图地址，里面有 {x}、{y}、{z}，要密钥的写 {key}；不给就用天地图的")
@click.option("--label", help="注记地址；不给底图地址时用天地图的")
@click.option("--credit", help="底图来源，显示在地图角上")
@click.option("--approval", default="", help="底图审图号，显示在地图角上")
@click.option("--key-file", type=click.File(), help="密钥在哪个文件里（- 是标准输入），这样不留在命令历史里；不给就不变")
@click.option("--off", is_flag=True, help="停用在线底图")
def set_tiles(base: str | None, label: str | None, credit: str | None, approval: str, key_file: TextIO | None, off: bool) -> None:
    """启用、更换或停用在线底图；只收 WGS-84、CGCS2000 的底图。"""
    if off:
        tiles.remove(None)
        click.echo("已停用在线底图，地图只画离线轮廓。")
        return
    known = tiles.current() or PRESET
    said = tiles.set_tiles(None, base=base or known.base, label=(label or "") if base else known.label,
                           credit=credit or known.credit, approval=approval or known.approval,
                           key=key_file.read().strip() if key_file else "")
    click.echo(f"在线底图已启用：{said.credit}  {said.approval}  {said.origin}")
