"""Job runs."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.house.folds import Folds, Unfolded
from tracker.storage.house.base import Base, SentenceText, code_column, id_column


class JobRun(Base):
    """One run of one job for one business date. The unique pair is what makes a second run impossible."""

    __tablename__ = "job_runs"
    __table_args__ = (
        UniqueConstraint("job", "on_date"),
        CheckConstraint("state IN ('running', 'done', 'failed')", name="state"),
    )

    id: Mapped[id_column]
    job: Mapped[code_column]
    on_date: Mapped[date]
    state: Mapped[str] = mapped_column(String(10))
    claimed_by: Mapped[str] = mapped_column(String(80))
    lease_until: Mapped[datetime]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(SentenceText, default="")


FOLDS: Folds = (Unfolded("job_runs", "marks by which no job runs twice; what a job did stands in its own facts"),)
