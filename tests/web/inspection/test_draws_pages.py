"""Draws through their pages: prepared, committed, drawn before a witness, verified; what stands outside has its reason."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.support.acts import act_in, do, listed, opened, ready_for_draw
from tests.support.visitors import check_page, counted_statements, found_town, in_town, send, visitor
from tracker.services.upkeep import seals

pytestmark = pytest.mark.one_engine
MOST_STATEMENTS = 40


@pytest.fixture
def town_app(app: Flask) -> Flask:
    found_town(app)
    return app


def said_on(response: Any) -> str:
    return " ".join(str(check_page(response).text_content()).split())


def test_a_draw_goes_from_its_list_to_its_result_and_the_preparer_does_not_draw(town_app: Flask) -> None:
    with in_town(town_app) as town:
        ready_for_draw(town)
        listed(town, "S-000004", valid_to="2027-06-30")
    client = visitor(town_app, "many_hats")
    refused = send(client, "/acts/new/draw", {"quarter": "第一季度", "roster_on": "2026-03-02"})
    assert refused.status_code == 422 and "应写成 2026Q4" in refused.text and "第一季度" in refused.text
    path = send(client, "/acts/new/draw", {"quarter": "2026Q1", "roster_on": "2026-03-02"}).headers["Location"]
    assert path.endswith("/acts/SJ-2026Q1-360103")
    given = {"site": "S-000002", "reason": "已纳入专案", "document_no": "西环〔2026〕3号"}
    assert send(client, f"{path}/steps/exclude", given).status_code == 302
    roster = said_on(client.get("/draws/SJ-2026Q1-360103/roster"))
    assert "桃花第2厂" in roster and "剔除" in roster and "在册 4 家，不抽取 2 家" in roster
    assert "正面清单（至 2027-06-30）" in roster
    assert send(client, f"{path}/steps/commit", {"witness_source": "上证指数收盘", "witness_on": "2026-03-03"}).status_code == 302
    with in_town(town_app) as town:
        seals.seal(town.clock.today())
        town.clock.advance(timedelta(days=1))
    given = {"witness": "上证指数2026-03-03收盘:3466.33", "planned_on": "2026-03-03"}
    assert client.get(f"{path}/steps/draw").status_code == 403
    said = client.post(f"{path}/steps/draw", data={"csrf_token": "x", **given})
    assert said.status_code in (400, 403)
    lead = visitor(town_app, "lead")
    assert "抽取须由另一人见证" in said_on(client.get(path))
    assert send(lead, f"{path}/steps/draw", given).status_code == 302
    page = said_on(lead.get(path))
    assert "已完成 0 / 1" in page and "JC-2026-000001" in page
    assert "四个数都一致" in said_on(lead.get("/draws/SJ-2026Q1-360103/verify"))
    assert lead.get("/draws/SJ-2026Q1-360103/bundle.zip").status_code == 409


def test_the_bundle_of_a_closed_draw_is_handed_out_and_the_pages_of_another_are_not_there(town_app: Flask) -> None:
    with in_town(town_app) as town:
        closed, going = act_in(town, "draw", "closed"), act_in(town, "draw", "drawn")
        meeting = opened(town, "meeting")
    clerk = visitor(town_app, "clerk")
    sent = clerk.get(f"/draws/{closed}/bundle.zip")
    assert sent.status_code == 200 and sent.mimetype == "application/zip" and sent.data[:2] == b"PK"
    assert clerk.get("/draws").headers["Location"].endswith("/acts?kind=draw")
    for page in ("roster", "verify", "bundle.zip"):
        for login in ("clerk", "officer", "inspector", "legal"):
            assert visitor(town_app, login).get(f"/draws/{going}/{page}").status_code == 404, (page, login)
        assert visitor(town_app, "lead").get(f"/draws/{meeting}/{page}").status_code == 404
    with counted_statements(town_app) as seen:
        visitor(town_app, "lead").get(f"/acts/{going}")
    assert len(seen) < MOST_STATEMENTS


def test_an_attempt_that_was_abandoned_is_told_by_the_next(town_app: Flask) -> None:
    with in_town(town_app) as town:
        first = act_in(town, "draw", "committed")
        do(town, first, "draw", "abandon")
        second = opened(town, "draw", quarter="2026Q1")
    said = said_on(visitor(town_app, "dispatcher").get(f"/acts/{second}"))
    assert "第 2 次编制" in said and f"第 1 次 {first} 已作废" in said
