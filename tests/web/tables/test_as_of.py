"""The register of an earlier day, from the page of today's."""

from datetime import date

import pytest
from flask import Flask
from lxml import html

from tests.support.visitors import check_page, found_town, in_town, text_of, visitor
from tracker.domain.cases.facts import CaseState
from tracker.services.tables import register_as_of

pytestmark = pytest.mark.one_engine


@pytest.fixture
def past(app: Flask) -> Flask:
    """A case assigned on 3 March and closed on the 4th, another registered that day."""
    found_town(app)
    with in_town(app) as town:
        first = town.registered()
        town.days_pass(1)
        town.walk(first, "assign", "acknowledge")
        town.days_pass(1)
        town.registered()
        town.walk(first, "submit", "verify", "close")
    return app


def lines_of(client: object, address: str) -> list[tuple[str, str]]:
    """Numbers and states of a page."""
    rows = check_page(client.get(address)).xpath("//main//table//tbody/tr")  # type: ignore[attr-defined]
    return [(row.xpath(".//span[contains(@class, 'meta')]/text()")[0], " ".join(row[2].text_content().split())) for row in rows]


def test_the_register_leads_to_itself_as_it_stood_on_a_day(past: Flask) -> None:
    client = visitor(past, "dispatcher")
    form = html.fromstring(client.get("/cases?state=rectifying&q=河边&sort=newest").data).xpath("//form[@action='/cases/as-of']")[0]
    assert {each.get("name"): each.get("value") for each in form.iter("input")} == {"state": "rectifying", "q": "河边", "on": ""}
    seen = {on: lines_of(client, f"/cases/as-of?on={on}") for on in ("2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04")}
    first, late = "XH-2026-000001", "XH-2026-000002"
    assert seen == {"2026-03-01": [], "2026-03-02": [(first, "待交办")], "2026-03-03": [(first, "整改中")],
                    "2026-03-04": [(first, "已销号"), (late, "待交办")]}
    assert "截至 2026年3月3日 24:00 的台账" in text_of(client.get("/cases/as-of?on=2026-03-03"))
    for asked, found in (("state=rectifying", 1), ("unit=none", 0), ("unit=XH-CYZ", 1), ("closed_from=2026-03-01", 0),
                         ("light=green", 1)):
        assert len(lines_of(client, f"/cases/as-of?on=2026-03-03&{asked}")) == found, asked


def test_a_day_to_come_or_none_is_refused_by_name(past: Flask) -> None:
    client = visitor(past, "dispatcher")
    for address in ("/cases/as-of", "/cases/as-of?on=x", "/cases/as-of?on=2026-03-05"):
        answer = client.get(address)
        assert answer.status_code == 422 and "截至日期" in text_of(answer)


def test_who_sees_nothing_now_sees_nothing_of_then(past: Flask) -> None:
    assert lines_of(visitor(past, "other_dispatcher"), "/cases/as-of?on=2026-03-04") == []


def test_a_page_of_then_ends_where_it_has_looked_enough(past: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with in_town(past) as town:
        wanted = [town.case_in(CaseState.rectifying) for _ in range(4)]
    monkeypatch.setattr(register_as_of, "LOOKED_AT_ONCE", 1)
    monkeypatch.setattr(register_as_of, "MOST_LOOKED_AT", 2)
    client, address, found, pages = visitor(past, "dispatcher"), "/cases/as-of?on=2026-03-04&state=rectifying", list[str](), 0
    while address:
        found += [number for number, _ in lines_of(client, address)]
        address = "".join(html.fromstring(client.get(address).data).xpath("//a[@rel='next']/@href"))
        pages += 1
    assert found == wanted and pages == 4
    assert date(2026, 3, 4).isoformat() in str(client.get("/cases/as-of?on=2026-03-04").data)
