"""Standing in through the pages: arranged, chosen in the head, seen on the timeline, ended."""

from typing import Any

import pytest
from flask import Flask

from tests.support.visitors import check_page, counted_statements, found_town, in_town, send, text_of, token_of, visitor
from tracker.domain.cases.facts import CaseState
from tracker.services.people import accounts, delegations
from tracker.storage.house.base import db
from tracker.storage.people.delegations import Delegation

pytestmark = pytest.mark.one_engine
TERM = {"from_on": "2026-03-02", "to_on": "2026-03-06", "reason": "休假"}


@pytest.fixture
def town_app(app: Flask) -> Flask:
    found_town(app)
    return app


def arranged(app: Flask, principal: str = "officer", substitute: str = "clerk") -> Any:
    """A delegation made by the principal's own page; the substitute's browser."""
    answer = send(visitor(app, principal), "/my/delegations", {**TERM, "substitute": substitute})
    assert answer.status_code == 302
    return visitor(app, substitute)


def chosen(client: Any, delegation: str = "1") -> Any:
    return send(client, "/my/standing", {"delegation": delegation}, at="/my")


def test_it_is_arranged_chosen_done_and_told(town_app: Flask) -> None:
    with in_town(town_app) as town:
        number = town.case_in(CaseState.assigned)
    clerk = arranged(town_app)
    assert "代 officer先生" in text_of(clerk.get("/my"))
    assert chosen(clerk).location == "/"
    desk = text_of(clerk.get("/"))
    assert "代 officer先生" in desk
    assert "责任单位经办人" in desk
    check_page(clerk.get("/"))
    assert send(clerk, f"/cases/{number}/steps/acknowledge").status_code == 302
    assert "clerk先生 代 officer先生" in text_of(clerk.get(f"/cases/{number}"))
    assert "clerk先生 代 officer先生" in text_of(visitor(town_app, "dispatcher").get(f"/cases/{number}"))


def test_the_substitutes_own_desk_says_who_entrusted_what_until_when_and_leads_there(town_app: Flask) -> None:
    clerk = arranged(town_app)
    offer = check_page(clerk.get("/")).xpath("//main//form[contains(@class, 'standing-offer')]")
    assert len(offer) == 1
    assert "officer先生 委托您代办，至 3月6日 周五" in offer[0].text_content()
    assert offer[0].get("action") == "/my/standing"
    assert offer[0].xpath(".//button/@value") == ["1"]
    assert "委托您代办" not in visitor(town_app, "officer").get("/").text
    chosen(clerk)
    assert "委托您代办" not in clerk.get("/").text


def test_the_rights_are_the_principals_alone(town_app: Flask) -> None:
    clerk = arranged(town_app)
    assert clerk.get("/cases/new").status_code == 200
    chosen(clerk)
    assert clerk.get("/cases/new").status_code == 403
    assert clerk.get("/people").status_code == 403
    chosen(clerk, "")
    assert clerk.get("/cases/new").status_code == 200


def test_nobody_chooses_what_they_were_not_given(town_app: Flask) -> None:
    arranged(town_app)
    for login, wanted in (("inspector", "1"), ("officer", "1"), ("clerk", "7"), ("clerk", "x")):
        assert send(visitor(town_app, login), "/my/standing", {"delegation": wanted}, at="/my").status_code == 404


@pytest.mark.parametrize("way", ["date", "revoked", "deactivated"])
def test_it_ends_and_says_so_and_nothing_is_done_in_the_wrong_name(town_app: Flask, clock: Any, way: str) -> None:
    with in_town(town_app) as town:
        number = town.case_in(CaseState.assigned)
    clerk = arranged(town_app, "officer2")
    chosen(clerk)
    form = clerk.get(f"/cases/{number}/steps/acknowledge")
    assert form.status_code == 200
    if way == "date":
        clock.advance(days=5)
    else:
        with in_town(town_app):
            delegations.revoke(None, 1) if way == "revoked" else accounts.deactivate(None, login="officer2")
    refused = clerk.post(f"/cases/{number}/steps/acknowledge", data={"csrf_token": token_of(form), "seq": "2"})
    assert refused.status_code == 403
    assert "没有提交" in refused.text
    page = clerk.get("/")
    assert page.status_code == 200
    assert "tag-acting" not in page.text
    assert "登记员" in text_of(page)


def test_signing_out_ends_it_too(town_app: Flask) -> None:
    clerk = arranged(town_app)
    chosen(clerk)
    send(clerk, "/logout", at="/")
    with clerk.session_transaction() as session:
        assert "acting_under" not in session


def test_a_lapsed_one_is_told_on_the_next_page(town_app: Flask) -> None:
    clerk = arranged(town_app)
    chosen(clerk)
    with in_town(town_app):
        delegations.revoke(None, 1)
    assert "代办已经结束" in text_of(clerk.get("/my"))
    assert "代办已经结束" not in text_of(clerk.get("/my"))


def test_bad_terms_are_refused_with_everything_kept(town_app: Flask) -> None:
    officer = visitor(town_app, "officer")
    for given, status, said in (({}, 422, "请选择"), ({**TERM, "from_on": "昨天", "substitute": "clerk"}, 422, "起始日"),
                                ({**TERM, "to_on": "2026-12-31", "substitute": "clerk"}, 422, "最长 90 天"),
                                ({**TERM, "substitute": "admin"}, 403, "管理员不得代他人办案")):
        answer = send(officer, "/my/delegations", given)
        assert answer.status_code == status
        page = check_page(answer)
        assert said in text_of(answer)
        assert page.xpath("//input[@name='reason']/@value") == [given.get("reason", "")]


def test_it_is_taken_back_after_a_question(town_app: Flask) -> None:
    clerk, officer = arranged(town_app), visitor(town_app, "officer")
    question = officer.get("/my/delegations/1/revoke")
    check_page(question)
    assert "收回对 clerk先生 的委托" in text_of(question)
    assert clerk.get("/my/delegations/1/revoke").status_code == 404
    assert send(officer, "/my/delegations/1/revoke").status_code == 302
    assert officer.get("/my/delegations/1/revoke").status_code == 404
    assert "切换身份" not in clerk.get("/").text


def test_an_administrator_arranges_and_revokes_for_others(town_app: Flask) -> None:
    admin = visitor(town_app, "admin")
    given = {f"sub-{name}": value for name, value in {**TERM, "substitute": "officer2"}.items()}
    assert send(admin, "/people/officer/delegations", given, at="/people/officer").status_code == 302
    again = send(admin, "/people/officer/delegations", given, at="/people/officer")
    assert again.status_code == 409
    assert "期限重叠" in text_of(again)
    check_page(again)
    page = text_of(admin.get("/people/officer"))
    assert "officer2先生" in page
    assert "休假" in page
    assert "休假" not in text_of(visitor(town_app, "clerk").get("/people/officer"))
    assert send(admin, "/people/officer/delegations/1/revoke").status_code == 302
    assert visitor(town_app, "clerk").post("/people/officer/delegations", data={}).status_code in (400, 403)
    with in_town(town_app):
        assert db.session.get(Delegation, 1).revoked_at is not None  # type: ignore[union-attr]


def test_nobody_delegates_while_standing_in(town_app: Flask) -> None:
    clerk = arranged(town_app)
    chosen(clerk)
    page = clerk.get("/my/delegations")
    check_page(page)
    assert "请先以本人身份办理" in text_of(page)
    answer = send(clerk, "/my/delegations", {**TERM, "substitute": "inspector"})
    assert answer.status_code == 403


def test_standing_in_costs_few_statements_and_everybody_else_none(town_app: Flask) -> None:
    plain = visitor(town_app, "inspector")
    plain.get("/my")
    with counted_statements(town_app) as before:
        plain.get("/my")
    clerk = arranged(town_app)
    chosen(clerk)
    clerk.get("/my")
    with counted_statements(town_app) as after:
        clerk.get("/my")
    assert len(after) <= len(before) + 3
    with counted_statements(town_app) as others:
        plain.get("/my")
    assert len(others) == len(before)
