"""Single sign-on by a provider that really signs, and what does not come in by it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from joserfc.jwk import RSAKey
from sqlalchemy import select

from config import Settings, SingleSignOn
from tests.support import databases
from tests.support.makers import Town
from tests.support.provider import CLIENT_ID, CLIENT_SECRET, Provider, provider
from tests.support.visitors import in_town, send, text_of
from tracker import create_app
from tracker.domain.house.clock import SetClock
from tracker.gateways.mail.sending import MemorySender
from tracker.services.people import accounts
from tracker.storage.house import ledger
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message
from tracker.storage.people.sign_ins import SecondFactor

pytestmark = [pytest.mark.one_engine, pytest.mark.usefixtures("cheap_hashes")]
SECRET = "墨绿的旧雨伞挂在门后"


@pytest.fixture
def sso() -> Iterator[Provider]:
    with provider() as running:
        yield running


def product(settings: Settings, sso: Provider, clock: SetClock, *, is_only: bool = False) -> Flask:
    chosen = SingleSignOn(sso.base, CLIENT_ID, CLIENT_SECRET, name="政务钉钉", is_only=is_only)
    app = create_app(replace(settings, single_sign_on=chosen), clock=clock, mailer=MemorySender())
    app.testing = True
    with app.app_context():
        Town.founded()
    return app


@pytest.fixture
def own(settings: Settings, sso: Provider, clock: SetClock) -> Iterator[Flask]:
    app = product(settings, sso, clock)
    yield app
    databases.close(app)


@pytest.fixture
def only(settings: Settings, sso: Provider, clock: SetClock) -> Iterator[Flask]:
    app = product(settings, sso, clock, is_only=True)
    yield app
    databases.close(app)


def come_in(client: Any, sso: Provider, onward: str = "/cases?state=closed", **claims: Any) -> Any:
    """From our sign-in to the provider and back; what our page answers."""
    sso.claims = claims
    sent = client.get(f"/login/sso?next={onward}")
    return client.get(sso.agreed(sent.headers["Location"]))


def test_who_the_provider_names_comes_in_and_goes_on_to_where_they_wanted(own: Flask, sso: Provider) -> None:
    client = own.test_client()
    assert "用政务钉钉登录" in text_of(client.get("/login"))
    assert come_in(client, sso, preferred_username="Clerk").headers["Location"] == "/cases?state=closed"
    assert client.get("/cases").status_code == 200
    with in_town(own) as town:
        fact = ledger.stream_of(db.session(), f"person:{town.people['clerk']}")[-1]
        assert fact.kind == "person:signed_in" and fact.payload["way"] == "single_sign_on"


@pytest.mark.parametrize(("claims", "said"), [
    ({"preferred_username": "nobody"}, "单点登录账号“nobody”没有对应的在岗人员。"),
    ({"preferred_username": ""}, "单点登录没有说明账号（缺少“preferred_username”）"),
    ({"sub": "7"}, "单点登录没有说明账号"),
    ({"preferred_username": "clerk", "nonce": "another"}, "单点登录没有完成"),
    ({"preferred_username": "clerk", "aud": "somebody else"}, "单点登录没有完成"),
    ({"preferred_username": "clerk", "exp": 1_000_000_000}, "单点登录没有完成"),
    ({"preferred_username": "clerk", "iss": "https://elsewhere.example"}, "单点登录没有完成"),
])
def test_whom_the_provider_does_not_rightly_name_stays_out(own: Flask, sso: Provider, claims: dict[str, Any], said: str) -> None:
    client = own.test_client()
    assert come_in(client, sso, **claims).headers["Location"] == "/login"
    assert said in text_of(client.get("/login"))
    assert client.get("/cases").status_code == 302


def test_another_s_signature_an_own_state_and_a_second_use_let_nobody_in(own: Flask, sso: Provider) -> None:
    client = own.test_client()
    sso.claims = {"preferred_username": "clerk"}
    path = sso.agreed(client.get("/login/sso").headers["Location"])
    assert client.get(path + "x").headers["Location"] == "/login"
    stranger = own.test_client()
    assert stranger.get(path).headers["Location"] == "/login"
    sso.shown_key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
    assert come_in(client, sso, preferred_username="clerk").headers["Location"] == "/login"


def test_a_second_factor_that_the_provider_asked_for_counts_here(own: Flask, sso: Provider) -> None:
    with in_town(own) as town:
        db.session.add(SecondFactor(person_id=town.people["clerk"], secret="x", made_at=town.clock.now(),
                                    confirmed_at=town.clock.now(), last_step=0))
        db.session.commit()
    assert come_in(plain := own.test_client(), sso, preferred_username="clerk", amr=["pwd"]).status_code == 302
    assert plain.get("/cases").headers["Location"].startswith("/account/second-factor/check")
    assert come_in(strong := own.test_client(), sso, preferred_username="clerk", amr=["pwd", "otp"]).status_code == 302
    assert strong.get("/cases").status_code == 200


def test_where_only_it_lets_people_in_a_password_opens_to_an_administrator_with_a_second_factor(only: Flask) -> None:
    def answer(login: str) -> Any:
        return send(only.test_client(), "/login", {"login": login, "password": SECRET})

    with in_town(only):
        for login in ("clerk", "admin"):
            accounts.set_password(login=login, password=SECRET)
    for login in ("clerk", "admin"):
        assert answer(login).status_code == 403 and "这里只用单点登录" in text_of(answer(login))
    with in_town(only) as town:
        for login in ("clerk", "admin"):
            db.session.add(SecondFactor(person_id=town.people[login], secret="x", made_at=town.clock.now(),
                                        confirmed_at=town.clock.now(), last_step=0))
        db.session.commit()
    assert [answer(login).status_code for login in ("clerk", "admin")] == [403, 302]
    with in_town(only) as town:
        fact = ledger.stream_of(db.session(), f"person:{town.people['admin']}")[-1]
        assert fact.payload["way"] == "break_glass"
        told = set(db.session.scalars(select(Message.person_id).where(Message.mail == "account_changed")))
        assert {town.people["auditor"], town.people["admin"]} <= told


def test_a_provider_that_is_down_is_a_sentence_and_where_none_is_set_there_is_no_page(own: Flask, app: Flask) -> None:
    assert app.test_client().get("/login/sso").status_code == 404
    assert app.test_client().get("/login/sso/back").status_code == 404
    assert "单点登录" not in text_of(app.test_client().get("/login"))
    dead = replace(own.config["SETTINGS"], single_sign_on=SingleSignOn("http://127.0.0.1:9", CLIENT_ID, CLIENT_SECRET))
    down = create_app(dead, clock=SetClock(databases.LONG_AGO), mailer=MemorySender())
    client = down.test_client()
    assert client.get("/login/sso").headers["Location"] == "/login"
    assert "单点登录没有完成" in text_of(client.get("/login"))
    databases.close(down)
