"""The strip of the demo district: for each role what it does and three pages that are there, until it is put away."""

from typing import Any

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select, update

from tests.support.makers import Town
from tests.support.visitors import ROLES, check_page, counted_statements, found_town, in_town, send, visitor
from tracker.demo.district import MAIL_DOMAIN
from tracker.domain.house.actor import Role
from tracker.domain.rules.periods import period_named
from tracker.services.people import delegations
from tracker.services.reports import reports
from tracker.storage.house.base import db
from tracker.storage.people.accounts import Person
from tracker.web.cases.register.newcomer import MOST_SIGHTS, WELCOMES

pytestmark = pytest.mark.one_engine


def let_in(town: Town, *logins: str) -> None:
    """As if the demo had brought them."""
    for login in logins:
        db.session.execute(update(Person).where(Person.login == login).values(email=f"{login}@{MAIL_DOMAIN}"))
    db.session.commit()


@pytest.fixture
def demo(app: Flask) -> Flask:
    found_town(app)
    with in_town(app) as town:
        town.registered()
        let_in(town, *ROLES)
    return app


def strip_of(client: Any) -> Any:
    """The strip on the desk of a visitor; None where there is none."""
    return next(iter(check_page(client.get("/")).xpath("//section[@aria-labelledby='newcomer']")), None)


def links_of(client: Any) -> list[str]:
    strip = strip_of(client)
    assert strip is not None
    return list(strip.xpath(".//a/@href"))


def test_every_role_has_its_row() -> None:
    assert set(WELCOMES) == set(Role)


@pytest.mark.parametrize("role", ROLES)
def test_whoever_the_demo_brought_reads_what_they_do_and_is_led_to_three_pages_that_are_there(demo: Flask, role: str) -> None:
    client = visitor(demo, role)
    strip = strip_of(client)
    assert "演示辖区" in strip.text_content() and WELCOMES[Role(role)].sentence in strip.text_content()
    links = links_of(client)
    assert len(set(links)) == len(links) == MOST_SIGHTS
    for link in links:
        page, _, anchor = link.partition("#")
        answer = client.get(page)
        assert answer.status_code == 200, link
        assert not anchor or html.fromstring(answer.data).xpath("//*[@id=$id]", id=anchor), link


def test_the_last_reports_are_among_the_sights_of_who_may_read_them_once_there_are_any(demo: Flask, clock: Any) -> None:
    lead, officer = visitor(demo, "lead"), visitor(demo, "officer")
    assert not [link for link in links_of(lead) + links_of(officer) if link.startswith("/reports")]
    with in_town(demo):
        clock.advance(days=40)
        for name, period in (("weekly", "2026-W10"), ("weekly", "2026-W11"), ("monthly", "2026-03")):
            reports.publish(reports.build(name, period_named(period), "360103"))
    assert links_of(lead) == ["/#closing", "/reports/weekly/2026-W11", "/reports/monthly/2026-03"]
    assert "/reports/monthly/2026-03" in links_of(officer)
    assert officer.get("/reports/monthly/2026-03").status_code == 200


def test_one_click_puts_it_away_for_good_and_for_this_person_alone(demo: Flask) -> None:
    client = visitor(demo, "verifier")
    for _ in range(2):
        assert send(client, "/newcomer/put-away", at="/").status_code == 302
    assert strip_of(client) is None
    assert strip_of(visitor(demo, "verifier")) is None
    assert strip_of(visitor(demo, "lead")) is not None
    assert visitor(demo).post("/newcomer/put-away").status_code in (302, 400)


def test_who_came_otherwise_sees_none_and_it_costs_them_nothing(demo: Flask) -> None:
    with in_town(demo):
        db.session.execute(update(Person).where(Person.login == "verifier").values(email=f"verifier@not-{MAIL_DOMAIN}"))
        db.session.commit()
    client = visitor(demo, "verifier")
    assert strip_of(client) is None
    with counted_statements(demo) as sent:
        client.get("/")
    assert not [each for each in sent if "preferences.key = " in each and "preferences.value" in each.split("FROM")[0]]


def test_in_somebodys_place_there_is_none(demo: Flask) -> None:
    with in_town(demo) as town:
        delegations.delegate(None, login="officer", substitute="clerk", from_on=town.clock.today(), to_on=town.clock.today(),
                             reason="休假")
        number = str(db.session.scalars(select(delegations.Delegation.id)).one())
    client = visitor(demo, "clerk")
    assert strip_of(client) is not None
    assert send(client, "/my/standing", {"delegation": number}, at="/").status_code == 302
    assert strip_of(client) is None
