"""The registry of supervised sites: each with the names it had and its dated entries."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.house.folds import Fold, Folds
from tracker.domain.sites.registers import SiteRegister
from tracker.storage.house.base import Base, enum_column, id_column, name_column

KINDS = "kind IN ('company', 'construction', 'catering', 'station', 'public_facility', 'other')"
VALUES = ("(register = 'site_class' AND value IN ('A', 'B', 'C')) OR "
          "(register = 'status' AND value IN ('active', 'suspended', 'ended'))")


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
    """A dated entry of a register. One that needs a second person counts when that one accepted it. It holds until the next of
    its register; nothing of it changes but its decision, once."""

    __tablename__ = "site_entries"
    __table_args__ = (
        CheckConstraint(VALUES, name="value"),
        CheckConstraint("(decided_at IS NULL) = (is_accepted IS NULL)", name="decided"),
        CheckConstraint("register <> 'site_class' OR decided_by_id IS NULL OR (decided_by_id <> recorded_by_id "
                        "AND (recorded_for_id IS NULL OR decided_by_id <> recorded_for_id))", name="decider_is_another"),
        Index("ix_site_entries_site", "site_id", "register", "valid_from"),
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


FOLDS: Folds = (
    Fold("sites", ("id",), ("id", "code", "name", "normalised", "kind", "credit_code", "plant_no", "trade_code", "area_code",
                            "address", "unit_id", "status", "site_class", "seq")),
    Fold("site_names", ("id",), ("id", "site_id", "name", "normalised", "last_on")),
    Fold("site_entries", ("id",), ("id", "site_id", "register", "value", "grounds", "document_no", "valid_from", "recorded_at",
                                   "recorded_by_id", "recorded_for_id", "decided_at", "decided_by_id", "is_accepted")),
)
