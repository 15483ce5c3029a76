"""Forms that were sent and counted: whose, which, and where it led."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.house.folds import Folds, Unfolded
from tracker.storage.house.base import Base, id_column


class PostedForm(Base):
    """One form of one person, entered by the work that it brought about, in the same transaction. `finished_at` is set with the
    answer: where the person was led, and what they were told."""

    __tablename__ = "posted_forms"
    __table_args__ = (
        Index("uq_posted_forms_person_form", "person_id", "form_id", unique=True),
        Index("ix_posted_forms_posted_at", "posted_at"),
        CheckConstraint("length(digest) = 64", name="digest"),
    )

    id: Mapped[id_column]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    form_id: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64))
    posted_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    led_to: Mapped[str] = mapped_column(default="")
    said: Mapped[str] = mapped_column(default="")


FOLDS: Folds = (Unfolded("posted_forms", "what a form did stands in the facts of its work; this only knows it again"),)
