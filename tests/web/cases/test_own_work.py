"""What a desk says of a person's own: what they logged, what came back to them."""

import pytest
from flask import Flask

from tests.support.visitors import check_page, found_town, in_town, visitor
from tracker.domain.cases.facts import CaseState

pytestmark = pytest.mark.one_engine
S = CaseState


def test_who_logs_issues_sees_where_their_own_stand(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        mine = town.registered("PATROL", by="inspector", title="江边裸土未覆盖")
        others = town.registered("PATROL", by="clerk", title="别人记的")
        town.walk(mine, "assign")
    page = check_page(visitor(app, "inspector").get("/"))
    (section,) = page.xpath("//section[@aria-labelledby='logged']")
    told = section.text_content()
    assert "江边裸土未覆盖" in told and "待签收" in told and "别人记的" not in told
    assert section.xpath(f".//a[contains(@href, '{mine}')]") and not section.xpath(f".//a[contains(@href, '{others}')]")
    with in_town(app) as town:
        town.days_pass(40)
    assert not check_page(visitor(app, "inspector").get("/")).xpath("//section[@aria-labelledby='logged']")


def test_who_has_work_back_sees_it_on_the_desk(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.case_in(S.submitted, "PATROL")
        town.do(number, "reject", by="verifier", reason="东侧还有残留")
        fresh = town.case_in(S.rectifying, "PATROL")
    page = check_page(visitor(app, "officer").get("/"))
    told = {each: page.xpath(f"string(//tr[.//a[contains(@href, '{each}')]])") for each in (number, fresh)}
    assert "被退回，第 2 轮" in told[number] and "被退回" not in told[fresh]
