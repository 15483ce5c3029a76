"""The register that the benchmark measures on is an honest one."""

from collections import Counter
from typing import Any

from sqlalchemy import func, select

from bench.register import fill
from tracker.domain.cases.facts import CaseState
from tracker.services.upkeep import integrity
from tracker.storage.cases.cases import Case
from tracker.storage.house.base import db
from tracker.storage.house.ledger import FactRow
from tracker.storage.house.preferences import Counter as RunningNumber


def test_every_generated_case_is_the_fold_of_a_chain_that_holds(app: Any) -> None:
    with app.app_context():
        fill(400, units=6)
        report = integrity.verify()
        assert report.troubles == []
        assert report.case_count == 400


def test_generated_cases_stand_in_many_states_and_their_numbers_go_on(app: Any) -> None:
    with app.app_context():
        fill(400, units=6)
        states = Counter(db.session.scalars(select(Case.state)))
        assert states[CaseState.closed] > 250
        assert len(states) >= 7
        drawn = db.session.scalar(select(func.sum(RunningNumber.last)).where(RunningNumber.key.like("case:%")))
        assert drawn == 400


def test_facts_lie_in_the_order_in_which_they_came(app: Any) -> None:
    with app.app_context():
        fill(200, units=6)
        facts = list(db.session.scalars(select(FactRow.at).where(FactRow.stream.like("case:%")).order_by(FactRow.id)))
        assert facts == sorted(facts)
        assert 4 < len(facts) / 200 < 9
