"""A case logged through the page, and its reporter, whom no page shows again."""

import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from tests.support.custody import opened_on_pages
from tests.support.first_categories import first_categories
from tests.support.makers import PHONE_MODEL, jpeg, placed_photo
from tests.support.visitors import ROLES, check_page, counted_statements, found_town, in_town, send, text_of, token_of, visitor
from tracker.domain.evidence.photo_pairs import metres_between
from tracker.services.house.master import rows
from tracker.services.upkeep import integrity
from tracker.storage.cases.cases import Case
from tracker.storage.cases.identities import Identity
from tracker.storage.house.base import db

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
    told = text_of(page)
    assert "已登记，编号 XH-2026-000001" in told
    assert "重点件" in told
    assert "整改前照片" in told
    assert "水、垃圾" in told or "垃圾、水" in told


def test_no_page_of_any_role_shows_the_reporter(town_app: Flask) -> None:
    number = send(visitor(town_app, "clerk"), "/cases/new", GIVEN).location.partition("?")[0].rpartition("/")[2]
    with in_town(town_app):
        assert db.session.query(Identity).count() == 1
    paths = ("/", "/cases", f"/cases?q={CANARY}", f"/cases/{number}", f"/cases/{number}/steps/comment", "/people", "/settings",
             "/territory")
    for login in ROLES:
        client = visitor(town_app, login)
        for path in paths:
            # what they typed themselves
            shown = client.get(path).text.replace(f'value="{CANARY}"', "").replace(f"“{CANARY}”", "").replace(f"q={CANARY}", "")
            assert CANARY not in shown, (login, path)
            assert PHONE not in shown, (login, path)
            assert PHONE[-4:] not in text_of(client.get(path))


def test_a_custodian_sees_the_reporter_for_a_reason_and_the_ledger_says_so(town_app: Flask) -> None:
    number = send(visitor(town_app, "clerk"), "/cases/new", GIVEN).location.partition("?")[0].rpartition("/")[2]
    client = visitor(town_app, "custodian")
    assert send(client, "/identities", {"number": number}).status_code == 422
    answer = opened_on_pages(client, visitor(town_app, "lead"), number)
    check_page(answer)
    assert CANARY in answer.text
    told = text_of(visitor(town_app, "dispatcher").get(f"/cases/{number}"))
    assert "查阅举报人信息" in told
    assert CANARY not in told


@pytest.mark.parametrize("missing", ["description", "categories", "place", "source", "channel"])
def test_each_of_the_five_required_fields_is_asked_for(town_app: Flask, missing: str) -> None:
    answer = send(visitor(town_app, "inspector"), "/cases/new", {k: v for k, v in GIVEN.items() if k != missing})
    assert answer.status_code == 422
    page = check_page(answer)
    assert page.xpath(f"//div[@id='summary']//a[@href='#{missing}']")
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
    form = {**GIVEN, "source_number": "", "reporter_name": "", "reporter_phone": "",
            "csrf_token": token_of(client.get("/cases/new"))}
    with counted_statements(town_app) as sent:
        assert client.post("/cases/new", data=form).status_code == 302
    assert len(sent) <= 17, sent  # two look for near-duplicates, two give the fact its position, one asks how people want mails


def test_a_second_click_registers_nothing_twice(town_app: Flask) -> None:
    client = visitor(town_app, "clerk")
    given = {name: value for name, value in GIVEN.items() if name != "source_number"} | {"form_id": "a" * 32}
    first, second = (send(client, "/cases/new", given) for _ in range(2))
    assert first.location == second.location
    with in_town(town_app):
        assert db.session.query(Case).count() == 1


FIX = {"lat": "28.655", "lng": "115.865", "datum": "manual", "located_by": "pin",
       "device_lat": "28.6552", "device_lng": "115.8653", "device_accuracy_metres": "12.0"}


def logged(app: Flask, **given: str) -> Case:
    """The case that this form made."""
    answer = send(visitor(app, "clerk"), "/cases/new", {**GIVEN, **given})
    assert answer.status_code == 302, text_of(answer)
    with in_town(app) as town:
        return town.row(answer.location.partition("?")[0].rpartition("/")[2])


def test_five_fields_are_required_and_no_more(town_app: Flask) -> None:
    needed = ("description", "categories", "place", "source", "channel")
    answer = send(visitor(town_app, "inspector"), "/cases/new", {"form_id": "b" * 32})
    page = check_page(answer)
    assert {link.removeprefix("#") for link in page.xpath("//div[@id='summary']//a/@href")} == set(needed)
    assert send(visitor(town_app, "inspector"), "/cases/new", {name: GIVEN[name] for name in needed}).status_code == 302


def test_the_phone_s_fix_its_accuracy_and_the_moved_pin_are_all_kept(town_app: Flask) -> None:
    case = logged(town_app, **FIX)
    assert (case.lat, case.lng, case.datum, case.located_by) == (28.655, 115.865, "manual", "pin")
    assert (case.device_lat, case.device_lng, case.device_datum,
            case.device_accuracy_metres) == (28.6552, 115.8653, "wgs84", 12.0)
    told = text_of(visitor(town_app, "dispatcher").get(f"/cases/{case.number}"))
    assert "北纬 28.655000°，东经 115.865000°（手动移过图钉，图上目估）" in told
    assert "手机定位与图钉相差 37 米，精度 ±12 米。" in told
    with in_town(town_app):
        assert integrity.verify().first is None


def test_typed_coordinates_say_their_datum_and_lie_on_the_map_where_they_really_are(town_app: Flask) -> None:
    case = logged(town_app, lat="28.655°", lng="１１５.865", datum="gcj02")
    assert (case.lat, case.lng, case.datum, case.located_by, case.device_lat) == (28.655, 115.865, "gcj02", "text", None)
    client = visitor(town_app, "dispatcher")
    assert "GCJ-02" in text_of(client.get(f"/cases/{case.number}"))
    (feature,) = client.get("/map/cases.json?sort=newest").get_json()["features"]
    lng, lat = feature["geometry"]["coordinates"]
    assert 500 < metres_between(28.655, 115.865, lat, lng) < 700


@pytest.mark.parametrize(("given", "said"), [
    ({"lat": "0", "lng": "0"}, "(0,0)"), ({"lat": "115.865", "lng": "28.655"}, "像是填反了"), ({"lat": "28.6"}, "一起填写"),
    ({"lat": "28度", "lng": "115.8"}, "不是度数"), ({"lat": "nan", "lng": "115.8"}, "不在地球上"),
    ({"lat": "28.6", "lng": "115.8", "datum": "bd09"}, ""),
    ({"lat": "28.6", "lng": "115.8", "located_by": "stars"}, "没有定位方式"),
])
def test_points_that_cannot_be_are_told_and_kept_in_the_form(town_app: Flask, given: dict[str, str], said: str) -> None:
    answer = send(visitor(town_app, "clerk"), "/cases/new", {**GIVEN, **given})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert check_page(answer).xpath("//input[@name='lat']/@value") == [given["lat"]]


def test_a_device_that_reports_null_island_is_not_believed_and_nobody_is_held_up(town_app: Flask) -> None:
    case = logged(town_app, device_lat="0", device_lng="0", device_accuracy_metres="5")
    assert (case.lat, case.device_lat, case.device_accuracy_metres, case.device_datum) == (None, None, None, None)


def test_a_point_far_away_is_doubted_but_kept(town_app: Flask) -> None:
    case = logged(town_app, lat="39.9", lng="116.4")
    assert case.lat == 39.9
    assert "在江西省范围以外，请核对。" in text_of(visitor(town_app, "dispatcher").get(f"/cases/{case.number}"))


def test_answers_of_the_ticked_types_are_kept_told_and_sealed(town_app: Flask) -> None:
    case = logged(town_app, q_water_colour="black", q_water_has_outfall="1", q_garbage_volume="12.5")
    assert case.answers == '{"garbage_volume":12.5,"water_colour":"black","water_has_outfall":true}'
    client = visitor(town_app, "dispatcher")
    for path in (f"/cases/{case.number}", f"/cases/{case.number}/print"):
        told = text_of(client.get(path))
        assert all(word in told for word in ("水·水体颜色", "发黑", "水·是否见排口", "垃圾·估算方量", "12.5 立方米")), path
    with in_town(town_app) as town:
        assert town.facts(case.number)[0].payload["answers"] == {"garbage_volume": 12.5, "water_colour": "black",
                                                                 "water_has_outfall": True}
        assert integrity.verify().first is None
        db.session.execute(text("UPDATE cases SET answers = replace(answers, 'black', 'clear')"))
        db.session.commit()
        assert "answers 与记录的摘要不符" in str(integrity.verify().first)


def test_what_no_fact_states_may_not_stand_on_a_case(town_app: Flask) -> None:
    number = logged(town_app).number
    with in_town(town_app):
        for change, undone in (("located_by = 'pin'", "located_by = NULL"), ("answers = '{}'", "answers = NULL"),
                               ("device_lat = 28.6, device_lng = 115.8", "device_lat = NULL, device_lng = NULL")):
            db.session.execute(text(f"UPDATE cases SET {change}"))
            db.session.commit()
            assert f"case:{number}#1" in str(integrity.verify().first)
            db.session.execute(text(f"UPDATE cases SET {undone}"))
            db.session.commit()
        assert integrity.verify().first is None


def test_an_answer_to_a_type_that_is_not_ticked_is_told(town_app: Flask) -> None:
    answer = send(visitor(town_app, "clerk"), "/cases/new", {**GIVEN, "q_noise_decibels": "60"})
    assert answer.status_code == 422
    page = check_page(answer)
    assert page.xpath("//div[@id='summary']//a[@href='#q_noise_decibels']")
    assert page.xpath("//input[@name='q_noise_decibels']/@value") == ["60"]
    assert page.xpath("//details[@data-type='noise']/@open")


def test_without_scripts_every_question_and_the_typed_coordinates_are_there(town_app: Flask) -> None:
    page = check_page(visitor(town_app, "inspector").get("/cases/new"))
    assert {name
            for name in page.xpath("//input/@name | //select/@name")
            if name.startswith("q_")} == {f"q_{name}" for name in first_categories().by_name}
    assert page.xpath("//details[@class='typed']//select[@name='datum']/option/@value") == [
        "wgs84", "cgcs2000", "gcj02", "manual"]
    assert page.xpath("//div[@class='where-live']/@hidden")


def test_who_patrols_finds_the_source_chosen_and_others_choose(app: Flask) -> None:
    found_town(app)
    chosen = {login: [option.get("value")
                      for option in check_page(visitor(app, login).get("/cases/new"))
                      .xpath("//select[@name='source' or @name='channel']/option[@selected]")]
              for login in ("inspector", "clerk")}
    assert chosen == {"inspector": ["PATROL", "patrol"], "clerk": []}


def test_the_menu_says_that_an_issue_is_being_logged(app: Flask) -> None:
    found_town(app)
    page = check_page(visitor(app, "inspector").get("/cases/new"))
    assert [here.text_content() for here in page.xpath("//nav//a[@aria-current]")] == ["登记问题"]


def test_a_photo_from_a_reporter_is_a_copy_to_everybody_but_the_custodian_who_says_why(town_app: Flask) -> None:
    upload, clerk = placed_photo(), visitor(town_app, "clerk")
    given = {name: value for name, value in GIVEN.items() if not name.startswith("reporter_")}
    answer = send(clerk, "/cases/new", {**given, "is_from_reporter": "1", "file_1": (io.BytesIO(upload.content), "举报.jpg")})
    page = clerk.get(answer.location)
    check_page(page)
    assert "原件封存" in text_of(page)
    assert "下载副本" in text_of(page)
    copy = clerk.get("/evidence/1/original")
    assert (copy.status_code, copy.mimetype) == (200, "image/jpeg")
    assert PHONE_MODEL.encode() not in copy.data
    assert clerk.get("/identities/originals/1").status_code == 403
    custodian = visitor(town_app, "custodian")
    assert custodian.get("/identities/originals/1").status_code == 403
    told = opened_on_pages(custodian, visitor(town_app, "lead"), answer.location.partition("?")[0].rpartition("/")[2])
    check_page(told)
    assert "封存的原件" in text_of(told)
    opened = custodian.get("/identities/originals/1")
    assert (opened.status_code, opened.data) == (200, upload.content)
    assert opened.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(("name", "is_told"), [("业主", True), ("", False), (CANARY, False)])
def test_the_form_says_when_what_was_given_as_a_name_is_none(town_app: Flask, name: str, is_told: bool) -> None:
    client = visitor(town_app, "clerk")
    answer = send(client, "/cases/new", {**GIVEN, "reporter_name": name})
    assert ("不能识别为姓名" in text_of(client.get(answer.location))) is is_told


def test_a_type_and_its_required_question_are_on_the_form_from_the_day_they_are_set(town_app: Flask) -> None:
    with in_town(town_app) as town:
        rows.save_row(None, "categories", "light", {"name": "光污染", "place": 85, "valid_from": town.clock.today()})
        rows.save_row(None, "questions", "light/since", {"category": "light", "code": "since", "word": "何时开始", "kind": "日期",
                                                         "place": 1, "is_required": "是", "valid_from": town.clock.today()})
    client = visitor(town_app, "clerk")
    page = check_page(client.get("/cases/new"))
    assert page.xpath("//input[@name='categories'][@value='light']")
    assert page.xpath("//details[@data-type='light']//input[@name='q_light_since']/@type") == ["date"]
    given = {**GIVEN, "categories": ["light"], "q_light_since": ""}
    answer = send(client, "/cases/new", given)
    assert answer.status_code == 422
    assert "问题类型“光污染”必须填写“何时开始”。" in text_of(answer)
    assert check_page(answer).xpath("//div[@id='summary']//a[@href='#q_light_since']")
    answer = send(client, "/cases/new", {**given, "q_light_since": "2026-03-01"})
    assert answer.status_code == 302
    assert "2026-03-01" in text_of(client.get(answer.location))
