"""Looking back and reopening; and cases that came in already handled by others."""

import pytest

from tests.support.makers import Town, paper
from tracker.domain.cases.facts import CaseState, Why
from tracker.services.cases import intake, steps
from tracker.services.cases.intake import ImportedHistory, RegisterOrder
from tracker.services.house.work import Work, wiring
from tracker.services.rules import rules
from tracker.storage.cases.cases import Case
from tracker.storage.house.base import db

pytestmark = pytest.mark.one_engine
S = CaseState


# --- looking back -----------------------------------------------------------------------------------------------------------


def test_a_closed_case_is_reopened_only_after_a_look_back_that_failed(town: Town) -> None:
    number = town.case_in(S.closed)
    assert town.refused(number, "reopen").code == Why.no_failed_look_back
    town.do(number, "look_back", result="passed")
    assert town.refused(number, "reopen").code == Why.no_failed_look_back
    town.do(number, "look_back", result="failed")
    town.do(number, "reopen")
    assert town.row(number).state is S.rectifying


def test_the_first_closing_stays_on_record_and_the_second_is_its_own(town: Town) -> None:
    number = town.case_in(S.closed)
    first = town.row(number)
    first_at, first_no, closer = first.closed_at, first.filing_no, first.closed_by_id
    town.days_pass(60)
    town.walk(number, "reopen")
    said, case = town.last(number), town.row(number)
    assert (case.closed_at, case.filing_no, case.first_closed_at, case.reopen_count, case.round) == (None, None, first_at, 1, 2)
    assert said["look_back_seq"] == case.seq - 1
    assert said["closed_by_id"] == closer
    town.walk(number, "submit", "verify", "close")
    again = town.row(number)
    assert again.first_closed_at == first_at
    assert again.closed_at != first_at and again.filing_no != first_no


def test_a_look_back_in_the_future_did_not_take_place(town: Town) -> None:
    refusal = town.refused(town.case_in(S.closed), "look_back", checked_on="2026-03-03")
    assert refusal.sentence == "回头看日期 2026年3月3日 晚于今天。"


# --- imported as handled ----------------------------------------------------------------------------------------------------


def handled(town: Town) -> str:
    """A case that came in with a table that says 已办结."""
    with Work(wiring()) as work:
        order = RegisterOrder("D3JX", "扬尘", "工地扬尘扰民", area_code="360103")
        history = ImportedHistory(outcome="已办结", is_completed=True, finding="true", measures="已处理，联系人13800138000")
        (case_id,) = intake.register_many(work, town.actor("clerk"), rules.source("D3JX"), [order], histories=[history])
    return db.session.get_one(Case, case_id).number


def test_what_came_in_handled_is_marked_as_history_and_nobody_s_step(town: Town) -> None:
    number = handled(town)
    case = town.row(number)
    assert (case.state, case.history, case.submitted_by_id, case.verified_by_id) == (S.verified, "imported", None, None)
    assert [fact.kind for fact in town.facts(number)] == ["case:registered", "case:history_imported"]
    assert "13800138000" not in town.facts(number)[-1].body


def test_history_is_closed_on_a_document_and_not_without(town: Town) -> None:
    number = handled(town)
    assert town.refused(number, "close").sentence == "证据不齐，不能销号，还缺：销号依据文件。"
    town.do(number, "add_evidence", uploads=[paper()])
    town.do(number, "close")
    assert town.last(number)["is_history"] is True


def test_history_that_a_leader_refuses_goes_to_a_unit_and_begins_a_history_of_its_own(town: Town) -> None:
    number = handled(town)
    refusal = town.refused(number, "refuse_close")
    assert (refusal.code, refusal.field) == ("incomplete", "lead_unit")
    town.take(number, "refuse_close", reason="复查发现未整改", lead_unit="XH-CYZ")
    case = town.row(number)
    assert (case.state, case.history, case.round) == (S.rectifying, "own", 2)
    assert case.lead_unit is not None
    assert case.due_on is not None


def test_a_form_asks_for_the_unit_of_a_history_and_of_no_other_case(town: Town) -> None:
    for number, is_asked in ((handled(town), True), (town.case_in(S.verified), False)):
        (offer,) = [o for o in steps.offered(town.actor("lead"), number) if o.name == "refuse_close"]
        assert ("lead_unit" in [field.name for field in offer.given]) is is_asked
