"""What the administrator sees of the outbox: how it stands, what is stuck and why, whose address does not work. No text of any mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select

from tracker.storage.accounts import Person
from tracker.storage.base import db
from tracker.storage.outbox import FROZEN, Message
from tracker.storage.runs import Preference


@dataclass(frozen=True)
class Standing:
    """Counts of the outbox. `put_off` wait for another day or minute; `repeated` were handed over more than once."""

    waiting: int
    held: int
    given_up: int
    put_off: int
    bounced: int
    repeated: int
    is_frozen: bool


@dataclass(frozen=True)
class MailLine:
    """One message that needs somebody's eye."""

    id: int
    reader: str
    email: str | None
    subject: str
    state: str
    tries: int
    deliveries: int
    due_at: datetime
    error: str | None
    bounced_at: datetime | None
    bounce: str


@dataclass(frozen=True)
class BouncedReader:
    """Somebody whose mails come back: how many, when last, and what the server said."""

    login: str
    name: str
    email: str | None
    count: int
    last_at: datetime
    words: str


TROUBLES: dict[str, ColumnElement[bool]] = {
    "held": Message.state == "held", "given_up": Message.state == "given_up", "bounced": Message.bounced_at.is_not(None),
    "put_off": (Message.state == "waiting") & Message.error.is_not(None), "repeated": Message.deliveries > 1,
}


def standing() -> Standing:
    """How the outbox stands, in one statement."""
    counts = [func.count().filter(condition) for condition in (
        Message.state.in_(("waiting", "claimed")), TROUBLES["held"], TROUBLES["given_up"], TROUBLES["put_off"], TROUBLES["bounced"], TROUBLES["repeated"])]
    frozen = exists().where(Preference.key == FROZEN).select()
    row = db.session.execute(select(*counts, frozen.scalar_subquery()).select_from(Message)).one()
    return Standing(row[0], row[1], row[2], row[3], row[4], row[5], bool(row[6]))


def lines(kinds: Sequence[str] = tuple(TROUBLES), limit: int = 100) -> tuple[MailLine, ...]:
    """The messages of these kinds, newest first."""
    conditions = [TROUBLES[kind] for kind in kinds]
    wanted = conditions[0]
    for each in conditions[1:]:
        wanted = wanted | each
    query = select(Message.id, func.coalesce(Person.name, Message.robot, ""), Person.email, Message.subject, Message.state, Message.tries,
                   Message.deliveries, Message.due_at, Message.error, Message.bounced_at, Message.bounce).outerjoin(
        Person, Person.id == Message.person_id).where(wanted).order_by(Message.id.desc()).limit(limit)
    return tuple(MailLine(*row) for row in db.session.execute(query))


def bounced_readers() -> tuple[BouncedReader, ...]:
    """Everybody in office with a mail that came back, the latest first."""
    query = select(Person.login, Person.name, Person.email, func.count(), func.max(Message.bounced_at), func.max(Message.bounce)).join(
        Message, Message.person_id == Person.id).where(Message.bounced_at.is_not(None), Person.deactivated_on.is_(None)).group_by(
        Person.id, Person.login, Person.name, Person.email).order_by(func.max(Message.bounced_at).desc())
    return tuple(BouncedReader(login, name, email, count, at, words) for login, name, email, count, at, words in db.session.execute(query)
                 if at is not None)
