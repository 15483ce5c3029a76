"""The frozen reports."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.house.folds import Fold, Folds
from tracker.storage.house.base import Base, code_column, id_column


class StoredReport(Base):
    """One frozen report. The database refuses UPDATE and DELETE: a correction appears in the next report.

    `inputs` are the names and rule values that were in force; `body` is the canonical text of the document, and the same
    facts (up to `last_fact_id`) with the same inputs give it again.
    """

    __tablename__ = "reports"
    __table_args__ = (
        UniqueConstraint("name", "period", "area_code"),
        CheckConstraint("length(digest) = 64", name="digest"),
    )

    id: Mapped[id_column]
    name: Mapped[code_column]
    period: Mapped[str] = mapped_column(String(20))
    area_code: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(200))
    as_of: Mapped[datetime]
    last_fact_id: Mapped[int]
    case_count: Mapped[int]
    inputs: Mapped[str]
    body: Mapped[str]
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]


FOLDS: Folds = (
    Fold("reports", ("id",), ("id", "name", "period", "area_code", "title", "as_of", "last_fact_id", "case_count", "digest",
                              "made_at"), ("inputs", "body")),
)
