"""Inspections in narrow statements."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.storage.inspection.inspections import Inspection

_I = Inspection.__table__.c


def inspection_line(session: Session, act_id: int) -> Any:
    """What stands beside an act; columns by name."""
    return session.execute(select(Inspection.__table__).where(_I.act_id == act_id)).one()
