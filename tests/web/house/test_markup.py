"""Every page is valid HTML by the Nu checker: each page as each role meets it, in both languages, and what is refused or sent back too."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from lxml import html

from tests.support.nu import objections
from tests.support.project_files import ROOT
from tests.support.tour import VISITORS, addresses, pages, prepare
from tests.support.visitors import check_page, main_of, token_of, visitor
from tracker.web.house.guard import needs_sign_in

pytestmark = [pytest.mark.one_engine, pytest.mark.timeout(300)]
GOLDEN_MAILS = ROOT / "tests" / "golden" / "mails"
WRAPPED = "<!doctype html><html lang='zh'><head><title>{0}</title></head><body>{1}</body></html>"
BAD = WRAPPED.format("坏的一页", "<ul><div>水</div></ul><p>一<div>二</div></p><input optional><a href=x><button>三</button></a><i id=x></i><i id=x></i>")
FAULTS = ("not allowed as child of element “ul”", "No “p” element in scope", "“optional” not allowed", "“button” must not appear as a descendant", "Duplicate ID")


def test_every_page_is_valid_html(app: Flask, tmp_path: Path) -> None:
    numbers = prepare(app)
    found = dict(met_by_everybody(app, addresses(app, numbers)))
    stops = pages(app, numbers)
    found |= dict(in_english(app, stops))
    found |= dict(sent_back(app, stops))
    found |= dict(refused(app))
    found |= {f"mail {file.name}": file.read_text() for file in GOLDEN_MAILS.glob("*.html")}
    assert len(found) > 500
    said = objections({**found, "a bad page": BAD}, tmp_path)
    seen = " ".join(said.pop("a bad page"))
    assert [fault for fault in FAULTS if fault not in seen] == []
    assert said == {}


def met_by_everybody(app: Flask, paths: list[str]) -> Iterator[tuple[str, str]]:
    """Each address as every role finds it; what is said to those who are not let in, once for each thing that is said."""
    told = set()
    for login in VISITORS:
        client = visitor(app, login)
        for path in paths:
            answer = client.get(path)
            if answer.mimetype == "text/html" and (answer.status_code == 200 or main_of(answer) not in told):
                told.add(main_of(answer))
                yield from kept(f"{login} {path} {answer.status_code}", answer)
            answer.close()


def in_english(app: Flask, stops: list[Any]) -> Iterator[tuple[str, str]]:
    for stop in stops:
        client = visitor(app, stop.login)
        with client.session_transaction() as session:
            session["language"] = "en"
        yield from kept(f"{stop.login} {stop.path} in English", client.get(stop.path))


def sent_back(app: Flask, stops: list[Any]) -> Iterator[tuple[str, str]]:
    """What answers to every form of every page, sent with nothing filled in."""
    for stop in stops:
        forms = html.fromstring(visitor(app, stop.login).get(stop.path).data).xpath("//main//form[@method='post']")
        for form in forms:
            client = visitor(app, stop.login)
            given = {"csrf_token": token_of(client.get("/my" if stop.login else "/login"))}
            given |= {each.get("name"): each.get("value") for each in form.xpath(".//input[@type='hidden'][@name!='csrf_token']") if each.get("value")}
            answer = client.post(form.get("action") or stop.path, data=given, content_type="multipart/form-data")
            yield from kept(f"{stop.login} {stop.path} -> {form.get('action')} {answer.status_code}", answer)


def refused(app: Flask) -> Iterator[tuple[str, str]]:
    """The pages of what goes wrong: a lost form, too much, the wrong method, nothing there, a fault of ours."""
    client = visitor(app, "clerk")
    app.config["MAX_CONTENT_LENGTH"] = 3000
    app.testing = False
    app.view_functions["territory.territory"] = _breaks
    for status, answer in ((400, client.post("/cases/new", data={"title": "<b>河</b>"})), (404, client.get("/nothing")), (405, client.get("/logout")),
                           (413, client.post("/cases/new", data={"title": "水" * 9000})), (500, client.get("/territory"))):
        assert answer.status_code == status
        yield from kept(f"error {status}", answer)


@needs_sign_in
def _breaks(**given: object) -> str:
    raise RuntimeError


def kept(name: str, answer: Any) -> Iterator[tuple[str, str]]:
    """A page to look at; a part of a page stands in one. Redirections and files are none."""
    if answer.mimetype != "text/html" or answer.status_code in (301, 302, 303, 308):
        return
    if answer.text.startswith("<!doctype html>"):
        check_page(answer)
        yield name, answer.text
    elif answer.text:
        yield name, WRAPPED.format(name, answer.text)
