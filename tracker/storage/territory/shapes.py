"""Shapes of the map in versions, and who answers for a section of a railway line."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.house.folds import Fold, Folds
from tracker.storage.house.base import Base, code_column, id_column, name_column

LAYERS = "layer IN ('line', 'section', 'fence', 'ownership', 'zone', 'built_up')"


class ShapeSet(Base):
    """A version of some shapes of one layer, as one file brought it: a draft until somebody else puts it in force, or dropped.
    From then on it does not change, and the database keeps it so."""

    __tablename__ = "shape_sets"
    __table_args__ = (
        CheckConstraint(LAYERS, name="layer"),
        CheckConstraint("(activated_at IS NULL) = (valid_from IS NULL)", name="in_force"),
        CheckConstraint("(activated_at IS NULL) = (number IS NULL)", name="numbered"),
        CheckConstraint("activated_at IS NULL OR dropped_at IS NULL", name="settled_once"),
        CheckConstraint("activated_by_id <> loaded_by_id AND activated_by_id <> loaded_for_id", name="activator_is_not_loader"),
        UniqueConstraint("layer", "year", "number"),
    )

    id: Mapped[id_column]
    layer: Mapped[str] = mapped_column(String(10))
    year: Mapped[int | None]  # the version is called by the year in which it began to hold and its place in it
    number: Mapped[int | None]
    source: Mapped[str] = mapped_column(String(80))
    document_no: Mapped[str] = mapped_column(String(60), default="")
    file_name: Mapped[str] = mapped_column(String(120), default="")
    file_digest: Mapped[str] = mapped_column(String(64))
    wanted_from: Mapped[date | None]
    loaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))  # None: the command line
    loaded_for_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    loaded_at: Mapped[datetime]
    valid_from: Mapped[date | None]
    activated_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    activated_at: Mapped[datetime | None]
    overlaps_kept: Mapped[str] = mapped_column(default="")  # pairs of codes that were said to lie on one another rightly
    dropped_at: Mapped[datetime | None]


class ShapeRow(Base):
    """One shape. It has no first day until its version is put in force; then nothing of it changes but its last."""

    __tablename__ = "shapes"
    __table_args__ = (
        CheckConstraint(LAYERS, name="layer"),
        CheckConstraint("metre_from < metre_to", name="stretch"),
        CheckConstraint("side IN ('', 'left', 'right')", name="side"),
        CheckConstraint("owner_kind IN ('', 'railway', 'local', 'third', 'disputed')", name="owner_kind"),
        CheckConstraint("is_end OR geometry IS NOT NULL OR metre_from IS NOT NULL", name="somewhere"),
        CheckConstraint("valid_to IS NULL OR valid_from IS NOT NULL", name="ends_after_beginning"),
        UniqueConstraint("set_id", "code"),
        Index("uq_shapes_code_valid_from", "code", "valid_from", unique=True),
    )

    id: Mapped[id_column]
    set_id: Mapped[int] = mapped_column(ForeignKey("shape_sets.id", ondelete="RESTRICT"))
    code: Mapped[code_column]
    layer: Mapped[str] = mapped_column(String(10))
    name: Mapped[name_column]
    geometry: Mapped[str | None]  # GeoJSON in CGCS2000 or WGS-84
    west: Mapped[float | None]
    south: Mapped[float | None]
    east: Mapped[float | None]
    north: Mapped[float | None]
    line: Mapped[str] = mapped_column(String(60), default="")
    metre_from: Mapped[float | None]
    metre_to: Mapped[float | None]
    side: Mapped[str] = mapped_column(String(5), default="")
    unit_code: Mapped[str] = mapped_column(String(60), default="")
    owner_kind: Mapped[str] = mapped_column(String(10), default="")
    tolerance_metres: Mapped[float | None]
    extra: Mapped[str] = mapped_column(default="{}")
    is_end: Mapped[bool] = mapped_column(default=False)  # from the version on there is none of this code
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class ChiefRow(Base):
    """A section chief （段长）: who answers for a section on one side of the railway, from a day on."""

    __tablename__ = "chiefs"
    __table_args__ = (
        CheckConstraint("side IN ('local', 'rail')", name="side"),
        CheckConstraint("tier IN (1, 2, 3)", name="tier"),
        UniqueConstraint("section_code", "side", "tier", "valid_from"),
    )

    id: Mapped[id_column]
    section_code: Mapped[code_column]
    side: Mapped[str] = mapped_column(String(5))
    tier: Mapped[int]
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id", ondelete="RESTRICT"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    title: Mapped[str] = mapped_column(String(60), default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


FOLDS: Folds = (
    Fold("shape_sets", ("id",), ("id", "layer", "year", "number", "source", "document_no", "file_name", "file_digest",
                                 "wanted_from", "loaded_by_id", "loaded_for_id", "loaded_at", "valid_from", "activated_by_id",
                                 "activated_at", "overlaps_kept", "dropped_at")),
    Fold("shapes", ("id",), ("id", "set_id", "code", "layer", "name", "line", "metre_from", "metre_to", "side", "unit_code",
                             "owner_kind", "tolerance_metres", "extra", "is_end", "valid_from", "valid_to"),
         ("geometry", "west", "south", "east", "north")),  # where works of the railway lie is no text for the ledger
    Fold("chiefs", ("id",), ("id", "section_code", "side", "tier", "unit_id", "person_id", "title", "valid_from", "valid_to")),
)
