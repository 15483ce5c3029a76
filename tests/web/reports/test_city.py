"""The districts side by side: each number is the number of rows behind its link, and all together are the whole."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.support.visitors import check_page, counted_statements, found_town, in_town, send, text_of, visitor
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.actor import Grant, Role
from tracker.services.cadence.gaps import books
from tracker.services.people import accounts
from tracker.services.territory import offices

pytestmark = pytest.mark.one_engine
S = CaseState
OFFICE = {"name": "朝阳洲督察整改办", "document_short": "朝环督", "filing_short": "朝环销"}


@pytest.fixture
def filled(app: Flask, clock: Any) -> Flask:
    """A district with six cases in one street, two in another and one in none; some overdue by now."""
    found_town(app)
    with in_town(app) as town:
        for state in (S.registered, S.assigned, S.rectifying, S.closed, S.closed, S.rectifying):
            town.case_in(state, area_code="360103002")
        for state in (S.assigned, S.rectifying):
            town.case_in(state, area_code="360103011")
        town.registered(area_code="360103")
    clock.advance(timedelta(days=60))
    return app


def row_of(page: Any, name: str) -> list[str]:
    (row,) = page.xpath(f"//tbody/tr[td[1][contains(., '{name}')]]")
    return [cell.xpath("string(text()[1] | a/text() | strong/text())").strip() or cell.text_content().strip() for cell in row]


def test_each_number_is_that_of_the_rows_behind_its_link_and_the_sum_is_the_whole(filled: Flask) -> None:
    client = visitor(filled, "lead")
    page = check_page(client.get("/city"))
    for link in page.xpath("//tbody/tr/td[3]/a | //tbody/tr/td[4]/a"):
        behind = check_page(client.get(link.get("href")))
        assert len(behind.xpath("//table//tbody/tr")) == int(link.text), link.get("href")
    columns = [[row[place] for row in page.xpath("//tbody/tr[position() < last()]")] for place in (2, 3, 4)]
    for place, cells in enumerate(columns, start=2):
        total = page.xpath("//tbody/tr[last()]")[0][place].text_content()
        assert sum(int(cell.xpath("string(a/text() | text())")) for cell in cells) == int(total)


def test_few_cases_are_not_ranked_and_a_place_without_a_dispatcher_says_so(filled: Flask) -> None:
    with filled.app_context():
        accounts.add_person(None, login="chen", name="陈", roles=[Grant(Role.dispatcher, "360103002")], email="c@example.cn")
    page = check_page(visitor(filled, "lead").get("/city"))
    first, second = row_of(page, "朝阳洲街道"), row_of(page, "桃源街道")
    assert (first[1], first[7]) == ("1", "有")
    assert (second[1], second[7]) == ("—", "—")
    with filled.app_context():
        offices.open_office(None, "360103011", OFFICE)
    assert row_of(check_page(visitor(filled, "lead").get("/city")), "桃源街道")[7] == "没有"
    assert "未落到下级" in text_of(visitor(filled, "lead").get("/city"))


def test_only_who_watches_over_the_whole_sees_it(filled: Flask) -> None:
    with filled.app_context():
        accounts.add_person(None, login="chen", name="陈", roles=[Grant(Role.dispatcher, "360103002")], email="c@example.cn")
    assert visitor(filled, "officer").get("/city").status_code == 403
    assert visitor(filled, "chen").get("/city").status_code == 404


def test_the_page_has_its_price_in_statements(filled: Flask) -> None:
    client = visitor(filled, "lead")
    client.get("/city")
    with counted_statements(filled) as sent:
        assert client.get("/city").status_code == 200
    assert len(sent) <= 8, sent


def test_an_office_of_its_own_reports_for_itself_and_numbers_its_closings(filled: Flask) -> None:
    with filled.app_context():
        assert books().areas == ("360103",)
        opened = offices.open_office(None, "360103002", OFFICE)
        assert books().areas == ("360103", "360103002")
        assert offices.all_offices().of("360103002", opened.valid_from).filing_short == "朝环销"  # type: ignore[arg-type,union-attr]
    with in_town(filled) as town:
        closed = town.case_in(S.closed, area_code="360103002")
        assert town.row(closed).filing_no == f"朝环销〔{town.clock.today().year}〕1号"


def test_a_second_office_for_an_area_is_refused(filled: Flask) -> None:
    client = visitor(filled, "admin")
    check_page(client.get("/settings/offices/open"))
    given = {"area_code": "360103002", **OFFICE}
    assert send_to(client, given).location == "/settings/offices"
    again = send_to(client, given | {"document_short": "另环督", "filing_short": "另环销"})
    assert (again.status_code, "已有机关" in text_of(again)) == (409, True)
    strange = send_to(client, given | {"area_code": "999999"})
    assert (strange.status_code, "没有区划代码“999999”" in text_of(strange)) == (422, True)


def send_to(client: Any, given: dict[str, str]) -> Any:
    return send(client, "/settings/offices/open", given)
