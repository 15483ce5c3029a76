"""Chinese first, English complete: who chooses English meets no Chinese but the district's own data, and papers stay Chinese."""

import re
from functools import reduce
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import event

from tests.support.phrases import CHINESE
from tests.support.tour import pages, prepare
from tests.support.visitors import check_page, found_town, send, text_of, token_of, visitor
from tracker.services.house.work import plant
from tracker.storage.house.base import db
from tracker.web.house.drawing.languages import Catalogue, counted

pytestmark = pytest.mark.one_engine
ESCAPED = re.compile(r"\\u[3-9f][0-9a-f]{3}")
SPOKEN = ("//main", "//nav", "//header", "//footer", "//title", "//template", "//script[@type='application/json']")
OURS = "[not(ancestor::*[@lang='zh-CN'][not(self::html)])]"
SAID = " | ".join(f"//@{name}{OURS}" for name in ("aria-label", "title", "alt", "placeholder", "*[starts-with(name(), 'data-')]"))
PAPERS = ("/print",)  # official papers


def in_english(client: Any) -> Any:
    """The same visitor after a press of the button."""
    with client.session_transaction() as session:
        session["language"] = "en"
    return client


def _plain(data: bytes) -> str:
    return CHINESE.sub("x", ESCAPED.sub("x", data.decode()))


def read_as_plain_letters(app: Flask) -> None:
    """From here on every Chinese character of the database is read as an x, so that what is left on a page is the product's own."""
    def plainly(connection: Any, *_: Any) -> None:
        connection.text_factory = _plain

    with app.app_context():
        db.engine.dispose()
        plant().cached.clear()
        event.listen(db.engine, "connect", plainly)


def chinese_of(page: Any, given: tuple[str, ...]) -> list[str]:
    """The texts and attributes of a page that hold Chinese, but for what was given to it and the button that leads back to Chinese."""
    texts = [text for part in SPOKEN for text in page.xpath(f"{part}//text(){OURS} | {part}/text()")]
    found = {reduce(lambda rest, each: rest.replace(each, ""), given, text) for text in [*texts, *page.xpath(SAID)]}
    return sorted(text.strip() for text in found if CHINESE.search(text))


def test_in_english_no_page_says_a_word_of_chinese(app: Flask) -> None:
    stops = pages(app, prepare(app))
    visitors = {login: in_english(visitor(app, login)) for login in {stop.login for stop in stops}}
    read_as_plain_letters(app)
    left, seen = {}, 0
    for stop in stops:
        if stop.path.endswith(PAPERS):
            continue
        response = visitors[stop.login].get(stop.path)
        page = check_page(response)
        assert page.get("lang") == "en"
        left[stop] = chinese_of(page, (app.config["SETTINGS"].mail_from, *dict(parse_qsl(urlsplit(stop.path).query)).values()))
        seen += 1
    assert seen > 25
    faults = {stop: said for stop, said in left.items() if said}
    assert not faults, "\n".join(f"{stop.login} {stop.path}: {said}" for stop, said in faults.items())


def test_chinese_is_the_language_until_somebody_presses_the_button(app: Flask) -> None:
    found_town(app)
    client = visitor(app, "lead")
    assert client.get("/", headers={"Accept-Language": "en"}).text.startswith('<!doctype html>\n<html lang="zh-CN">')
    answer = client.post("/language", data={"csrf_token": token_of(client.get("/cases")), "language": "en", "back": "/cases?q=x"})
    assert answer.location == "/cases?q=x"
    page = check_page(client.get("/cases"))
    assert page.get("lang") == "en"
    assert page.findtext(".//h1") == "Register"
    client.post("/language", data={"csrf_token": token_of(client.get("/cases")), "language": "zh", "back": "/"})
    assert check_page(client.get("/cases")).findtext(".//h1") == "台账"


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""])
def test_the_button_leads_nowhere_else(app: Flask, back: str) -> None:
    client = visitor(app)
    answer = client.post("/language", data={"csrf_token": token_of(client.get("/login")), "language": "en", "back": back})
    assert answer.location == "/"


def test_a_language_that_is_not_offered_changes_nothing(app: Flask) -> None:
    client = visitor(app)
    client.post("/language", data={"csrf_token": token_of(client.get("/login")), "language": "xx", "back": "/login"})
    assert check_page(client.get("/login")).get("lang") == "zh-CN"


def test_refusals_and_errors_of_forms_are_english_too(app: Flask) -> None:
    numbers = prepare(app)
    officer = in_english(visitor(app, "officer"))
    assert "This page was not found" in text_of(officer.get("/nothing"))
    answer = send(officer, f"/cases/{numbers['rectifying']}/steps/submit")
    page = html.fromstring(answer.data)
    summary = page.get_element_by_id("summary").text_content()
    assert answer.status_code == 422
    assert "Please fill in" in summary
    assert not CHINESE.search(summary)


def test_official_papers_stay_chinese(app: Flask) -> None:
    number = prepare(app)["closed"]
    lead = in_english(visitor(app, "lead"))
    page = html.fromstring(lead.get(f"/cases/{number}/print").data)
    assert page.get("lang") == "zh-CN"
    assert "责任与时限" in page.text_content()
    assert "Duty" not in page.text_content()


def test_what_was_filled_into_a_sentence_is_translated_with_it() -> None:
    catalogue = Catalogue({"案件现为“{0}”，时限 {1}。": "The case is now “{0}”, due {1}.", "整改中": "Rectifying", "{0} 天": "{0} day(s)"})
    assert catalogue.said("案件现为“整改中”，时限 2026年11月7日。") == "The case is now “Rectifying”, due 7 Nov 2026."
    assert catalogue.said("1 天") == "1 day"
    assert catalogue.said("没有的话") == "没有的话"


def test_a_list_of_the_code_is_translated_part_by_part_and_what_people_wrote_stays() -> None:
    catalogue = Catalogue({"、": ", ", "水": "Water", "大气": "Air", "{0}（{1}）": "{0} ({1})"})
    assert catalogue.said("水、大气") == "Water, Air"
    assert catalogue.said("a（水）、b（大气）") == "a (Water), b (Air)"
    assert catalogue.said("水、河边") == "水、河边"
    assert catalogue.said("水 · 大气") == "Water · Air"
    assert catalogue.said("水 · 河边") == "水 · 河边"


@pytest.mark.parametrize(("word", "said"), [
    ("2026年", "2026"), ("2026年3月", "Mar 2026"), ("2026年第10周", "week 10 of 2026"), ("2026年第1季度", "Q1 2026"), ("2026年3月2日", "2 Mar 2026"),
])
def test_periods_are_named_in_english(word: str, said: str) -> None:
    assert Catalogue({}).said(word) == said


@pytest.mark.parametrize(("text", "said"), [
    ("1 case(s)", "1 case"), ("2 case(s)", "2 cases"), ("1 working day(s) left", "1 working day left"), ("11 case(s)", "11 cases"),
    ("at most 1 or 21 day(s)", "at most 1 or 21 days"), ("0 file(s)", "0 files"),
])
def test_one_is_one_and_the_rest_are_many(text: str, said: str) -> None:
    assert counted(text) == said
