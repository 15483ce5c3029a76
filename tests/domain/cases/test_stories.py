"""A case as the counting rules need it, read from its facts alone."""

from datetime import date

import pytest

from tests.support.stories import at, tale
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.stories import has_ended, story
from tracker.domain.rules.periods import Window

WEEK = Window(at(2), at(9))


def test_the_state_and_the_watched_values_follow_the_facts() -> None:
    case = tale("X1", (1, "registered"), (2, "assign", {"lead_unit_id": 1, "due_on": "2026-03-20", "is_designated": False}), (3, "acknowledge"))
    assert [move.state for move in case.moves] == [CaseState.registered, CaseState.assigned, CaseState.rectifying]
    assert (case.get("lead_unit_id"), case.get("due_on"), case.get("is_designated")) == (1, date(2026, 3, 20), None)
    assert case.moves[0].values.get("due_on") is None, "what came later does not reach back"
    assert case.moves[1].values is case.moves[2].values


def test_moves_are_asked_for_by_their_window() -> None:
    case = tale("X1", (1, "registered"), (2, "assign"), (5, "progress"), (9, "progress"))
    assert [move.seq for move in case.during(WEEK)] == [2, 3]
    assert [move.seq for move in case.of("case:progressed", WEEK)] == [3]
    before = case.before(WEEK.opens)
    assert before is not None and before.seq == 1
    assert case.before(at(1)) is None


def test_a_corrected_date_counts_from_its_correction() -> None:
    case = tale("X1", (3, "registered"), (4, "correct_field", {"received_on": "2026-02-11"}))
    assert (case.received_on, case.registered_on) == (date(2026, 2, 11), date(2026, 3, 3))


def test_a_clock_that_was_set_back_does_not_turn_the_story_around() -> None:
    case = tale("X1", (5, "registered"), (3, "assign"), (6, "acknowledge"))
    assert [move.at for move in case.moves] == [at(5), at(5), at(6)]


def test_a_case_whose_import_was_taken_back_says_so() -> None:
    case = tale("X1", (1, "registered"), (2, "import_withdrawn"))
    assert case.is_withdrawn and case.last.state is CaseState.voided


def test_a_stream_that_does_not_begin_with_its_registration_is_no_story() -> None:
    with pytest.raises(ValueError, match="不是从登记开始的"):
        story("X1", [(1, "case:assigned", 7, at(1), {})], lambda moment: moment.date())


def test_the_end_of_a_case_is_told_by_its_kinds() -> None:
    assert has_ended(["case:registered", "case:declined"])
    assert has_ended(["case:registered", "case:history_imported", "case:closed", "case:called_back"])
    assert not has_ended(["case:registered", "case:closed", "case:reopened"])
    assert not has_ended(["case:registered", "case:merged", "case:unmerged"])
