"""A daily patrol is recorded on a phone without a network, and goes out when there is one, once."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.browser.test_drafts_outside import KEPT, forgive, tap
from tests.browser.test_offline import READY
from tests.browser.windows import FORGIVEN, PHONE, Window
from tests.support.visitors import found_town, in_town
from tracker.storage.acts.acts import Act
from tracker.storage.house.base import db

pytestmark = [pytest.mark.browser, pytest.mark.one_engine, FORGIVEN]
FORM = "/acts/new/daily_patrol"


def test_a_round_is_recorded_without_a_network_and_counted_once(app: Flask, opened: Callable[..., Window]) -> None:
    found_town(app)
    window = opened("inspector", width=PHONE)
    window.go(FORM)
    page = window.page
    page.wait_for_function(READY)
    page.evaluate(KEPT, FORM)
    page.context.set_offline(True)
    for name, value in (("patrolled_on", "2026-03-02"), ("people", "胡远航"), ("person_count", "2"), ("route_from", "象湖"),
                        ("route_to", "桃花路")):
        page.fill(f"[name={name}]", value)
    page.check("[name=findings][value=none]")
    tap(window)
    page.wait_for_url("**/drafts")
    assert "待上传" in page.locator(".draft-row").first.inner_text()
    page.context.set_offline(False)
    page.reload()
    page.get_by_text("RX-2026-0001").first.wait_for()
    forgive(window)
    with in_town(app):
        assert [act.number for act in db.session.query(Act)] == ["RX-2026-0001"]
