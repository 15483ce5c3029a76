"""A form whose session ran out shows what was typed under the words of its own fields, and sends it all again."""

from typing import Any

import pytest
from flask import Flask

from tests.support.visitors import check_page, found_town, in_town, lapsed_visitor, text_of, visitor
from tests.web.evidence.test_uploads import GIVEN, SAME
from tracker.domain.cases.facts import CaseState

pytestmark = pytest.mark.one_engine
REPORTED = {"title": "桃花河边堆放垃圾", "description": "河东岸长约十米\n已有异味", "categories": ["garbage", "noise"], "place": "桃花河东岸",
            "area_code": "360103002", "source": "PATROL", "channel": "patrol", "is_key": "1", "q_garbage_kind": "",
            "reporter_name": "桑桔柏",
            "form_id": "a1", "located_by": "pin", "device_lat": "28.6"}


@pytest.fixture
def town_app(app: Flask) -> Flask:
    found_town(app)
    return app


def lines_of(answer: Any) -> dict[str, str]:
    """The words of the page, each with what stands under it."""
    assert answer.status_code == 400
    (listed,) = check_page(answer).xpath("//main//dl")
    return dict(zip(listed.xpath("dt/text()"), (each.text_content() for each in listed.xpath("dd")), strict=True))


def sent(answer: Any) -> dict[str, list[str]]:
    """What the page would send again."""
    found: dict[str, list[str]] = {}
    for each in check_page(answer).xpath("//main//form[@method='post']//input[@type='hidden']"):
        found.setdefault(each.get("name"), []).append(each.get("value"))
    return found


def expired(client: Any, path: str, given: dict[str, Any]) -> Any:
    return client.post(path, data=given, headers=SAME, content_type="multipart/form-data")


def test_a_new_case_is_told_again_in_the_words_of_its_form(town_app: Flask) -> None:
    answer = expired(visitor(town_app, "inspector"), "/cases/new", REPORTED)
    lines = lines_of(answer)
    assert lines == {
        "标题": "桃花河边堆放垃圾", "问题描述": "河东岸长约十米\n已有异味", "问题类型": lines["问题类型"], "地点": "桃花河东岸",
        "所在街道（镇）": lines["所在街道（镇）"], "来源": lines["来源"], "渠道": lines["渠道"], "重点件": "是", "举报人姓名": "桑桔柏"}
    for word in ("garbage", "noise", "360103002", "PATROL", "patrol", "pin", "28.6"):
        assert word not in "".join(lines.values())
    again = sent(answer)
    assert {name: again[name] for name in REPORTED} == {name: value if isinstance(value, list) else [value]
                                                        for name, value in REPORTED.items()}


def test_a_step_is_told_again_in_the_words_that_it_asks_with(town_app: Flask) -> None:
    with in_town(town_app) as town:
        assigned, rectifying = town.case_in(CaseState.assigned), town.case_in(CaseState.rectifying)
    officer, path = visitor(town_app, "officer"), f"/cases/{assigned}/steps/request_return"
    assert lines_of(expired(officer, path, {"seq": "2", "reason_code": "not_ours", "reason": "依据三定方案"})) == {
        "退回原因": "不属于本单位职责", "依据": "依据三定方案"}
    dispatcher, path = visitor(town_app, "dispatcher"), f"/cases/{rectifying}/steps/suspend"
    assert lines_of(expired(dispatcher, path, {"seq": "3", "reason_code": "court", "reason": "诉讼中"})) == {
        "缓办情形": "司法或复议程序未结", "说明": "诉讼中"}


def test_units_and_people_are_named_to_who_is_signed_in_and_to_nobody_whose_session_is_over(town_app: Flask) -> None:
    with in_town(town_app) as town:
        number = town.case_in(CaseState.registered)
    path, given = f"/cases/{number}/steps/assign", {"lead_unit": "XH-TY", "supporting_units": ["XH-CG"], "due_on": "2026-04-01"}
    known = lines_of(expired(visitor(town_app, "dispatcher"), path, given))
    stranger = lines_of(expired(lapsed_visitor(town_app, "dispatcher"), path, given))
    assert known.keys() == stranger.keys() == {"主办单位", "协办单位", "整改时限"}
    assert "XH-TY" not in known["主办单位"]
    assert stranger["主办单位"] == "XH-TY"


def test_forms_with_a_name_of_their_own_are_known_too(town_app: Flask) -> None:
    lines = lines_of(expired(visitor(town_app, "admin"), "/people/officer/grant",
                             {"grant-role": "verifier", "grant-area_code": "360103"}))
    assert lines["角色"] == "核查员"
    assert lines_of(expired(visitor(town_app, "lead"), "/cases/views",
                            {"name": "本周到期", "query": "light=yellow"})) == {"视图名称": "本周到期"}


def test_no_password_is_shown_or_sent_again(town_app: Flask) -> None:
    given = {"password": "a-long-password-1", "new_password": "another-long-1", "repeat": "another-long-1"}
    answer = expired(visitor(town_app, "officer"), "/password", given)
    assert answer.status_code == 400
    assert "long" not in text_of(answer)
    answer = expired(town_app.test_client(), "/login", {"login": "officer", "password": "a-long-password-1"})
    assert lines_of(answer) == {"登录名": "officer"}
    assert "a-long-password-1" not in answer.text


def test_what_no_form_knows_is_shown_all_the_same(town_app: Flask) -> None:
    lines = lines_of(expired(visitor(town_app, "inspector"), "/cases/new", {**GIVEN, "strange": "别处的话"}))
    assert lines["其他内容"] == "别处的话"


def test_files_that_were_uploaded_before_the_session_ended_are_said_to_be_safe(town_app: Flask) -> None:
    given = {**REPORTED, "kept": ["0" * 32, "1" * 32]}
    answer = expired(lapsed_visitor(town_app, "inspector"), "/cases/new", given)
    assert "已经上传的 2 个文件都在，会随表单一起提交" in text_of(answer)
    assert sent(answer)["kept"] == given["kept"]
