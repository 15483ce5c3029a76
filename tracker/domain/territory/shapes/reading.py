"""A file of shapes as an authority hands it in: what is taken of it, and which part is wrong."""

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Listed, Say
from tracker.domain.territory.boundaries import SYSTEMS, is_number, point_troubles
from tracker.domain.territory.positions import Datum
from tracker.domain.territory.shapes.layers import SIDES, Geometry, Layer, MapShape, OwnerKind
from tracker.domain.territory.shapes.mileage import Posts, metre_on
from tracker.domain.territory.shapes.tangent import running_metres

MOST_BYTES = 5 * 1024 * 1024
MOST_POINTS = 5_000
MOST_PARTS = 500
BOTH = "both"  # sides of a line
LONGEST = {"code": 40, "name": 80, "unit_code": 60, "line": 40, "area": 12}
DATUMS = (Datum.cgcs2000, Datum.wgs84)
PROPERTIES = ("code", "name", "line", "from", "to", "side", "unit_code", "owner_kind", "tolerance_metres", "posts", "aliases",
              "area", "ends")
GEOMETRIES: Mapping[Layer, tuple[str, ...]] = {
    Layer.line: ("LineString",), Layer.fence: ("Polygon", "MultiPolygon"), Layer.zone: ("Polygon", "MultiPolygon"),
    Layer.built_up: ("Polygon", "MultiPolygon"), Layer.ownership: ("Polygon", "MultiPolygon", ""),
    Layer.section: ("LineString", "Polygon", "MultiPolygon", ""),
}


def read_shapes(content: bytes, layer: Layer, lines: Sequence[Posts]) -> tuple[MapShape, ...]:
    """The shapes of a GeoJSON file. `lines` are those in force, for stretches given by mileage. Raises `Invalid` naming the part
    that is wrong."""
    found = _parse_content(content)
    parts = found["features"] if found.get("type") == "FeatureCollection" else [found]
    if not isinstance(parts, list) or not 1 <= len(parts) <= MOST_PARTS:
        raise _bad_file(Say("文件里应有 1 至 {most} 个图形。", most=MOST_PARTS))
    shapes = [_read_part(part, layer, lines, row) for row, part in enumerate(parts, start=1)]
    codes = [shape.code for shape in shapes]
    if twice := next((code for code in codes if codes.count(code) > 1), None):
        raise _bad_file(Say("代码“{code}”在文件里出现了两次。", code=twice))
    return tuple(shapes)


def check_shape_datum(datum: str) -> None:
    """Raises `Invalid` for a datum by which sides of a fence cannot be told."""
    if datum not in DATUMS:
        raise Invalid("图形的坐标系应为 CGCS2000 或 WGS-84：GCJ-02 偏移数百米，会把围栏内外弄反；请交付单位按原坐标系导出。", field="datum")


def _parse_content(content: bytes) -> dict[str, Any]:
    if len(content) > MOST_BYTES:
        raise _bad_file(Say("文件 {size:.1f} MB，最多 5 MB；请按 0.5 米容差简化图形后再装入。", size=len(content) / 1024 / 1024))
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise _bad_file("文件不是 GeoJSON。") from None
    if not isinstance(found, dict) or found.get("type") not in ("FeatureCollection", "Feature"):
        raise _bad_file("文件不是 GeoJSON：最外层应为 FeatureCollection 或 Feature。")
    system = json.dumps(found.get("crs") or found.get("datum") or "")
    if system != '""' and not any(known in system.upper() for known in SYSTEMS):
        raise _bad_file(Say("文件写明的坐标系是 {system}，应为 CGCS2000 或 WGS-84 的经纬度。", system=system.strip('"')[:60]))
    return found


def _read_part(part: Any, layer: Layer, lines: Sequence[Posts], row: int) -> MapShape:
    said = part.get("properties") if isinstance(part, dict) else None
    if not isinstance(said, dict):
        raise _bad_part(row, "", "没有属性")
    given = {name: None if said.get(name) == "" else said.get(name) for name in PROPERTIES}
    code = _short_text(given, "code", row, "")
    if not code:
        raise _bad_part(row, "", "没有代码（code）")
    name = _short_text(given, "name", row, code) or code
    if given["ends"] in (True, "true", 1):
        return MapShape(code, layer, name, ends=True)
    geometry = _read_geometry(part.get("geometry"), layer, row, code)
    tolerance = _tolerance_of(given, layer, row, code)
    owner_kind = _owner_of(given, layer, row, code)
    extra = {"area": _short_text(given, "area", row, code)} if given["area"] else {}
    bare = MapShape(code, layer, name, geometry, side=_side_of(given, row, code), tolerance_metres=tolerance,
                    owner_kind=owner_kind, unit_code=_short_text(given, "unit_code", row, code), extra=extra)
    return _with_course(bare, given, row) if layer is Layer.line else _with_stretch(bare, given, lines, row)


def _with_course(shape: MapShape, given: Mapping[str, Any], row: int) -> MapShape:
    """A line with its posts; one that was drawn against its mileage is turned round."""
    posts = given["posts"]
    if isinstance(posts, str):
        posts = _json_or_none(posts)
    if not isinstance(posts, list) or not posts or not all(_is_post(each) for each in posts):
        raise _bad_part(row, shape.code, "公里标（posts）应写成 [[1449, 0], [1450, 1000]] 的样子：公里数和离起点的米数")
    assert shape.geometry is not None
    course, length = list(shape.course), running_metres(shape.course)[-1]
    posts = sorted(([int(at), float(metre)] for at, metre in posts), key=lambda post: post[1])
    if len(posts) > 1 and posts[0][0] > posts[-1][0]:
        course.reverse()
        posts = [[at, length - metre] for at, metre in reversed(posts)]
    if any(one[0] >= other[0] or one[1] >= other[1] for one, other in pairwise(posts)):
        raise _bad_part(row, shape.code, "公里标的公里数和米数应一起增大")
    if posts[0][1] < -1 or posts[-1][1] > length + max(5.0, length / 100):
        raise _bad_part(row, shape.code, Say("公里标超出线路：线路长 {length:.0f} 米", length=length))
    aliases = given["aliases"] if isinstance(given["aliases"], list) else str(given["aliases"] or "").split("、")
    extra = {**shape.extra, "posts": posts, "aliases": [str(each).strip().upper() for each in aliases if str(each).strip()]}
    return MapShape(shape.code, shape.layer, shape.name, {"type": "LineString", "coordinates": course}, unit_code=shape.unit_code,
                 extra=extra)


def _with_stretch(shape: MapShape, given: Mapping[str, Any], lines: Sequence[Posts], row: int) -> MapShape:
    """What lies along a line from one mileage to another, where the file says so."""
    if given["line"] is None and shape.layer is not Layer.section:
        if shape.geometry is None:
            raise _bad_part(row, shape.code, "既没有图形，也没有线路和起止里程")
        return shape
    try:
        line, begin = metre_on(lines, str(given["line"] or ""), str(given["from"] or ""))
        _, end = metre_on(lines, str(given["line"]), str(given["to"] or ""))
    except Invalid as refusal:
        raise _bad_part(row, shape.code, refusal.sentence.rstrip("。")) from None
    if not begin < end:
        raise _bad_part(row, shape.code, Say("起点里程 {begin} 不在终点里程 {end} 之前", begin=line.told(begin), end=line.told(end)))
    return MapShape(shape.code, shape.layer, shape.name, shape.geometry, line.code, begin, end, shape.side, shape.unit_code,
                 shape.owner_kind, shape.tolerance_metres, shape.extra)


def _read_geometry(found: Any, layer: Layer, row: int, code: str) -> Geometry | None:
    kind = found.get("type", "") if isinstance(found, dict) else ""
    if kind not in GEOMETRIES[layer]:
        raise _bad_part(row, code, Say("图形应为 {kinds}", kinds=Listed(each for each in GEOMETRIES[layer] if each)))
    if not kind:
        return None
    coordinates = found.get("coordinates")
    if kind == "LineString":
        course = [_read_point(point, row, code) for point in _list_of(coordinates, row, code)]
        _check_size(len(course), row, code)
        if len(course) < 2 or running_metres(course)[-1] < 1:
            raise _bad_part(row, code, "线路至少要有相距 1 米的两个点")
        return {"type": kind, "coordinates": course}
    polygons = coordinates if kind == "MultiPolygon" else [coordinates]
    read = [[_read_ring(ring, row, code, at) for at, ring in enumerate(_list_of(polygon, row, code), start=1)]
            for polygon in _list_of(polygons, row, code)]
    _check_size(sum(len(ring) for polygon in read for ring in polygon), row, code)
    return {"type": kind, "coordinates": read if kind == "MultiPolygon" else read[0]}


def _read_ring(ring: Any, row: int, code: str, at: int) -> list[list[float]]:
    points = [_read_point(point, row, code) for point in _list_of(ring, row, code)]
    if len(points) < 4 or points[0] != points[-1]:
        raise _bad_part(row, code, Say("第 {at} 圈没有闭合：至少 4 个点，末点应与首点相同", at=at))
    return points


def _check_size(count: int, row: int, code: str) -> None:
    if count > MOST_POINTS:
        raise _bad_part(row, code, Say("有 {count} 个点，最多 {most} 个；请按 0.5 米容差简化后再装入", count=count, most=MOST_POINTS))


def _read_point(point: Any, row: int, code: str) -> list[float]:
    if not isinstance(point, list) or len(point) < 2 or not all(is_number(each) for each in point[:2]):
        raise _bad_part(row, code, "有一个点不是“经度, 纬度”两个数")
    lng, lat = float(point[0]), float(point[1])
    for trouble in point_troubles(lng, lat):
        raise _bad_part(row, code, Say("点（{lng:g}, {lat:g}）{trouble}", lng=lng, lat=lat, trouble=Say(trouble)))
    return [lng, lat]


def _tolerance_of(given: Mapping[str, Any], layer: Layer, row: int, code: str) -> float | None:
    found = given["tolerance_metres"]
    if found is None and layer is not Layer.fence:
        return None
    if not is_number(found) or not 0 <= found <= 50:
        raise _bad_part(row, code, "围栏的误差（tolerance_metres）应为 0 至 50 之间的米数")
    return float(found)


def _owner_of(given: Mapping[str, Any], layer: Layer, row: int, code: str) -> str:
    if layer is not Layer.ownership:
        return ""
    if given["owner_kind"] not in set(OwnerKind):
        raise _bad_part(row, code, "产权类别（owner_kind）应为 railway、local、third、disputed 之一")
    return str(given["owner_kind"])


def _side_of(given: Mapping[str, Any], row: int, code: str) -> str:
    found = str(given["side"] or BOTH)
    if found != BOTH and found not in SIDES:
        raise _bad_part(row, code, Say("侧别“{side}”应为 left、right 或 both", side=found[:20]))
    return "" if found == BOTH else found


def _short_text(given: Mapping[str, Any], name: str, row: int, code: str) -> str:
    text = " ".join(str(given[name] if given[name] is not None else "").split())
    most = LONGEST[name]
    if len(text) > most:
        raise _bad_part(row, code, Say("“{name}”最多 {most} 字", name=name, most=most))
    return text


def _json_or_none(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _is_post(found: Any) -> bool:
    return (isinstance(found, list) and len(found) == 2 and all(is_number(each) for each in found) and found[0] == int(found[0])
            and 0 <= found[0] <= 9_999)


def _list_of(value: Any, row: int, code: str) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise _bad_part(row, code, "坐标不完整")
    return value


def _bad_part(row: int, code: str, trouble: str) -> Invalid:
    which = Say("第 {row} 个图形（{code}）", row=row, code=code) if code else Say("第 {row} 个图形", row=row)
    return _bad_file(Say("{which}：{trouble}。", which=which, trouble=trouble if isinstance(trouble, Say) else Say(trouble)))


def _bad_file(sentence: str) -> Invalid:
    return Invalid(sentence, field="file")
