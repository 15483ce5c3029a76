"""Pages that nothing is kept of: without a network they say so in the house's own style, and lead to what can be done all the
same."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.browser.test_offline import READY, forgive, inspector
from tests.browser.windows import FORGIVEN, PHONE, Window
from tests.support.visitors import found_town, in_town
from tracker.domain.cases.facts import CaseState

pytestmark = [pytest.mark.browser, pytest.mark.one_engine, FORGIVEN]
Opener = Callable[..., Window]
LINKS = "main a:visible"
IN_ENGLISH = """async () => {
    for (;;) {
        const kept = await caches.match('/offline', { ignoreSearch: true }), text = kept ? await kept.text() : '';
        if (text.includes('No network')) return;
        await new Promise(later => setTimeout(later, 50));
    }
}"""


@pytest.fixture(autouse=True)
def _town(app: Flask) -> None:
    found_town(app)


def test_a_page_that_is_not_kept_says_so_and_leads_to_the_ones_that_are(opened: Opener) -> None:
    window = inspector(opened)
    window.page.context.set_offline(True)
    for path in ("/cases", "/cases?state=assigned", "/", "/cases/XH-2026-000001"):
        window.go(path)
        assert "没有网络，这一页暂时打不开" in window.says()
        assert window.page.locator(LINKS).all_inner_texts() == ["登记问题", "我的草稿"]
    window.page.get_by_role("link", name="登记问题").click()
    window.page.wait_for_function(READY)
    forgive(window)
    window.check()


def test_it_opens_by_itself_when_there_is_a_network_again(opened: Opener) -> None:
    window = inspector(opened)
    window.page.context.set_offline(True)
    window.go("/cases")
    assert "没有网络" in window.says()
    window.page.context.set_offline(False)
    window.page.get_by_role("heading", name="台账").wait_for()
    forgive(window)


def test_a_step_sent_without_a_network_loses_nothing_and_goes_out_with_one_press(app: Flask, opened: Opener) -> None:
    with in_town(app) as town:
        number = town.case_in(CaseState.rectifying, "PATROL")
    window = inspector(opened)
    window.become(app, "officer")
    window.go(f"/cases/{number}/steps/comment")
    window.page.fill("[name=text]", "现场仍有残留")
    window.page.context.set_offline(True)
    window.press()
    assert "没有发出去" in window.says()
    window.page.context.set_offline(False)
    with window.page.expect_navigation():
        window.page.get_by_role("button", name="再次提交").click()
    assert window.page.url.endswith(f"/cases/{number}")
    assert "现场仍有残留" in window.says()
    forgive(window)


def sign_out(window: Window) -> None:
    with window.page.expect_navigation():
        window.page.get_by_role("button", name="退出").click()


def test_after_the_sign_out_no_kept_page_is_shown_to_whoever_comes_next(app: Flask, opened: Opener) -> None:
    window = inspector(opened)
    sign_out(window)
    window.become(app, "officer")
    window.go("/cases")
    window.page.context.set_offline(True)
    window.go("/cases/new")
    assert "没有网络，这一页暂时打不开" in window.says()
    assert window.page.get_by_role("link", name="记一条").count() == 0
    window.go("/drafts")  # their own, where it was kept by now
    assert "inspector" not in window.page.content()
    forgive(window)


def test_it_speaks_the_language_that_was_chosen(opened: Opener) -> None:
    window = inspector(opened)
    window.follow(".language button")
    window.page.evaluate(IN_ENGLISH)
    window.page.context.set_offline(True)
    window.go("/cases")
    assert "No network: this page cannot be opened now" in window.says()
    forgive(window)


def test_the_page_fits_a_phone(opened: Opener) -> None:
    window = opened("", width=PHONE)
    for path in ("/offline", "/offline?unsent=1"):
        window.go(path)
        window.check()
