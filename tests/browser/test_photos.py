"""A photo in the viewer: turned by keys and presses, enlarged by a press, and Back leads to the case, not through every photo."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.browser.windows import DESK, FORGIVEN, PHONE, Window
from tests.support.makers import photo
from tests.support.visitors import found_town, in_town

pytestmark = [pytest.mark.browser, pytest.mark.one_engine, FORGIVEN]
Opener = Callable[..., Window]


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_photos_turn_enlarge_and_lead_back_to_the_case(app: Flask, opened: Opener, width: int) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.registered("PATROL", uploads=[photo(), photo(), photo()])
    window = opened("inspector", width=width)
    window.go(f"/cases/{number}")
    window.page.locator(".shot a").first.click()
    head = window.page.locator(".head")
    head.get_by_text("第 1 张，共 3 张").wait_for()
    image = window.page.locator(".large img")
    small = image.bounding_box()
    window.page.locator(".large label").click()
    large = image.bounding_box()
    assert small and large
    assert large["width"] >= 1.9 * small["width"]
    window.page.keyboard.press("ArrowRight")
    head.get_by_text("第 2 张，共 3 张").wait_for()
    window.page.get_by_role("link", name="下一张").click()
    head.get_by_text("第 3 张，共 3 张").wait_for()
    window.check()
    window.page.go_back()
    window.page.wait_for_url(f"**/cases/{number}")
    window.page.locator(".shot a").first.click()
    head.get_by_text("第 1 张，共 3 张").wait_for()
    window.page.keyboard.press("Escape")
    window.page.wait_for_url(f"**/cases/{number}#evidence")
