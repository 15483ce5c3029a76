"""How somebody wants their own mail, chosen on a page of their account and by command."""

import pytest
from flask import Flask

from tests.support.visitors import check_page, found_town, in_town, send, text_of, visitor
from tracker.services.mail import choices
from tracker.storage.house.base import db

pytestmark = [pytest.mark.one_engine]
AT = "/account/mail"
GIVEN = {"asked": "at_once", "informed": "in_digest", "ended": "never", "chores": "at_once"}


@pytest.fixture
def town_app(app: Flask) -> Flask:
    found_town(app)
    return app


def ways(app: Flask, login: str) -> dict[str, str]:
    with in_town(app) as town:
        return {each.kind.code: each.way.value for each in choices.ways_of(db.session(), town.people[login])}


def test_everybody_chooses_for_themselves_and_sees_what_cannot_be_chosen_and_why(town_app: Flask) -> None:
    client = visitor(town_app, "officer")
    page = check_page(client.get(AT))
    assert set(page.xpath("//input[@type='radio' and @checked]/@value")) == {"at_once"}
    assert page.xpath("//input[@name='asked' and @value='never'] | //input[@name='security']") == []
    assert "账号是否被他人使用，须立刻知道" in text_of(client.get(AT))
    assert send(client, AT, GIVEN).status_code == 302
    assert {code: way for code, way in ways(town_app, "officer").items() if code in GIVEN} == GIVEN
    page = check_page(client.get(AT))
    assert page.xpath("//input[@name='ended' and @checked]/@value") == ["never"]
    assert set(ways(town_app, "officer2").values()) == {"at_once"}


@pytest.mark.parametrize("way", ["never", "gossip", ""])
def test_what_duty_closes_is_refused_at_its_field_and_nothing_typed_is_lost(town_app: Flask, way: str) -> None:
    client = visitor(town_app, "officer")
    answer = send(client, AT, {**GIVEN, "asked": way})
    assert answer.status_code == 422
    page = check_page(answer)
    assert page.xpath("//a[@href='#asked']") != []
    assert page.xpath("//input[@name='ended' and @checked]/@value") == ["never"]
    assert set(ways(town_app, "officer").values()) == {"at_once"}


def test_the_command_lists_and_changes_and_names_what_is_closed(town_app: Flask) -> None:
    run = town_app.test_cli_runner().invoke
    assert "案件进展\tin_digest\t并入每日汇总" in run(args=["outbox", "choose", "officer", "--set", "informed=in_digest"]).output
    refused = run(args=["outbox", "choose", "officer", "--set", "pressed=never"])
    assert refused.exit_code != 0
    assert "“督办和催办”不能选“不收”：督办有反馈期限，须及时收到。" in refused.output
    assert ways(town_app, "officer")["pressed"] == "at_once"
