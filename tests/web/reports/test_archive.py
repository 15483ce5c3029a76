"""The archive of reports: frozen pages, files and lists, each reader within their fence, and the proof at hand."""

import json
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

import docx
import pytest
from flask import Flask
from sqlalchemy import select

from tests.support.visitors import check_page, counted_statements, found_town, in_town, main_of, send, text_of, visitor
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.actor import Actor, Grant, Role
from tracker.domain.reports.sight import may_read, readable, reads_whole
from tracker.services.cadence import beats
from tracker.services.house.work import wiring
from tracker.services.reports import reports
from tracker.storage.house.base import db
from tracker.storage.reports import archive as report_archive
from tracker.storage.reports.stored import StoredReport

pytestmark = pytest.mark.one_engine
WEEKLY, DAILY = "/reports/weekly/2026-W10", "/reports/daily/2026-03-03"


@pytest.fixture
def week(app: Flask, clock: Any) -> Flask:
    """Two cases of the first street and one of the second, and the reports of the week up to Friday 15:00."""
    found_town(app)
    with in_town(app) as town:
        town.case_in(CaseState.rectifying, "PATROL")
        town.case_in(CaseState.verified, "PATROL")
        town.do(town.registered("PATROL", title="桃源路油烟"), "assign", lead_unit="XH-TY", supporting_units="")
        beats.run_due()
        for when in ("03 18:00", "06 15:00"):
            clock.move_to(datetime.fromisoformat(f"2026-03-{when}").replace(tzinfo=wiring().zone))
            beats.run_due()
    return app


def stored(app: Flask) -> StoredReport:
    with in_town(app):
        return db.session.scalars(select(StoredReport).where(StoredReport.name == "weekly")).one()


@pytest.mark.parametrize(("grant", "name", "area", "is_theirs", "is_whole"), [
    (Grant(Role.dispatcher, "360103"), "daily", "360103", True, True),
    (Grant(Role.supervisor, "3601"), "weekly", "360103", True, True),
    (Grant(Role.lead, "360103002"), "daily", "360103", False, False),
    (Grant(Role.lead, "360103002"), "weekly", "360103", True, False),
    (Grant(Role.officer, "360103"), "weekly", "360103", True, False),
    (Grant(Role.officer, "360103"), "daily", "360103", False, False),
    (Grant(Role.officer, "360102"), "weekly", "360103", False, False),
    (Grant(Role.clerk, "360103"), "weekly", "360103", False, False),
    (Grant(Role.auditor, "360102"), "weekly", "360103", False, False),
])
def test_who_reads_which_report(grant: Grant, name: str, area: str, is_theirs: bool, is_whole: bool) -> None:
    actor = Actor(1, "某人", grants=(grant,))
    assert (may_read(actor, name, area), reads_whole(actor, area)) == (is_theirs, is_whole)


def test_the_list_shows_each_reader_their_own(week: Flask) -> None:
    client = visitor(week, "dispatcher")
    rows = check_page(client.get("/reports")).xpath("(//main//table)[1]/tbody/tr")
    titles = {row.xpath("string(td[1])") for row in rows}
    assert len(titles) >= 3
    theirs = text_of(visitor(week, "officer").get("/reports"))
    assert "周调度（2026年第10周）" in theirs
    assert "当日小结（" not in theirs
    assert "没有" in text_of(visitor(week, "other_dispatcher").get("/reports?name=weekly"))
    assert visitor(week, "clerk").get("/reports").status_code == 403
    assert client.get("/reports?after=x").status_code == 422
    assert "2026-W10" in text_of(client.get("/reports?period=2026-W"))


def test_the_archive_goes_on_where_the_page_ended(week: Flask) -> None:
    with in_town(week) as town:
        mine = readable(town.actor("lead"))
        first = report_archive.archive(db.session(), mine, size=2)
        further = report_archive.archive(db.session(), mine, after=first.after, size=2)
        everything = report_archive.archive(db.session(), mine)
    assert len(first.lines) == 2
    assert everything.after == ""
    assert [*first.lines, *further.lines] == list(everything.lines)[:len(first.lines) + len(further.lines)]


def test_absent_and_forbidden_reports_look_alike(week: Flask) -> None:
    for login, path in (("officer", DAILY), ("other_dispatcher", WEEKLY), ("officer", "/reports/weekly/2026-W40"),
                        ("dispatcher", "/reports/tea/2026")):
        client = visitor(week, login)
        theirs, absent = client.get(path), client.get("/reports/nothing/x")
        assert theirs.status_code == absent.status_code == 404
        assert main_of(theirs).replace(path, "#") == main_of(absent).replace("/reports/nothing/x", "#")
        for part in ("/print", "/cases?figure=closing", "/file.xlsx", "/file.json"):
            assert client.get(path + part).status_code == 404


def test_a_report_stands_as_it_was_frozen_with_files_and_print(week: Flask) -> None:
    client, row = visitor(week, "lead"), stored(week)
    page = check_page(client.get(WEEKLY))
    assert row.digest in page.text_content()
    assert "拟销号清单" in page.text_content()
    check_page(client.get(f"{WEEKLY}/print"))
    text = client.get(f"{WEEKLY}/file.json").data
    assert sha256(text).hexdigest() == row.digest
    for kind in ("xlsx", "docx"):
        answer = client.get(f"{WEEKLY}/file.{kind}")
        assert answer.data[:2] == b"PK"
        assert answer.headers["Content-Disposition"].endswith(f".{kind}")
        assert "no-store" in answer.headers["Cache-Control"]
    with week.app_context():
        on = reports.issued_on(row)
    assert f"{on.year}年{on.month}月{on.day}日" in [line.text for line in docx.Document(BytesIO(answer.data)).paragraphs]


def test_every_figure_with_cases_leads_to_them(week: Flask) -> None:
    client = visitor(week, "lead")
    links = check_page(client.get(WEEKLY)).xpath("//main//a[contains(@href, 'figure=')]")
    assert links
    for link in links:
        rows = check_page(client.get(link.get("href"))).xpath("//main//table/tbody/tr")
        assert len(rows) == int("".join(link.itertext()).partition("（")[0]) if link.text_content().isdigit() else rows
    assert client.get(f"{WEEKLY}/cases?figure=tea").status_code == 404


def test_every_number_of_a_table_leads_to_as_many_cases(week: Flask) -> None:
    client = visitor(week, "lead")
    links = check_page(client.get(WEEKLY)).xpath("//main//td/a[contains(@href, 'cell=')]")
    heads = {check_page(client.get(link.get("href"))).xpath("string(//h1)") for link in links[:3]}
    assert len(heads) == 3 and all(" · " in head for head in heads)
    assert len(links) > 20
    for link in links[::5]:
        rows = check_page(client.get(link.get("href"))).xpath("//main//table/tbody/tr")
        assert len(rows) == int(link.text_content())
    assert client.get(f"{WEEKLY}/cases?cell=0.0.0.9").status_code == 404


def test_an_officer_reads_the_circular_and_only_the_cases_of_their_unit(week: Flask) -> None:
    client = visitor(week, "officer")
    page = check_page(client.get(WEEKLY))
    seen = set(page.xpath("//main//a[starts-with(@href, '/cases/XH')]/@href"))
    assert seen == {"/cases/XH-2026-000001", "/cases/XH-2026-000002"}
    assert "桃源路油烟" not in page.text_content()
    rows = check_page(client.get(f"{WEEKLY}/cases?figure=closing")).xpath("//main//table/tbody/tr")
    assert len(rows) == 2
    assert client.get(f"{WEEKLY}/file.json").status_code == 404
    assert client.get(f"{WEEKLY}/file.xlsx").status_code == 200
    assert send(client, f"{WEEKLY}/check", {}, at="/").status_code == 404


def test_the_recount_says_whether_it_is_equal(week: Flask) -> None:
    client = visitor(week, "auditor")
    answer = send(client, f"{WEEKLY}/check", {}, at=WEEKLY)
    assert answer.status_code == 302
    assert f"摘要同为 {stored(week).digest[:12]}" in text_of(client.get(answer.location))


def test_a_period_that_is_not_frozen_says_when_it_is_due_and_can_be_previewed(week: Flask, clock: Any) -> None:
    clock.advance(hours=2)
    client = visitor(week, "lead")
    page = check_page(client.get("/reports/weekly/2026-W11"))
    assert "应于 2026年3月13日 15:00" in " ".join(page.text_content().split())
    (further,) = page.xpath("//main//a[contains(@href, 'preview=1')]/@href")
    assert "预览（未存档）" in text_of(client.get(further))
    assert "还没有内容" in text_of(client.get("/reports/weekly/2026-W40?preview=1"))
    assert visitor(week, "officer").get(further).status_code == 404
    with in_town(week):
        assert len(list(db.session.scalars(select(StoredReport).where(StoredReport.name == "weekly")))) == 1


def test_the_price_of_the_pages_in_statements(week: Flask) -> None:
    client = visitor(week, "lead")
    for path, most in (("/reports", 4), (WEEKLY, 5), (f"{WEEKLY}/cases?figure=closing", 5)):
        client.get(path)
        with counted_statements(week) as sent:
            assert client.get(path).status_code == 200
        assert len(sent) <= most, (path, sent)
    assert json.loads(client.get(f"{WEEKLY}/file.json").data)
