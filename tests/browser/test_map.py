"""The map in a real browser: drawn without any other host, under the content policy, tied to its list."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.browser.windows import FORGIVEN, PHONE, Window
from tests.web.visitors import found_town, in_town
from tracker.domain.case_facts import CaseState

pytestmark = [pytest.mark.browser, pytest.mark.one_engine, FORGIVEN]
Opener = Callable[..., Window]
HERE: dict[str, Any] = {"lat": 28.655, "lng": 115.865, "datum": "wgs84"}


@pytest.fixture
def mapped(app: Flask) -> Flask:
    """Three cases at one spot, the worst of them overdue, one at another, one without a place."""
    found_town(app)
    with in_town(app) as town:
        town.case_in(CaseState.closed, "PATROL", **HERE)
        town.case_in(CaseState.rectifying, "PATROL", title="<b>桃花河</b>边垃圾", **HERE)
        town.case_in(CaseState.rectifying, "PATROL")
        town.days_pass(40)
        town.registered(**HERE)
        town.registered(**(HERE | {"lat": 28.63}))
    return app


def test_clusters_are_as_urgent_as_their_worst_and_the_list_finds_a_case(mapped: Flask, opened: Opener) -> None:
    window = opened("dispatcher", width=PHONE)
    asked: list[str] = []
    window.page.on("request", lambda request: asked.append(request.url))
    window.go("/map?sort=due")
    window.page.wait_for_selector(".pin")
    assert sorted(window.page.locator(".pin").all_inner_texts()) == ["■3", "○"]
    assert window.page.locator(".district").count() == 9
    assert [url for url in asked if not url.startswith((window.base, "data:"))] == []
    assert window.page.locator(".find").count() == 4
    window.page.get_by_label("图上看 XH-2026-000002").click()
    popup = window.page.locator(".leaflet-popup-content")
    popup.get_by_role("link", name="<b>桃花河</b>边垃圾").wait_for()
    assert "超期" in popup.inner_text()
    assert window.page.locator(".pin-found").inner_text() == "■3"
    window.page.get_by_role("button", name="全区").click()
    popup.wait_for(state="detached")
    window.check()


def test_a_pin_opens_with_the_keyboard_alone(mapped: Flask, opened: Opener) -> None:
    window = opened("dispatcher")
    window.go("/map")
    window.page.wait_for_selector(".pin")
    window.page.locator(".pin").last.focus()
    window.page.keyboard.press("Enter")
    window.page.wait_for_selector(".leaflet-popup-content a")
    window.check()


def test_without_scripts_the_list_is_the_page(mapped: Flask, opened: Opener) -> None:
    window = opened("dispatcher", has_scripts=False)
    window.go("/map")
    assert not window.page.locator("#map").is_visible()
    assert window.page.locator(".map-list li").count() == 4
