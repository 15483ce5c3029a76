"""Deeds that move no state: evidence, supervision, sponsor, call-backs, corrections."""

from datetime import date

import pytest

from tests.support.makers import Town, paper, photo
from tracker.domain.cases.facts import CaseState, Why
from tracker.domain.cases.intake_fields import DESCRIPTION, PLACE, TITLE
from tracker.domain.cases.step_fields import EVIDENCE_ROLES
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.errors import Invalid, NotAllowed, NotFound, Refusal, WrongState
from tracker.services.cases import steps

pytestmark = pytest.mark.one_engine
S = CaseState


@pytest.mark.parametrize(("state", "role", "login", "sentence"), [
    (S.submitted, "after", "officer", "案件现为“待核查”，不能再补充整改后照片。"),
    (S.verified, "before", "dispatcher", "案件现为“核查通过”，不能再补充整改前照片。"),
    (S.registered, "after", "dispatcher", "案件现为“待交办”，不能再补充整改后照片。"),
    (S.rectifying, "onsite", "verifier", "案件现为“整改中”，不能再补充核查现场照片。"),
])  # fmt: skip
def test_what_a_verifier_saw_is_not_changed_behind_their_back(town: Town, state: CaseState, role: str, login: str,
                                                              sentence: str) -> None:
    refusal = town.refused(town.case_in(state), "add_evidence", by=login, evidence_role=role)
    assert isinstance(refusal, WrongState) and refusal.sentence == sentence


@pytest.mark.parametrize(("login", "sentence"), [
    ("officer2", "核查现场照片只能由核查员补充。"), ("many_hats", "核查人员不得来自整改单位。"),
    ("street_verifier", "核查人员不得来自整改单位。"), ("supporting_verifier", "核查人员不得来自整改单位。"),
])  # fmt: skip
def test_on_site_photos_come_from_a_verifier_of_another_unit(town: Town, login: str, sentence: str) -> None:
    refusal = town.refused(town.case_in(S.submitted), "add_evidence", by=login, evidence_role="onsite")
    assert isinstance(refusal, NotAllowed) and refusal.sentence == sentence


@pytest.mark.parametrize("state", [S.assigned, S.submitted, S.verified])
def test_whatever_evidence_is_offered_can_be_added_and_nothing_else(town: Town, state: CaseState) -> None:
    number = town.case_in(state)
    for login in ("dispatcher", "officer2", "verifier", "many_hats", "supporting_verifier"):
        offer = next(each for each in steps.offered(town.actor(login), number) if each.name == "add_evidence")
        offered = {code for field in offer.given for code, _ in field.choices}
        for code, _ in EVIDENCE_ROLES:
            try:
                town.do(number, "add_evidence", by=login, evidence_role=code)
            except Refusal:
                assert code not in offered or offer.why is not None, (login, code)
            else:
                assert code in offered and offer.why is None, (login, code)


def test_a_file_s_own_role_does_not_slip_past_the_role_of_the_step(town: Town) -> None:
    number = town.case_in(S.rectifying)
    town.do(number, "add_evidence", by="officer", evidence_role="progress", uploads=[photo(role=EvidenceRole.onsite)])
    assert town.last(number)["evidence"][0]["role"] == "progress"


def test_a_paper_is_a_document_whatever_it_is_called(town: Town) -> None:
    number = town.case_in(S.rectifying)
    town.do(number, "add_evidence", by="officer", evidence_role="after", uploads=[paper()])
    assert town.last(number)["evidence"][0]["role"] == "document"


def test_evidence_without_a_file_is_none(town: Town) -> None:
    assert "请填写“照片或文件”" in town.refused(town.case_in(S.rectifying), "add_evidence", uploads=[]).sentence


def test_supervision_is_opened_with_a_level_and_lifted(town: Town) -> None:
    number = town.case_in(S.rectifying)
    assert town.refused(number, "lift_supervision").code == Why.not_supervised
    town.do(number, "open_supervision", level="挂牌督办")
    assert town.row(number).supervision_level == "listed"
    town.do(number, "lift_supervision")
    assert town.row(number).supervision_level is None
    assert town.last(number)["level"] == "listed"


def test_a_sponsor_who_may_not_close_here_is_no_sponsor(town: Town) -> None:
    number = town.case_in(S.rectifying)
    for name in ("officer", "other_lead", "没有这人"):
        assert isinstance(town.refused(number, "set_sponsor", sponsor=name), Invalid)
    town.do(number, "set_sponsor", sponsor="lead2先生")
    assert town.row(number).sponsor_id == town.people["lead2"]


def test_urging_escalating_and_calling_back_leave_their_mark(town: Town) -> None:
    number = town.case_in(S.rectifying)
    town.do(number, "urge", by="lead")
    town.do(number, "escalate")
    assert town.row(number).escalated_at == town.clock.now()
    town.walk(number, "joint_meeting_decision", "submit", "verify")
    town.do(number, "call_back", satisfaction="不满意", text="仍有异味")
    assert town.row(number).satisfaction == "dissatisfied"


# --- corrections ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("field", "old", "new"), [
    ("title", "河边垃圾", "桥下垃圾"), ("description", "桃花河边长期堆放生活垃圾", "桥下堆放生活垃圾"), ("place", "", "桃花河东岸5号"),
])  # fmt: skip
def test_a_corrected_text_stands_in_the_row_and_in_no_fact(town: Town, field: str, old: str, new: str) -> None:
    number = town.registered()
    town.do(number, "correct_field", field=field, value=new)
    assert getattr(town.row(number), field) == new
    said, body = town.last(number), town.facts(number)[-1].body
    assert new not in body
    assert not old or old not in body
    assert said["set"] == {}
    assert [fact.payload[field] for fact in town.facts(number) if fact.payload.get(field)] == [*([old] if old else []), new]


def test_whatever_can_be_registered_can_be_corrected(town: Town) -> None:
    number = town.registered(description="河" * DESCRIPTION.longest, title="标" * TITLE.longest, place="地" * PLACE.longest)
    for field in (DESCRIPTION, TITLE, PLACE):
        town.do(number, "correct_field", field=field.name, value="改" * field.longest)
        assert getattr(town.row(number), field.name) == "改" * field.longest
        assert f"最多 {field.longest} 字" in town.refused(number, "correct_field", field=field.name,
                                                       value="改" * (field.longest + 1)).sentence


def test_a_corrected_date_or_area_keeps_both_values_in_the_fact(town: Town) -> None:
    number = town.registered()
    town.do(number, "correct_field", field="received_on", value="2026-02-27")
    assert town.row(number).received_on == date(2026, 2, 27)
    assert (town.last(number)["old"], town.last(number)["new"]) == ("2026-03-02", "2026-02-27")
    town.do(number, "correct_field", field="area_code", value="桃源街道")
    case = town.row(number)
    assert (case.area_code, case.jurisdiction) == ("360103011", "360103011")
    assert (town.last(number)["old"], town.last(number)["new"]) == ("360103002", "360103011")


@pytest.mark.parametrize(("field", "value", "sentence"), [
    ("received_on", "2026-03-03", "受理日期 2026年3月3日 晚于今天。"),
    ("received_on", "三月", "“受理日期”应为日期，如 2026-11-23；“三月”无法识别。"),
    ("area_code", "火星区", "区划“火星区”不在本系统的区划表中。"), ("title", "河边垃圾", "更正后的内容与原来相同。"),
    ("title", "一" * 301, "“更正为”最多 300 字，现为 301 字。"), ("received_on", "2026-03-02", "更正后的内容与原来相同。"),
])  # fmt: skip
def test_a_wrong_correction_is_refused(town: Town, field: str, value: str, sentence: str) -> None:
    refusal = town.refused(town.registered(), "correct_field", field=field, value=value)
    assert isinstance(refusal, Invalid) and refusal.sentence == sentence


@pytest.mark.parametrize("field", ["state", "due_on", "closed_by_id", "source_number"])
def test_what_steps_decide_is_not_corrected(town: Town, field: str) -> None:
    assert "“更正项”只能是" in town.refused(town.registered(), "correct_field", field=field, value="1").sentence


def test_a_case_corrected_into_another_area_is_out_of_sight(town: Town) -> None:
    number = town.registered()
    town.do(number, "correct_field", field="area_code", value="360102002")
    assert isinstance(town.refused(number, "comment"), NotFound)
    assert town.do(number, "comment", by="other_dispatcher").seq == 3
