"""A circular through its pages: the desk says that it waits, a dispatcher edits, a lead signs, and then its readers see it."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from tests.support.visitors import check_page, found_town, in_town, send, text_of, visitor
from tracker.domain.house.clock import SetClock
from tracker.services.cadence import beats
from tracker.services.house.work import wiring

pytestmark = pytest.mark.one_engine
REPORT = "/reports/monthly/2026-03"
SHOWN = f"{REPORT}/circular"
EDIT, SIGN = f"{SHOWN}/edit", f"{SHOWN}/sign"


@pytest.fixture
def composed(app: Flask, clock: SetClock) -> Flask:
    """March with one case, composed on 1 April."""
    found_town(app)
    with in_town(app) as town:
        town.walk(town.registered(), "assign", "acknowledge")
        beats.run_due()
        clock.move_to(datetime(2026, 4, 1, 9, 1, tzinfo=wiring().zone))
        beats.run("monthly-circular", "2026-03")
    return app


def boxes(client: Any) -> dict[str, str]:
    """What stands in the form of the text."""
    page = check_page(client.get(EDIT))
    found = {each.get("name"): (each.text or "").lstrip("\n") for each in page.xpath("//form//textarea")}
    return {**found, "seq": page.xpath("//input[@name='seq']/@value")[0]}


def last_box(texts: dict[str, str]) -> str:
    return [name for name in texts if name != "seq"][-1]


def test_it_is_edited_signed_and_then_read(composed: Flask) -> None:
    dispatcher, lead, officer = (visitor(composed, login) for login in ("dispatcher", "lead", "officer"))
    for client in (dispatcher, lead):
        assert "通报待签发" in text_of(client.get("/"))
    assert "通报待签发" not in text_of(officer.get("/"))
    assert officer.get(REPORT).status_code == 404
    assert "月通报（2026年3月）" not in text_of(officer.get("/reports"))
    texts = boxes(dispatcher)
    answer = send(dispatcher, EDIT, {**texts, last_box(texts): "请各单位抓紧办理，共 99 项。", "to": "各街道办事处"})
    assert answer.location == SHOWN
    said = text_of(dispatcher.get(SHOWN))
    assert "改动 2 段" in said and "以下数字不在本期统计中，请核对：99。" in said and texts[last_box(texts)] in said
    draft = text_of(lead.get(REPORT))
    assert "（待签发）" in draft and "请各单位抓紧办理" in draft
    page = check_page(lead.get(SIGN))
    assert "下一个是 1 号" in text_of(lead.get(SIGN))
    assert send(lead, SIGN, {"seq": page.xpath("//input[@name='seq']/@value")[0], "serial": ""}).location == REPORT
    issued = text_of(officer.get(REPORT))
    assert "西环督〔2026〕1号" in issued and "各街道办事处：" in issued and "请各单位抓紧办理" in issued and "待签发" not in issued
    assert "通报待签发" not in text_of(lead.get("/"))
    assert lead.get(SIGN).status_code == 409 and dispatcher.get(EDIT).status_code == 409
    check_page(lead.get(REPORT))
    check_page(lead.get(SHOWN))


def test_a_composed_text_is_put_back_and_nothing_else_that_was_typed_is_lost(composed: Flask) -> None:
    dispatcher = visitor(composed, "dispatcher")
    texts = boxes(dispatcher)
    key = last_box(texts)
    answer = send(dispatcher, EDIT, {**texts, key: "改过的一段", "to": "另写的主送", "restore": key})
    assert answer.status_code == 200
    assert texts[key] in answer.text and "改过的一段" not in answer.text and "另写的主送" in answer.text
    assert boxes(dispatcher) == texts  # nothing was saved


def test_what_is_refused_comes_back_with_what_was_typed(composed: Flask) -> None:
    dispatcher, other = visitor(composed, "dispatcher"), visitor(composed, "dispatcher2")
    texts = boxes(dispatcher)
    key = last_box(texts)
    send(other, EDIT, {**texts, key: "同事先改的"})
    stale = send(dispatcher, EDIT, {**texts, key: "我后改的"})
    assert stale.status_code == 409 and "别人刚改过这份通报" in stale.text and "我后改的" in stale.text
    empty = send(dispatcher, EDIT, {**boxes(dispatcher), "to": ""})
    assert empty.status_code in (400, 422) and "请填写主送单位。" in empty.text
    lead = visitor(composed, "lead")
    seq = check_page(lead.get(SIGN)).xpath("//input[@name='seq']/@value")[0]
    odd = send(lead, SIGN, {"seq": seq, "serial": "第一"})
    assert "文号序号应大于已用的 0" in odd.text


def test_buttons_stand_where_the_step_is_open(composed: Flask) -> None:
    for login, may_edit, may_sign in (("dispatcher", True, False), ("lead", False, True), ("supervisor", False, False),
                                      ("many_hats", True, True)):
        page = check_page(visitor(composed, login).get(REPORT))
        assert (bool(page.xpath(f"//a[@href='{EDIT}']")), bool(page.xpath(f"//a[@href='{SIGN}']"))) == (may_edit, may_sign), login
    assert visitor(composed, "lead").get(EDIT).status_code == 403
    assert visitor(composed, "dispatcher").get(SIGN).status_code == 403
    assert visitor(composed, "officer").get(SHOWN).status_code in (403, 404)
