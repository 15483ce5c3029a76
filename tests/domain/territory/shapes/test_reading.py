"""A file of shapes: what is taken, and which part is named where something is wrong."""

from typing import Any

import pytest

from tests.support.railway import FENCE, LINE, LNG, NORTH, SOUTH, box, content, feature
from tracker.domain.house.errors import Invalid
from tracker.domain.territory.shapes.layers import Layer, MapShape
from tracker.domain.territory.shapes.mileage import posts_of
from tracker.domain.territory.shapes.reading import check_shape_datum, read_shapes
from tracker.domain.territory.shapes.tangent import running_metres


def read(layer: Layer, *features: Any, **more: Any) -> tuple[MapShape, ...]:
    (line,) = read_shapes(content(LINE), Layer.line, [])
    posts = posts_of(line.code, line.name, line.extra, running_metres(line.course)[-1])
    return read_shapes(content(*features, **more), layer, [posts])


def ring(*points: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(point) for point in points]]}


OPEN = ring((115.91, 28.66), (115.92, 28.66), (115.92, 28.67), (115.91, 28.67))
METRES = ring((500000, 3170000), (500100, 3170000), (500100, 3170100), (500000, 3170000))
SWAPPED = ring((28.66, 115.91), (28.66, 115.92), (28.67, 115.92), (28.66, 115.91))
NULL = ring((0, 0), (115.92, 28.66), (115.92, 28.67), (0, 0))


@pytest.mark.parametrize(("geometry", "sentence"), [
    (OPEN, "第 1 个图形（WL-02）：第 1 圈没有闭合"), (METRES, "第 1 个图形（WL-02）：点（500000, 3.17e\\+06）像是以米为单位的投影坐标"),
    (SWAPPED, "像是把经度和纬度写反了"), (NULL, "是（0, 0），不是有效坐标"),
    ({"type": "Point", "coordinates": [115, 28]}, "图形应为 Polygon、MultiPolygon"),
    (None, "图形应为 Polygon"), ({"type": "Polygon", "coordinates": [[["x", 1]]]}, "不是“经度, 纬度”两个数"),
    ({"type": "Polygon", "coordinates": []}, "坐标不完整"),
])
def test_a_wrong_polygon_is_named_with_what_is_wrong(geometry: Any, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        read(Layer.fence, feature(geometry, code="WL-02", tolerance_metres=1))


def test_a_polygon_of_too_many_points_is_to_be_made_simpler() -> None:
    edge = [(115.91 + at / 1e6, 28.66 + at % 2 / 1e6) for at in range(5_100)]
    with pytest.raises(Invalid, match=r"有 5102 个点，最多 5000 个；请按 0\.5 米容差简化"):
        read(Layer.fence, feature(ring(*edge, (115.91, 28.7), edge[0]), code="WL-02", tolerance_metres=1))


def test_a_file_of_more_than_five_megabytes_is_refused_unread() -> None:
    with pytest.raises(Invalid, match=r"文件 5\.2 MB，最多 5 MB"):
        read_shapes(b" " * int(5.2 * 1024 * 1024), Layer.fence, [])


@pytest.mark.parametrize(("more", "sentence"), [
    ({"crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::4549"}}}, "文件写明的坐标系是"), ({"datum": "gcj02"}, "文件写明的坐标系是 gcj02")])
def test_a_file_that_says_another_datum_is_refused(more: Any, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        read(Layer.fence, FENCE, **more)
    with pytest.raises(Invalid, match="GCJ-02 偏移数百米，会把围栏内外弄反"):
        check_shape_datum("gcj02")


@pytest.mark.parametrize(("layer", "said", "sentence"), [
    (Layer.fence, {"tolerance_metres": 1}, "第 1 个图形：没有代码"), (Layer.fence, {"code": "A"}, "误差（tolerance_metres）应为 0 至 50"),
    (Layer.fence, {"code": "A", "tolerance_metres": "2"}, "误差（tolerance_metres）"),
    (Layer.ownership, {"code": "A"}, "产权类别（owner_kind）应为"),
    (Layer.ownership, {"code": "A", "owner_kind": "third", "side": "up"}, "侧别“up”"),
    (Layer.zone, {"code": "长" * 41}, "“code”最多 40 字"),
])
def test_a_property_that_is_missing_or_wrong_is_named(layer: Layer, said: Any, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        read(layer, feature(box(115.91, 28.66, 115.92, 28.67), **said))


def test_a_code_that_stands_twice_is_refused() -> None:
    with pytest.raises(Invalid, match="代码“WL-01”在文件里出现了两次"):
        read(Layer.fence, FENCE, FENCE)


def test_a_section_is_given_by_its_mileage_and_one_that_the_line_does_not_have_is_named() -> None:
    said = {"code": "JJ-09", "line": "京九线"}
    (found,) = read(Layer.section, feature(None, **said, **{"from": "K1449+200", "to": "K1450+300"}))
    assert (found.line, round(found.metre_from or 0), round(found.metre_to or 0)) == ("JJ", 200, 1300)
    for begin, end, sentence in (("K1449+200", "K1460+000", r"里程 K1460\+000 不在线路上"), ("K1450+000", "K1449+000", "不在终点里程"),
                                 ("", "K1449+000", "里程应写成")):
        with pytest.raises(Invalid, match=f"第 1 个图形（JJ-09）：.*{sentence}"):
            read(Layer.section, feature(None, **said, **{"from": begin, "to": end}))


def test_a_line_drawn_against_its_mileage_is_turned_round() -> None:
    course = {"type": "LineString", "coordinates": [[LNG, NORTH], [LNG, SOUTH]]}
    (found,) = read_shapes(content(feature(course, code="JJ", posts=[[1451, 0], [1450, 1000], [1449, 2000]])), Layer.line, [])
    assert found.course[0] == [LNG, SOUTH]
    assert [post[0] for post in found.extra["posts"]] == [1449, 1450, 1451]


@pytest.mark.parametrize("posts", [None, [], "x", [[1449]], [[1449.5, 0]], [[1449, 0], [1449, 500]], [[1449, 0], [1452, 90_000]]])
def test_posts_that_are_none_are_refused(posts: Any) -> None:
    with pytest.raises(Invalid, match="公里标"):
        read_shapes(content(feature(LINE["geometry"], code="JJ", posts=posts)), Layer.line, [])


@pytest.mark.parametrize("bad", [b"", b"{", b"[]", b'{"type": "Point"}', b'{"type": "FeatureCollection", "features": []}'])
def test_what_is_no_geojson_is_refused(bad: bytes) -> None:
    with pytest.raises(Invalid, match=r"GeoJSON|1 至 500"):
        read_shapes(bad, Layer.fence, [])
