"""What the scripts of the drafts ask of the server, and what lets pages open without a network."""

import json
import re
from typing import Any

import pytest
from flask import Flask
from lxml import html

from tests.support.project_files import ROOT
from tests.support.visitors import check_page, found_town, in_town, text_of, visitor
from tests.web.evidence.test_uploads import GIVEN, SAME, picture, upload
from tracker.domain.cases.facts import CaseState
from tracker.storage.cases.cases import Case
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.house.base import db

pytestmark = pytest.mark.one_engine
JSON = {"Accept": "application/json"}


@pytest.fixture
def town_app(app: Flask) -> Flask:
    found_town(app)
    return app


def ask(client: Any, **given: Any) -> Any:
    token = client.get("/drafts/session").json["token"]
    return client.post("/cases/new", data={**GIVEN, **given}, headers={**JSON, "X-CSRFToken": token})


def test_the_page_of_the_drafts_makes_sense_without_scripts(town_app: Flask) -> None:
    answer = visitor(town_app, "inspector").get("/drafts")
    check_page(answer)
    assert "这个浏览器没有开启脚本" in text_of(answer)
    assert visitor(town_app, "officer").get("/drafts").status_code == 200


def test_the_session_tells_who_is_there_with_a_token_that_works(town_app: Flask) -> None:
    client = visitor(town_app, "inspector")
    told = client.get("/drafts/session")
    with in_town(town_app) as town:
        assert told.json["person"] == town.actor("inspector").id
    assert told.headers["Cache-Control"] == "private, no-store"
    assert ask(client, form_id="d1", source="H12345").status_code == 201


def test_a_draft_is_registered_once_however_often_it_is_sent(town_app: Flask) -> None:
    client = visitor(town_app, "inspector")
    for serial, each in enumerate(("p1", "p2")):
        upload(client, each, picture(serial))
    first, *again = [ask(client, form_id="d1", kept=["p1", "p2"], is_quiet="1") for _ in range(5)]
    assert first.status_code == 201
    assert first.json == {"address": "/cases/XH-2026-000001", "said": ["已登记，编号 XH-2026-000001。下一步：等待调度员交办。"]}
    assert all(each.status_code == 201 and each.json == first.json for each in again)
    with in_town(town_app):
        assert db.session.query(Case).count() == 1
        assert db.session.query(EvidenceRow).count() == 2
    assert "已登记，编号" not in text_of(client.get("/"))


def test_a_script_is_told_what_is_wrong_and_where(town_app: Flask) -> None:
    client = visitor(town_app, "inspector")
    answer = ask(client, description="")
    assert (answer.status_code, answer.json["field"]) == (422, "description")
    assert "问题描述" in answer.json["sentence"]
    gone = ask(client, form_id="d1", kept=["gone"])
    assert (gone.status_code, gone.json["code"]) == (404, "no_upload")
    with in_town(town_app):
        assert db.session.query(Case).count() == 0


def test_a_script_without_right_or_token_is_told_so(town_app: Flask) -> None:
    officer = visitor(town_app, "officer")
    assert ask(officer).status_code == 403
    assert officer.get("/cases/XH-1999-000001", headers=JSON).json["code"] == "not_found"
    stale = visitor(town_app, "inspector").post("/cases/new", data=GIVEN, headers={**JSON, **SAME})
    assert (stale.status_code, stale.json["code"]) == (400, "stale_token")
    assert town_app.test_client().post("/cases/new", data=GIVEN, headers=JSON).status_code == 401


def test_browsers_still_get_pages(town_app: Flask) -> None:
    page = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    assert visitor(town_app, "inspector").get("/cases/XH-1999-000001", headers=page).mimetype == "text/html"
    assert town_app.test_client().get("/drafts", headers=page).status_code == 302


def test_the_worker_keeps_only_files_that_are_there_and_may_rule_the_whole_site(town_app: Flask) -> None:
    stranger = town_app.test_client()
    worker = stranger.get("/sw.js")
    assert (worker.mimetype, worker.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    assert worker.headers["Service-Worker-Allowed"] == "/"
    known = json.loads(worker.text.partition("const KNOWN = ")[2].partition(";\n")[0])
    assert len(known["shell"]) >= 15
    for address in known["shell"]:
        assert "?v=" in address
        answer = stranger.get(address)
        assert answer.status_code == 200, address
        answer.close()
    assert known["pages"] == ["/cases/new", "/drafts"]
    forms = re.compile(known["forms"])
    assert forms.match("/cases/XH-2026-000001/steps/verify") and not forms.match("/cases/XH-2026-000001/steps/close")
    assert "worker-src 'self'" in worker.headers["Content-Security-Policy"]


def test_every_file_of_the_forms_for_outside_is_kept_for_the_time_without_a_network(town_app: Flask) -> None:
    with in_town(town_app) as town:
        number = town.case_in(CaseState.submitted, "PATROL")
    kept = town_app.test_client().get("/sw.js").text
    for login, path in (("inspector", "/cases/new"), ("inspector", "/drafts"), ("verifier", f"/cases/{number}/steps/verify")):
        page = html.fromstring(visitor(town_app, login).get(path).data)
        wanted = page.xpath("//link[@rel='stylesheet']/@href | //script/@src")
        assert [address for address in wanted if address not in kept] == []


def test_the_page_for_the_time_without_a_network_names_nobody_and_is_kept_with_all_its_files(town_app: Flask) -> None:
    signed_in = visitor(town_app, "inspector")
    kept = signed_in.get("/sw.js").text
    for path in ("/offline", "/offline?unsent=1"):
        page = check_page(signed_in.get(path))
        assert not page.xpath("//input[@name='csrf_token']")
        assert signed_in.get(path).data == town_app.test_client().get(path).data
        assert [address for address in page.xpath("//link[@rel='stylesheet']/@href | //script/@src") if address not in kept] == []


def test_the_worker_keeps_that_page_in_the_language_of_its_reader(town_app: Flask) -> None:
    reader = visitor(town_app, "inspector")
    chinese = reader.get("/sw.js").text
    with reader.session_transaction() as session:
        session["language"] = "en"
    assert reader.get("/sw.js").text != chinese
    assert "No network" in text_of(reader.get("/offline"))


def test_the_manifest_names_an_icon_that_is_there(town_app: Flask) -> None:
    stranger = town_app.test_client()
    manifest = stranger.get("/manifest.webmanifest")
    assert manifest.mimetype == "application/manifest+json"
    said = manifest.get_json(force=True)
    assert (said["short_name"], said["display"]) == ("销号", "standalone")
    icon = stranger.get(said["icons"][0]["src"])
    assert icon.status_code == 200
    icon.close()


def test_scripts_say_nothing_themselves() -> None:
    ours = ("photos", "drafts", "draft_list", "queue", "store", "offline", "no_network", "sw")
    for name in ours:
        program = (ROOT / "static" / "js" / f"{name}.js").read_text()
        assert not re.search("[\u3000-\u9fff\uff00-\uffef]", program), name
        assert len(program.splitlines()) <= 300
