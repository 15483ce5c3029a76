"""Before the work begins: assign, decline, transfer, merge, acknowledge, returns, disputes, designation, void."""

from datetime import UTC, date, datetime

import pytest

from tests.support import rule_lists
from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState, Request, Why
from tracker.domain.house.errors import Incomplete, Invalid, NotAllowed, NotFound
from tracker.storage.cases.belonging.parts import CasePart
from tracker.storage.house.base import db

pytestmark = pytest.mark.one_engine
S = CaseState
MONDAY = date(2026, 3, 2)


def parts(town: Town, number: str) -> dict[int, str]:
    case = town.row(number)
    return {part.unit_id: part.part for part in db.session.query(CasePart).filter_by(case_id=case.id)}


# --- assign ---------------------------------------------------------------------------------------------------------------


def test_assigning_names_one_lead_unit_supporting_units_and_every_clock(town: Town) -> None:
    number = town.registered("H12345")
    town.do(number, "assign", supporting_units="XH-CG、XH-TY")
    case = town.row(number)
    assert parts(town, number) == {town.units["XH-CYZ"]: "lead", town.units["XH-CG"]: "supporting",
                                   town.units["XH-TY"]: "supporting"}
    assert (case.assigned_on, case.due_on, case.original_due_on) == (MONDAY, date(2026, 3, 9), date(2026, 3, 9))  # 5 working days
    assert (case.acknowledge_due_on, case.return_until_on) == (date(2026, 3, 3), date(2026, 3, 4))
    assert case.list_due_on == case.due_on
    assert not case.is_due_provisional


def test_the_fact_keeps_the_limit_with_its_basis_and_the_reason_of_the_routing(town: Town) -> None:
    number = town.case_in(S.assigned, "D3JX")
    said = town.last(number)
    assert said["limit"]["amount"] == 10 and said["limit"]["unit"] == "calendar_day"
    assert "督察组" in said["limit"]["basis"]
    assert said["proposed_due_on"] == "2026-03-12"
    assert said["routing"] == "没有适用的交办规则，由调度员判定。"


@pytest.mark.parametrize(("lead", "overruled"), [("XH-CG", False), ("XH-CYZ", True)])
def test_overruling_the_routing_is_in_the_fact(town: Town, lead: str, overruled: bool) -> None:
    rule_lists.in_force(town, {7: {"category": "garbage", "lead_unit": "XH-CG", "reason": "垃圾归城管", "clause": "2.7"}})
    number = town.registered()
    town.do(number, "assign", lead_unit=lead, supporting_units="")
    said = town.last(number)
    assert said["routing"] == "按责任清单第1版第2.7条：类型为垃圾，由西湖区城市管理局主办；垃圾归城管。"
    assert said["routing"].values["clause"] == "2.7"
    assert (said["routing_list"], said["routing_rule"], said["routing_clause"]) == (1, 7, "2.7")
    assert said["is_routing_overruled"] is overruled


@pytest.mark.parametrize(("answers", "rule"), [({"railway_fence": "inside"}, 7), ({"railway_fence": "outside"}, 8), ({}, None)])
def test_the_routing_reads_what_the_form_was_told_of_the_fence(town: Town, answers: dict[str, object], rule: int | None) -> None:
    rule_lists.in_force(town, {number: {"category": "railway", "side": side, "lead_unit": "XH-CG", "reason": "围栏为界"}
                               for number, side in ((7, "inside"), (8, "outside"))})
    case = town.registered("PATROL", categories=("railway",), description="垃圾不在围栏内，也说不清是不是围栏外", answers=answers)
    town.do(case, "assign", supporting_units="")
    assert town.last(case).get("routing_rule") == rule


def test_a_unit_is_named_by_code_or_by_full_name(town: Town) -> None:
    number = town.registered()
    town.do(number, "assign", lead_unit="朝阳洲街道", supporting_units="西湖区城市管理局")
    assert set(parts(town, number)) == {town.units["XH-CYZ"], town.units["XH-CG"]}


@pytest.mark.parametrize(("given", "sentence", "field"), [
    ({"lead_unit": "没有这家"}, "没有单位“没有这家”，请填单位代码或全称。", "lead_unit"),
    ({"lead_unit": "西湖街道"}, "单位“西湖街道”已于 2022年7月31日 撤销，请改用“桃源街道”。", "lead_unit"),
    ({"supporting_units": "XH-CG，无此局"}, "没有单位“无此局”，请填单位代码或全称。", "supporting_units"),
    ({"supporting_units": "XH-CYZ"}, "“朝阳洲街道”已是主办单位，不能同时协办。", "supporting_units"),
    ({"due_on": "2026-03-01", "due_reason": "急"}, "整改时限 2026年3月1日 早于今天 2026年3月2日。", "due_on"),
    ({"due_on": "下周"}, "“整改时限”应为日期，如 2026-11-23；“下周”无法识别。", "due_on"),
    ({"due_on": "2053-13-01"}, "“整改时限”应为日期，如 2026-11-23；“2053-13-01”无法识别。", "due_on"),
    ({"sponsor": "officer"}, "“officer先生”没有本案所在区域的销号权限，不能担任包案领导。", "sponsor"),
    ({"sponsor": "other_lead"}, "“other_lead先生”没有本案所在区域的销号权限，不能担任包案领导。", "sponsor"),
    ({"sponsor": "张三"}, "没有找到唯一的在岗人员“张三”，请填登录名。", "sponsor"),
])  # fmt: skip
def test_a_wrong_assignment_is_refused_with_one_sentence(town: Town, given: dict[str, str], sentence: str, field: str) -> None:
    refusal = town.refused(town.registered(), "assign", **given)
    assert isinstance(refusal, Invalid)
    assert (refusal.sentence, refusal.field) == (sentence, field)


def test_another_due_date_than_the_rule_s_needs_a_reason(town: Town) -> None:
    number = town.registered()
    refusal = town.refused(number, "assign", due_on="2026-04-01")
    assert isinstance(refusal, Incomplete)
    assert refusal.sentence == "按规则时限为 2026年3月9日；改为 2026年4月1日 须填写“另定时限的理由”。"
    town.do(number, "assign", due_on="2026-04-01", due_reason="工程量大")
    assert town.row(number).due_on == town.row(number).original_due_on == date(2026, 4, 1)
    assert town.last(number)["proposed_due_on"] == "2026-03-09"
    assert town.last(number)["due_reason"] == "工程量大"


def test_the_rule_s_own_date_needs_no_reason(town: Town) -> None:
    assert town.do(town.registered(), "assign", due_on="2026-03-09").due_on == date(2026, 3, 9)


def test_a_key_case_is_not_assigned_without_a_sponsor(town: Town) -> None:
    number = town.registered("D3JX", source_number="D3JX202603020001*")
    refusal = town.refused(number, "assign")
    assert isinstance(refusal, Incomplete) and refusal.field == "sponsor"
    town.do(number, "assign", sponsor="lead")
    assert town.row(number).sponsor_id == town.people["lead"]


def test_a_sponsor_set_before_is_enough_for_a_key_case(town: Town) -> None:
    number = town.registered(is_key=True)
    town.do(number, "set_sponsor", sponsor="lead2")
    assert town.do(number, "assign").state is S.assigned


def test_only_a_dispatcher_of_the_area_assigns(town: Town) -> None:
    number = town.registered()
    for login in ("clerk", "supervisor", "lead", "admin"):
        assert town.refused(number, "assign", by=login).code == Why.no_permission
    assert isinstance(town.refused(number, "assign", by="other_dispatcher"), NotFound)


def test_a_due_date_past_the_published_calendar_is_provisional(town: Town) -> None:
    town.clock.move_to(datetime(2026, 12, 28, 1, tzinfo=UTC))
    number = town.case_in(S.assigned, "H12345")
    case = town.row(number)
    assert case.due_on is not None and case.due_on.year == 2027
    assert case.is_due_provisional
    other = town.registered("H12345")
    town.do(other, "assign", due_on=case.due_on)
    assert town.row(other).is_due_provisional, "the rule's own date stays provisional when it is typed in"
    calendar_days = town.case_in(S.assigned, "D3JX")
    assert town.row(calendar_days).is_due_provisional, "the last day rolls if it is a day off, which nobody knows yet"


# --- decline, transfer, void ------------------------------------------------------------------------------------------------


def test_declining_transferring_and_voiding_end_a_case_with_their_reasons(town: Town) -> None:
    declined, transferred, voided = town.registered(), town.case_in(S.assigned), town.case_in(S.assigned)
    assert town.do(declined, "decline", reason_code="重复反映且无新事实").state is S.declined
    assert town.last(declined)["reason_code"] == "repeated"
    assert town.do(transferred, "transfer").state is S.transferred
    assert (town.last(transferred)["authority"], town.last(transferred)["document_no"]) == ("市公安局", "西环移〔2026〕1号")
    assert town.do(voided, "void").state is S.voided


def test_a_reason_code_that_is_not_listed_is_refused_with_the_list(town: Town) -> None:
    refusal = town.refused(town.registered(), "decline", reason_code="懒得办")
    assert refusal.sentence.startswith("“不予受理的原因”只能是：不属于受理范围、")


def test_nothing_is_voided_once_work_was_reported(town: Town) -> None:
    number = town.case_in(S.assigned)
    town.do(number, "progress")
    assert town.refused(number, "void").code == Why.work_reported


# --- acknowledge, returns ---------------------------------------------------------------------------------------------------


def test_signing_for_a_case_does_not_move_the_clock(town: Town) -> None:
    number = town.case_in(S.assigned)
    due_on = town.row(number).due_on
    town.days_pass(1)
    town.do(number, "acknowledge", by="officer2")
    assert town.row(number).due_on == due_on
    assert town.last(number)["is_late"] is False


def test_signing_late_is_possible_and_in_the_fact(town: Town) -> None:
    number = town.case_in(S.assigned)
    town.days_pass(2)
    town.do(number, "acknowledge", by="below_officer")
    assert town.last(number)["is_late"] is True


def test_only_the_lead_unit_or_below_signs(town: Town) -> None:
    number = town.case_in(S.assigned)
    assert town.refused(number, "acknowledge", by="supporter").code == Why.out_of_reach
    assert isinstance(town.refused(number, "acknowledge", by="neighbour"), NotFound)
    assert town.refused(number, "acknowledge", by="dispatcher").code == Why.no_permission


def test_a_return_is_asked_granted_counted_and_clears_the_assignment(town: Town) -> None:
    number = town.case_in(S.assigned)
    town.do(number, "request_return")
    case = town.row(number)
    assert (case.state, case.pending, case.pending_by_id) == (S.assigned, Request.return_, town.people["officer"])
    town.do(number, "grant_return")
    case = town.row(number)
    assert (case.state, case.return_count, case.pending, case.lead_unit_id, case.due_on) == (S.registered, 1, None, None, None)
    assert parts(town, number) == {}


@pytest.mark.parametrize("state", [S.assigned, S.rectifying])
def test_a_wrong_assignment_is_recalled_and_is_no_return_of_the_unit(town: Town, state: S) -> None:
    number = town.case_in(state)
    lead = town.row(number).lead_unit_id
    town.do(number, "recall")
    case = town.row(number)
    assert (case.state, case.return_count, case.lead_unit_id, case.due_on) == (S.registered, 0, None, None)
    assert parts(town, number) == {}
    assert town.facts(number)[-1].payload["former_lead_unit_id"] == lead
    town.walk(number, "assign", "acknowledge")
    assert town.row(number).state is S.rectifying


def test_a_recall_needs_a_reason_once_the_unit_has_signed(town: Town) -> None:
    unsigned, signed = town.case_in(S.assigned), town.case_in(S.rectifying)
    refusal = town.refused(signed, "recall", reason="")
    assert isinstance(refusal, Incomplete) and refusal.field == "reason" and "撤回交办的原因" in refusal.sentence
    town.do(unsigned, "recall", reason="")


def test_nothing_is_recalled_that_was_handed_in_or_designated(town: Town) -> None:
    rejected, withdrawn, designated = town.case_in(S.submitted), town.case_in(S.submitted), town.case_in(S.disputed)
    town.walk(rejected, "reject")
    town.walk(withdrawn, "withdraw")
    town.walk(designated, "designate")
    assert [town.refused(number, "recall").code for number in (rejected, withdrawn, designated)] == [
        Why.already_submitted, Why.already_submitted, Why.designated]
    assert town.refused(town.case_in(S.assigned), "recall", by="officer").code == Why.no_permission


def test_a_refused_return_leaves_the_case_where_it_was(town: Town) -> None:
    number = town.case_in(S.assigned)
    due_on = town.row(number).due_on
    town.walk(number, "refuse_return")
    case = town.row(number)
    assert (case.state, case.return_count, case.pending, case.due_on) == (S.assigned, 0, None, due_on)


def test_a_return_is_asked_within_its_working_days_only(town: Town) -> None:
    friday = datetime(2026, 4, 3, 1, tzinfo=UTC)  # the three days of Qingming follow
    town.clock.move_to(friday)
    number, late = town.case_in(S.assigned), town.case_in(S.assigned)
    assert town.row(number).return_until_on == date(2026, 4, 8)
    town.clock.move_to(datetime(2026, 4, 8, 15, 59, tzinfo=UTC))  # 23:59 in the office
    town.do(number, "request_return")
    other = town.case_in(S.assigned)
    town.clock.move_to(datetime(2026, 4, 8, 16, 0, tzinfo=UTC))  # midnight
    assert town.refused(late, "request_return").code == Why.past_return_limit
    town.do(other, "request_return")


def test_a_second_request_waits_for_the_first(town: Town) -> None:
    number = town.case_in(S.assigned)
    town.do(number, "request_return")
    assert town.refused(number, "request_return", by="officer2").code == Why.request_pending


def test_a_case_comes_back_twice_and_no_more(town: Town) -> None:
    number = town.case_in(S.assigned)
    for _ in range(2):
        town.walk(number, "grant_return", "assign")
    assert town.row(number).return_count == 2
    assert town.refused(number, "request_return").code == Why.too_many_returns


def test_there_is_nothing_to_grant_when_nothing_was_asked(town: Town) -> None:
    number = town.case_in(S.assigned)
    assert town.refused(number, "grant_return").code == Why.no_request


def test_nobody_grants_the_own_request(town: Town) -> None:
    number = town.case_in(S.assigned)
    town.do(number, "request_return", by="many_hats")
    refusal = town.refused(number, "grant_return", by="many_hats")
    assert isinstance(refusal, NotAllowed) and refusal.code == Why.own_request
    town.do(number, "grant_return", by="dispatcher2")
