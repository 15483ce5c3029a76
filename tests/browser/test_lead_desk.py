"""A leader's desk on a phone: what waits for the closing, what is watched over and who is late, without a scroll."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.browser.windows import FORGIVEN, PHONE, Window
from tests.support.visitors import found_town, in_town
from tracker.domain.cases.facts import CaseState

pytestmark = [pytest.mark.browser, pytest.mark.one_engine, FORGIVEN]
LATE_UNITS = ("XH-CYZ", "XH-TY", "XH-CG", "XH-HB", "TL-NC")
ENDS = """() => [Math.max(...[...document.querySelectorAll('.leading > section')].map(each => each.getBoundingClientRect().bottom)),
               document.querySelector('.rail').getBoundingClientRect().top]"""
WORDS = "() => [...document.querySelectorAll('.rail > ul > li:not(.extra)')].map(e => [e.scrollWidth, e.clientWidth, e.getBoundingClientRect().right])"


@pytest.fixture
def full(app: Flask) -> Flask:
    """A day on which every part of the desk has more to show than it can: long titles, five late units, six cases to close."""
    found_town(app)
    with in_town(app) as town:
        for unit in LATE_UNITS:
            number = town.registered("PATROL", title="朝阳洲中路与抚河南路交叉口东北角建筑垃圾长期占道堆放")
            town.do(number, "assign", lead_unit=unit, supporting_units="XH")
            town.do(number, "set_sponsor", sponsor="lead")
        town.days_pass(40)
        for _ in range(6):
            town.case_in(CaseState.verified, "PATROL", title="丁公路街道系统大院南门装卸货物噪声扰民反复出现")
    return app


@pytest.mark.parametrize("is_english", [False, True])
def test_the_desk_of_a_lead_is_one_phone_screen(full: Flask, opened: Callable[..., Window], is_english: bool) -> None:
    window = opened("lead", width=PHONE)
    window.go("/")
    if is_english:
        window.follow(".language button")
    assert window.page.locator(".leading > section").count() == 3
    assert window.page.locator(".desk-closing li:visible").count() == 2
    end, bar = window.page.evaluate(ENDS)
    assert end <= bar
    window.check()


@pytest.mark.parametrize("login", ["dispatcher", "lead", "clerk", "admin"])
@pytest.mark.parametrize("is_english", [False, True])
def test_the_words_of_the_bar_stand_apart(app: Flask, opened: Callable[..., Window], login: str, is_english: bool) -> None:
    found_town(app)
    window = opened(login, width=PHONE)
    window.go("/")
    if is_english:
        window.follow(".language button")
    entries = window.page.evaluate(WORDS)
    assert len(entries) <= 7
    assert all(needed <= given and right <= PHONE for needed, given, right in entries), entries
    window.check()
