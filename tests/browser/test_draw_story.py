"""A quarter's draw in a real browser: from the list to the seal, before a witness, one site replaced, one with a problem, and in
public."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.browser.act_forms import at, button, fill
from tests.browser.windows import FORGIVEN, Window
from tests.services.inspection.test_draws import drawn_in
from tests.support.acts import ready_for_draw, sent_to, take_as_sent
from tests.support.visitors import found_town, in_town
from tracker.services.acts import access
from tracker.services.inspection import jobs
from tracker.services.upkeep import seals

pytestmark = [pytest.mark.browser, pytest.mark.one_engine, FORGIVEN]
NUMBER = "SJ-2026Q1-360103"
PAGE = f"/acts/{NUMBER}"


def sent(app: Flask, number: str) -> str:
    """The login of somebody who was sent."""
    with in_town(app) as town:
        person = sent_to(town, number).id
        return next(login for login, each in town.people.items() if each == person)


@pytest.mark.timeout(240)
def test_a_quarters_draw_from_its_list_to_its_publication_with_a_replacement(app: Flask, opened: Callable[..., Window]) -> None:
    found_town(app)
    with in_town(app) as town:
        ready_for_draw(town, 8)
    window = opened("dispatcher")
    window.go("/draws")
    window.follow("a:has-text('编制抽取名录')")
    fill(window, window.page.url.removeprefix(window.base), quarter="2026Q1", roster_on="2026-03-02")
    fill(window, f"{PAGE}/steps/exclude", site="S-000002", reason="已纳入专案", document_no="西环〔2026〕3号")
    window.follow("a:has-text('名录和不抽取的原因')")
    assert "桃花第2厂" in window.says() and "剔除" in window.says()
    fill(window, f"{PAGE}/steps/commit", witness_source="上证指数收盘", witness_on="2026-03-03")
    with in_town(app) as town:
        seals.seal(town.clock.today())
    at(app, 2026, 3, 3, 16)
    window.become(app, "lead")
    fill(window, f"{PAGE}/steps/draw", witness="上证指数2026-03-03收盘:3466.33", planned_on="2026-03-06", due_on="2026-03-31")
    assert "已完成 0 / 2" in window.says()
    at(app, 2026, 3, 6, 9)
    with in_town(app) as town:
        jobs.run_inspections(town.clock.today())
        first, second = (each[0] for each in drawn_in(NUMBER))
    window.become(app, sent(app, first))
    window.go("/")
    assert first in window.says() or "检查" in window.says()
    fill(window, f"/acts/{first}/steps/fail", chosen={"why_not": "suspended"}, text="厂门紧锁，已停产", file="photo")
    window.become(app, "dispatcher")
    window.go(PAGE)
    window.follow("table a:has-text('递补')")
    window.press()
    assert window.page.url.endswith(PAGE), window.says()
    with in_town(app) as town:
        third = drawn_in(NUMBER)[2][0]
    assert third in window.says() and "已完成 1 / 3" in window.says()
    window.become(app, sent(app, second))
    fill(window, f"/acts/{second}/steps/record", chosen={"result": "problem"}, started_at="2026-03-06T08:10", text="夜间检查",
         findings="偷排废水", file="photo")
    assert "立案 1 件" in window.says()
    with in_town(app) as town:
        take_as_sent(town, third, "record")
    window.become(app, "clerk")
    window.go(f"/acts/{second}")
    button(window, "起草公开内容")
    window.press()
    window.check()
    window.become(app, "lead")
    window.go(f"/acts/{second}")
    window.follow("a:has-text('公开结果')")
    window.follow("a:has-text('复核并公开')")
    window.press()
    assert "已公开" in window.says()
    with in_town(app) as town:
        assert "结束抽取 1 次" in jobs.run_inspections(town.clock.today())
        assert access.page_for(town.actor("lead"), second).head.state == "published"
    window.become(app, "clerk")
    window.go(PAGE)
    assert "验证包（.zip）" in window.says()
    window.follow("a:has-text('验证')")
    assert "四个数都一致" in window.says()
    window.check()
