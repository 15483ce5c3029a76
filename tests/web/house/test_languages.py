"""Chinese first, English complete: who chooses English meets no Chinese but the district's own data, and papers stay Chinese."""

import json
import re
from datetime import date
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
from tracker.domain.house.say import MARK, MARKED, DateForm, DateWords, Listed, Say
from tracker.domain.rules.periods import period_named
from tracker.services.house.work import wiring
from tracker.storage.house.base import db
from tracker.web.house.drawing.languages import ENGLISH, Catalogue, catalogue_of

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
    text = data.decode()
    return json.dumps(_lettered(json.loads(text)), ensure_ascii=False,
                      separators=(",", ":")) if MARKED in text else CHINESE.sub("x", ESCAPED.sub("x", text))


def _lettered(value: Any, name: str = "") -> Any:
    """A value of a JSON text; the pattern of a message is the product's own."""
    if isinstance(value, dict):
        return {key: _lettered(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [_lettered(each) for each in value]
    return CHINESE.sub("x", value) if isinstance(value, str) and name != MARK else value


def read_as_plain_letters(app: Flask) -> None:
    """From here on every Chinese character of the database is read as an x, messages apart, so that what is left on a page is
    the product's own."""
    def plainly(connection: Any, *_: Any) -> None:
        connection.text_factory = _plain

    with app.app_context():
        db.engine.dispose()
        wiring().cached.clear()
        event.listen(db.engine, "connect", plainly)


def chinese_of(page: Any, given: tuple[str, ...]) -> list[str]:
    """The texts and attributes of a page that hold Chinese, but for what was given to it and the button that leads back to
    Chinese."""
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


def test_what_was_done_is_told_in_english_on_the_page_that_follows(app: Flask) -> None:
    """The news goes by the cookie, and stays a message in it."""
    found_town(app)
    admin = in_english(visitor(app, "admin"))
    given = {"code": "XH-NEW", "name": "New Street", "kind": "street", "parent": "XH", "area_code": "360103001", "email": ""}
    answer = send(admin, "/people/units/add", given)
    assert answer.status_code == 302
    page = check_page(admin.get(answer.location))
    (news,) = page.xpath("//*[@role='status']")
    assert "New Street" in news.text_content()
    assert not CHINESE.search(news.text_content())


def test_official_papers_stay_chinese(app: Flask) -> None:
    number = prepare(app)["closed"]
    lead = in_english(visitor(app, "lead"))
    page = html.fromstring(lead.get(f"/cases/{number}/print").data)
    assert page.get("lang") == "zh-CN"
    assert "责任与时限" in page.text_content()
    assert "Duty" not in page.text_content()


def test_the_values_of_a_message_are_said_in_its_language() -> None:
    catalogue = Catalogue({"案件现为“{state}”，时限 {due}。": "The case is now “{state}”, due {due}.", "整改中": "Rectifying"})
    say = Say("案件现为“{state}”，时限 {due}。", state=Say("整改中"), due=DateWords(date(2026, 11, 7)))
    assert say == "案件现为“整改中”，时限 2026年11月7日。"
    assert catalogue.said(say) == "The case is now “Rectifying”, due 7 Nov 2026."


def test_what_people_wrote_is_no_message_and_stays_as_it_was_written() -> None:
    catalogue = Catalogue({"整改中": "Rectifying", "没有单位“{name}”。": "There is no unit “{name}”.",
                           "{count} 天": "{count} {count:day|days}"})
    assert catalogue.said(Say("没有单位“{name}”。", name="整改中")) == "There is no unit “整改中”."
    assert catalogue.said("没有单位“整改中”。") == "没有单位“整改中”。"
    assert catalogue.said("3 天") == "3 天"


def test_a_list_is_said_part_by_part_with_the_marks_of_the_language() -> None:
    catalogue = Catalogue({"、": ", ", "水": "Water", "大气": "Air"})
    assert catalogue.said(Listed([Say("水"), Say("大气")])) == "Water, Air"
    assert catalogue.said(Listed([Say("水"), "大气"], " · ")) == "Water · 大气"


@pytest.mark.parametrize(("day", "word", "said"), [
    (period_named("2026").word, "2026年", "2026"), (period_named("2026-03").word, "2026年3月", "Mar 2026"),
    (period_named("2026-W10").word, "2026年第10周", "week 10 of 2026"), (period_named("2026-Q1").word, "2026年第1季度", "Q1 2026"),
    (period_named("2026-03-02").word, "2026年3月2日", "2 Mar 2026"),
    (DateWords(date(2026, 3, 2), DateForm.without_year), "3月2日", "2 Mar"),
    (DateWords(date(2026, 3, 2), DateForm.weekday), "周一", "Mon"),
])
def test_days_and_periods_are_named_in_english(day: str, word: str, said: str) -> None:
    english = catalogue_of(ENGLISH)
    assert english is not None
    assert (day, english.said(day)) == (word, said)


@pytest.mark.parametrize(("number", "said"), [(0, "0 days of 2 cases"), (1, "1 day of 2 cases"), (11, "11 days of 2 cases")])
def test_one_is_one_and_the_rest_are_many(number: int, said: str) -> None:
    catalogue = Catalogue({"{n} 天{m}件": "{n} {n:day|days} of {m} {m:case|cases}", "%(n)s 天": "%(n)s {n:day|days}"})
    assert catalogue.said(Say("{n} 天{m}件", n=number, m=2)) == said
    assert catalogue.filled("%(n)s 天", {"n": number}) == said.removesuffix(" of 2 cases")


def test_a_word_after_its_number_follows_it() -> None:
    catalogue = Catalogue({"{amount} {unit}": "{amount} {unit}", "个工作日": "working {amount:day|days}"})
    assert [catalogue.said(Say("{amount} {unit}", amount=amount, unit=Say("个工作日"))) for amount in (1, 5)] == [
        "1 working day", "5 working days"]
