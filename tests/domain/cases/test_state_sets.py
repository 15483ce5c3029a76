"""What is said of several states at once: each law once, with its members, and asked by all who need it."""

from tracker.domain.cases import facts
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import ASKED_IN, CASE_FLOW
from tracker.domain.reports.counting import BUCKET_OF, Bucket

S = CaseState


def test_the_clock_runs_until_it_is_paused_or_something_was_handed_in() -> None:
    assert (S.registered, S.checking, S.assigned, S.disputed, S.rectifying, S.phased) == facts.CLOCK_RUNS
    assert set(facts.CLOCK_RUNS) | set(facts.CLOCK_STOPPED) | {S.suspended} == set(facts.ACTIVE)


def test_an_agreed_phase_is_reminded_by_its_own_date() -> None:
    assert set(facts.CLOCK_RUNS) - set(facts.DUE_DATE_REMINDS) == {S.phased}


def test_no_unit_is_late_before_it_was_charged_with_the_case() -> None:
    assert set(facts.CLOCK_RUNS) - set(facts.UNIT_CLOCK_RUNS) == {S.registered, S.checking}


def test_handled_is_what_is_completed_or_closed_in_reports() -> None:
    assert {state for state in S if BUCKET_OF[state] in (Bucket.completed, Bucket.closed)} == set(facts.HANDLED)


def test_what_is_listed_apart_ended_without_having_been_handled() -> None:
    assert {state for state in S if BUCKET_OF[state] is Bucket.apart} == set(facts.FINAL) - set(facts.HANDLED) == set(facts.APART)


def test_the_flow_says_where_a_request_may_wait() -> None:
    asking = [step for step in CASE_FLOW.steps.values() if step.asks]
    assert set(ASKED_IN) == {state for step in asking for state in step.froms} == {S.assigned, S.rectifying}
