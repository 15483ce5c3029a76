"""Joint meetings through their pages: what waits and the buttons that list it, the papers, and the items on the page
of a case."""

import io
from datetime import datetime
from typing import Any

import docx
import openpyxl
import pytest
from flask import Flask

from tests.support.acts import act_in, do, opened
from tests.support.visitors import check_page, counted_statements, found_town, in_town, send, visitor
from tracker.domain.cases.facts import CaseState
from tracker.services.house.work import wiring

pytestmark = pytest.mark.one_engine
KIND, BACKLOG, MOST_STATEMENTS = "meeting", "/meetings/backlog", 16


@pytest.fixture
def town_app(app: Flask) -> Flask:
    found_town(app)
    return app


def said_on(response: Any) -> str:
    return " ".join(str(check_page(response).text_content()).split())


def disputes(app: Flask, count: int = 2) -> list[str]:
    """Cases whose dispute is past its limit."""
    with in_town(app) as town:
        found = [town.case_in(CaseState.disputed) for _ in range(count)]
        town.clock.move_to(datetime(2026, 3, 10, 9, tzinfo=wiring().zone))
        return found


def test_what_waits_has_a_page_and_is_listed_by_a_button_one_or_all(town_app: Flask) -> None:
    first, second = disputes(town_app)
    with in_town(town_app) as town:
        number = opened(town, KIND)
    client = visitor(town_app, "dispatcher")
    said = said_on(client.get(BACKLOG))
    assert f"{first} 争议提级 争议逾期未裁定 自 2026年3月2日 已等 8 天" in said
    page = f"/acts/{number}"
    assert "全部列入（2）" in said_on(client.get(page))
    sent = send(client, f"/meetings/{number}/agenda", {"seq": "1", "key": f"case:{first}"}, at=page)
    assert sent.headers["Location"].endswith(page)
    assert f"“{first}”已列入议题。" in said_on(client.get(page))
    send(client, f"/meetings/{number}/agenda", {"seq": "1", "key": f"case:{second}"}, at=page)
    assert "已有第 2 条" in said_on(client.get(page))
    send(client, f"/meetings/{number}/agenda", {"seq": "2", "key": ""}, at=page)
    assert "1 项待议事项已列入议题。" in said_on(client.get(page))
    assert said_on(client.get(BACKLOG)).count(f"已列入 {number}") == 2


@pytest.mark.parametrize(("login", "may"), [("dispatcher", True), ("lead", True), ("supervisor", False), ("inspector", False)])
def test_the_button_stands_there_for_whom_the_step_is_open(town_app: Flask, login: str, may: bool) -> None:
    disputes(town_app)
    with in_town(town_app) as town:
        number = opened(town, KIND)
    client = visitor(town_app, login)
    page = check_page(client.get(f"/acts/{number}"))
    assert bool(page.xpath(f"//form[contains(@action, '/meetings/{number}/agenda')]")) is may
    if not may:
        sent = send(client, f"/meetings/{number}/agenda", {"seq": "1", "key": ""}, at=f"/acts/{number}")
        assert sent.status_code == 302
        assert "已列入" not in said_on(client.get(BACKLOG)).partition("这里的事项")[0]


def test_nothing_that_waits_says_what_would_stand_there(town_app: Flask) -> None:
    assert "没有待议事项。" in said_on(visitor(town_app, "dispatcher").get(BACKLOG))


def test_the_price_of_what_waits_does_not_grow_with_it(town_app: Flask) -> None:
    client, costs = visitor(town_app, "dispatcher"), []
    for _ in range(2):
        disputes(town_app, 3)
        client.get(BACKLOG)
        with counted_statements(town_app) as sent:
            assert client.get(BACKLOG).status_code == 200
        costs.append(len(sent))
    assert costs[0] == costs[1] <= MOST_STATEMENTS


def test_notice_and_minutes_are_files_for_who_reads_the_meeting(town_app: Flask) -> None:
    with in_town(town_app) as town:
        number = act_in(town, KIND, "issued")
    officer, neighbour = visitor(town_app, "officer"), visitor(town_app, "neighbour")
    for name, title in (("agenda", "关于召开铁路沿线三月例会的通知"), ("minutes", "铁路沿线三月例会纪要")):
        answer = officer.get(f"/meetings/{number}/{name}.docx")
        assert title in " ".join(line.text for line in docx.Document(io.BytesIO(answer.data)).paragraphs)
        assert neighbour.get(f"/meetings/{number}/{name}.docx").status_code == 404
    assert "会议通知（Word）" in said_on(officer.get(f"/acts/{number}")) and "会议纪要（Word）" in said_on(officer.get(f"/acts/{number}"))


def test_before_the_call_there_is_no_notice_and_no_link_to_one(town_app: Flask) -> None:
    with in_town(town_app) as town:
        number = opened(town, KIND)
    client = visitor(town_app, "dispatcher")
    assert client.get(f"/meetings/{number}/agenda.docx").status_code == 404
    assert "会议通知（Word）" not in said_on(client.get(f"/acts/{number}"))


def test_order_and_call_list_are_files_of_an_order_that_is_issued(town_app: Flask) -> None:
    with in_town(town_app) as town:
        number, drafted = act_in(town, "control", "issued"), act_in(town, "control", "drafted")
    client = visitor(town_app, "dispatcher")
    assert "管控令（Word）" in said_on(client.get(f"/acts/{number}"))
    assert docx.Document(io.BytesIO(client.get(f"/controls/{number}/order.docx").data)).tables
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/controls/{number}/calls.xlsx").data))
    assert "桃花纺织" in [cell.value for row in book["点位"].iter_rows() for cell in row]
    assert {client.get(f"/controls/{drafted}/{name}").status_code for name in ("order.docx", "calls.xlsx")} == {404}


def test_the_case_names_its_items_with_a_link_and_the_meeting_says_where_it_stands_today(town_app: Flask) -> None:
    (case,) = disputes(town_app, 1)
    with in_town(town_app) as town:
        number = opened(town, KIND)
        do(town, number, KIND, "add_item", target=case)
    client = visitor(town_app, "dispatcher")
    assert f"联席会议 {number} 第 1 项 2026年3月10日 尚未议定" in said_on(client.get(f"/cases/{case}"))
    with in_town(town_app) as town:
        do(town, number, KIND, "call", held_at="2026-03-10 08:00", reason="临时召开")
        do(town, number, KIND, "hold")
        do(town, number, KIND, "decide_item", outcome="designation", text="由城管局牵头", lead_unit="XH-CG")
    page = check_page(client.get(f"/cases/{case}"))
    assert page.xpath(f"//a[contains(@href, '/acts/{number}')][contains(., '第 1 项')]")
    assert f"联席会议 {number} 第 1 项 2026年3月10日 指定办理" in said_on(client.get(f"/cases/{case}"))
    said = said_on(client.get(f"/acts/{number}"))
    assert f"{case} 待签收指定办理 由城管局牵头未到会 西湖区城市管理局" in said
    with in_town(town_app) as town:
        town.do(case, "acknowledge", by="supporter")
    assert f"{case} 整改中指定办理" in said_on(client.get(f"/acts/{number}"))
