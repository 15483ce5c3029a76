"""Rectification: extensions, pauses, phases, submission with its gate, withdrawal. Dates by hand from the calendar of 2026."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.support.makers import Town, paper, photo
from tracker.domain.cases.facts import CaseState, Request, Why
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.errors import Incomplete, Invalid, NotAllowed
from tracker.services.house.work import reading
from tracker.services.rules import values
from tracker.storage.cases.register import register
from tracker.storage.cases.register.register import Filters

pytestmark = pytest.mark.one_engine
S = CaseState


def office(month: int, day: int, hour: int = 9, year: int = 2026) -> datetime:
    """An instant by the office's wall clock."""
    return datetime(year, month, day, hour, tzinfo=UTC) - timedelta(hours=8)


# --- extensions -------------------------------------------------------------------------------------------------------------


def test_an_extension_keeps_both_dates_and_is_counted(town: Town) -> None:
    number = town.case_in(S.rectifying)  # due 9 March
    town.do(number, "request_extension", new_due_on="2026-03-20")
    case = town.row(number)
    assert (case.pending, case.pending_on, case.due_on) == (Request.extension, date(2026, 3, 20), date(2026, 3, 9))
    town.do(number, "grant_extension")
    case = town.row(number)
    assert (case.due_on, case.original_due_on, case.extension_count, case.pending) == (date(2026, 3, 20), date(2026, 3, 9), 1,
                                                                                       None)
    assert case.list_due_on == case.due_on
    assert (town.last(number)["from_due_on"], town.last(number)["to_due_on"]) == ("2026-03-09", "2026-03-20")


def test_another_date_than_asked_may_be_granted(town: Town) -> None:
    number = town.case_in(S.rectifying)
    town.do(number, "request_extension", new_due_on="2026-03-20")
    town.do(number, "grant_extension", new_due_on="2026-03-13")
    assert town.row(number).due_on == date(2026, 3, 13)


def test_a_refused_extension_leaves_the_date(town: Town) -> None:
    number = town.case_in(S.rectifying)
    town.walk(number, "refuse_extension")
    case = town.row(number)
    assert (case.due_on, case.extension_count, case.pending, case.pending_on) == (date(2026, 3, 9), 0, None, None)


@pytest.mark.parametrize(("asked", "sentence"), [
    ("2026-03-09", "延期后的日期须晚于现时限 2026年3月9日。"), ("2026-03-01", "延期后的日期须晚于现时限 2026年3月9日。"),
    ("2026-04-09", "一次延期最多 30 日，最晚到 2026年4月8日。"),
])  # fmt: skip
def test_an_extension_goes_forward_and_no_further_than_its_cap(town: Town, asked: str, sentence: str) -> None:
    number = town.case_in(S.rectifying)
    refusal = town.refused(number, "request_extension", new_due_on=asked)
    assert isinstance(refusal, Invalid) and (refusal.sentence, refusal.field) == (sentence, "new_due_on")
    town.do(number, "request_extension", new_due_on="2026-04-08")
    assert town.refused(number, "grant_extension", new_due_on=asked).sentence == sentence


def test_an_extension_is_asked_until_the_end_of_the_last_day_and_not_after(town: Town) -> None:
    first, second = town.case_in(S.rectifying), town.case_in(S.rectifying)
    town.clock.move_to(office(3, 9, 23))
    town.do(first, "request_extension")
    town.clock.advance(hours=1)
    assert town.refused(second, "request_extension").code == Why.past_due


def test_a_case_is_extended_twice_and_no_more(town: Town) -> None:
    number = town.case_in(S.rectifying)
    town.walk(number, "grant_extension", "grant_extension")
    assert town.row(number).due_on == date(2026, 3, 23)
    assert town.refused(number, "request_extension").code == Why.too_many_extensions


def test_a_request_waits_for_another_person(town: Town) -> None:
    number = town.case_in(S.rectifying)
    town.do(number, "request_extension", by="many_hats")
    assert town.refused(number, "request_phase").code == Why.request_pending
    assert town.refused(number, "grant_extension", by="many_hats").code == Why.own_request
    assert town.refused(number, "refuse_extension", by="many_hats").code == Why.own_request
    assert town.refused(number, "grant_phase").code == Why.no_request


# --- pauses -----------------------------------------------------------------------------------------------------------------


def test_a_pause_moves_a_date_of_calendar_days_by_as_many_days(town: Town) -> None:
    number = town.case_in(S.rectifying, "D3JX")  # 10 days: due 12 March
    town.do(number, "suspend")
    assert town.row(number).paused_from_on == date(2026, 3, 2)
    town.days_pass(40)
    town.do(number, "resume")
    case = town.row(number)
    assert (case.state, case.due_on, case.paused_from_on) == (S.rectifying, date(2026, 4, 21), None)
    assert case.original_due_on == date(2026, 3, 12)
    said = town.last(number)
    assert (said["paused_from_on"], said["resumed_on"], said["from_due_on"]) == ("2026-03-02", "2026-04-11", "2026-03-12")


def test_a_pause_across_a_holiday_moves_a_date_of_working_days_by_the_working_days_lost(town: Town) -> None:
    town.clock.move_to(office(4, 28))  # Tuesday; 1 to 5 May are off, Saturday 9 May is worked
    number = town.case_in(S.rectifying, "H12345")  # 5 working days: 29, 30, 6, 7, 8 May
    assert town.row(number).due_on == date(2026, 5, 8)
    town.clock.move_to(office(4, 30))
    town.do(number, "suspend")
    town.clock.move_to(office(5, 7))
    town.do(number, "resume")  # lost: 30 April and 6 May
    assert town.row(number).due_on == date(2026, 5, 11), "Saturday 9 May counts, Sunday does not"


def test_a_pause_within_one_day_costs_nothing(town: Town) -> None:
    number = town.case_in(S.suspended)
    town.do(number, "resume")
    assert town.row(number).due_on == date(2026, 3, 9)


def test_who_was_overdue_stays_overdue_by_as_much(town: Town) -> None:
    number = town.case_in(S.rectifying, "D3JX")
    town.clock.move_to(office(3, 15))
    town.do(number, "suspend")
    town.days_pass(5)
    town.do(number, "resume")
    assert (town.clock.today() - town.row(number).due_on).days == 3


@pytest.mark.parametrize("ground", ["天气不好", "", "busy"])
def test_a_pause_needs_a_listed_ground(town: Town, ground: str) -> None:
    refusal = town.refused(town.case_in(S.rectifying), "suspend", reason_code=ground)
    assert isinstance(refusal, Invalid | Incomplete) and "缓办情形" in refusal.sentence


def test_a_pause_into_an_unpublished_year_makes_the_date_provisional(town: Town) -> None:
    town.clock.move_to(office(12, 21))
    number = town.case_in(S.rectifying, "H12345")  # due 28 December
    assert not town.row(number).is_due_provisional
    town.do(number, "suspend")
    town.clock.move_to(office(1, 12, year=2027))
    town.do(number, "resume")
    assert town.row(number).is_due_provisional


def test_a_provisional_date_that_was_extended_by_hand_is_no_longer_provisional(town: Town) -> None:
    town.clock.move_to(office(12, 28))
    number = town.case_in(S.rectifying, "H12345")
    assert town.row(number).is_due_provisional
    town.walk(number, "grant_extension")
    assert not town.row(number).is_due_provisional


# --- phases -----------------------------------------------------------------------------------------------------------------


def test_a_phase_is_granted_and_the_clock_takes_the_case_up_again_on_the_next_date(town: Town) -> None:
    number = town.case_in(S.rectifying)
    town.walk(number, "grant_phase")  # next on 1 April
    case = town.row(number)
    assert (case.state, case.phase_next_on, case.pending) == (S.phased, date(2026, 4, 1), None)
    town.clock.move_to(office(3, 31, 23))
    assert town.refused(number, "resume_phase", by="clock").code == Why.out_of_reach
    town.clock.advance(hours=1)
    town.do(number, "resume_phase", by="clock")
    case = town.row(number)
    assert (case.state, case.due_on, case.phase_next_on) == (S.rectifying, date(2026, 4, 1), None)
    assert town.facts(number)[-1].actor_id == 0


def test_a_phased_case_is_not_overdue_before_its_next_date(town: Town) -> None:
    number = town.case_in(S.phased)
    next_on, scope, late = town.row(number).phase_next_on, town.actor("dispatcher").scope(), Filters(is_overdue=True)
    assert (town.row(number).due_on, town.last(number)["from_due_on"]) == (next_on, "2026-03-09")
    town.clock.move_to(town.clock.end_of(next_on - timedelta(days=1)))
    assert register.numbers(reading(), scope, [late], values.light_bounds(town.clock.today())) == [0]
    town.clock.move_to(town.clock.end_of(next_on))
    assert register.numbers(reading(), scope, [late], values.light_bounds(town.clock.today())) == [1]


def test_a_phase_that_ends_before_the_due_date_leaves_it(town: Town) -> None:
    number = town.case_in(S.rectifying, "D3JX")
    due_on = town.row(number).due_on
    town.do(number, "request_phase", next_on="2026-03-04")
    town.do(number, "grant_phase")
    assert (town.row(number).due_on, town.row(number).phase_next_on) == (due_on, date(2026, 3, 4))


def test_the_next_date_lies_ahead(town: Town) -> None:
    refusal = town.refused(town.case_in(S.rectifying), "request_phase", next_on="2026-03-02")
    assert refusal.sentence == "下一节点日期 2026年3月2日 须晚于今天 2026年3月2日。"


def test_a_refused_phase_leaves_the_case_in_work(town: Town) -> None:
    number = town.case_in(S.rectifying)
    town.walk(number, "refuse_phase")
    assert (town.row(number).state, town.row(number).phase_next_on) == (S.rectifying, None)


def test_work_may_be_submitted_out_of_a_phase_which_then_is_over(town: Town) -> None:
    number = town.case_in(S.phased)
    town.do(number, "submit")
    assert (town.row(number).state, town.row(number).phase_next_on) == (S.submitted, None)


# --- submission -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("finding", ["属实", "基本属实", "部分属实", "不属实"])
def test_a_submission_states_its_finding_in_one_of_four_words(town: Town, finding: str) -> None:
    number = town.case_in(S.rectifying)
    town.do(number, "submit", finding=finding)
    case = town.row(number)
    assert case.finding == {"属实": "true", "基本属实": "mostly", "部分属实": "partly", "不属实": "false"}[finding]
    assert (case.submitted_by_id, case.submitted_unit_id) == (town.people["officer"], town.units["XH-CYZ"])


def test_a_petition_needs_an_after_photo_or_the_basis_for_doing_nothing(town: Town) -> None:
    number = town.case_in(S.rectifying, "D3JX")
    refusal = town.refused(number, "submit", uploads=[])
    assert isinstance(refusal, Incomplete)
    assert refusal.sentence == "证据不齐，还缺：本轮整改后照片（或无需整改的依据）。"
    assert town.refused(number, "submit", uploads=[paper()]).code == "evidence_missing"
    town.do(number, "submit", uploads=[], finding="false", no_work_basis="现场未见所述情形")
    assert town.row(number).has_no_work_basis


def test_every_before_photo_has_its_after_photo_or_a_reason(town: Town) -> None:
    number = town.registered("PATROL", uploads=[photo(), photo(), photo()])
    town.walk(number, "assign", "acknowledge")
    refusal = town.refused(number, "submit", uploads=[photo(role=EvidenceRole.after)])
    assert (refusal.code, refusal.field) == ("photos_unmatched", "unmatched")
    assert refusal.sentence == "整改前照片有 3 张，本轮整改后照片只有 1 张：请逐张补拍，或在“未逐张对应的原因”里说明。"
    town.do(number, "submit", uploads=[photo(role=EvidenceRole.after)], unmatched="三张是同一处的不同角度")
    assert town.last(number)["unmatched"] == "三张是同一处的不同角度"


def test_as_many_after_photos_as_before_photos_need_no_reason(town: Town) -> None:
    number = town.registered("PATROL", uploads=[photo(), photo()])
    town.walk(number, "assign", "acknowledge")
    town.do(number, "submit", uploads=[photo(role=EvidenceRole.after), photo(role=EvidenceRole.after)])
    assert town.row(number).state is S.submitted


def test_a_patrol_issue_needs_an_after_photo_that_has_its_before_photo(town: Town) -> None:
    number = town.registered("PATROL", uploads=[], no_photo="dark")
    town.walk(number, "assign", "acknowledge")
    refusal = town.refused(number, "submit")
    assert refusal.sentence == "证据不齐，还缺：与整改前照片配对的本轮整改后照片（或无需整改的依据）。"
    town.do(number, "submit", uploads=[photo(role=EvidenceRole.before), photo(role=EvidenceRole.after)])
    assert town.row(number).state is S.submitted


def test_a_photo_added_before_counts_for_the_gate(town: Town) -> None:
    number = town.case_in(S.rectifying)
    town.do(number, "add_evidence", by="officer2", evidence_role="after")
    town.do(number, "submit", uploads=[])
    assert town.row(number).state is S.submitted


def test_who_rectifies_brings_no_on_site_photo_of_the_verification(town: Town) -> None:
    refusal = town.refused(town.case_in(S.rectifying), "submit", uploads=[photo("核查.jpg", EvidenceRole.onsite)])
    assert refusal.sentence == "这一步不能上传核查现场照片（“核查.jpg”）。"


@pytest.mark.parametrize("login", ["supporter", "verifier", "dispatcher", "lead"])
def test_only_the_lead_unit_submits(town: Town, login: str) -> None:
    refusal = town.refused(town.case_in(S.rectifying), "submit", by=login)
    assert isinstance(refusal, NotAllowed)


def test_a_submission_is_withdrawn_by_who_made_it_until_the_verification_begins(town: Town) -> None:
    number = town.case_in(S.submitted)
    assert town.refused(number, "withdraw", by="officer2").code == Why.not_submitter
    town.do(number, "withdraw")
    case = town.row(number)
    assert (case.state, case.submitted_by_id, case.round) == (S.rectifying, None, 1)
    town.do(number, "submit", by="officer2")
    town.do(number, "add_evidence", by="verifier", evidence_role="onsite")
    assert town.refused(number, "withdraw", by="officer2").code == Why.verification_begun


def test_progress_may_come_from_a_supporting_unit(town: Town) -> None:
    number = town.case_in(S.rectifying)
    assert town.do(number, "progress", by="supporter", uploads=[photo()]).state is S.rectifying
    assert town.last(number)["evidence"][0]["role"] == "progress"
    assert town.refused(number, "progress", by="verifier").code == Why.no_permission
