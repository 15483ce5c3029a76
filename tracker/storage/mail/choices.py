"""How people want their mail: a row for each kind of which somebody chose another way than the first."""

from collections.abc import Collection

from sqlalchemy import CheckConstraint, ForeignKey, String, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.domain.house.folds import Fold, Folds
from tracker.domain.mail.kinds import HowMailed
from tracker.storage.house.base import Base


class MailChoice(Base):
    """One person's choice for one kind of mail."""

    __tablename__ = "mail_choices"
    __table_args__ = (CheckConstraint("way IN ('at_once', 'in_digest', 'never')", name="way"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    way: Mapped[str] = mapped_column(String(10))


FOLDS: Folds = (Fold("mail_choices", ("person_id", "kind"), ("person_id", "kind", "way")),)


_CHOICES = MailChoice.__table__.c
_CHOSEN = select(_CHOICES.person_id, _CHOICES.kind, _CHOICES.way).where(
    _CHOICES.person_id.in_(bindparam("people", expanding=True)))


def chosen(session: Session, people: Collection[int]) -> dict[tuple[int, str], HowMailed]:
    """The choices of these people, by person and kind."""
    rows = session.execute(_CHOSEN, {"people": list(people)})
    return {(row.person_id, row.kind): HowMailed(row.way) for row in rows}
