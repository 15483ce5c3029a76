"""People, units and roles."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.domain.house.actor import Role
from tracker.domain.house.folds import Fold, Folds
from tracker.domain.people.kinds import PersonKind
from tracker.storage.house.base import Base, code_column, enum_column, id_column, name_column


class Unit(Base):
    """A responsible unit. It is never deleted: it ends, and names its successor."""

    __tablename__ = "units"
    __table_args__ = (CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),)

    id: Mapped[id_column]
    code: Mapped[code_column] = mapped_column(unique=True)
    name: Mapped[name_column]
    kind: Mapped[str] = mapped_column(String(20))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id", ondelete="RESTRICT"))
    area_code: Mapped[str] = mapped_column(String(12), default="")
    email: Mapped[str | None] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(60))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("units.id", ondelete="RESTRICT"))

    parent: Mapped["Unit | None"] = relationship(foreign_keys=[parent_id], remote_side="Unit.id")


class Person(Base):
    """Somebody who signs in, or a service, which never does. Deactivation has a date; nobody is deleted while facts name them."""

    __tablename__ = "people"
    __table_args__ = (CheckConstraint("kind = 'person' OR (email IS NULL AND NOT is_head)", name="service"),)

    id: Mapped[id_column]
    login: Mapped[code_column] = mapped_column(unique=True)
    name: Mapped[name_column]
    title: Mapped[str] = mapped_column(String(100), default="")
    email: Mapped[str | None] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(60))
    email_since: Mapped[datetime | None]  # of an address that was changed
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id", ondelete="RESTRICT"), index=True)
    password_hash: Mapped[str]
    created_at: Mapped[datetime]
    deactivated_on: Mapped[date | None]
    is_head: Mapped[bool] = mapped_column(default=False, server_default=false())
    kind: Mapped[PersonKind] = mapped_column(enum_column(PersonKind, "kind"), default=PersonKind.person, server_default="person")

    unit: Mapped[Unit | None] = relationship()
    grants: Mapped[list["RoleGrant"]] = relationship(back_populates="person", order_by="RoleGrant.id")


class RoleGrant(Base):
    """One role of one person within an area ("" = everywhere); revoked by date, never removed."""

    __tablename__ = "role_grants"
    __table_args__ = (Index("ix_role_grants_role_area", "role", "area_code"),)

    id: Mapped[id_column]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    role: Mapped[Role] = mapped_column(enum_column(Role, "role"))
    area_code: Mapped[str] = mapped_column(String(12), default="")
    granted_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="grants")


FOLDS: Folds = (
    Fold("units", ("id",), ("id", "code", "name", "kind", "parent_id", "area_code", "valid_from", "valid_to", "successor_id"),
         ("email", "phone")),
    Fold("people", ("id",), ("id", "unit_id", "is_head", "kind", "created_at", "deactivated_on", "email_since"),
         ("login", "name", "title", "email", "phone", "password_hash")),
    Fold("role_grants", ("id",), ("id", "person_id", "role", "area_code", "granted_at", "revoked_at")),
)
