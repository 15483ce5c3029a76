"""Who stands in the street: own position on the map, what lies around, a case at street zoom."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.browser.windows import DESK, FORGIVEN, PHONE, Window
from tests.support.visitors import found_town, in_town

pytestmark = [pytest.mark.browser, pytest.mark.one_engine, FORGIVEN]
Opener = Callable[..., Window]


@pytest.fixture
def near_app(app: Flask) -> Flask:
    """Two cases, one beside the person and one at the other end of the district."""
    found_town(app)
    with in_town(app) as town:
        town.registered(title="桃花河边垃圾", lat=28.6552, lng=115.8652, datum="wgs84")
        town.registered(title="另一头的油烟", lat=28.70, lng=115.90, datum="wgs84")
    return app


def allow(window: Window) -> None:
    window.page.context.grant_permissions(["geolocation"], origin=window.base)
    window.page.context.set_geolocation({"latitude": 28.655, "longitude": 115.865, "accuracy": 12})


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_one_press_shows_what_lies_around_and_where_i_stand(near_app: Flask, opened: Opener, width: int) -> None:
    window = opened("inspector", width=width)
    allow(window)
    window.go("/map")
    window.page.get_by_role("link", name="附近的案件").click()
    window.page.locator(".map-list").get_by_role("link", name="桃花河边垃圾").wait_for()
    assert "米内在办 1 件" in window.page.locator(".head").inner_text()
    window.page.wait_for_selector(".here-dot")
    window.page.locator(".map-list summary").click()
    assert window.page.locator(".map-list .ways a").count() == 4
    window.check()


def test_a_phone_that_refuses_is_told_in_a_sentence(near_app: Flask, opened: Opener) -> None:
    window = opened("inspector", width=PHONE)
    window.go("/map/near")
    window.page.locator("[data-here-says]", has_text="没有得到定位许可").wait_for()
    window.check()


def test_the_map_marks_my_own_position_and_opens_a_single_case_at_its_street(near_app: Flask, opened: Opener) -> None:
    window = opened("inspector", width=PHONE)
    allow(window)
    window.go("/map?q=XH-2026-000001&sort=newest")
    window.page.locator(".leaflet-popup-content", has_text="桃花河边垃圾").wait_for()
    scale = window.page.locator(".leaflet-control-scale-line").inner_text()
    assert scale.endswith(" m"), scale
    assert int(scale.split()[0]) <= 100, scale
    window.page.get_by_role("button", name="我的位置").click()
    window.page.locator("#map-says", has_text="您在这里，精度 ±12 米").wait_for()
    assert window.page.locator(".here-dot").count() == 1
    window.check()


def test_a_verifier_fills_in_where_they_stand_by_one_press(near_app: Flask, opened: Opener) -> None:
    with in_town(near_app) as town:
        town.walk("XH-2026-000001", "assign", "acknowledge", "submit")
    window = opened("verifier", width=PHONE)
    allow(window)
    window.go("/cases/XH-2026-000001/steps/verify")
    window.page.get_by_role("button", name="我的位置").click()
    window.page.wait_for_function("document.querySelector('[name=onsite_place]').value.includes('±12')")
    assert window.page.locator("[name=onsite_place]").input_value() == "北纬 28.655000°，东经 115.865000°（手机定位，精度 ±12 米）"
    window.check()
