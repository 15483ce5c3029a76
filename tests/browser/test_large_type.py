"""Who set larger type on the phone reads everything larger, and nothing runs out of the page."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.browser.windows import FORGIVEN, HEIGHTS, PHONE, SIDEWAYS, Window
from tests.support.tour import pages, prepare

pytestmark = [pytest.mark.browser, pytest.mark.one_engine, FORGIVEN]
Opener = Callable[..., Window]
LARGER = 24  # pixels of the root, where 16 is usual
SMALL_STILL = """() => [...document.querySelectorAll('main *, .rail a, .top *')].filter(e => e.offsetParent
    && !e.closest('svg, .leaflet-container') && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())
    && parseFloat(getComputedStyle(e).fontSize) < 18)
    .slice(0, 3).map(e => e.tagName + '.' + e.className + ' ' + getComputedStyle(e).fontSize)"""
CUT_OFF = """() => [...document.querySelectorAll('.rail > ul > li:not(.extra) > a, .btn')].filter(e => e.offsetParent
    && (e.scrollWidth > e.clientWidth + 2 || e.scrollHeight > e.clientHeight + 3)).slice(0, 3).map(e => e.innerText.trim())"""


WIDEST = """() => {
    const isOut = e => e.getBoundingClientRect().right > innerWidth + 1;
    const out = [...document.querySelectorAll('body *')].filter(e => isOut(e) && ![...e.children].some(isOut));
    return 'sideways: ' + out.slice(0, 4).map(e => `${e.tagName}.${e.className} ${e.innerText?.slice(0, 20)}`).join(' | ');
}"""


@pytest.mark.timeout(400)
def test_every_page_grows_with_the_type_of_its_reader(app: Flask, opened: Opener) -> None:
    stops = [stop for stop in pages(app, prepare(app)) if not stop.path.endswith("/print")]
    windows = {login: opened(login) for login in sorted({stop.login for stop in stops})}
    found: dict[str, list[object]] = {}
    for stop in stops:
        page = windows[stop.login].page
        page.set_viewport_size({"width": PHONE, "height": HEIGHTS[PHONE]})
        windows[stop.login].go(stop.path)
        page.evaluate(f"document.documentElement.style.fontSize = '{LARGER}px'")
        said = [page.evaluate(SIDEWAYS) > 1 and page.evaluate(WIDEST), *page.evaluate(SMALL_STILL), *page.evaluate(CUT_OFF)]
        found[f"{stop.login} {stop.path}"] = [each for each in said if each]
    bad = [f"{stop}: {said}" for stop, said in found.items() if said]
    assert not bad, "\n".join(bad)
