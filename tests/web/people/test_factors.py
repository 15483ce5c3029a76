"""The pages of a second factor, and what opens without one."""

from datetime import timedelta
from typing import Any

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.support.makers import Town
from tests.support.visitors import check_page, in_town, send, text_of, visitor
from tracker.domain.house.clock import SetClock
from tracker.services.people.access import FACTOR_SINCE
from tracker.storage.house.base import db
from tracker.storage.house.preferences import Preference
from tracker.storage.people.sign_ins import SignInSession

pytestmark = [pytest.mark.usefixtures("cheap_hashes"), pytest.mark.one_engine]
HOME = "/account/second-factor"


@pytest.fixture(autouse=True)
def _town(app: Flask) -> None:
    with app.app_context():
        Town.founded()


def code_of(client: Any, clock: SetClock) -> str:
    """What the app shows, that read the page."""
    secret = check_page(client.get(HOME)).xpath("string(//*[contains(@class, 'factor-secret')])")
    return pyotp.TOTP("".join(secret.split())).at(clock.now())


def set_up(client: Any, clock: SetClock) -> Any:
    send(client, f"{HOME}/begin", at=HOME)
    code = code_of(client, clock)
    return send(client, f"{HOME}/confirm", {"code": code}, at=HOME)


def wait_for_a_code(app: Flask, login: str) -> None:
    """As if they had just signed in with the password."""
    with in_town(app) as town:
        db.session.execute(update(SignInSession).where(SignInSession.person_id == town.people[login]).values(second_at=None))
        db.session.commit()


def test_it_is_set_up_on_one_page_and_the_codes_for_paper_are_shown_once(app: Flask, clock: SetClock) -> None:
    client = visitor(app, "clerk")
    assert "开始启用" in text_of(client.get(HOME))
    page = check_page(set_up(client, clock))
    codes = page.xpath("//ul[contains(@class, 'factor-codes')]/li/text()")
    assert len(set(codes)) == 10
    assert "还剩 10 个" in text_of(client.get(HOME)) and codes[0] not in client.get(HOME).text


def test_a_wrong_first_code_is_said_and_the_picture_stays(app: Flask) -> None:
    client = visitor(app, "clerk")
    send(client, f"{HOME}/begin", at=HOME)
    answer = send(client, f"{HOME}/confirm", {"code": "12"}, at=HOME)
    assert answer.status_code == 403 and "动态口令或备用码不对" in text_of(answer) and "factor-code" in answer.text
    assert send(client, f"{HOME}/confirm", {"code": ""}, at=HOME).status_code == 422


def test_before_the_code_no_page_opens_and_after_it_the_one_that_was_asked_for(app: Flask, clock: SetClock) -> None:
    client = visitor(app, "clerk")
    set_up(client, clock)
    wait_for_a_code(app, "clerk")
    for path in ("/", "/cases", "/account/sessions", HOME):
        assert client.get(path).headers["Location"].startswith(f"{HOME}/check"), path
    assert client.post("/password").status_code in (302, 400)
    assert client.get("/cases", headers={"Accept": "application/json"}).status_code == 403
    where = client.get("/cases?state=closed").headers["Location"]
    check_page(client.get(where))
    assert send(client, where, {"code": "000000"}).status_code == 403
    clock.advance(timedelta(minutes=2))
    with in_town(app) as town:
        from tracker.services.people.signing import factors

        row = db.session.get_one(factors.SecondFactor, town.people["clerk"])
        code = pyotp.TOTP(factors._secret_of(row)).at(clock.now())
    assert send(client, where, {"code": code}).headers["Location"] == "/cases?state=closed"
    assert client.get("/cases").status_code == 200
    assert client.get(f"{HOME}/check").headers["Location"] == "/"


def test_a_custodian_without_one_gets_on_the_eighth_day_nothing_but_the_page_to_set_it_up(app: Flask, clock: SetClock) -> None:
    client = visitor(app, "custodian")
    with in_town(app):
        since = (clock.now() - timedelta(days=7)).isoformat()
        db.session.execute(update(Preference).where(Preference.key == FACTOR_SINCE).values(value=since))
        db.session.commit()
    assert client.get("/identities").headers["Location"] == HOME
    assert "宽限期已过" in text_of(client.get(HOME))
    set_up(client, clock)
    assert client.get("/account/sessions").status_code == 200
    assert visitor(app, "clerk").get("/").status_code == 200


def test_whoever_has_one_is_asked_for_a_code_where_others_type_the_password(app: Flask, clock: SetClock) -> None:
    client = visitor(app, "custodian")
    set_up(client, clock)
    clock.advance(timedelta(hours=1))
    page = send(client, f"{HOME}/codes", at=HOME)
    assert "请输入动态口令" in text_of(page) and page.status_code == 403
    answer = send(client, f"{HOME}/codes", {"password_again": "0"}, at=HOME)
    assert answer.status_code == 403 and "动态口令或备用码不对" in text_of(answer)


def test_an_administrator_resets_what_was_lost_from_the_person_s_page(app: Flask, clock: SetClock) -> None:
    set_up(visitor(app, "custodian"), clock)
    admin = visitor(app, "admin")
    assert "重置动态口令" in text_of(admin.get("/people/custodian"))
    assert send(admin, "/people/custodian/reset-factor", at="/people/custodian").status_code == 302
    assert "重置动态口令" not in text_of(admin.get("/people/custodian"))
    with in_town(app) as town:
        ended = db.session.scalars(select(SignInSession.why).where(SignInSession.person_id == town.people["custodian"])).all()
        assert set(ended) == {"factor_reset"}
    for login in ("dispatcher", "lead", "auditor"):
        assert send(visitor(app, login), "/people/admin/reset-factor", at="/my").status_code in (403, 404), login


def test_the_operator_resets_it_at_the_machine(app: Flask, cli: Any, clock: SetClock) -> None:
    set_up(visitor(app, "admin"), clock)
    assert cli.invoke(args=["people", "reset-factor", "admin"]).output == "已重置 admin 的动态口令\n"
    assert cli.invoke(args=["people", "reset-factor", "admin"]).exit_code != 0


def test_a_long_file_and_one_of_a_register_are_for_who_just_proved_who_they_are(app: Flask, clock: SetClock,
                                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    client = visitor(app, "dispatcher")
    with in_town(app) as town:
        for _ in range(2):
            town.registered()
        db.session.execute(update(SignInSession).values(fresh_until=clock.now()))
        db.session.commit()
    def status_of(path: str) -> int:
        with client.get(path) as answer:
            return int(answer.status_code)

    assert status_of("/cases/export.csv") == 200
    assert status_of("/sites/registers/permit.xlsx") == 403
    monkeypatch.setattr("tracker.services.tables.exporting.MOST_UNASKED", 1)
    assert "请再输一次密码" in text_of(client.get("/cases/export.csv"))
    assert status_of("/cases/export.csv?state=closed") == 200
