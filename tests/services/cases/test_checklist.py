"""The checklist of a gate and the gate itself are one predicate."""

import pytest

from tests.support.makers import Town, paper
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.wording import word
from tracker.domain.house.actor import EVERYTHING
from tracker.services.evidence import evidence
from tracker.storage.cases import page
from tracker.storage.house.base import db

pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize("source", ["PATROL", "H12345"])
def test_the_checklist_lacks_exactly_what_the_closing_lacks(town: Town, source: str) -> None:
    for state in CaseState:
        row = town.row(town.case_in(state, source))
        shown = page.case_page(db.session(), EVERYTHING, row.number)
        told = dict(evidence.checklist(shown.head.gates, shown.dossier()))
        assert tuple(line.requirement for line in told["close"] if not line.is_present) == evidence.closing_gaps(row), state


def test_a_refused_submission_names_what_the_checklist_lacks(town: Town) -> None:
    number = town.case_in(CaseState.rectifying, "PATROL")
    shown = page.case_page(db.session(), EVERYTHING, number)
    (line,) = dict(evidence.checklist(shown.head.gates, shown.dossier()))["submit"]
    assert not line.is_present
    assert word(line.requirement) in town.refused(number, "submit", uploads=[paper()]).sentence
