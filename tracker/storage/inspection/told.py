"""What facts of inspections and draws had told by an instant."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from tracker.domain.house.say import read_json
from tracker.storage.acts.acts import Act
from tracker.storage.acts.scope import in_area
from tracker.storage.house.ledger import FactRow

_F, _A = FactRow.__table__.c, Act.__table__.c


def facts_of_kind(session: Session, kind: str, until: datetime, area_code: str) -> Iterator[tuple[str, datetime, dict[str, Any]]]:
    """Of each act of an area with a fact of this kind its number, the instant and the body, in their order."""
    query = (select(_A.number, _F.at, _F.body).join(Act.__table__, _F.stream == literal("act:") + _A.number)
             .where(_F.kind == kind, _F.at < until, in_area(area_code)).order_by(_F.id))
    for number, at, body in session.execute(query).yield_per(2000):
        yield number, at, read_json(body)
