"""A lead goes away: a substitute closes in their place, the record says so, and after the last day the right is gone."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.browser.windows import DESK, FORGIVEN, PHONE, Window
from tests.support.visitors import found_town, in_town
from tracker.domain.cases.facts import CaseState

pytestmark = [pytest.mark.browser, pytest.mark.one_engine, FORGIVEN]
TOLD = "clerk先生 代 lead先生"


@pytest.fixture(autouse=True)
def _town(app: Flask) -> None:
    found_town(app)


def arrange(window: Window) -> None:
    """The lead's own page: who, from when, until when, why."""
    page = window.page
    window.go("/my")
    window.follow("main a[href='/my/delegations']")
    window.check()
    page.select_option("[name=substitute]", "clerk")
    page.fill("[name=from_on]", "2026-03-02")
    page.fill("[name=to_on]", "2026-03-06")
    page.fill("[name=reason]", "赴京培训")
    with page.expect_navigation():
        page.get_by_role("button", name="办理委托").click()
    assert "clerk先生" in window.says()
    window.check()


def stand_in(window: Window) -> None:
    """The head of every page: in whose place."""
    window.go("/")
    window.page.wait_for_load_state("networkidle")  # the pages kept for offline are fetched in the name of who is here
    window.page.locator(".standing summary").click()
    with window.page.expect_navigation():
        window.page.get_by_role("button", name="代 lead先生", exact=True).click()
    assert "代 lead先生" in window.page.locator(".who .tag-acting").inner_text()
    window.check()


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_substitute_closes_in_a_lead_s_place_until_the_last_day(app: Flask, opened: Callable[..., Window], clock: Any,
                                                                  width: int) -> None:
    with in_town(app) as town:
        first, second = (town.case_in(CaseState.verified, "PATROL", by="inspector") for _ in range(2))
    window = opened("lead", width=width)
    arrange(window)
    window.become(app, "clerk")
    window.go(f"/cases/{first}")
    assert window.page.locator("main a[href$='/steps/close']").count() == 0
    stand_in(window)
    assert window.page.locator(".desk-closing li").count() == 2
    window.go(f"/cases/{first}")
    window.follow("main a[href$='/steps/close']")
    window.press()
    assert window.page.url.endswith(f"/cases/{first}"), window.says()
    assert TOLD in window.page.locator(".timeline").first.inner_text()
    window.check()
    clock.advance(days=5)
    window.go(f"/cases/{second}")
    assert window.page.locator("main a[href$='/steps/close']").count() == 0
    assert window.go(f"/cases/{second}/steps/close").status in (403, 404)
    window.go("/")
    assert window.page.locator(".who .tag-acting").count() == 0
    assert window.page.locator(".standing").count() == 0
    with in_town(app) as town:
        assert (town.row(first).state, town.row(second).state) == (CaseState.closed, CaseState.verified)
        assert town.row(first).closed_for_id == town.actor("lead").id
