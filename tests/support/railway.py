"""The railway line of the examples: a stretch with its fence, a yard, a pump of the city, a built-up area and a section."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from tests.support import rule_lists
from tests.support.makers import Town
from tracker.domain.house.actor import OPERATOR
from tracker.domain.people.fact_kinds import UnitFacts
from tracker.domain.territory.shapes.layers import Edition, Layer, MapShape
from tracker.domain.territory.shapes.mileage import posts_of
from tracker.domain.territory.shapes.reading import read_shapes
from tracker.domain.territory.shapes.tangent import running_metres
from tracker.services.house.caching import rules_changed
from tracker.services.house.work import Work, wiring
from tracker.services.territory.shapes import versions
from tracker.services.territory.shapes.versions import ActivateShapes, LoadOrder
from tracker.storage.people.accounts import Unit

LNG, SOUTH, NORTH = 115.92, 28.66, 28.678046
ORDER = (Layer.line, Layer.section, Layer.fence, Layer.ownership, Layer.built_up)
UNITS = (("NTJ-GWD", "南昌工务段", "railway"), ("XH-TH", "桃花街道", "street"), ("XH-NSJ", "西湖区农业农村水利局", "department"))
AREA = "360103014"


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """A rectangle as GeoJSON."""
    return {"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]}


def feature(geometry: Any, **said: Any) -> dict[str, Any]:
    """One shape of a file."""
    return {"type": "Feature", "properties": said, "geometry": geometry}


def content(*features: dict[str, Any], **more: Any) -> bytes:
    """A file."""
    return json.dumps({"type": "FeatureCollection", "features": features, **more}, ensure_ascii=False).encode()


LINE = feature({"type": "LineString", "coordinates": [[LNG, SOUTH], [LNG, NORTH]]}, code="JJ", name="京九线",
               posts=[[1449, 0], [1450, 1000], [1451, 2000]])
SECTION = feature(None, code="JJ-01", name="京九线桃花段", line="京九线", **{"from": "K1449+000", "to": "K1451+000"},
                  unit_code="NTJ-GWD", area=AREA)
FENCE = feature(box(115.919877, SOUTH, 115.920123, NORTH), code="WL-01", name="京九线围栏", tolerance_metres=2)
YARD = feature(box(115.920123, 28.662707, 115.920614, 28.66379), code="CQ-01", name="京九线货场", owner_kind="railway",
               unit_code="NTJ-GWD")
PUMP = feature(box(115.919898, 28.666316, 115.919959, 28.66637), code="CQ-02", name="桃花泵站", owner_kind="local",
               unit_code="XH-NSJ")
TOWN = feature(box(115.90, 28.65, 115.94, 28.69), code="CQU-01", name="西湖城区")
FILES = {Layer.line: (LINE,), Layer.section: (SECTION,), Layer.fence: (FENCE,), Layer.ownership: (YARD, PUMP),
         Layer.built_up: (TOWN,)}


def shapes(*left_out: Layer, **more: tuple[dict[str, Any], ...]) -> tuple[MapShape, ...]:
    """The shapes as the law has them, without a database."""
    found: list[MapShape] = []
    for layer in ORDER:
        posts = [posts_of(each.code, each.name, each.extra, running_metres(each.course)[-1]) for each in found
                 if each.layer is Layer.line]
        if layer not in left_out:
            found += read_shapes(content(*more.get(layer.value, FILES[layer])), layer, posts)
    return tuple(replace(each, edition=Edition(2026, 1)) for each in found)


def load(town: Town, layer: Layer, *features: dict[str, Any], **order: Any) -> int:
    """A draft of these shapes by the administrator; its number."""
    return versions.load(town.actor("admin"), LoadOrder(layer.value, f"{layer}.geojson", content(*features), "南昌工务段",
                                                        **order))


def in_force(town: Town, *left_out: Layer, **more: tuple[dict[str, Any], ...]) -> None:
    """All of them, put in force by the lead, with the units and the clause of the examples."""
    add_units(town)
    for layer in ORDER:
        if layer not in left_out:
            number = load(town, layer, *more.get(layer.value, FILES[layer]))
            versions.activate(town.actor("lead"), number, ActivateShapes(town.clock.today()))


def add_units(town: Town) -> None:
    """The units of the examples, and what the responsibility list says of the street."""
    with Work(wiring()) as work:
        for code, name, kind in UNITS:
            work.session.add(Unit(code=code, name=name, kind=kind, area_code="360103", valid_from=date(2018, 1, 1)))
        work.record("units", UnitFacts.added, OPERATOR, {"codes": [code for code, _, _ in UNITS]})
        rules_changed(work.session)
    rule_lists.in_force(town, {18: {"area_code": AREA, "lead_unit": "XH-TH", "reason": "属地管理"}})


def replaced(town: Town, layer: Layer, *features: dict[str, Any]) -> None:
    """A newer version of some shapes, in force from the next day; the clock goes there."""
    number = load(town, layer, *features)
    day = town.clock.today() + timedelta(days=1)
    versions.activate(town.actor("lead"), number, ActivateShapes(day))
    town.clock.advance(days=1)
