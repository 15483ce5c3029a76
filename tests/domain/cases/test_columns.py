"""What the law knows of a case is read from its row in one way, and nothing is left out."""

from dataclasses import MISSING, fields
from datetime import UTC, date, datetime
from types import SimpleNamespace

from tracker.domain.cases.belonging.candidates import Belonging, Post, belonging_of, read_posts
from tracker.domain.cases.columns import facts_of_columns, facts_of_hands
from tracker.domain.cases.facts import CaseFacts, CaseState, Request
from tracker.domain.cases.works.items import CheckSheet

TODAY, NOW = date(2026, 3, 2), datetime(2026, 3, 2, 1, tzinfo=UTC)
ROW = SimpleNamespace(
    state=CaseState.noticing, history="own", jurisdiction="360103", lead_unit_id=1, sponsor_id=2, registered_by_id=12,
    submitted_by_id=3,
    submitted_unit_id=4, submitted_for_id=5, submitted_for_unit_id=6, verified_by_id=7, verified_for_id=8,
    pending=Request.phase, pending_by_id=9, pending_for_id=10, supervision_level="listed", verification_begun_at=NOW,
    is_designated=True, due_on=TODAY, return_until_on=TODAY, return_count=1, extension_count=1, phase_next_on=TODAY,
    notice_to_on=TODAY, undecided_objections=1, is_look_back_failed=True, work_reported_at=NOW,
    round=2, finding="true", supervision_due_on=TODAY, matter_since_on=TODAY, channel="drone", confirm_due_on=TODAY,
    confirmed_on=TODAY)
ASKED = {"answers": {"21": "claim", "3": None}, "place": {"fence": "on_line", "rechecked_at": NOW},
         "informed": (31,), "posts": read_posts("7|2026-01-01|2026-03-01,8|2026-03-02|")}


def everything(row: SimpleNamespace = ROW) -> CaseFacts:
    return facts_of_columns(row, TODAY, [11], support_days={"11": {"due_on": TODAY, "answered_on": None}}, is_noticed=True,
                            closing_gaps=["after_photo"], member_count=1, most_returns=3, most_extensions=3,
                            sheet=CheckSheet(("clear",), "urban", None, ()),
                            belonging=belonging_of(row, is_needed=True, **ASKED))


def test_every_fact_comes_out_of_a_row_that_has_something_in_every_column() -> None:
    told = everything()
    assert [field.name for field in fields(CaseFacts) if getattr(told, field.name) == field.default] == []


def test_whose_a_case_may_be_comes_out_of_the_same_row() -> None:
    told = everything().belonging
    assert [field.name for field in fields(Belonging) if getattr(told, field.name) == field.default] == []
    assert told.candidates == ((3, ""), (21, "claim"))
    assert told.posts == (Post(7, date(2026, 1, 1), date(2026, 3, 1)), Post(8, TODAY))


def test_a_case_without_an_objection_ever_has_none_to_decide() -> None:
    assert everything(SimpleNamespace(**{**vars(ROW), "undecided_objections": None})).undecided_objections == 0


def test_a_case_that_arrived_handled_needs_no_notice() -> None:
    assert not everything(SimpleNamespace(**{**vars(ROW), "history": "imported"})).is_notice_required


def test_who_has_a_hand_in_a_case_is_told_without_dates_and_counts() -> None:
    told = facts_of_hands(ROW, TODAY, [11], is_noticed=True)
    known = {field.name for field in fields(CaseFacts) if field.default is MISSING or getattr(told, field.name) != field.default}
    left = {"registered_by_id", "is_verification_begun", "is_designated", "due_on", "return_until_on", "return_count",
            "extension_count",
            "phase_next_on", "notice_to_on", "undecided_objections", "is_look_back_failed", "is_work_reported",
            "has_been_submitted", "is_free_of_matters", "is_answer_owed", "awaited_replies", "closing_gaps", "belonging",
            "member_count", "most_returns", "most_extensions", "sheet"}  # fmt: skip
    assert known | left == {field.name for field in fields(CaseFacts)}
    assert not known & left
