"""What sites owe by their permits, and their audits of cleaner production with the schemes that came of them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.house.folds import Fold, Folds
from tracker.storage.house.base import Base, id_column, name_column

DAYS = ("(started_on IS NULL OR started_on >= listed_on) AND (reported_on IS NULL OR reported_on >= started_on) AND "
        "(assessed_on IS NULL OR assessed_on >= started_on) AND (accepted_on IS NULL OR accepted_on >= assessed_on)")


class SiteObligation(Base):
    """A report that a site owes for a period. Nothing of it changes but that it was handed in, and that it was waived, each
    once."""

    __tablename__ = "site_obligations"
    __table_args__ = (
        UniqueConstraint("entry_id", "kind", "period"),
        CheckConstraint("kind IN ('year', 'half', 'quarter', 'month')", name="kind"),
        CheckConstraint("(satisfied_at IS NULL) = (satisfied_on IS NULL)", name="satisfied_whole"),
        CheckConstraint("(waived_at IS NULL) = (waived_ground = '')", name="waived_whole"),
        CheckConstraint("period_to < opens_on AND opens_on <= due_on", name="days"),
        Index("ix_site_obligations_due", "due_on", "id", sqlite_where=text("satisfied_at IS NULL AND waived_at IS NULL"),
              postgresql_where=text("satisfied_at IS NULL AND waived_at IS NULL")),
        Index("ix_site_obligations_site", "site_id", "period_to"),
        Index("ix_site_obligations_period", "kind", "period"),
    )

    id: Mapped[id_column]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="RESTRICT"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("site_entries.id", ondelete="RESTRICT"))
    kind: Mapped[str] = mapped_column(String(10))
    period: Mapped[str] = mapped_column(String(10))
    period_to: Mapped[date]  # its last day
    opens_on: Mapped[date]
    due_on: Mapped[date]
    recorded_at: Mapped[datetime]
    satisfied_on: Mapped[date | None]
    document: Mapped[str] = mapped_column(String(80), default="")
    satisfied_at: Mapped[datetime | None]
    satisfied_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    waived_ground: Mapped[str] = mapped_column(String(20), default="")
    waived_at: Mapped[datetime | None]
    waived_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))

    @property
    def stream(self) -> str:
        """What reminders are kept by."""
        return f"obligation:{self.id}"


class SiteAudit(Base):
    """An audit of cleaner production （清洁生产审核）: one a site and year, by its days."""

    __tablename__ = "audits"
    __table_args__ = (UniqueConstraint("site_id", "year"), CheckConstraint(DAYS, name="days"))

    id: Mapped[id_column]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="RESTRICT"))
    year: Mapped[int]
    is_mandatory: Mapped[bool]
    listed_on: Mapped[date]
    started_on: Mapped[date | None]
    reported_on: Mapped[date | None]
    assessed_on: Mapped[date | None]
    accepted_on: Mapped[date | None]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))


class AuditScheme(Base):
    """A scheme that an audit proposed, of low or high cost. It is never deleted; one that was wrong is void from a day."""

    __tablename__ = "audit_schemes"
    __table_args__ = (
        UniqueConstraint("audit_id", "n"),
        CheckConstraint("kind IN ('low', 'high')", name="kind"),
        CheckConstraint("invested_fen IS NULL OR invested_fen >= 0", name="invested"),
    )

    id: Mapped[id_column]
    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id", ondelete="RESTRICT"))
    n: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[name_column]
    saved: Mapped[name_column] = mapped_column(default="")
    implemented_on: Mapped[date | None]
    invested_fen: Mapped[int | None]
    voided_on: Mapped[date | None]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))


FOLDS: Folds = (
    Fold("site_obligations", ("id",), ("id", "site_id", "entry_id", "kind", "period", "period_to", "opens_on", "due_on",
                                       "recorded_at", "satisfied_on", "document", "satisfied_at", "satisfied_by_id",
                                       "waived_ground", "waived_at", "waived_by_id")),
    Fold("audits", ("id",), ("id", "site_id", "year", "is_mandatory", "listed_on", "started_on", "reported_on", "assessed_on",
                             "accepted_on", "recorded_at", "recorded_by_id")),
    Fold("audit_schemes", ("id",), ("id", "audit_id", "n", "kind", "name", "saved", "implemented_on", "invested_fen", "voided_on",
                                    "recorded_at", "recorded_by_id")),
)
