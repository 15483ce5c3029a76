"""Problem types, and the questions that are asked of their cases."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.house.folds import Fold, Folds
from tracker.storage.house.base import Base, name_column


class CategoryRow(Base):
    """A problem type. `place` orders it among the others; `aliases` are the words of other people's tables, 、 between two."""

    __tablename__ = "categories"
    __table_args__ = (CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),)

    key: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[name_column]
    place: Mapped[int]
    parent: Mapped[str] = mapped_column(String(20))
    successor: Mapped[str] = mapped_column(String(20))
    aliases: Mapped[str] = mapped_column(String(500))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class QuestionRow(Base):
    """A question of a type. `choices` are code=word, 、 between two."""

    __tablename__ = "category_questions"
    __table_args__ = (
        CheckConstraint("kind IN ('yes', 'choice', 'number', 'text', 'date')", name="kind"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),
    )

    category: Mapped[str] = mapped_column(ForeignKey("categories.key", ondelete="RESTRICT"), primary_key=True)
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    place: Mapped[int]
    word: Mapped[name_column]
    kind: Mapped[str] = mapped_column(String(10))
    choices: Mapped[str] = mapped_column(String(500))
    unit: Mapped[str] = mapped_column(String(20))
    hint: Mapped[name_column]
    is_required: Mapped[bool]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


FOLDS: Folds = (
    Fold("categories", ("key",), ("key", "name", "place", "parent", "successor", "aliases", "valid_from", "valid_to")),
    Fold("category_questions", ("category", "code"), ("category", "code", "place", "word", "kind", "choices", "unit", "hint",
                                                      "is_required", "valid_from", "valid_to")),
)
