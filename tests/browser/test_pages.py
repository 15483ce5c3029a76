"""Every page in a real browser: nothing that axe-core objects to, no console error, no sideways scroll, little to carry."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask import Flask

from tests.browser.windows import DESK, FORGIVEN, HEIGHTS, PHONE, Window
from tests.support.project_files import ROOT
from tests.support.tour import Stop, pages, prepare

pytestmark = [pytest.mark.browser, pytest.mark.one_engine, FORGIVEN]
Opener = Callable[..., Window]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LAID_OUT = ["color-contrast", "scrollable-region-focusable", "target-size", "link-in-text-block"]  # what the width may change
RULES = {PHONE: {"type": "tag", "values": TAGS}, DESK: {"type": "rule", "values": LAID_OUT}}
LENGTHS = {PHONE: RULES[DESK]}  # of a page that was looked at in Chinese: what longer words may change
ASK = """rules => axe.run(document, rules).then(found => found.violations.map(
    v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target.join(' ') + ' '
      + (n.any[0] ? n.any[0].message : '')).join(' | ')))"""
LEAD_DESK_BYTES = 100_000


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core's program, as ./run test brings it."""
    if not AXE.exists():
        pytest.fail("axe-core is not here: ./run test brings it")
    return AXE.read_text()


def objections(window: Window, width: int, axe: str, rules: Mapping[int, object] = RULES) -> list[str]:
    """What axe-core has against the open page at this width, where there are rules for it, and whether it scrolls sideways."""
    window.page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    if not window.page.evaluate("!!window.axe"):
        window.page.evaluate(axe)
    window.check()
    if width not in rules:
        return []
    return [f"{width} px: {found}"
            for found in window.page.evaluate(ASK, {"runOnly": rules[width], "resultTypes": ["violations"]})]


@pytest.mark.timeout(800)  # a minute when the machine is idle
def test_axe_objects_to_no_page_in_either_language_on_a_desk_or_a_phone(app: Flask, opened: Opener, axe: str) -> None:
    stops = pages(app, prepare(app))
    windows = {login: opened(login) for login in sorted({stop.login for stop in stops})}
    for window in windows.values():
        # brought to each page by the browser itself, which is quicker than to send it every time
        window.page.context.add_init_script(axe)
    found: dict[tuple[str, Stop], list[str]] = {}
    for tag, rules in (("zh-CN", RULES), ("en", LENGTHS)):
        for stop in stops:
            window = windows[stop.login]
            window.go(stop.path)
            found[tag, stop] = [*objections(window, PHONE, axe, rules), *objections(window, DESK, axe, rules),
                                *strangers(window, tag, stop)]
        for window in windows.values():
            window.go("/")
            window.follow(".language button")
    bad = [f"{tag} {stop.login} {stop.path}: {each}" for (tag, stop), said in found.items() for each in said]
    assert not bad, "\n".join(bad)


def strangers(window: Window, tag: str, stop: Stop) -> list[str]:
    """What is wrong with the language that the page says it is in; papers are Chinese."""
    said, right = window.page.evaluate("document.documentElement.lang"), "zh-CN" if stop.path.endswith("/print") else tag
    return [] if said == right else [f"lang is {said}"]


def test_axe_has_nothing_against_a_form_sent_back_with_errors(app: Flask, opened: Opener, axe: str) -> None:
    number = prepare(app)["rectifying"]
    window = opened("officer")
    for step in ("submit", "request_extension"):
        window.go(f"/cases/{number}/steps/{step}")
        window.press()
        assert window.page.evaluate("document.activeElement.id") == "summary"
        assert objections(window, PHONE, axe) + objections(window, DESK, axe) == []


def test_axe_has_nothing_against_the_pages_of_who_stands_in(app: Flask, opened: Opener, axe: str) -> None:
    number = prepare(app)["rectifying"]
    window = opened("clerk", width=PHONE)
    window.go("/my")
    window.page.locator(".standing summary").click()
    assert objections(window, PHONE, axe) == []
    with window.page.expect_navigation():
        window.page.get_by_role("button", name="代 officer先生").click()
    for path in ("/", "/my", "/my/delegations", f"/cases/{number}"):
        window.go(path)
        assert window.page.locator(".who .tag-acting").is_visible()
        assert objections(window, PHONE, axe) + objections(window, DESK, axe) == []


def test_the_desk_of_a_lead_is_light_enough_for_a_bad_line(app: Flask, opened: Opener) -> None:
    prepare(app)
    window = opened("lead", width=PHONE)
    carried: list[int] = []
    protocol: Any = window.page.context.new_cdp_session(window.page)
    protocol.send("Network.enable")
    protocol.on("Network.loadingFinished", lambda event: carried.append(event["encodedDataLength"]))
    window.go("/")
    window.page.wait_for_load_state("networkidle")
    assert len(carried) > 3
    assert sum(carried) <= LEAD_DESK_BYTES, f"{sum(carried)} bytes in {len(carried)} files"
