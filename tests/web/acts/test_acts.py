"""Acts through the pages: listed, begun, taken through their steps, refused with everything kept, seen by nobody else."""

import io
from datetime import date
from typing import Any

import pytest
from flask import Flask
from lxml import html

from tests.support.acts import act_in, do, opened
from tests.support.makers import jpeg
from tests.support.visitors import ROLES, check_page, counted_statements, found_town, in_town, send, visitor
from tracker.domain.cases.facts import CaseState
from tracker.services.acts import access
from tracker.services.territory import areas

pytestmark = pytest.mark.one_engine
READERS = {"inspector", "clerk", "dispatcher", "verifier", "lead", "supervisor", "auditor", "admin"}
ENFORCING = ("enforcer", "legal", "principal")  # who read acts of their area too
MOST_STATEMENTS = {"/acts": 8, "/acts/HY-2026-0001": 14}


@pytest.fixture
def town_app(app: Flask) -> Flask:
    found_town(app)
    return app


def said_on(response: Any) -> str:
    """What a sound page says."""
    return str(check_page(response).text_content())


def meeting_in(app: Flask, state: str) -> str:
    with in_town(app) as town:
        return act_in(town, "meeting", state)


def test_a_meeting_is_begun_on_a_page_and_stands_in_the_list(town_app: Flask) -> None:
    client = visitor(town_app, "dispatcher")
    assert "没有在办的事项" in said_on(client.get("/acts"))
    said = send(client, "/acts/new/meeting", {"series": "rail", "title": "铁路沿线三月例会", "planned_on": "2026-03-10"})
    assert said.headers["Location"].endswith("/acts/HY-2026-0001")
    page = check_page(client.get("/acts/HY-2026-0001"))
    assert "铁路沿线三月例会" in page.text_content()
    assert "铁路沿线三月例会" in said_on(client.get("/acts?kind=meeting&q=三月"))
    assert "没有符合条件" in said_on(client.get("/acts?q=四月"))


def test_an_act_of_an_area_that_has_had_two_names_stands_once_in_the_list_under_the_newer(town_app: Flask) -> None:
    number = meeting_in(town_app, "drafting")
    with in_town(town_app) as town:
        areas.rename(town.actor("admin"), "360103", "西湖新区", valid_from=date(2026, 3, 2), document_no="洪府字〔2026〕3号")
    page = check_page(visitor(town_app, "dispatcher").get("/acts"))
    assert len(page.xpath(f"//a[contains(@href, '{number}')]")) == 1 and "西湖新区" in page.text_content()


def test_a_list_says_in_what_order_it_stands(town_app: Flask) -> None:
    client = visitor(town_app, "dispatcher")
    assert "先列最先到期的" in said_on(client.get("/acts"))
    ended = said_on(client.get("/acts?over=1"))
    assert "先列最近登记的" in ended and "先列最先到期的" not in ended


def test_a_refusal_keeps_what_was_typed_and_names_the_field(town_app: Flask) -> None:
    number = meeting_in(town_app, "drafting")
    with in_town(town_app) as town:
        do(town, number, "meeting", "add_item")
    client = visitor(town_app, "dispatcher")
    path = f"/acts/{number}/steps/call"
    said = send(client, path, {"held_at": "2026-03-03T09:30", "place": "区政府三楼会议室", "chair": "lead", "units": ["XH-CYZ"]})
    page = check_page(said)
    assert said.status_code == 422
    assert "不足 2 个，请写明理由" in page.text_content()
    assert page.xpath("string(//input[@name='place']/@value)") == "区政府三楼会议室"


def test_who_was_slower_is_told_and_may_send_again(town_app: Flask) -> None:
    number = meeting_in(town_app, "drafting")
    client = visitor(town_app, "dispatcher")
    path = f"/acts/{number}/steps/add_item"
    seen = client.get(path).get_data(as_text=True)
    assert 'name="seq"' in seen
    with in_town(town_app) as town:
        do(town, number, "meeting", "note")
    said = send(client, path, {"question": "由谁清运", "seq": "1"})
    page = check_page(said)
    assert said.status_code == 409
    assert "由谁清运" in page.text_content()
    assert page.xpath("string(//input[@name='seq']/@value)") == "2"


def test_a_duty_is_answered_and_checked_on_its_pages(town_app: Flask) -> None:
    with in_town(town_app) as town:
        number = act_in(town, "meeting", "held")
        do(town, number, "meeting", "decide_item", outcome="measure", text="联合清运", units="XH-CYZ", due_on="2026-03-20")
    officer = visitor(town_app, "officer")
    assert "报结果" in said_on(officer.get(f"/acts/{number}"))
    assert send(officer, f"/acts/{number}/duties/1/answer", {"text": "已清运"}).status_code == 302
    assert visitor(town_app, "officer").get(f"/acts/{number}/duties/1/pass").status_code == 403
    verifier = visitor(town_app, "verifier")
    check_page(verifier.get(f"/acts/{number}/duties/1/pass"))
    assert send(verifier, f"/acts/{number}/duties/1/pass", {"text": "现场看过"}).status_code == 302
    assert "已完成" in said_on(officer.get(f"/acts/{number}"))


@pytest.mark.parametrize("login", [*ROLES, "many_hats", "other_dispatcher", "neighbour", "railman"])
def test_only_who_reads_acts_here_sees_one(town_app: Flask, login: str) -> None:
    number = meeting_in(town_app, "called")
    client = visitor(town_app, login)
    wanted = 200 if login in READERS | {"officer", "many_hats", "railman", *ENFORCING} else 403 if login == "custodian" else 404
    for path in (f"/acts/{number}", f"/acts/{number}/steps/note"):
        assert client.get(path).status_code in ({200, 403} if wanted == 200 and "steps" in path else {wanted}), (login, path)
    if wanted != 403:
        assert (number in client.get("/acts").get_data(as_text=True)) is (wanted == 200)


def test_a_case_on_an_agenda_is_shown_to_who_may_see_it_alone(town_app: Flask) -> None:
    with in_town(town_app) as town:
        case = town.case_in(CaseState.registered)
        number = opened(town, "meeting")
        do(town, number, "meeting", "add_item", target=case)
        do(town, number, "meeting", "call", units="TL-NC")
    assert case in said_on(visitor(town_app, "dispatcher").get(f"/acts/{number}"))
    assert case not in visitor(town_app, "railman").get(f"/acts/{number}").get_data(as_text=True)


@pytest.mark.parametrize("path", MOST_STATEMENTS)
def test_what_a_page_of_acts_costs_in_statements(town_app: Flask, path: str) -> None:
    meeting_in(town_app, "issued")
    client = visitor(town_app, "dispatcher")
    client.get(path)
    with counted_statements(town_app) as sent:
        check_page(client.get(path))
    assert len(sent) <= MOST_STATEMENTS[path], sent


def test_a_form_that_is_sent_twice_counts_once(town_app: Flask) -> None:
    client = visitor(town_app, "dispatcher")
    page = html.fromstring(client.get("/acts/new/meeting").data)
    form = {each.get("name"): each.get("value") for each in page.xpath("//main//form//input[@type='hidden']")
            if each.get("value")}
    form |= {"series": "rail", "title": "三月例会", "planned_on": "2026-03-10"}
    first, second = (client.post("/acts/new/meeting", data=form) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"] == "/acts/HY-2026-0001"
    assert "HY-2026-0002" not in client.get("/acts").get_data(as_text=True)


def test_a_script_in_a_name_is_text_and_a_title_without_end_does_not_break_the_page(town_app: Flask) -> None:
    client = visitor(town_app, "dispatcher")
    send(client, "/acts/new/meeting", {"series": "rail", "title": "<script>alert(1)</script>" + "长" * 40,
                                       "planned_on": "2026-03-10"})
    for path in ("/acts", "/acts/HY-2026-0001", "/acts/HY-2026-0001/steps/note"):
        assert b"<script>alert" not in client.get(path).data
    too_long = send(client, "/acts/new/meeting", {"series": "rail", "title": "长" * 81, "planned_on": "2026-03-10"})
    assert too_long.status_code == 422
    assert "最多 80 字" in said_on(too_long)


@pytest.mark.parametrize(("name", "content"), [("空.jpg", b""), ("假.jpg", b"not a picture"), ("程序.exe", b"MZ" * 9)])
def test_a_file_that_is_none_is_refused_and_the_text_is_kept(town_app: Flask, name: str, content: bytes) -> None:
    number = meeting_in(town_app, "called")
    client = visitor(town_app, "dispatcher")
    said = send(client, f"/acts/{number}/steps/note", {"noted_on": "2026-03-02", "text": "现场情况见图",
                                                       "file_1": (io.BytesIO(content), name)})
    if content:
        assert said.status_code in (413, 415, 422)
        assert "现场情况见图" in said_on(said)
    with in_town(town_app) as town:
        assert len(access.page_for(town.actor("dispatcher"), number).head.details) > 0


def test_a_file_of_an_act_opens_for_who_reads_the_act_alone(town_app: Flask) -> None:
    number = meeting_in(town_app, "called")
    client = visitor(town_app, "dispatcher")
    send(client, f"/acts/{number}/steps/note",
         {"noted_on": "2026-03-02", "text": "见图", "file_1": (io.BytesIO(jpeg(31)), "现场.jpg")})
    (address,) = {each for each in html.fromstring(client.get(f"/acts/{number}").data).xpath("//a/@href") if "/evidence/" in each}
    assert client.get(address).status_code == 200
    assert visitor(town_app, "officer").get(address).status_code == 200
    for stranger in ("neighbour", "other_dispatcher"):
        assert visitor(town_app, stranger).get(address).status_code == 404


@pytest.mark.parametrize("path", ["/acts?after=x.y", "/acts?after=9999-99-99.1", "/acts?kind=nix&state=%27", "/acts?q=%25_%5C",
                                  "/acts?over=1&after=-1"])
def test_an_odd_address_is_a_page(town_app: Flask, path: str) -> None:
    check_page(visitor(town_app, "lead").get(path))


@pytest.mark.parametrize(("step", "status"), [("settle", 403), ("open", 404), ("nix", 404), ("issue", 403)])
def test_a_step_that_is_not_theirs_is_not_taken(town_app: Flask, step: str, status: int) -> None:
    number = meeting_in(town_app, "called")
    client = visitor(town_app, "lead2")
    assert client.get(f"/acts/{number}/steps/{step}").status_code == status
    assert client.get(f"/acts/{number}/duties/9/answer").status_code == 404

