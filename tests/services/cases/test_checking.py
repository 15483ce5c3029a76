"""Whose a case is: sent down, looked at, answered, confirmed. What is refused names what is wrong and changes nothing."""

from datetime import UTC, date, datetime

import pytest

from tests.support.makers import CONFIRMED, SILENCE_COUNTS, Town
from tracker.domain.cases.belonging.fields import DISCLAIMED_BY_ALL
from tracker.domain.cases.facts import CaseState, Why
from tracker.domain.house.errors import Conflict, Incomplete, Invalid, NotAllowed, NotFound, WrongState
from tracker.services.cases.declarations.jobs import presume_claims
from tracker.services.rules import book
from tracker.storage.cases.belonging.parts import CasePart
from tracker.storage.house.base import db

S = CaseState


def parts(town: Town, number: str) -> dict[int, tuple[str, str | None]]:
    case = town.row(number)
    return {part.unit_id: (part.part, part.answer) for part in db.session.query(CasePart).filter_by(case_id=case.id)}


def sent_down(town: Town, **order: object) -> str:
    number = town.registered("RAIL", **{"channel": "onsite"} | order)
    town.do(number, "send_down")
    return number


def test_one_to_four_units_are_asked_and_the_clock_of_confirming_runs(town: Town) -> None:
    number = sent_down(town)
    case, street, railway = town.row(number), town.units["XH-CYZ"], town.units["TL-NC"]
    assert (case.state, case.due_on, case.lead_unit_id) == (S.checking, None, None)
    assert case.confirm_due_on == date(2026, 3, 5)  # three working days
    assert parts(town, number) == {street: ("candidate", None), railway: ("candidate", None)}
    assert town.refused(town.registered("RAIL"), "send_down",
                        candidate_units="XH、XH-HB、XH-CG、XH-CYZ、XH-TY").field == "candidate_units"


def test_who_was_asked_sees_the_case_and_nobody_else_of_the_units_does(town: Town) -> None:
    number = town.registered("RAIL", channel="onsite")
    with pytest.raises(NotFound):
        town.do(number, "claim")
    town.do(number, "send_down")
    town.do(number, "claim")
    with pytest.raises(NotFound):
        town.do(number, "claim", by="neighbour")


@pytest.mark.one_engine
def test_a_source_that_asks_for_no_confirmation_is_assigned_and_never_sent_down(town: Town) -> None:
    number = town.registered("H12345")
    assert town.refused(number, "send_down").code == Why.wrong_source
    assert town.do(number, "assign").state is S.assigned
    rail = town.registered("RAIL")
    refusal = town.refused(rail, "assign")
    assert (refusal.code, refusal.sentence) == (Why.confirm_first, "本来源的案件须先下派、确认归属，不能直接交办。")


def test_where_one_side_claims_and_the_other_disclaims_the_case_is_confirmed_and_its_time_begins(town: Town) -> None:
    number = sent_down(town)
    town.do(number, "claim")
    town.do(number, "disclaim")
    town.days_pass(1)
    town.do(number, "confirm", supporting_units="", reason="")
    case = town.row(number)
    assert (case.state, case.assigned_on, case.confirmed_on, case.confirm_due_on) == (
        S.assigned, date(2026, 3, 3), date(2026, 3, 3), None)
    assert case.due_on == date(2026, 3, 10)  # seven calendar days from the confirmation
    assert parts(town, number) == {town.units["XH-CYZ"]: ("lead", None), town.units["TL-NC"]: ("informed", None)}
    assert town.last(number)["disclaiming_unit_ids"] == [town.units["TL-NC"]]


def test_a_confirmed_case_is_neither_returned_nor_recalled_and_may_be_disputed(town: Town) -> None:
    number = town.case_in(S.assigned, "RAIL")
    assert town.refused(number, "request_return").code == Why.confirmed
    assert town.refused(number, "recall").code == Why.confirmed
    town.do(number, "dispute")
    town.do(number, "designate")
    assert town.refused(number, "request_return").code == Why.designated
    assert town.refused(number, "dispute").code == Why.designated


def test_who_has_not_claimed_the_case_leads_it_only_for_a_reason_and_who_was_silent_is_named(town: Town) -> None:
    number = sent_down(town)
    town.do(number, "claim")
    town.do(number, "recheck")
    refusal = town.refused(number, "confirm", lead_unit="TL-NC", reason="")
    assert isinstance(refusal, Incomplete) and refusal.field == "reason"
    town.do(number, "confirm", lead_unit="TL-NC", supporting_units="XH-CYZ", reason="围栏以内")
    assert town.last(number)["unanswered_unit_ids"] == [town.units["TL-NC"]]


def test_what_was_seen_from_a_train_is_confirmed_only_after_a_recheck(town: Town) -> None:
    number = sent_down(town, channel="train")
    town.do(number, "claim")
    town.do(number, "disclaim")
    refusal = town.refused(number, "confirm")
    assert isinstance(refusal, Incomplete) and refusal.sentence == "乘火车发现的问题须先现场复核。"
    town.do(number, "recheck")
    assert town.do(number, "confirm").state is S.assigned


@pytest.mark.one_engine
def test_what_was_seen_on_the_spot_waits_for_every_answer_for_a_recheck_or_for_the_end_of_the_limit(town: Town) -> None:
    number = sent_down(town)
    assert town.refused(number, "confirm").code == Why.recheck_first
    town.days_pass(4)
    assert town.do(number, "confirm").state is S.assigned


def test_nothing_found_needs_a_recheck_and_ends_the_case(town: Town) -> None:
    number = sent_down(town)
    assert isinstance(town.refused(number, "find_nothing"), Incomplete)
    town.do(number, "recheck")
    assert town.do(number, "find_nothing").state is S.declined


@pytest.mark.one_engine
def test_a_recheck_puts_the_place_right_and_the_facts_keep_both(town: Town) -> None:
    number = sent_down(town, lat=28.6700, lng=115.9200, datum="wgs84")
    town.do(number, "recheck")
    case, said = town.row(number), town.last(number)
    assert (case.lat, case.lng, case.accuracy_metres) == (28.6609, 115.92005, 3)
    assert said["from"] == {"lat": 28.67, "lng": 115.92}
    assert (said["apart_metres"], said["is_doubtful"]) == (1012, True)
    assert case.place_beside["fence"] == "outside" and case.place_beside["rechecked_at"] == datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.mark.one_engine
@pytest.mark.parametrize(("given", "field"), [
    ({"onsite_at": "2026-03-02 10:30"}, "onsite_at"), ({"onsite_at": "2026-03-01 10:30"}, "onsite_at"),
    ({"onsite_place": "铁路边上"}, "onsite_place"), ({"onsite_place": "0, 0"}, "onsite_place"),
    ({"onsite_place": "115.92, 28.66"}, "onsite_place"), ({"onsite_place": "", "mileage": ""}, "onsite_place"),
    ({"onsite_place": "", "mileage": "1449里"}, "mileage"), ({"fence_seen": "里面"}, "fence_seen"), ({"uploads": []}, "files"),
])
def test_a_recheck_that_cannot_be_is_refused_and_names_its_field(town: Town, given: dict[str, object], field: str) -> None:
    assert town.refused(sent_down(town), "recheck", **given).field == field


@pytest.mark.one_engine
def test_without_a_map_a_mileage_is_kept_as_it_is_written_properly(town: Town) -> None:
    number = sent_down(town)
    town.do(number, "recheck", onsite_place="", line="京九线", mileage="k1449 + 300", side="left")
    assert {name: town.row(number).place_beside[name] for name in ("line", "mileage", "side")} == {
        "line": "京九线", "mileage": "K1449+300", "side": "left"}


@pytest.mark.one_engine
def test_a_unit_that_disclaims_says_on_what_ground_and_may_think_again(town: Town) -> None:
    number = sent_down(town)
    assert isinstance(town.refused(number, "disclaim", reason=""), Incomplete)
    assert isinstance(town.refused(number, "disclaim", reason_code="because"), Invalid)
    town.do(number, "disclaim")
    town.do(number, "claim", by="railman")
    assert parts(town, number)[town.units["TL-NC"]] == ("candidate", "claim")


def test_a_candidate_takes_it_to_a_dispute_and_both_still_see_it(town: Town) -> None:
    number = sent_down(town)
    town.do(number, "dispute")
    case = town.row(number)
    assert (case.state, case.lead_unit_id, case.confirm_due_on) == (S.disputed, None, None)
    assert town.do(number, "designate", lead_unit="TL-NC", supporting_units="XH-CYZ").state is S.assigned
    assert {part for part, _ in parts(town, number).values()} == {"lead", "supporting"}


def test_the_clock_disputes_what_every_unit_disclaims_and_nothing_else(town: Town) -> None:
    number = sent_down(town)
    town.do(number, "disclaim")
    with pytest.raises(NotAllowed):
        town.take(number, "dispute", by="clock", reason=DISCLAIMED_BY_ALL)
    town.do(number, "disclaim", by="officer")
    town.take(number, "dispute", by="clock", reason=DISCLAIMED_BY_ALL)
    assert town.row(number).state is S.disputed


@pytest.mark.one_engine
@pytest.mark.parametrize(("step", "state"), [("transfer", S.transferred), ("merge", S.merged), ("void", S.voided)])
def test_a_case_that_is_being_checked_may_end_otherwise(town: Town, step: str, state: CaseState) -> None:
    number = sent_down(town)
    assert town.do(number, step).state is state
    with pytest.raises(WrongState):
        town.do(number, "claim")


@pytest.mark.one_engine
def test_a_case_that_is_taken_out_of_its_master_before_it_was_confirmed_is_sent_down_again(town: Town) -> None:
    number = sent_down(town)
    town.walk(number, "merge", "unmerge")
    assert (town.row(number).state, parts(town, number), town.row(number).confirm_due_on) == (S.registered, {}, None)
    assert town.refused(number, "assign").code == Why.confirm_first
    town.walk(number, *CONFIRMED, "merge", "unmerge")
    assert town.do(number, "assign").state is S.assigned


@pytest.mark.one_engine
def test_of_two_who_confirm_at_once_one_is_told_to_look_again(town: Town) -> None:
    number = sent_down(town)
    town.do(number, "recheck")
    seen = town.row(number).seq
    given = town.filled(number, "confirm", {})
    town.take(number, "confirm", seq=seen, **given)
    with pytest.raises(Conflict):
        town.take(number, "confirm", by="dispatcher2", seq=seen, **given)


def silence_counts(town: Town) -> None:
    book.set_value(town.actor("admin"), "silence_is_claim", SILENCE_COUNTS, town.clock.today(), "按文件执行")


def presumed(town: Town) -> str:
    return str(presume_claims(town.clock.today()))


def test_who_says_nothing_in_time_is_taken_to_have_claimed_it_once_where_a_paper_says_so(town: Town) -> None:
    number = sent_down(town)
    town.do(number, "disclaim", by="officer")
    silence_counts(town)
    town.days_pass(3)  # Thursday is the last day for an answer
    presumed(town)  # the day itself is theirs
    assert parts(town, number)[town.units["TL-NC"]] == ("candidate", None)
    town.days_pass(1)
    presumed(town)
    presumed(town)
    said = [fact.payload for fact in town.facts(number) if fact.kind == "case:claim_presumed"]
    assert [(each["unit_ids"], each["document_no"]) for each in said] == [([town.units["TL-NC"]], "洪府办发〔2026〕8号")]
    assert parts(town, number)[town.units["TL-NC"]] == ("candidate", "claim")
    assert town.do(number, "confirm", lead_unit="TL-NC", supporting_units="", reason="").state is S.assigned


def test_without_the_paper_silence_makes_nobody_responsible(town: Town) -> None:
    number = sent_down(town)
    town.days_pass(7)
    assert "没有启用" in presumed(town)
    assert isinstance(town.refused(number, "presume"), Invalid)
    assert {answer for _, answer in parts(town, number).values()} == {None}
    with pytest.raises(Invalid, match="文号"):
        book.set_value(town.actor("admin"), "silence_is_claim", '{"is_on": true}', town.clock.today(), "按文件执行")


def test_nobody_but_the_clock_presumes_a_claim_and_not_before_the_day_is_over(town: Town) -> None:
    number = sent_down(town)
    silence_counts(town)
    for login in ("clock", "dispatcher", "officer", "lead"):
        with pytest.raises(NotAllowed):
            town.take(number, "presume", by=login)
