"""Bulk steps through the pages: tick, preview, send, read the result of each."""

from typing import Any

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select

from tests.support.visitors import check_page, counted_statements, found_town, in_town, text_of, visitor
from tracker.domain.cases.facts import CaseState
from tracker.services.cases.register import bulk
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message

pytestmark = pytest.mark.one_engine
S = CaseState


@pytest.fixture
def week(app: Flask) -> Flask:
    """Two verified cases, and three that cannot be closed: in work, unserved notice, another district's lead would see none."""
    found_town(app)
    with in_town(app) as town:
        town.case_in(S.verified, "PATROL")
        town.case_in(S.verified)
        town.case_in(S.rectifying)
        town.case_in(S.verified, "D2JX")
        town.case_in(S.noticing, "D2JX")
    return app


NUMBERS = [f"XH-2026-{n:06d}" for n in range(1, 6)]


def sent(client: Any, page: Any, path: str, **data: Any) -> Any:
    """The preview's form as a browser sends it."""
    form = html.fromstring(page.data).xpath("//main//form[@method='post']")[0]
    fields: dict[str, Any] = {"csrf_token": form.xpath(".//input[@name='csrf_token']/@value")[0],
                              "row": form.xpath(".//input[@name='row']/@value"), "seen_all": "1",
                              "shown": form.xpath(".//input[@name='shown']/@value")} | data
    return client.post(path, data=fields)


def test_the_weekly_close_out_from_the_desk_to_the_result(week: Flask) -> None:
    client = visitor(week, "lead")
    (link,) = [a.get("href") for a in html.fromstring(client.get("/").data).iter("a") if a.text == "本周拟销号"]
    page = check_page(client.get(link))
    ticked = page.xpath("//input[@form='bulk'][@checked]/@value")
    assert sorted(ticked) == [NUMBERS[0], NUMBERS[1], NUMBERS[3]]
    (press,) = page.xpath("//button[@formaction='/cases/bulk/close']")
    assert press.text == "销号"
    preview = client.get("/cases/bulk/close", query_string={"n": NUMBERS})
    told = text_of(preview)
    check_page(preview)
    assert "2 件可以办理，3 件不能" in told
    answer = sent(client, preview, "/cases/bulk/close", reason="本周销号")
    check_page(answer)
    assert "2 件中已办 2 件" in text_of(answer)
    with in_town(week) as town:
        assert [town.row(n).state for n in NUMBERS] == [S.closed, S.closed, S.rectifying, S.verified, S.noticing]


def test_rows_added_by_hand_meet_the_law_and_are_told_row_by_row(week: Flask) -> None:
    client = visitor(week, "lead")
    preview = client.get("/cases/bulk/close", query_string={"n": NUMBERS[:2]})
    with in_town(week) as town:
        rows = [f"{n}:{town.row(n).seq}" for n in NUMBERS]
    answer = sent(client, preview, "/cases/bulk/close", row=[*rows, "XH-2026-000099:1"])
    told = text_of(answer)
    check_page(answer)
    assert "6 件中已办 2 件，4 件未办理" in told
    again = text_of(sent(client, preview, "/cases/bulk/close", row=rows[:2]))
    assert "2 件中已办 0 件" in again
    assert "情况有变" in again


def test_what_is_missing_shows_the_preview_again_with_the_facts_first_seen(week: Flask) -> None:
    client = visitor(week, "dispatcher")
    preview = client.get("/cases/bulk/urge", query_string={"n": NUMBERS[2:3]})
    with in_town(week) as town:
        town.do(NUMBERS[2], "comment")
    answer = sent(client, preview, "/cases/bulk/urge")
    assert answer.status_code == 422
    check_page(answer)
    assert html.fromstring(answer.data).xpath("//input[@name='row']/@value") == html.fromstring(preview.data).xpath(
        "//input[@name='row']/@value")
    assert "情况有变" in text_of(sent(client, answer, "/cases/bulk/urge", text="请抓紧"))


def test_a_whole_view_is_picked_at_once(week: Flask) -> None:
    page = visitor(week, "lead").get("/cases/bulk/close?all=1&state=verified&state=noticed")
    assert "2 件可以办理，1 件不能" in text_of(page)


@pytest.mark.parametrize(("path", "status"), [
    ("/cases/bulk/close", 422), ("/cases/bulk/correct_field?n=XH-2026-000001", 404),
    ("/cases/bulk/nothing?n=XH-2026-000001", 404)])
def test_nothing_picked_and_no_such_step_are_told(week: Flask, path: str, status: int) -> None:
    answer = visitor(week, "lead").get(path)
    assert answer.status_code == status
    check_page(answer)


def test_a_list_that_is_none_of_ours_is_refused(week: Flask) -> None:
    client = visitor(week, "lead")
    preview = client.get("/cases/bulk/close", query_string={"n": NUMBERS[:1]})
    assert sent(client, preview, "/cases/bulk/close", row=["XH-2026-000001:x"]).status_code == 422


def test_who_can_do_nothing_in_bulk_sees_no_tick_boxes(week: Flask) -> None:
    page = html.fromstring(visitor(week, "auditor").get("/cases").data)
    assert not page.xpath("//input[@name='n']") and not page.xpath("//form[@id='bulk']")
    steps = html.fromstring(visitor(week, "officer").get("/cases?state=verified").data).xpath("//form[@id='bulk']//button/text()")
    assert "销号" not in steps


def test_a_preview_costs_the_same_for_one_and_for_many(week: Flask) -> None:
    client = visitor(week, "lead")
    prices = []
    for numbers in (NUMBERS[:1], NUMBERS):
        client.get("/cases/bulk/close", query_string={"n": numbers})
        with counted_statements(week) as statements:
            client.get("/cases/bulk/close", query_string={"n": numbers})
        prices.append(len(statements))
    assert prices[0] == prices[1] <= 8


def test_the_result_tells_of_what_the_preview_left_out_too(week: Flask) -> None:
    client = visitor(week, "lead")
    preview = client.get("/cases/bulk/close", query_string={"n": NUMBERS})
    left = html.fromstring(preview.data).xpath("//main//form[@method='post']//input[@name='left']/@value")
    assert left == NUMBERS[2:]
    answer = sent(client, preview, "/cases/bulk/close", left=[*left, "XH-2026-000099"])
    page = check_page(answer)
    told = [" ".join(row.text_content().split()) for row in page.xpath("//section[@aria-labelledby='g-left']//tbody/tr")]
    assert [row[:14] for row in told] == [*left, "XH-2026-000099"]
    assert all(row.endswith("。") for row in told)
    assert "2 件中已办 2 件" in text_of(answer)


def test_what_was_left_is_asked_for_again_with_what_was_typed(week: Flask) -> None:
    client = visitor(week, "lead")
    preview = client.get("/cases/bulk/close", query_string={"n": NUMBERS[:2]})
    with in_town(week) as town:
        town.do(NUMBERS[1], "comment")
    answer = sent(client, preview, "/cases/bulk/close", reason="本周集中销号")
    (form,) = check_page(answer).xpath("//main//form[@method='post']")
    fields: dict[str, Any] = {}
    for each in form.xpath(".//input[@name] | .//button[@name]"):
        fields.setdefault(each.get("name"), []).append(each.get("value"))
    assert [row.partition(":")[0] for row in fields["row"]] == [NUMBERS[1]]
    again = client.post("/cases/bulk/close", data=fields)
    page = check_page(again)
    assert again.status_code == 200 and page.xpath("string(//textarea[@name='reason'])").strip() == "本周集中销号"
    assert "已办 1 件" in text_of(sent(client, again, "/cases/bulk/close", reason="本周集中销号"))


def everything(client: Any, path: str, **data: Any) -> Any:
    """The form of a page sent with every field that it holds, as a browser does."""
    form = html.fromstring(client.page.data).xpath("//main//form[@method='post']")[0]
    fields: dict[str, Any] = {}
    for each in form.xpath(".//input[@type='hidden']"):
        fields.setdefault(each.get("name"), []).append(each.get("value"))
    return client.post(form.get("action") or path, data=fields | data)


@pytest.mark.parametrize("size", [2, 200])
def test_all_matches_are_named_and_counted_and_taken_in_pieces(week: Flask, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(bulk, "MOST", size)
    with in_town(week) as town:
        urged = [NUMBERS[2], *(town.case_in(S.rectifying) for _ in range(4))]
    client: Any = visitor(week, "dispatcher")
    client.page = client.get("/cases/bulk/urge?all=1&state=verified&state=rectifying&state=noticing")
    check_page(client.page)
    told = text_of(client.page)
    assert "对符合条件的全部 9 件办理“催办”" in told and "条件：核查通过 整改中 公示中" in told and "5 件可以办理，4 件不能" in told
    client.page = everything(client, "", text="请抓紧")
    rounds = 1
    while "还有" in (told := text_of(client.page)):
        check_page(client.page)
        client.page, rounds = everything(client, ""), rounds + 1
    assert "5 件中已办 5 件" in told and "没有提交" in told and rounds == (1 if size > 5 else 3)
    with in_town(week) as town:
        assert all([fact.kind for fact in town.facts(number)].count("case:urged") == 1 for number in urged)
        told_of = list(db.session.scalars(select(Message.person_id).where(Message.mail.in_(("case_urged", "many_cases")))))
    assert told_of and len(set(told_of)) == len(told_of)  # one mail a person, in however many pieces


def test_another_set_than_was_looked_at_is_refused_and_shown_anew(week: Flask) -> None:
    client: Any = visitor(week, "dispatcher")
    client.page = client.get("/cases/bulk/urge?all=1&state=rectifying")
    with in_town(week) as town:
        town.case_in(S.rectifying)
        before = town.row(NUMBERS[2]).seq
    client.page = everything(client, "", text="请抓紧")
    told = text_of(client.page)
    check_page(client.page)
    assert client.page.status_code == 422 and "当时 1 件，现在 2 件" in told and "请抓紧" in client.page.text
    with in_town(week) as town:
        assert town.row(NUMBERS[2]).seq == before
    assert "2 件中已办 2 件" in text_of(everything(client, "", text="请抓紧"))
