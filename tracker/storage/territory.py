"""Areas, routing rules, calendar days, limits, sources: the rules that an administrator may change, with dates."""

from datetime import date

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.storage.base import Base, code_column, id_column, name_column


class AreaRow(Base):
    """A division by code; one row for each period in which code and name belonged together."""

    __tablename__ = "areas"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[name_column]
    level: Mapped[str] = mapped_column(String(10))
    parent_code: Mapped[str] = mapped_column(String(12), default="")
    valid_to: Mapped[date | None]
    successors: Mapped[str] = mapped_column(String(200), default="")


class CalendarRow(Base):
    """A day that differs from its weekday: a holiday or a make-up working day."""

    __tablename__ = "calendar_days"
    __table_args__ = (
        CheckConstraint("kind IN ('holiday', 'makeup', 'workday', 'weekend')", name="kind"),
        CheckConstraint("source IN ('published', 'estimated', 'entered')", name="source"),
    )

    on: Mapped[date] = mapped_column("day", primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(10))
    notice: Mapped[str] = mapped_column(String(80), default="")


class LimitRow(Base):
    """A time limit with its legal basis and dates of effect; `source_key` "" is the default of all sources."""

    __tablename__ = "limits"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)

    id: Mapped[id_column]
    source_key: Mapped[code_column]
    stage: Mapped[str] = mapped_column(String(20))
    amount: Mapped[int]
    unit: Mapped[str] = mapped_column(String(20))
    is_first_day_counted: Mapped[bool]
    basis: Mapped[str]
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]


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
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class RoutingRow(Base):
    """One line of the responsibility list: what, where → lead unit, supporting units, and the reason in words."""

    __tablename__ = "routing_rules"

    id: Mapped[id_column]
    number: Mapped[int] = mapped_column(unique=True)
    category: Mapped[str] = mapped_column(String(20), default="")
    area_code: Mapped[str] = mapped_column(String(12), default="")
    keywords: Mapped[str] = mapped_column(String(200), default="")
    lead_unit_code: Mapped[code_column]
    supporting_unit_codes: Mapped[str] = mapped_column(String(300), default="")
    reason: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
