"""The railway of the demo district, drawn by this program: a line with its posts, sections, fences and owners. All of it is
invented （虚构）; nothing here is where a real railway lies."""

import json
from collections.abc import Mapping, Sequence
from math import hypot
from random import Random
from typing import Any

from tracker.demo.places import BY_AREA, STREETS
from tracker.domain.territory.routing import FENCE
from tracker.domain.territory.shapes.layers import Layer
from tracker.domain.territory.shapes.tangent import metres_a_degree, point_at, running_metres, stretch
from tracker.services.house.work import reading, wiring
from tracker.services.people import access
from tracker.services.territory.shapes import versions
from tracker.services.territory.shapes.versions import ActivateShapes, LoadOrder

RAIL = "RAIL"  # the source whose cases lie beside it
SOURCE, PAPER, NAME = "演示程序绘制（虚构）", "虚构〔2022〕1号", "京九线（虚构）"
COURSE = ((115.8560, 28.6180), (115.8770, 28.6385), (115.8945, 28.6590), (115.9085, 28.6655), (115.9120, 28.6780))
FIRST_POST, LONG_KILOMETRE = 1445, 1012  # one kilometre is too long, as some are
HALF = 12.0  # metres from the line to its fence
FENCED_TO = 8312.0  # beyond, no fence is drawn yet
RAIL_UNIT = "NTJ-GWD"
# The unit of the street beside it, where its section begins, as mileage and in metres
SECTIONS = (("XH-JZ", "K1445+000", 0.0), ("XH-TH", "K1447+000", 2012.0), ("XH-SJT", "K1449+500", 4512.0),
            ("XH-NZ", "K1451+200", 6212.0), ("XH-DGL", "K1452+600", 7612.0))
RAIL_STREETS = frozenset(unit for unit, _, _ in SECTIONS)
LAST = "K1453+800", 8812.0
# code, name, kind, unit, along from and to, beside the line from and to
LOTS: tuple[tuple[str, str, str, str, float, float, float, float], ...] = (
    ("CQ-01", "西湖货场（虚构）", "railway", RAIL_UNIT, 6500, 6700, -50, -HALF),
    ("CQ-02", "桃花排涝泵站（虚构）", "local", "XH-NSJ", 3000, 3012, 2, 9),
    ("CQ-03", "某物流公司堆场（虚构）", "third", "", 5300, 5420, HALF, 60),
    ("CQ-04", "九洲三角地（虚构）", "disputed", "", 1480, 1560, -45, -HALF),
)


def post() -> int:
    """Every layer: the administrator loads it, a district lead puts it in force; returns how many versions there are."""
    admin, lead, today = access.at_command_line("admin"), access.at_command_line("lead1"), wiring().clock.today()
    for layer, features in _drawn_layers().items():
        content = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()
        number = versions.load(admin, LoadOrder(layer, f"demo-{layer}.geojson", content, SOURCE, PAPER))
        versions.activate(lead, number, ActivateShapes(today))
    return len(versions.all_sets(reading()))


def spot_beside(unit: str, answers: Mapping[str, object], rng: Random) -> tuple[float, float]:
    """A latitude and longitude beside the line in the section of a street, on the side of the fence that was registered."""
    at = [each[0] for each in SECTIONS].index(unit)
    ends = SECTIONS[at + 1][2] if at + 1 < len(SECTIONS) else LAST[1]
    said = answers.get(FENCE)
    of_side: dict[object, float] = {"inside": rng.uniform(0.5, 3.5), "outside": rng.uniform(20, 60)}
    metres = of_side[said] if said in of_side else rng.choice((11.0, 30.0, 45.0))
    return spot_at(rng.uniform(SECTIONS[at][2] + 50, ends - 50), metres * rng.choice((-1, 1)))


def spot_at(metre: float, apart: float) -> tuple[float, float]:
    """A latitude and longitude so far along the line and so far beside it."""
    lng, lat = _point_beside(metre, apart)
    return round(lat, 6), round(lng, 6)


def _drawn_layers() -> dict[Layer, list[dict[str, Any]]]:
    last = int((running_metres(COURSE)[-1] - LONG_KILOMETRE) // 1000)
    posts = [[FIRST_POST, 0], *([FIRST_POST + 1 + at, LONG_KILOMETRE + at * 1000] for at in range(last + 1))]
    line = _one_feature({"type": "LineString", "coordinates": COURSE}, code="JJ", name=NAME, posts=posts)
    marks = [*((unit, begins) for unit, begins, _ in SECTIONS), ("", LAST[0])]
    area_of = {street.unit: street.area_code for street in STREETS}
    sections = [_one_feature(None, code=f"JJ-{at + 1:02d}", name=f"京九线{BY_AREA[area_of[unit]].name}段（虚构）",
                         line=NAME, **{"from": begins, "to": marks[at + 1][1]}, unit_code=RAIL_UNIT, area=area_of[unit])
                for at, (unit, begins) in enumerate(marks[:-1])]
    fences = [_one_feature(_strip_along(0.0, FENCED_TO, -HALF, HALF), code="WL-01", name="京九线围栏（虚构）", tolerance_metres=2)]
    lots = [_one_feature(_strip_along(begins, ends, low, high), code=code, name=name, owner_kind=kind, unit_code=unit)
            for code, name, kind, unit, begins, ends, low, high in LOTS]
    town = _one_feature({"type": "Polygon", "coordinates": [[[115.84, 28.60], [115.93, 28.60], [115.93, 28.70], [115.84, 28.70],
                                                         [115.84, 28.60]]]}, code="CQU-01", name="西湖城区（虚构）")
    return {Layer.line: [line], Layer.section: sections, Layer.fence: fences, Layer.ownership: lots, Layer.built_up: [town]}


def _one_feature(geometry: dict[str, Any] | None, **said: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": said, "geometry": geometry}


def _strip_along(begins: float, ends: float, low: float, high: float) -> dict[str, Any]:
    """The ground along the line between two distances from it, those to the left being positive."""
    running = running_metres(COURSE)
    corners = [begins, *(metre for metre in running if begins < metre < ends), ends]
    there = [_point_beside(along, high) for along in corners]
    back = [_point_beside(along, low) for along in reversed(corners)]
    ring: Sequence[tuple[float, float]] = [*there, *back, there[0]]
    return {"type": "Polygon", "coordinates": [[list(point) for point in ring]]}


def _point_beside(along: float, metres: float) -> tuple[float, float]:
    """The point so far along the line and so far to its left."""
    lng, lat = point_at(COURSE, along)
    (west, south), *_, (east, north) = stretch(COURSE, max(0.0, along - 1), along + 1)
    across, up = metres_a_degree(lat)
    x, y = (east - west) * across, (north - south) * up
    length = hypot(x, y)
    return lng - y / length * metres / across, lat + x / length * metres / up
