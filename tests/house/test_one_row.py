"""A step is one row of the flow, one word and one test: whatever else names steps says again what the row should say."""

import pytest

from tests.support.added_steps import add_step
from tests.support.satellites import MOST, satellites, steps_in
from tests.support.step_places import places_missing
from tracker.domain.cases.facts import CaseState, in_area
from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.cases.step_rows import CaseStep
from tracker.domain.house.actor import Permission
from tracker.domain.house.fields import FieldKind, Given
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.lifecycle import StepName, Who

# Files whose tables may name steps, with the reason. A step that is not named there does what the default says.
NAMED_IN = {
    "tracker/domain/cases/wording.py": "the word of each step",
    "tracker/web/house/drawing/wording.py": "headlines with values, else the word stands; what completes a stage",
    "tracker/web/rules/due_words.py": "how a clock's beginning is told, else the word stands",
    "tracker/domain/cases/search_texts.py": "whose texts are found; a migration holds the same list",
    "tracker/services/mail/audiences.py": "of which steps the people of an audience are expected to take one",
    "tracker/services/cases/declarations/mails.py": "mails with words of their own, else the row names who is told its word",
    "tracker/domain/reports/": "how an edition counts: a report that was frozen must come out the same again",
}


def test_every_step_has_all_that_a_step_takes() -> None:
    lacking = [said for step in CASE_FLOW.steps.values() for said in places_missing(step)]
    assert not lacking, "\n".join(lacking)


def test_no_table_outside_the_flow_says_again_what_rows_say() -> None:
    strange = [each for each in satellites() if not any(each.file.startswith(known) for known in NAMED_IN)]
    said = [f"{each.file}:{each.line} {each.name} names {', '.join(sorted(each.steps))}: make it a field of CaseStep."
            for each in strange]
    assert not said, "\n".join(said)


def test_a_table_that_names_steps_is_found() -> None:
    import ast

    few, many = ast.parse('X = {"assign": 1, "close": 2}'), ast.parse('X = {"assign": 1, "case:closed": (2, "reject")}')
    assert len(steps_in(few)) == MOST
    assert steps_in(many) == {"assign", "close", "reject"}
    assert steps_in(ast.parse("X = {Steps.assign.name: 1, Steps.close.fact: (2, Steps.reject)}")) == {"assign", "close", "reject"}


def test_a_bare_row_is_told_all_that_it_still_lacks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "_".join(("hand", "over"))
    who = (Who(Permission.case_assign, in_area(Permission.case_assign)),)
    row = CaseStep((CaseState.closed,), None, who, FactKind("case:handed_over"), (Given("to", "交给谁", FieldKind.person),),
                   twin="fly", name=StepName(name))
    add_step(monkeypatch, row)
    assert places_missing(row) == [
        f"{name}: give it a word in STEPS of tracker/domain/cases/wording.py.",
        f"{name}: its twin fly is no step.",
        f"{name}: write a deed that finds 交给谁: a fact knows people, units and cases by their ids.",
        f"{name}: say who takes it and with what in DEFAULTS of tests/support/makers.py.",
        f"{name}: write a test that takes it by name.",
    ]
    add_step(monkeypatch, row, "转交")
    assert places_missing(row)[:3] == [
        f"{name}: translate its word 转交 in the English catalogue, with the context step where a state has the same word.",
        f"{name}: translate its headline 转交 in the English catalogue, with the context fact and in small letters.",
        f"{name}: translate 交给谁, which its form says, in the English catalogue.",
    ]
