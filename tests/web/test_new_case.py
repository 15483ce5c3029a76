"""A case logged through the page, and its reporter, whom no page shows again."""

import io
from typing import Any

import pytest
from flask import Flask

from tests.support.makers import jpeg
from tests.web.visitors import ROLES, check_page, counted_statements, found_town, in_town, send, text_of, token_of, visitor
from tracker.storage.base import db
from tracker.storage.cases import Case
from tracker.storage.identities import Identity

pytestmark = pytest.mark.one_engine
CANARY, PHONE = "欧阳金丝雀", "13912345678"
GIVEN: dict[str, Any] = {
    "title": "桃花河边堆放垃圾", "description": "长期堆放,雨天入河", "categories": ["garbage", "water"], "place": "桃花南路88号",
    "area_code": "360103002", "source": "H12345", "channel": "hotline", "source_number": "2026-000*",
    "reporter_name": CANARY, "reporter_phone": PHONE,
}


@pytest.fixture
def town_app(app: Flask) -> Flask:
    found_town(app)
    return app


def test_a_case_is_logged_with_photos_and_shown(town_app: Flask) -> None:
    client = visitor(town_app, "clerk")
    answer = send(client, "/cases/new", {**GIVEN, "file_1": (io.BytesIO(jpeg(950)), "现场.jpg")})
    assert answer.status_code == 302, text_of(answer)
    page = client.get(answer.location)
    text = text_of(page)
    assert "已登记，编号 XH-2026-000001" in text
    assert "重点件" in text
    assert "整改前照片" in text
    assert "水、垃圾" in text or "垃圾、水" in text


def test_no_page_of_any_role_shows_the_reporter(town_app: Flask) -> None:
    number = send(visitor(town_app, "clerk"), "/cases/new", GIVEN).location.rpartition("/")[2]
    with in_town(town_app):
        assert db.session.query(Identity).count() == 1
    paths = ("/", "/cases", f"/cases?q={CANARY}", f"/cases/{number}", f"/cases/{number}/steps/comment", "/people", "/settings", "/territory")
    for login in ROLES:
        client = visitor(town_app, login)
        for path in paths:
            shown = client.get(path).text.replace(f'value="{CANARY}"', "").replace(f"“{CANARY}”", "")
            assert CANARY not in shown, (login, path)
            assert PHONE not in shown, (login, path)
            assert PHONE[-4:] not in text_of(client.get(path))


def test_a_custodian_sees_the_reporter_for_a_reason_and_the_ledger_says_so(town_app: Flask) -> None:
    number = send(visitor(town_app, "clerk"), "/cases/new", GIVEN).location.rpartition("/")[2]
    client = visitor(town_app, "custodian")
    assert send(client, "/identities", {"number": number}).status_code == 422
    answer = send(client, "/identities", {"number": number, "reason": "需电话核实地点"})
    check_page(answer)
    assert CANARY in answer.text
    told = text_of(visitor(town_app, "dispatcher").get(f"/cases/{number}"))
    assert "查阅举报人信息" in told
    assert CANARY not in told


@pytest.mark.parametrize("missing", ["title", "description", "categories", "place", "source", "channel"])
def test_each_of_the_six_required_fields_is_asked_for(town_app: Flask, missing: str) -> None:
    answer = send(visitor(town_app, "inspector"), "/cases/new", {k: v for k, v in GIVEN.items() if k != missing})
    assert answer.status_code == 422
    page = check_page(answer)
    assert page.xpath(f"//div[@id='summary']//a[@href='#{missing}']")
    if missing != "title":
        assert page.xpath("//input[@name='title']/@value") == [GIVEN["title"]]
    assert page.xpath("//input[@name='reporter_name']/@value") == [CANARY]


@pytest.mark.parametrize(("given", "said"), [
    ({"received_on": "2053-01-01"}, "晚于今天"), ({"received_on": "昨天"}, "应为日期"), ({"title": "长" * 301}, "最多 300 字"),
    ({"source": "NOTHING"}, ""), ({"categories": ["nothing"]}, ""),
])
def test_bad_values_are_told(town_app: Flask, given: dict[str, Any], said: str) -> None:
    answer = send(visitor(town_app, "clerk"), "/cases/new", {**GIVEN, **given})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not any(word in text_of(answer) for word in ("Not a valid choice", "required"))


def test_the_same_source_number_again_is_named_and_the_text_kept(town_app: Flask) -> None:
    client = visitor(town_app, "clerk")
    assert send(client, "/cases/new", GIVEN).status_code == 302
    answer = send(client, "/cases/new", GIVEN)
    assert answer.status_code == 409
    assert "已登记为 XH-2026-000001" in text_of(answer)
    assert check_page(answer).xpath("//input[@name='title']/@value") == [GIVEN["title"]]


def test_the_price_of_a_new_case_in_statements(town_app: Flask) -> None:
    client = visitor(town_app, "dispatcher")
    send(client, "/cases/new", {**GIVEN, "source_number": "1"})
    form = {**GIVEN, "source_number": "", "reporter_name": "", "reporter_phone": "", "csrf_token": token_of(client.get("/cases/new"))}
    with counted_statements(town_app) as sent:
        assert client.post("/cases/new", data=form).status_code == 302
    assert len(sent) <= 12, sent


def test_a_second_click_registers_nothing_twice(town_app: Flask) -> None:
    client = visitor(town_app, "clerk")
    given = {name: value for name, value in GIVEN.items() if name != "source_number"} | {"client_id": "a" * 32}
    first, second = (send(client, "/cases/new", given) for _ in range(2))
    assert first.location == second.location
    with in_town(town_app):
        assert db.session.query(Case).count() == 1
