"""A penalty in a real browser: from the clue to the decision that the public reads, then revoked, its card withdrawn in time."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.browser.act_forms import at, button, fill
from tests.browser.windows import FORGIVEN, Window
from tests.support.acts import site_of
from tests.support.visitors import found_town, in_town
from tracker.services.acts import access
from tracker.storage.acts.acts import ClockRow
from tracker.storage.house.base import db

pytestmark = [pytest.mark.browser, pytest.mark.one_engine, FORGIVEN]
PENALTY, CARD = "CF-2026-0001", "JP-2026-0001"
PAGE, STEP = f"/acts/{PENALTY}", f"/acts/{PENALTY}/steps"
BASIS = "江西省生态环境行政处罚裁量基准第3项"


def publish(app: Flask, window: Window, number: str) -> None:
    """Drafted by who enforces from the act's page, reviewed by another from the same page."""
    window.become(app, "enforcer")
    window.go(f"/acts/{number}")
    button(window, "起草公开内容")
    window.press()
    window.become(app, "lead")
    window.go(f"/acts/{number}")
    window.follow(".action-bar a:has-text('公开')")
    window.follow("a:has-text('复核并公开')")
    window.check()
    window.press()
    assert "已公开" in window.says()


def withdraw(app: Flask, window: Window, number: str) -> None:
    """Off the door again, with the reason."""
    window.go(f"/acts/{number}")
    window.follow("a:has-text('撤回公开')")
    window.follow("a:has-text('撤下')")
    window.page.fill("[name=reason]", "处罚决定已被撤销")
    window.press()
    assert "已撤回：处罚决定已被撤销" in window.says()


@pytest.mark.timeout(240)
def test_a_penalty_is_decided_made_public_revoked_and_its_card_withdrawn_in_time(
        app: Flask, opened: Callable[..., Window]) -> None:
    found_town(app)
    with in_town(app) as town:
        site_of(town)
    at(app, 2026, 9, 1, 9)
    window = opened("enforcer")
    fill(window, "/acts/new/penalty", chosen={"violation": "Q115"}, site="S-000001", happened_from="2026-09-01",
         happened_to="2026-09-01", discovered_on="2026-09-01", origin="市局交办", text="工地土方作业未湿法")
    window.become(app, "principal")
    fill(window, f"{STEP}/file", chosen={"investigator": "enforcer", "partner": "enforcer2"}, document_no="西环立〔2026〕1号",
         filed_on="2026-09-01")
    window.become(app, "enforcer")
    fill(window, f"{STEP}/conclude", chosen={"kinds": "fine", "has_record": "1"}, file="paper", text="未湿法作业", fine="6万",
         amount_basis=BASIS)
    fill(window, f"{STEP}/notify", chosen={"kinds": "fine", "is_hearing_told": "1", "way": "direct"},
         document_no="西环告〔2026〕1号", fine="6万", amount_basis=BASIS, served_on="2026-09-01")
    fill(window, f"{STEP}/plead", chosen={"plea": "waived"}, file="paper", pleaded_on="2026-09-01")
    window.become(app, "legal")
    fill(window, f"{STEP}/review", chosen={"outcome": "passed"}, text="事实清楚")
    window.become(app, "principal")
    fill(window, f"{STEP}/decide", chosen={"kinds": "fine"}, document_no="西环罚〔2026〕1号", decided_on="2026-09-01", fine="6万",
         amount_basis=BASIS, law_text="第一百一十五条")
    assert "60,000.00" in window.says()
    publish(app, window, PENALTY)
    window.become(app, "enforcer")
    fill(window, "/acts/new/card", chosen={"colour": "yellow", "principal": "principal"}, site="S-000001", target=PENALTY,
         text="超标排放并被处罚")
    publish(app, window, CARD)
    at(app, 2026, 9, 30, 9)
    window.become(app, "principal")
    fill(window, f"{STEP}/revoke", chosen={"ground": "revoked"}, authority="区人民政府", document_no="西府复〔2026〕1号",
         revoked_on="2026-09-30", text="程序违法")
    fill(window, f"/acts/{CARD}/steps/revoke", revoked_on="2026-09-30", reason="所依据的处罚被撤销")
    at(app, 2026, 10, 10, 16)
    window.become(app, "lead")
    window.go(PAGE)
    assert "10月10日" in window.says()
    for number in (PENALTY, CARD):
        withdraw(app, window, number)
    with in_town(app) as town:
        for number in (PENALTY, CARD):
            assert access.page_for(town.actor("lead"), number).head.state == "revoked"
            clocks = db.session.query(ClockRow).filter_by(subject=f"act:{number}", stage="unpublish")
            assert [row.outcome for row in clocks] == ["met"]
    window.check()
