"""An issue is logged on a phone in six taps and one sentence; what is known is filled in, what is there already is shown."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.browser.roads import picture
from tests.browser.test_offline import READY
from tests.browser.windows import DESK, FORGIVEN, PHONE, Window
from tests.support.makers import jpeg
from tests.support.visitors import found_town, in_town
from tracker.domain.cases.facts import CaseState
from tracker.services.evidence.evidence import Upload
from tracker.storage.cases.cases import Case
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.house.base import db

pytestmark = [pytest.mark.browser, pytest.mark.one_engine, FORGIVEN]
Opener = Callable[..., Window]
HERE = {"latitude": 28.655, "longitude": 115.865, "accuracy": 12}
COUNTING = """() => addEventListener('pointerdown', () => {
    localStorage.setItem('taps', Number(localStorage.getItem('taps') || 0) + 1);
}, true)"""


@pytest.fixture(autouse=True)
def _town(app: Flask) -> None:
    found_town(app)


def reported(app: Flask, **given: Any) -> str:
    """A case that somebody reported here, with a photo."""
    with in_town(app) as town:
        return town.registered("PATROL", title="河边有垃圾", place="桃花河东岸", area_code="360103002", lat=28.65505, lng=115.865,
                               datum="wgs84", uploads=[Upload("a.jpg", jpeg(9))], **given)


def phone(opened: Opener, width: int = PHONE) -> Window:
    window = opened("inspector", width=width)
    window.page.context.grant_permissions(["geolocation"])
    window.page.context.set_geolocation(HERE)
    window.page.add_init_script(f"({COUNTING})()")
    return window


def newest(app: Flask) -> Case:
    return db.session.query(Case).order_by(Case.id.desc()).first()


def photograph(window: Window) -> None:
    with window.page.expect_file_chooser() as chooser:
        window.page.locator("label.photo-pick:visible").first.click()
    chooser.value.set_files([picture(1)])


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_six_taps_and_one_sentence_log_an_issue(app: Flask, opened: Opener, width: int) -> None:
    reported(app)
    window = phone(opened, width)
    page = window.page
    window.go("/")
    page.get_by_role("link", name="登记问题").first.click()
    page.wait_for_function(READY)
    photograph(window)
    page.get_by_role("button", name="用我的位置").click()
    page.get_by_text("处报过的一件填写，请核对").wait_for()
    assert page.input_value("[name=place]") == "桃花河东岸" and page.input_value("[name=area_code]") == "360103002"
    page.get_by_label("垃圾").first.click()
    page.locator("[name=description]").click()
    page.keyboard.type("河东岸又堆了十米垃圾")
    page.wait_for_selector("[data-photo][data-is=done]")
    page.get_by_role("button", name="登记").last.click()
    page.wait_for_url("**/cases/XH-2026-000002*")
    assert page.evaluate("localStorage.getItem('taps')") == "6"
    with in_town(app):
        case = newest(app)
        assert case.title.startswith("桃花河东岸：") and case.description == "河东岸又堆了十米垃圾"
        assert (case.located_by, case.area_code) == ("device", "360103002")
    window.check()


def test_what_is_there_already_is_shown_with_its_photo_and_takes_photo_and_text_along(app: Flask, opened: Opener) -> None:
    number = reported(app)
    window = phone(opened)
    page = window.page
    window.go("/cases/new")
    page.wait_for_function(READY)
    photograph(window)
    page.wait_for_selector("[data-photo][data-is=done]")
    page.fill("[name=description]", "比昨天更多了")
    page.get_by_role("button", name="用我的位置").click()
    near = page.locator("[data-near]")
    near.locator("img.near-photo").wait_for()
    near.get_by_role("link", name="补充到这件").click()
    page.wait_for_url(f"**/cases/{number}/steps/add_evidence*")
    page.wait_for_function(READY)
    page.wait_for_selector("[data-photo][data-is=done]")
    assert page.input_value("[name=reason]") == "比昨天更多了"
    assert page.input_value("[name=evidence_role]") == "before"
    page.locator("main form[data-draft-form] button[type=submit]").last.click()
    page.wait_for_url(f"**/cases/{number}")
    with in_town(app):
        assert db.session.query(EvidenceRow).filter_by(subject=f"case:{number}").count() == 2
        assert db.session.query(Case).count() == 1
    window.check()


def test_the_last_place_once_more(app: Flask, opened: Opener) -> None:
    reported(app)
    window = phone(opened)
    page = window.page
    for serial in (2, 3):
        window.go("/cases/new")
        page.wait_for_function(READY)
        if serial == 2:
            page.get_by_role("button", name="用我的位置").click()
            page.get_by_text("处报过的一件填写，请核对").wait_for()
            page.get_by_label("垃圾").first.click()
        else:
            page.get_by_role("button", name="重复上一处").click()
        photograph(window)
        page.wait_for_selector("[data-photo][data-is=done]")
        page.fill("[name=description]", f"第 {serial} 堆")
        page.get_by_role("button", name="登记").last.click()
        page.wait_for_url(f"**/cases/XH-2026-00000{serial}*")
    with in_town(app):
        case = newest(app)
        assert (case.place, case.located_by, case.state) == ("桃花河东岸", "pin", CaseState.registered)


def test_the_button_is_never_under_the_bar_at_the_bottom(opened: Opener) -> None:
    window = phone(opened)
    window.go("/cases/new")
    window.page.wait_for_function(READY)
    button = window.page.get_by_role("button", name="登记").last
    button.evaluate("(button) => button.scrollIntoView({ block: 'end', behavior: 'instant' })")
    assert button.evaluate("""(button) => {
        const { left, right, top, bottom } = button.getBoundingClientRect();
        return [top + 2, bottom - 2].every((y) => button.contains(document.elementFromPoint((left + right) / 2, y)));
    }""")
    window.check()
