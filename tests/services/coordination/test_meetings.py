"""Joint meetings: what is put on the agenda, decided, carried onto the case, and followed up; the examples of the design."""

from datetime import date, datetime

import pytest
from sqlalchemy import text

from tests.support import custody
from tests.support.acts import act_in, do, opened
from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.actor import CLOCK
from tracker.domain.house.errors import Conflict, Incomplete, Invalid, NotAllowed, NotFound, Refusal, WrongState
from tracker.services.acts import access, duties, jobs, steps
from tracker.services.cases.identities import Reporter
from tracker.services.house.work import reading, wiring
from tracker.storage.acts.page import ActPage
from tracker.storage.house.ledger import stream_of

pytestmark = pytest.mark.one_engine  # the lives of acts, the counts and what waits run on both


def page(town: Town, number: str, login: str = "dispatcher") -> ActPage:
    return access.page_for(town.actor(login), number)


def at(town: Town, *when: int) -> None:
    town.clock.move_to(datetime(*when, 9, tzinfo=wiring().zone))  # type: ignore[arg-type, misc]


def held_about(town: Town, case: str) -> str:
    """A meeting that was held on 10 March, with this case as its item."""
    number = opened(town, "meeting")
    do(town, number, "meeting", "add_item", target=case)
    do(town, number, "meeting", "call", reason="临时召开")
    at(town, 2026, 3, 10)
    do(town, number, "meeting", "hold")
    return number


def kinds(number: str) -> list[str]:
    return [fact.kind for fact in stream_of(reading(), f"act:{number}")]


def test_a_meeting_has_a_number_of_its_series_and_each_step_is_a_fact_of_its_stream(town: Town) -> None:
    assert [opened(town, "meeting"), opened(town, "meeting")] == ["HY-2026-0001", "HY-2026-0002"]
    number = act_in(town, "meeting", "issued")
    assert kinds(number) == ["meeting:opened", "meeting:item_added", "meeting:called", "meeting:held", "meeting:item_decided",
                             "meeting:issued"]
    assert page(town, number).head.seq == 6


def test_minutes_are_due_five_working_days_after_the_meeting_and_a_later_issue_is_late(town: Town) -> None:
    at(town, 2026, 11, 20)
    number = opened(town, "meeting")
    do(town, number, "meeting", "add_item")
    do(town, number, "meeting", "call", held_at="2026-11-24 09:00", reason="临时召开")
    at(town, 2026, 11, 24)
    do(town, number, "meeting", "hold")
    assert [(clock.stage, clock.due_on) for clock in page(town, number).clocks] == [("minutes", date(2026, 12, 1))]
    assert page(town, number).head.list_due_on == date(2026, 12, 1)
    at(town, 2026, 12, 2)
    do(town, number, "meeting", "decide_item")
    do(town, number, "meeting", "issue")
    assert page(town, number).clocks[0].outcome == "late"


def test_called_on_friday_for_tuesday_it_has_one_working_day_between_and_needs_a_reason(town: Town) -> None:
    at(town, 2026, 11, 20)
    number = opened(town, "meeting")
    do(town, number, "meeting", "add_item")
    with pytest.raises(Incomplete, match=r"只有 1 个工作日，不足 2 个"):
        do(town, number, "meeting", "call", held_at="2026-11-24 09:00")
    do(town, number, "meeting", "call", held_at="2026-11-25 09:00")


def test_a_designation_is_a_step_of_the_case_in_the_same_transaction(town: Town) -> None:
    case = town.case_in(CaseState.disputed)
    number = held_about(town, case)
    do(town, number, "meeting", "decide_item", outcome="designation", text="由城管局牵头", lead_unit="XH-CG", due_on="2026-04-01")
    row = town.row(case)
    assert (row.state, row.is_designated, row.due_on) == (CaseState.assigned, True, date(2026, 4, 1))
    assert (town.last(case)["reason"], town.last(case)["meeting"]) == ("由城管局牵头", "HY-2026-0001 第 1 项")
    assert "designated" in str(town.refused(case, "request_return", by="supporter").code)


def test_what_the_case_refuses_is_not_decided_at_all(town: Town) -> None:
    case = town.case_in(CaseState.rectifying)
    number = held_about(town, case)
    before = kinds(number), town.facts(case)
    for outcome in ("designation", "extend"):
        with pytest.raises(Refusal):
            do(town, number, "meeting", "decide_item", outcome=outcome, text="同意", lead_unit="XH-CG", due_on="2026-04-01")
    assert (kinds(number), town.facts(case)) == before


def test_a_measure_is_noted_on_the_case_and_owed_by_each_unit_until_another_checks_it(town: Town) -> None:
    case = town.case_in(CaseState.rectifying)
    number = held_about(town, case)
    do(town, number, "meeting", "decide_item", outcome="measure", text="联合清运", units="XH-CYZ、TL-NC", due_on="2026-03-20")
    assert town.last(case)["meeting"] == f"{number} 第 1 项"
    do(town, number, "meeting", "issue")
    owed = page(town, number).duties
    assert [(duty.position, duty.unit, duty.state) for duty in owed] == [(1, "朝阳洲街道", "open"), (2, "南昌铁路工务段", "open")]
    assert page(town, number).head.list_due_on == date(2026, 3, 20)
    assert jobs.settle_duties(date(2026, 3, 11)) == "办结事项 0 件"
    duties.take(town.actor("officer"), number, 1, "answer", {"text": "已清运"})
    with pytest.raises(NotAllowed, match="承办单位以外"):
        duties.take(town.actor("street_verifier"), number, 1, "pass", {"text": "看过"})
    duties.take(town.actor("verifier"), number, 1, "pass", {"text": "现场核实"})
    duties.take(town.actor("dispatcher"), number, 2, "waive", {"reason": "由街道一并完成"})
    assert jobs.settle_duties(date(2026, 3, 12)) == "办结事项 1 件"
    assert (page(town, number).head.state, page(town, number).head.is_over) == ("settled", True)
    assert jobs.settle_duties(date(2026, 3, 12)) == "办结事项 0 件"


def test_who_recorded_does_not_issue_and_only_the_chair_does(town: Town) -> None:
    number = act_in(town, "meeting", "held")
    with pytest.raises(NotAllowed, match="主持人签发纪要，不能作记录"):
        do(town, number, "meeting", "decide_item", by="lead")
    do(town, number, "meeting", "decide_item")
    with pytest.raises(NotAllowed, match="主持人"):
        do(town, number, "meeting", "issue", by="dispatcher")
    other = act_in(town, "meeting", "held")
    do(town, other, "meeting", "decide_item")
    with pytest.raises(NotAllowed, match="主持人"):
        do(town, other, "meeting", "issue", by="lead2")
    do(town, other, "meeting", "issue")


@pytest.mark.parametrize(("step", "given", "field", "said"), [
    ("add_item", {"target": "XH-2026-999999"}, "target", "没有找到案件或事项“XH-2026-999999”，或您无权查看。"),
    ("add_item", {"target": "{own}"}, "target", "不能关联到自己。"),
    ("call", {"chair": "officer"}, "chair", "“officer先生”不能主持会议：主持人须是本区域的调度员或区领导。"),
    ("call", {"units": "XH-NIX"}, "units", "没有单位“XH-NIX”，请填单位代码或全称。"),
    ("drop_item", {"position": "7"}, "position", "没有第 7 项议题。"),
])
def test_what_cannot_be_is_said_in_one_sentence_and_changes_nothing(town: Town, step: str, given: dict[str, str], field: str,
                                                                    said: str) -> None:
    number = opened(town, "meeting")
    do(town, number, "meeting", "add_item")
    before = kinds(number)
    with pytest.raises(Invalid) as told:
        do(town, number, "meeting", step, **{name: value.replace("{own}", number) for name, value in given.items()})
    assert (told.value.field, told.value.sentence) == (field, said)
    assert kinds(number) == before


def test_a_case_stands_on_an_agenda_once(town: Town) -> None:
    case, number = town.registered(), opened(town, "meeting")
    do(town, number, "meeting", "add_item", target=case)
    with pytest.raises(Invalid, match="已经列入"):
        do(town, number, "meeting", "add_item", target=case)


def test_a_time_extension_that_a_meeting_grants_is_told_on_the_case_with_the_item(town: Town) -> None:
    case = town.started("request_extension")
    town.do(case, "request_extension")
    number = held_about(town, case)
    do(town, number, "meeting", "decide_item", outcome="extend", text="同意延期", due_on="2026-04-01")
    assert town.row(case).due_on == date(2026, 4, 1)
    assert (town.last(case)["meeting"], town.last(case)["outcome"]) == (f"{number} 第 1 项", "extend")


def test_of_two_who_decide_at_once_one_is_told_to_look_again(town: Town) -> None:
    number = act_in(town, "meeting", "held")
    seen = page(town, number).head.seq
    steps.take(town.actor("dispatcher"), number, "note", {"noted_on": "2026-03-02", "text": "补记"}, seq=seen)
    with pytest.raises(Conflict, match="已有第"):
        steps.take(town.actor("dispatcher2"), number, "note", {"noted_on": "2026-03-02", "text": "补记"}, seq=seen)


def test_absent_and_forbidden_look_alike(town: Town) -> None:
    number = opened(town, "meeting")
    for login, wanted in (("dispatcher", "HY-2026-0099"), ("other_dispatcher", number), ("neighbour", number),
                          ("custodian", number)):
        with pytest.raises(NotFound) as told:
            page(town, wanted, login)
        assert told.value.sentence == f"没有找到事项“{wanted}”，或您无权查看。"


def test_an_officer_sees_a_meeting_to_which_the_unit_is_called(town: Town) -> None:
    number = act_in(town, "meeting", "called")
    assert page(town, number, "officer").head.number == number
    with pytest.raises(NotFound):
        page(town, number, "neighbour")


def test_after_its_end_nothing_is_owed_and_no_step_is_open(town: Town) -> None:
    number = act_in(town, "meeting", "cancelled")
    with pytest.raises(WrongState, match="联席会议现为“取消”，不能“通知开会”"):
        do(town, number, "meeting", "call")
    assert steps.offered(CLOCK, page(town, number))[-1].name == "note"


@pytest.mark.parametrize(("given", "field"), [({"units": None}, "units"), ({"due_on": None}, "due_on")])
def test_a_measure_without_anybody_or_a_day_is_refused(town: Town, given: dict[str, None], field: str) -> None:
    number = held_about(town, town.case_in(CaseState.rectifying))
    asked = {"outcome": "measure", "text": "联合清运", "units": "XH-CYZ", "due_on": "2026-03-20", **given}
    before = kinds(number)
    with pytest.raises(Incomplete, match="落实单位和完成日期") as told:
        do(town, number, "meeting", "decide_item", **asked)
    assert (told.value.field, kinds(number)) == (field, before)


def test_a_unit_that_is_named_twice_owes_it_once(town: Town) -> None:
    number = held_about(town, town.case_in(CaseState.rectifying))
    do(town, number, "meeting", "decide_item", outcome="measure", text="联合清运", units="XH-CYZ、朝阳洲街道", due_on="2026-03-20")
    assert len(page(town, number).duties) == 1


@pytest.mark.parametrize("count", ["-1", "10001", "12.5", "六人"])
def test_a_number_of_people_that_is_none_is_refused(town: Town, count: str) -> None:
    number = act_in(town, "meeting", "called")
    with pytest.raises(Invalid) as told:
        do(town, number, "meeting", "hold", person_count=count)
    assert told.value.field == "person_count"


@pytest.mark.parametrize("value", ["很多", "-3", "1e9", "1.2345", "=1+1"])
def test_an_amount_that_is_no_number_is_refused(town: Town, value: str) -> None:
    number = held_about(town, town.case_in(CaseState.rectifying))
    do(town, number, "meeting", "decide_item", outcome="measure", text="联合清运", units="XH-CYZ", due_on="2026-03-20")
    with pytest.raises(Invalid) as told:
        duties.take(town.actor("officer"), number, 1, "answer", {"text": "已清运", "value": value})
    assert told.value.field == "value"
    duties.take(town.actor("officer"), number, 1, "answer", {"text": "已清运", "value": "12.6"})
    assert page(town, number).duties[0].value == "12.6"


def test_an_item_whose_case_ended_meanwhile_is_decided_without_it(town: Town) -> None:
    case = town.case_in(CaseState.registered)
    number = held_about(town, case)
    town.do(case, "decline")
    told = town.facts(case)
    do(town, number, "meeting", "decide_item", outcome="none", text="已不予受理")
    assert town.facts(case) == told


def test_what_was_put_off_waits_on_and_what_was_decided_does_not(town: Town) -> None:
    case = town.case_in(CaseState.rectifying)
    town.do(case, "progress", text="卡住了", matters="请铁路单位开门")
    for outcome, waits in (("defer", True), ("none", False)):
        do(town, held_about(town, case), "meeting", "decide_item", outcome=outcome, text="已议")
        assert (town.row(case).matter_since_on is not None) is waits


def test_a_reporter_whom_somebody_names_is_named_by_no_text_of_the_meeting(town: Town) -> None:
    case = town.case_in(CaseState.rectifying)
    custody.kept(case, Reporter("欧阳巡览", "13700137000"))
    number = opened(town, "meeting")
    said = "欧阳巡览 13700137000 家门口"
    do(town, number, "meeting", "add_item", target=case, question=said)
    do(town, number, "meeting", "call", place=said)
    do(town, number, "meeting", "note", text=said)
    at(town, 2026, 3, 10)
    do(town, number, "meeting", "hold")
    do(town, number, "meeting", "decide_item", outcome="measure", text=said, units="XH-CYZ", due_on="2026-03-20")
    duties.take(town.actor("officer"), number, 1, "answer", {"text": said})
    do(town, number, "meeting", "issue")
    everything = " ".join(str(cell) for table in ("facts", "words", "acts", "duties", "outbox", "mail_bodies")
                          for row in reading().execute(text(f"SELECT * FROM {table}")) for cell in row)
    assert "欧阳巡览" not in everything
    assert "13700137000" not in everything


def test_where_a_meeting_is_stands_in_no_body_of_a_fact(town: Town) -> None:
    act_in(town, "meeting", "held")
    bodies = " ".join(reading().scalars(text("SELECT body FROM facts WHERE stream LIKE 'act:%'")))
    assert "区政府三楼" not in bodies
