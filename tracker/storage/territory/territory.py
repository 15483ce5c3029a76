"""Areas, routing lines and sources: where a case is, where it comes from and whose it is, with dates."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, false
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
    needs_confirmation: Mapped[bool] = mapped_column(default=False, server_default=false())  # whose it is, before it is assigned
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


class RuleList(Base):
    """A version of the responsibility list （责任清单）: a draft until it is in force, or dropped. From then on neither it nor a line
    of it changes but for its last day, and the database keeps it so."""

    __tablename__ = "rule_lists"
    __table_args__ = (
        CheckConstraint("(activated_at IS NULL) = (valid_from IS NULL)", name="in_force"),
        CheckConstraint("activated_at IS NULL OR dropped_at IS NULL", name="settled_once"),
        CheckConstraint("activated_by_id <> edited_by_id AND activated_by_id <> edited_for_id", name="activator_is_not_editor"),
    )

    id: Mapped[id_column]
    number: Mapped[int] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(String(100))
    document_no: Mapped[str] = mapped_column(String(60), default="")
    copied_from: Mapped[int | None]  # the number of that version
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))  # None: the command line
    drafted_at: Mapped[datetime]
    edited_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    edited_for_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    edits: Mapped[int] = mapped_column(default=0)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    activated_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    activated_at: Mapped[datetime | None]
    lines_digest: Mapped[str] = mapped_column(String(64), default="")
    gap_reason: Mapped[str] = mapped_column(String(300), default="")  # why matters may be without a unit
    dropped_at: Mapped[datetime | None]


class RoutingRow(Base):
    """One line of the responsibility list: what, where → lead unit, supporting units, and the reason in words. Without dates of
    its own it holds as long as its version."""

    __tablename__ = "routing_rules"
    __table_args__ = (
        CheckConstraint("side IN ('', 'inside', 'outside')", name="side"),
        CheckConstraint("work IN ('', 'demolish', 'clear', 'green', 'rebuild', 'decorate', 'light')", name="work"),
        UniqueConstraint("list_id", "number"),
    )

    id: Mapped[id_column]
    list_id: Mapped[int] = mapped_column(ForeignKey("rule_lists.id", ondelete="RESTRICT"))
    number: Mapped[int]
    clause: Mapped[str] = mapped_column(String(20), default="")  # as printed
    category: Mapped[str] = mapped_column(String(20), default="")
    area_code: Mapped[str] = mapped_column(String(12), default="")
    keywords: Mapped[str] = mapped_column(String(200), default="")
    side: Mapped[str] = mapped_column(String(10), default="")  # of the railway's fence
    work: Mapped[str] = mapped_column(String(10), default="")
    lead_unit_code: Mapped[code_column]
    supporting_unit_codes: Mapped[str] = mapped_column(String(300), default="")
    reason: Mapped[str]
    basis: Mapped[str] = mapped_column(String(300), default="")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


FOLDS: Folds = (
    Fold("areas", ("code", "valid_from"), ("code", "valid_from", "name", "level", "parent_code", "valid_to", "successors", "kind",
                                           "formal_code", "document_no")),
    Fold("sources", ("id",), ("id", "key", "name", "kind", "channel", "is_notice_required", "needs_confirmation", "submit_gate",
                              "verify_gate",
                              "close_gate", "level", "notice_since", "number_grammar", "number_samples", "number_check",
                              "number_since", "valid_from", "valid_to")),
    Fold("rule_lists", ("id",), ("id", "number", "title", "document_no", "copied_from", "drafted_by_id", "drafted_at",
                                 "edited_by_id",
                                 "edited_for_id", "edits", "valid_from", "valid_to", "activated_by_id", "activated_at",
                                 "lines_digest", "dropped_at"), ("gap_reason",)),
    Fold("routing_rules", ("id",), ("id", "list_id", "number", "clause", "category", "area_code", "keywords", "side", "work",
                                    "lead_unit_code", "supporting_unit_codes", "reason", "basis", "valid_from", "valid_to")),
)
