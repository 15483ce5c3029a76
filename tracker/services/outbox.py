"""Sends what waits in the outbox: claim with a lease, send, mark; back off when it fails, give up loudly when it keeps failing.

Deciding to tell somebody happened once, in the deed's transaction. Delivery is at least once, and the fixed Message-ID
makes a second delivery after a crash harmless.
"""

import logging
import os
import socket
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, func, or_, select, update

from tracker.gateways.mail_out import MailFault, Send, build_message
from tracker.services.work import Work, deed, plant
from tracker.storage.accounts import Person
from tracker.storage.base import db
from tracker.storage.outbox import Message

PORTION = 20
LEASE = timedelta(minutes=10)
BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440))
log = logging.getLogger("xiaohao.outbox")


@dataclass(frozen=True)
class Claimed:
    """One mail in this process's hands. Without an address it cannot be sent any more."""

    id: int
    person_id: int
    subject: str
    text: str
    message_id: str
    tries: int
    address: str | None = None


@dataclass
class Sent:
    """What one round did."""

    sent: int = 0
    postponed: int = 0
    given_up: int = 0

    def sentence(self) -> str:
        """The same in words."""
        return f"发出 {self.sent} 封，推迟 {self.postponed} 封，放弃 {self.given_up} 封"


def send_due(worker: str | None = None) -> Sent:
    """Send everything that is due, portion by portion. Any number of processes may do this at once."""
    done, name = Sent(), worker or worker_name()
    while portion := _claim(name):
        _send_portion(portion, done)
    return done


def worker_name() -> str:
    """Who this process is, for the claims it makes."""
    return f"{socket.gethostname()[:60]}/{os.getpid()}"


def counts() -> dict[str, int]:
    """How many mails stand in each state."""
    rows = db.session.execute(select(Message.state, func.count()).group_by(Message.state))
    return {row[0]: row[1] for row in rows}


@deed
def hold(work: Work) -> int:
    """Freeze what is unsent, after a restore; returns how many."""
    frozen = update(Message).where(Message.state.in_(("waiting", "claimed")))
    return len(work.session.execute(
        frozen.values(state="held", claimed_by=None, lease_until=None).returning(Message.id)).all())


@deed
def release(work: Work) -> int:
    """Let frozen mails go, once a person has decided so; returns how many."""
    thawed = update(Message).where(Message.state == "held").values(state="waiting", due_at=work.clock.now())
    return len(work.session.execute(thawed.returning(Message.id)).all())


@deed
def _claim(work: Work, worker: str) -> list[Claimed]:
    """The next portion, now leased to this worker. A lease that ran out belongs to a process that died."""
    now = work.clock.now()
    is_due = or_(and_(Message.state == "waiting", Message.due_at <= now), and_(Message.state == "claimed", Message.lease_until < now))
    due = select(Message.id).where(is_due).order_by(Message.due_at, Message.id).limit(PORTION).with_for_update(skip_locked=True)
    claim = update(Message).where(Message.id.in_(due)).values(
        state="claimed", claimed_by=worker, lease_until=now + LEASE, tries=Message.tries + 1)
    columns = (Message.id, Message.person_id, Message.subject, Message.text, Message.message_id, Message.tries)
    rows = work.session.execute(claim.returning(*columns).execution_options(synchronize_session=False)).all()
    people = select(Person.id, Person.email).where(Person.id.in_({r.person_id for r in rows}), Person.deactivated_on.is_(None))
    addresses = {row.id: row.email for row in work.session.execute(people)} if rows else {}
    return [Claimed(*row, address=addresses.get(row.person_id)) for row in sorted(rows)]


def _send_portion(portion: list[Claimed], done: Sent) -> None:
    try:
        with plant().mail.connection() as send:
            for mail in portion:
                _send_one(send, mail, done)
    except MailFault as fault:  # no connection, so nothing was sent: the whole portion waits for another time
        for mail in portion:
            _fail(mail, fault, done)


def _send_one(send: Send, mail: Claimed, done: Sent) -> None:
    try:
        if mail.address is None:
            raise MailFault("收件人已停用或没有邮箱", is_final=True)
        send(build_message(mail.subject, mail.text, mail.address, mail.message_id, mail_from=plant().mail_from,
                           date=plant().clock.now()))
    except MailFault as fault:
        _fail(mail, fault, done)
        return
    _mark(mail.id, "sent", None)
    done.sent += 1


def _fail(mail: Claimed, fault: MailFault, done: Sent) -> None:
    if fault.is_final or mail.tries > len(BACK_OFF):
        _mark(mail.id, "given_up", fault.reason)
        done.given_up += 1
        log.error("mail %s given up after %s tries", mail.message_id, mail.tries)
        return
    _mark(mail.id, "waiting", fault.reason, BACK_OFF[mail.tries - 1])
    done.postponed += 1


@deed
def _mark(work: Work, mail_id: int, state: str, error: str | None, later: timedelta = timedelta()) -> None:
    now = work.clock.now()
    values = {"state": state, "error": error, "claimed_by": None, "lease_until": None, "sent_at": now if state == "sent" else None}
    if state == "waiting":
        values["due_at"] = now + later
    work.session.execute(update(Message).where(Message.id == mail_id, Message.state == "claimed").values(**values))
