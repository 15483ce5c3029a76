"""附近的案件: what is at work around a point, the nearest first, with the way there in each map's own datum."""

from typing import Any

import pytest
from flask import Flask

from tests.support.visitors import check_page, found_town, in_town, visitor
from tracker.domain.cases.facts import CaseState
from tracker.gateways.territory import datums

pytestmark = pytest.mark.one_engine
HERE: dict[str, Any] = {"lat": 28.655, "lng": 115.865, "datum": "wgs84"}
NEAR = "/map/near?lat=28.655&lng=115.865&datum=wgs84"


@pytest.fixture
def around_app(app: Flask) -> Flask:
    """Cases 0, 222 and 2,776 metres from the point, one closed at the point, one without a place, one in the datum of a map."""
    found_town(app)
    with in_town(app) as town:
        town.registered(title="最近的一件", **HERE)
        town.registered(title="隔一条街", **(HERE | {"lat": 28.657}))
        town.registered(title="三公里外", **(HERE | {"lat": 28.68}))
        town.case_in(CaseState.closed, "PATROL", title="已办完的", **HERE)
        town.registered(title="没有坐标的")
        lat, lng = datums.shifted(28.6555, 115.865)
        town.registered(title="高德坐标的", lat=round(lat, 6), lng=round(lng, 6), datum="gcj02")
    return app


def test_the_list_is_by_distance_and_holds_what_is_at_work_within_the_radius(around_app: Flask) -> None:
    page = check_page(visitor(around_app, "inspector").get(NEAR))
    assert [link.text for link in page.xpath("//ol/li/a")] == ["最近的一件", "高德坐标的", "隔一条街"]
    assert [m.text for m in page.xpath("//ol/li//strong")] == ["0 米", "56 米", "222 米"]
    assert "1000 米内在办 3 件" in page.text_content()
    wide = check_page(visitor(around_app, "inspector").get(NEAR + "&within=3000"))
    assert len(wide.xpath("//ol/li/a")) == 4


def test_the_map_beside_shows_the_same_cases(around_app: Flask) -> None:
    answer = visitor(around_app, "inspector").get(NEAR.replace("/near", "/near.json")).get_json()
    assert [each["properties"]["title"] for each in answer["features"]] == ["最近的一件", "高德坐标的", "隔一条街"]


def test_nobody_sees_around_them_what_they_may_not_see(around_app: Flask) -> None:
    page = check_page(visitor(around_app, "officer").get(NEAR))
    assert page.xpath("//ol/li") == []
    assert "没有在办的案件" in page.text_content()
    assert visitor(around_app, "officer").get(NEAR.replace("/near", "/near.json")).get_json()["features"] == []


@pytest.mark.parametrize(("asked", "sentence"), [
    ("lat=28.6", "“28.6，”不是经纬度。"), ("lat=abc&lng=115", "“abc，115”不是经纬度。"), ("lat=nan&lng=115", "不在地球上"),
    ("lat=0&lng=0", "位置为(0,0)，不是有效坐标。"), ("lat=28&lng=115&datum=x", "没有坐标系“x”"),
])
def test_what_is_no_point_is_one_sentence_and_what_was_typed_stays(around_app: Flask, asked: str, sentence: str) -> None:
    answer = visitor(around_app, "inspector").get(f"/map/near?{asked}")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{asked.split("lat=")[1].split("&")[0]}"' in answer.text


def test_a_script_that_asks_about_no_point_is_refused_and_not_told_that_nothing_is_there(around_app: Flask) -> None:
    client = visitor(around_app, "inspector")
    assert client.get("/map/near.json?lat=999&lng=1&datum=wgs84").status_code == 422
    assert client.get("/map/near.json").get_json()["features"] == []


def test_without_a_point_the_page_says_how_to_give_one(around_app: Flask) -> None:
    page = check_page(visitor(around_app, "inspector").get("/map/near"))
    assert "用我的位置" in page.text_content()


def test_a_case_with_a_point_leads_to_it_by_each_map_in_its_own_datum(around_app: Flask) -> None:
    page = check_page(visitor(around_app, "inspector").get("/cases/XH-2026-000001"))
    ways = {a.text: a.get("href") for a in page.xpath("//details[@class='ways no-print']//a")}
    assert list(ways) == ["高德地图", "百度地图", "腾讯地图", "本机地图"]
    assert ways["本机地图"] == "geo:28.655000,115.865000?q=28.655000,115.865000"
    gcj = datums.shifted(28.655, 115.865)
    assert f"to={gcj[1]:.6f},{gcj[0]:.6f}," in ways["高德地图"]
    assert "最近的一件" not in "".join(ways.values())
    assert check_page(visitor(around_app, "inspector")
                      .get("/cases/XH-2026-000005")).xpath("//details[@class='ways no-print']") == []
