"""The registry of supervised sites: each with the names it had and its dated entries."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.house.folds import Fold, Folds
from tracker.domain.sites.registers import SiteRegister
from tracker.storage.house.base import Base, CanonicalJson, code_column, enum_column, id_column, name_column

LASTING = "ended_at IS NULL AND valid_to IS NOT NULL"
KINDS = "kind IN ('company', 'construction', 'catering', 'station', 'public_facility', 'other')"
VALUES = ("(register = 'site_class' AND value IN ('A', 'B', 'C')) OR "
          "(register = 'status' AND value IN ('active', 'suspended', 'ended')) OR "
          "(register = 'permit' AND value IN ('key', 'simple')) OR "
          "(register IN ('positive_list', 'commitment', 'registration') AND value = '')")
ENDED = "(ended_at IS NULL) = (ended_on IS NULL) AND (ended_at IS NULL) = (end_ground = '')"


class Site(Base):
    """A supervised site （监管对象）. `status` and `site_class` are what its entries say of today, "" where they say nothing."""

    __tablename__ = "sites"
    __table_args__ = (
        CheckConstraint(KINDS, name="kind"),
        CheckConstraint("status IN ('active', 'suspended', 'ended')", name="status"),
        CheckConstraint("site_class IN ('', 'A', 'B', 'C')", name="site_class"),
        CheckConstraint("plant_no >= 1 AND seq >= 1", name="counted"),
        Index("uq_sites_credit_plant", "credit_code", "plant_no", unique=True, sqlite_where=text("credit_code <> ''"),
              postgresql_where=text("credit_code <> ''")),
        Index("ix_sites_area", "area_code", "code"),
        Index("ix_sites_unit", "unit_id", "code"),
        Index("ix_sites_name", "normalised", "area_code"),
        *(Index(f"ix_sites_{each}", each, "code") for each in ("kind", "site_class", "status", "trade_code")),
    )

    id: Mapped[id_column]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[name_column]
    normalised: Mapped[name_column]  # how it is compared
    kind: Mapped[str] = mapped_column(String(20))
    credit_code: Mapped[str] = mapped_column(String(18), default="")
    plant_no: Mapped[int] = mapped_column(default=1)  # of a firm with several places
    trade_code: Mapped[str] = mapped_column(String(5), default="")
    area_code: Mapped[str] = mapped_column(String(12))
    address: Mapped[str] = mapped_column(String(300), default="")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id", ondelete="RESTRICT"))
    status: Mapped[str] = mapped_column(String(10), default="active")
    site_class: Mapped[str] = mapped_column(String(1), default="")
    seq: Mapped[int] = mapped_column(default=1)

    @property
    def stream(self) -> str:
        """Its stream in the ledger."""
        return f"site:{self.code}"


class SiteName(Base):
    """A name that a site had until a day: who looks for it by the old name finds it."""

    __tablename__ = "site_names"
    __table_args__ = (Index("ix_site_names_normalised", "normalised"),)

    id: Mapped[id_column]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="RESTRICT"))
    name: Mapped[name_column]
    normalised: Mapped[name_column]
    last_on: Mapped[date]


class SiteEntry(Base):
    """A dated entry of a register. One that needs a second person counts when that one accepted it; others are accepted as they
    are recorded. It holds from its first day through its last, or through the day on which it ended before; in a register whose
    entries follow one another until the next. Nothing of it changes but its decision and its end, each once."""

    __tablename__ = "site_entries"
    __table_args__ = (
        CheckConstraint(VALUES, name="value"),
        CheckConstraint("(decided_at IS NULL) = (is_accepted IS NULL)", name="decided"),
        CheckConstraint("register <> 'site_class' OR decided_by_id IS NULL OR (decided_by_id <> recorded_by_id "
                        "AND (recorded_for_id IS NULL OR decided_by_id <> recorded_for_id))", name="decider_is_another"),
        CheckConstraint(ENDED, name="ended_whole"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="days"),
        Index("ix_site_entries_site", "site_id", "register", "valid_from"),
        Index("ix_site_entries_register", "register", "valid_from", "site_id"),
        Index("ix_site_entries_number", "register", "number", sqlite_where=text("number <> ''"),
              postgresql_where=text("number <> ''")),
        Index("ix_site_entries_batch", "import_batch_id", sqlite_where=text("import_batch_id IS NOT NULL"),
              postgresql_where=text("import_batch_id IS NOT NULL")),
        Index("ix_site_entries_last", "register", "valid_to", sqlite_where=text(LASTING), postgresql_where=text(LASTING)),
        Index("ix_site_entries_waiting", "register", "id", sqlite_where=text("decided_at IS NULL"),
              postgresql_where=text("decided_at IS NULL")),
    )

    id: Mapped[id_column]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="RESTRICT"))
    register: Mapped[SiteRegister] = mapped_column(enum_column(SiteRegister, "register"))
    value: Mapped[str] = mapped_column(String(20))
    grounds: Mapped[str] = mapped_column(String(120), default="")  # codes of why, parted by commas
    document_no: Mapped[str] = mapped_column(String(80), default="")
    valid_from: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    recorded_for_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    is_accepted: Mapped[bool | None]
    number: Mapped[str] = mapped_column(String(40), default="", server_default="")
    is_number_odd: Mapped[bool] = mapped_column(default=False, server_default=false())  # not of the usual form
    valid_to: Mapped[date | None]  # last day
    payload: Mapped[dict[str, object]] = mapped_column(CanonicalJson, default=dict, server_default="{}")
    import_batch_id: Mapped[int | None] = mapped_column(ForeignKey("site_batches.id", ondelete="RESTRICT"))
    ended_on: Mapped[date | None]  # last day of one that ended before; before `valid_from` it never held
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    end_ground: Mapped[str] = mapped_column(String(20), default="", server_default="")


class SiteBatch(Base):
    """One imported file of a register."""

    __tablename__ = "site_batches"
    __table_args__ = (
        CheckConstraint("mode IN ('add', 'sync')", name="mode"),
        CheckConstraint("length(digest) = 64", name="digest"),
        Index("ix_site_batches_last", "register", "id", sqlite_where=text("withdrawn_at IS NULL"),
              postgresql_where=text("withdrawn_at IS NULL")),
    )

    id: Mapped[id_column]
    code: Mapped[code_column] = mapped_column(unique=True)
    register: Mapped[str] = mapped_column(String(40))
    mode: Mapped[str] = mapped_column(String(10))
    as_of: Mapped[date]
    file_name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    row_count: Mapped[int]
    created_count: Mapped[int]
    known_count: Mapped[int]
    changed_count: Mapped[int]
    ended_count: Mapped[int]
    imported_at: Mapped[datetime]
    imported_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    withdrawn_at: Mapped[datetime | None]


class SiteProposal(Base):
    """What one person proposes of the positive list, and another decides: that a site enters it, or leaves it."""

    __tablename__ = "site_proposals"
    __table_args__ = (
        CheckConstraint("action IN ('admit', 'remove')", name="action"),
        CheckConstraint("(decided_at IS NULL) = (is_accepted IS NULL)", name="decided"),
        CheckConstraint("decided_by_id IS NULL OR ((proposed_by_id IS NULL OR decided_by_id <> proposed_by_id) "
                        "AND (proposed_for_id IS NULL OR decided_by_id <> proposed_for_id))", name="decider_is_another"),
        CheckConstraint("(action = 'remove') = (reason_code <> '')", name="reason"),
        Index("uq_site_proposals_waiting", "site_id", unique=True, sqlite_where=text("decided_at IS NULL"),
              postgresql_where=text("decided_at IS NULL")),
    )

    id: Mapped[id_column]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="RESTRICT"))
    action: Mapped[str] = mapped_column(String(10))
    reason_code: Mapped[str] = mapped_column(String(20), default="")
    record: Mapped[str] = mapped_column(String(80), default="")  # the stream that triggered it
    ticked: Mapped[dict[str, object]] = mapped_column(CanonicalJson, default=dict)  # of the checklist, by its codes
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    proposed_for_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    is_accepted: Mapped[bool | None]
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("site_entries.id", ondelete="RESTRICT"))


FOLDS: Folds = (
    Fold("sites", ("id",), ("id", "code", "name", "normalised", "kind", "credit_code", "plant_no", "trade_code", "area_code",
                            "address", "unit_id", "status", "site_class", "seq")),
    Fold("site_names", ("id",), ("id", "site_id", "name", "normalised", "last_on")),
    Fold("site_entries", ("id",), ("id", "site_id", "register", "value", "grounds", "document_no", "valid_from", "recorded_at",
                                   "recorded_by_id", "recorded_for_id", "decided_at", "decided_by_id", "is_accepted", "number",
                                   "is_number_odd", "valid_to", "payload", "import_batch_id", "ended_on", "ended_at",
                                   "ended_by_id", "end_ground")),
    Fold("site_batches", ("id",), ("id", "code", "register", "mode", "as_of", "digest", "row_count", "created_count",
                                   "known_count", "changed_count", "ended_count", "imported_at", "imported_by_id",
                                   "withdrawn_at"), ("file_name",)),
    Fold("site_proposals", ("id",), ("id", "site_id", "action", "reason_code", "record", "ticked", "proposed_at",
                                     "proposed_by_id", "proposed_for_id", "decided_at", "decided_by_id", "is_accepted",
                                     "entry_id")),
)
