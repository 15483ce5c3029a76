"""Evidence files: rows that point to content-addressed blobs."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.folds import Fold, Folds
from tracker.storage.house.base import Base, enum_column, id_column


class EvidenceRow(Base):
    """One file of one subject. The original stays as it came under `digest`; pages show the copy under `shown_digest`. A sealed
    original opens for a custodian of identities alone."""

    __tablename__ = "evidence"
    __table_args__ = (
        Index("ix_evidence_subject", "subject", "id"),
        Index("ix_evidence_digest", "digest"),
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("length(digest) = 64", name="digest"),
    )

    id: Mapped[id_column]
    subject: Mapped[str] = mapped_column(String(60))
    role: Mapped[EvidenceRole] = mapped_column(enum_column(EvidenceRole, "role"))
    round: Mapped[int]
    original_name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(60).with_variant(String(100), "postgresql"))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    shown_digest: Mapped[str | None] = mapped_column(String(64))
    thumb_digest: Mapped[str | None] = mapped_column(String(64))
    pair_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id", ondelete="RESTRICT"))
    taken_at: Mapped[str | None] = mapped_column(String(40))
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    uploaded_at: Mapped[datetime]
    is_original_sealed: Mapped[bool] = mapped_column(default=False, server_default=false())


FOLDS: Folds = (
    Fold("evidence", ("id",), ("id", "subject", "role", "round", "media_type", "size", "digest", "shown_digest", "thumb_digest",
                               "pair_id", "taken_at", "lat", "lng", "uploaded_by_id", "uploaded_at", "is_original_sealed"),
         ("original_name",)),
)
