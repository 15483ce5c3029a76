"""People at work in a real browser: five of them from photo to seal, two at once, one without a mouse."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.browser.roads import choose, describe, report, walk_to_the_seal
from tests.browser.windows import DESK, FORGIVEN, HEIGHTS, PHONE, Window
from tests.support.visitors import found_town, in_town
from tracker.domain.cases.facts import CaseState
from tracker.services.people import accounts
from tracker.services.people.passwords import generated

pytestmark = [pytest.mark.browser, pytest.mark.one_engine, FORGIVEN]
Opener = Callable[..., Window]
SCREENS = 3  # of a phone, for a case with its photos


@pytest.fixture(autouse=True)
def _town(app: Flask) -> None:
    found_town(app)


def log_an_issue(window: Window) -> str:
    """The inspector's form, photo first; the case's number."""
    page = window.page
    window.go("/cases/new")
    choose(window, 1, 1)
    describe(page)
    window.press()
    window.check()
    return str(page.url.partition("?")[0].rsplit("/", 1)[1])


@pytest.mark.parametrize("has_scripts", [False, True], ids=["no scripts", "scripts"])
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_five_people_bring_a_case_from_photo_to_seal(app: Flask, opened: Opener, width: int, has_scripts: bool) -> None:
    window = opened("inspector", width=width, has_scripts=has_scripts)
    number = log_an_issue(window)
    walk_to_the_seal(app, window, number)
    assert width == DESK or window.page.evaluate("document.documentElement.scrollHeight") <= SCREENS * HEIGHTS[width]


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
        secret = generated()
        accounts.set_password(login="officer", password=secret)
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
