"""What the public reads or shall read: one row for each version, erased of its text when it is withdrawn."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    false,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from tracker.domain.house.folds import Fold, Folds
from tracker.domain.publications.flow import PublicationState
from tracker.storage.house.areas import within_area
from tracker.storage.house.base import Base, CanonicalJson, enum_column, id_column, name_column
from tracker.storage.people.accounts import Person

PAGE_SIZE = 50
WITHOUT = "state IN ('draft', 'discarded')"


class Publication(Base):
    """One version of a publication. `body` has the texts by their fields and the table, `editors` everybody whose words stand in
    it; the digest is that of title and body as they were when they went out."""

    __tablename__ = "publications"
    __table_args__ = (
        CheckConstraint(f"({WITHOUT}) = (published_at IS NULL)", name="published"),
        CheckConstraint(f"({WITHOUT}) = (digest = '')", name="digest"),
        CheckConstraint("(published_at IS NULL) = (reviewed_by_id IS NULL)", name="reviewed"),
        CheckConstraint("reviewed_by_id <> drafted_by_id", name="reviewer_is_another"),
        CheckConstraint("(state IN ('draft', 'published')) = (closed_at IS NULL)", name="closed"),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="days"),
        CheckConstraint("version >= 1 AND seq >= 1 AND subject_seq >= 0", name="counted"),
        UniqueConstraint("kind", "subject", "version"),
        Index("uq_publications_draft", "kind", "subject", unique=True, sqlite_where=text("state = 'draft'"),
              postgresql_where=text("state = 'draft'")),
        Index("uq_publications_open", "kind", "subject", unique=True, sqlite_where=text("state = 'published'"),
              postgresql_where=text("state = 'published'")),
        Index("ix_publications_area", "area_code", "state", "id"),
        Index("ix_publications_subject", "subject", "id"),
    )

    id: Mapped[id_column]
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(60))
    subject_seq: Mapped[int]
    version: Mapped[int]
    area_code: Mapped[str] = mapped_column(String(12))
    title: Mapped[name_column]
    body: Mapped[dict[str, Any]] = mapped_column(CanonicalJson)
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    state: Mapped[PublicationState] = mapped_column(enum_column(PublicationState, "state"))
    seq: Mapped[int] = mapped_column(default=1)
    drafted_at: Mapped[datetime]
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    editors: Mapped[dict[str, Any]] = mapped_column(CanonicalJson, default=dict)  # {"ids": […]}
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    published_at: Mapped[datetime | None]
    digest: Mapped[str] = mapped_column(String(64), default="")
    closed_at: Mapped[datetime | None]
    closed_ground: Mapped[str] = mapped_column(String(500), default="")

    @property
    def stream(self) -> str:
        """Its stream in the ledger."""
        return f"publication:{self.id}"


def published_of(session: Session, subject: str) -> Publication | None:
    """What the public reads of this subject."""
    return session.scalar(select(Publication).where(Publication.subject == subject,
                                                    Publication.state == PublicationState.published))


def of_subject(session: Session, subject: str) -> tuple[Publication, ...]:
    """Every version of what was made public of a subject, or shall be, the newest first."""
    return tuple(session.scalars(select(Publication).where(Publication.subject == subject).order_by(Publication.id.desc())))


def next_version(session: Session, kind: str, subject: str) -> int:
    """The number of the version that is drafted next."""
    last = session.scalar(select(func.max(Publication.version)).where(Publication.kind == kind, Publication.subject == subject))
    return (last or 0) + 1


def past_their_last(session: Session, on: date) -> tuple[int, ...]:
    """The ids of what the public reads although its last day is over."""
    return tuple(session.scalars(select(Publication.id).where(
        Publication.state == PublicationState.published, Publication.to_on < on).order_by(Publication.id)))


def page(session: Session, areas: tuple[str, ...], state: str = "", before: int | None = None,
         size: int = PAGE_SIZE) -> tuple[list[Any], int | None]:
    """One page of what is drafted and published in these areas, the newest first: rows of the publication with the names of who
    drafted and who reviewed it; and where the next page begins."""
    drafter, reviewer = aliased(Person), aliased(Person)
    query = select(Publication, drafter.name, reviewer.name).join(drafter, drafter.id == Publication.drafted_by_id).outerjoin(
        reviewer, reviewer.id == Publication.reviewed_by_id)
    query = query.where(or_(false(), *(within_area(Publication.area_code, code) for code in areas)))
    if state:
        query = query.where(Publication.state == state)
    if before is not None:
        query = query.where(Publication.id < before)
    rows = list(session.execute(query.order_by(Publication.id.desc()).limit(size + 1)))
    return rows[:size], rows[size - 1][0].id if len(rows) > size else None


FOLDS: Folds = (
    Fold("publications", ("id",),
         ("id", "kind", "subject", "subject_seq", "version", "area_code", "from_on", "to_on", "state", "seq", "drafted_at",
          "drafted_by_id", "editors", "reviewed_by_id", "published_at", "digest", "closed_at"),
         ("title", "body", "closed_ground")),
)
