"""Run-time preferences and counters."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.house.folds import Folds, Unfolded
from tracker.storage.house.base import Base


class Counter(Base):
    """A running number, such as the case numbers of a year. Locked by its row."""

    __tablename__ = "counters"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    last: Mapped[int]


class Preference(Base):
    """A setting changed at run time."""

    __tablename__ = "preferences"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str]


FOLDS: Folds = (
    Unfolded("counters", "follow from the numbers given out, and are compared with them"),
    Unfolded("preferences", "choices of this installation and marks of its caches, which decide no case"),
)
