"""Areas, routing lines and sources: where a case is, where it comes from and whose it is, with dates."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.house.folds import Fold, Folds
from tracker.storage.house.base import Base, code_column, id_column, name_column


class AreaRow(Base):
    """A division by code; one row for each period in which code and name belonged together."""

    __tablename__ = "areas"
    __table_args__ = (CheckConstraint("kind IN ('official', 'zone', 'local', 'outside')", name="kind"),)

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[name_column]
    level: Mapped[str] = mapped_column(String(10))
    parent_code: Mapped[str] = mapped_column(String(12), default="")
    valid_to: Mapped[date | None]
    successors: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[str] = mapped_column(String(10), default="official", server_default="official")
    formal_code: Mapped[str] = mapped_column(String(12), default="", server_default="")  # where a zone runs the town
    document_no: Mapped[str] = mapped_column(String(60), default="", server_default="")


class Source(Base):
    """Where cases come from, and the rules that differ between sources: data, never a second machine."""

    __tablename__ = "sources"

    id: Mapped[id_column]
    key: Mapped[code_column] = mapped_column(unique=True)
    name: Mapped[name_column]
    kind: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(20))
    is_notice_required: Mapped[bool]
    submit_gate: Mapped[str] = mapped_column(String(200), default="")
    verify_gate: Mapped[str] = mapped_column(String(200), default="")
    close_gate: Mapped[str] = mapped_column(String(200), default="")
    level: Mapped[str] = mapped_column(String(20), default="", server_default="")
    notice_since: Mapped[datetime | None]  # from when `is_notice_required` is as it is: before, it was the other way round
    number_grammar: Mapped[str] = mapped_column(String(200), default="", server_default="")
    number_samples: Mapped[str] = mapped_column(String(300), default="", server_default="")
    number_check: Mapped[str] = mapped_column(String(10), default="", server_default="")
    number_since: Mapped[date | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class RoutingRow(Base):
    """One line of the responsibility list: what, where → lead unit, supporting units, and the reason in words."""

    __tablename__ = "routing_rules"
    __table_args__ = (CheckConstraint("side IN ('', 'inside', 'outside')", name="side"),)

    id: Mapped[id_column]
    number: Mapped[int] = mapped_column(unique=True)
    category: Mapped[str] = mapped_column(String(20), default="")
    area_code: Mapped[str] = mapped_column(String(12), default="")
    keywords: Mapped[str] = mapped_column(String(200), default="")
    side: Mapped[str] = mapped_column(String(10), default="", server_default="")  # of the railway's fence
    lead_unit_code: Mapped[code_column]
    supporting_unit_codes: Mapped[str] = mapped_column(String(300), default="")
    reason: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


FOLDS: Folds = (
    Fold("areas", ("code", "valid_from"), ("code", "valid_from", "name", "level", "parent_code", "valid_to", "successors", "kind",
                                           "formal_code", "document_no")),
    Fold("sources", ("id",), ("id", "key", "name", "kind", "channel", "is_notice_required", "submit_gate", "verify_gate",
                              "close_gate", "level", "notice_since", "number_grammar", "number_samples", "number_check",
                              "number_since", "valid_from", "valid_to")),
    Fold("routing_rules", ("id",), ("id", "number", "category", "area_code", "keywords", "side", "lead_unit_code",
                                    "supporting_unit_codes", "reason", "valid_from", "valid_to")),
)
