"""What the administrator sees of the outbox: how it stands, what is stuck and why, whose address does not work. No text of any
mail."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Text, exists, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from tracker.domain.house.say import opening
from tracker.domain.mail.kinds import MailPriority
from tracker.storage.house.preferences import Preference
from tracker.storage.mail.outbox import FROZEN, Message
from tracker.storage.people.accounts import Person, RoleGrant


@dataclass(frozen=True)
class OutboxStanding:
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


@dataclass(frozen=True)
class Capped:
    """Somebody whose mails wait for another day, because their day is full: how many, and from when on they go out."""

    name: str
    count: int
    due_at: datetime


TROUBLES: dict[str, ColumnElement[bool]] = {
    "held": Message.state == "held", "given_up": Message.state == "given_up", "bounced": Message.bounced_at.is_not(None),
    "put_off": (Message.state == "waiting") & Message.error.is_not(None), "repeated": Message.deliveries > 1,
}


def standing(session: Session) -> OutboxStanding:
    """How the outbox stands, in one statement."""
    counts = [func.count().filter(condition) for condition in (
        Message.state.in_(("waiting", "claimed")), TROUBLES["held"], TROUBLES["given_up"], TROUBLES["put_off"],
        TROUBLES["bounced"], TROUBLES["repeated"])]
    frozen = exists().where(Preference.key == FROZEN).select()
    row = session.execute(select(*counts, frozen.scalar_subquery()).select_from(Message)).one()
    return OutboxStanding(row[0], row[1], row[2], row[3], row[4], row[5], bool(row[6]))


def lines(session: Session, kinds: Sequence[str] = tuple(TROUBLES), limit: int = 100) -> tuple[MailLine, ...]:
    """The messages of these kinds, newest first."""
    conditions = [TROUBLES[kind] for kind in kinds]
    wanted = conditions[0]
    for each in conditions[1:]:
        wanted = wanted | each
    query = select(Message.id, func.coalesce(Person.name, Message.robot, ""), Person.email, Message.subject, Message.state,
                   Message.tries,
                   Message.deliveries, Message.due_at, Message.error, Message.bounced_at, Message.bounce).outerjoin(
        Person, Person.id == Message.person_id).where(wanted).order_by(Message.id.desc()).limit(limit)
    return tuple(MailLine(*row) for row in session.execute(query))


def bounced_readers(session: Session) -> tuple[BouncedReader, ...]:
    """Everybody in office with a mail that came back, the latest first."""
    query = select(Person.login, Person.name, Person.email, func.count(), func.max(Message.bounced_at),
                   func.max(Message.bounce)).join(
        Message, Message.person_id == Person.id).where(Message.bounced_at.is_not(None), Person.deactivated_on.is_(None)).group_by(
        Person.id, Person.login, Person.name, Person.email).order_by(func.max(Message.bounced_at).desc())
    return tuple(BouncedReader(login, name, email, count, at, words)
                 for login, name, email, count, at, words in session.execute(query)
                 if at is not None)


def over_cap(session: Session, area_code: str, said: str) -> tuple[Capped, ...]:
    """Whose mails are over the daily cap, of those with a role in this area, below or above it; the most first. `said` is the
    message by which the outbox puts a mail off."""
    above = [area_code[:length] for length in range(len(area_code) + 1)]
    theirs = exists().where(RoleGrant.person_id == Person.id, RoleGrant.revoked_at.is_(None),
                            or_(RoleGrant.area_code.in_(above), RoleGrant.area_code.startswith(area_code, autoescape=True)))
    query = select(Person.name, func.count(), func.min(Message.due_at)).join(Message, Message.person_id == Person.id).where(
        Message.state == "waiting", type_coerce(Message.error, Text).startswith(opening(said), autoescape=True),
        theirs).group_by(Person.id, Person.name)
    rows = session.execute(query.order_by(func.count().desc(), Person.name)).all()
    return tuple(Capped(name, count, due_at) for name, count, due_at in rows if due_at is not None)


def most_on_days(session: Session, since: datetime, zone: ZoneInfo) -> list[int]:
    """How many mails of the ordinary kind each person got on each day since then: one number for each person and day."""
    query = select(Message.person_id, Message.sent_at).where(
        Message.sent_at >= since, Message.person_id.is_not(None), Message.priority == int(MailPriority.ordinary))
    return list(Counter((person, at.astimezone(zone).date()) for person, at in session.execute(query) if at).values())
