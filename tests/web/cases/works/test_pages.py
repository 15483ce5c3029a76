"""The works of a case on its pages: set by a dispatcher, scored by a verifier, refused with the items named, told afterwards."""

import io
from typing import Any

import pytest
from flask import Flask
from lxml import html

from tests.support.makers import jpeg
from tests.support.visitors import check_page, found_town, in_town, send, text_of, visitor
from tracker.domain.cases.facts import CaseState

pytestmark = pytest.mark.one_engine
GIVEN = {"onsite_at": "2026-03-02T08:30", "onsite_people": "两人", "conclusion": "到位"}
YES, NO = "yes", "no"


@pytest.fixture
def town_app(app: Flask) -> Flask:
    found_town(app)
    return app


def submitted(app: Flask, works: str = "demolish、clear") -> str:
    with in_town(app) as town:
        number = town.case_in(CaseState.rectifying)
        town.take(number, "set_works", works=works, standard="urban")
        town.do(number, "submit")
        return number


def answered(advertisement: str) -> dict[str, Any]:
    return {"item_chai-1": YES, "item_chai-2": advertisement, "item_chai-3": NO, "remark_chai-3": "渣土还在",
            "item_qing-1": YES, "item_qing-2": YES, "item_qing-3": YES}


def test_the_form_of_the_works_begins_with_the_standard_of_the_place(town_app: Flask) -> None:
    with in_town(town_app) as town:
        number = town.case_in(CaseState.rectifying)
    client = visitor(town_app, "dispatcher")
    page = check_page(client.get(f"/cases/{number}/steps/set_works"))
    assert page.xpath("//input[@name='standard' and @checked]/@value") == ["urban"]
    assert len(page.xpath("//input[@name='works' and @type='checkbox']")) == 6
    answer = send(client, f"/cases/{number}/steps/set_works", {"works": ["demolish", "clear"], "standard": "urban"})
    assert answer.status_code == 302
    told = text_of(client.get(f"/cases/{number}"))
    assert "拆、清（城区，按系统默认的标准）" in told
    again = check_page(client.get(f"/cases/{number}/steps/set_works"))
    assert set(again.xpath("//input[@name='works' and @checked]/@value")) == {"demolish", "clear"}


def test_the_form_proposes_the_work_that_was_registered_as_needed(town_app: Flask) -> None:
    with in_town(town_app) as town:
        number = town.registered("RAIL", categories=("railway",), answers={"railway_work": "green", "railway_fence": "outside"})
        town.walk(number, "send_down", "recheck")
    page = check_page(visitor(town_app, "dispatcher").get(f"/cases/{number}/steps/confirm"))
    assert page.xpath("//input[@name='works' and @checked]/@value") == ["green"]


def test_the_checklist_stands_on_the_form_with_its_points_and_musts(town_app: Flask) -> None:
    number = submitted(town_app)
    page = check_page(visitor(town_app, "verifier").get(f"/cases/{number}/steps/verify"))
    legends = [text.strip() for text in page.xpath("//section[@class='check-items']//legend/text()")]
    assert legends == ["拆·违法建(构)筑物拆到位", "拆·违章广告拆除", "拆·渣土当日清运", "清·积存垃圾清零", "清·无乱堆乱挂", "清·水沟无黑臭"]
    assert page.xpath("string(//p[@id='item_chai-1-hint'])") == "★ 必须做到；40 分"


def test_a_failing_score_is_refused_by_name_and_goes_on_to_the_rejection_with_all_that_was_typed(town_app: Flask) -> None:
    number, client = submitted(town_app), visitor(town_app, "verifier")
    answer = send(client, f"/cases/{number}/steps/verify", GIVEN | answered(NO))
    assert answer.status_code == 422
    page = check_page(answer)
    assert "★ 否决项为“否”：拆·违章广告拆除" in page.xpath("string(//div[@id='summary'])")
    assert page.xpath("//input[@name='item_chai-2' and @checked]/@value") == [NO]
    assert page.xpath("//input[@name='remark_chai-3']/@value") == ["渣土还在"]
    twin = page.xpath("//button[@formaction]")[0]
    assert twin.get("formaction") == f"/cases/{number}/steps/reject"
    more = check_page(send(client, twin.get("formaction"), GIVEN | answered(NO) | {"more": "1"}))
    reason = more.xpath("string(//textarea[@name='reason'])").strip()
    assert reason == "★ 否决项为“否”：拆·违章广告拆除；为“否”：拆·渣土当日清运；评分 140/200 = 70.0，低于 80 分"
    assert more.xpath("//input[@name='item_chai-2' and @checked]/@value") == [NO]
    assert more.xpath("//input[@name='remark_chai-3']/@value") == ["渣土还在"]
    assert send(client, f"/cases/{number}/steps/reject", {"reason": reason} | answered(NO)).status_code == 302
    told = text_of(visitor(town_app, "dispatcher").get(f"/cases/{number}"))
    assert "70.0 分（140/200，第 1 轮核查）" in told and "拆·违章广告拆除" in told and "拆·渣土当日清运：渣土还在" in told


def test_a_passing_score_is_told_on_page_print_and_dossier(town_app: Flask) -> None:
    number, client = submitted(town_app), visitor(town_app, "verifier")
    photo = {"file_1": (io.BytesIO(jpeg(77)), "现场.jpg")}
    assert send(client, f"/cases/{number}/steps/verify", GIVEN | answered(YES) | photo).status_code == 302
    reader = visitor(town_app, "dispatcher")
    for path in (f"/cases/{number}", f"/cases/{number}/print"):
        told = text_of(reader.get(path))
        assert "85.0 分（170/200，第 1 轮核查）" in told and "拆、清（城区，按系统默认的标准）" in told, path


def test_what_was_answered_of_a_case_that_moved_on_is_shown_again(town_app: Flask) -> None:
    number, client = submitted(town_app), visitor(town_app, "verifier")
    with in_town(town_app) as town:
        town.do(number, "reject")
    answer = send(client, f"/cases/{number}/steps/verify", GIVEN | answered(YES))
    assert answer.status_code == 409
    page = html.fromstring(answer.data)
    assert page.xpath("//input[@name='item_chai-2' and @checked]/@value") == [YES]
    assert page.xpath("//input[@name='remark_chai-3']/@value") == ["渣土还在"]


def test_the_standard_does_not_change_after_the_work_was_handed_in(town_app: Flask) -> None:
    number, client = submitted(town_app), visitor(town_app, "dispatcher")
    answer = send(client, f"/cases/{number}/steps/set_works", {"works": ["clear"], "standard": "rural", "reason": "属镇，改按农村"})
    assert answer.status_code == 422
    page = check_page(answer)
    assert "本案已报送过整改，不能再定或改“整治标准”。" in text_of(answer)
    assert page.xpath("string(//textarea[@name='reason'])").strip() == "属镇，改按农村"


def test_an_item_of_another_list_is_no_field_of_the_form(town_app: Flask) -> None:
    number, client = submitted(town_app, "clear"), visitor(town_app, "verifier")
    answer = send(client, f"/cases/{number}/steps/verify", GIVEN | {"item_lv-1": YES})
    assert answer.status_code == 422
    assert "请选择“清·积存垃圾清零”" in text_of(answer)
