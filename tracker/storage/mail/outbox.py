"""Messages that wait to be sent, written in the deed's own transaction."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, delete, exists
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship

from tracker.domain.house.folds import Folds, Unfolded
from tracker.domain.mail.kinds import Kinds, MailPriority
from tracker.storage.house.base import Base, SentenceText, id_column
from tracker.storage.mail.bodies import MailBody, MailText, unpacked

FROZEN = "outbox_frozen"  # the preference that holds everything back until a person releases it


class Message(Base):
    """One message to one person, or to one group robot. `dedupe_key` makes writing it twice impossible; `message_id` is fixed for
    every try, and `deliveries` counts the times it was handed over: more than one was delivered twice, recognisably. What has a
    `bundle` waits to be put together with what else its reader has in it; `thread` is the Message-ID that no mail has, under
    which readers' programs show the mails of one case together."""

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'claimed', 'sent', 'given_up', 'held')", name="state"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent"),
        CheckConstraint("(person_id IS NULL) <> (robot IS NULL)", name="reader"),
        Index("ix_outbox_state_priority_due", "state", "priority", "due_at"),
        Index("ix_outbox_bundle", "bundle", "due_at", sqlite_where=sql("bundle IS NOT NULL"),
              postgresql_where=sql("bundle IS NOT NULL")),
    )

    id: Mapped[id_column]
    dedupe_key: Mapped[str] = mapped_column(String(200), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    mail: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str]
    body_digest: Mapped[str | None] = mapped_column(ForeignKey("mail_bodies.digest", ondelete="RESTRICT"), index=True)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    due_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(SentenceText)
    record_id: Mapped[int | None] = mapped_column(ForeignKey("cadence_records.id", ondelete="SET NULL"), index=True)
    pictures: Mapped[str] = mapped_column(default="", server_default="")
    deliveries: Mapped[int] = mapped_column(default=0, server_default="0")
    bounced_at: Mapped[datetime | None]
    bounce: Mapped[str] = mapped_column(default="", server_default="")
    robot: Mapped[str | None] = mapped_column(String(40))
    priority: Mapped[int] = mapped_column(default=MailPriority.ordinary, server_default="20")
    address: Mapped[str | None] = mapped_column(String(200))  # where it goes to another one than the person's of now
    kind: Mapped[str] = mapped_column(String(20), default=Kinds.informed.code, server_default=Kinds.informed.code)
    bundle: Mapped[str | None] = mapped_column(String(80))
    thread: Mapped[str | None] = mapped_column(String(120))

    body: Mapped[MailBody | None] = relationship()

    @property
    def words(self) -> MailText:
        """Text and page, as long as they are kept."""
        return unpacked(self.body)

    @property
    def text(self) -> str:
        """The text; empty once it was tidied. A new one may be given to what is in a session."""
        return self.words.text

    @text.setter
    def text(self, new: str) -> None:
        self._reword_body(replace(self.words, text=new))

    @property
    def html(self) -> str | None:
        """The page, where it has one."""
        return self.words.html

    @html.setter
    def html(self, new: str | None) -> None:
        self._reword_body(replace(self.words, html=new))

    @property
    def gist(self) -> str:
        """What a mail of several says of it, where it is of one case."""
        return self.words.gist

    @gist.setter
    def gist(self, new: str) -> None:
        self._reword_body(replace(self.words, gist=new))

    def _reword_body(self, words: MailText) -> None:
        session = object_session(self)
        assert session is not None
        self.body = session.merge(MailBody(**words.row))


FOLDS: Folds = (Unfolded("outbox", "mails follow from facts, and their sending is told by who got them"),)


def drop_unread(session: Session, digests: Iterable[str] | None = None) -> int:
    """Forget bodies that no mail has any more, all or some; returns how many."""
    unread = delete(MailBody).where(~exists().where(Message.body_digest == MailBody.digest))
    if digests is not None:
        unread = unread.where(MailBody.digest.in_(list(digests)))
    return len(session.scalars(unread.returning(MailBody.digest).execution_options(synchronize_session=False)).all())
