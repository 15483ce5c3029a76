"""Views of the register that somebody gave a name."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.house.folds import Folds, Unfolded
from tracker.storage.house.base import Base, id_column


class SavedView(Base):
    """One view: filters, sort and columns as the parameters of an address. With `unit_id` the people of that unit see it too."""

    __tablename__ = "saved_views"
    __table_args__ = (Index("uq_saved_views_person_name", "person_id", "name", unique=True),
                      Index("ix_saved_views_unit_id", "unit_id"))

    id: Mapped[id_column]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(40))
    query: Mapped[str] = mapped_column(String(1000))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]


FOLDS: Folds = (Unfolded("saved_views", "filters of the register that somebody gave a name"),)
