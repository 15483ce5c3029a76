"""Files that were received and wait to become evidence."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.house.folds import Folds, Unfolded
from tracker.storage.house.base import Base, id_column


class UploadRow(Base):
    """One received file of one person, under the id that their browser made for it. `used_at` is set once, by the deed that
    made it evidence of `subject`."""

    __tablename__ = "uploads"
    __table_args__ = (
        Index("uq_uploads_person_client", "person_id", "client_id", unique=True),
        Index("ix_uploads_received_at", "received_at"),
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("length(digest) = 64", name="digest"),
    )

    id: Mapped[id_column]
    client_id: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    original_name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    shown_digest: Mapped[str | None] = mapped_column(String(64))
    thumb_digest: Mapped[str | None] = mapped_column(String(64))
    taken_at: Mapped[str | None] = mapped_column(String(40))
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    role: Mapped[str | None] = mapped_column(String(40))
    received_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    subject: Mapped[str | None] = mapped_column(String(60))


FOLDS: Folds = (Unfolded("uploads", "no evidence yet: forgotten unless a step takes them"),)
