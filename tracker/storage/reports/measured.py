"""What figures are counted from that no other query has, and the titles of the records behind them."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker.domain.acts.sight import ActScope
from tracker.domain.cases.flow import Steps
from tracker.domain.house.say import read_json
from tracker.domain.reports.measures.attribution import READ
from tracker.storage.acts.acts import Act
from tracker.storage.acts.scope import readable
from tracker.storage.cases.cases import Case
from tracker.storage.house.ledger import FactRow

SLICE = 400  # numbers asked for in one statement
_F, _C = FactRow.__table__.c, Case.__table__.c


def attribution_facts(session: Session, until: datetime, area_code: str) -> Iterator[tuple[str, str, datetime, dict[str, Any]]]:
    """What was told before an instant of cases that were ever sent down, case by case in their order; of imports that were
    withdrawn none."""
    asked = select(_F.stream).where(_F.kind == Steps.send_down.fact, _F.at < until)
    of_area = select("case:" + _C.number).where(_C.withdrawn_at.is_(None), _C.jurisdiction.startswith(area_code))
    query = (select(_F.stream, _F.kind, _F.at, _F.body)
             .where(_F.kind.in_(READ), _F.at < until, _F.stream.in_(asked), _F.stream.in_(of_area)).order_by(_F.stream, _F.seq))
    for stream, kind, at, body in session.execute(query).yield_per(2000):
        yield stream, kind, at, read_json(body)


def has_cases(session: Session, until: datetime, area_code: str, source_id: int | None) -> bool:
    """Whether any case was on the register before an instant."""
    query = select(_C.id).where(_C.registered_at < until, _C.jurisdiction.startswith(area_code), _C.withdrawn_at.is_(None))
    query = query if source_id is None else query.where(_C.source_id == source_id)
    return session.scalar(query.limit(1)) is not None


def acts_seen(session: Session, scope: ActScope, numbers: Collection[str]) -> dict[str, str]:
    """The titles of those of these acts that a reader may open, by their numbers."""
    return _titles_among(session, numbers, select(Act.number, Act.title).where(readable(scope)), Act.number)


def titles_of(session: Session, numbers: Collection[str]) -> dict[str, str]:
    """The titles of cases, by their numbers."""
    return _titles_among(session, numbers, select(Case.number, Case.title), Case.number)


def _titles_among(session: Session, numbers: Collection[str], query: Select[str, str], column: Any) -> dict[str, str]:
    wanted = sorted(set(numbers))
    return {number: title for at in range(0, len(wanted), SLICE)
            for number, title in session.execute(query.where(column.in_(wanted[at:at + SLICE])))}
