"""Who stands in for whom, from when to when."""

from datetime import date, datetime

from sqlalchemy import BindParameter, CheckConstraint, ColumnElement, ForeignKey, Index, String, and_
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.house.folds import Fold, Folds
from tracker.storage.house.base import Base, id_column


class Delegation(Base):
    """One person may act for another on the days from `from_on` to `to_on`; revoked by an instant, never removed. Its migration
    adds the longest term, which each engine counts in its own way."""

    __tablename__ = "delegations"
    __table_args__ = (
        CheckConstraint("principal_id <> substitute_id", name="not_oneself"),
        CheckConstraint("to_on >= from_on", name="term"),
        Index("ix_delegations_principal_id", "principal_id"),
        Index("ix_delegations_substitute", "substitute_id", "to_on"),
    )

    id: Mapped[id_column]
    principal_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    substitute_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    from_on: Mapped[date]
    to_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(200), default="")
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


def holds_on(day: date | BindParameter[date]) -> ColumnElement[bool]:
    """The condition on delegations that holds for those under which somebody may act on a day."""
    columns = Delegation.__table__.c
    return and_(columns.revoked_at.is_(None), columns.from_on <= day, columns.to_on >= day)


FOLDS: Folds = (
    Fold("delegations", ("id",), ("id", "principal_id", "substitute_id", "from_on", "to_on", "made_by_id", "made_at",
                             "revoked_at"), ("reason",)),
)
