"""One case: what is shown, what may be done, and that it says the same as the law."""

import re

import pytest
from flask import Flask
from lxml import html

from tests.support import rule_lists
from tests.support.makers import jpeg
from tests.support.visitors import ROLES, WITHOUT_CASES, check_page, counted_statements, found_town, in_town, text_of, visitor
from tracker.domain.cases.facts import CaseState
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.actor import EVERYTHING
from tracker.services.cases import steps
from tracker.services.evidence import evidence
from tracker.services.evidence.evidence import Upload
from tracker.services.people import access
from tracker.storage.cases import page as case_page
from tracker.storage.house.base import db
from tracker.web.cases.timeline import sentences

REACHED = tuple(s for s in CaseState)


def test_the_page_knows_the_same_facts_as_the_deed(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        for state in REACHED:
            number = town.case_in(state, "D2JX" if state in (CaseState.noticing, CaseState.noticed) else "PATROL")
            shown = case_page.case_page(db.session(), EVERYTHING, number).facts_of_law(town.clock.today(), 2, 2)
            row = town.row(number)
            assert shown == access.facts_of(row, evidence.closing_gaps(row)), state


@pytest.mark.one_engine
def test_the_page_knows_an_objection_that_waits_and_what_is_merged_into_a_case(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        objected, master = town.case_in(CaseState.noticing, "D2JX"), town.registered()
        town.do(objected, "receive_objection")
        town.do(town.registered(), "merge", master=master)
    page, client = "//div[@class='actions']/a/text()", visitor(app, "dispatcher")
    assert {"异议成立", "异议不成立"} <= set(check_page(client.get(f"/cases/{objected}")).xpath(page))
    assert not {"不予受理", "移送", "作废", "并案"} & set(check_page(client.get(f"/cases/{master}")).xpath(page))


@pytest.mark.one_engine
def test_every_state_is_drawn_for_every_role(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        numbers = {state: town.case_in(state, "D2JX" if state in (CaseState.noticing, CaseState.noticed) else "RAIL")
                   for state in REACHED}
    clients = {login: visitor(app, login) for login in ("dispatcher", "officer", "verifier", "lead", "auditor")}
    for state, number in numbers.items():
        for login, client in clients.items():
            answer = client.get(f"/cases/{number}")
            if answer.status_code == 404:
                assert login == "officer", (login, state)
                continue
            page = check_page(answer)
            with in_town(app) as town:
                open_steps = [o.word for o in steps.offered(town.actor(login), number) if o.why is None]
            drawn = [a.text_content() for a in page.xpath("//div[@class='actions']/a")]
            assert sorted(drawn) == sorted(open_steps), (login, state)


@pytest.mark.one_engine
def test_every_kind_of_fact_is_a_sentence(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.case_in(CaseState.rectifying, "D2JX")
        town.walk(number, "refuse_extension", "suspend", "resume", "grant_extension", "refuse_phase", "progress",
                  "comment", "urge", "open_supervision", "lift_supervision", "set_sponsor", "joint_meeting_decision", "escalate",
                  "add_evidence", "correct_field", "submit", "withdraw", "submit", "reject", "submit", "verify", "open_notice",
                  "dismiss_objection", "end_notice", "refuse_close", "submit", "verify", "open_notice", "end_notice", "close",
                  "call_back", "look_back")
        page = case_page.case_page(db.session(), EVERYTHING, number)
        told = sentences(page)
        assert [s.seq for s in told] == list(range(len(page.facts), 0, -1))
        for s in told:
            said = s.headline + "".join(word + text for word, text in s.details)
            assert not re.search(r"[a-z_]{4,}|—|\{|None", said.replace("lead先生", "")), (s.kind, said)
    check_page(visitor(app, "dispatcher").get(f"/cases/{number}"))


@pytest.mark.one_engine
def test_a_closed_case_bears_its_seal(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.case_in(CaseState.closed, "PATROL")
        last = town.facts(number)[-1]
    text = text_of(visitor(app, "auditor").get(f"/cases/{number}"))
    assert "已销号" in text
    assert "lead先生 · 备案号 西环销" in text
    assert last.digest[:12] in text
    assert f"末条指纹 {last.digest}" in text


@pytest.mark.one_engine
def test_photos_stand_side_by_side_as_they_are_tied(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.case_in(CaseState.submitted, "PATROL")
    page = html.fromstring(visitor(app, "verifier").get(f"/cases/{number}").data)
    (pair,) = page.xpath("//div[@class='pair']")
    assert [f.text_content().strip()[:3] for f in pair.xpath(".//figcaption")] == ["整改前", "整改后"]


@pytest.mark.one_engine
def test_a_closed_step_says_why(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.case_in(CaseState.verified, "D2JX")
    text = text_of(visitor(app, "lead").get(f"/cases/{number}"))
    assert "销号 ：本类案件须先公示期满才能销号" in text or "销号：本类案件须先公示期满才能销号" in text


@pytest.mark.one_engine
def test_script_in_a_title_stays_text(app: Flask) -> None:
    found_town(app)
    nasty = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    with in_town(app) as town:
        number = town.registered(title=nasty, description=nasty, place=nasty)
        town.do(number, "comment", text=nasty)
    client = visitor(app, "dispatcher")
    for path in ("/", "/cases", f"/cases?q={nasty}", f"/cases/{number}", f"/cases/{number}/steps/assign"):
        answer = client.get(path)
        check_page(answer)
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text


@pytest.mark.one_engine
def test_the_price_of_a_case_in_statements(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.case_in(CaseState.closed, "PATROL")
    for login in sorted(set(ROLES) - WITHOUT_CASES):
        client = visitor(app, login)
        client.get("/territory")
        with counted_statements(app) as sent:
            assert client.get(f"/cases/{number}").status_code == 200
        assert len(sent) <= 10, (login, sent)


@pytest.mark.one_engine
@pytest.mark.parametrize(("lead", "told", "untold"), [
    ("XH-CG", "交办依据", "未采用"), ("XH-CYZ", "责任清单的建议（未采用）", "交办依据"),
])
def test_a_rule_that_was_not_followed_is_not_called_the_basis_of_the_assignment(app: Flask, lead: str, told: str,
                                                                                untold: str) -> None:
    found_town(app)
    with in_town(app) as town:
        rule_lists.in_force(town, {7: {"category": "garbage", "lead_unit": "XH-CG", "reason": "垃圾归城管"}})
        number = town.registered()
        town.do(number, "assign", lead_unit=lead, supporting_units="")
    text = text_of(visitor(app, "dispatcher").get(f"/cases/{number}"))
    assert told in text and untold not in text


@pytest.mark.one_engine
def test_an_after_photo_that_was_handed_in_before_is_told(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.case_in(CaseState.rectifying, "PATROL")
        for name in ("甲.jpg", "乙.jpg"):
            town.do(number, "submit", by="officer", finding="true", measures="已清运",
                    uploads=[Upload(name, jpeg(901), EvidenceRole.after)])
            if name == "甲.jpg":
                town.do(number, "reject", by="verifier", reason="没有清完")
    told = [each.text_content()
            for each in check_page(visitor(app, "verifier").get(f"/cases/{number}"))
            .xpath("//p[contains(@class, 'between-odd')]")]
    assert ["第 1 轮的“整改后照片”是同一个文件" in each for each in told].count(True) == 1
