"""Programmes through their page: a draft's cells lead to their forms, an adopted one shows lights, picture and milestones on any
day, and what each may do."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from flask import Flask
from openpyxl import load_workbook

from tests.support.acts import act_in, do
from tests.support.visitors import check_page, counted_statements, found_town, in_town, send, visitor
from tracker.domain.house.clock import SetClock
from tracker.services.acts import duties

pytestmark = pytest.mark.one_engine
MOST_STATEMENTS = 18


@pytest.fixture
def clock() -> SetClock:
    """The milestone of the usual programme is half over."""
    return SetClock(datetime(2026, 7, 1, 1, 0, tzinfo=UTC))


@pytest.fixture
def town_app(app: Flask) -> Flask:
    found_town(app)
    return app


def programme_in(app: Flask, state: str, **given: object) -> str:
    with in_town(app) as town:
        if not given:
            return act_in(town, "programme", state)
        number = act_in(town, "programme", "drafting")
        do(town, number, "programme", "add_milestone", **given)
        do(town, number, "programme", "adopt")
        return number


def said_on(response: Any) -> str:
    return " ".join(str(check_page(response).text_content()).split())


def test_a_cell_of_a_draft_leads_to_the_form_of_its_milestone(town_app: Flask) -> None:
    client = visitor(town_app, "dispatcher")
    lines = {"title": "排水规划", "zones": "朝阳新城\n朝阳洲", "phases": "一期 2026-12-31"}
    number = send(client, "/acts/new/programme", lines).headers["Location"].rpartition("/")[2]
    page = check_page(client.get(f"/acts/{number}"))
    assert "权重合计 0，应为 100" in page.text_content()
    links = [each for each in page.xpath("//table//a/@href") if "add_milestone" in each]
    assert len(links) == 2
    form = check_page(client.get(links[1]))
    assert form.xpath("string(//input[@name='zone']/@value)") == "朝阳洲"
    assert form.xpath("string(//input[@name='phase']/@value)") == "一期"


def test_an_adopted_programme_shows_its_lights_its_picture_and_its_milestones(town_app: Flask) -> None:
    number = programme_in(town_app, "adopted")
    page = check_page(visitor(town_app, "dispatcher").get(f"/acts/{number}"))
    said = " ".join(page.text_content().split())
    assert "截至 2026年7月1日，应达 49.9%，实际 0.0%，偏差 −49.9 个百分点。 红灯 1 项。" in said
    assert page.xpath("//*[local-name()='svg'][@role='img']/@aria-label")[0].startswith("各节点的计划与实际；朝阳新城 · 一期摸排 开始")
    assert page.xpath("//table//span[contains(@class, 'light-red')]")
    assert "截至 2026年6月1日，规划还没有批准实施" in said_on(visitor(town_app, "dispatcher").get(f"/acts/{number}?day=2026-06-01"))
    assert "截至 2026年7月1日" in said_on(visitor(town_app, "dispatcher").get(f"/acts/{number}?day=2031-01-01"))


def test_a_quantity_is_asked_of_a_milestone_that_has_one_and_a_part_is_booked_by_another_unit(town_app: Flask) -> None:
    number = programme_in(town_app, "adopted", indicator="quantity", goal="12.6", measure="公里")
    officer, verifier = visitor(town_app, "officer"), visitor(town_app, "verifier")
    path = f"/acts/{number}/duties/1"
    assert "完成数量" in said_on(officer.get(f"{path}/answer"))
    refused = send(officer, f"{path}/answer", {"text": "已做两段", "value": "13"})
    assert refused.status_code == 422
    page = check_page(refused)
    assert "完成数量 13 超过目标 12.6" in page.text_content()
    assert page.xpath("string(//textarea[@name='text'])").strip() == "已做两段"
    assert send(officer, f"{path}/answer", {"text": "已做两段", "value": "6.3"}).status_code == 302
    said = said_on(verifier.get(f"/acts/{number}"))
    assert "核实进度" in said
    assert "核实通过" not in said
    assert send(verifier, f"{path}/book", {"text": "现场测量"}).status_code == 302
    assert "实际 50.0%" in said_on(verifier.get(f"/acts/{number}"))
    plain = programme_in(town_app, "adopted")
    assert check_page(officer.get(f"/acts/{plain}/duties/1/answer")).xpath("//*[@name='value' or @name='value_reason']") == []


def test_what_the_page_costs_in_statements(town_app: Flask) -> None:
    number = programme_in(town_app, "adopted", indicator="cases")
    with in_town(town_app) as town:
        do(town, number, "programme", "attach", target=town.registered())
        duties.take(town.actor("officer"), number, 1, "answer", {"text": "已办"})
    client = visitor(town_app, "dispatcher")
    client.get(f"/acts/{number}")
    with counted_statements(town_app) as sent:
        check_page(client.get(f"/acts/{number}"))
    assert len(sent) <= MOST_STATEMENTS, sent


def test_its_sheet_and_its_paper_tell_the_numbers_of_the_page_on_that_day(town_app: Flask) -> None:
    number, client = programme_in(town_app, "adopted"), visitor(town_app, "dispatcher")
    assert client.get(f"/programmes/{number}?day=2026-07-01").headers["Location"].endswith(f"/acts/{number}?day=2026-07-01")
    book = load_workbook(BytesIO(client.get(f"/programmes/{number}/sheet.xlsx?day=2026-07-01").data))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    page = said_on(client.get(f"/acts/{number}?day=2026-07-01"))
    assert {"49.9", "0.0", "−49.9", "管网摸排", "应达（%）"} <= set(cells)
    assert "49.9" in page
    paper = Document(BytesIO(client.get(f"/programmes/{number}/sheet.docx?day=2026-07-01").data))
    assert any("应达 49.9%，实际 0.0%" in line.text for line in paper.paragraphs)
    assert len(paper.inline_shapes) >= 1
    assert visitor(town_app, "other_dispatcher").get(f"/programmes/{number}/sheet.docx").status_code == 404
    meeting = meeting_beside(town_app)
    assert client.get(f"/programmes/{meeting}").status_code == 404
    assert client.get(f"/programmes/{number}/sheet.xlsx?day=yesterday").status_code == 200


def meeting_beside(app: Flask) -> str:
    with in_town(app) as town:
        return act_in(town, "meeting", "drafting")
