"""A tap counts once: the same form again gets the first one's answer, whoever is quicker and whatever its page was."""

from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from lxml import html

from tests.support.project_files import ROOT
from tests.support.visitors import check_page, found_town, in_town, text_of, visitor
from tests.web.evidence.test_uploads import GIVEN, picture
from tracker.domain.cases.facts import CaseState
from tracker.services.house import posted_forms
from tracker.storage.cases.cases import Case
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.house.base import db
from tracker.storage.house.posted_forms import PostedForm

NEW = {name: value for name, value in GIVEN.items() if name != "source_number"}


@pytest.fixture
def town_app(app: Flask) -> Flask:
    found_town(app)
    return app


def filled(client: Any, path: str, **given: Any) -> dict[str, Any]:
    """What a browser sends of this page's form, its id included."""
    page = html.fromstring(client.get(path).data)
    hidden = {i.get("name"): i.get("value") for i in page.xpath("//main//form[@method='post']//input[@type='hidden']")
              if i.get("value")}
    return {**hidden, **given}


def cases_of(app: Flask) -> int:
    with in_town(app):
        return db.session.query(Case).count()


def case_in(app: Flask, state: CaseState) -> str:
    with in_town(app) as town:
        return town.case_in(state)


def facts_of(app: Flask, number: str) -> int:
    with in_town(app) as town:
        return town.row(number).seq


def test_a_form_sent_again_leads_where_the_first_one_led_and_says_so(town_app: Flask) -> None:
    client = visitor(town_app, "inspector")
    form = filled(client, "/cases/new", **NEW)
    first, second = (client.post("/cases/new", data=form) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.location == second.location
    told = text_of(client.get(second.location))
    assert "已登记，编号 XH-2026-000001" in told and "只算一次" in told
    assert cases_of(town_app) == 1


def test_a_step_reloaded_is_no_conflict_and_no_second_fact(town_app: Flask) -> None:
    number, client = case_in(town_app, CaseState.rectifying), visitor(town_app, "officer")
    address = f"/cases/{number}/steps/progress"
    form, before = filled(client, address, text="清运车已进场"), facts_of(town_app, number)
    answers = [client.post(address, data=form) for _ in range(3)]
    assert {each.location for each in answers} == {f"/cases/{number}"}
    assert facts_of(town_app, number) == before + 1


def test_a_step_that_is_no_longer_open_after_the_first_tap_still_answers_with_its_result(town_app: Flask) -> None:
    number, client = case_in(town_app, CaseState.assigned), visitor(town_app, "officer")
    address = f"/cases/{number}/steps/acknowledge"
    form = filled(client, address)
    client.post(address, data=form)
    again = client.post(address, data=form)
    assert again.status_code == 302
    assert "已“签收”" in text_of(client.get(again.location))


def test_what_was_refused_may_be_sent_again_under_the_same_id(town_app: Flask) -> None:
    client = visitor(town_app, "inspector")
    form = filled(client, "/cases/new", **NEW)
    refused = client.post("/cases/new", data={**form, "description": "", "file_1": picture(1)},
                          content_type="multipart/form-data")
    assert refused.status_code == 422
    assert html.fromstring(refused.data).xpath("//main//input[@name='form_id']/@value") == [form["form_id"]]
    assert client.post("/cases/new", data=form).status_code == 302
    assert cases_of(town_app) == 1


def test_back_and_another_text_is_asked_about_and_what_was_typed_is_kept(town_app: Flask) -> None:
    client = visitor(town_app, "inspector")
    form = filled(client, "/cases/new", **NEW)
    client.post("/cases/new", data=form)
    other = client.post("/cases/new", data={**form, "title": "桥下又一处垃圾", "file_1": picture(2)},
                        content_type="multipart/form-data")
    page = check_page(other)
    assert other.status_code == 200
    assert "这份表单已经提交过" in text_of(other) and "桥下又一处垃圾" in text_of(other) and "编号 XH-2026-000001" in text_of(other)
    assert cases_of(town_app) == 1
    again = {i.get("name"): i.get("value") for i in page.xpath("//main//form//input[@type='hidden']")}
    assert again["form_id"] != form["form_id"]
    assert client.post("/cases/new", data=again).status_code == 302
    with in_town(town_app):
        assert db.session.query(Case).count() == 2
        assert db.session.query(EvidenceRow).count() == 1


def test_the_same_id_of_another_person_means_nothing(town_app: Flask) -> None:
    number = case_in(town_app, CaseState.rectifying)
    one, other = (visitor(town_app, login) for login in ("officer", "dispatcher"))
    address, before = f"/cases/{number}/steps/comment", facts_of(town_app, number)
    form = filled(one, address, text="已到现场")
    one.post(address, data=form)
    theirs = other.post(address, data={**filled(other, address), "text": "已到现场", "form_id": form["form_id"]})
    assert theirs.status_code == 302
    assert facts_of(town_app, number) == before + 2


def test_a_form_whose_answer_is_a_page_leads_back_to_where_it_stood(town_app: Flask) -> None:
    number, client = case_in(town_app, CaseState.assigned), visitor(town_app, "officer")
    address = f"/cases/bulk/acknowledge?n={number}"
    form = filled(client, address, row=f"{number}:{facts_of(town_app, number)}")
    first = client.post("/cases/bulk/acknowledge", data=form)
    assert first.status_code == 200
    again = client.post("/cases/bulk/acknowledge", data=form, headers={"Referer": f"http://localhost{address}"})
    assert (again.status_code, again.location) == (302, address)


def test_of_two_taps_at_once_one_counts_and_both_get_its_answer(town_app: Flask) -> None:
    number, clients = case_in(town_app, CaseState.rectifying), [visitor(town_app, "officer") for _ in range(2)]
    address = f"/cases/{number}/steps/comment"
    forms, before = [filled(each, address, text="已到现场", form_id="f" * 32) for each in clients], facts_of(town_app, number)
    start, answers = Barrier(2), list[Any]()

    def tap(client: Any, form: dict[str, Any]) -> None:
        start.wait()
        answers.append(client.post(address, data=form))

    taps = [Thread(target=tap, args=each) for each in zip(clients, forms, strict=True)]
    for each in taps:
        each.start()
    for each in taps:
        each.join()
    assert [(each.status_code, each.location) for each in answers] == [(302, f"/cases/{number}")] * 2, text_of(answers[0])
    assert facts_of(town_app, number) == before + 1


def test_what_was_sent_is_forgotten_after_two_months(town_app: Flask) -> None:
    client = visitor(town_app, "inspector")
    client.post("/cases/new", data=filled(client, "/cases/new", **NEW))
    with in_town(town_app) as town:
        today = town.clock.today()
        assert posted_forms.tidy(today) == 0
        assert posted_forms.tidy(today.replace(month=today.month + 3)) == 1
        assert db.session.query(PostedForm).count() == 0


# Forms that write nothing which a second tap could double, and those that send again what came under its own id.
WITHOUT_ID = {"cases/desk/_newcomer.html", "cases/desk/show.html", "cases/stale_form.html", "house/no_database.html",
              "layouts/_hint.html", "layouts/_standing.html", "layouts/staff.html", "macros/flashes.html",
              "upkeep/setup/_start.html"}


def test_every_form_that_writes_bears_its_id() -> None:
    bare = {str(path.relative_to(ROOT / "templates")) for path in (ROOT / "templates").rglob("*.html")
            if "csrf_token()" in path.read_text() and path.name != "forms.html"}
    assert bare == WITHOUT_ID
