"""Columns, saved views and the export of exactly what is shown."""

import io
from typing import Any
from urllib.parse import parse_qs

import pytest
from flask import Flask
from lxml import html
from openpyxl import load_workbook

from tests.support.visitors import check_page, found_town, in_town, text_of, token_of, visitor
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.register.columns import COLUMNS, STANDARD
from tracker.services.tables.exporting import SHOWN_AS

pytestmark = pytest.mark.one_engine
S = CaseState


@pytest.fixture
def filled(app: Flask) -> Flask:
    """Cases in several states, some of another street."""
    found_town(app)
    with in_town(app) as town:
        for state in (S.registered, S.assigned, S.rectifying, S.verified, S.closed, S.voided):
            town.case_in(state)
            town.days_pass(2)
        town.do(town.registered(area_code="360103011", title="油烟"), "assign", lead_unit="XH-TY")
    return app


def shown(client: Any, path: str) -> list[str]:
    """The numbers of the register's lines, in their order."""
    page = html.fromstring(client.get(path).data)
    return [str(href).rpartition("/")[2]
            for href in page.xpath("//table[contains(@class, 'register')]//td[contains(@class, 'title')]/a/@href")]


def exported(client: Any, query: str) -> list[str]:
    """The numbers in the workbook, in their order."""
    with client.get(f"/cases/export.xlsx?{query}") as answer:
        assert answer.status_code == 200
        book = load_workbook(io.BytesIO(answer.data), read_only=True)
    return [str(row[0]) for row in book["案件"].iter_rows(min_row=2, values_only=True)]


@pytest.mark.parametrize("query", ["", "sort=due", "state=assigned&state=rectifying", "q=油烟", "light=green",
                                   "unit=XH-CYZ&sort=newest", "state=voided"])
def test_an_export_holds_exactly_what_is_shown(filled: Flask, query: str) -> None:
    for login in ("dispatcher", "officer", "neighbour", "lead"):
        client = visitor(filled, login)
        assert exported(client, query) == shown(client, f"/cases?{query}"), login


def test_an_export_of_chosen_columns_holds_these_and_no_others(filled: Flask) -> None:
    client = visitor(filled, "dispatcher")
    with client.get("/cases/export.csv?cols=place&cols=light&cols=due") as answer:
        assert answer.data.decode("utf-8-sig").splitlines()[0] == "案件编号,标题,灯色,地点,整改时限"
    assert client.get("/cases/export.csv?cols=reporter").status_code == 422
    assert set(SHOWN_AS) == set(COLUMNS)


def test_the_street_in_an_export_of_chosen_columns_is_the_one_on_the_page(filled: Flask) -> None:
    with in_town(filled) as town:
        number = town.registered(area_code="360103011", area_text="西湖区")
    client = visitor(filled, "dispatcher")
    page = html.fromstring(client.get("/cases?cols=area").data)
    row = " ".join(page.xpath("//tr[.//a[contains(@href, $n)]]", n=number)[0].text_content().split())
    with client.get("/cases/export.csv?cols=area") as answer:
        street = next(line for line in answer.data.decode("utf-8-sig").splitlines() if number in line).rpartition(",")[2]
    assert street not in ("", "西湖区")
    assert street in row


def test_the_button_leads_to_the_file_of_this_view(filled: Flask) -> None:
    client = visitor(filled, "dispatcher")
    page = html.fromstring(client.get("/cases?state=assigned&unit=XH-TY").data)
    links = page.xpath("//a[contains(@href, '/cases/export.')]/@href")
    assert len(links) == 3
    for link in links:
        with client.get(link) as answer:
            assert answer.status_code == 200
            kind = link.partition("?")[0][-4:]
            assert f"2026-03-14.{kind.strip('.')}" in answer.headers["Content-Disposition"]
            assert answer.content_length == len(answer.data) > 0
            assert answer.headers["Cache-Control"] == "private, no-store"
    with client.get(links[1]) as answer:
        assert answer.data.decode("utf-8-sig").count("XH-2026-") == 1


def test_who_may_not_export_gets_no_button_and_no_file(filled: Flask) -> None:
    client = visitor(filled, "inspector")
    assert "export." not in client.get("/cases").text
    assert client.get("/cases/export.xlsx").status_code == 403
    assert visitor(filled, "dispatcher").get("/cases/export.pdf").status_code == 404


def test_columns_are_chosen_and_carried_along(filled: Flask) -> None:
    client = visitor(filled, "dispatcher")
    heads = [" ".join(seen_of(h).split())
             for h in html.fromstring(client.get("/cases?cols=place&cols=received").data).iter("th")]
    assert heads == ["选中", "案件", "地点", "受理日期"]
    standard = html.fromstring(client.get("/cases").data)
    assert [seen_of(h) for h in standard.iter("th")][1:] == ["灯色", "案件", "状态", "主办单位", "来源", "时限"]
    tabs = html.fromstring(client.get("/cases?cols=place").data).xpath("//ul[@class='tabs']//a/@href")
    assert all(parse_qs(tab.partition("?")[2])["cols"] == ["place"] for tab in tabs)
    check_page(client.get("/cases?" + "&".join(f"cols={c}" for c in COLUMNS)))
    assert set(STANDARD) <= set(COLUMNS)
    assert client.get("/cases?cols=reporter").status_code == 422


def saved(client: Any, name: str, query: str, **more: str) -> Any:
    return client.post("/cases/views", data={"csrf_token": token_of(client.get("/cases")), "name": name, "query": query, **more})


def views_of(client: Any) -> dict[str, str]:
    """The names of the views above the register, each with where it leads."""
    page = html.fromstring(client.get("/cases").data)
    return {a.text: a.get("href") for a in page.xpath("//span[contains(@class, 'chip-view')]/a[not(@class)]")}


def test_a_view_keeps_filters_sort_and_columns(filled: Flask) -> None:
    client = visitor(filled, "officer")
    answer = saved(client, "我的 在办", "state=assigned&sort=newest&cols=place&evil=1&after=9")
    assert answer.location == "/cases?state=assigned&sort=newest&cols=place"
    assert views_of(client) == {"我的 在办": "/cases?state=assigned&sort=newest&cols=place"}
    page = check_page(client.get(answer.location))
    assert page.xpath("//a[@aria-current='true'][text()='我的 在办']")
    saved(client, "我的 在办", "")
    assert views_of(client) == {"我的 在办": "/cases"}


def test_a_view_is_its_owner_s_until_it_is_shared_with_the_unit(filled: Flask) -> None:
    owner, colleague, neighbour = (visitor(filled, login) for login in ("officer", "officer2", "neighbour"))
    saved(owner, "私下的", "q=垃圾")
    saved(owner, "大家的", "state=rectifying", shared="1")
    assert set(views_of(owner)) == {"私下的", "大家的"}
    assert set(views_of(colleague)) == {"大家的"}
    assert views_of(neighbour) == {}
    assert "officer先生共享" in text_of(colleague.get("/cases"))
    assert shown(neighbour, "/cases?state=rectifying") == []


def test_a_view_is_dropped_by_its_owner_after_a_question(filled: Flask) -> None:
    owner, colleague = visitor(filled, "officer"), visitor(filled, "officer2")
    saved(owner, "大家的", "state=rectifying", shared="1")
    (address,) = html.fromstring(owner.get("/cases").data).xpath("//a[@class='drop']/@href")
    assert not html.fromstring(colleague.get("/cases").data).xpath("//a[@class='drop']")
    token = {"csrf_token": token_of(colleague.get("/cases"))}
    assert colleague.get(address).status_code == 404
    assert colleague.post(address, data=token).status_code == 404
    check_page(owner.get(address))
    assert set(views_of(owner)) == {"大家的"}
    assert owner.post(address, data={"csrf_token": token_of(owner.get(address))}).status_code == 302
    assert views_of(owner) == {}


@pytest.mark.parametrize(("name", "query", "status"), [("", "", 302), ("x" * 41, "", 302), ("好", "state=nothing", 422),
                                                       ("好", "cols=x", 422)])
def test_a_view_that_says_nothing_is_refused(filled: Flask, name: str, query: str, status: int) -> None:
    client = visitor(filled, "officer")
    assert saved(client, name, query).status_code == status
    assert views_of(client) == {}


def test_thirty_views_are_enough(filled: Flask) -> None:
    client = visitor(filled, "officer")
    for n in range(31):
        last = saved(client, f"视图{n}", "")
    assert "最多保存 30 个视图" in text_of(client.get(last.location))
    assert len(views_of(client)) == 30


def seen_of(heading: Any) -> str:
    """What a heading says on a desk; a phone, whose headings are no links, is told it once more."""
    return "".join(heading.xpath(".//text()[not(parent::span[@class='on-phone'])]"))
