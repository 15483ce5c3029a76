"""Who rectified, who verified and who closed differ, through every substitute too."""

import pytest

from tests.support.makers import Town
from tests.support.substitutes import delegate, standing, step
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Refusal

pytestmark = pytest.mark.one_engine

S = CaseState


def refused(town: Town, actor: Actor, number: str, name: str) -> str:
    before = town.snapshot(number)
    with pytest.raises(Refusal) as refusal:
        step(town, actor, number, name)
    assert town.snapshot(number) == before
    return refusal.value.code


def test_who_submitted_in_person_neither_verifies_nor_closes_for_somebody_else(town: Town) -> None:
    number = town.case_in(S.submitted)  # by officer
    delegate(town, "verifier", "officer")
    delegate(town, "lead", "officer")
    assert refused(town, standing(town, "officer", "verifier"), number, "verify") == "same_person"
    town.walk(number, "verify")
    assert refused(town, standing(town, "officer", "lead"), number, "close") == "same_person"


def test_who_was_stood_in_for_is_bound_as_if_present(town: Town) -> None:
    number = town.case_in(S.rectifying)
    delegate(town, "many_hats", "supporter")
    step(town, standing(town, "supporter", "many_hats"), number, "submit")
    town.walk(number, "verify")
    assert refused(town, town.actor("many_hats"), number, "close") == "same_person"
    delegate(town, "many_hats", "inspector")
    assert refused(town, standing(town, "inspector", "many_hats"), number, "close") == "same_person"
    delegate(town, "lead", "supporter")
    assert refused(town, standing(town, "supporter", "lead"), number, "close") == "same_person"
    town.walk(number, "close")


def test_a_verifiers_substitute_is_of_no_rectifying_unit(town: Town) -> None:
    number = town.case_in(S.submitted)
    for substitute in ("officer2", "supporter", "below_officer"):
        delegate(town, "verifier", substitute)
        assert refused(town, standing(town, substitute, "verifier"), number, "verify") == "same_unit"
    delegate(town, "street_verifier", "inspector")
    assert refused(town, standing(town, "inspector", "street_verifier"), number, "verify") == "same_unit"


def test_a_request_is_decided_by_others_than_who_asked_and_for_whom(town: Town) -> None:
    number = town.case_in(S.rectifying)
    delegate(town, "officer", "dispatcher2")
    step(town, standing(town, "dispatcher2", "officer"), number, "request_extension")
    assert town.row(number).pending_for_id == town.people["officer"]
    assert refused(town, town.actor("dispatcher2"), number, "grant_extension") == "own_request"
    delegate(town, "dispatcher", "officer")
    assert refused(town, standing(town, "officer", "dispatcher"), number, "grant_extension") == "own_request"
    town.do(number, "grant_extension", by="dispatcher")
    assert town.row(number).pending_for_id is None


def test_who_submitted_or_for_whom_withdraws_and_nobody_else(town: Town) -> None:
    number = town.case_in(S.rectifying)
    delegate(town, "officer", "clerk")
    step(town, standing(town, "clerk", "officer"), number, "submit")
    assert refused(town, town.actor("officer2"), number, "withdraw") == "not_submitter"
    step(town, town.actor("officer"), number, "withdraw")
    step(town, town.actor("officer"), number, "submit")
    step(town, standing(town, "clerk", "officer"), number, "withdraw")


def test_the_unit_of_whoever_reported_the_work_does_not_verify_it(town: Town) -> None:
    number = town.case_in(S.rectifying)
    delegate(town, "officer", "clerk")  # of the verifiers' own unit
    step(town, standing(town, "clerk", "officer"), number, "submit")
    assert refused(town, town.actor("verifier"), number, "verify") == "same_unit"
