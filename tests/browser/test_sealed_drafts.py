"""Who reported lies sealed on the phone until the server has it, and comes out again whole."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.browser.test_offline import READY, fill, forgive, inspector, register, row
from tests.browser.windows import FORGIVEN, Window
from tests.support import custody
from tests.support.visitors import found_town, in_town

pytestmark = [pytest.mark.browser, pytest.mark.one_engine, FORGIVEN]
Opener = Callable[..., Window]
NAME, TELEPHONE = "桑桔柏", "13970001234"
LYING_THERE = """async () => {
    const base = await xiaohao.store.open(), found = [];
    for (const store of base.objectStoreNames) found.push(...await base.getAll(store));
    const key = found.find(each => each.id === 'key');
    return { text: JSON.stringify(found), isExtractable: key ? key.key.extractable : null,
    drafts: found.filter(each => each.fields).length };
}"""


@pytest.fixture(autouse=True)
def _town(app: Flask) -> None:
    found_town(app)


def reported(window: Window) -> None:
    fill(window)
    window.page.locator("details", has=window.page.locator("[name=reporter_name]")).locator("summary").click()
    window.page.fill("[name=reporter_name]", NAME)
    window.page.fill("[name=reporter_phone]", TELEPHONE)


def test_the_reporter_lies_sealed_on_the_phone_and_reaches_the_custodian(app: Flask, opened: Opener) -> None:
    window = inspector(opened)
    window.page.context.set_offline(True)
    reported(window)
    window.page.get_by_role("button", name="存为草稿").click()
    window.page.wait_for_url("**/drafts")
    lying = window.page.evaluate(LYING_THERE)
    assert (lying["drafts"], lying["isExtractable"]) == (1, False)
    assert "桃花河东岸" in lying["text"]
    assert NAME not in lying["text"] and TELEPHONE not in lying["text"]
    row(window).get_by_role("link", name="继续填写").click()
    window.page.wait_for_function(READY)
    assert window.page.input_value("[name=reporter_name]") == NAME
    register(window)
    window.page.wait_for_url("**/drafts")
    assert NAME not in window.page.evaluate(LYING_THERE)["text"]
    window.page.context.set_offline(False)
    row(window).get_by_text("已登记，编号 XH-2026-000001").wait_for()
    with in_town(app) as town:
        (told,) = custody.opened(town, "XH-2026-000001")
    assert (told.name, told.phone) == (NAME, TELEPHONE)
    forgive(window)
    window.check()


def test_a_sealed_draft_outlives_the_sign_out_of_its_writer(opened: Opener, app: Flask) -> None:
    window = inspector(opened)
    reported(window)
    window.page.get_by_role("button", name="存为草稿").click()
    window.page.wait_for_url("**/drafts")
    window.page.once("dialog", lambda dialog: dialog.accept())
    with window.page.expect_navigation():
        window.page.get_by_role("button", name="退出").click()
    window.become(app, "clerk")
    window.go("/drafts")
    assert window.page.locator(".draft-row").count() == 0
    window.become(app, "inspector")
    window.go("/drafts")
    row(window).get_by_role("link", name="继续填写").click()
    window.page.wait_for_function(READY)
    assert window.page.input_value("[name=reporter_phone]") == TELEPHONE
