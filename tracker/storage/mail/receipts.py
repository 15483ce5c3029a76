"""What became of the mails of one record: to whom, under which Message-ID, how often tried and handed over, and what came
back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.storage.mail.outbox import Message
from tracker.storage.people.accounts import Person


@dataclass(frozen=True)
class MailReceipt:
    """One mail of a record. `deliveries` above one were handed over again under the same Message-ID."""

    reader: str
    subject: str
    state: str
    message_id: str
    tries: int
    deliveries: int
    sent_at: datetime | None
    error: str
    bounced_at: datetime | None
    bounce: str

    @property
    def standing(self) -> str:
        """Its state, or that it came back."""
        return self.state if self.bounced_at is None else "bounced"


def of_record(session: Session, record_id: int) -> tuple[MailReceipt, ...]:
    """The mails of a record, those in trouble first, then by name."""
    m = Message
    columns: tuple[Any, ...] = (func.coalesce(Person.name, m.robot, ""), m.subject, m.state, m.message_id, m.tries, m.deliveries,
                                m.sent_at,
                                func.coalesce(m.error, ""), m.bounced_at, m.bounce)
    query = select(*columns).select_from(m).outerjoin(Person, Person.id == m.person_id).where(m.record_id == record_id)
    found = [MailReceipt(*row) for row in session.execute(query.order_by(m.id))]
    return tuple(sorted(found, key=lambda each: (each.standing in ("sent", "waiting"), each.reader)))


def names_of(session: Session, people: Collection[int]) -> dict[int, str]:
    """The names of these people."""
    return {row.id: row.name for row in session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))}
