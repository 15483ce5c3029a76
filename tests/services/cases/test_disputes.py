"""Disputes and designations, merging and its undoing; and what an assignment's fact keeps to itself."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState, Why
from tracker.domain.house.errors import WrongState
from tracker.services.cases import steps
from tracker.storage.cases.belonging.parts import CasePart
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message

pytestmark = pytest.mark.one_engine
S = CaseState
MONDAY = date(2026, 3, 2)


def parts(town: Town, number: str) -> dict[int, str]:
    case = town.row(number)
    return {part.unit_id: part.part for part in db.session.query(CasePart).filter_by(case_id=case.id)}


# --- disputes ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["officer", "supporter"])
@pytest.mark.parametrize("state", [S.assigned, S.rectifying])
def test_either_unit_may_dispute_and_the_clock_keeps_running(town: Town, state: CaseState, login: str) -> None:
    number = town.case_in(state)
    due_on = town.row(number).due_on
    assert town.do(number, "dispute", by=login).state is S.disputed
    town.days_pass(3)
    town.do(number, "designate", lead_unit="TL-NC", supporting_units="XH-CYZ")
    case = town.row(number)
    assert (case.state, case.due_on, case.is_designated) == (S.assigned, due_on, True)
    assert parts(town, number) == {town.units["TL-NC"]: "lead", town.units["XH-CYZ"]: "supporting"}


def test_after_a_designation_nobody_sends_back_or_disputes(town: Town) -> None:
    number = town.case_in(S.disputed)
    town.do(number, "designate")
    assert town.refused(number, "request_return").code == Why.designated
    assert town.refused(number, "dispute").code == Why.designated
    town.do(number, "acknowledge")
    assert town.refused(number, "dispute").code == Why.designated


def test_a_dispatcher_may_settle_a_dispute_by_assigning_anew(town: Town) -> None:
    number = town.case_in(S.disputed)
    town.do(number, "assign", lead_unit="XH-TY", supporting_units="")
    assert (town.row(number).is_designated, parts(town, number)) == (False, {town.units["XH-TY"]: "lead"})


def test_a_provisional_date_stays_provisional_through_a_designation(town: Town) -> None:
    town.clock.move_to(datetime(2026, 12, 28, 1, tzinfo=UTC))
    number = town.case_in(S.disputed)
    assert town.row(number).is_due_provisional
    town.do(number, "designate")
    assert town.row(number).is_due_provisional


# --- merge ------------------------------------------------------------------------------------------------------------------


def test_a_member_keeps_its_number_and_its_clock_and_comes_back_with_them(town: Town) -> None:
    master, member = town.case_in(S.rectifying), town.case_in(S.rectifying)
    due_on = town.row(member).due_on
    town.do(member, "merge", master=master)
    case = town.row(member)
    assert (case.state, case.master_id, case.due_on) == (S.merged, town.row(master).id, due_on)
    town.days_pass(2)
    town.do(member, "unmerge")
    case = town.row(member)
    assert (case.state, case.master_id, case.due_on, case.lead_unit_id) == (S.registered, None, due_on, None)
    town.do(member, "assign")
    assert (town.row(member).due_on, town.row(member).assigned_on) == (due_on, MONDAY)


def test_no_chains_and_no_master_that_is_not_open(town: Town) -> None:
    master, member, third, closed = town.registered(), town.registered(), town.registered(), town.case_in(S.closed)
    town.do(member, "merge", master=master)
    refusal = town.refused(master, "merge", master=third)
    assert isinstance(refusal, WrongState) and refusal.sentence == "本案已是其他案件的主案，不能再并入别案。"
    assert town.refused(third, "merge", master=member).sentence == f"主案 {member} 不在办理中，不能并入。"
    assert town.refused(third, "merge", master=closed).sentence == f"主案 {closed} 不在办理中，不能并入。"
    assert town.refused(third, "merge", master=third).sentence == "不能并入自己。"
    for step in ("decline", "transfer", "void"):
        assert town.refused(master, step).sentence == "本案是 1 件已并案件的主案，请先撤销并案。"
    offered = {offer.name: offer.why for offer in steps.offered(town.actor("dispatcher"), master)}
    assert [offered[step] for step in ("decline", "transfer", "void", "merge")] == [*[Why.has_members] * 3, Why.is_master]


def test_a_master_that_the_dispatcher_cannot_see_does_not_exist(town: Town) -> None:
    elsewhere = town.registered(area_code="360103011")
    hidden = "XH-2026-000099"
    town.do(town.registered(), "merge", master=elsewhere.lower())
    refusal = town.refused(town.registered(), "merge", master=hidden)
    assert refusal.sentence == f"没有找到案件“{hidden}”，或您无权查看。"


def test_a_merged_submission_is_not_remembered_after_the_merge_is_undone(town: Town) -> None:
    number = town.case_in(S.submitted)
    town.walk(number, "merge", "unmerge")
    case = town.row(number)
    assert (case.submitted_by_id, case.submitted_at, case.submitted_unit_id) == (None, None, None)


def test_a_pause_ends_with_the_merge_and_counts(town: Town) -> None:
    number = town.case_in(S.suspended, "D3JX")
    due_on = town.row(number).due_on
    assert due_on is not None
    town.days_pass(4)
    town.do(number, "merge")
    case = town.row(number)
    assert (case.paused_from_on, case.due_on) == (None, due_on + timedelta(days=4))


def test_merging_tells_nobody_but_who_registered_the_case(town: Town) -> None:
    number, master = town.registered(), town.registered()
    before = {message.id for message in db.session.query(Message)}
    town.do(number, "merge", master=master)
    town.do(number, "unmerge")
    assert [message.person_id for message in db.session.query(Message) if message.id not in before] == [town.people["clerk"]]


def test_the_fact_of_an_assignment_names_units_by_id_alone(town: Town) -> None:
    body = town.facts(town.case_in(S.assigned))[-1].body
    assert "朝阳洲" not in body
    assert json.loads(body)["set"]["lead_unit_id"] == town.units["XH-CYZ"]
