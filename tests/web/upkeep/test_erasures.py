"""Erasing through the pages: a custodian chooses and asks, a lead sees the same and decides."""

import pytest
from flask import Flask

from tests.support.visitors import check_page, found_town, in_town, send, text_of, visitor
from tracker.domain.cases.facts import CaseState

ORDER = {"basis": "secrecy", "document": "西环函〔2026〕3号"}


@pytest.fixture
def town_app(app: Flask) -> Flask:
    found_town(app)
    return app


def test_a_custodian_asks_and_a_lead_erases(town_app: Flask) -> None:
    with in_town(town_app) as town:
        number = town.case_in(CaseState.rectifying, title="张某某店铺油烟")
    custodian, lead = visitor(town_app, "custodian"), visitor(town_app, "lead")
    check_page(custodian.get("/erasures"))
    assert send(custodian, "/erasures", {"number": number.lower()}).location.endswith(f"/erasures/cases/{number}")
    page = custodian.get(f"/erasures/cases/{number}")
    check_page(page)
    assert "张某某店铺油烟" in page.text
    refused = send(custodian, f"/erasures/cases/{number}", ORDER)
    assert refused.status_code == 422 and "请至少选择一项" in refused.text
    asked = send(custodian, f"/erasures/cases/{number}", {**ORDER, "which": "1/title"})
    check_page(custodian.get(asked.location))
    assert "不予删除" not in custodian.get(asked.location).text
    assert send(custodian, asked.location, {"decision": "erase"}).status_code == 403
    check_page(lead.get(asked.location))
    assert "申请删除文字" in lead.get(f"/cases/{number}").text
    send(lead, asked.location, {"decision": "erase"})
    shown = lead.get(f"/cases/{number}")
    assert "张某某" not in shown.text and "（已依法删除）" in text_of(shown)


def test_nobody_else_finds_the_pages(town_app: Flask) -> None:
    with in_town(town_app) as town:
        number = town.registered()
    for login in ("clerk", "dispatcher", "admin"):
        assert visitor(town_app, login).get(f"/erasures/cases/{number}").status_code == 403
