"""Versions of the railway's shapes, and what a case beside the line is given by them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.support import railway
from tests.support.makers import Town
from tracker.domain.house.actor import Grant, Role
from tracker.domain.house.errors import Conflict, Incomplete, Invalid, NotAllowed, NotFound, WrongState
from tracker.domain.people.delegation import acting
from tracker.domain.territory.shapes.layers import Layer
from tracker.gateways.territory.datums import shifted
from tracker.services.house.work import reading
from tracker.services.territory.shapes import checking, places, previews, versions
from tracker.services.territory.shapes.ground import shapes_on
from tracker.services.territory.shapes.places import RailPlace
from tracker.services.territory.shapes.versions import ActivateShapes, LoadOrder
from tracker.services.upkeep import integrity
from tracker.storage.house import ledger

BESIDE: dict[str, Any] = {"lat": 28.662707, "lng": 115.91975, "datum": "wgs84", "accuracy_metres": 5.0, "area_code": railway.AREA}
WIDER = railway.feature(railway.box(115.9196, railway.SOUTH, 115.9204, railway.NORTH), code="WL-01", tolerance_metres=2)


def load(town: Town, layer: str = "fence", content: bytes | None = None, **order: Any) -> int:
    return versions.load(town.actor("admin"), LoadOrder(layer, "f.geojson", content or railway.content(WIDER), "南昌工务段", **order))


@pytest.fixture
def line(town: Town) -> Town:
    """The district with its line in force."""
    railway.in_force(town)
    return town


def test_who_loaded_a_draft_does_not_put_it_in_force(town: Town) -> None:
    number = load(town)
    promoted = replace(town.actor("admin"), grants=(Grant(Role.lead, "360103"),))
    for actor in (promoted, acting(town.actor("lead2"), promoted)):
        with pytest.raises(NotAllowed, match="须由他人启用"):
            versions.activate(actor, number, ActivateShapes(town.clock.today()))
    for login in ("admin", "other_dispatcher", "officer", "auditor"):
        with pytest.raises(NotAllowed, match="没有“启用铁路沿线图形”的权限"):
            versions.activate(town.actor(login), number, ActivateShapes(town.clock.today()))
    with pytest.raises(NotAllowed, match="没有“维护区划”的权限"):
        versions.drop(town.actor("lead"), number)
    versions.activate(town.actor("dispatcher"), number, ActivateShapes(town.clock.today()))
    with pytest.raises(WrongState, match="不是草稿"):
        versions.drop(town.actor("admin"), number)
    assert integrity.verify().first is None


def test_a_version_replaces_the_shapes_that_it_names_and_leaves_the_others(line: Town) -> None:
    today = line.clock.today()
    other = railway.feature(railway.box(115.9198, 28.70, 115.9202, 28.71), code="WL-02", tolerance_metres=2)
    railway.replaced(line, Layer.fence, WIDER, other)
    names = {shape.code: (shape.edition, shape.valid_from) for shape in shapes_on(reading(), today + timedelta(days=1))}
    assert {"WL-01", "WL-02", "JJ", "CQ-01"} <= names.keys()
    assert (names["WL-01"][0].number, names["JJ"][0].number) == (2, 1)  # type: ignore[union-attr]
    before = {shape.code: shape for shape in shapes_on(reading(), today)}
    assert "WL-02" not in before and before["WL-01"].valid_from == today
    railway.replaced(line, Layer.fence, {"type": "Feature", "geometry": None, "properties": {"code": "WL-02", "ends": True}})
    assert "WL-02" not in {shape.code for shape in shapes_on(reading(), line.clock.today())}
    assert integrity.verify().first is None


def test_there_is_one_draft_of_a_layer_at_a_time_and_no_file_comes_twice(line: Town) -> None:
    with pytest.raises(Conflict, match="这个文件就是第 3 号版本"):
        load(line, content=railway.content(railway.FENCE))
    number = load(line)
    with pytest.raises(Conflict, match=f"围栏图还有第 {number} 号草稿没有启用"):
        load(line, content=railway.content(railway.FENCE, WIDER | {"properties": {"code": "WL-07", "tolerance_metres": 1}}))
    versions.drop(line.actor("admin"), number)
    again = load(line)
    with pytest.raises(Invalid, match="新版须晚于那一天"):
        versions.activate(line.actor("lead"), again, ActivateShapes(line.clock.today()))
    with pytest.raises(Invalid, match="只能从今天"):
        versions.activate(line.actor("lead"), again, ActivateShapes(line.clock.today() - timedelta(days=1)))
    with pytest.raises(NotFound, match="没有第 99 号图形版本"):
        versions.drop(line.actor("admin"), 99)


def test_what_is_in_force_does_not_change_by_hand_written_sql(line: Town) -> None:
    for statement in ("UPDATE shapes SET geometry = '{}' WHERE code = 'WL-01'", "DELETE FROM shapes WHERE code = 'WL-01'",
                      "UPDATE shape_sets SET source = 'x'", "DELETE FROM shape_sets",
                      "UPDATE shape_sets SET activated_by_id = loaded_by_id"):
        with pytest.raises(IntegrityError):
            reading().execute(text(statement))
        reading().rollback()
    reading().execute(text("UPDATE shapes SET valid_to = '2030-01-01' WHERE code = 'WL-01'"))
    reading().rollback()


def test_overlaps_are_kept_one_by_one(line: Town) -> None:
    lots = [railway.feature(railway.box(115.9205, 28.6630, 115.921, 28.664), code="CQ-03", owner_kind="third", name="甲"),
            railway.feature(railway.box(115.9208, 28.6630, 115.922, 28.664), code="CQ-04", owner_kind="third", name="乙")]
    number = railway.load(line, Layer.ownership, *lots)
    tomorrow = line.clock.today() + timedelta(days=1)
    with pytest.raises(Incomplete, match="有 2 处重叠还没有认定（如 CQ-03×CQ-04、CQ-03×CQ-01）"):
        versions.activate(line.actor("lead"), number, ActivateShapes(tomorrow, frozenset({"CQ-01/CQ-03"})))
    with pytest.raises(Incomplete, match="有 1 处重叠还没有认定（如 CQ-03×CQ-04）"):
        versions.activate(line.actor("lead"), number, ActivateShapes(tomorrow, frozenset({"CQ-03/CQ-01"})))
    versions.activate(line.actor("lead"), number, ActivateShapes(tomorrow, frozenset({"CQ-03/CQ-01", "CQ-03/CQ-04"})))
    assert ledger.stream_of(reading(), versions.STREAM)[-1].payload["kept"] == ["CQ-03/CQ-04", "CQ-03/CQ-01"]


@pytest.mark.parametrize(("layer", "said", "sentence"), [
    ("ownership", {"owner_kind": "local", "unit_code": "XH-XX"}, "单位代码“XH-XX”在 2026年3月2日 没有这个单位"),
    ("ownership", {"owner_kind": "railway", "unit_code": "XH-XHJ"}, "没有这个单位"),
    ("ownership", {"owner_kind": "railway"}, "没有写产权单位代码"),
    ("fence", {"tolerance_metres": 2, "code": "CQ-01"}, "代码已用于产权"), ("zone", {"area": "999999"}, "没有区划 999999"),
    ("fence", {"code": "WL-09", "ends": True}, "写明停用，但现在没有这个代码"), ("road", {}, "图层应为 line"),
])
def test_what_does_not_fit_is_named_with_its_row(line: Town, layer: str, said: dict[str, Any], sentence: str) -> None:
    wrong = railway.content(railway.feature(railway.box(115.93, 28.66, 115.931, 28.661), **{"code": "X-1", **said}))
    with pytest.raises(Invalid, match=sentence):
        load(line, layer, wrong)
    assert [each.id for each in versions.all_sets(reading()) if each.activated_at is None] == []


def test_a_fence_that_fits_the_line_only_when_shifted_back_is_in_the_shifted_datum(line: Town) -> None:
    lng, lat = 115.92, 28.669
    moved = [shifted(lat + y, lng + x) for y, x in ((-.004, -.0001), (-.004, .0001), (.004, .0001), (.004, -.0001),
    (-.004, -.0001))]
    ring = {"type": "Polygon", "coordinates": [[[x, y] for y, x in moved]]}
    with pytest.raises(Invalid, match=r"第 1 个图形（WL-05）：像是 GCJ-02 坐标"):
        load(line, content=railway.content(railway.feature(ring, code="WL-05", tolerance_metres=2)))
    with pytest.raises(Invalid, match="GCJ-02 偏移数百米"):
        load(line, datum="gcj02")


def test_a_dry_run_names_what_it_would_replace_and_writes_nothing(line: Town) -> None:
    count = len(ledger.stream_of(reading(), versions.STREAM))
    found = checking.checked(reading(), Layer.fence, railway.content(WIDER), "wgs84", None)
    assert (found.replaced, found.overlaps) == (("WL-01",), ())
    assert len(ledger.stream_of(reading(), versions.STREAM)) == count


def test_the_preview_lists_the_open_cases_whose_suggestion_would_change_and_moves_none(line: Town) -> None:
    moved, stays = line.registered(**BESIDE), line.registered(**BESIDE | {"lng": 115.919})
    line.registered(**BESIDE | {"lat": None, "lng": None, "datum": None, "accuracy_metres": None})
    row = versions.set_named(reading(), load(line))
    found = previews.preview(reading(), row, line.clock.today() + timedelta(days=1))
    (change,) = found.changes
    assert (found.looked_at, change.number) == (2, moved)
    assert (change.was_rule, change.was_lead, change.now_rule, change.now_lead) == ("A3", "XH-TH", "A1", "NTJ-GWD")
    line.do(moved, "assign", lead_unit="XH-TH", supporting_units="")
    line.do(stays, "assign", lead_unit="XH-TH", supporting_units="")
    versions.activate(line.actor("lead"), row.id, ActivateShapes(line.clock.today() + timedelta(days=1)))
    assert {line.row(number).lead_unit.code for number in (moved, stays)} == {"XH-TH"}


def test_the_fact_of_the_assignment_keeps_the_reasons_and_the_versions_they_rest_on(line: Town) -> None:
    number = line.registered(categories=("railway",), answers={"railway_fence": "inside"}, **BESIDE)
    line.do(number, "assign", lead_unit="NTJ-GWD", supporting_units="")
    said = line.last(number)
    told = said["attribution"]
    assert (told["rule"], told["lead"], told["party"], told["reported"]) == ("A3", "XH-TH", "local", "inside")
    assert told["shapes"] == {"JJ": "2026/1", "WL-01": "2026/1", "JJ-01": "2026/1"}
    assert (told["fence_metres"], told["error"], told["mileage"], told["side"]) == (12.4, 5.0, "K1449+300", "left")
    assert (said["routing_list"], said["routing_clause"], said["is_routing_overruled"]) == (1, "18", True)
    assert "围栏外12.4米" in said["routing"] and len(told["why"]) == 4


def test_a_line_of_the_list_that_asks_the_side_goes_by_the_measure_and_not_by_what_was_said(town: Town) -> None:
    railway.in_force(town)
    from tests.support import rule_lists
    rule_lists.in_force(town, {30: {"category": "railway", "side": "outside", "lead_unit": "XH-CG", "reason": "沿线市容"},
                               31: {"category": "railway", "side": "inside", "lead_unit": "TL-NC", "reason": "铁路"}},
                        town.clock.today() + timedelta(days=1))
    town.clock.advance(days=1)
    number = town.registered(categories=("railway",), answers={"railway_fence": "inside"}, **BESIDE)
    town.do(number, "assign", lead_unit="XH-CG", supporting_units="")
    said = town.last(number)
    assert (said["attribution"]["rule"], said["is_routing_overruled"]) == ("A3", False)
    assert "属地方一侧" in said["routing"]


def test_a_case_whose_datum_nobody_knows_goes_by_the_list_alone(line: Town) -> None:
    number = line.registered(**BESIDE | {"datum": None})
    line.do(number, "assign", lead_unit="XH-TH", supporting_units="")
    assert "attribution" not in line.last(number)
    with pytest.raises(Invalid, match="不知道这个点是什么坐标系"):
        places.explained(RailPlace(28.66, 115.92, None), line.clock.today())


def test_the_place_is_judged_by_the_shapes_of_the_day_that_is_asked(line: Town) -> None:
    first = line.clock.today()
    railway.replaced(line, Layer.fence, WIDER)
    spot = RailPlace(28.662707, 115.91975, "cgcs2000", 5.0)
    assert [places.explained(spot, day).rule for day in (first, first + timedelta(days=1))] == ["A3", "A1"]
    assert places.explained(spot, first - timedelta(days=1)).rule == "A0"
