"""Inspections through their pages: planned from the roster, recorded on the phone with photos, listed by kind."""

import io
from typing import Any

import pytest
from flask import Flask

from tests.support.acts import act_in, do, opened, rostered, site_of
from tests.support.makers import jpeg
from tests.support.visitors import check_page, counted_statements, found_town, in_town, send, visitor

pytestmark = pytest.mark.one_engine
MOST_STATEMENTS = 18


@pytest.fixture
def town_app(app: Flask) -> Flask:
    found_town(app)
    return app


def said_on(response: Any) -> str:
    return " ".join(str(check_page(response).text_content()).split())


def test_an_inspection_is_planned_from_the_roster_and_recorded_with_its_problems(town_app: Flask) -> None:
    with in_town(town_app) as town:
        site_of(town)
        rostered(town)
    client = visitor(town_app, "dispatcher")
    assert "inspector先生" in said_on(client.get("/acts/new/inspection"))
    given = {"site": "桃花纺织", "mode": "on_site", "origin": "complaint", "planned_on": "2026-03-02", "inspectors": ["inspector"]}
    refused = send(client, "/acts/new/inspection", given)
    assert refused.status_code == 422 and "不得少于 2 人" in refused.text and 'value="桃花纺织"' in refused.text
    path = send(client, "/acts/new/inspection", {**given, "inspectors": ["inspector", "enforcer"]}).headers["Location"]
    assert "待检查" in said_on(client.get(path)) and "投诉举报" in said_on(client.get(path))
    inspector = visitor(town_app, "inspector")
    form = check_page(inspector.get(f"{path}/steps/record"))
    asked = {field.get("name") for field in form.xpath("//main//form//*[self::input or self::select or self::textarea]")
             if field.get("type") != "hidden" and field.get("name")}
    assert {name for name in asked if not str(name).startswith("file_")} == {"started_at", "result", "text", "findings",
                                                                             "no_photo"}
    told = {"started_at": "2026-03-02T08:30", "result": "problem", "text": "现场检查", "findings": "烟气未收集"}
    shown = {"file_1": (io.BytesIO(jpeg(901)), "烟气.jpg"), "file_2": (io.BytesIO(jpeg(902)), "大门.jpg")}
    assert send(inspector, f"{path}/steps/record", {**told, **shown}).status_code == 302
    said = said_on(inspector.get(path))
    assert "发现问题" in said and "立案 1 件" in said and "烟气未收集" in said


def test_the_list_of_inspections_says_how_each_is_done_and_is_found_under_its_own_address(town_app: Flask) -> None:
    with in_town(town_app) as town:
        number = opened(town, "inspection")
    client = visitor(town_app, "dispatcher")
    assert client.get("/inspections").headers["Location"].endswith("/acts?kind=inspection")
    with counted_statements(town_app) as seen:
        said = said_on(client.get("/acts?kind=inspection"))
    assert number in said and "现场检查" in said and len(seen) < MOST_STATEMENTS
    assert number not in said_on(visitor(town_app, "clerk").get("/acts?kind=inspection"))


def test_the_page_of_a_site_and_a_search_tell_of_one_only_when_it_is_done(town_app: Flask) -> None:
    with in_town(town_app) as town:
        number = act_in(town, "inspection", "planned")
    for login in ("clerk", "officer", "verifier", "legal"):
        client = visitor(town_app, login)
        for address in ("/sites/S-000001", "/acts", "/acts?kind=inspection", "/", "/cases?q=桃花纺织"):
            assert number not in client.get(address).text, (login, address)
        assert client.get(f"/acts/{number}").status_code == 404
    with in_town(town_app) as town:
        do(town, number, "inspection", "record")
    assert number in visitor(town_app, "clerk").get("/sites/S-000001").text
