"""Steps through the page: taken, refused with everything kept, met by somebody quicker."""

import io
from typing import Any

import pytest
from flask import Flask
from lxml import html

from tests.support import rule_lists
from tests.support.makers import jpeg
from tests.support.visitors import check_page, counted_statements, found_town, in_town, send, text_of, token_of, visitor
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.house.errors import NotFound
from tracker.domain.house.fields import FieldKind
from tracker.services.cases import steps as case_steps
from tracker.services.people import accounts

pytestmark = pytest.mark.one_engine


def picture(serial: int = 900) -> tuple[io.BytesIO, str]:
    """A photo as a browser sends it."""
    return io.BytesIO(jpeg(serial)), "现场.jpg"


@pytest.fixture
def town_app(app: Flask) -> Flask:
    found_town(app)
    return app


def case_in(app: Flask, state: CaseState, source: str = "D3JX") -> str:
    with in_town(app) as town:
        return town.case_in(state, source)


def open_steps(app: Flask, login: str, number: str) -> set[str]:
    with in_town(app) as town:
        try:
            return {o.name for o in case_steps.offered(town.actor(login), number) if o.why is None}
        except NotFound:
            return set()


def state_of(app: Flask, number: str) -> CaseState:
    with in_town(app) as town:
        return town.row(number).state


def test_a_link_may_propose_what_a_step_asks_for_and_takes_nothing_by_itself(town_app: Flask) -> None:
    number = case_in(town_app, CaseState.rectifying)
    page = check_page(visitor(town_app, "lead").get(f"/cases/{number}/steps/open_supervision?level=ordinary&reason=超期15天未完成整改"))
    assert page.xpath("string(//textarea[@name='reason'])").strip() == "超期15天未完成整改"
    assert page.xpath("//*[@name='level' and (@checked or option[@selected])]")
    with in_town(town_app) as town:
        assert town.row(number).supervision_level is None


def test_five_people_walk_a_case_to_its_end(town_app: Flask) -> None:
    with in_town(town_app) as town:
        number = town.registered("PATROL")
    roads: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("dispatcher", "assign", {"lead_unit": "XH-CYZ", "supporting_units": ["XH-CG"], "reason": "属地负责"}),
        ("officer", "acknowledge", {}),
        ("officer", "submit", {"finding": "true", "measures": "已清运", "file_1": picture(901)}),
        ("verifier", "verify", {"onsite_at": "2026-03-02T08:30", "onsite_people": "两人", "conclusion": "到位",
                                "file_1": picture(902)}),
        ("lead", "close", {"reason": "同意"}),
    )
    for login, step, given in roads:
        client = visitor(town_app, login)
        answer = send(client, f"/cases/{number}/steps/{step}", given)
        assert answer.status_code == 302, (step, text_of(answer)[:900])
        told = text_of(client.get(answer.location))
        assert f"{number} 已“" in told or f"{number} 现为“" in told
    assert state_of(town_app, number) is CaseState.closed


def test_every_step_has_a_sound_form(town_app: Flask) -> None:
    numbers = {state: case_in(town_app, state, "D2JX" if state in (CaseState.noticing, CaseState.noticed) else "D3JX")
               for state in (CaseState.registered, CaseState.assigned, CaseState.disputed, CaseState.rectifying,
                             CaseState.submitted,
                             CaseState.verified, CaseState.noticing, CaseState.noticed, CaseState.closed)}
    seen: set[str] = set()
    for login in ("dispatcher", "officer", "verifier", "lead", "supervisor", "clerk", "inspector"):
        client = visitor(town_app, login)
        for number in numbers.values():
            for name in open_steps(town_app, login, number) - seen:
                page = check_page(client.get(f"/cases/{number}/steps/{name}"))
                names = set(page.xpath("//main//form[@method='post']//@name"))
                assert {g.name for g in CASE_FLOW.steps[name].given if g.kind is not FieldKind.files
                        and not g.unless} <= names, name
                seen.add(name)
    assert {"assign", "submit", "verify", "reject", "close", "open_notice", "designate", "comment", "look_back"} <= seen


def test_what_was_typed_stays_when_something_is_missing(town_app: Flask) -> None:
    number = case_in(town_app, CaseState.rectifying)
    client = visitor(town_app, "officer")
    typed = "已清运 <b>三车</b> 垃圾"
    answer = send(client, f"/cases/{number}/steps/submit", {"measures": typed, "file_1": picture(903)})
    assert answer.status_code == 422
    page = check_page(answer)
    assert page.xpath("string(//textarea[@name='measures'])").strip() == typed
    assert page.xpath("//div[@id='summary']//a[@href='#finding']")
    assert "已收到 1 个文件，不用重新选择" in text_of(answer)
    assert state_of(town_app, number) is CaseState.rectifying


def test_a_refusal_of_the_deed_keeps_the_text_and_names_what_is_missing(town_app: Flask) -> None:
    number = case_in(town_app, CaseState.rectifying, "PATROL")
    answer = send(visitor(town_app, "officer"), f"/cases/{number}/steps/submit", {"finding": "true", "measures": "只有文字"})
    assert answer.status_code == 422
    assert "整改后照片" in text_of(answer)
    page = check_page(answer)
    assert page.xpath("//input[@name='finding' and @value='true' and @checked]")
    assert "只有文字" in page.xpath("string(//textarea[@name='measures'])")


@pytest.mark.parametrize(("name", "content", "said"), [
    ("照片.jpg", b"only text", "照片.jpg"), ("空.jpg", b"", "空.jpg"), ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "x.svg"),
])
def test_a_bad_file_is_named(town_app: Flask, name: str, content: bytes, said: str) -> None:
    number = case_in(town_app, CaseState.rectifying)
    given = {"finding": "true", "measures": "已清运", "file_1": (io.BytesIO(content), name)}
    answer = send(visitor(town_app, "officer"), f"/cases/{number}/steps/submit", given)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert state_of(town_app, number) is CaseState.rectifying


def test_who_comes_second_sees_what_happened_and_may_go_on(town_app: Flask) -> None:
    number = case_in(town_app, CaseState.submitted, "PATROL")
    client = visitor(town_app, "verifier")
    old = html.fromstring(client.get(f"/cases/{number}/steps/reject").data)
    with in_town(town_app) as town:
        town.do(number, "comment", text="请先看河道")
    hidden = {i.get("name"): i.get("value") for i in old.xpath("//main//form//input[@type='hidden']")}
    answer = client.post(f"/cases/{number}/steps/reject", data={**hidden, "reason": "仍有残留物"})
    assert answer.status_code == 409
    page = check_page(answer)
    assert "您打开这一页之后，本案有了新情况" in text_of(answer)
    assert "请先看河道" in text_of(answer)
    assert page.xpath("string(//textarea[@name='reason'])").strip() == "仍有残留物"
    fresh = {i.get("name"): i.get("value") for i in page.xpath("//main//form//input[@type='hidden']")}
    assert int(fresh["seq"]) == int(hidden["seq"]) + 1
    assert client.post(f"/cases/{number}/steps/reject", data={**fresh, "reason": "仍有残留物"}).status_code == 302
    assert state_of(town_app, number) is CaseState.rectifying


def test_a_second_click_is_met_kindly(town_app: Flask) -> None:
    number = case_in(town_app, CaseState.assigned)
    client = visitor(town_app, "officer")
    page = html.fromstring(client.get(f"/cases/{number}/steps/acknowledge").data)
    hidden = {i.get("name"): i.get("value") for i in page.xpath("//main//form//input[@type='hidden']")}
    assert client.post(f"/cases/{number}/steps/acknowledge", data=hidden).status_code == 302
    again = client.post(f"/cases/{number}/steps/acknowledge", data=hidden)
    assert (again.status_code, again.location) == (302, f"/cases/{number}")
    elsewhere = client.post(f"/cases/{number}/steps/acknowledge", data=hidden | {"form_id": "another"})
    assert elsewhere.status_code == 409
    assert "签收，开始整改" in text_of(elsewhere)


@pytest.mark.parametrize(("login", "step", "status", "reason"), [
    ("admin", "close", 403, "您的角色不能做这一步"), ("supporting_verifier", "close", 403, "您的角色不能做这一步"),
    ("dispatcher", "assign", 409, "不能“交办”"), ("auditor", "close", 403, "您的角色不能做这一步"),
])
def test_a_step_that_is_not_open_says_why(town_app: Flask, login: str, step: str, status: int, reason: str) -> None:
    number = case_in(town_app, CaseState.verified, "PATROL")
    answer = visitor(town_app, login).get(f"/cases/{number}/steps/{step}")
    assert answer.status_code == status
    assert reason in text_of(answer)


def test_the_separation_of_duties_holds_at_the_page(town_app: Flask) -> None:
    number = case_in(town_app, CaseState.submitted, "PATROL")
    client = visitor(town_app, "street_verifier")
    assert "核查人员不得来自整改单位" in text_of(client.get(f"/cases/{number}/steps/verify"))
    home = client.get("/")
    token = html.fromstring(home.data).xpath("//input[@name='csrf_token']/@value")[0]
    sent = {"csrf_token": token, "onsite_at": "2026-03-02T08:30", "onsite_people": "一人", "conclusion": "到位"}
    answer = client.post(f"/cases/{number}/steps/verify", data=sent)
    assert answer.status_code == 403
    assert "核查人员不得来自整改单位" in text_of(answer)
    assert state_of(town_app, number) is CaseState.submitted


@pytest.mark.parametrize("step", ["nothing", "register", "end_notice; drop"])
def test_a_step_that_does_not_exist_is_not_found(town_app: Flask, step: str) -> None:
    number = case_in(town_app, CaseState.registered)
    client = visitor(town_app, "dispatcher")
    assert client.get(f"/cases/{number}/steps/{step}").status_code == 404
    token = html.fromstring(client.get("/").data).xpath("//input[@name='csrf_token']/@value")[0]
    assert client.post(f"/cases/{number}/steps/{step}", data={"csrf_token": token}).status_code == 404


def test_without_a_token_nothing_is_done_and_the_text_is_kept(town_app: Flask) -> None:
    number = case_in(town_app, CaseState.registered)
    client = visitor(town_app, "dispatcher")
    given = {"lead_unit": "XH-CYZ", "reason": "属地 <i>负责</i>"}
    answer = client.post(f"/cases/{number}/steps/assign", data=given, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 400
    page = check_page(answer)
    assert "属地 <i>负责</i>" in page.text_content()
    assert state_of(town_app, number) is CaseState.registered
    kept = {i.get("name"): i.get("value") for i in page.xpath("//main//form//input[@type='hidden']")}
    assert client.post(f"/cases/{number}/steps/assign", data=kept).status_code == 302
    assert state_of(town_app, number) is CaseState.assigned


def test_a_form_from_elsewhere_is_not_offered_again(town_app: Flask) -> None:
    number = case_in(town_app, CaseState.registered)
    client = visitor(town_app, "dispatcher")
    answer = client.post(f"/cases/{number}/steps/assign", data={"reason": "钓鱼"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 400
    assert "钓鱼" not in answer.text


def test_the_price_of_a_step_in_statements(town_app: Flask) -> None:
    number = case_in(town_app, CaseState.assigned)
    client = visitor(town_app, "officer")
    token = token_of(client.get(f"/cases/{number}/steps/acknowledge"))
    with counted_statements(town_app) as sent:
        assert client.post(f"/cases/{number}/steps/acknowledge", data={"csrf_token": token, "seq": "2"}).status_code == 302
    assert len(sent) <= 10, sent  # two give the fact its position


def test_a_case_of_others_is_not_found_whatever_is_sent(town_app: Flask) -> None:
    number = case_in(town_app, CaseState.assigned)
    for login in ("other_dispatcher", "neighbour"):
        client = visitor(town_app, login)
        token = token_of(client.get("/"))
        for step, given in (("acknowledge", {"seq": "2"}), ("request_return", {}), ("request_return", {"reason": "不是我们的"})):
            answer = client.post(f"/cases/{number}/steps/{step}", data={"csrf_token": token, **given})
            assert answer.status_code == 404, (login, step)
            assert "桃花" not in answer.text.replace("桃花镇", "")
    assert state_of(town_app, number) == "assigned"


def test_a_late_case_is_called_late_after_a_step_and_not_promised_for_a_past_day(town_app: Flask) -> None:
    number = case_in(town_app, CaseState.assigned, "PATROL")
    with in_town(town_app) as town:
        town.days_pass(20)
    client = visitor(town_app, "officer")
    page = client.get(send(client, f"/cases/{number}/steps/acknowledge").location)
    assert "由主办单位尽快整改并报送" in text_of(page) and "前完成" not in text_of(page)


@pytest.mark.parametrize("is_told", [True, False])
def test_the_assignment_is_told_what_the_responsibility_list_proposes_and_chooses_itself(town_app: Flask, is_told: bool) -> None:
    with in_town(town_app) as town:
        rule_lists.in_force(town, {7: {"category": "garbage", "lead_unit": "XH-CG", "reason": "垃圾归城管"}})
        if not is_told:  # who is gone since is proposed to nobody
            accounts.end_unit(None, code="XH-CG", last_day=town.clock.today(), successor="XH-HB")
            town.days_pass(1)
        number = town.registered()
    page = check_page(visitor(town_app, "dispatcher").get(f"/cases/{number}/steps/assign"))
    hint = page.xpath("string(//p[@id='lead_unit-hint'])")
    assert ("按责任清单第1版第7条：类型为垃圾，由" in hint and "主办；垃圾归城管。" in hint) is is_told
    assert page.xpath("//select[@name='lead_unit']/@aria-describedby") == (["lead_unit-hint"] if is_told else [])
    assert not page.xpath("//select[@name='lead_unit']/option[@selected and @value != '']")


def test_a_form_of_evidence_offers_the_kinds_that_may_be_added_and_says_why_when_one_may_not(town_app: Flask) -> None:
    number = case_in(town_app, CaseState.submitted)
    road = f"/cases/{number}/steps/add_evidence"

    def kinds(page: html.HtmlElement) -> list[str]:
        return [str(value) for value in page.xpath("//input[@name='evidence_role']/@value")]

    assert kinds(check_page(visitor(town_app, "officer").get(road))) == ["document"]
    assert kinds(check_page(visitor(town_app, "verifier").get(road))) == ["onsite", "document"]
    answer = send(visitor(town_app, "officer"), road, {"evidence_role": "after", "file_1": picture()})
    assert answer.status_code == 409 and "案件现为“待核查”，不能再补充整改后照片。" in text_of(answer)
    assert kinds(check_page(answer)) == ["document"]
