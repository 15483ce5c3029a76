"""The pages of reporters, for eyes and for scripts."""

import pytest
from flask import Flask

from tests.support import custody
from tests.support.visitors import check_page, found_town, in_town, send, text_of, token_of, visitor
from tracker.domain.cases.facts import CaseState
from tracker.services.cases.identities import Reporter

pytestmark = pytest.mark.one_engine
CANARY = Reporter("欧阳·金丝雀", "13912345678")
JSON = {"Accept": "application/json"}


@pytest.fixture
def number(app: Flask) -> str:
    found_town(app)
    with in_town(app) as town:
        made = town.case_in(CaseState.rectifying, description="欧阳金丝雀反映垃圾")
        custody.kept(made, CANARY)
        return made


def test_one_asks_another_decides_and_the_first_opens(app: Flask, number: str) -> None:
    custodian, lead = visitor(app, "custodian"), visitor(app, "lead")
    sent = send(custodian, "/identities", {"number": number, "code": "clarify", "reason": custody.REASON})
    page = custodian.get(sent.location)
    check_page(page)
    assert "待审批" in text_of(page) and "不能审批自己提出的申请" in text_of(page)
    assert f"{sent.location}/open" not in page.text
    deciding = lead.get(sent.location)
    check_page(deciding)
    assert "作出决定" in text_of(deciding)
    assert send(lead, sent.location, {"outcome": "refuse", "decision": ""}).status_code == 422
    send(lead, sent.location, {"outcome": "grant", "decision": "同意"})
    shown = send(custodian, f"{sent.location}/open", at=sent.location)
    check_page(shown)
    assert CANARY.name in text_of(shown) and CANARY.phone in text_of(shown)
    listed = lead.get("/identities/requests")
    check_page(listed)
    assert "已打开 1 次" in text_of(listed)
    assert CANARY.name not in listed.text
    assert lead.post(f"{sent.location}/open", data={"csrf_token": token_of(lead.get(sent.location))}).status_code == 403


def test_an_erasure_says_which_copies_are_beyond_reach(app: Flask, number: str) -> None:
    custodian, lead = visitor(app, "custodian"), visitor(app, "lead")
    sent = send(custodian, "/identities/erase", {"number": number, "code": "pipl_47_consent", "document_no": "西环信〔2026〕3号",
                                                 "reason": "本人书面撤回同意，要求删除"})
    assert sent.status_code == 302
    done = lead.get(send(lead, sent.location, {"outcome": "grant"}).location)
    check_page(done)
    assert "已删除 1 条举报人记录" in text_of(done)
    assert text_of(done).count("收不回的副本：备份") == 2
    assert "没有可查阅的举报人信息" in text_of(send(custodian, "/identities", {
        "number": number, "code": "clarify", "reason": custody.REASON}))


def test_a_request_of_others_looks_like_one_that_is_not_there(app: Flask, number: str) -> None:
    with in_town(app) as town:
        request = custody.asked(town, number)
    other = visitor(app, "other_lead")
    assert other.get(f"/identities/requests/{request}").status_code == other.get("/identities/requests/99").status_code == 404
    assert visitor(app, "dispatcher").get(f"/identities/requests/{request}").status_code == 403


def test_a_script_is_told_the_same(app: Flask, number: str) -> None:
    custodian, lead = visitor(app, "custodian"), visitor(app, "lead")
    form = {"number": number, "code": "clarify", "reason": custody.REASON, "csrf_token": token_of(custodian.get("/identities"))}
    asked = custodian.post("/identities", data=form, headers=JSON)
    assert (asked.status_code, asked.json) == (201, {"id": 1})
    (line,) = lead.get("/identities/requests", headers=JSON).json["requests"]
    assert (line["id"], line["state"], line["may_decide"], line["may_open"]) == (1, "asked", True, False)
    send(lead, "/identities/requests/1", {"outcome": "grant"})
    assert custodian.get("/identities/requests/1", headers=JSON).json["may_open"] is True
    found = custodian.post("/identities/requests/1/open", data={"csrf_token": form["csrf_token"]}, headers=JSON).json
    assert (found["reporters"][0]["name"], found["left"]) == (CANARY.name, 2)
