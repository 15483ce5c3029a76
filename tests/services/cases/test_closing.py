"""After the submission: verify, reject, the public notice, close, refuse, reopen; three persons, whatever the door."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.support.makers import Town, photo
from tracker.domain.cases.facts import CaseState, Why
from tracker.domain.evidence.evidence import EvidenceRole, Exhibit, evidence_set_digest
from tracker.domain.house.errors import Invalid, NotAllowed
from tracker.services.cases.declarations.jobs import end_notices
from tracker.services.house.work import wiring
from tracker.services.upkeep import integrity
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.house.base import db

pytestmark = pytest.mark.one_engine
S = CaseState


def office(month: int, day: int, hour: int = 9, year: int = 2026) -> datetime:
    """An instant by the office's wall clock."""
    return datetime(year, month, day, hour, tzinfo=UTC) - timedelta(hours=8)


# --- verification -----------------------------------------------------------------------------------------------------------


def test_verifying_records_who_when_and_what_was_found(town: Town) -> None:
    number = town.case_in(S.submitted)
    submitted_at = town.row(number).submitted_at
    town.clock.advance(hours=5)
    town.do(number, "verify")
    case = town.row(number)
    assert (case.verified_by_id, case.verified_unit_id) == (town.people["verifier"], town.units["XH-HB"])
    assert case.submitted_at == submitted_at
    assert town.last(number)["conclusion"] == "整改到位"


@pytest.mark.parametrize("step", ["verify", "reject"])
@pytest.mark.parametrize(("login", "why"), [
    ("street_verifier", Why.same_unit), ("below_verifier", Why.same_unit), ("supporting_verifier", Why.same_unit),
    ("officer", Why.no_permission), ("lead", Why.no_permission), ("admin", Why.no_permission),
])  # fmt: skip
def test_no_verifier_is_of_a_unit_that_rectified(town: Town, step: str, login: str, why: Why) -> None:
    refusal = town.refused(town.case_in(S.submitted), step, by=login)
    assert isinstance(refusal, NotAllowed) and refusal.code == why


def test_who_submitted_does_not_verify_with_another_hat(town: Town) -> None:
    number = town.case_in(S.rectifying)
    town.do(number, "submit", by="many_hats")
    assert town.refused(number, "verify", by="many_hats").code == Why.same_person


def test_a_visit_in_the_future_did_not_take_place(town: Town) -> None:
    refusal = town.refused(town.case_in(S.submitted), "verify", onsite_at="2026-03-02 09:01")
    assert isinstance(refusal, Invalid) and refusal.sentence == "现场核查时间 2026年3月2日 09:01 晚于现在。"


def test_a_patrol_issue_is_verified_with_an_own_photo(town: Town) -> None:
    number = town.case_in(S.submitted, "PATROL")
    refusal = town.refused(number, "verify", uploads=[])
    assert refusal.sentence == "证据不齐，还缺：本轮核查现场照片。"
    assert "不能上传整改后照片" in town.refused(number, "verify", uploads=[photo(role=EvidenceRole.after)]).sentence
    assert town.do(number, "verify").state is S.verified


def test_a_petition_is_verified_without_a_photo(town: Town) -> None:
    assert town.do(town.case_in(S.submitted), "verify", uploads=[]).state is S.verified


def test_rejected_work_goes_back_with_the_time_that_was_left(town: Town) -> None:
    number = town.case_in(S.rectifying, "D3JX")  # due 12 March
    town.clock.move_to(office(3, 8))
    town.do(number, "submit")
    town.clock.move_to(office(3, 18))
    town.do(number, "reject")
    case = town.row(number)
    assert (case.state, case.round, case.due_on) == (S.rectifying, 2, date(2026, 3, 22))
    assert (case.submitted_by_id, case.verified_by_id, case.has_no_work_basis) == (None, None, False)
    assert town.last(number)["from_due_on"] == "2026-03-12"


def test_rejected_work_that_was_submitted_on_its_last_day_gets_one_more(town: Town) -> None:
    number = town.case_in(S.rectifying, "D3JX")
    town.clock.move_to(office(3, 12, 23))
    town.do(number, "submit")
    town.clock.move_to(office(3, 20))
    town.do(number, "reject")
    assert town.row(number).due_on == date(2026, 3, 21)


def test_a_verifier_may_set_a_new_date_but_not_in_the_past(town: Town) -> None:
    number = town.case_in(S.submitted)
    assert town.refused(number, "reject", new_due_on="2026-03-01").sentence == "新的时限 2026年3月1日 早于今天 2026年3月2日。"
    town.do(number, "reject", new_due_on="2026-03-30")
    assert (town.row(number).due_on, town.row(number).is_due_provisional) == (date(2026, 3, 30), False)


def test_a_second_round_needs_a_photo_of_its_own(town: Town) -> None:
    number = town.case_in(S.submitted)
    town.do(number, "reject")
    assert town.refused(number, "submit", uploads=[]).code == "evidence_missing"
    assert town.walk(number, "submit", "verify", "close").state is S.closed


# --- the public notice ------------------------------------------------------------------------------------------------------


def test_a_notice_counts_both_its_ends_in_working_days(town: Town) -> None:
    town.clock.move_to(office(4, 28))
    number = town.case_in(S.verified, "D2JX")
    town.do(number, "open_notice")  # 28, 29, 30 April, 6, 7, 8, 9 (make-up), 11, 12, 13 May
    assert (town.row(number).notice_from_on, town.row(number).notice_to_on) == (date(2026, 4, 28), date(2026, 5, 13))


def test_a_notice_ends_after_its_last_day_and_by_the_clock_alone(town: Town) -> None:
    number = town.case_in(S.noticing, "D2JX")
    last = town.row(number).notice_to_on
    assert last == date(2026, 3, 13)
    town.clock.move_to(office(3, 13, 23) + timedelta(minutes=59))
    assert town.refused(number, "end_notice", by="clock").code == Why.notice_running
    town.clock.advance(minutes=1)
    assert town.refused(number, "end_notice", by="dispatcher").code == Why.no_permission
    assert town.do(number, "end_notice", by="clock").state is S.noticed


def test_a_notice_into_an_unpublished_year_is_refused_not_guessed(town: Town) -> None:
    town.clock.move_to(office(12, 18))
    number = town.case_in(S.verified, "D2JX")
    assert town.do(number, "comment").state is S.verified
    assert town.refused(number, "open_notice", notice_from_on="2026-12-25").sentence == (
        "2027年的工作日历尚未公布，不能确定公示截止日，请先录入该年度放假安排。")
    town.do(number, "open_notice", notice_workdays=10)
    assert town.row(number).notice_to_on == date(2026, 12, 31)


@pytest.mark.parametrize("days", ["0", "-3", "61", "99999999999"])
def test_a_notice_has_a_sensible_length(town: Town, days: str) -> None:
    refusal = town.refused(town.case_in(S.verified, "D2JX"), "open_notice", notice_workdays=days)
    assert isinstance(refusal, Invalid) and refusal.field == "notice_workdays"


def test_a_notice_does_not_begin_yesterday(town: Town) -> None:
    refusal = town.refused(town.case_in(S.verified, "D2JX"), "open_notice", notice_from_on="2026-03-01")
    assert refusal.sentence == "公示起始日 2026年3月1日 早于今天。"


def test_an_objection_that_does_not_hold_changes_nothing_but_the_record(town: Town) -> None:
    number = town.case_in(S.noticing, "D2JX")
    until = town.row(number).notice_to_on
    town.walk(number, "dismiss_objection")
    assert (town.row(number).state, town.row(number).notice_to_on) == (S.noticing, until)


def test_an_objection_that_holds_sends_the_case_back_into_a_new_round(town: Town) -> None:
    number = town.case_in(S.noticing, "D2JX")
    town.walk(number, "sustain_objection")
    case = town.row(number)
    assert (case.state, case.round, case.notice_to_on, case.submitted_by_id) == (S.rectifying, 2, None, None)
    assert case.due_on == date(2026, 3, 12)


def test_objections_are_numbered_within_their_case_and_each_is_decided_once_by_its_number(town: Town) -> None:
    number = town.case_in(S.noticing, "D2JX")
    for _ in range(2):
        town.do(number, "receive_objection")
    assert town.last(number)["objection_no"] == 2
    assert town.refused(number, "dismiss_objection", objection_no=3).sentence == "没有编号为 3 的待处理异议；待处理的编号：1、2。"
    town.do(number, "dismiss_objection", objection_no=2)
    refusal = town.refused(number, "sustain_objection", objection_no=2)
    assert isinstance(refusal, Invalid) and refusal.field == "objection_no"
    town.do(number, "dismiss_objection", objection_no=1)
    assert town.row(number).undecided_objections == 0
    assert town.refused(number, "dismiss_objection", objection_no=1).code == Why.no_objection
    assert integrity.verify().first is None


def test_a_notice_does_not_end_while_an_objection_waits_to_be_decided(town: Town) -> None:
    number = town.case_in(S.noticing, "D2JX")
    town.do(number, "receive_objection")
    last = town.row(number).notice_to_on
    assert last is not None
    town.clock.move_to(town.clock.end_of(last) + timedelta(hours=1))
    assert town.refused(number, "end_notice").code == Why.objection_undecided
    assert end_notices(town.clock.today()) == "公示期满 0 件"
    town.do(number, "dismiss_objection")
    assert end_notices(town.clock.today()) == "公示期满 1 件"
    assert town.row(number).state is S.noticed


def test_a_fact_of_an_objection_says_when_it_came_and_what_kind_of_objector_it_was_never_who(town: Town) -> None:
    number = town.case_in(S.noticing, "D2JX")
    town.do(number, "receive_objection", objection="住户13970012345称仍有异味")
    said = town.last(number)
    assert (said["objector"], said["is_in_window"], said["received_on"]) == ("resident", True, str(town.clock.today()))
    assert "13970012345" not in said["objection"]
    tomorrow = str(town.clock.today() + timedelta(days=1))
    assert town.refused(number, "receive_objection", received_on=tomorrow).code != ""


# --- closing ----------------------------------------------------------------------------------------------------------------


def test_closing_hashes_the_exact_evidence_and_numbers_the_filing(town: Town) -> None:
    number, second = town.case_in(S.verified, "PATROL"), town.case_in(S.verified)
    town.do(number, "close")
    case = town.row(number)
    rows = db.session.query(EvidenceRow).filter_by(subject=f"case:{number}").all()
    exhibits = [Exhibit(r.id, r.role, r.digest, r.round, is_photo=True) for r in rows]
    assert len(rows) == 3
    assert case.evidence_digest == evidence_set_digest(exhibits)
    assert sorted(town.last(number)["evidence"]) == sorted(r.digest for r in rows)
    assert (case.filing_no, case.closed_by_id, case.first_closed_at) == ("西环销〔2026〕1号", town.people["lead"], case.closed_at)
    town.do(second, "close", filing_no="西环销〔2026〕特1号")
    assert town.row(second).filing_no == "西环销〔2026〕特1号"


@pytest.mark.parametrize("step", ["close", "refuse_close"])
def test_the_third_person_is_a_third_person(town: Town, step: str) -> None:
    number = town.case_in(S.rectifying)
    town.do(number, "submit", by="many_hats")
    town.do(number, "verify")
    assert town.refused(number, step, by="many_hats").code == Why.same_person
    assert town.refused(number, step, by="verifier").code == Why.no_permission
    assert town.do(number, step, by="lead2").seq


def test_the_sponsor_closes_and_so_does_any_lead_of_the_area(town: Town) -> None:
    for login in ("lead", "lead2"):
        number = town.case_in(S.verified)
        town.do(number, "set_sponsor", sponsor="lead")
        assert town.do(number, "close", by=login).state is S.closed


def test_a_source_that_needs_a_notice_is_not_closed_without(town: Town) -> None:
    number = town.case_in(S.verified, "D2JX")
    refusal = town.refused(number, "close")
    assert (refusal.code, refusal.sentence) == ("notice_required", "本类案件须先公示期满才能销号。")
    assert town.walk(number, "open_notice", "end_notice", "close").state is S.closed


def test_one_photo_gone_and_the_closing_is_impossible_and_names_it(town: Town) -> None:
    number = town.case_in(S.verified, "PATROL")
    for role, missing in (("onsite", "本轮核查现场照片"), ("after", "与整改前照片配对的本轮整改后照片（或无需整改的依据）")):
        row = db.session.query(EvidenceRow).filter_by(subject=f"case:{number}", role=role).one()
        kept = row.round
        row.round = 9
        db.session.commit()
        refusal = town.refused(number, "close")
        assert refusal.code == Why.evidence_missing
        assert refusal.sentence == f"证据不齐，不能销号，还缺：{missing}。"
        db.session.get_one(EvidenceRow, row.id).round = kept
        db.session.commit()
    assert town.do(number, "close").state is S.closed


def test_a_file_that_changed_on_the_disk_stops_the_closing(town: Town) -> None:
    number = town.case_in(S.verified, "PATROL")
    digest = db.session.query(EvidenceRow.digest).filter_by(subject=f"case:{number}", role="after").scalar()
    folder = wiring().blobs._folder
    assert folder is not None
    (file,) = folder.rglob(f"*{digest[8:]}*")
    original = file.read_bytes()
    file.chmod(0o644)
    file.write_bytes(original[:-1] + b"?")
    assert town.refused(number, "close").code == "broken"
    file.write_bytes(original)
    assert town.do(number, "close").state is S.closed


def test_a_refused_closing_is_a_new_round_by_the_rule_s_clock(town: Town) -> None:
    number = town.case_in(S.verified, "D3JX")
    town.days_pass(5)
    town.do(number, "refuse_close")
    case = town.row(number)
    assert (case.state, case.round, case.due_on) == (S.rectifying, 2, date(2026, 3, 17))
    assert (case.submitted_by_id, case.verified_by_id, case.verified_unit_id) == (None, None, None)


def test_closing_ends_the_supervision(town: Town) -> None:
    number = town.case_in(S.rectifying)
    town.do(number, "open_supervision")
    town.walk(number, "submit", "verify", "close")
    assert town.row(number).supervision_level is None
