"""Reporters' identities: encrypted, in a table of their own that nothing else joins."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.house.folds import Fold, Folds
from tracker.storage.house.base import Base, code_column, id_column


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
    masked_at: Mapped[datetime | None]  # since when the texts of the case are known not to name them


class IdentityRequest(Base):
    """Somebody asks to open or to erase the reporters of a case, and somebody else decides. `open_until`: until when it waits for
    a decision, and once granted, until when it may be opened. Texts are masked."""

    __tablename__ = "identity_requests"
    __table_args__ = (
        CheckConstraint("purpose IN ('reveal', 'erase')", name="purpose"),
        CheckConstraint("state IN ('asked', 'granted', 'refused', 'lapsed', 'done')", name="state"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided"),
        CheckConstraint("state NOT IN ('granted', 'refused', 'done') OR decided_by_id IS NOT NULL", name="by_whom"),
        CheckConstraint("decided_by_id <> asked_by_id", name="another_person"),
        CheckConstraint("opened_count BETWEEN 0 AND 3", name="opened"),
        Index("ix_identity_requests_state", "state", "open_until"),
    )

    id: Mapped[id_column]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="RESTRICT"), index=True)
    purpose: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
    reason_code: Mapped[code_column]
    reason: Mapped[str]
    document_no: Mapped[str] = mapped_column(String(80), default="")
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    asked_for_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    decided_for_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    decided_at: Mapped[datetime | None]
    decision: Mapped[str] = mapped_column(default="")
    open_until: Mapped[datetime]
    opened_count: Mapped[int] = mapped_column(default=0)


FOLDS: Folds = (
    Fold("identities", ("id",), ("id", "case_id", "created_at", "erased_at"), ("sealed", "reporter_digest"),
         {"masked_at": "when the texts of the case were last gone over, which changes nothing of the record"}),
    Fold("identity_requests", ("id",), ("id", "case_id", "purpose", "state", "reason_code", "asked_by_id", "asked_for_id",
                                        "asked_at", "decided_by_id", "decided_for_id", "decided_at", "open_until",
                                        "opened_count"),
         ("reason", "document_no", "decision")),
)
