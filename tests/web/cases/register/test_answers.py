"""The answer to a supervision order: on the desk of the unit that owes it, on the page of the case, until it is given."""

import pytest
from flask import Flask

from tests.support.visitors import check_page, found_town, in_town, visitor
from tracker.domain.cases.facts import CaseState

pytestmark = pytest.mark.one_engine


def test_an_answer_that_is_owed_waits_on_the_desk_of_the_lead_unit_until_it_is_given(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.case_in(CaseState.rectifying)
        town.do(number, "open_supervision", answer_on="2026-03-04")
    client = visitor(app, "officer")
    desk = check_page(client.get("/"))
    assert desk.xpath(f"//td[@class='verb']/a[@href='/cases/{number}/steps/progress']")
    assert "督办反馈期限 3月4日" in desk.text_content() and "还剩 2 个工作日" in desk.text_content()
    assert "督办反馈期限" in check_page(client.get(f"/cases/{number}")).text_content()
    with in_town(app) as town:
        town.do(number, "progress")
    desk = check_page(client.get("/"))
    assert not desk.xpath(f"//a[@href='/cases/{number}/steps/progress']") and "督办反馈期限" not in desk.text_content()
    assert desk.xpath(f"//td[@class='verb']/a[@href='/cases/{number}/steps/submit']")
    assert not check_page(client.get(f"/cases/{number}")).xpath("//dt[text()='督办反馈期限']")


def test_whether_an_answer_is_asked_depends_on_who_has_the_case(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        numbers = [town.case_in(state) for state in (CaseState.rectifying, CaseState.submitted)]
    client = visitor(app, "supervisor")
    asked = [bool(check_page(client.get(f"/cases/{number}/steps/open_supervision")).xpath("//input[@name='answer_on']"))
             for number in numbers]
    assert asked == [True, False]
