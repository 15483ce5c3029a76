"""The offices, each for an area."""

from datetime import date

from sqlalchemy import CheckConstraint, String, false
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.house.folds import Fold, Folds
from tracker.storage.house.base import Base, name_column


class OfficeRow(Base):
    """An office by the area it answers for. Which one keeps this installation, the preference `home_area` says."""

    __tablename__ = "offices"
    __table_args__ = (CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),)

    area_code: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[name_column]
    document_short: Mapped[str] = mapped_column(String(8), unique=True)
    filing_short: Mapped[str] = mapped_column(String(8), unique=True)
    addressees: Mapped[str] = mapped_column(String(200), default="")
    copies: Mapped[str] = mapped_column(String(200), default="")
    imprint: Mapped[str] = mapped_column(String(200), default="")
    has_imprint: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_reporting: Mapped[bool] = mapped_column(default=False, server_default=false())
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


FOLDS: Folds = (
    Fold("offices", ("area_code",), ("area_code", "name", "document_short", "filing_short", "addressees", "copies", "imprint",
                                     "has_imprint", "is_reporting", "valid_from", "valid_to")),
)
