"""Reporters' identities: encrypted, in a table of their own that nothing else joins."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.house.folds import Fold, Folds
from tracker.storage.house.base import Base, id_column


class Identity(Base):
    """The reporter of a case. `sealed` is ciphertext; `reporter_digest` (keyed) tells repeat reporters apart without names."""

    __tablename__ = "identities"
    __table_args__ = (Index("ix_identities_reporter", "reporter_digest"),)

    id: Mapped[id_column]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="RESTRICT"), index=True)
    sealed: Mapped[str | None]
    reporter_digest: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


FOLDS: Folds = (
    Fold("identities", ("id",), ("id", "case_id", "created_at", "erased_at"), ("sealed", "reporter_digest")),
)
