"""Since when a case waits to be assigned: its registration, or the latest fact that brought it back there."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, case, func, literal, select
from sqlalchemy.orm import Session

from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import CASE_FLOW, OTHER_FACTS
from tracker.storage.cases.cases import Case
from tracker.storage.house.ledger import FactRow
from tracker.storage.territory.territory import Source

CASES, FACTS = Case.__table__.c, FactRow.__table__.c
TO_ASSIGN = CaseState.registered  # where a case waits to be assigned; out of a dispute it is designated
BRINGING = sorted({step.fact for step in CASE_FLOW.steps.values() if step.to is TO_ASSIGN}
                  | {kind for kind, row in OTHER_FACTS.items() if row.to is TO_ASSIGN})


_CONFIRMED_SOURCES = select(Source.id).where(Source.needs_confirmation.is_(True))
# Whether a case that waits to be assigned may be: nobody need confirm first whose it is, or somebody has.
is_assignable = CASES.source_id.not_in(_CONFIRMED_SOURCES) | CASES.confirmed_on.is_not(None)
asks_confirmation = CASES.source_id.in_(_CONFIRMED_SOURCES)


def _latest_arrival() -> ScalarSelect[Any]:
    # `|| ''` keeps SQLite from walking every registration there ever was instead of the few facts of the case.
    is_arrival = FACTS.kind.concat(literal("")).in_(BRINGING)
    query = select(func.max(FACTS.at)).where(FACTS.stream == literal("case:") + CASES.number, is_arrival)
    return query.correlate(Case.__table__).scalar_subquery()


# A column to read along with cases: the moment since which a case waits to be assigned, NULL where it does not. Of a case that
# waits for something else no fact is looked up.
waits_since = case((CASES.state == TO_ASSIGN, _latest_arrival()), else_=None).label("waits_since")


def waiting_since(session: Session, cases: Iterable[Case]) -> dict[int, datetime]:
    """The same for those of these cases that wait; no statement where none does."""
    waiting = sorted(case.id for case in cases if case.state == TO_ASSIGN)
    query = select(CASES.id, waits_since).where(CASES.id.in_(waiting))
    return {row.id: row.waits_since for row in session.execute(query)} if waiting else {}
