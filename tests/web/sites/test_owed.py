"""Pages of execution reports and of the positive list: listed, handed in, proposed by one and decided by another."""

from datetime import date

import pytest
from flask import Flask

from tests.support.visitors import check_page, counted_statements, found_town, in_town, send, text_of, visitor
from tracker.domain.sites.registers import SiteRegister
from tracker.services.house.master import rows
from tracker.services.sites import entering, entries, obligations

pytestmark = pytest.mark.one_engine
PERMIT: dict[str, object] = {"number": "91410781694896138P001P", "value": "key", "valid_from": "2025-01-01", "reports": "year"}
AT = "/sites/S-000001/positive"


@pytest.fixture
def site_app(app: Flask) -> Flask:
    found_town(app)
    with in_town(app) as town:
        rows.save_row(town.actor("clerk"), "sites", None, {"name": "桃花纺织", "kind": "company", "area_code": "360103",
                                                           "unit": "XH-CYZ"})
        entering.enter(town.actor("clerk"), "S-000001", SiteRegister.permit, PERMIT)
        obligations.make_obligations(date(2026, 3, 2))
    return app


def test_a_report_is_listed_by_its_light_and_handed_in(site_app: Flask) -> None:
    clerk = visitor(site_app, "clerk")
    page = clerk.get("/sites/obligations?light=red")
    check_page(page)
    assert "超期 2026年1月15日" in text_of(page)
    with counted_statements(site_app) as seen:
        clerk.get("/sites/obligations")
    assert len(seen) <= 8
    refused = send(clerk, "/sites/obligations/1", {"verdict": "receive", "satisfied_on": "2025-12-01", "document": "回执9"})
    assert refused.status_code == 422 and "回执9" in refused.text
    check_page(refused)
    assert send(clerk, "/sites/obligations/1", {"verdict": "receive", "satisfied_on": "2026-01-20"}).status_code == 302
    assert "2026年1月20日 提交" in text_of(clerk.get("/sites/obligations?light=blue"))
    assert visitor(site_app, "other_dispatcher").get("/sites/obligations/1").status_code == 404


def test_a_site_enters_the_positive_list_and_leaves_it_by_two_persons(site_app: Flask) -> None:
    clerk, lead = visitor(site_app, "clerk"), visitor(site_app, "lead")
    refused = send(clerk, AT, {"ticked": ["trade"], "ground": "近两年无处罚"})
    assert refused.status_code == 422 and "还没有逐项核对" in refused.text and "近两年无处罚" in refused.text
    check_page(refused)
    ticked = ["no_emergency", "trade", "yangtze", "no_crime"]
    assert send(clerk, AT, {"ticked": ticked, "ground": "近两年无处罚"}).status_code == 302
    assert "由没有提出它的区领导审批" in text_of(clerk.get(AT))
    assert "申请纳入" in text_of(lead.get("/sites/positive"))
    given = {"verdict": "admit", "number": "1", "valid_from": "2026-03-01"}
    assert send(lead, AT, given).status_code == 422
    assert send(lead, AT, {**given, "document_no": "西环字〔2026〕9号"}).status_code == 302
    assert "在正面清单，至 2029年2月28日" in text_of(clerk.get(AT))
    assert send(clerk, AT, {"reason_code": "violation", "ground": "处罚决定", "record": "CF-2026-0001"}).status_code == 302
    check_page(lead.get(AT))
    assert send(lead, AT, {"verdict": "remove", "reason_code": "malicious", "reason": "私设暗管"}).status_code == 302
    assert "恶意排污" in text_of(clerk.get("/sites/S-000001"))


def test_an_audit_is_recorded_with_its_schemes_and_one_is_voided(site_app: Flask) -> None:
    clerk, at = visitor(site_app, "clerk"), "/sites/audits"
    refused = send(clerk, at, {"code": "S-000001", "year": "2025", "listed_on": "2025-03-01", "assessed_on": "2025-02-01"})
    assert refused.status_code == 422 and "2025-02-01" in refused.text
    assert send(clerk, at, {"code": "S-000001", "year": "2025", "listed_on": "2025-03-01"}).status_code == 302
    assert "列入名单满 2 个月未启动" in text_of(clerk.get(at))
    assert send(clerk, f"{at}/1/schemes", {"kind": "low", "name": "照明改造", "invested": "3000"}).status_code == 302
    assert send(clerk, f"{at}/1", {"listed_on": "2025-03-01", "started_on": "2025-03-20"}).status_code == 302
    check_page(clerk.get(f"{at}/1"))
    assert "投资 3000 元" in text_of(clerk.get(f"{at}/1"))
    assert send(clerk, f"{at}/1/schemes/1/void", {"reason": ""}).status_code == 422
    assert send(clerk, f"{at}/1/schemes/1/void", {"reason": "重复"}).status_code == 302
    assert "2026年3月2日 作废" in text_of(visitor(site_app, "verifier").get(f"{at}/1"))


def test_many_classes_are_decided_at_once_and_those_that_cannot_be_are_named(site_app: Flask) -> None:
    with in_town(site_app) as town:
        for n in range(2):
            rows.save_row(town.actor("clerk"), "sites", None, {"name": f"第{n}号厂", "kind": "company", "area_code": "360103"})
        for code, value in (("S-000001", "A"), ("S-000002", "B")):
            entries.propose_class(town.actor("dispatcher"), code, value, ("risk",), "近水源", valid_from=date(2026, 1, 1))
    lead, at = visitor(site_app, "lead"), "/sites/classes"
    check_page(lead.get(at))
    assert send(lead, at, {"codes": ["S-000001"], "verdict": "refuse"}).status_code == 422
    assert send(lead, at, {"verdict": "accept"}).status_code == 422
    assert send(lead, at, {"codes": ["S-000001", "S-000002", "S-000003"], "verdict": "accept"}).status_code == 302
    said = text_of(lead.get(at))
    assert "已确认 2 家" in said and "S-000003 没有待确认的分类" in said and "50.0%" in said and "2 家有变动" in said
    assert "2 家有变动" not in text_of(lead.get(f"{at}?year=2025"))
    assert visitor(site_app, "clerk").post(at).status_code in (400, 403)
