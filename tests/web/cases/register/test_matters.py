"""The page of what waits to be coordinated, the register's view of it, and the questions of a report of progress."""

import pytest
from flask import Flask

from tests.support.visitors import check_page, counted_statements, found_town, in_town, visitor
from tracker.domain.cases.facts import CaseState

pytestmark = pytest.mark.one_engine


def test_the_list_leads_to_the_case_and_to_the_register_and_is_empty_in_words(app: Flask) -> None:
    found_town(app)
    client = visitor(app, "dispatcher")
    assert "没有等待协调的事项" in check_page(client.get("/cases/matters")).text_content()
    with in_town(app) as town:
        number, other = town.case_in(CaseState.rectifying), town.case_in(CaseState.rectifying)
        town.do(number, "progress", matters="请住建局协调管线迁改")
    page = check_page(client.get("/cases/matters"))
    assert "请住建局协调管线迁改" in page.text_content() and page.xpath(f"//h2/a[@href='/cases/{number}']")
    (view,) = page.xpath("//div[@class='lead-out']/a/@href")
    listed = client.get(view).text
    assert number in listed and other not in listed and "有事项待协调" in listed
    assert check_page(client.get("/")).xpath("//a[@href='/cases/matters']")


def test_whether_it_is_settled_is_asked_only_where_something_waits(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        quiet, stuck = town.case_in(CaseState.rectifying), town.case_in(CaseState.rectifying)
        town.do(stuck, "progress", matters="请住建局协调", problems="管线权属不清", next="周五围挡")
    client = visitor(app, "officer")
    asked = [bool(check_page(client.get(f"/cases/{number}/steps/progress")).xpath("//input[@name='is_settled']"))
             for number in (quiet, stuck)]
    assert asked == [False, True]
    told = check_page(client.get(f"/cases/{stuck}")).text_content()
    assert all(words in told for words in ("存在问题", "管线权属不清", "需协调事项", "下一步", "周五围挡", "待协调"))


def test_the_list_takes_the_same_number_of_statements_however_long_it_is(app: Flask) -> None:
    found_town(app)
    client, counts = visitor(app, "dispatcher"), []
    for _ in range(2):
        with in_town(app) as town:
            for _ in range(3):
                town.do(town.case_in(CaseState.rectifying), "progress", matters="请协调")
        client.get("/cases/matters")
        with counted_statements(app) as sent:
            client.get("/cases/matters")
        counts.append(len(sent))
    assert counts[0] == counts[1]
