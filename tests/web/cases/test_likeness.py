"""Near-duplicates at the door: a fragment while somebody types, names after registering, and a page for who may merge."""

from typing import Any

import pytest
from flask import Flask
from lxml import html

from tests.support.visitors import check_page, counted_statements, found_town, in_town, send, text_of, token_of, visitor

pytestmark = pytest.mark.one_engine
HERE: dict[str, Any] = {"lat": 28.655, "lng": 115.865, "datum": "wgs84"}
TYPED = {"title": "桃花河边垃圾成堆", "description": "桃花河边长期堆放生活垃圾，下雨污水入河", "lat": "28.6555", "lng": "115.8653", "datum": "wgs84"}


@pytest.fixture
def twin_app(app: Flask) -> Flask:
    """One case with a place, its title full of what a template must escape."""
    found_town(app)
    with in_town(app) as town:
        town.registered(title="桃花河边<b>垃圾</b>", place="桃花南路88号", **HERE)
    return app


def fragment(app: Flask, login: str = "inspector", **given: str) -> Any:
    client = visitor(app, login)
    return client.post("/cases/near", data={**TYPED, **given, "csrf_token": token_of(client.get("/cases/new"))})


def test_the_fragment_names_case_light_place_and_reason_and_opens_another_window(twin_app: Flask) -> None:
    answer = fragment(twin_app)
    assert answer.status_code == 200
    part = html.fragment_fromstring(answer.text, create_parent="div")
    link, more = part.xpath("//a")
    assert more.get("href") == "/cases/XH-2026-000001/steps/add_evidence" and "补充到这件" in more.text_content()
    assert link.get("href") == "/cases/XH-2026-000001"
    assert (link.get("target"), link.get("rel")) == ("_blank", "noopener")
    assert "<b>垃圾</b>" in link.text_content()
    told = part.text_content()
    assert all(word in told for word in ("桃花南路88号", "相距 63 米 · 同一天 · 文字相似", "待交办", "不影响登记"))


def test_nothing_near_is_an_empty_answer_and_odd_numbers_do_no_harm(twin_app: Flask) -> None:
    assert fragment(twin_app, title="夜市油烟直排", description="中山路夜市烧烤油烟").text == ""
    assert fragment(twin_app, title="", description="").text == ""
    assert "相距" not in fragment(twin_app, lat="abc", title="桃花河边垃圾", description="桃花河边长期堆放生活垃圾").text
    assert fragment(twin_app, lat="0", lng="0").status_code == 200


def test_only_who_registers_may_ask_and_only_what_they_see_is_named(twin_app: Flask) -> None:
    client = visitor(twin_app, "officer")
    assert client.post("/cases/near", data={**TYPED, "csrf_token": token_of(client.get("/"))}).status_code == 403
    assert client.get("/cases/where.json?lat=28.6&lng=115.8").status_code == 403
    assert visitor(twin_app).get("/cases/XH-2026-000001/similar").status_code == 302
    assert visitor(twin_app, "inspector").get("/cases/XH-2026-000001/similar").status_code == 403
    assert visitor(twin_app, "other_dispatcher").get("/cases/XH-2026-000001/similar").status_code == 404


def test_after_registering_the_likely_twin_is_named_with_a_link(twin_app: Flask) -> None:
    client = visitor(twin_app, "clerk")
    given = {**TYPED, "categories": ["garbage"], "place": "桃花河", "area_code": "360103002", "source": "H12345",
             "channel": "hotline"}
    answer = send(client, "/cases/new", given)
    page = check_page(client.get(answer.location))
    notice = page.xpath("//div[contains(@class, 'notice')][.//a[@href='/cases/XH-2026-000001']]")
    assert "相距 63 米" in notice[0].text_content()


def test_a_dispatcher_compares_and_merges_with_the_master_filled_in(twin_app: Flask) -> None:
    with in_town(twin_app) as town:
        number = town.registered(title="桃花河边垃圾又堆起来", **HERE)
    client = visitor(twin_app, "dispatcher")
    assert check_page(client.get(f"/cases/{number}")).xpath(f"//a[@href='/cases/{number}/similar']")
    assert not html.fromstring(visitor(twin_app, "clerk").get(f"/cases/{number}")
                               .data).xpath(f"//a[@href='/cases/{number}/similar']")
    page = check_page(client.get(f"/cases/{number}/similar"))
    assert "相距 0 米 · 同一天" in page.text_content()
    (merge,) = page.xpath("//a[contains(@href, '/steps/merge')]/@href")
    assert check_page(client.get(merge)).xpath("//input[@name='master']/@value") == ["XH-2026-000001"]
    assert send(client, merge.partition("?")[0], {"master": "XH-2026-000001", "reason": "同一点位"}).status_code == 302
    assert "没有发现" in text_of(client.get("/cases/XH-2026-000001/similar")) or "相距" in text_of(
        client.get("/cases/XH-2026-000001/similar"))


def test_the_price_of_the_panel_in_statements(twin_app: Flask) -> None:
    client = visitor(twin_app, "dispatcher")
    given = {**TYPED, "place": "桃花南路", "csrf_token": token_of(client.get("/cases/new"))}
    client.post("/cases/near", data=given)
    with counted_statements(twin_app) as sent:
        assert client.post("/cases/near", data=given).status_code == 200
    assert len(sent) <= 5, sent


def test_a_point_says_its_district_and_what_is_odd(twin_app: Flask) -> None:
    client = visitor(twin_app, "inspector")

    def said(**given: str) -> Any:
        return client.get("/cases/where.json", query_string=given).get_json()

    ours = said(lat="28.655", lng="115.88", datum="wgs84")
    assert (ours["says"], ours["odd"]) == ("此点在西湖区。", "")
    assert "不在本区" in said(lat="28.70", lng="115.80")["says"]
    assert "填反" in said(lat="115.88", lng="28.655")["odd"]
    assert "江西省范围以外" in said(lat="39.9", lng="116.4")["odd"]
    assert abs(said(lat="28.655", lng="115.88", datum="gcj02")["lat"] - 28.655) > 0.002
    assert said() == {}
    assert "不是度数" in said(lat="x", lng="1")["odd"]
