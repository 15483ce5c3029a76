"""What stands of an inspection beside its act; who may be sent, and who is barred from which site."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.house.folds import Fold, Folds
from tracker.domain.inspection.inspections import InspectionMode, InspectionOrigin, InspectionResult
from tracker.storage.house.base import Base, enum_column, id_column


class Inspection(Base):
    """One inspection: of which site, how and why, by when; and once it was done, when and what was seen."""

    __tablename__ = "inspections"
    __table_args__ = (
        CheckConstraint("planned_on <= due_on", name="days"),
        CheckConstraint("(done_on IS NULL) = (result IS NULL) AND (done_on IS NULL) = (started_at IS NULL)", name="done"),
        CheckConstraint("result IS NULL OR mode = 'off_site' OR is_certificate_shown", name="certificate"),
        Index("ix_inspections_site", "site_id", "done_on"),
        Index("ix_inspections_done", "done_on"),
        Index("ix_inspections_draw", "draw_id"),
    )

    act_id: Mapped[int] = mapped_column(ForeignKey("acts.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="RESTRICT"))
    mode: Mapped[InspectionMode] = mapped_column(enum_column(InspectionMode, "mode"))
    method: Mapped[str] = mapped_column(String(20), default="")
    origin: Mapped[InspectionOrigin] = mapped_column(enum_column(InspectionOrigin, "origin"))
    draw_id: Mapped[int | None] = mapped_column(ForeignKey("acts.id", ondelete="RESTRICT"))
    planned_on: Mapped[date]
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    started_at: Mapped[datetime | None]
    result: Mapped[InspectionResult | None] = mapped_column(enum_column(InspectionResult, "result"))
    is_certificate_shown: Mapped[bool] = mapped_column(default=False)


class RosterRow(Base):
    """Somebody who may be sent to inspect, with their certificate, from a day on."""

    __tablename__ = "inspector_roster"
    __table_args__ = (CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name="days"),
                      Index("uq_inspector_roster_person", "person_id", "valid_from", unique=True))

    id: Mapped[id_column]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    certificate_no: Mapped[str] = mapped_column(String(40))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class InterestRow(Base):
    """Why somebody does not inspect a site, or any site of a firm, from a day on."""

    __tablename__ = "interests"
    __table_args__ = (CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name="days"),
                      CheckConstraint("ground IN ('kin', 'holding', 'business', 'requested', 'other')", name="ground"),
                      Index("uq_interests_person_site", "person_id", "site_id", "valid_from", unique=True),
                      Index("ix_interests_site", "site_id"))

    id: Mapped[id_column]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="RESTRICT"))
    ground: Mapped[str] = mapped_column(String(20))
    document_no: Mapped[str] = mapped_column(String(80), default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


FOLDS: Folds = (
    Fold("inspections", ("act_id",), ("act_id", "site_id", "mode", "method", "origin", "draw_id", "planned_on", "due_on",
                                      "done_on",
                                      "started_at", "result", "is_certificate_shown")),
    Fold("inspector_roster", ("id",), ("id", "person_id", "valid_from", "valid_to"), ("certificate_no",)),
    Fold("interests", ("id",), ("id", "person_id", "site_id", "ground", "document_no", "valid_from", "valid_to")),
)
