"""A problem seen from a train: three taps at a mileage, both sides look, one claims it, its chief confirms, works are scored, and
it closes."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.browser.roads import choose
from tests.browser.test_drafts_outside import KEPT, forgive
from tests.browser.test_offline import READY
from tests.browser.windows import FORGIVEN, PHONE, Window
from tests.support import patrols
from tests.support.visitors import found_town, in_town
from tracker.domain.cases.facts import CaseState
from tracker.storage.cases.cases import Case
from tracker.storage.house.base import db

pytestmark = [pytest.mark.browser, pytest.mark.one_engine, FORGIVEN]
Opener = Callable[..., Window]
FORM = "/cases/new"
AT = "2026-03-02T09:00"


@pytest.fixture
def along_the_line(app: Flask) -> Flask:
    """A district with its line, one section of it and the chiefs of both sides."""
    found_town(app)
    with in_town(app) as town:
        patrols.staffed(town)
    return app


def aboard(opened: Opener, *, mileage: str) -> Window:
    """An inspector on a train, who has said once where it is."""
    window = opened("inspector", width=PHONE)
    window.go(FORM)
    window.page.wait_for_function(READY)
    window.page.evaluate(KEPT, FORM)
    window.page.locator("[data-way=ride]").click()
    window.page.locator("[name=mileage]").fill(mileage)
    window.page.locator("[name=mileage]").dispatch_event("change")
    return window


def tap(window: Window) -> None:
    window.page.locator("main form[data-draft-form] button[type=submit]").last.click()


def act(window: Window, app: Flask, login: str, number: str, step: str, **given: str) -> None:
    """Somebody at the same phone goes from the case to the form of a step, fills it in and sends it."""
    window.become(app, login)
    window.go(f"/cases/{number}")
    window.check()
    window.follow(f"main a[href$='/steps/{step}']")
    for name, value in given.items():
        control = window.page.locator(f"main form[method=post] [name={name}]").first
        kind = control.evaluate("each => each.type")
        if kind in ("radio", "checkbox"):
            for one in value.split("、"):
                window.page.locator(f"[name={name}][value='{one}']").check()
        elif kind == "select-one":
            control.select_option(value)
        else:
            control.fill(value)
    window.check()


def sent(window: Window, number: str) -> None:
    """The form goes out and is taken."""
    window.press()
    assert window.page.url.endswith(f"/cases/{number}"), window.says()


def test_three_taps_from_a_train_become_a_case_that_both_sides_check_and_that_is_scored_and_closed(
        along_the_line: Flask, opened: Opener) -> None:
    app, window = along_the_line, aboard(opened, mileage="K1450+000")
    page = window.page
    window.check()
    page.locator("[data-shift='100']").click()
    page.locator("[name=categories][value=railway]").check()
    tap(window)
    page.get_by_text("上一处 K1450+100 已记下。").wait_for()
    assert page.locator("[data-way=ride]").get_attribute("aria-pressed") == "true"
    with in_town(app):
        (case,) = db.session.query(Case)
        number = case.number
        assert (case.place, case.channel, case.state) == ("京九线K1450+100", "train", CaseState.registered)
    act(window, app, "dispatcher", number, "send_down", candidate_units="XH-CYZ、TL-NC")
    sent(window, number)
    act(window, app, "officer", number, "recheck", onsite_at=AT, mileage="K1450+100", side="right", fence_seen="outside",
        owner_seen="local")
    choose(window, 1, 5)
    sent(window, number)
    act(window, app, "officer", number, "claim", extent="whole")
    sent(window, number)
    act(window, app, "railman", number, "recheck", onsite_at=AT, mileage="K1450+100", side="right", fence_seen="outside",
        owner_seen="local")
    choose(window, 1, 6)
    sent(window, number)
    act(window, app, "railman", number, "disclaim", reason_code="outside_limit", reason="在围栏以外")
    sent(window, number)
    act(window, app, "officer", number, "confirm", lead_unit="XH-CYZ", works="clear", standard="urban")
    sent(window, number)
    act(window, app, "officer", number, "acknowledge")
    sent(window, number)
    act(window, app, "officer", number, "submit", finding="true", measures="垃圾已清运，护坡已平整",
        unmatched="两边拍的是同一处")
    choose(window, 1, 7)
    sent(window, number)
    act(window, app, "verifier", number, "verify", onsite_at=AT, conclusion="整改到位", **{
        "item_qing-1": "yes", "item_qing-2": "yes", "item_qing-3": "no"})
    choose(window, 1, 8)
    page.get_by_text("已收到").first.wait_for()
    sent(window, number)
    assert "80.0 分（80/100，第 1 轮核查）" in window.says()
    act(window, app, "lead", number, "close")
    sent(window, number)
    assert "已销号" in window.says()
    window.check()


def test_taps_without_a_network_wait_on_the_phone_one_after_another(along_the_line: Flask, opened: Opener) -> None:
    window = aboard(opened, mileage="K1449+900")
    page = window.page
    page.context.set_offline(True)
    page.locator("[name=categories][value=railway]").check()
    tap(window)
    page.get_by_text("上一处 K1449+900 已记下。").wait_for()
    page.locator("button[data-now]").click()
    page.locator("[data-shift='1000']").click()
    page.locator("[name=categories][value=railway]").check()
    tap(window)
    page.get_by_text("上一处 K1450+900 已记下。").wait_for()
    page.context.set_offline(False)
    page.goto(page.url.replace(FORM, "/drafts"))
    page.get_by_text("已提交").nth(1).wait_for()
    forgive(window)
    with in_town(along_the_line):
        assert sorted(case.place for case in db.session.query(Case)) == ["京九线K1449+900", "京九线K1450+900"]
