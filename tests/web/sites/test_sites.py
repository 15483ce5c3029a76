"""The pages of supervised sites: a list, one with its entries, a class proposed on one page and decided on another's."""

from typing import Any

import pytest
from flask import Flask

from tests.support.acts import do, opened
from tests.support.visitors import check_page, counted_statements, found_town, in_town, send, visitor
from tracker.domain.sites.registers import SiteRegister
from tracker.services.house.master import rows
from tracker.services.house.work import reading
from tracker.services.sites import entering, obligations
from tracker.storage.inspection.looks import last_looks

pytestmark = pytest.mark.one_engine
MOST_STATEMENTS = 8


@pytest.fixture
def site_app(app: Flask) -> Flask:
    found_town(app)
    with in_town(app) as town:
        for name, kind, unit in (("桃花纺织有限公司", "company", "XH-CYZ"), ("李家烧烤", "catering", "TL-NC")):
            rows.save_row(town.actor("clerk"), "sites", None, {"name": name, "kind": kind, "area_code": "360103", "unit": unit})
    return app


def said_on(response: Any) -> str:
    return " ".join(str(check_page(response).text_content()).split())


def test_the_list_is_narrowed_by_what_is_asked_and_by_who_asks(site_app: Flask) -> None:
    assert "李家烧烤" in said_on(visitor(site_app, "dispatcher").get("/sites"))
    found = said_on(visitor(site_app, "dispatcher").get("/sites?kind=company&q=桃花"))
    assert "桃花纺织有限公司" in found and "李家烧烤" not in found
    own = said_on(visitor(site_app, "officer").get("/sites"))
    assert "桃花纺织有限公司" in own and "李家烧烤" not in own
    assert visitor(site_app, "officer").get("/sites/S-000002").status_code == 404
    assert visitor(site_app, "custodian").get("/sites").status_code in (403, 404)


def test_a_class_is_proposed_and_decided_by_page_with_what_was_typed_kept(site_app: Flask) -> None:
    dispatcher = visitor(site_app, "dispatcher")
    refused = send(dispatcher, "/sites/S-000001/class", {"value": "A", "valid_from": "2026-03-01", "ground": "近水源"},
                   at="/sites/S-000001")
    assert refused.status_code == 422 and "近水源" in refused.text
    given = {"value": "A", "valid_from": "2026-03-01", "ground": "近水源", "grounds": ["pollution", "risk"]}
    assert send(dispatcher, "/sites/S-000001/class", given, at="/sites/S-000001").status_code == 302
    page = said_on(dispatcher.get("/sites/S-000001"))
    assert "由没有提出它的区领导确认" in page and "污染程度、环境风险" in page
    lead = visitor(site_app, "lead")
    refused = send(lead, "/sites/S-000001/decision", {"verdict": "refuse"}, at="/sites/S-000001")
    assert refused.status_code == 422 and "写明理由" in refused.text
    assert send(lead, "/sites/S-000001/decision", {"verdict": "accept"}, at="/sites/S-000001").status_code == 302
    assert "A 类（重点）" in said_on(visitor(site_app, "verifier").get("/sites/S-000001"))


def test_a_site_is_registered_by_its_form(site_app: Flask) -> None:
    clerk = visitor(site_app, "clerk")
    given = {"name": "甲工地", "kind": "construction", "area_code": "360103"}
    assert send(clerk, "/settings/master/sites/new", given).status_code == 302
    assert "甲工地" in said_on(clerk.get("/sites?q=S-000003"))
    refused = send(clerk, "/settings/master/sites/new", {**given, "credit_code": "123"})
    assert refused.status_code == 422 and "统一社会信用代码" in refused.text and "甲工地" in refused.text


def test_the_list_takes_few_statements(site_app: Flask) -> None:
    client = visitor(site_app, "dispatcher")
    client.get("/sites")
    with counted_statements(site_app) as seen:
        client.get("/sites")
    assert len(seen) <= MOST_STATEMENTS


def test_an_entry_is_entered_renewed_and_ended_by_page_with_what_was_typed_kept(site_app: Flask) -> None:
    clerk, at = visitor(site_app, "clerk"), "/sites/S-000001/entries"
    given = {"number": "91410781694896138X001P", "value": "key", "valid_from": "2021-04-01", "reports": ["year", "month"]}
    refused = send(clerk, f"{at}/new?register=permit", {**given, "valid_to": "2020-01-01"})
    assert refused.status_code == 422 and "早于" in refused.text and given["number"] in refused.text
    assert send(clerk, f"{at}/new?register=permit", given).status_code == 302
    said = said_on(clerk.get("/sites/S-000001"))
    assert "校验位不符" in said and "至 2026年3月31日" in said and "年报、月报" in said
    assert "2026-04-01" in clerk.get(f"{at}/new?renews=1").text
    assert send(clerk, f"{at}/new?renews=1", {**given, "valid_from": "2026-04-01"}).status_code == 302
    assert send(clerk, f"{at}/2/end", {"ground": "mistaken"}).status_code == 422
    assert send(clerk, f"{at}/2/end", {"ground": "mistaken", "reason": "录错了"}).status_code == 302
    assert "作废" in said_on(clerk.get("/sites/S-000001"))


def test_the_page_shows_what_held_on_the_day_that_is_asked(site_app: Flask) -> None:
    clerk = visitor(site_app, "clerk")
    send(clerk, "/sites/S-000001/entries/new?register=commitment", {"valid_from": "2026-03-01", "signer": "法定代表人"})
    assert "有效" in said_on(clerk.get("/sites/S-000001?on=2026-03-01"))
    past = said_on(clerk.get("/sites/S-000001?on=2026-02-28"))
    assert "截至 2026年2月28日 的情况" in past and "未生效" in past and "回到今天" in past
    with counted_statements(site_app) as seen:
        clerk.get("/sites/S-000001?on=2026-02-28")
    assert len(seen) <= MOST_STATEMENTS
    assert clerk.get("/sites/S-000001/entries/new?register=positive_list").status_code == 422
    assert "登记 排污许可证" not in said_on(visitor(site_app, "verifier").get("/sites/S-000001"))


def test_the_roster_of_a_year_is_drafted_for_the_public_from_its_page(site_app: Flask) -> None:
    clerk = visitor(site_app, "clerk")
    assert "公开这一年的名录" in said_on(clerk.get("/sites/classes"))
    answer = send(clerk, "/publications/new", {"kind": "class_roster", "subject": "classes:360103/2026"}, at="/sites/classes")
    assert answer.headers["Location"] == "/publications/1/edit"
    assert "公开这一年的名录" not in said_on(visitor(site_app, "verifier").get("/sites/classes"))


def test_the_list_is_narrowed_by_register_light_area_unit_and_trade_and_says_when_it_was_last_inspected(site_app: Flask) -> None:
    with in_town(site_app) as town:
        entering.enter(town.actor("clerk"), "S-000001", SiteRegister.permit, {
            "number": "许1", "value": "simple", "valid_from": "2021-04-01", "reports": ["month"]})
        obligations.make_obligations(town.clock.today())
        inspection = opened(town, "inspection")
        assert "S-000001" not in last_looks(reading(), ["S-000001"])
        do(town, inspection, "inspection", "record")
    client = visitor(site_app, "dispatcher")
    for query, is_there in (("register=permit", True), ("register=registration", False), ("light=permit-red", True),
                            ("light=permit-yellow", False), ("light=report-red", True), ("light=report-yellow", False),
                            ("area=360103", True), ("area=360102", False), ("unit=XH-CYZ", True), ("unit=TL-NC", False),
                            ("trade=C26", False), ("light=x&register=y&area=%27", True)):
        assert ("桃花纺织" in said_on(client.get(f"/sites?{query}"))) is is_there, query
    assert "0 天前" in said_on(client.get("/sites")) and "0 天前" in said_on(client.get("/sites/S-000001"))
    with counted_statements(site_app) as seen:
        client.get("/acts?kind=inspection&over=1")
    assert len(seen) <= MOST_STATEMENTS
