"""The sessions of a person on their own page, and the password typed again."""

from typing import Any

import pytest
from flask import Flask

from tests.support.visitors import check_page, found_town, in_town, send, text_of, visitor
from tracker.domain.house.clock import SetClock
from tracker.services.people import accounts
from tracker.services.people.passwords import PASSWORDS
from tracker.storage.house import ledger
from tracker.storage.house.base import db
from tracker.storage.people.accounts import Person
from tracker.web.house.guard import Demand, requires_fresh

pytestmark = [pytest.mark.one_engine, pytest.mark.usefixtures("cheap_hashes")]
SECRET = "墨绿的旧雨伞挂在门后"
AT = "/account/sessions"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit/605 Safari/604.1"


@pytest.fixture
def known(app: Flask) -> Flask:
    """The town, in which the clerk and an administrator have a password."""
    found_town(app)
    with in_town(app):
        for login in ("clerk", "admin"):
            accounts.set_password(login=login, password=SECRET)
    return app


def came_in(app: Flask, login: str = "clerk", agent: str = "") -> Any:
    client = app.test_client()
    if agent:
        client.environ_base["HTTP_USER_AGENT"] = agent
    assert send(client, "/login", {"login": login, "password": SECRET}).status_code == 302
    return client


def test_the_page_lists_where_one_is_signed_in_and_ends_any_of_it(known: Flask) -> None:
    here, phone = came_in(known), came_in(known, agent=PHONE)
    page = check_page(here.get(AT))
    assert "Safari · iPhone" in text_of(here.get(AT))
    assert "本机" in text_of(here.get(AT))
    actions = list(page.xpath("//tbody//form/@action"))
    assert len(actions) == 2
    (of_phone,) = [each for each in actions if each in page.xpath("string(//tbody/tr[contains(., 'iPhone')]//form/@action)")]
    assert send(here, of_phone, at=AT).status_code == 302
    assert phone.get("/").location == "/login"
    assert here.get("/").status_code == 200
    assert send(here, of_phone, at=AT).status_code == 404


def test_all_others_end_and_all_end(known: Flask) -> None:
    here, others = came_in(known), [came_in(known), came_in(known)]
    assert "其他 2 个登录已结束" in text_of(_followed(here, f"{AT}/end-others"))
    assert [each.get("/").location for each in others] == ["/login", "/login"]
    other = came_in(known)
    assert send(here, f"{AT}/end-all", at=AT).location == "/login"
    assert [each.get("/").location for each in (here, other)] == ["/login", "/login"]


def test_nobody_ends_the_session_of_another(known: Flask) -> None:
    came_in(known)
    mine = check_page(came_in(known).get(AT)).xpath("//tbody//form/@action")[0]
    assert send(visitor(known, "officer"), mine, at=AT).status_code == 404


def test_leaving_drops_the_pages_that_the_browser_kept_and_no_drafts(known: Flask) -> None:
    assert send(came_in(known), "/logout", at="/").headers["Clear-Site-Data"] == '"cache"'


def test_a_session_that_was_left_alone_is_over(known: Flask, clock: SetClock) -> None:
    client = came_in(known)
    for _ in range(3):
        clock.advance(minutes=100)
        assert client.get("/").status_code == 200
    clock.advance(minutes=121)
    assert client.get("/").location == "/login"


def came_in_for_days(app: Flask, login: str) -> Any:
    client = app.test_client()
    send(client, "/login", {"login": login, "password": SECRET, "is_own_device": "1"})
    return client


def test_on_a_phone_of_their_own_somebody_stays_for_a_week_and_not_longer(known: Flask, clock: SetClock) -> None:
    client = came_in_for_days(known, "clerk")
    for _ in range(6):
        clock.advance(days=1)
        assert client.get("/").status_code == 200
    clock.advance(days=1, minutes=1)
    assert client.get("/").location == "/login"


def test_no_administrator_stays_for_a_week(known: Flask, clock: SetClock) -> None:
    client = came_in_for_days(known, "admin")
    clock.advance(minutes=121)
    assert client.get("/").location == "/login"


def test_what_asks_for_a_fresh_factor_is_done_with_the_password_and_keeps_what_was_typed(known: Flask, clock: SetClock) -> None:
    grant, page = "/people/officer/grant", "/people/officer"
    _ask_fresh(known, "people.grant")
    admin = came_in(known, "admin")
    clock.advance(minutes=16)
    asked = send(admin, grant, {"grant-role": "verifier", "grant-area_code": "360103"}, at=page)
    assert asked.status_code == 403
    form = check_page(asked).xpath("//main//form[.//input[@type='password']]")[0]
    assert form.get("action") == grant
    assert form.xpath(".//input[@name='grant-role']/@value") == ["verifier"]
    given = {each.get("name"): each.get("value", "") for each in form.xpath(".//input")}
    wrong = admin.post(grant, data=given | {"password_again": "wrong wrong"})
    assert (wrong.status_code, "密码不对" in wrong.text) == (403, True)
    assert admin.post(grant, data=given | {"password_again": SECRET}).status_code == 302
    assert "核查员" in text_of(admin.get(page))
    assert send(admin, grant, {"grant-role": "inspector"}, at=page).status_code == 302
    clock.advance(minutes=15)
    assert send(admin, grant, {"grant-role": "clerk"}, at=page).status_code == 403


def test_a_page_that_asks_for_a_fresh_factor_opens_after_it(known: Flask, clock: SetClock) -> None:
    _ask_fresh(known, "cases.register")
    clerk = came_in(known)
    assert clerk.get("/cases?state=assigned").status_code == 200
    clock.advance(minutes=15)
    asked = clerk.get("/cases?state=assigned")
    form = check_page(asked).xpath("//main//form[.//input[@type='password']]")[0]
    given = {each.get("name"): each.get("value", "") for each in form.xpath(".//input")}
    answer = clerk.post(form.get("action"), data=given | {"password_again": SECRET})
    assert answer.location == "/cases?state=assigned"
    assert clerk.get(answer.location).status_code == 200


def test_who_comes_back_to_their_own_browser_does_not_wait_for_a_guesser_elsewhere(known: Flask) -> None:
    mine, stranger = came_in(known), known.test_client()
    send(mine, "/logout", at="/")
    for _ in range(5):
        guessed = send(stranger, "/login", {"login": "clerk", "password": "wrong wrong wrong"})
    assert "秒后再试" in text_of(guessed)
    assert "秒后再试" in text_of(send(known.test_client(), "/login", {"login": "clerk", "password": SECRET}))
    assert send(mine, "/login", {"login": "clerk", "password": SECRET}).status_code == 302
    send(mine, "/logout", at="/")
    assert "秒后再试" not in text_of(send(mine, "/login", {"login": "officer", "password": "wrong wrong wrong"}))


def test_what_is_done_on_a_page_names_the_sign_in_with_which_the_session_began(known: Flask) -> None:
    admin = came_in(known, "admin")
    assert send(admin, "/people/officer/grant", {"grant-role": "verifier"}, at="/people/officer").status_code == 302
    with in_town(known) as town:
        (began,) = [f for f in ledger.stream_of(db.session(), f"person:{town.people['admin']}") if f.kind == "person:signed_in"]
        granted = ledger.stream_of(db.session(), f"person:{town.people['officer']}")[-1]
        assert granted.payload["by"] == f"{began.stream}#{began.seq}"


def _followed(client: Any, path: str) -> Any:
    return client.get(send(client, path, at=AT).location)


def _ask_fresh(app: Flask, endpoint: str) -> None:
    view = app.view_functions[endpoint]
    demand: Demand = view.demand  # type: ignore[attr-defined]

    def asks(**given: Any) -> Any:
        return view(**given)

    asks.demand = demand  # type: ignore[attr-defined]
    app.view_functions[endpoint] = requires_fresh()(asks)


def test_who_has_a_weak_password_sets_another_before_anything_else(known: Flask) -> None:
    with in_town(known) as town:
        person = db.session.get_one(Person, town.people["clerk"])
        person.password_hash = PASSWORDS.hash("xihu2026!")
        db.session.commit()
    client = known.test_client()
    assert send(client, "/login", {"login": "clerk", "password": "xihu2026!"}).status_code == 302
    assert client.get("/cases").location == "/password"
    assert "请先换一个" in text_of(client.get("/password"))
    given = {"password": "xihu2026!", "new_password": SECRET, "repeat": SECRET}
    assert send(client, "/password", given | {"new_password": "xihu2027!", "repeat": "xihu2027!"}).status_code == 422
    assert send(client, "/password", given).status_code == 302
    assert client.get("/cases").status_code == 200
