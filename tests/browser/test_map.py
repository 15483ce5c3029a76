"""The map in a real browser: drawn without any other host, under the content policy, tied to its list."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.browser.windows import DESK, FORGIVEN, PHONE, Window
from tests.support.visitors import found_town, in_town
from tracker.domain.cases.facts import CaseState
from tracker.services.territory import tiles

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


COVERED = """() => {
  const box = (element) => element.getBoundingClientRect();
  const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const others = [...document.querySelectorAll(".pin, .leaflet-control")].map(box);
  return [...document.querySelectorAll(".district-name")].filter((name) => others.some((other) => meet(box(name), other)))
    .map((name) => name.textContent);
}"""


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_no_name_of_a_district_lies_under_a_pin_or_a_button(app: Flask, opened: Opener, width: int) -> None:
    found_town(app)
    with in_town(app) as town:
        for number in range(16):
            town.registered(**(HERE | {"lat": 28.64 + number % 4 * 0.007, "lng": 115.86 + number // 4 * 0.008}))
    window = opened("dispatcher", width=width)
    window.go("/map")
    window.page.wait_for_selector(".pin")
    for press in ("", "放大", "放大", "全区"):
        if press:
            window.page.get_by_role("button", name=press).click()
            window.page.wait_for_timeout(500)
        assert window.page.evaluate(COVERED) == []
    assert "西湖区" in window.page.locator(".district-name").all_inner_texts()
    window.check()


def test_the_list_stands_beside_the_map_or_below_it(mapped: Flask, opened: Opener) -> None:
    for width, is_beside in ((DESK, True), (PHONE, False)):
        window = opened("dispatcher", width=width)
        window.go("/map")
        window.page.wait_for_selector(".pin")
        ground, listed = window.page.locator("#map").bounding_box(), window.page.locator(".map-list").bounding_box()
        assert (listed["x"] >= ground["x"] + ground["width"]) is is_beside
        assert (listed["y"] >= ground["y"] + ground["height"]) is not is_beside
        window.check()


def test_the_authority_s_own_boundaries_are_handed_in_drawn_and_credited(mapped: Flask, opened: Opener) -> None:
    ring = [[115.84, 28.62], [115.9, 28.62], [115.9, 28.69], [115.84, 28.69], [115.84, 28.62]]
    feature = {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]},
               "properties": {"code": "360103", "name": "<b>西湖区</b>"}}
    window = opened("admin", width=PHONE)
    window.go("/settings/map")
    window.page.locator("[name=file]").set_input_files({"name": "边界.geojson", "mimeType": "application/geo+json",
                                                        "buffer": json.dumps(feature).encode()})
    window.page.fill("[name=source]", "<b>西湖区自然资源分局</b>")
    window.page.fill("[name=approval]", "赣S（2026）018号")
    window.follow("form[enctype] button[type=submit]")
    assert "边界已启用" in window.says()
    window.check()
    window.become(mapped, "dispatcher")
    window.go("/map")
    window.page.wait_for_selector(".pin")
    assert window.page.locator(".district").count() == 1
    assert window.page.locator(".district-name").inner_text() == "<b>西湖区</b>"
    assert window.page.locator(".leaflet-control-attribution").inner_text() == "底图：<b>西湖区自然资源分局</b>，审图号：赣S（2026）018号"
    window.check()


PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
                    "0000000b4944415478da63fc5f0f0002840181a9b6d5b30000000049454e44ae426082")
TILES = {"base": "https://tiles.example.cn/{z}/{x}/{y}.png", "label": "", "credit": "示例底图",
         "approval": "GS（2024）0650号", "key": ""}


def test_tiles_lie_under_the_outlines_which_are_drawn_alone_when_none_come(mapped: Flask, opened: Opener) -> None:
    with in_town(mapped) as town:
        tiles.set_tiles(town.actor("admin"), **TILES)
    window = opened("dispatcher")
    window.page.route("https://tiles.example.cn/**", lambda route: route.fulfill(body=PNG, content_type="image/png"))
    window.go("/map")
    window.page.wait_for_selector("img.leaflet-tile-loaded")
    assert window.page.locator(".map-tiled").count() == 1
    assert "审图号：GS（2024）0650号" in window.page.locator(".leaflet-control-attribution").inner_text()
    window.page.unroute("https://tiles.example.cn/**")
    window.page.route("https://tiles.example.cn/**", lambda route: route.fulfill(status=503))
    window.go("/map")
    window.page.locator("#map-says", has_text="底图连不上，已改用离线轮廓").wait_for()
    assert window.page.locator(".map-tiled, img.leaflet-tile").count() == 0
    assert window.page.locator(".district").count() == 9
    window.complaints.clear()  # the browser's own lines about the tiles that did not come
