"""Who may come in, and by which way."""

import re
from time import time
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from itsdangerous import TimestampSigner

from tests.support.tour import addresses, prepare
from tests.support.visitors import check_page, found_town, in_town, send, visitor
from tracker.services.people import accounts
from tracker.web.house import navigation
from tracker.web.house.guard import demand_of, stand_guard
from tracker.web.house.security import cookie_name

pytestmark = pytest.mark.one_engine


def test_every_endpoint_says_whom_it_admits(app: Flask) -> None:
    assert [name for name, view in app.view_functions.items() if demand_of(view) is None] == []


def test_few_endpoints_are_public(app: Flask) -> None:
    public = {name for name, view in app.view_functions.items() if demand_of(view).is_public}  # type: ignore[union-attr]
    assert public == {"static", "accounts.forgotten", "accounts.not_me", "accounts.set_password", "accounts.sign_in",
                      "health.healthz", "health.readyz",
                      "home.favicon", "offline.worker", "offline.manifest", "offline.icon", "offline.no_network",
                      "languages.choose", "single_sign_on.begin", "single_sign_on.back", "setup.begin", "setup.go_on"}


def test_an_endpoint_that_declares_nothing_stops_the_start(app: Flask) -> None:
    app.view_functions["forgotten"] = lambda: "secret"
    app.blueprints.clear()
    app._got_first_request = False
    with pytest.raises(RuntimeError, match="forgotten"):
        stand_guard(app)


def test_an_endpoint_that_slips_in_later_is_refused(app: Flask) -> None:
    app._got_first_request = False
    app.add_url_rule("/late", "late", lambda: "secret")
    answer = app.test_client().get("/late")
    assert answer.status_code == 403
    assert b"secret" not in answer.data


def test_every_room_is_in_the_menu_or_excluded_with_a_reason(app: Flask) -> None:
    rooms = {room for entry in navigation.NAVIGATION for room in entry.rooms}
    strays = [name for name in app.view_functions if name.partition(".")[0] not in rooms and name not in navigation.EXCLUDED]
    assert strays == []


def test_the_menu_names_only_endpoints_that_exist(app: Flask) -> None:
    named = {entry.endpoint for entry in (*navigation.NAVIGATION, navigation.LOG_AN_ISSUE)} | set(navigation.EXCLUDED)
    assert named <= set(app.view_functions)


def test_a_stranger_is_sent_to_the_sign_in_and_back(app: Flask) -> None:
    answer = app.test_client().get("/cases?state=assigned")
    assert answer.status_code == 302
    assert answer.location == "/login?next=/cases?state%3Dassigned"


def test_a_stranger_sends_nothing(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    assert app.test_client().post("/cases/new", data={"title": "x"}).location == "/login"


@pytest.fixture
def known(app: Flask) -> Flask:
    """An application in which the clerk has a password."""
    found_town(app)
    with in_town(app):
        accounts.set_password(login="clerk", password="a-long-password-1")
    return app


def signed_in_by_form(app: Flask, path: str = "/login", password: str = "a-long-password-1", **headers: str) -> tuple[Any, Any]:
    client = app.test_client()
    return client, send(client, path, {"login": "clerk", "password": password})


def test_the_password_opens_the_desk(known: Flask) -> None:
    client, answer = signed_in_by_form(known)
    assert answer.status_code == 302
    assert answer.location == "/"
    assert "clerk先生" in client.get("/").text


def test_a_wrong_password_is_told_in_one_sentence_and_keeps_the_login(known: Flask) -> None:
    _, answer = signed_in_by_form(known, password="wrong-password")
    assert answer.status_code == 403
    assert "登录名或密码不对" in answer.text
    assert 'value="clerk"' in answer.text
    assert "wrong-password" not in answer.text


@pytest.mark.parametrize(("asked", "reached"), [
    ("/cases?state=assigned", "/cases?state=assigned"), ("https://evil.example/", "/"), ("//evil.example/", "/"),
    ("/\\evil.example", "/"), ("javascript:alert(1)", "/"), ("/\t/evil.example", "/"), ("", "/"),
])
def test_the_sign_in_leads_only_within_the_house(known: Flask, asked: str, reached: str) -> None:
    _, answer = signed_in_by_form(known, f"/login?next={quote(asked)}")
    assert answer.location == reached


def test_signing_out_ends_the_session(known: Flask) -> None:
    client, _ = signed_in_by_form(known)
    assert send(client, "/logout", at="/").status_code == 302
    assert client.get("/").location == "/login"


def test_a_cookie_of_a_session_that_was_left_admits_nobody_and_other_sessions_stay(known: Flask) -> None:
    (left, _), (other, _) = signed_in_by_form(known), signed_in_by_form(known)
    left.get("/")
    name = known.config["SESSION_COOKIE_NAME"]
    late = left.get_cookie(name).value
    send(left, "/logout", at="/")
    left.set_cookie(name, late)
    assert left.get("/").location == "/login"
    assert other.get("/").status_code == 200
    assert send(left, "/login", {"login": "clerk", "password": "a-long-password-1"}).status_code == 302
    assert left.get("/").status_code == 200


ASIDE = ({"Accept": "image/avif,image/webp,*/*;q=0.8"}, {"Accept": "*/*", "Sec-Fetch-Mode": "cors"},
         {"Sec-Fetch-Mode": "no-cors"})


@pytest.mark.parametrize("aside", ASIDE, ids=("picture", "fetch", "part of a page"))
def test_what_is_fetched_beside_a_page_starts_no_session_and_renews_none(known: Flask, aside: dict[str, str]) -> None:
    assert "Set-Cookie" in known.test_client().get("/login").headers
    assert "Set-Cookie" not in known.test_client().get("/login", headers=aside).headers
    with pytest.MonkeyPatch.context() as earlier:
        earlier.setattr(TimestampSigner, "get_timestamp", lambda signer: int(time()) - 600)
        client, _ = signed_in_by_form(known)
        client.get("/")
    for each in (aside, {"Accept": "application/json"}):
        assert "Set-Cookie" not in client.get("/drafts/session", headers=each).headers
    assert "Set-Cookie" in client.get("/").headers


@pytest.mark.parametrize("aside", ASIDE, ids=("picture", "fetch", "part of a page"))
def test_news_is_told_on_the_page_that_is_seen_not_on_one_fetched_beside_it(known: Flask, aside: dict[str, str]) -> None:
    client, _ = signed_in_by_form(known)
    with client.session_transaction() as session:
        session["_flashes"] = [("done", "方才办好的事")]
    assert "方才办好的事" not in client.get("/drafts", headers=aside).text
    assert "方才办好的事" in client.get("/drafts").text
    assert "方才办好的事" not in client.get("/drafts").text


def test_a_new_password_ends_older_sessions(known: Flask) -> None:
    client, _ = signed_in_by_form(known)
    with in_town(known):
        accounts.reset_password(None, login="clerk")
    assert client.get("/").location == "/login"


def test_a_deactivated_person_is_out_at_once(known: Flask) -> None:
    client, _ = signed_in_by_form(known)
    with in_town(known):
        accounts.deactivate(None, login="clerk")
    assert client.get("/").location == "/login"


def test_a_made_up_session_admits_nobody(app: Flask) -> None:
    found_town(app)
    for kept in ("1:wrong", "999:x", "abc", ":"):
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = kept
        assert client.get("/").status_code == 302


def test_the_own_password_is_changed_and_this_session_stays(known: Flask) -> None:
    client, _ = signed_in_by_form(known)
    given = {"password": "a-long-password-1", "new_password": "another-long-1", "repeat": "another-long-2"}
    assert "不一致" in send(client, "/password", given).text
    assert send(client, "/password", {**given, "repeat": "another-long-1"}).status_code == 302
    assert client.get("/").status_code == 200


def test_headers_allow_nothing_inline_and_no_frame(app: Flask) -> None:
    answer = app.test_client().get("/login")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_two_installations_on_one_host_share_no_cookie_and_under_https_no_other_host_sets_it() -> None:
    here, there = cookie_name("a" * 32, is_https=False), cookie_name("b" * 32, is_https=False)
    assert here != there
    assert re.fullmatch("xh_[0-9a-f]{8}", here)
    assert cookie_name("a" * 32, is_https=True) == f"__Host-{here}"


def test_the_session_cookie_is_for_this_site_and_no_script(known: Flask) -> None:
    _, answer = signed_in_by_form(known)
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_no_cache_keeps_a_file_that_is_fetched_behind_the_sign_in(app: Flask) -> None:
    """`send_file` would let every cache keep it for a year."""
    paths = [path for path in addresses(app, prepare(app)) if not path.startswith("/icon-")
             and re.search("export|[.](xlsx|csv|docx|zip|json|png|html)", path)]
    loose, files = {}, set()
    for login in ("admin", "dispatcher", "lead", "auditor"):
        client = visitor(app, login)
        for path in paths:
            with client.get(path) as answer:
                if answer.status_code == 200 and not answer.mimetype.startswith("text/html"):
                    files.add(path)
                    if "private" not in answer.headers["Cache-Control"]:
                        loose[path] = answer.headers["Cache-Control"]
    assert len(files) > 10
    assert loose == {}


def test_static_files_are_kept_by_browsers(app: Flask) -> None:
    page = app.test_client().get("/login").text
    address = next(part for part in page.split('"') if "css/tokens.css" in part)
    assert "v=" in address
    with app.test_client().get(address) as answer:
        assert "max-age=31536000" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(("path", "status"), [("/nothing", 404), ("/cases/XH-2026-999999", 404), ("/logout", 405)])
def test_refusals_are_pages_in_chinese(app: Flask, path: str, status: int) -> None:
    found_town(app)
    answer = visitor(app, "clerk").get(path)
    assert answer.status_code == status
    check_page(answer)


def test_a_request_too_large_is_told_so(app: Flask) -> None:
    found_town(app)
    app.config["MAX_CONTENT_LENGTH"] = 1000
    client = visitor(app, "clerk")
    answer = client.post("/cases/new", data={"title": "x" * 5000}, content_type="multipart/form-data")
    assert answer.status_code == 413
    assert "太大" in answer.text


def test_an_error_shows_no_inside(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    found_town(app)
    app.testing = False
    client = visitor(app, "clerk")

    def breaks(**given: object) -> str:
        raise RuntimeError("the inside")

    breaks.demand = app.view_functions["territory.territory"].demand  # type: ignore[attr-defined]
    app.view_functions["territory.territory"] = breaks
    answer = client.get("/territory")
    assert answer.status_code == 500
    assert "系统出了问题" in answer.text
    assert "the inside" not in answer.text
