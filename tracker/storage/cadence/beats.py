"""The beats as records, and the reminders that were given."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.house.folds import Fold, Folds, Row, Unfolded
from tracker.storage.house.base import Base, SentenceText, code_column, id_column


class BeatRecord(Base):
    """One beat of a cadence for one period and area: due, run, late or caught up, and signed off by who used it.

    Recipients, Message-IDs and delivery stand in the outbox rows that name this record.
    """

    __tablename__ = "cadence_records"
    __table_args__ = (
        UniqueConstraint("cadence", "period", "area_code"),
        CheckConstraint("state IN ('running', 'done', 'failed')", name="state"),
        CheckConstraint("(state = 'running') = (finished_at IS NULL)", name="finished"),
        CheckConstraint("(signed_at IS NULL) = (signed_by_id IS NULL)", name="signed"),
        Index("ix_cadence_records_due", "cadence", "due_at"),
    )

    id: Mapped[id_column]
    cadence: Mapped[code_column]
    period: Mapped[str] = mapped_column(String(20))
    area_code: Mapped[str] = mapped_column(String(12))
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    claimed_by: Mapped[str] = mapped_column(String(80))
    lease_until: Mapped[datetime]
    tries: Mapped[int]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    is_caught_up: Mapped[bool] = mapped_column(default=False)
    case_count: Mapped[int] = mapped_column(default=0)
    recipient_count: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[str] = mapped_column(SentenceText, default="")
    error: Mapped[str] = mapped_column(SentenceText, default="")
    report_id: Mapped[int | None] = mapped_column(ForeignKey("reports.id", ondelete="RESTRICT"), index=True)
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    signed_at: Mapped[datetime | None]
    sign_note: Mapped[str] = mapped_column(String(500), default="")


class ReminderRow(Base):
    """A rung of the ladder that was reached: once for each stream, round and lap (an extension or a pause begins a new lap). The
    stream is that of a case, or with its place in it a duty or a limit of an act.

    `is_told` is False where a higher rung was told in its place, None in rows older than the column.
    """

    __tablename__ = "reminders"
    __table_args__ = (UniqueConstraint("stream", "round", "lap", "rung"), Index("ix_reminders_on", "on_date"))

    id: Mapped[id_column]
    stream: Mapped[str] = mapped_column(String(80))
    round: Mapped[int]
    lap: Mapped[str] = mapped_column(String(10))
    rung: Mapped[code_column]
    on_date: Mapped[date]
    due_on: Mapped[date]
    made_at: Mapped[datetime]
    is_told: Mapped[bool | None]


def _is_unfinished(row: Row) -> bool:
    return row["state"] != "done" and row["signed_at"] is None


_OF_A_TRY = "of the try that is being made, which a later one begins anew"
FOLDS: Folds = (
    Fold("cadence_records", ("id",), ("id", "cadence", "period", "area_code", "due_at", "is_caught_up", "case_count",
                                      "recipient_count", "report_id", "signed_by_id", "signed_at"), ("outcome", "sign_note"),
         dict.fromkeys(("state", "claimed_by", "lease_until", "tries", "started_at", "finished_at", "error"), _OF_A_TRY),
         is_draft=_is_unfinished, is_whole=True),
    Unfolded("reminders", "follow from the due dates, and decide no more than who is told"),
)
