"""The facts of verifications of cases that ever had works, case by case in their order."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.house.say import read_json
from tracker.storage.cases.cases import Case
from tracker.storage.house.ledger import FactRow

_F, _C = FactRow.__table__.c, Case.__table__.c
SETTING = tuple(step.fact for step in CASE_FLOW.steps.values() if step.knows_works)
TELLING = tuple(step.fact for step in CASE_FLOW.steps.values() if step.asks_works)


class WorksFact(NamedTuple):
    """One of these facts."""

    case: str
    kind: str
    at: datetime
    body: dict[str, Any]


def works_facts(session: Session, until: datetime, area_code: str = "") -> Iterator[WorksFact]:
    """Every fact that sets works or judges them, written before an instant, of cases in an area; of imports that were withdrawn
    none."""
    with_works = select(_F.stream).where(_F.kind.in_(SETTING))
    withdrawn = select("case:" + _C.number).where(_C.withdrawn_at.is_not(None))
    query = (select(_F.stream, _F.kind, _F.at, _F.body)
             .where(_F.kind.in_(TELLING), _F.at < until, _F.stream.in_(with_works), _F.stream.not_in(withdrawn))
             .order_by(_F.stream, _F.seq))
    if area_code:
        query = query.where(_F.stream.in_(select("case:" + _C.number).where(_C.jurisdiction.startswith(area_code))))
    for stream, kind, at, body in session.execute(query).yield_per(2000):
        yield WorksFact(stream.partition(":")[2], kind, at, read_json(body))
