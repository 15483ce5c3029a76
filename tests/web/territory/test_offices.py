"""The page of offices: seen and changed by administrators, with what was typed kept."""

from typing import Any

import pytest

from tests.support.visitors import found_town, send, visitor
from tracker.services.territory import offices

pytestmark = pytest.mark.one_engine


def test_an_administrator_changes_the_names_of_the_office(app: Any) -> None:
    found_town(app)
    admin = visitor(app, "admin")
    assert "西环销〔2026〕1号" in admin.get("/settings/offices").text
    given = {"name": "西湖区整改办", "document_short": "西环督", "filing_short": "西湖销", "addressees": "各街道", "has_imprint": "1"}
    assert send(admin, "/settings/offices/360103", given).location == "/settings/offices"
    page = admin.get("/settings/offices").text
    assert "西湖销〔2026〕1号" in page and "各街道" in page
    with app.app_context():
        home = offices.home()
        assert home is not None and home.has_imprint


def test_a_refused_change_keeps_what_was_typed(app: Any) -> None:
    found_town(app)
    given = {"name": "西湖区整改办", "document_short": "西环督", "filing_short": "西1销"}
    refused = send(visitor(app, "admin"), "/settings/offices/360103", given)
    assert refused.status_code == 422
    assert "销号代字应为 2 至 8 个字" in refused.text and 'value="西湖区整改办"' in refused.text


def test_offices_that_are_not_there_and_people_who_may_not_look_alike(app: Any) -> None:
    found_town(app)
    assert visitor(app, "admin").get("/settings/offices/999999").status_code == 404
    assert visitor(app, "dispatcher").get("/settings/offices").status_code in (403, 404)
