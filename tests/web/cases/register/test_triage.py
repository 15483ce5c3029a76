"""The queue of a dispatcher: a proposal in each row, many assigned by one press, each to its own unit, and a result for each."""

from typing import Any

import pytest
from flask import Flask
from lxml import html

from tests.support import rule_lists
from tests.support.district import STREET_AREA
from tests.support.visitors import check_page, counted_statements, found_town, in_town, send, text_of, visitor
from tracker.domain.cases.facts import CaseState

pytestmark = pytest.mark.one_engine
S = CaseState
NUMBERS = [f"XH-2026-{n:06d}" for n in range(1, 5)]


@pytest.fixture
def waiting(app: Flask) -> Flask:
    """Three cases that wait, one of them a key case, and one that was assigned long ago."""
    found_town(app)
    with in_town(app) as town:
        rule_lists.in_force(town, {1: {"category": "garbage", "area_code": STREET_AREA, "lead_unit": "XH-CYZ",
                                       "supporting_units": "XH-CG", "reason": "属地管理"}})
        town.registered("PATROL", title="桃花河边垃圾")
        town.registered()
        town.case_in(S.rectifying)
        town.registered("D3JX", is_key=True)
    return app


def fields_of(page: Any) -> dict[str, list[str]]:
    """The form as a browser sends it."""
    form = html.fromstring(page.data).xpath("//main//form[@method='post']")[0]
    found: dict[str, list[str]] = {}
    for each in form.xpath(".//input[@name] | .//select[@name]"):
        if each.tag == "select":
            found[each.get("name")] = each.xpath("./option[@selected]/@value")[:1] or [""]
        elif each.get("type") != "checkbox" or each.get("checked") is not None:
            found.setdefault(each.get("name"), []).append(each.get("value", ""))
    return found


def test_every_case_that_waits_comes_with_its_unit_selected_and_the_reason(waiting: Flask) -> None:
    page = visitor(waiting, "dispatcher").get("/cases/triage")
    tree, sent = check_page(page), fields_of(page)
    assert tree.xpath("//li[@data-row]/@data-row") == [NUMBERS[3], NUMBERS[0], NUMBERS[1]], "the key case comes first"
    assert sent[f"lead_unit-{NUMBERS[0]}"] == ["XH-CYZ"]
    assert "按责任清单第" in text_of(page)
    assert sent["n"] == [NUMBERS[0], NUMBERS[1]], "a key case still lacks its sponsor"
    assert tree.xpath(f"//li[@data-row='{NUMBERS[0]}']//img")
    assert tree.xpath("//option[starts-with(normalize-space(), '朝阳洲街道') and contains(., '在办 1')]")


def test_the_ticked_ones_go_each_to_its_own_unit_by_one_press(waiting: Flask) -> None:
    client = visitor(waiting, "dispatcher")
    sent = fields_of(client.get("/cases/triage")) | {f"lead_unit-{NUMBERS[1]}": ["XH-HB"]}
    answer = client.post("/cases/triage", data=sent)
    check_page(answer)
    told = text_of(answer)
    assert answer.status_code == 200 and "2 件中已交办 2 件" in told and "分办：1 件待交办" in told
    with in_town(waiting) as town:
        assert [town.row(n).state for n in NUMBERS] == [S.assigned, S.assigned, S.rectifying, S.registered]
        leads = [town.row(n).lead_unit for n in NUMBERS[:2]]
        assert [unit.code for unit in leads if unit] == ["XH-CYZ", "XH-HB"]
        assert town.facts(NUMBERS[1])[-1].payload["is_routing_overruled"] is True
        due = [town.row(n).due_on for n in NUMBERS[:2]]
    assert None not in due


def test_what_is_refused_keeps_what_was_chosen_and_says_so_in_its_row(waiting: Flask) -> None:
    client = visitor(waiting, "dispatcher")
    sent = fields_of(client.get("/cases/triage"))
    with in_town(waiting) as town:
        town.do(NUMBERS[1], "comment")
    sent |= {"n": [NUMBERS[0], NUMBERS[1], NUMBERS[3]], f"lead_unit-{NUMBERS[0]}": ["XH-TY"],
             f"due_on-{NUMBERS[0]}": ["2026-12-31"], f"reason-{NUMBERS[0]}": ["先行查看"]}
    answer = client.post("/cases/triage", data=sent)
    tree, again, told = check_page(answer), fields_of(answer), text_of(answer)
    assert "3 件中已交办 0 件，3 件未办理" in told
    assert "另定时限的理由" in "".join(tree.xpath(f"//p[@id='wrong-{NUMBERS[0]}']//text()"))
    assert "包案领导" in "".join(tree.xpath(f"//p[@id='wrong-{NUMBERS[3]}']//text()"))
    assert "又有了新情况" in told
    kept = (f"lead_unit-{NUMBERS[0]}", f"due_on-{NUMBERS[0]}", f"reason-{NUMBERS[0]}")
    assert [again[name] for name in kept] == [sent[name] for name in kept]
    fixed = client.post("/cases/triage", data=again | {f"due_reason-{NUMBERS[0]}": ["会议决定"], f"sponsor-{NUMBERS[3]}": ["lead"]})
    assert "3 件中已交办 3 件" in text_of(fixed)


def test_a_script_is_told_row_by_row(waiting: Flask) -> None:
    client = visitor(waiting, "dispatcher")
    sent = fields_of(client.get("/cases/triage"))
    answer = client.post("/cases/triage", data=sent, headers={"Accept": "application/json"})
    assert [(each["number"], each["ending"]) for each in answer.json["results"]] == [(NUMBERS[0], "done"), (NUMBERS[1], "done")]
    assert "已交办给" in answer.json["results"][0]["said"]


def test_nothing_ticked_is_told_and_nothing_is_lost(waiting: Flask) -> None:
    client = visitor(waiting, "dispatcher")
    sent = fields_of(client.get("/cases/triage")) | {"n": [], f"reason-{NUMBERS[0]}": ["先行查看"]}
    answer = client.post("/cases/triage", data=sent)
    check_page(answer)
    assert answer.status_code == 422 and "还没有勾选案件" in text_of(answer)
    assert fields_of(answer)[f"reason-{NUMBERS[0]}"] == ["先行查看"]


def test_one_after_the_other_without_going_back(waiting: Flask) -> None:
    client = visitor(waiting, "dispatcher")
    page = client.get(f"/cases/triage/{NUMBERS[0]}")
    check_page(page)
    answer = client.post(f"/cases/triage/{NUMBERS[0]}", data=fields_of(page))
    assert answer.headers["Location"].endswith(f"/cases/triage/{NUMBERS[1]}")
    page = client.get(answer.headers["Location"])
    assert "已交办给朝阳洲街道" in text_of(page)
    (link,) = [a.get("href") for a in html.fromstring(page.data).iter("a") if a.text == "不予受理"]
    answer = client.post(link, data={"csrf_token": fields_of(page)["csrf_token"], "reason_code": "no_facts"})
    assert answer.headers["Location"].endswith("/cases/triage"), "it was the last"
    assert client.get(f"/cases/triage/{NUMBERS[1]}").headers["Location"].endswith("/cases/triage")
    page = client.get(f"/cases/triage/{NUMBERS[3]}")
    answer = client.post(f"/cases/triage/{NUMBERS[3]}", data=fields_of(page))
    check_page(answer)
    assert answer.status_code == 422 and "包案领导" in text_of(answer)


@pytest.mark.parametrize(("step", "given"), [
    ("decline", {"reason_code": "no_facts"}), ("transfer", {"authority": "市公安局", "document_no": "1号"}),
    ("merge", {"master": NUMBERS[2], "reason": "同一处"})])
def test_the_ticked_ones_are_declined_merged_or_transferred_with_a_result_for_each(waiting: Flask, step: str,
                                                                                 given: dict[str, str]) -> None:
    client = visitor(waiting, "dispatcher")
    sent = fields_of(client.get("/cases/triage"))
    there = client.post(f"/cases/triage/others/{step}", data=sent).headers["Location"]
    preview = client.get(there)
    check_page(preview)
    fields = fields_of(preview)
    answer = client.post(f"/cases/bulk/{step}?queue=1", data=fields | given)
    check_page(answer)
    assert "2 件中已办 2 件" in text_of(answer)
    assert html.fromstring(answer.data).xpath("//main//a[@href='/cases/triage']")


def test_an_empty_queue_says_what_would_stand_there(app: Flask) -> None:
    found_town(app)
    page = visitor(app, "dispatcher").get("/cases/triage")
    check_page(page)
    assert "没有待交办的案件" in text_of(page)


def test_the_queue_costs_the_same_for_one_and_for_many(waiting: Flask) -> None:
    client, prices = visitor(waiting, "dispatcher"), []
    for _ in range(2):
        client.get("/cases/triage")
        with counted_statements(waiting) as statements:
            client.get("/cases/triage")
        prices.append(len(statements))
        with in_town(waiting) as town:
            for _ in range(6):
                town.registered("PATROL")
    assert prices[0] == prices[1] <= 13, prices


def test_who_does_not_assign_has_no_queue(waiting: Flask) -> None:
    client = visitor(waiting, "officer")
    assert [client.get(f"/cases/{path}").status_code for path in ("triage", f"triage/{NUMBERS[0]}")] == [403, 403]


def test_who_took_a_step_on_a_case_is_led_to_the_next_one_that_waits_for_the_same(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        first, second = (town.case_in(S.submitted) for _ in range(2))
        town.case_in(S.rectifying)
    client = visitor(app, "verifier")
    given = {"reason": "未清运干净"}
    answer = client.get(send(client, f"/cases/{first}/steps/reject", given).headers["Location"])
    (onward,) = check_page(answer).xpath("//main//a[contains(., '办下一件')]/@href")
    assert client.get(onward).location == f"/cases/{second}"
    answer = client.get(send(client, f"/cases/{second}/steps/reject", given).headers["Location"])
    (onward,) = check_page(answer).xpath("//main//a[contains(., '办下一件')]/@href")
    assert "没有下一件" in text_of(client.get(onward, follow_redirects=True)), "it was the last"
