"""What units say against lines of published appraisals, and what was decided. The reports themselves stay as they are."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.house.folds import Fold, Folds
from tracker.storage.house.base import Base, code_column, id_column


class Appeal(Base):
    """One appeal, once for each line of a report. `rule`, `case_number`, `seq` and `fact_on` name the line; `clause` and `points`
    are what the report printed; texts are masked. Who decides is neither who raised nor for whom it was raised."""

    __tablename__ = "appeals"
    __table_args__ = (
        UniqueConstraint("report_id", "unit_id", "rule", "case_number", "seq", "fact_on", name="uq_appeals_line"),
        CheckConstraint("outcome IS NULL OR outcome IN ('upheld', 'rejected')", name="outcome"),
        CheckConstraint("(decided_at IS NULL) = (outcome IS NULL) AND (decided_at IS NULL) = (decided_by_id IS NULL)",
                        name="decided"),
        CheckConstraint("decided_by_id <> raised_by_id", name="another_person"),
    )

    id: Mapped[id_column]
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id", ondelete="RESTRICT"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id", ondelete="RESTRICT"), index=True)
    rule: Mapped[code_column]
    clause: Mapped[str] = mapped_column(String(10))
    word: Mapped[str] = mapped_column(String(60))
    case_number: Mapped[str] = mapped_column(String(40), default="")
    seq: Mapped[int] = mapped_column(default=0)
    fact_on: Mapped[date]
    points: Mapped[str] = mapped_column(String(10), default="")
    text: Mapped[str]
    raised_by_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    raised_for_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    raised_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    decided_for_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    decided_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(default="")


FOLDS: Folds = (
    Fold("appeals", ("id",), ("id", "report_id", "unit_id", "rule", "clause", "word", "case_number", "seq", "fact_on", "points",
                              "raised_by_id", "raised_for_id", "raised_at", "decided_by_id", "decided_for_id", "decided_at",
                              "outcome"), ("text", "reason")),
)
