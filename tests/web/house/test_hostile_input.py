"""What nobody types but anybody can send: it meets a page with a sentence, in either database."""

import io
from itertools import product
from typing import Any

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import text

from tests.support.tour import pages, prepare
from tests.support.visitors import check_page, found_town, send, token_of, visitor
from tracker.storage.house.base import db
from tracker.web.house.drawing.languages import catalogue_of
from tracker.web.house.guard import needs_sign_in

NUL = "a\x00b"


@pytest.mark.both_engines
@pytest.mark.parametrize("path", ["/people?q={}", "/cases?unit={}", "/cases/{}", "/reports?period={}", "/reports/weekly/{}"])
def test_an_address_with_a_nul_is_no_question_for_the_database(app: Flask, path: str) -> None:
    found_town(app)
    answer = visitor(app, "dispatcher").get(path.format("a%00b"))
    assert answer.status_code == 400
    check_page(answer)


def test_a_sign_in_with_a_nul_is_sent_back(app: Flask) -> None:
    found_town(app)
    assert send(app.test_client(), "/login", {"login": NUL, "password": NUL}).status_code == 400


def test_a_form_with_a_nul_is_sent_back(app: Flask) -> None:
    found_town(app)
    answer = send(visitor(app, "clerk"), "/cases/views", {"name": NUL, "query": ""}, at="/cases")
    assert answer.status_code == 400


@pytest.mark.parametrize("mark", ["9" * 25, "2026-03-02." + "9" * 25, "²", "2026-03-02.²", "x", "."])
def test_a_mark_of_another_page_that_somebody_made_up_is_refused(app: Flask, mark: str) -> None:
    found_town(app)
    clerk = visitor(app, "clerk")
    assert {clerk.get("/cases", query_string={"after": mark, "sort": sort}).status_code for sort in ("due", "newest")} == {422}


@pytest.mark.parametrize("mark", ["9" * 18, "2026-03-02." + "9" * 18])
def test_a_mark_beyond_every_case_is_a_page_without_lines(app: Flask, mark: str) -> None:
    found_town(app)
    sort = "due" if "." in mark else "newest"
    assert visitor(app, "clerk").get("/cases", query_string={"after": mark, "sort": sort}).status_code == 200


def test_a_fault_of_the_database_has_a_page_too(app: Flask) -> None:
    found_town(app)
    app.testing = False

    @needs_sign_in
    def breaks(**given: object) -> str:
        return str(db.session.execute(text("SELECT nothing FROM nowhere")))

    app.view_functions["territory.territory"] = breaks
    answer = visitor(app, "clerk").get("/territory")
    assert answer.status_code == 500
    assert "系统出了问题" in check_page(answer).text_content()


def test_what_somebody_wrote_stands_in_no_log_of_a_fault(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    found_town(app)
    app.testing = False
    written = "举报人李四"

    @needs_sign_in
    def breaks(**given: object) -> str:
        return str(db.session.execute(text("SELECT nothing FROM nowhere WHERE said = :said"), {"said": written}))

    app.view_functions["territory.territory"] = breaks
    visitor(app, "clerk").get("/territory")
    assert "SELECT nothing" in caplog.text
    assert written not in caplog.text


def test_a_year_without_end_shows_this_one(app: Flask) -> None:
    found_town(app)
    assert visitor(app, "admin").get("/settings/calendar?year=" + "9" * 5000).status_code == 200


def test_a_long_text_in_a_field_is_not_repeated_in_either_language(app: Flask) -> None:
    found_town(app)
    clerk, written = visitor(app, "clerk"), "应为日期，如" * 3000
    for language in ("zh", "en"):
        send(clerk, "/language", {"language": language}, at="/my")
        answer = send(clerk, "/cases/new", {"title": "河边", "received_on": written})
        assert answer.status_code == 422
        said = check_page(answer).xpath("//div[@id='summary']")[0].text_content()
        assert "…”" in said
        assert written[:60] not in said


def test_a_text_that_is_no_sentence_of_ours_is_not_searched_for_any(app: Flask) -> None:
    catalogue = catalogue_of("en")
    assert catalogue is not None
    for written in ("应为日期，如" * 1000, "  应于 ，时间未到。" * 500):
        assert catalogue.said(written) == written


SCRIPT = "<script>alert(1)</script>=cmd|' /C calc'!A0"


@pytest.mark.timeout(300)
def test_no_form_of_any_page_breaks_or_repeats_a_script(app: Flask) -> None:
    """Each form there is, filled in by one who may, who belongs elsewhere or who may nothing: a script, a huge number, an empty
    file."""
    stops = pages(app, prepare(app))
    app.testing = False
    forms = {form.get("action") or stop.path: form for stop in stops
             for form in html.fromstring(visitor(app, stop.login).get(stop.path).data).xpath("//main//form[@method='post']")}
    assert len(forms) > 25
    for login, (action, form) in product(("other_dispatcher", "officer", "admin", "dispatcher"), forms.items()):
        client = visitor(app, login)
        token = token_of(client.get("/my"))
        for written in (SCRIPT, "9" * 30):
            answer = client.post(action, data={**filled(form, written), "csrf_token": token}, content_type="multipart/form-data")
            assert answer.status_code < 500, (login, action, written)
            assert b"<script>alert" not in answer.data, (login, action)
            answer.close()


def filled(form: Any, written: str) -> dict[str, Any]:
    """Every field of a form with the same thing in it; of files an empty one that is called so."""
    fields = form.xpath(".//input[@name] | .//select[@name] | .//textarea[@name]")
    return {each.get("name"): (io.BytesIO(), f"{written}.csv") if each.get("type") == "file" else written for each in fields}
