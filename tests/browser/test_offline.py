"""A day with a bad network: drafts on the phone, files one by one, and nothing lost whatever goes wrong in between."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.browser.roads import describe, picture
from tests.browser.windows import FORGIVEN, PHONE, Window
from tests.support.visitors import found_town, in_town
from tracker.domain.cases.facts import CaseState
from tracker.storage.cases.cases import Case
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.house.base import db

pytestmark = [pytest.mark.browser, pytest.mark.one_engine, FORGIVEN]
Opener = Callable[..., Window]
READY = "() => document.querySelector('[data-draft-form]').dataset.drafts === 'on'"
KEPT = """async () => {
    for (;;) {
        const found = await Promise.all(['/cases/new', '/drafts'].map(address => caches.match(address)));
        if (found.every(Boolean) && navigator.serviceWorker.controller) return;
        await new Promise(later => setTimeout(later, 50));
    }
}"""


@pytest.fixture(autouse=True)
def _town(app: Flask) -> None:
    found_town(app)


def inspector(opened: Opener) -> Window:
    """An inspector's phone on the form of a new case, ready for the time without a network."""
    window = opened("inspector", width=PHONE)
    window.go("/cases/new")
    window.page.wait_for_function(READY)
    window.page.evaluate(KEPT)
    return window


def fill(window: Window, *photos: int, title: str = "桃花河边堆放垃圾") -> None:
    page = window.page
    if photos:
        page.set_input_files("[name=file_1]", [picture(serial) for serial in photos])
    describe(page, title)


def register(window: Window) -> None:
    window.page.locator("main form[data-draft-form] button[type=submit]").last.click()


def row(window: Window) -> Any:
    return window.page.locator(".draft-row").first


def on_the_books(app: Flask) -> tuple[int, int]:
    """How many cases there are, and how many photos."""
    with in_town(app):
        return db.session.query(Case).count(), db.session.query(EvidenceRow).count()


def forgive(window: Window) -> None:
    """What the drill itself broke is no complaint."""
    window.complaints[:] = [said for said in window.complaints if not any(
        part in said for part in ("/uploads", "/cases/new", "/drafts/session", "ERR_INTERNET_DISCONNECTED", "ERR_FAILED"))]


def test_an_issue_logged_offline_is_sent_when_there_is_a_network(app: Flask, opened: Opener) -> None:
    window = inspector(opened)
    window.page.context.set_offline(True)
    fill(window, 1, 2)
    window.page.wait_for_function("() => document.querySelectorAll('[data-photo][data-is=failed]').length === 2")
    assert "没有网络" in window.says()
    register(window)
    window.page.wait_for_url("**/drafts")
    assert "待上传" in row(window).inner_text()
    assert "2 个文件，0 个已收到" in row(window).inner_text()
    assert "离线 · 1 条待上传" in window.page.locator("[data-offline-bar]").inner_text()
    assert on_the_books(app) == (0, 0)
    window.page.context.set_offline(False)
    row(window).get_by_text("已登记，编号 XH-2026-000001").wait_for()
    assert on_the_books(app) == (1, 2)
    row(window).get_by_role("link", name="看结果").click()
    window.page.wait_for_url("**/cases/XH-2026-000001*")
    forgive(window)
    window.check()


def test_a_draft_survives_a_reload_without_a_network(app: Flask, opened: Opener) -> None:
    window = inspector(opened)
    window.page.context.set_offline(True)
    fill(window, 1)
    window.page.get_by_text("草稿已存在这台设备上").wait_for()
    window.page.wait_for_timeout(500)
    window.page.reload()
    window.page.wait_for_function(READY)
    assert window.page.input_value("[name=title]") == "桃花河边堆放垃圾"
    assert window.page.is_checked("[name=categories][value=garbage]")
    assert window.page.input_value("[name=source]") == "PATROL"
    assert window.page.locator("[data-photo]").count() == 1
    window.page.get_by_role("button", name="存为草稿").click()
    window.page.wait_for_url("**/drafts")
    assert "草稿" in row(window).inner_text()
    window.page.context.set_offline(False)
    row(window).get_by_role("link", name="继续填写").click()
    window.page.wait_for_function(READY)
    assert window.page.input_value("[name=place]") == "桃花河东岸"
    register(window)
    window.page.wait_for_url("**/cases/XH-2026-000001*")
    assert on_the_books(app) == (1, 1)


def test_a_session_that_ended_in_between_is_waited_for(app: Flask, opened: Opener) -> None:
    window = inspector(opened)
    fill(window, 1)
    window.page.wait_for_selector("[data-photo][data-is=done]")
    window.page.context.clear_cookies()
    register(window)
    window.page.wait_for_url(lambda url: "/drafts" in url or "/login" in url)
    assert on_the_books(app) == (0, 0)
    window.become(app, "clerk")
    window.go("/drafts")
    window.page.get_by_text("这台设备上没有草稿").wait_for()
    assert window.page.locator(".draft-row").count() == 0
    window.become(app, "inspector")
    window.go("/drafts")
    row(window).get_by_text("已登记，编号 XH-2026-000001").wait_for()
    assert on_the_books(app) == (1, 1)
    forgive(window)


def test_the_bar_says_that_the_session_ended(app: Flask, opened: Opener) -> None:
    window = inspector(opened)
    window.page.context.set_offline(True)
    fill(window)
    register(window)
    window.page.wait_for_url("**/drafts")
    window.page.context.clear_cookies()
    window.page.context.set_offline(False)
    row(window).get_by_text("登录已失效，重新登录后会继续上传").wait_for()
    row(window).get_by_role("link", name="重新登录").wait_for()
    forgive(window)


@pytest.mark.parametrize(("status", "said", "state"), [(500, "服务器暂时出错", "待上传"), (413, "有文件太大", "失败")])
def test_a_server_that_fails_loses_nothing(app: Flask, opened: Opener, status: int, said: str, state: str) -> None:
    window = inspector(opened)
    page = window.page
    page.context.set_offline(True)
    fill(window, 1)
    register(window)
    page.wait_for_url("**/drafts")
    page.context.route("**/uploads", lambda route: route.fulfill(status=status, body="<html>proxy</html>",
                                                                 content_type="text/html"))
    page.context.set_offline(False)
    row(window).get_by_text(said).wait_for()
    row(window).get_by_text(state).wait_for()
    assert on_the_books(app) == (0, 0)
    page.context.unroute("**/uploads")
    page.evaluate("() => xiaohao.offline.run()") if status == 500 else row(window).get_by_role("button", name="重试").click()
    row(window).get_by_text("已登记，编号 XH-2026-000001").wait_for()
    assert on_the_books(app) == (1, 1)
    forgive(window)


def test_an_answer_that_got_lost_registers_nothing_twice(app: Flask, opened: Opener) -> None:
    window = inspector(opened)
    page, lost = window.page, list[str]()

    def lose(route: Any) -> None:
        if route.request.method != "POST" or len(lost) >= 3:
            return route.continue_()
        route.fetch()
        lost.append(route.request.url)
        return route.abort()

    page.context.set_offline(True)
    fill(window, 1, 2)
    register(window)
    page.wait_for_url("**/drafts")
    page.context.route("**/cases/new", lose)
    page.context.set_offline(False)
    for _ in range(3):
        page.evaluate("() => Promise.all([1, 2, 3, 4].map(() => xiaohao.offline.run()))")
    row(window).get_by_text("已登记，编号 XH-2026-000001").wait_for()
    assert len(lost) == 3
    assert on_the_books(app) == (1, 2)
    forgive(window)


def test_two_drafts_one_after_the_other_are_two_cases(app: Flask, opened: Opener) -> None:
    window = inspector(opened)
    window.page.context.set_offline(True)
    for serial, title in ((1, "第一处垃圾"), (2, "第二处垃圾")):
        window.go("/cases/new")
        window.page.wait_for_function(READY)
        assert window.page.input_value("[name=title]") == ""
        fill(window, serial, title=title)
        register(window)
        window.page.wait_for_url("**/drafts")
    window.page.locator(".draft-row").nth(1).wait_for()
    window.page.context.set_offline(False)
    window.page.get_by_text("已登记，编号 XH-2026-000002").wait_for()
    assert on_the_books(app) == (2, 2)
    forgive(window)


def test_what_the_server_refuses_is_shown_on_its_page_with_the_photos(app: Flask, opened: Opener) -> None:
    window = inspector(opened)
    fill(window, 1)
    window.page.fill("[name=description]", "")
    window.page.wait_for_selector("[data-photo][data-is=done]")
    with window.page.expect_navigation():
        register(window)
    assert "已收到 1 个文件，不用重新选择" in window.says()
    window.page.fill("[name=description]", "补上描述")
    register(window)
    window.page.wait_for_url("**/cases/XH-2026-000001*")
    assert on_the_books(app) == (1, 1)
    forgive(window)
    window.check()


def test_the_copies_of_pages_go_with_the_person(app: Flask, opened: Opener) -> None:
    window = inspector(opened)
    with window.page.expect_navigation():
        window.page.get_by_role("button", name="退出").click()
    assert window.page.evaluate("() => caches.match('/cases/new').then(Boolean)") is False
    kept = window.page.evaluate("() => caches.keys().then(n => Promise.all(n.map(k => caches.open(k).then(c => c.keys()))))"
                                ".then(all => all.flat().map(r => new URL(r.url).pathname))")
    assert kept and all(path == "/offline" or path.startswith("/static/") for path in kept)


def test_a_step_waits_for_its_uploads_and_tells_of_those_that_failed(app: Flask, opened: Opener) -> None:
    with in_town(app) as town:
        number = town.case_in(CaseState.rectifying, "PATROL")
    window = opened("officer", width=PHONE)
    page = window.page
    window.go(f"/cases/{number}/steps/submit")
    page.check("[name=finding][value=true]")
    page.fill("[name=measures]", "垃圾已清运")
    page.set_input_files("[name=file_1]", [picture(1), {**picture(0), "name": "坏.jpg", "buffer": b"only text"}, picture(2)])
    page.get_by_text("不是可以接受的类型").wait_for()
    assert page.get_by_role("button", name="重试").count() == 0  # the same file would be refused again
    page.locator("main form button[type=submit]").last.click()
    page.get_by_text("还有 1 个文件没有传上去").wait_for()
    page.get_by_role("button", name="移除 坏.jpg").click()
    window.press()
    assert page.url.endswith(f"/cases/{number}"), window.says()
    with in_town(app) as town:
        assert town.row(number).state is CaseState.submitted
        assert db.session.query(EvidenceRow).filter_by(role="after").count() == 2
    forgive(window)
    window.check()


def test_a_conflict_between_two_browsers_keeps_the_uploaded_files(app: Flask, opened: Opener) -> None:
    with in_town(app) as town:
        number = town.case_in(CaseState.rectifying, "PATROL")
    slow = opened("officer", width=PHONE)
    slow.go(f"/cases/{number}/steps/submit")
    slow.page.check("[name=finding][value=true]")
    slow.page.fill("[name=measures]", "垃圾已清运")
    slow.page.set_input_files("[name=file_1]", [picture(1)])
    slow.page.wait_for_selector("[data-photo][data-is=done]")
    with in_town(app) as town:
        town.do(number, "progress", by="officer2", text="挖掘机今晨进场")
    slow.press()
    assert "挖掘机今晨进场" in slow.says()
    assert "已收到 1 个文件" in slow.says()
    slow.press()
    with in_town(app) as town:
        assert town.row(number).state is CaseState.submitted
    slow.check()


def test_without_scripts_more_than_three_photos_can_be_added(app: Flask, opened: Opener) -> None:
    window = opened("inspector", width=PHONE, has_scripts=False)
    page = window.page
    window.go("/cases/new")
    fill(window)
    for serial in (1, 2, 3):
        page.set_input_files(f"[name=file_{serial}]", picture(serial))
    with page.expect_navigation():
        page.get_by_role("button", name="继续添加").click()
    assert page.locator("[name=kept]").count() == 3
    page.set_input_files("[name=file_1]", picture(4))
    window.press()
    assert on_the_books(app) == (1, 4)
    window.check()
