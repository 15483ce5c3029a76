"""People at work in a real browser: five of them from photo to seal, two at once, one without a mouse."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.browser.windows import DESK, FORGIVEN, PHONE, Window
from tests.support.makers import jpeg
from tests.web.visitors import found_town, in_town
from tracker.domain.case_facts import CaseState
from tracker.services import accounts

pytestmark = [pytest.mark.browser, pytest.mark.one_engine, FORGIVEN]
Opener = Callable[..., Window]


@pytest.fixture(autouse=True)
def _town(app: Flask) -> None:
    found_town(app)


def picture(serial: int) -> dict[str, Any]:
    """A photo as a phone hands it to the form."""
    return {"name": f"IMG_{serial}.jpg", "mimeType": "image/jpeg", "buffer": jpeg(serial)}


def choose(window: Window, slot: int, serial: int) -> None:
    window.page.locator(f"input[type=file][name=file_{slot}]").set_input_files(picture(serial))


def log_an_issue(window: Window) -> str:
    """The inspector's form, photo first; the case's number."""
    page = window.page
    window.go("/cases/new")
    choose(window, 1, 1)
    page.fill("[name=title]", "桃花河边堆放垃圾")
    page.fill("[name=description]", "河东岸长约十米，已有异味")
    page.check("[name=categories][value=garbage]")
    page.fill("[name=place]", "桃花河东岸")
    page.select_option("[name=area_code]", "360103002")
    page.select_option("[name=source]", "PATROL")
    page.select_option("[name=channel]", "patrol")
    window.press()
    window.check()
    return str(page.url.rsplit("/", 1)[1])


def assign(page: Any) -> None:
    page.select_option("[name=lead_unit]", "XH-CYZ")
    page.check("[name=supporting_units][value=XH-CG]")


def report(page: Any) -> None:
    page.check("[name=finding][value=true]")
    page.fill("[name=measures]", "垃圾已清运，地面已硬化")


def verify(page: Any) -> None:
    page.fill("[name=onsite_at]", "2026-03-02T08:30")
    page.fill("[name=onsite_people]", "核查组两人")
    page.fill("[name=conclusion]", "现场整洁，整改到位")


# who, step, what is filled in, which photo comes with it
ROAD: tuple[tuple[str, str, Callable[[Any], None] | None, int], ...] = (
    ("dispatcher", "assign", assign, 0), ("officer", "acknowledge", None, 0), ("officer", "submit", report, 2),
    ("verifier", "verify", verify, 3), ("lead", "close", None, 0),
)


@pytest.mark.parametrize("has_scripts", [False, True], ids=["no scripts", "scripts"])
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_five_people_bring_a_case_from_photo_to_seal(app: Flask, opened: Opener, width: int, has_scripts: bool) -> None:
    window = opened("inspector", width=width, has_scripts=has_scripts)
    number = log_an_issue(window)
    for login, step, fill, serial in ROAD:
        window.become(app, login)
        window.go(f"/cases/{number}")
        window.check()
        window.follow(f"main a[href$='/steps/{step}']")
        window.check()
        if fill:
            fill(window.page)
        if serial:
            choose(window, 1, serial)
        window.press()
        assert window.page.url.endswith(f"/cases/{number}"), window.says()
        window.check()
    assert "已销号" in window.says()
    with in_town(app) as town:
        assert town.row(number).state is CaseState.closed


def test_who_comes_second_sees_what_changed_and_keeps_what_was_typed(app: Flask, opened: Opener) -> None:
    with in_town(app) as town:
        number = town.case_in(CaseState.rectifying, "PATROL")
    slow, quick = opened("officer", width=PHONE), opened("officer2")
    slow.go(f"/cases/{number}/steps/submit")
    report(slow.page)
    choose(slow, 1, 2)
    quick.go(f"/cases/{number}/steps/progress")
    quick.page.fill("[name=text]", "挖掘机今晨进场")
    quick.press()
    slow.press()
    assert slow.page.locator("text=挖掘机今晨进场").count()
    assert slow.page.input_value("[name=measures]") == "垃圾已清运，地面已硬化"
    assert slow.page.is_checked("[name=finding][value=true]")
    slow.check()
    if slow.page.locator("input[type=file][name=file_1]").count():
        choose(slow, 1, 2)
    slow.press()
    with in_town(app) as town:
        assert town.row(number).state is CaseState.submitted


def tab_to(page: Any, selector: str) -> None:
    """Go on with the Tab key until it is reached; where the focus is must be seen."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            seen = page.evaluate("(() => { const s = getComputedStyle(document.activeElement);"
                                 " return s.outlineStyle !== 'none' || s.boxShadow !== 'none' })()")
            assert seen, f"the focus on {selector} cannot be seen"
            return
    raise AssertionError(f"Tab never comes to {selector}")


def test_the_keyboard_alone_signs_in_opens_a_case_and_takes_a_step(app: Flask, opened: Opener) -> None:
    with in_town(app) as town:
        number = town.case_in(CaseState.assigned, "PATROL")
        secret = accounts.reset_password(town.actor("admin"), login="officer")
    window = opened()
    page = window.page
    window.go("/")
    tab_to(page, "[name=login]")
    page.keyboard.type("officer")
    tab_to(page, "[name=password]")
    page.keyboard.type(secret)
    window.enter()
    tab_to(page, f"main a[href$='/cases/{number}']")
    window.enter()
    tab_to(page, "main a[href$='/steps/acknowledge']")
    window.enter()
    tab_to(page, "main form[method=post] button[type=submit]")
    window.enter()
    assert page.url.endswith(f"/cases/{number}")
    with in_town(app) as town:
        assert town.row(number).state is CaseState.rectifying
