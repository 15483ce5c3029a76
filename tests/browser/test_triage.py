"""The dispatcher's morning in a real browser: the proposals looked over, assigned by one press, one of them recalled."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from tests.browser.windows import DESK, FORGIVEN, PHONE, Window
from tests.support.district import STREET_AREA
from tests.support.visitors import found_town, in_town
from tracker.domain.cases.facts import CaseState
from tracker.services.house import caching
from tracker.storage.house.base import db
from tracker.storage.territory.territory import RoutingRow

pytestmark = [pytest.mark.browser, pytest.mark.one_engine, FORGIVEN]
Opener = Callable[..., Window]
S = CaseState
NUMBERS = [f"XH-2026-{n:06d}" for n in range(1, 8)]


@pytest.fixture(autouse=True)
def _morning(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        caching.rules_changed(db.session())
        db.session.add(RoutingRow(number=1, category="garbage", area_code=STREET_AREA, lead_unit_code="XH-CYZ",
                                  supporting_unit_codes="XH-CG", reason="属地管理", valid_from=date(2026, 1, 1)))
        db.session.commit()
        for _ in NUMBERS:
            town.registered("PATROL")


def states(app: Flask) -> list[S]:
    with in_town(app) as town:
        return [town.row(number).state for number in NUMBERS]


@pytest.mark.parametrize("has_scripts", [False, True], ids=["no scripts", "scripts"])
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_seven_are_assigned_by_one_press_and_one_is_recalled(app: Flask, opened: Opener, width: int, has_scripts: bool) -> None:
    window = opened("dispatcher", width=width, has_scripts=has_scripts)
    window.go("/")
    window.follow("main a[href='/cases/triage']")
    window.check()
    window.page.get_by_label(f"选中 {NUMBERS[6]}").uncheck()
    window.page.locator(f"#lead-{NUMBERS[0]}").select_option("XH-HB")
    press = window.page.locator(".triage-bar .btn-action")
    if has_scripts:
        assert press.inner_text().split() == ["按建议交办", "6", "件"]
        press.click()
        window.page.get_by_text("6 件中已交办 6 件").wait_for()
        assert window.page.locator(".triage-row.is-done").count() == 6
    else:
        window.follow(".triage-bar .btn-action")
        assert "6 件中已交办 6 件" in window.says()
    window.check()
    assert states(app) == [S.assigned] * 6 + [S.registered]
    window.follow(f"main a[href='/cases/{NUMBERS[0]}/steps/recall']")
    window.check()
    window.press()
    assert "撤回对 环保" in window.says() or "重新待交办" in window.says()
    window.go("/cases/triage")
    assert "分办：2 件待交办" in window.says()


def test_the_keyboard_alone_goes_through_the_queue(app: Flask, opened: Opener) -> None:
    window = opened("dispatcher")
    window.go("/cases/triage")
    keys = window.page.keyboard
    keys.press("j")
    keys.press("x")
    keys.press("j")
    keys.press("j")
    keys.press("k")
    with window.page.expect_navigation():
        keys.press("o")
    assert window.page.url.endswith(NUMBERS[1])
    with window.page.expect_navigation():
        keys.press("j")
    assert window.page.url.endswith(NUMBERS[2])
    with window.page.expect_navigation():
        keys.press("Control+Enter")
    assert window.page.url.endswith(NUMBERS[3])
    window.check()
    assert states(app) == [S.registered, S.registered, S.assigned, *[S.registered] * 4]
