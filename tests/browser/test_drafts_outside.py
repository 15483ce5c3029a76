"""Every form that is filled in outside: kept on the phone, sent when there is a network, counted once, and nobody else's."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.browser.roads import picture
from tests.browser.test_offline import READY, describe
from tests.browser.windows import DESK, FORGIVEN, PHONE, Window
from tests.support.visitors import found_town, in_town
from tracker.domain.cases.facts import CaseState
from tracker.storage.cases.cases import Case
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.house.base import db
from tracker.storage.house.ledger import FactRow

pytestmark = [pytest.mark.browser, pytest.mark.one_engine, FORGIVEN]
Opener = Callable[..., Window]
WIDTHS = pytest.mark.parametrize("width", [PHONE, DESK])
KEPT = """async (address) => {
    for (;;) {
        const found = await Promise.all([address, '/drafts'].map(each => caches.match(each)));
        if (found.every(Boolean) && navigator.serviceWorker.controller) return;
        await new Promise(later => setTimeout(later, 50));
    }
}"""
BROKEN_ON_PURPOSE = ("/uploads", "/drafts/session", "/steps/", "/cases/new", "ERR_INTERNET_DISCONNECTED", "ERR_FAILED")


@pytest.fixture(autouse=True)
def _town(app: Flask) -> None:
    found_town(app)


def case_in(app: Flask, state: CaseState) -> str:
    with in_town(app) as town:
        return town.case_in(state, "PATROL")


def state_of(app: Flask, number: str) -> CaseState:
    with in_town(app) as town:
        return town.row(number).state


def facts_of(app: Flask, kind: str) -> int:
    with in_town(app):
        return db.session.query(FactRow).filter_by(kind=kind).count()


def at_form(opened: Opener, login: str, address: str, width: int = PHONE) -> Window:
    """Somebody on such a form, of which the worker has a copy by now."""
    window = opened(login, width=width)
    window.go(address)
    window.page.wait_for_function(READY)
    window.page.evaluate(KEPT, address)
    return window


def take_photo(window: Window, serial: int = 1) -> None:
    window.page.set_input_files("[name=file_1]", [picture(serial)])


def fill_visit(window: Window) -> None:
    window.page.fill("[name=onsite_at]", "2026-03-02T08:30")
    window.page.fill("[name=onsite_people]", "王五、赵六")
    window.page.fill("[name=conclusion]", "现场已清运干净")


def tap(window: Window) -> None:
    window.page.locator("main form[data-draft-form] button[type=submit]").last.click()


def forgive(window: Window) -> None:
    window.complaints[:] = [said for said in window.complaints if not any(part in said for part in BROKEN_ON_PURPOSE)]


@WIDTHS
def test_a_verifier_without_a_network_answers_with_a_photo_and_it_goes_out_later(app: Flask, opened: Opener, width: int) -> None:
    number = case_in(app, CaseState.submitted)
    window = at_form(opened, "verifier", f"/cases/{number}/steps/verify", width)
    window.page.context.set_offline(True)
    fill_visit(window)
    take_photo(window)
    window.page.get_by_text("没有网络，文件还在这台设备上").wait_for()
    tap(window)
    window.page.wait_for_url("**/drafts")
    row = window.page.locator(".draft-row").first
    assert "核查通过" in row.inner_text() and "待上传" in row.inner_text()
    assert state_of(app, number) is CaseState.submitted
    window.page.context.set_offline(False)
    row.get_by_text("现为“核查通过”").wait_for()
    assert state_of(app, number) is CaseState.verified
    with in_town(app):
        assert db.session.query(EvidenceRow).filter_by(role="onsite").count() == 1
    forgive(window)
    window.check()


@WIDTHS
def test_what_an_officer_typed_in_a_tab_that_was_closed_is_offered_again(app: Flask, opened: Opener, width: int) -> None:
    number = case_in(app, CaseState.rectifying)
    address = f"/cases/{number}/steps/submit"
    window = at_form(opened, "officer", address, width)
    window.page.check("[name=finding][value=true]")
    window.page.fill("[name=measures]", "垃圾已清运")
    take_photo(window)
    window.page.wait_for_selector("[data-photo][data-is=done]")
    window.page.get_by_text("草稿已存在这台设备上").wait_for()
    window.page.wait_for_timeout(500)
    closed, window.page = window.page, window.page.context.new_page()
    closed.close()
    window.watch()
    window.go("/")
    assert "报送整改" in window.page.locator("[data-unsent] .draft-row").inner_text()
    assert "1 份草稿" in window.page.locator("[data-offline-bar]").inner_text()
    window.check()
    window.go(address)
    window.page.wait_for_function(READY)
    assert window.page.input_value("[name=measures]") == ""
    window.page.get_by_role("button", name="接着填").click()
    window.page.wait_for_selector("[data-photo][data-is=done]")
    assert window.page.input_value("[name=measures]") == "垃圾已清运"
    window.check()
    tap(window)
    window.page.wait_for_url(f"**/cases/{number}")
    assert state_of(app, number) is CaseState.submitted
    window.go("/")
    assert not window.page.locator("[data-unsent]").is_visible()


def test_a_second_person_on_the_same_phone_sees_no_draft_of_the_first(app: Flask, opened: Opener) -> None:
    number = case_in(app, CaseState.rectifying)
    address = f"/cases/{number}/steps/progress"
    window = at_form(opened, "officer", address)
    window.page.fill("[name=text]", "清运车已进场")
    window.page.get_by_text("草稿已存在这台设备上").wait_for()
    window.page.wait_for_timeout(500)
    window.become(app, "officer2")
    for path in (address, "/", "/drafts"):
        window.go(path)
        window.page.wait_for_load_state("networkidle")
        assert "清运车已进场" not in window.says() and not window.page.locator(".draft-row").count()
        assert not window.page.locator("[data-offline-bar]").is_visible()
    window.go(address)
    window.page.reload()
    window.page.wait_for_function(READY)
    assert window.page.input_value("[name=text]") == ""
    assert not window.page.locator("[data-draft-offer]").is_visible()


def test_who_signs_out_is_told_of_what_is_still_here(app: Flask, opened: Opener) -> None:
    number = case_in(app, CaseState.rectifying)
    window = at_form(opened, "officer", f"/cases/{number}/steps/progress")
    window.page.fill("[name=text]", "清运车已进场")
    window.page.get_by_text("草稿已存在这台设备上").wait_for()
    asked = list[str]()
    window.page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    window.page.get_by_role("button", name="退出").click()
    assert "还有 1 份没有提交的草稿" in asked[0]
    assert window.page.url.endswith("/progress")


def test_what_is_refused_when_it_goes_out_is_shown_with_all_that_was_typed(app: Flask, opened: Opener) -> None:
    number = case_in(app, CaseState.submitted)
    window = at_form(opened, "verifier", f"/cases/{number}/steps/verify")
    window.page.context.set_offline(True)
    fill_visit(window)
    take_photo(window)
    tap(window)
    window.page.wait_for_url("**/drafts")
    with in_town(app) as town:
        town.do(number, "withdraw", by="officer")
    window.page.context.set_offline(False)
    row = window.page.locator(".draft-row[data-is=failed]").first
    row.wait_for()
    row.get_by_text("填了什么").click()
    row.locator("canvas").wait_for()
    assert "现场已清运干净" in row.inner_text() and "王五、赵六" in row.inner_text()
    assert "1 条没有提交成功" in window.page.locator("[data-offline-bar]").inner_text()
    forgive(window)
    window.check()


@WIDTHS
def test_a_double_tap_and_a_slow_line_make_one_fact(app: Flask, opened: Opener, width: int) -> None:
    number = case_in(app, CaseState.rectifying)
    window = opened("officer", width=width, has_scripts=False)
    window.go(f"/cases/{number}/steps/comment")
    window.page.fill("[name=text]", "已到现场")
    window.page.locator("main form button[type=submit]").last.dblclick()
    window.page.wait_for_url(f"**/cases/{number}")
    window.page.reload()
    assert facts_of(app, "case:commented") == 1


def test_back_after_registering_says_what_was_registered_and_starts_blank(app: Flask, opened: Opener) -> None:
    window = at_form(opened, "inspector", "/cases/new")
    describe(window.page, "桃花河边堆放垃圾")
    tap(window)
    window.page.wait_for_url("**/cases/XH-2026-000001*")
    window.page.go_back()
    window.page.wait_for_function(READY)
    assert "刚才已经提交：已登记，编号 XH-2026-000001" in window.says()
    window.page.get_by_role("link", name="看结果").click()
    window.page.wait_for_url("**/cases/XH-2026-000001*")
    with in_town(app):
        assert db.session.query(Case).count() == 1


def test_a_new_issue_starts_blank_and_offers_the_draft(app: Flask, opened: Opener) -> None:
    window = at_form(opened, "inspector", "/cases/new")
    window.page.fill("[name=title]", "桥下垃圾")
    window.page.get_by_text("草稿已存在这台设备上").wait_for()
    window.go("/")
    window.go("/cases/new")
    window.page.wait_for_function(READY)
    assert window.page.input_value("[name=title]") == ""
    assert "桥下垃圾" in window.page.locator("[data-draft-offer]").inner_text()
    window.check()
    window.page.get_by_role("button", name="先不管，填新的").click()
    assert not window.page.locator("[data-draft-offer]").is_visible()


def lost_answers(page: Any, path: str) -> list[str]:
    """The first answer to each post to that path gets lost on the way."""
    lost = list[str]()

    def lose(route: Any) -> None:
        if route.request.method != "POST" or lost:
            return route.continue_()
        route.fetch()
        lost.append(route.request.url)
        return route.abort()

    page.context.route(f"**{path}", lose)
    return lost


def test_a_step_whose_answer_got_lost_is_taken_once(app: Flask, opened: Opener) -> None:
    number = case_in(app, CaseState.rectifying)
    address = f"/cases/{number}/steps/progress"
    window = at_form(opened, "officer", address)
    lost = lost_answers(window.page, address)
    window.page.fill("[name=text]", "清运车已进场")
    tap(window)
    window.page.wait_for_url("**/drafts")
    window.page.evaluate("() => xiaohao.offline.run()")
    window.page.locator(".draft-row[data-is=done]").get_by_text(f"{number} 已").wait_for()
    assert len(lost) == 1 and facts_of(app, "case:progressed") == 1
    forgive(window)
