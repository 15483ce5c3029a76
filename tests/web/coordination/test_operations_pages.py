"""Operations and interviews through their pages: what a phone writes down, what is refused with everything kept, the notice."""

import io
from typing import Any

import pytest
from flask import Flask

from tests.support.acts import act_in, do, opened
from tests.support.makers import jpeg
from tests.support.visitors import check_page, counted_statements, found_town, in_town, send, visitor
from tracker.services.acts import access

pytestmark = pytest.mark.one_engine
MOST_STATEMENTS = 16


@pytest.fixture
def town_app(app: Flask) -> Flask:
    found_town(app)
    return app


def said_on(response: Any) -> str:
    return str(check_page(response).text_content())


def act_of(app: Flask, kind: str, state: str) -> str:
    with in_town(app) as town:
        return act_in(town, kind, state)


def links_of(app: Flask, number: str) -> list[str]:
    with in_town(app) as town:
        return [link.target for link in access.page_for(town.actor("dispatcher"), number).links]


def test_an_officer_finds_something_with_a_photo_in_the_form_of_the_step_and_it_comes_first(town_app: Flask) -> None:
    number = act_of(town_app, "operation", "under_way")
    client = visitor(town_app, "officer")
    first = check_page(client.get(f"/acts/{number}")).xpath(
        "//section[contains(@class, 'action-bar')]//a[contains(@class, 'btn-action')]")
    assert [(each.text, each.get("href")) for each in first] == [("发现问题", f"/acts/{number}/steps/find")]
    check_page(client.get(f"/acts/{number}/steps/find"))
    form = {"title": "渣土未覆盖", "description": "东门渣土未覆盖", "place": "东门", "file_1": (io.BytesIO(jpeg(5)), "现场.jpg")}
    assert send(client, f"/acts/{number}/steps/find", form).status_code == 302
    assert len(links_of(town_app, number)) == 1
    page = said_on(visitor(town_app, "dispatcher").get(f"/acts/{number}"))
    assert "渣土未覆盖" in page and "XH-2026-000001" in page


def test_without_photo_or_reason_nothing_is_registered_and_what_was_typed_stays(town_app: Flask) -> None:
    number = act_of(town_app, "operation", "under_way")
    client = visitor(town_app, "officer")
    said = send(client, f"/acts/{number}/steps/find", {"title": "渣土未覆盖", "description": "东门渣土未覆盖", "place": "东门"})
    page = check_page(said)
    assert said.status_code == 422
    assert "请在照片下面选原因" in page.text_content()
    assert page.xpath("string(//input[@name='title']/@value)") == "渣土未覆盖"
    assert links_of(town_app, number) == []


def test_who_registers_cases_writes_it_down_in_that_form_and_it_belongs_to_the_operation(town_app: Flask) -> None:
    number = act_of(town_app, "operation", "under_way")
    client = visitor(town_app, "dispatcher")
    (link,) = check_page(client.get(f"/acts/{number}")).xpath("//a[text()='发现问题']/@href")
    assert link == f"/cases/new?operation={number}"
    form = check_page(client.get(link))
    assert form.xpath("string(//input[@name='operation']/@value)") == number
    assert form.xpath("string(//select[@name='source']/option[@selected]/@value)") == "OPER"
    assert form.xpath("//*[@data-near]") and form.xpath("//form[@data-draft-form]")  # likely twins are named, drafts are kept
    posted = {"operation": number, "source": "OPER", "channel": "onsite", "description": "东门渣土未覆盖", "place": "东门",
              "categories": ["dust"], "no_photo": "dark"}
    assert send(client, "/cases/new", posted).status_code == 302
    assert links_of(town_app, number) == ["case:XH-2026-000001"]
    refused = send(client, "/cases/new", {**posted, "operation": "XD-2026-0099"})
    assert refused.status_code == 404 or "没有找到事项" in said_on(refused)
    assert client.get("/cases/XH-2026-000002").status_code == 404


@pytest.mark.parametrize(("step", "given", "said"), [
    ("set_forces", {"unit": "XH-CYZ", "vehicle_count": "4", "person_count": "10"}, "要更正请写明理由"),
    ("set_forces", {"unit": "XH-CYZ", "vehicle_count": "-1", "person_count": "10"}, "0 至 10000"),
    ("report", {"ended_at": "2026-03-01T23:00", "text": "检查工地两处"}, "早于开始时间")])
def test_a_refusal_names_the_field_and_keeps_what_was_typed(town_app: Flask, step: str, given: dict[str, str], said: str) -> None:
    with in_town(town_app) as town:
        number = act_in(town, "operation", "under_way")
        for before in ("set_forces", "check_place"):
            do(town, number, "operation", before)
    answer = send(visitor(town_app, "dispatcher"), f"/acts/{number}/steps/{step}", given)
    page = check_page(answer)
    assert answer.status_code == 422
    assert said in page.text_content()
    for name, value in given.items():
        assert value in answer.get_data(as_text=True), name


@pytest.mark.parametrize(("kind", "state", "said"), [
    ("operation", "reported", ("4", "12", "工地 2", "检查工地两处")),
    ("interview", "held", ("约谈不是行政处罚", "单位负责人", "问题反复出现", "书面报送整改情况", "约谈通知书（Word）"))])
def test_the_page_of_each_shows_what_it_came_to(town_app: Flask, kind: str, state: str, said: tuple[str, ...]) -> None:
    number = act_of(town_app, kind, state)
    client = visitor(town_app, "dispatcher")
    client.get(f"/acts/{number}")
    with counted_statements(town_app) as sent:
        shown = said_on(client.get(f"/acts/{number}"))
    assert all(word in shown for word in said)
    assert len(sent) <= MOST_STATEMENTS, sent


def test_the_notice_is_a_word_file_for_who_reads_the_interview_alone(town_app: Flask) -> None:
    with in_town(town_app) as town:
        number, meeting = opened(town, "interview"), opened(town, "meeting")
    found = visitor(town_app, "officer").get(f"/acts/{number}/notice.docx")
    assert found.status_code == 200
    assert found.data[:2] == b"PK"
    assert visitor(town_app, "neighbour").get(f"/acts/{number}/notice.docx").status_code == 404
    assert visitor(town_app, "dispatcher").get(f"/acts/{meeting}/notice.docx").status_code == 404


def test_an_interview_goes_from_its_notice_to_its_record_on_pages(town_app: Flask) -> None:
    client = visitor(town_app, "dispatcher")
    sent = send(client, "/acts/new/interview", {"unit": "XH-CYZ", "role": "unit_head", "ground": "repeated", "text": "扬尘反复",
                                                "held_at": "2026-03-02T08:30", "place": "区政府"})
    number = sent.headers["Location"].rpartition("/")[2]
    form = check_page(client.get(f"/acts/{number}/steps/hold"))
    assert "lead" in form.xpath("//select[@name='host']/option/@value")
    given = {"held_at": "2026-03-02T08:30", "host": "lead", "came": "站长", "text": "通报", "demands": "书面报送"}
    assert send(client, f"/acts/{number}/steps/hold", given).status_code == 302
    assert "书面报送" in said_on(visitor(town_app, "officer").get(f"/acts/{number}"))
