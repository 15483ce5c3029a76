"""Control orders through their pages: drafted with sites, issued by another, told on the board; what was typed stays."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from tests.support.acts import act_in, do, site_of
from tests.support.visitors import check_page, counted_statements, found_town, in_town, send, visitor
from tracker.domain.house.clock import SetClock

pytestmark = pytest.mark.one_engine
MOST_STATEMENTS = 16


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 11, 24, 7, 0, tzinfo=UTC))


@pytest.fixture
def town_app(app: Flask) -> Flask:
    found_town(app)
    return app


def said_on(response: Any) -> str:
    return " ".join(str(check_page(response).text_content()).split())


def control_in(app: Flask, state: str, *, sites: int = 1) -> str:
    with in_town(app) as town:
        number = act_in(town, "control", "drafted")
        for place in range(1, sites + 1):
            if place > 1:
                site_of(town, f"第{place}厂")
            do(town, number, "control", "add_site", site=f"S-{place:06d}")
        if state == "issued":
            do(town, number, "control", "issue", starts_at="2026-11-24 15:00")
        return number


def test_an_order_is_drafted_issued_acknowledged_and_shown_on_the_board(town_app: Flask) -> None:
    with in_town(town_app) as town:
        site_of(town)
    client = visitor(town_app, "dispatcher")
    given = {"title": "臭氧管控", "pollutant": "o3", "level": "yellow", "first_on": "2026-11-25", "last_on": "2026-11-26"}
    path = send(client, "/acts/new/control", given).headers["Location"]
    refused = send(client, f"{path}/steps/add_site", {"site": "没有的厂", "measures": "错峰"})
    assert refused.status_code == 422 and "没有的厂" in refused.text and "错峰" in refused.text
    assert send(client, f"{path}/steps/add_site", {"site": "桃花纺织", "measures": "错峰"}).status_code == 302
    assert "桃花纺织" in said_on(client.get(path)) and "错峰" in said_on(client.get(path))
    lead = visitor(town_app, "lead")
    assert send(lead, f"{path}/steps/issue", {"starts_at": "2026-11-24T15:00"}).status_code == 302
    board = path.replace("/acts/", "/controls/") + "/board"
    assert "未收到（1）" in said_on(client.get(board))
    officer = visitor(town_app, "officer")
    assert "确认收到" in said_on(officer.get(board))
    given = {"way": "phone", "receiver": "张某某"}
    assert send(officer, f"{path}/duties/1/acknowledge", given).status_code == 302
    said = said_on(client.get(board))
    assert "收到（1）" in said and "收到率 100.0%(1/1)" in said
    assert "收到率 100.0%(1/1)" in said_on(client.get(path))


def test_the_board_stands_still_when_it_is_told_to_and_is_nobodys_who_may_not_read_it(town_app: Flask) -> None:
    number = control_in(town_app, "issued")
    client = visitor(town_app, "dispatcher")
    assert "progress.js" in client.get(f"/controls/{number}/board").text
    assert "progress.js" not in client.get(f"/controls/{number}/board?still=1").text
    assert visitor(town_app, "custodian").get(f"/controls/{number}/board").status_code in (403, 404)
    with in_town(town_app) as town:
        meeting = act_in(town, "meeting", "drafting")
    assert client.get(f"/controls/{meeting}/board").status_code == 404


def test_the_page_takes_as_many_statements_for_twenty_sites_as_for_one(town_app: Flask) -> None:
    client = visitor(town_app, "dispatcher")
    counts = []
    for sites in (1, 20):
        number = control_in(town_app, "issued", sites=sites)
        client.get(f"/acts/{number}")
        with counted_statements(town_app) as seen:
            client.get(f"/acts/{number}")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= MOST_STATEMENTS
