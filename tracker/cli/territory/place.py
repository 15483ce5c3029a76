"""`flask place …`: whose a place at the railway is, and why."""

import json
from datetime import date

import click

from tracker.cli.house.reading import day
from tracker.cli.house.refusing import RefusingGroup
from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import finished
from tracker.domain.territory.positions import Datum
from tracker.domain.territory.shapes.telling import paragraph
from tracker.services.house.work import wiring
from tracker.services.rules.categories import categories
from tracker.services.rules.places import known_area
from tracker.services.territory.shapes.places import RailPlace, explained

group = RefusingGroup("place", help="点位：在围栏哪一侧，属谁负责，为什么。")


@group.command("explain")
@click.option("--lat", type=float, required=True, help="纬度")
@click.option("--lng", type=float, required=True, help="经度")
@click.option("--datum", default=Datum.wgs84.value, show_default=True, help="坐标系：wgs84、cgcs2000、gcj02、manual")
@click.option("--accuracy", type=float, help="定位精度，米")
@click.option("--category", default="", help="问题类型代码，如 railway")
@click.option("--area", default="", help="区划代码；不给则看段落，再看边界")
@click.option("--on", callback=day, help="哪一天的图形和清单；不给则今天")
@click.option("--json", "as_json", is_flag=True, help="打印全部测量值")
def explain(lat: float, lng: float, datum: str, accuracy: float | None, category: str, area: str, on: date | None,
            as_json: bool) -> None:
    """打印一段话；最后一行是规则代码。"""
    known = categories().names
    if category and category not in known:
        raise Invalid(f"没有问题类型“{category}”；已有：{'、'.join(known)}。", field="category")
    code = known_area(area, on, field="area").code if area else None
    place = RailPlace(lat, lng, datum, accuracy, area_code=code, categories=frozenset(filter(None, [category])))
    found = explained(place, on or wiring().clock.today())
    if as_json:
        told = found.told() | {"why": [finished(each) for each in found.why]}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    click.echo(finished(paragraph(found.why)))
    click.echo(found.rule)
