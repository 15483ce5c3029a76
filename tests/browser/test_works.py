"""A verifier on a phone scores works, is refused with the items named, rejects with them, and passes the next round."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.browser.roads import picture
from tests.browser.windows import FORGIVEN, PHONE, Window
from tests.support.visitors import found_town, in_town
from tracker.domain.cases.facts import CaseState

pytestmark = [pytest.mark.browser, pytest.mark.one_engine, FORGIVEN]
Opener = Callable[..., Window]
YES = ("chai-1", "qing-1", "qing-2", "qing-3")


def answer(window: Window, code: str, said: str) -> None:
    window.page.locator(f"input[name='item_{code}'][value='{said}']").check()


def test_a_verifier_is_refused_by_name_rejects_with_the_reason_and_passes_the_next_round(app: Flask, opened: Opener) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.case_in(CaseState.rectifying)
        town.take(number, "set_works", works="demolish、clear", standard="urban")
        town.do(number, "submit")
    window = opened("verifier", width=PHONE)
    page = window.page
    window.go(f"/cases/{number}/steps/verify")
    page.locator("[name=onsite_at]").fill("2026-03-02T08:30")
    page.locator("[name=conclusion]").fill("到场核查")
    page.get_by_label("拍照").set_input_files(picture(7))
    page.get_by_text("已收到").first.wait_for()
    for code in YES:
        answer(window, code, "yes")
    answer(window, "chai-2", "no")
    answer(window, "chai-3", "no")
    page.locator("[name='remark_chai-3']").fill("渣土还在路边")
    window.check()
    window.press()
    said = window.says()
    assert "★ 否决项为“否”：拆·违章广告拆除" in said and "评分 140/200 = 70.0，低于 80 分" in said
    window.check()
    window.follow("button[formaction]")
    assert page.url.endswith(f"/cases/{number}/steps/reject")
    assert "拆·违章广告拆除" in page.locator("[name=reason]").input_value()
    assert page.locator("[name='remark_chai-3']").input_value() == "渣土还在路边"
    assert page.locator("input[name=kept]").count() == 1
    window.check()
    window.press()
    assert "70.0 分（140/200，第 1 轮核查）" in window.says()
    with in_town(app) as town:
        town.do(number, "submit")
    window.go(f"/cases/{number}/steps/verify")
    assert page.locator("[data-draft-offer]").is_hidden()
    page.locator("[name=onsite_at]").fill("2026-03-02T08:40")
    page.locator("[name=conclusion]").fill("整改到位")
    for code in (*YES, "chai-2"):
        answer(window, code, "yes")
    answer(window, "chai-3", "no")
    window.press()
    assert "85.0 分（170/200，第 2 轮核查）" in window.says()
    window.check()
