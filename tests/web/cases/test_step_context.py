"""Above each step's form stands what it answers, what it is to show, and what the rules propose."""

import io
import re
from typing import Any

import pytest
from flask import Flask

from tests.support.makers import jpeg
from tests.support.visitors import check_page, found_town, in_town, send, text_of, visitor
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import CASE_FLOW
from tracker.web.house.steps.forms import StepForm

pytestmark = pytest.mark.one_engine
S = CaseState


@pytest.fixture
def town_app(app: Flask) -> Flask:
    found_town(app)
    return app


def case_in(app: Flask, state: CaseState, source: str = "PATROL") -> str:
    with in_town(app) as town:
        return town.case_in(state, source)


def above_the_form(app: Flask, login: str, number: str, step: str) -> Any:
    (found,) = check_page(visitor(app, login)
                          .get(f"/cases/{number}/steps/{step}")).xpath("//section[contains(@class, 'before-eyes')]")
    return found


def test_who_decides_on_a_request_reads_it_beside_the_decision(town_app: Flask) -> None:
    number = case_in(town_app, S.rectifying)
    with in_town(town_app) as town:
        town.do(number, "request_extension", by="officer", new_due_on="2026-03-20", reason="吊装设备还没有到场")
    for step in ("grant_extension", "refuse_extension"):
        said = above_the_form(town_app, "dispatcher", number, step).text_content()
        assert "申请延期到 2026年3月20日" in said and "吊装设备还没有到场" in said


def test_who_submits_again_reads_why_it_came_back(town_app: Flask) -> None:
    number = case_in(town_app, S.submitted)
    with in_town(town_app) as town:
        town.do(number, "reject", by="verifier", reason="东侧还有残留")
    said = above_the_form(town_app, "officer", number, "submit").text_content()
    assert "核查不通过" in said and "东侧还有残留" in said
    assert "交办给" not in said  # that is settled


def test_who_submits_sees_the_photos_to_match_and_what_the_gate_lacks(town_app: Flask) -> None:
    number = case_in(town_app, S.rectifying)
    eyes = above_the_form(town_app, "officer", number, "submit")
    assert eyes.xpath(".//figure//img") and "同一角度" in eyes.text_content()
    assert "还缺 1 项" in eyes.text_content()
    page = check_page(visitor(town_app, "officer").get(f"/cases/{number}/steps/submit"))
    (legend,) = page.xpath("//*[@data-photos]//legend")
    assert "选填" not in legend.text_content()
    names = page.xpath("//main//form[@method='post']//*[@name]/@name")
    assert names.index("file_1") < names.index("measures")  # photos first


def test_who_verifies_or_closes_has_before_and_after_side_by_side(town_app: Flask) -> None:
    number = case_in(town_app, S.submitted)
    assert above_the_form(town_app, "verifier", number, "verify").xpath(".//*[@class='pair']//img")
    with in_town(town_app) as town:
        town.walk(number, "verify")
    eyes = above_the_form(town_app, "lead", number, "close")
    assert eyes.xpath(".//*[@class='pair']//img")
    assert "报送整改" in eyes.text_content() and "核查通过" in eyes.text_content()


def test_verifying_starts_with_now_and_me_and_asks_about_photos_taken_at_once(town_app: Flask) -> None:
    number = case_in(town_app, S.submitted)
    with in_town(town_app) as town:
        now = f"{town.clock.local(town.clock.now()):%Y-%m-%dT%H:%M}"
        name = town.actor("verifier").name
    page = check_page(visitor(town_app, "verifier").get(f"/cases/{number}/steps/verify"))
    assert page.xpath("//input[@name='onsite_at']/@value") == [now]
    assert page.xpath("//input[@name='onsite_people']/@value") == [name]
    assert "请核对：相隔 0 分钟" in " ".join(page.text_content().split())


def test_lacking_evidence_leads_to_the_place_of_the_files(town_app: Flask) -> None:
    number = case_in(town_app, S.rectifying)
    answer = send(visitor(town_app, "officer"), f"/cases/{number}/steps/submit", {"finding": "true", "measures": "已清运"})
    page = check_page(answer)
    (link,) = page.xpath("//div[@id='summary']//a")
    assert "证据不齐" in link.text_content()
    (target,) = page.xpath(f"//*[@id='{link.get('href')[1:]}']")
    assert target.xpath(".//input[@type='file']") and "证据不齐" in target.text_content()


def test_who_assigns_reads_the_date_that_the_rule_would_set(town_app: Flask) -> None:
    number = case_in(town_app, S.registered)
    page = check_page(visitor(town_app, "dispatcher").get(f"/cases/{number}/steps/assign"))
    hint = page.xpath("string(//*[@id='due_on-hint'])")
    with in_town(town_app) as town:
        due_on = town.walk(number, "assign").due_on
    assert due_on is not None
    assert f"{due_on.year}年{due_on.month}月{due_on.day}日" in hint


def test_after_a_request_the_page_says_who_decides_and_that_the_clock_runs(town_app: Flask) -> None:
    number = case_in(town_app, S.rectifying)
    client = visitor(town_app, "officer")
    sent = send(client, f"/cases/{number}/steps/request_extension", {"new_due_on": "2026-03-20", "reason": "设备未到"})
    told = text_of(client.get(sent.location))
    assert "等待调度员审批；批准之前，时限仍是" in told


def test_a_verified_case_that_needs_no_notice_waits_for_its_closing(town_app: Flask) -> None:
    number, client = case_in(town_app, S.submitted), visitor(town_app, "verifier")
    given = {"onsite_at": "2026-03-02T08:30", "onsite_people": "两人", "conclusion": "到位",
             "file_1": (io.BytesIO(jpeg(7)), "现场.jpg")}
    sent = send(client, f"/cases/{number}/steps/verify", given)
    assert "等待区领导或包案领导销号" in text_of(client.get(sent.location))


def test_a_step_that_somebody_else_has_taken_says_so_and_keeps_what_was_typed(town_app: Flask) -> None:
    number, client = case_in(town_app, S.rectifying), visitor(town_app, "officer")
    with in_town(town_app) as town:
        seen = town.row(number).seq
        town.walk(number, "submit")
    answer = send(client, f"/cases/{number}/steps/submit", {"seq": str(seen), "finding": "true", "measures": "我写的话"},
                  at=f"/cases/{number}/steps/comment")
    assert answer.status_code == 409
    page, told = check_page(answer), text_of(answer)
    assert "案件现为“待核查”，不能“报送整改”了" in told and "再次提交将以最新情况为准" not in told
    assert page.xpath("string(//textarea[@name='measures'])").strip() == "我写的话"
    again = send(client, f"/cases/{number}/steps/submit", {"seq": str(seen + 1), "finding": "true", "measures": "我写的话"},
                 at=f"/cases/{number}/steps/comment")
    assert "案件现为“待核查”，不能“报送整改”。" in text_of(again)


def test_the_other_answer_stands_beside_the_main_button(town_app: Flask) -> None:
    number = case_in(town_app, S.rectifying)
    with in_town(town_app) as town:
        town.do(number, "request_extension", by="officer", new_due_on="2026-03-20", reason="设备未到")
    page = check_page(visitor(town_app, "dispatcher").get(f"/cases/{number}"))
    bar = [each.text_content() for each in page.xpath("//*[contains(@class, 'action-bar')]//div[@class='actions']/a")]
    assert bar[:2] == ["同意延期", "不同意延期"]


def test_no_refusal_of_an_assignment_names_a_field_by_its_code(town_app: Flask) -> None:
    number = case_in(town_app, S.registered)
    answer = send(visitor(town_app, "dispatcher"), f"/cases/{number}/steps/assign",
                  {"lead_unit": "XH-CYZ", "due_on": "2026-04-01"})
    (link,) = check_page(answer).xpath("//div[@id='summary']//a")
    assert link.get("href") == "#due_reason" and "另定时限的理由" in link.text_content()
    assert not re.search("[a-z]+_[a-z]+", link.text_content())


def ahead_of(app: Flask, login: str, number: str, step: str) -> str:
    (found,) = check_page(visitor(app, login).get(f"/cases/{number}/steps/{step}")).xpath("//div[contains(@class, 'due-ahead')]")
    return " ".join(found.text_content().split())


def test_who_asks_for_days_reads_how_many_are_left_before_the_button(town_app: Flask) -> None:
    said = ahead_of(town_app, "officer", case_in(town_app, S.rectifying), "request_extension")
    assert "整改时限现为 2026年3月9日，已延期 0 次，最多 2 次；一次最多延长 30 日。这次最晚可延到 2026年4月8日；批准以后时限才变。" in said


@pytest.mark.parametrize(("asked", "step", "sentence"), [
    ("extension", "grant_extension", "不另填日期的，同意后时限为 2026年3月20日；最晚可批到 2026年4月8日。"),
    ("extension", "refuse_extension", "申请到 2026年3月20日；不同意的，时限仍为 2026年3月9日。"),
    ("phase", "grant_phase", "同意后时限为 2026年4月1日，此前不算超期。"),
    ("phase", "refuse_phase", "申请到 2026年4月1日；不同意的，时限仍为 2026年3月9日。"),
])
def test_who_decides_reads_which_day_results(town_app: Flask, asked: str, step: str, sentence: str) -> None:
    number = case_in(town_app, S.rectifying)
    days = {"extension": {"new_due_on": "2026-03-20"}, "phase": {"next_on": "2026-04-01"}}
    with in_town(town_app) as town:
        town.do(number, f"request_{asked}", **days[asked])
    assert sentence in ahead_of(town_app, "dispatcher", number, step)


@pytest.mark.parametrize(("state", "login", "step", "walk"), [
    (S.submitted, "verifier", "reject", ()), (S.verified, "lead", "refuse_close", ()), (S.suspended, "dispatcher", "resume", ()),
    (S.closed, "dispatcher", "reopen", ("look_back",)),
])
def test_the_day_that_a_form_foretells_is_the_day_that_its_step_sets(town_app: Flask, state: CaseState, login: str, step: str,
                                                                     walk: tuple[str, ...]) -> None:
    number = case_in(town_app, state)
    with in_town(town_app) as town:
        town.days_pass(3)
        for before in walk:
            town.do(number, before, result="failed")
    said = ahead_of(town_app, login, number, step)
    with in_town(town_app) as town:
        town.do(number, step, by=login)
        due_on = town.row(number).due_on
    assert f"时限为 {due_on.year}年{due_on.month}月{due_on.day}日" in said


def test_no_question_of_a_step_hides_what_the_form_itself_is_asked(town_app: Flask) -> None:
    """A field becomes an attribute of its form."""
    taken = {name for name in dir(StepForm) if not name.startswith("_")}
    assert not taken & {given.name for step in CASE_FLOW.steps.values() for given in step.given}
