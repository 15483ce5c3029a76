"""What a case has to show is weighed once for each closing, whatever the door."""

import pytest
from flask import Flask
from sqlalchemy import update

from tests.support.makers import Town
from tests.support.visitors import counted_statements
from tracker.domain.cases.facts import CaseState
from tracker.services.cases import steps
from tracker.services.cases.register import bulk
from tracker.services.cases.register.bulk import Ending
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.house.base import db

pytestmark = pytest.mark.one_engine


def readings(sent: list[str]) -> int:
    """How often evidence was read."""
    return sum("FROM evidence" in statement for statement in sent)


def test_a_closing_reads_its_evidence_once(app: Flask, town: Town) -> None:
    number, lead = town.case_in(CaseState.verified, "PATROL"), town.actor("lead")
    with counted_statements(app) as sent:
        assert steps.take(lead, number, "close", {}).state is CaseState.closed
    assert readings(sent) == 1


def test_closings_in_bulk_read_their_evidence_once_each_and_so_does_the_one_that_is_refused(app: Flask, town: Town) -> None:
    first, second, bare = (town.case_in(CaseState.verified, "PATROL") for _ in range(3))
    db.session.execute(update(EvidenceRow).where(EvidenceRow.subject == f"case:{bare}").values(round=9))
    db.session.commit()
    seen = [(number, town.row(number).seq) for number in (first, second, bare)]
    saw = town.shown(first, second, bare)
    with counted_statements(app) as sent:
        results = bulk.take_each(town.actor("lead"), "close", {}, seen, saw)
    assert [result.ending for result in results] == [Ending.done, Ending.done, Ending.refused]
    assert readings(sent) == 3
