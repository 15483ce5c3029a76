"""Circulars between their figures and their readers. What was worded otherwise stands in the facts of each."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.domain.house.folds import Fold, Folds
from tracker.domain.reports.issuing.flow import PaperState
from tracker.storage.house.base import Base, id_column


class Circular(Base):
    """One circular, of one frozen report. What stands above and below its text is of the day on which it was composed; number,
    day and digest of the one on which it was issued, signed or not. It is mailed then, where `is_mailed`."""

    __tablename__ = "circulars"
    __table_args__ = (
        CheckConstraint("state IN ('composed', 'signed', 'unsigned')", name="state"),
        CheckConstraint("(state = 'composed') = (issued_at IS NULL) AND (issued_at IS NULL) = (digest IS NULL)", name="issued"),
        CheckConstraint("(state = 'signed') = (signed_by_id IS NOT NULL)", name="signed"),
        CheckConstraint("(serial IS NULL) = (series IS NULL)", name="numbered"),
        UniqueConstraint("series", "serial"),
    )

    id: Mapped[id_column]
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id", ondelete="RESTRICT"), unique=True)
    area_code: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(10))
    sign_by_on: Mapped[date]
    is_mailed: Mapped[bool]
    addressees: Mapped[str] = mapped_column(String(200))
    office: Mapped[str] = mapped_column(String(80))
    office_area: Mapped[str] = mapped_column(String(12))
    document_short: Mapped[str] = mapped_column(String(8))
    copies: Mapped[str] = mapped_column(String(200))
    printed_by: Mapped[str] = mapped_column(String(200))
    composed_at: Mapped[datetime]
    series: Mapped[str | None] = mapped_column(String(60))
    serial: Mapped[int | None]
    number: Mapped[str] = mapped_column(String(40), default="")
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    signed_for_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    issued_at: Mapped[datetime | None]
    digest: Mapped[str | None] = mapped_column(String(64))


def of_report(session: Session, report_id: int) -> Circular | None:
    """The circular of a report, None where it has none."""
    return session.scalar(select(Circular).where(Circular.report_id == report_id))


def waiting(session: Session) -> tuple[Circular, ...]:
    """Those that nobody has signed yet, the oldest first."""
    return tuple(session.scalars(select(Circular).where(Circular.state == PaperState.composed).order_by(Circular.id)))


FOLDS: Folds = (
    Fold("circulars", ("id",), ("id", "report_id", "area_code", "state", "sign_by_on", "is_mailed", "addressees", "office",
                                "office_area", "document_short", "copies", "printed_by", "composed_at", "series", "serial",
                                "number",
                                "signed_by_id", "signed_for_id", "issued_at", "digest")),
)
