"""Appeals through the pages: the unit appeals, another person decides, and whoever has no business here finds nothing."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask, render_template

from tests.support.visitors import check_page, found_town, in_town, send, text_of, visitor
from tracker.domain.house.clock import SetClock
from tracker.domain.rules.periods import period_named
from tracker.services.reports import reports

pytestmark = pytest.mark.one_engine
LIST = "/reports/quarterly/2026-Q1/appeals"
NEW, DECIDE = f"{LIST}/new", f"{LIST}/1/decide"
WORDS = "当日道路封闭，整改已到位"


@pytest.fixture
def appraised(app: Flask, clock: SetClock) -> Flask:
    """A street with one rejected case in the first quarter, published on 7 April."""
    found_town(app)
    with in_town(app) as town:
        town.walk(town.registered(), "assign", "acknowledge", "submit", "reject", "submit", "verify")
        clock.move_to(datetime(2026, 4, 7, 1, 0, tzinfo=UTC))
        reports.publish(reports.build("quarterly", period_named("2026-Q1"), "360103"))
    return app


def appealed(app: Flask, by: str = "officer") -> Any:
    client = visitor(app, by)
    page = check_page(client.get(NEW))
    line = page.xpath("//select[@name='line']/option/@value")[-1]
    return send(client, NEW, {"line": line, "text": WORDS})


def test_the_unit_appeals_and_a_dispatcher_decides(appraised: Flask) -> None:
    assert "提出申诉" in text_of(visitor(appraised, "officer").get(LIST))
    assert appealed(appraised).location == LIST
    dispatcher = visitor(appraised, "dispatcher")
    assert WORDS in text_of(dispatcher.get(LIST))
    assert "核查不通过" in text_of(dispatcher.get(DECIDE))
    assert send(dispatcher, DECIDE, {"outcome": "upheld", "reason": "情况属实"}).location == LIST
    said = text_of(visitor(appraised, "officer").get(LIST))
    assert "申诉成立，下期更正" in said
    assert "情况属实" in said


def test_a_decided_appeal_is_shown_in_the_list_and_not_asked_about_again(appraised: Flask) -> None:
    appealed(appraised)
    dispatcher = visitor(appraised, "dispatcher")
    send(dispatcher, DECIDE, {"outcome": "upheld", "reason": "情况属实"})
    assert dispatcher.get(DECIDE).location == LIST


def test_what_is_missing_is_asked_for_at_its_field(appraised: Flask) -> None:
    officer = visitor(appraised, "officer")
    answer = send(officer, NEW, {"line": "", "text": ""})
    assert answer.status_code == 422
    assert "请选择“对哪一条申诉”。" in answer.text
    foreign = send(officer, NEW, {"line": "1/rejected/XH-2026-000009/1/2026-01-01", "text": WORDS})
    assert foreign.status_code == 403
    assert WORDS in foreign.text
    appealed(appraised)
    empty = send(visitor(appraised, "lead"), DECIDE, {"outcome": "upheld"})
    assert empty.status_code == 422


def test_a_line_can_be_chosen_by_its_address(appraised: Flask) -> None:
    page = check_page(visitor(appraised, "officer").get(NEW))
    line = page.xpath("//select[@name='line']/option/@value")[-1]
    chosen = check_page(visitor(appraised, "officer").get(NEW, query_string={"line": line}))
    assert chosen.xpath("//select[@name='line']/option[@selected]/@value") == [line]


def test_after_ten_working_days_nothing_can_be_said(appraised: Flask, clock: SetClock) -> None:
    clock.advance(days=20)
    assert "现在不能提出申诉" in text_of(visitor(appraised, "officer").get(NEW))
    assert "提出申诉" not in text_of(visitor(appraised, "officer").get(LIST))


@pytest.mark.parametrize(("login", "reads", "raises", "decides"), [
    ("officer", 200, 200, 403), ("neighbour", 200, 200, 404), ("dispatcher", 200, 403, 200), ("lead", 200, 403, 200), ("supervisor", 200, 403, 403),
    ("verifier", 403, 403, 403), ("many_hats", 200, 200, 403), ("other_lead", 404, 403, 404), ("other_officer", 404, 404, 404),
    ("custodian", 403, 403, 403), ("", 302, 302, 302),
])
def test_everybody_finds_what_is_theirs(appraised: Flask, login: str, reads: int, raises: int, decides: int) -> None:
    appealed(appraised, "officer2")
    client = visitor(appraised, login)
    assert [client.get(path).status_code for path in (LIST, NEW, DECIDE)] == [reads, raises, decides]


@pytest.mark.parametrize("path", [
    "/reports/quarterly/2026-Q2/appeals", "/reports/daily/2026-03-02/appeals", "/reports/annual/2026/appeals", f"{LIST}/7/decide",
    f"{LIST}?area=360102", "/reports/quarterly/nonsense/appeals"])
def test_what_is_not_there_is_not_found(appraised: Flask, path: str) -> None:
    assert visitor(appraised, "lead").get(path).status_code == 404


def test_other_units_do_not_read_what_a_unit_said(appraised: Flask) -> None:
    appealed(appraised)
    assert WORDS not in text_of(visitor(appraised, "neighbour").get(LIST))
    assert WORDS in text_of(visitor(appraised, "officer2").get(LIST))


def test_the_page_of_a_report_can_show_its_appeals(appraised: Flask) -> None:
    appealed(appraised)
    client = visitor(appraised, "lead")
    with client.session_transaction() as session:
        kept = dict(session)
    with appraised.test_request_context("/"):
        from flask import session as current

        current.update(kept)
        document = reports.build("quarterly", period_named("2026-Q1"), "360103").document
        assert WORDS in render_template("appeals/_of_report.html", document=document)


def test_the_pages_speak_english_too(appraised: Flask) -> None:
    appealed(appraised)
    client = visitor(appraised, "lead")
    with client.session_transaction() as session:
        session["language"] = "en"
    assert "Appeals" in text_of(client.get(LIST))
    assert "Decide" in text_of(client.get(DECIDE))
