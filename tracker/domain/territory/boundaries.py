"""A boundary file that an authority hands in: what is taken of it, and why one is refused."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Say
from tracker.domain.territory.positions import Datum
from tracker.domain.territory.provinces import COUNTRY

MOST_BYTES = 2 * 1024 * 1024
MOST_PARTS = 500
LONGEST_SOURCE, LONGEST_NAME = 80, 40
LARGEST_NUMBER = 1e9  # no coordinate, in degrees or in metres, is as large; neither is what JSON calls NaN or Infinity
DATUMS = (Datum.cgcs2000, Datum.wgs84, Datum.gcj02)  # GCJ-02 is shifted by hundreds of metres: it is drawn converted
# Names of the coordinate systems above, as a GeoJSON file of the older kind may state them.
SYSTEMS = ("CRS84", "4326", "4490", "WGS84", "CGCS2000")
# What the field is called in files of surveying offices (行政区代码, 行政区名称) and elsewhere.
CODES = ("code", "adcode", "XZQDM", "CODE", "代码", "行政区代码")
NAMES = ("name", "XZQMC", "NAME", "名称", "行政区名称")
APPROVAL = re.compile(r"[\u4e00-\u9fffA-Z]{1,8}[（(〔]\d{4}[)）〕]\d{1,6}号")


def read(content: bytes) -> dict[str, Any]:
    """The boundaries of a GeoJSON file: polygons with code and name, nothing else of it. Raises `Invalid` saying what is
    wrong."""
    found = _parse_content(content)
    _check_system(found)
    parts = _feature_parts(found)
    if not 1 <= len(parts) <= MOST_PARTS:
        raise _bad_file(Say("文件里应有 1 至 {most} 个区划，实有 {count} 个。", most=MOST_PARTS, count=len(parts)))
    return {"type": "FeatureCollection", "features": [_read_feature(part, number) for number, part in enumerate(parts, start=1)]}


def check_approval(number: str) -> str:
    """A map approval number as it is printed, or "". Raises `Invalid`."""
    plain = "".join(number.split())
    if plain and not APPROVAL.fullmatch(plain):
        raise Invalid("审图号应写成“赣S（2025）018号”或“GS（2024）0650号”的样子；没有就留空。", field="approval")
    return plain


def check_source(source: str) -> str:
    """Where the file comes from. Raises `Invalid` when it is not said."""
    plain = " ".join(source.split())
    if not 2 <= len(plain) <= LONGEST_SOURCE:
        raise Invalid(Say("请写明边界数据的来源，2 至 {longest_source} 字，如“西湖区自然资源分局 2026 年 1 月提供”。", longest_source=LONGEST_SOURCE),
                      field="source")
    return plain


def check_datum(datum: str) -> Datum:
    """The coordinate system, one of those that the map draws or can convert. Raises `Invalid`."""
    if datum not in DATUMS:
        raise Invalid("边界的坐标系应为 CGCS2000、WGS-84 或 GCJ-02；别的坐标系请先转换。", field="datum")
    return Datum(datum)


@dataclass(frozen=True)
class Extent:
    """The rectangle around boundaries."""

    south: float
    north: float
    west: float
    east: float

    @property
    def middle(self) -> tuple[float, float]:
        """Latitude and longitude of its centre."""
        return (self.south + self.north) / 2, (self.west + self.east) / 2


def extent_of(boundaries: Mapping[str, Any]) -> Extent:
    """How far boundaries reach that `read` returned."""
    points = [point for feature in boundaries["features"] for polygon in feature["geometry"]["coordinates"] for ring in polygon
              for point in ring]
    lngs, lats = [point[0] for point in points], [point[1] for point in points]
    return Extent(min(lats), max(lats), min(lngs), max(lngs))


def moved(boundaries: Mapping[str, Any], put: Callable[[float, float], tuple[float, float]]) -> dict[str, Any]:
    """Boundaries that `read` returned with every point put elsewhere; `put` takes and gives latitude and longitude."""
    return {**boundaries, "features": [{**each, "geometry": {**each["geometry"], "coordinates": [
        [[[*reversed(put(lat, lng))] for lng, lat in ring] for ring in polygon] for polygon in each["geometry"]["coordinates"]]}}
        for each in boundaries["features"]]}


def matched(boundaries: Mapping[str, Any], code_of: Callable[[str], str]) -> dict[str, Any]:
    """Boundaries whose parts without a code have that of their name, where `code_of` knows one."""
    return {**boundaries, "features": [
        {**each, "properties": {**said, "code": said["code"] or (code_of(said["name"]) if said["name"] else "")}}
        for each in boundaries["features"] for said in (each["properties"],)]}


def _parse_content(content: bytes) -> dict[str, Any]:
    if not content:
        raise _bad_file("请选择边界文件；选中的文件是空的或没有选文件。")
    if len(content) > MOST_BYTES:
        raise _bad_file(Say("边界文件最大 {most_bytes} MB，这个文件有 {count:.1f} MB；请先简化边界。", most_bytes=MOST_BYTES // 1_048_576,
                            count=len(content) / 1_048_576))
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise _bad_file("文件不是 UTF-8 编码的 GeoJSON；请从制图软件以 GeoJSON 格式导出。") from None
    if not isinstance(found, dict):
        raise _bad_file("文件不是 GeoJSON：最外层应是 FeatureCollection。")
    return found


def _check_system(found: Mapping[str, Any]) -> None:
    stated = found.get("crs")
    if stated is not None and not any(name in json.dumps(stated).upper() for name in SYSTEMS):
        raise _bad_file("文件注明的坐标系不是 WGS-84 或 CGCS2000 经纬度；请转换后再上传。")


def _feature_parts(found: Mapping[str, Any]) -> list[Any]:
    kind = found.get("type")
    if kind == "FeatureCollection":
        features = found.get("features")
        return list(features) if isinstance(features, list) else []
    if kind == "Feature":
        return [found]
    return [{"type": "Feature", "geometry": found, "properties": {}}]


def _read_feature(part: Any, number: int) -> dict[str, Any]:
    geometry = part.get("geometry") if isinstance(part, dict) else None
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise _bad_file(Say("第 {number} 个区划不是面：应为 Polygon 或 MultiPolygon，实为 {kind}。", number=number, kind=str(kind)[:40]))
    coordinates = geometry.get("coordinates")  # type: ignore[union-attr]  # a dict, as its type was read above
    polygons = [coordinates] if kind == "Polygon" else coordinates
    taken = [[_read_ring(ring, number) for ring in _require_list(polygon, number)] for polygon in _require_list(polygons, number)]
    said = part.get("properties") if isinstance(part.get("properties"), dict) else {}
    properties = {"code": _first_property(said, CODES), "name": _first_property(said, NAMES)}
    return {"type": "Feature", "properties": properties, "geometry": {"type": "MultiPolygon", "coordinates": taken}}


def _require_list(value: Any, number: int) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise _bad_file(Say("第 {number} 个区划没有坐标。", number=number))
    return value


def _read_ring(ring: Any, number: int) -> list[list[float]]:
    points = [_read_point(point, number) for point in _require_list(ring, number)]
    if len(points) < 4 or points[0] != points[-1]:
        raise _bad_file(Say("第 {number} 个区划的边界没有闭合：每一圈至少 4 个点，末点应与首点相同。", number=number))
    return points


def _read_point(point: Any, number: int) -> list[float]:
    if not isinstance(point, list) or len(point) < 2 or not all(is_number(each) for each in point[:2]):
        raise _bad_file(Say("第 {number} 个区划里有一个点不是“经度, 纬度”两个数。", number=number))
    lng, lat = float(point[0]), float(point[1])
    for trouble in point_troubles(lng, lat):
        raise _bad_file(Say("第 {number} 个区划里的点（{lng:g}, {lat:g}）{trouble}。", number=number, lng=lng, lat=lat, trouble=trouble))
    return [lng, lat]


def point_troubles(lng: float, lat: float) -> Iterator[str]:
    """What is wrong with a point, the most telling first."""
    if (lng, lat) == (0, 0):
        yield "是（0, 0），不是有效坐标"
    if abs(lng) > 180 or abs(lat) > 180:
        yield "像是以米为单位的投影坐标，请转换为经纬度"
    if not COUNTRY.holds(lat, lng) and COUNTRY.holds(lng, lat):
        yield "像是把经度和纬度写反了，GeoJSON 里经度在前"
    if not COUNTRY.holds(lat, lng):
        yield "不在我国境内"


def is_number(value: object) -> bool:
    """Whether a value of a file is a number that can be a coordinate."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LARGEST_NUMBER


def _first_property(properties: Mapping[str, Any], names: tuple[str, ...]) -> str:
    found = next((properties[name] for name in names if isinstance(properties.get(name), str | int)), "")
    return str(found).strip()[:LONGEST_NAME]


def _bad_file(sentence: str) -> Invalid:
    return Invalid(sentence, field="file")
