"""The units of a case with the part that each has in it, and where it lies by the railway."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, insert, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.domain.house.folds import Fold, Folds
from tracker.storage.house.base import Base

AWAITED = "answer_due_on IS NOT NULL AND answered_on IS NULL"


class UnitPart(StrEnum):
    """A unit's part in a case. A candidate was asked whether it is theirs; who is informed sees it, and does nothing for it."""

    lead = "lead"
    supporting = "supporting"
    candidate = "candidate"
    informed = "informed"


BESIDE_LEAD = tuple(part.value for part in UnitPart if part is not UnitPart.lead)


class CasePart(Base):
    """A case–unit assignment: at most one lead, any number of supporting units, and those that were asked or are informed.
    Reports count the first two, apart from cases."""

    __tablename__ = "case_units"
    __table_args__ = (
        CheckConstraint("part IN ('lead', 'supporting', 'candidate', 'informed')", name="part"),
        CheckConstraint("answer IS NULL OR (answer IN ('claim', 'disclaim') AND part = 'candidate')", name="answer"),
        Index("uq_case_units_one_lead", "case_id", unique=True, sqlite_where=text("part = 'lead'"),
              postgresql_where=text("part = 'lead'")),
        Index("ix_case_units_unit", "unit_id", "part", "case_id"),
        Index("ix_case_units_awaited", "unit_id", "case_id", sqlite_where=text(AWAITED), postgresql_where=text(AWAITED)),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id", ondelete="RESTRICT"), primary_key=True)
    part: Mapped[str] = mapped_column(String(10))
    answer_due_on: Mapped[date | None]  # by when a supporting unit gives its opinion; none where it was asked for none
    answered_on: Mapped[date | None]
    answer: Mapped[str | None] = mapped_column(String(10))  # of a candidate: whether the case is its own


class CasePlace(Base):
    """Where a case lies by the railway: as it was seen first, then as it was found on the spot."""

    __tablename__ = "case_places"
    __table_args__ = (
        CheckConstraint("side IN ('', 'left', 'right')", name="side"),
        CheckConstraint("heading IN ('', 'up', 'down')", name="heading"),
        CheckConstraint("fence IN ('', 'inside', 'outside', 'on_line', 'unknown')", name="fence"),
        Index("ix_case_places_section", "section_code", "case_id"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    section_code: Mapped[str] = mapped_column(String(60), default="")
    line: Mapped[str] = mapped_column(String(60), default="")
    mileage: Mapped[str] = mapped_column(String(20), default="")
    mileage_to: Mapped[str] = mapped_column(String(20), default="")
    metre: Mapped[float | None]
    side: Mapped[str] = mapped_column(String(5), default="")
    fence: Mapped[str] = mapped_column(String(10), default="")
    fence_metres: Mapped[float | None]
    owner_code: Mapped[str] = mapped_column(String(60), default="")
    rule_code: Mapped[str] = mapped_column(String(10), default="")
    rechecked_at: Mapped[datetime | None]
    train_no: Mapped[str] = mapped_column(String(20), default="", server_default="")
    heading: Mapped[str] = mapped_column(String(5), default="", server_default="")
    flight_no: Mapped[str] = mapped_column(String(40), default="", server_default="")
    flown_by: Mapped[str] = mapped_column(String(60), default="", server_default="")


SEEN_FROM = ("train_no", "heading", "flight_no", "flown_by")  # what it was seen from, in whose words
PLACE_COLUMNS = ("section_code", "line", "mileage", "mileage_to", "metre", "side", "fence", "fence_metres", "owner_code",
                 "rule_code", "rechecked_at", *SEEN_FROM)
EMPTY_PLACE = dict.fromkeys(("section_code", "line", "mileage", "mileage_to", "side", "fence", "owner_code", "rule_code",
                             *SEEN_FROM), "")


def add_places(session: Session, places: Mapping[int, Mapping[str, object]]) -> None:
    """The places of cases that have just been registered, by their ids."""
    rows = [{"case_id": case_id, **dict.fromkeys(PLACE_COLUMNS), **EMPTY_PLACE, **said} for case_id, said in places.items()]
    if rows:
        session.execute(insert(CasePlace), rows)


FOLDS: Folds = (
    Fold("case_units", ("case_id", "unit_id"), ("part", "answer_due_on", "answered_on", "answer"), is_of_cases=True),
    Fold("case_places", ("case_id",), PLACE_COLUMNS, is_of_cases=True),
)
