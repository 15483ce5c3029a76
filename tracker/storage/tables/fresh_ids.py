"""Ids for rows that are written in bulk, drawn at once, so that the statement that writes them need not hand any back."""

from collections.abc import Sequence

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tracker.storage.house.base import Base

_DRAWN = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :amount)")


def fresh_ids(session: Session, model: type[Base], amount: int) -> Sequence[int]:
    """So many ids that no row has or will have. The one engine gives them from its sequence; in the other this transaction is the
    only one that writes."""
    if session.get_bind().dialect.name == "postgresql":
        return list(session.scalars(_DRAWN, {"name": model.__tablename__, "amount": amount}))
    last = session.scalar(select(func.coalesce(func.max(model.__table__.c.id), 0))) or 0
    return range(last + 1, last + amount + 1)
