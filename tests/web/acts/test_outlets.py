"""Where acts come out: the search of the register, the file of the list, the page of a day that is over; nobody learns more there
than on the list."""

import io
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from openpyxl import load_workbook

from tests.support.acts import act_in, do, opened
from tests.support.visitors import check_page, counted_statements, found_town, in_town, visitor
from tracker.domain.cases.facts import CaseState
from tracker.domain.upkeep.flows import ACT_FLOWS
from tracker.services.acts import access, duties, then
from tracker.storage.house import words
from tracker.storage.house.base import db

pytestmark = pytest.mark.one_engine
MOST_STATEMENTS = 24


@pytest.fixture
def town_app(app: Flask) -> Flask:
    found_town(app)
    return app


def found(app: Flask, login: str, q: str) -> str:
    """What the search of the register says of acts, "" for nothing."""
    page = check_page(visitor(app, login).get(f"/cases?q={quote(q)}"))
    return " ".join(str(each.text_content()) for each in page.xpath("//section[@aria-labelledby='acts-found']"))


def rows_of(content: bytes) -> list[Mapping[str, Any]]:
    sheet = load_workbook(io.BytesIO(content)).worksheets[-1]
    rows = list(sheet.iter_rows(values_only=True))
    head = next(i for i, row in enumerate(rows) if row[0] == "编号")
    return [dict(zip(map(str, rows[head]), row, strict=True)) for row in rows[head + 1:] if row[0] and "-" in str(row[0])]


@pytest.mark.parametrize("q", ["三月例会", "HY-2026-0001", "hy-2026", "征求了铁路", "铁路沿线 征求", "朝阳洲街道"])
def test_a_search_of_the_register_finds_acts_by_number_name_unit_and_what_was_said(town_app: Flask, q: str) -> None:
    with in_town(town_app) as town:
        number = act_in(town, "meeting", "called" if q.startswith("朝") else "drafting")
        do(town, number, "meeting", "note")
        if q.startswith("朝"):
            number = act_in(town, "interview", "held")
    assert number in found(town_app, "dispatcher", q)
    assert number in found(town_app, "auditor", q)


def test_a_search_finds_no_act_of_others_and_nothing_for_what_is_nowhere(town_app: Flask) -> None:
    with in_town(town_app) as town:
        number = opened(town, "interview")
    assert number in found(town_app, "officer", "扬尘问题反复")
    assert found(town_app, "supporter", "扬尘问题反复") == ""
    assert found(town_app, "dispatcher", "九霄云外") == found(town_app, "dispatcher", "%") == ""


def test_more_than_five_are_led_to_the_list(town_app: Flask) -> None:
    with in_town(town_app) as town:
        for _ in range(6):
            opened(town, "interview")
    said = found(town_app, "dispatcher", "扬尘")
    assert (said.count("YT-2026-"), "办理中的事项里的全部结果" in said) == (5, True)
    with counted_statements(town_app) as seen:
        visitor(town_app, "dispatcher").get("/acts?q=%E6%89%AC%E5%B0%98")
    assert len(seen) < MOST_STATEMENTS


def test_words_that_were_erased_are_found_no_more(town_app: Flask) -> None:
    with in_town(town_app) as town:
        number = opened(town, "interview")
        words.erase(db.session(), f"act:{number}", [(1, "text")], town.clock.now())
        db.session.commit()
    assert found(town_app, "dispatcher", "扬尘问题反复") == ""


def test_the_file_of_the_list_has_what_the_list_shows_to_this_person(town_app: Flask) -> None:
    with in_town(town_app) as town:
        held, other = act_in(town, "interview", "held"), act_in(town, "meeting", "drafting")
    every = rows_of(visitor(town_app, "lead").get("/acts/export.xlsx", buffered=True).data)
    assert [row["编号"] for row in every] == [held, other]
    assert (every[0]["种类"], every[0]["状态"], every[0]["应办事项"], every[0]["未完成应办"]) == ("约谈", "已约谈", 1, 1)
    asked = visitor(town_app, "lead").get("/acts/export.xlsx?kind=meeting&q=%E4%B8%89%E6%9C%88", buffered=True)
    assert [row["编号"] for row in rows_of(asked.data)] == [other]
    assert "no-store" in asked.headers["Cache-Control"] and asked.headers["Content-Disposition"].startswith("attachment")
    assert [row["编号"] for row in rows_of(visitor(town_app, "officer").get("/acts/export.xlsx", buffered=True).data)] == [held]
    assert rows_of(visitor(town_app, "supporter").get("/acts/export.xlsx", buffered=True).data) == []
    assert visitor(town_app, "inspector").get("/acts/export.xlsx", buffered=True).status_code == 403


def test_who_may_take_the_list_along_is_offered_it(town_app: Flask) -> None:
    with in_town(town_app) as town:
        opened(town, "interview")
    assert "导出这些事项" in check_page(visitor(town_app, "dispatcher").get("/acts?kind=interview")).text_content()
    assert "导出这些事项" not in check_page(visitor(town_app, "verifier").get("/acts?kind=interview")).text_content()


def test_an_act_is_shown_as_it_stood_when_a_day_ended(town_app: Flask) -> None:
    with in_town(town_app) as town:
        number, first = act_in(town, "interview", "held"), town.clock.today()
        town.clock.move_to(town.clock.now() + timedelta(days=3))
        duties.take(town.actor("officer"), number, 1, "answer", {"text": "已整改完毕"})
        duties.take(town.actor("dispatcher"), number, 1, "waive", {"reason": "另案处理"})
    client = visitor(town_app, "dispatcher")
    then = check_page(client.get(f"/acts/{number}?on={first}")).text_content()
    now = check_page(client.get(f"/acts/{number}")).text_content()
    assert "待报结果" in then and "已整改完毕" not in then and "由账本推算" in then and "现在可以做的" not in then
    assert "已免除" in now and "已整改完毕" in now
    before = client.get(f"/acts/{number}?on={first - timedelta(days=1)}")
    assert before.status_code == 404 and "还没有登记" in before.text
    assert client.get(f"/acts/{number}?on=2031-01-01").status_code == 422
    assert client.get(f"/acts/{number}?on=昨天").status_code == 422
    assert visitor(town_app, "supporter").get(f"/acts/{number}?on={first}").status_code == 404


@pytest.mark.parametrize("kind", sorted(ACT_FLOWS))
def test_today_folded_from_facts_is_what_the_rows_say(town_app: Flask, kind: str) -> None:
    with in_town(town_app) as town:
        number, actor = opened(town, kind), town.actor("many_hats")
        now, folded = access.page_for(actor, number), then.page_on(actor, number, town.clock.today())
        assert (folded.head, folded.duties, folded.clocks) == (now.head, now.duties, now.clocks)
        assert {(each.person_id, each.part) for each in folded.hands} == {(each.person_id, each.part) for each in now.hands}
        assert {each.target for each in folded.links} == {each.target for each in now.links}


def test_the_page_of_a_case_leads_to_the_acts_that_the_reader_sees(town_app: Flask) -> None:
    with in_town(town_app) as town:
        case = town.case_in(CaseState.rectifying)
        number = opened(town, "interview", target=case)
    assert number in visitor(town_app, "dispatcher").get(f"/cases/{case}").text
