"""Boundaries of the authority's own: taken whole or refused with the reason, on the record, and back again."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.makers import Town
from tracker.domain.house.errors import Invalid, NotAllowed, NotFound
from tracker.services.house.work import wiring
from tracker.services.territory import boundaries
from tracker.services.upkeep import backup, integrity
from tracker.storage.house import ledger
from tracker.storage.house.base import db

SQUARE = [[115.85, 28.63], [115.9, 28.63], [115.9, 28.68], [115.85, 28.63]]
FROM, NUMBER = "西湖区自然资源分局 2026 年 1 月提供", "赣S（2026）018号"


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def file_of(geometry: Any = None, **more: Any) -> bytes:
    """A file with one district."""
    feature = {"type": "Feature", "geometry": geometry or polygon(SQUARE),
               "properties": {"XZQDM": 360103, "XZQMC": "西湖区", "负责人": "张三"}}
    return json.dumps({"type": "FeatureCollection", "features": [feature], **more}, ensure_ascii=False).encode()


def load(town: Town, content: bytes, **said: str) -> boundaries.Boundaries:
    return boundaries.load(town.actor("admin"), "边界.geojson", content, **({"source": FROM, "approval": NUMBER} | said))


def test_own_boundaries_are_drawn_at_once_and_only_code_and_name_are_taken(town: Town) -> None:
    before = boundaries.geojson()
    loaded = load(town, file_of())
    assert boundaries.current() == loaded
    assert (loaded.source, loaded.approval, loaded.part_count, loaded.datum) == (FROM, NUMBER, 1, "cgcs2000")
    drawn = boundaries.geojson()
    (feature,) = json.loads(drawn.text)["features"]
    assert feature["properties"] == {"code": "360103", "name": "西湖区"}
    assert feature["geometry"] == {"type": "MultiPolygon", "coordinates": [[SQUARE]]}
    assert drawn.mark != before.mark
    assert json.loads(recorded()[-1].body)["sha256"] == loaded.digest
    assert wiring().blobs.get(loaded.digest) == file_of()


def recorded() -> tuple[Any, ...]:
    return ledger.stream_of(db.session(), "map")


def test_taking_them_off_brings_the_built_in_ones_back(town: Town) -> None:
    built_in = boundaries.geojson()
    load(town, file_of())
    boundaries.remove(town.actor("admin"))
    assert boundaries.geojson() == built_in
    assert not boundaries.current().is_own
    assert [fact.kind for fact in recorded()] == ["map:boundary_loaded", "map:boundary_removed"]
    with pytest.raises(NotFound):
        boundaries.remove(town.actor("admin"))


def test_other_files_replace_the_first_and_a_bare_geometry_will_do(town: Town) -> None:
    load(town, file_of())
    load(town, json.dumps(polygon(SQUARE)).encode(), approval="")
    assert boundaries.current().approval == ""
    assert json.loads(boundaries.geojson().text)["features"][0]["properties"] == {"code": "", "name": ""}
    assert len(boundaries.file_digests(db.session())) == 2


def moved(lng: float, lat: float) -> bytes:
    return file_of(polygon([*SQUARE[:2], [lng, lat], *SQUARE[2:]]))


REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "请选择边界文件"),
    "too big": (b" " * (2 * 1024 * 1024 + 1), "最大 2 MB"),
    "no text": (b"\xff\xfe\x00", "不是 UTF-8 编码的 GeoJSON"),
    "no JSON": ("边界".encode(), "不是 UTF-8 编码的 GeoJSON"),
    "nested without end": (b"[" * 200_000, "不是 UTF-8 编码的 GeoJSON"),
    "a list": (b"[]", "最外层应是 FeatureCollection"),
    "no district": (b'{"type": "FeatureCollection", "features": []}', "实有 0 个"),
    "features that are none": (b'{"type": "FeatureCollection", "features": [1]}', "第 1 个区划不是面"),
    "a line": (file_of({"type": "LineString", "coordinates": SQUARE}), "实为 LineString"),
    "no coordinates": (file_of({"type": "Polygon", "coordinates": []}), "没有坐标"),
    "an open ring": (file_of(polygon(SQUARE[:3])), "没有闭合"),
    "two points": (file_of(polygon([SQUARE[0], SQUARE[0]])), "没有闭合"),
    "words for numbers": (file_of(polygon([["a", "b"]] * 4)), "不是“经度, 纬度”两个数"),
    "not a number": (file_of(polygon([[float("nan"), 28.6]] * 4)), "不是“经度, 纬度”两个数"),
    "a number that no computer holds": (file_of(polygon([[10**400, 28.6]] * 4)), "不是“经度, 纬度”两个数"),
    "the null island": (moved(0, 0), "是（0, 0），不是有效坐标"),
    "metres": (moved(38_600_000, 3_170_000), "以米为单位的投影坐标"),
    "swapped": (moved(28.65, 115.87), "经度和纬度写反了"),
    "abroad": (moved(2.35, 48.86), "不在我国境内"),
    "a shifted system": (file_of(crs={"type": "name", "properties": {"name": "EPSG:3857"}}), "坐标系不是 WGS-84 或 CGCS2000"),
}


@pytest.mark.parametrize("why", REFUSED)
@pytest.mark.one_engine
def test_a_file_that_cannot_be_trusted_is_refused_in_a_sentence(town: Town, why: str) -> None:
    content, sentence = REFUSED[why]
    with pytest.raises(Invalid) as refusal:
        load(town, content)
    assert sentence in refusal.value.sentence
    assert refusal.value.sentence.endswith("。")
    assert refusal.value.field == "file"
    assert not boundaries.current().is_own


@pytest.mark.parametrize("stated", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4490", "urn:ogc:def:crs:EPSG::4326"])
@pytest.mark.one_engine
def test_a_stated_system_that_the_map_draws_is_taken(town: Town, stated: str) -> None:
    assert load(town, file_of(crs={"type": "name", "properties": {"name": stated}})).is_own


@pytest.mark.parametrize(("said", "field"), [
    ({"source": " "}, "source"), ({"approval": "018"}, "approval"), ({"approval": "赣S2026018号"}, "approval"),
    ({"datum": "bd09"}, "datum")])
@pytest.mark.one_engine
def test_source_approval_and_system_are_checked(town: Town, said: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        load(town, file_of(), **said)
    assert refusal.value.field == field


@pytest.mark.one_engine
def test_only_who_manages_the_rules_may_change_the_map(town: Town) -> None:
    for login in ("lead", "dispatcher", "clerk"):
        with pytest.raises(NotAllowed):
            boundaries.load(town.actor(login), "x.json", file_of(), source=FROM)
        with pytest.raises(NotAllowed):
            boundaries.remove(town.actor(login))


@pytest.mark.one_engine
def test_a_point_is_named_after_the_boundaries_in_force_and_beyond_their_reach_after_the_built_in_ones(town: Town) -> None:
    inside, beside, elsewhere = (28.64, 115.89), (28.655, 115.86), (28.70, 115.80)
    built_in = [boundaries.district_at(*point) for point in (inside, beside, elsewhere)]
    assert all(built_in)
    load(town, file_of().replace("西湖区".encode(), "桃花街道".encode()))
    assert boundaries.district_at(*inside) == boundaries.District("360103", "桃花街道")
    assert boundaries.district_at(*inside, "gcj02") == boundaries.District("360103", "桃花街道")
    assert boundaries.district_at(*beside) is None, "the coarse boundary of the same division says nothing any more"
    assert boundaries.district_at(*elsewhere) == built_in[2]
    boundaries.remove(town.actor("admin"))
    assert boundaries.district_at(*inside) == built_in[0]


@pytest.mark.one_engine
def test_a_division_without_a_name_names_no_point(town: Town) -> None:
    load(town, json.dumps(polygon(SQUARE)).encode())
    found = boundaries.district_at(28.64, 115.89)
    assert found is None or found.name


@pytest.mark.one_engine
def test_boundaries_elsewhere_are_drawn_but_doubted(town: Town) -> None:
    assert boundaries.doubt(file_of()) == ""
    assert "江西省范围以外" in boundaries.doubt(file_of(polygon([[lng, lat + 10] for lng, lat in SQUARE])))


@pytest.mark.one_engine
def test_the_file_is_verified_and_backed_up_like_evidence(town: Town, tmp_path: Path) -> None:
    loaded = load(town, file_of())
    load(town, file_of(name="second"))
    report = integrity.verify()
    assert (report.first, report.file_count) == (None, 2)
    made = backup.create(tmp_path / "all.tar.gz")
    assert made.files == 2
    assert loaded.digest in backup.check(made.path).digests


@pytest.mark.one_engine
def test_a_lost_file_leaves_the_maps_standing_and_is_named(town: Town, tmp_path: Path) -> None:
    built_in = boundaries.geojson()
    loaded = load(town, file_of())
    (kept,) = tmp_path.rglob(loaded.digest)
    kept.unlink()
    assert boundaries.geojson().text == built_in.text
    first = integrity.verify().first
    assert first is not None
    assert first.where == "map#1 map:boundary_loaded"
    assert "不见了" in first.reason


@pytest.mark.one_engine
def test_a_shifted_file_is_drawn_where_it_belongs(town: Town) -> None:
    load(town, file_of(), datum="gcj02")
    lng, lat = json.loads(boundaries.geojson().text)["features"][0]["geometry"]["coordinates"][0][0][0]
    assert (round(lng - SQUARE[0][0], 3), round(lat - SQUARE[0][1], 3)) == (-0.005, 0.003)


@pytest.mark.one_engine
def test_parts_without_a_code_are_matched_by_name_and_strange_ones_are_listed(town: Town) -> None:
    parts = [{"type": "Feature", "geometry": polygon(SQUARE), "properties": {"name": name}} for name in ("朝阳洲街道", "某某网格")]
    content = json.dumps({"type": "FeatureCollection", "features": parts}).encode()
    assert boundaries.unmatched(content) == ("某某网格",)
    load(town, content)
    drawn = json.loads(boundaries.geojson().text)["features"]
    assert [each["properties"]["code"] for each in drawn] == ["360103002", ""]


@pytest.mark.one_engine
def test_of_a_county_and_its_town_the_town_is_named_with_what_contains_it(town: Town) -> None:
    parts = [{"type": "Feature", "geometry": polygon(SQUARE), "properties": {"name": name}} for name in ("西湖区", "朝阳洲街道")]
    load(town, json.dumps({"type": "FeatureCollection", "features": parts}).encode())
    found = boundaries.district_at(28.64, 115.89)
    assert found == boundaries.District("360103002", "朝阳洲街道")
    assert boundaries.place_words(found) == ("西湖区", "朝阳洲街道")
