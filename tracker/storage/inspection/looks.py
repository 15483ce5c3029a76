"""Inspections in narrow statements."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.storage.inspection.inspections import Inspection
from tracker.storage.sites.sites import Site

_I, _S = Inspection.__table__.c, Site.__table__.c


def inspection_line(session: Session, act_id: int) -> Any:
    """What stands beside an act; columns by name."""
    return session.execute(select(Inspection.__table__).where(_I.act_id == act_id)).one()


def last_looks(session: Session, codes: Sequence[str]) -> dict[str, date]:
    """When each of these sites was last inspected, on the spot or not; one that is only planned is told nobody."""
    if not codes:
        return {}
    query = select(_S.code, func.max(_I.done_on)).join(Inspection, _I.site_id == _S.id).where(
        _S.code.in_(codes), _I.done_on.is_not(None)).group_by(_S.code)
    return {row[0]: row[1] for row in session.execute(query)}
