"""Sends what waits in the outbox: claim with a lease, send, mark; back off when it fails, give up loudly when it keeps failing.

Deciding to tell somebody happened once, in the deed's transaction. Delivery is at least once, and the fixed Message-ID
makes a second delivery after a crash harmless: it is counted before the message leaves, so that it is seen afterwards.
"""

import json
import logging
import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import and_, delete, exists, func, or_, select, update

from tracker.domain.errors import Refusal
from tracker.gateways.mail_out import MailFault, Send, build_message
from tracker.gateways.robots import post
from tracker.services import robots, rule_values
from tracker.services.work import Work, deed, plant
from tracker.storage.accounts import Person
from tracker.storage.base import db
from tracker.storage.outbox import Message
from tracker.storage.runs import Preference

PORTION = 20
LEASE = timedelta(minutes=10)
BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440))
FROZEN = "outbox_frozen"
OVER_CAP = "超过每人每日 {most} 封的上限，顺延至次日"
OVER_RATE = "超过群机器人每分钟 {most} 条的上限，稍后再发"
log = logging.getLogger("xiaohao.outbox")
_IS_FROZEN = exists().where(Preference.key == FROZEN)


@dataclass(frozen=True)
class Claimed:
    """One message in this process's hands, for a person or a group robot. Without an address it cannot be sent any more."""

    id: int
    person_id: int | None
    robot: str | None
    subject: str
    text: str
    html: str | None
    pictures: str
    message_id: str
    tries: int
    worker: str
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
        _send_mails([each for each in portion if each.robot is None], done)
        for each in portion:
            if each.robot is not None:
                _hand(each, _post, done)
    return done


def worker_name() -> str:
    """Who this process is, for the claims it makes."""
    return f"{socket.gethostname()[:60]}/{os.getpid()}"


def counts() -> dict[str, int]:
    """How many mails stand in each state."""
    rows = db.session.execute(select(Message.state, func.count()).group_by(Message.state))
    return {row[0]: row[1] for row in rows}


def is_frozen() -> bool:
    """Whether nothing is sent until a person releases it."""
    return bool(db.session.scalar(select(_IS_FROZEN)))


@deed
def hold(work: Work) -> int:
    """Freeze what is unsent, after a restore, and whatever is written from now on; returns how many are held already."""
    work.session.merge(Preference(key=FROZEN, value=work.clock.now().isoformat()))
    frozen = update(Message).where(Message.state.in_(("waiting", "claimed")))
    return len(work.session.execute(
        frozen.values(state="held", claimed_by=None, lease_until=None).returning(Message.id)).all())


@deed
def release(work: Work) -> int:
    """Let frozen mails go, and later ones too, once a person has decided so; returns how many were held."""
    work.session.execute(delete(Preference).where(Preference.key == FROZEN))
    thawed = update(Message).where(Message.state == "held").values(state="waiting", due_at=work.clock.now())
    return len(work.session.execute(thawed.returning(Message.id)).all())


@deed
def _claim(work: Work, worker: str) -> list[Claimed]:
    """The next portion, now leased to this worker. A lease that ran out belongs to a process that died."""
    now = work.clock.now()
    is_due = or_(and_(Message.state == "waiting", Message.due_at <= now), and_(Message.state == "claimed", Message.lease_until < now))
    due = select(Message.id).where(is_due, ~_IS_FROZEN).order_by(Message.due_at, Message.id).limit(PORTION).with_for_update(
        skip_locked=True, of=Message)
    claim = update(Message).where(Message.id.in_(due)).values(
        state="claimed", claimed_by=worker, lease_until=now + LEASE, tries=Message.tries + 1)
    columns = (Message.id, Message.person_id, Message.robot, Message.subject, Message.text, Message.html, Message.pictures, Message.message_id,
               Message.tries)
    rows = work.session.execute(claim.returning(*columns).execution_options(synchronize_session=False)).all()
    people = select(Person.id, Person.email).where(Person.id.in_({r.person_id for r in rows}), Person.deactivated_on.is_(None))
    addresses: dict[int | None, str | None] = {row.id: row.email for row in work.session.execute(people)} if rows else {}
    posts = robots.addresses() if any(row.robot for row in rows) else {}
    return [Claimed(*row, worker=worker, address=posts.get(row.robot) if row.robot else addresses.get(row.person_id))
            for row in sorted(rows, key=lambda row: row.id)]


def _send_mails(portion: list[Claimed], done: Sent) -> None:
    if not portion:
        return
    try:
        with plant().mail.connection() as send:
            for mail in portion:
                _hand(mail, lambda each: _mail(send, each), done)
    except MailFault as fault:  # no connection, so nothing was sent: the whole portion waits for another time
        for mail in portion:
            _fail(mail, fault, done)


def _hand(mail: Claimed, hand_over: Callable[[Claimed], None], done: Sent) -> None:
    """Count the delivery, hand it over, mark it. What a crash leaves between the first and the last shows in the count."""
    if mail.address is None:
        _fail(mail, MailFault("收件人已停用或没有邮箱" if mail.robot is None else "群机器人未启用或没有地址", is_final=True), done)
        return
    later = _begin(mail)
    if later is not None:
        done.postponed += later
        return
    try:
        hand_over(mail)
    except MailFault as fault:
        _fail(mail, fault, done, was_handed=True)
        return
    _mark(mail, "sent", None)
    done.sent += 1


def _mail(send: Send, mail: Claimed) -> None:
    send(build_message(mail.subject, mail.text, mail.address or "", mail.message_id, mail_from=plant().mail_from, date=plant().clock.now(),
                       html=mail.html, pictures=_pictures(mail)))


def _post(mail: Claimed) -> None:
    post(mail.address or "", mail.text)


def _pictures(mail: Claimed) -> Mapping[str, bytes]:
    """The pictures of a mail. One that is gone does not keep the mail back: its numbers stand beside it in words."""
    found = {}
    for name, digest in json.loads(mail.pictures or "{}").items():
        try:
            found[name] = plant().blobs.get(digest)
        except Refusal as refusal:
            log.error("picture %s of mail %s: %s", name, mail.message_id, refusal.sentence)
    return found


@deed
def _begin(work: Work, mail: Claimed) -> bool | None:
    """None when it may leave now, its delivery counted and its lease renewed; else whether it was put off. What another process took
    over meanwhile is left alone."""
    now = work.clock.now()
    mine = and_(Message.id == mail.id, Message.state == "claimed", Message.claimed_by == mail.worker)
    if (reason := _too_many(work, mail, now)) is not None:
        said, due_at = reason
        put_off = update(Message).where(mine).values(state="waiting", due_at=due_at, error=said, tries=Message.tries - 1, claimed_by=None,
                                                     lease_until=None)
        return bool(work.session.execute(put_off.returning(Message.id)).all())
    begun = update(Message).where(mine).values(deliveries=Message.deliveries + 1, lease_until=now + LEASE)
    return None if work.session.execute(begun.returning(Message.id)).all() else False


def _too_many(work: Work, mail: Claimed, now: datetime) -> tuple[str, datetime] | None:
    """The reason and the new time for what is more than a person gets in a day, or a robot takes in a minute."""
    today = work.clock.today()
    if mail.robot is not None:
        most, since, to = robots.a_minute(), now - timedelta(minutes=1), Message.robot == mail.robot
    else:
        most, to = rule_values.number("daily_mail_cap", today), Message.person_id == mail.person_id
        since = datetime.combine(today, time(), work.plant.zone)
    if (work.session.scalar(select(func.count()).where(to, Message.sent_at > since)) or 0) < most:
        return None
    if mail.robot is not None:
        return OVER_RATE.format(most=most), now + timedelta(minutes=1)
    morning = time.fromisoformat(str(rule_values.value("quiet_hours", today)).rpartition("-")[2])
    return OVER_CAP.format(most=most), datetime.combine(today + timedelta(days=1), morning, work.plant.zone)


def _fail(mail: Claimed, fault: MailFault, done: Sent, *, was_handed: bool = False) -> None:
    undone = was_handed and not fault.is_unsure
    if fault.is_final or mail.tries > len(BACK_OFF):
        _mark(mail, "given_up", fault.reason, undone=undone)
        done.given_up += 1
        log.error("mail %s given up after %s tries", mail.message_id, mail.tries)
        return
    _mark(mail, "waiting", fault.reason, BACK_OFF[mail.tries - 1], undone=undone)
    done.postponed += 1


@deed
def _mark(work: Work, mail: Claimed, state: str, error: str | None, later: timedelta = timedelta(), *, undone: bool = False) -> None:
    """How it went. `undone` takes back the delivery that was counted: the other side said that it did not take the message."""
    now = work.clock.now()
    values: dict[str, object] = {"state": state, "error": error, "claimed_by": None, "lease_until": None, "sent_at": now if state == "sent" else None}
    if state == "waiting":
        values["due_at"] = now + later
    if undone:
        values["deliveries"] = Message.deliveries - 1
    mine = (Message.id == mail.id, Message.state == "claimed", Message.claimed_by == mail.worker)
    work.session.execute(update(Message).where(*mine).values(**values))
