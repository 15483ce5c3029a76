"""A dispute and a joint meeting in a real browser: from what waits to the agenda, the decisions, the minutes and the follow-up
that another unit passes; then the clock ends it."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from tests.browser.act_forms import at, button, fill
from tests.browser.windows import FORGIVEN, Window
from tests.support.visitors import found_town, in_town
from tracker.domain.cases.facts import CaseState
from tracker.services.acts import access, jobs

pytestmark = [pytest.mark.browser, pytest.mark.one_engine, FORGIVEN]
NUMBER = "HY-2026-0001"
PAGE = f"/acts/{NUMBER}"


@pytest.mark.timeout(240)
def test_a_dispute_is_designated_by_a_meeting_whose_follow_up_is_answered_passed_and_settled(
    app: Flask, opened: Callable[..., Window],
) -> None:
    found_town(app)
    with in_town(app) as town:
        case = town.case_in(CaseState.disputed)
    at(app, 2026, 3, 11, 9)
    window = opened("dispatcher")
    fill(window, "/acts/new/meeting", chosen={"series": "rail"}, title="铁路沿线三月例会", planned_on="2026-03-11")
    window.go("/meetings/backlog")
    assert case in window.says() and "争议逾期未裁定" in window.says() and "已等 9 天" in window.says()
    window.go(PAGE)
    button(window, "列入")
    assert f"“{case}”已列入议题。" in window.says()
    window.go("/meetings/backlog")
    assert f"已列入 {NUMBER}" in " ".join(window.says().split())
    fill(window, f"{PAGE}/steps/add_item", question="夜间施工由谁巡查")
    fill(window, f"{PAGE}/steps/call", units=("XH-CYZ", "TL-NC"), chosen={"chair": "lead"}, held_at="2026-03-11T14:00",
         place="区政府三楼", reason="临时召开")
    at(app, 2026, 3, 11, 16)
    window.become(app, "dispatcher")
    fill(window, f"{PAGE}/steps/hold", units=("XH-CYZ",), held_at="2026-03-11T14:00", person_count="6")
    fill(window, f"{PAGE}/steps/decide_item?position=1", chosen={"outcome": "designation", "lead_unit": "XH-CG"},
         text="由城管局牵头清运", due_on="2026-04-01")
    fill(window, f"{PAGE}/steps/decide_item?position=2", units=("XH-CYZ",), chosen={"outcome": "measure"}, text="每周夜查两次",
         due_on="2026-03-20")
    window.become(app, "lead")
    fill(window, f"{PAGE}/steps/issue", document_no="西整改办〔2026〕3号")
    assert "会议纪要" in window.says()
    window.go(f"/cases/{case}")
    assert f"联席会议 {NUMBER} 第 1 项" in window.says()
    window.follow(f"a:has-text('联席会议 {NUMBER} 第 1 项')")
    assert "由城管局牵头清运" in window.says() and "待签收" in window.says()
    window.become(app, "officer")
    fill(window, f"{PAGE}/duties/1/answer", text="已夜查四次，发现两处")
    window.become(app, "verifier")
    fill(window, f"{PAGE}/duties/1/pass", text="查看记录，属实")
    with in_town(app) as town:
        row, act = town.row(case), access.page_for(town.actor("dispatcher"), NUMBER)
        assert (row.state, row.is_designated, row.due_on) == (CaseState.assigned, True, date(2026, 4, 1))
        assert ([duty.state for duty in act.duties], act.head.state) == (["met"], "issued")
        assert jobs.settle_duties(date(2026, 3, 12)) == "办结事项 1 件"
    window.go(PAGE)
    assert "已办结" in window.says()
    window.check()
