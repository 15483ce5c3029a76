"""Limits, calendar days and the dated values of the rule book: what an administrator may change, with dates."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.house.folds import Fold, Folds
from tracker.storage.house.base import Base, code_column, id_column


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
    paper: Mapped[str] = mapped_column(String(80), default="")


class OwnDay(Base):
    """A day that one place has off or works by a rule of its own; "" for no area never stands here."""

    __tablename__ = "own_days"
    __table_args__ = (CheckConstraint("kind IN ('holiday', 'makeup', 'workday', 'weekend')", name="kind"),)

    area_code: Mapped[str] = mapped_column(String(12), primary_key=True)
    on: Mapped[date] = mapped_column("day", primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(40))
    paper: Mapped[str] = mapped_column(String(80))


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
    rolls: Mapped[bool] = mapped_column(default=False)


class RuleValue(Base):
    """The value of one key of the rule book from a day on; never changed, only followed by a later one."""

    __tablename__ = "rule_values"
    __table_args__ = (UniqueConstraint("key", "effective_from"),)

    id: Mapped[id_column]
    key: Mapped[code_column]
    value: Mapped[str]
    basis: Mapped[str] = mapped_column(String(300), default="")
    effective_from: Mapped[date]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    made_at: Mapped[datetime]


FOLDS: Folds = (
    Fold("calendar_days", ("day",), ("day", "kind", "name", "source", "paper")),
    Fold("own_days", ("area_code", "day"), ("area_code", "day", "kind", "name", "paper")),
    Fold("limits", ("id",), ("id", "source_key", "stage", "amount", "unit", "is_first_day_counted", "basis", "effective_from",
                             "effective_to", "rolls")),
    Fold("rule_values", ("id",), ("id", "key", "value", "basis", "effective_from", "made_by_id", "made_at")),
)
