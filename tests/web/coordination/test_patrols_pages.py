"""A section and its patrols through their pages: posts handed over, patrols recorded and confirmed, the register, the picture."""

import io
import json
import re
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook

from tests.support import patrols as ground
from tests.support.acts import USUAL, act_in, do, opened
from tests.support.makers import jpeg
from tests.support.visitors import check_page, counted_statements, found_town, in_town, send, visitor
from tracker.services.coordination import jobs
from tracker.services.house.work import wiring

pytestmark = pytest.mark.one_engine
MOST_STATEMENTS = 22


@pytest.fixture
def line_app(app: Flask) -> Flask:
    found_town(app)
    with in_town(app) as town:
        ground.staffed(town)
    return app


def said_on(response: Any) -> str:
    return " ".join(str(check_page(response).text_content()).split())


def given(**more: object) -> dict[str, object]:
    return {**USUAL["patrol"]["log"][1], "patrolled_on": "2026-03-02", **more}


def test_a_section_shows_its_chiefs_what_it_owes_its_picture_and_its_register(line_app: Flask) -> None:
    with in_town(line_app) as town:
        act_in(town, "patrol_plan", "in_force")
        jobs.run_duties(town.clock.today())
        number = opened(town, "patrol", findings="found")
        do(town, number, "patrol", "find_problem")
        do(town, number, "patrol", "confirm")
    page = check_page(visitor(line_app, "dispatcher").get("/line/JJ-01"))
    said = " ".join(page.text_content().split())
    for words in ("京九线 K1449+000—K1452+800", "朝阳洲街道 · officer2先生", "K1449+000—K1450+600", "双方已确认", "朱听雨等 2 人", "里程覆盖 42.1%",
                  "K1450+150", "XH-2026-000001", "officer先生"):
        assert words in said, words
    picture = page.xpath("//svg[@role='img'][.//circle]") or page.xpath("//*[local-name()='svg' and @role='img']")
    assert picture[0].xpath("string(.//*[local-name()='title'])").endswith("示意图")
    assert "在办案件 1 件，近一年巡查 1 次" in picture[0].xpath("string(.//*[local-name()='desc'])")
    assert len(page.xpath("//*[local-name()='circle']")) == 1
    assert visitor(line_app, "dispatcher").get("/line/JJ-99").status_code == 404
    line = check_page(visitor(line_app, "officer").get("/line"))
    assert "/line/JJ-01" in line.xpath("//table//a/@href")
    assert "应巡 3，已巡 1" in " ".join(line.text_content().split())


def test_a_patrol_is_recorded_on_a_phone_s_form_and_confirmed_by_the_other_side(line_app: Flask) -> None:
    officer, railman = visitor(line_app, "officer"), visitor(line_app, "railman")
    page = check_page(officer.get("/acts/new/patrol?section=JJ-01&tier=3"))
    assert page.xpath("//input[@name='section' and @checked]/@value") == ["JJ-01"]
    assert page.xpath("//input[@name='tier' and @checked]/@value") == ["3"]
    refused = send(officer, "/acts/new/patrol", given(mileage_to="K1460+000", local_chief="朱听雨"))
    assert refused.status_code == 422
    assert check_page(refused).xpath("string(//input[@name='local_chief']/@value)") == "朱听雨"
    assert send(officer, "/acts/new/patrol", given()).headers["Location"].endswith("/acts/XC-2026-0001")
    second = send(railman, "/acts/new/patrol", given())
    assert second.status_code == 409
    assert "对方已记录这次巡查（XC-2026-0001）" in said_on(second)
    assert officer.get("/acts/XC-2026-0001/steps/confirm").status_code == 403
    assert "双方确认" in said_on(railman.get("/acts/XC-2026-0001"))
    assert send(railman, "/acts/XC-2026-0001/steps/confirm", {"text": "属实"}).status_code == 302
    assert "双方已确认" in said_on(officer.get("/acts/XC-2026-0001"))
    assert visitor(line_app, "neighbour").get("/acts/XC-2026-0001").status_code == 404


def test_what_is_found_takes_its_photo_along(line_app: Flask) -> None:
    with in_town(line_app) as town:
        number = opened(town, "patrol")
    officer = visitor(line_app, "officer")
    path = f"/acts/{number}/steps/find_problem"
    form = {"title": "护坡垃圾", "text": "成堆", "mileage": "K1450+150", "line_side": "right", "fence": "inside"}
    assert "巡查问题要有一张现场照片" in said_on(send(officer, path, form))
    sent = send(officer, path, {**form, "file_1": (io.BytesIO(jpeg(907)), "前.jpg")})
    assert sent.status_code == 302
    case = said_on(visitor(line_app, "dispatcher").get("/cases/XH-2026-000001"))
    assert "京九线K1450+150右侧" in case
    with in_town(line_app) as town:
        assert [fact.kind for fact in town.facts("XH-2026-000001")] == ["case:registered", "case:evidence_added"]


def test_a_post_is_handed_over_on_the_page_and_a_refusal_keeps_what_was_typed(line_app: Flask) -> None:
    dispatcher = visitor(line_app, "dispatcher")
    form = {"side": "local", "tier": "3", "unit": "XH-TY", "person": "neighbour", "title": "主任", "valid_from": "2026-03-10"}
    refused = send(dispatcher, "/line/JJ-01/posts", {**form, "unit": "TL-NC"}, at="/line/JJ-01")
    assert "“南昌铁路工务段”不是地方一方的单位" in said_on(refused)
    assert check_page(refused).xpath("string(//input[@name='title']/@value)") == "主任"
    assert send(dispatcher, "/line/JJ-01/posts", form, at="/line/JJ-01").status_code == 302
    said = said_on(dispatcher.get("/line/JJ-01"))
    assert "历任 1 人次" in said
    assert "朝阳洲街道 · officer2先生" in said
    assert "登记段长" not in said_on(visitor(line_app, "officer").get("/line/JJ-01"))


def test_the_register_goes_out_as_a_workbook(line_app: Flask) -> None:
    with in_town(line_app) as town:
        act_in(town, "patrol", "denied")
    answer = visitor(line_app, "dispatcher").get("/line/JJ-01/visits.xlsx")
    cells = [[cell.value for cell in row] for sheet in load_workbook(io.BytesIO(answer.data)).worksheets
             for row in sheet.iter_rows()]
    row = next(row for row in cells if "K1449+000—K1450+600" in row)
    assert row[1:6] == ["京九线", "JJ-01", "K1449+000—K1450+600", "三级", "步巡"]
    assert "对方不予确认" in row
    assert visitor(line_app, "custodian").get("/line/JJ-01/visits.xlsx").status_code == 403


def test_a_plan_shows_each_section_and_tier_with_its_light(line_app: Flask) -> None:
    with in_town(line_app) as town:
        number = act_in(town, "patrol_plan", "in_force")
        jobs.run_duties(wiring().clock.today())
    said = said_on(visitor(line_app, "dispatcher").get(f"/acts/{number}"))
    assert said.count("已巡 0 / 应巡 0") == 3
    assert "京九线JJ-01段 三级联合巡查" in said


def test_a_daily_patrol_is_recorded_and_shown(line_app: Flask) -> None:
    inspector = visitor(line_app, "inspector")
    form = {**USUAL["daily_patrol"]["record"][1], "patrolled_on": "2026-03-02", "places": "桃花河\n抚河故道"}
    assert send(inspector, "/acts/new/daily_patrol", form).headers["Location"].endswith("/acts/RX-2026-0001")
    said = said_on(inspector.get("/acts/RX-2026-0001"))
    assert "象湖至桃花路" in said
    assert "未发现问题" in said
    assert visitor(line_app, "clerk").get("/acts/new/daily_patrol").status_code == 403


def test_what_a_section_costs_in_statements(line_app: Flask) -> None:
    with in_town(line_app) as town:
        act_in(town, "patrol", "confirmed")
    client = visitor(line_app, "dispatcher")
    client.get("/line/JJ-01")
    with counted_statements(line_app) as sent:
        check_page(client.get("/line/JJ-01"))
    assert len(sent) <= MOST_STATEMENTS, sent


def test_a_chief_s_desk_says_what_is_owed_and_where_to_confirm(line_app: Flask) -> None:
    assert "联合巡查" not in said_on(visitor(line_app, "officer").get("/"))
    with in_town(line_app) as town:
        act_in(town, "patrol_plan", "in_force")
        jobs.run_duties(town.clock.today())
        opened(town, "patrol")
    for login, count in (("officer", 2), ("railman", 3)):
        said = said_on(visitor(line_app, login).get("/"))
        assert f"本期联合巡查 {count} 项" in said
        assert "XC-2026-0001 待确认" in said
    assert "联合巡查" not in said_on(visitor(line_app, "supporter").get("/"))


def test_the_worker_keeps_the_forms_of_patrols_for_a_phone_without_a_network(line_app: Flask) -> None:
    inspector = visitor(line_app, "inspector")
    program = inspector.get("/sw.js").get_data(as_text=True)
    told = json.loads(program[program.index("{"):program.index("};") + 1])
    forms = re.compile(told["forms"])
    assert all(forms.search(path) for path
               in ("/acts/new/daily_patrol", "/acts/new/patrol", "/acts/XC-2026-0001/steps/find_problem",
                                               "/cases/XH-2026-000001/steps/verify"))
    assert not any(forms.search(path) for path in ("/acts/new/meeting", "/acts/XC-2026-0001/steps/confirm", "/acts"))
    page = check_page(inspector.get("/acts/new/daily_patrol"))
    assert page.xpath("//form[@data-draft-form]//button[@data-save-draft]")
    assert not check_page(inspector.get("/acts/new/daily_patrol")).xpath("//form[@data-answer]")


def test_a_script_that_sends_a_draft_is_told_where_it_led_or_what_is_wrong(line_app: Flask) -> None:
    inspector = visitor(line_app, "inspector")
    page = check_page(inspector.get("/acts/new/daily_patrol"))
    hidden = {each.get("name"): each.get("value") for each in page.xpath("//main//form[@data-draft-form]//input[@type='hidden']")}
    form = {**hidden, **USUAL["daily_patrol"]["record"][1], "patrolled_on": "2026-03-02"}
    wrong = inspector.post("/acts/new/daily_patrol", data={**form, "person_count": "0"}, headers={"Accept": "application/json"})
    assert wrong.status_code == 422
    assert "至少为 1" in wrong.get_json()["sentence"]
    sent = [inspector.post("/acts/new/daily_patrol", data=form, headers={"Accept": "application/json"}) for _ in range(2)]
    assert [(each.status_code, each.get_json()["address"]) for each in sent] == [(201, "/acts/RX-2026-0001")] * 2
