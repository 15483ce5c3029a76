"""The outbox rows in one process's hands: claimed with a lease, begun, marked.

A claim is its worker and its try together: whoever claims the row again makes every later word of the first one void. One commit
between two mails marks the one and begins the next, so that no more than one can ever be handed over without being marked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, cast

from sqlalchemy import Table, Update, and_, bindparam, case, exists, func, null, or_, select, true, update

from tracker.domain.house.say import Say
from tracker.domain.mail.kinds import MailPriority
from tracker.services.house.work import Work, deed
from tracker.services.mail import hours, robots
from tracker.services.mail.mails import DIGEST
from tracker.services.rules import values as rule_values
from tracker.storage.house.preferences import Preference
from tracker.storage.mail import bodies
from tracker.storage.mail.bodies import MailText
from tracker.storage.mail.outbox import FROZEN, Message, drop_unread
from tracker.storage.people.accounts import Person

PORTION = 50
LEASE = timedelta(minutes=10)
WITHOUT_END = 1_000_000_000
OVER_CAP = "超过每人每日 {most} 封的上限，并入次日汇总"
OVER_RATE = "超过群机器人每分钟 {most} 条的上限，稍后再发"
NOBODY = "收件人已停用或没有邮箱"
OF_SECRETS = ("password_link",)  # once sent, nothing of them is kept
_IS_FROZEN = exists().where(Preference.key == FROZEN)
_OUTBOX, _PEOPLE = cast(Table, Message.__table__), Person.__table__.c
_ROW, _OTHER = _OUTBOX.c, _OUTBOX.alias("others").c
_MINE = and_(_ROW.id == bindparam("mail_id"), _ROW.state == "claimed", _ROW.claimed_by == bindparam("worker"),
             _ROW.tries == bindparam("try_"))


@dataclass(frozen=True)
class Claimed:
    """One message in this process's hands, for a person or a group robot. Without an address it cannot be sent any more; `most`
    is how many its reader gets in a day, or a robot in a minute."""

    id: int
    person_id: int | None
    robot: str | None
    subject: str
    mail: str
    body_digest: str | None
    pictures: str
    message_id: str
    tries: int
    priority: int
    thread: str | None
    worker: str
    address: str | None
    most: int
    words: MailText

    @property
    def mine(self) -> dict[str, object]:
        """What tells this claim from every other."""
        return {"mail_id": self.id, "worker": self.worker, "try_": self.tries}


@dataclass(frozen=True)
class Ended:
    """How a claim ended. `is_undone` takes back the delivery that was counted: the other side did not take the message."""

    mail: Claimed
    state: str
    error: str | None = None
    later: timedelta = timedelta()
    is_undone: bool = False


@dataclass(frozen=True)
class Begun:
    """What came of beginning a mail: it may leave, or it was put off, or it lies in other hands."""

    may_leave: bool = False
    was_put_off: bool = False


@deed
def claim(work: Work, worker: str) -> list[Claimed]:
    """The next portion, now leased to this worker. A lease that ran out belongs to a process that died."""
    now = work.clock.now()
    is_due = or_(and_(Message.state == "waiting", Message.due_at <= now),
                 and_(Message.state == "claimed", Message.lease_until < now))
    passing = hours.kinds_that_pass(now)
    may_leave = Message.kind.in_(passing) if passing is not None else true()
    due = select(Message.id).where(is_due, Message.bundle.is_(None), may_leave,
                                   ~_IS_FROZEN).order_by(Message.priority, Message.due_at, Message.id).limit(
        PORTION).with_for_update(skip_locked=True, of=Message)
    taken = update(Message).where(Message.id.in_(due)).values(
        state="claimed", claimed_by=worker, lease_until=now + LEASE, tries=Message.tries + 1)
    columns: tuple[Any, ...] = (Message.id, Message.person_id, Message.robot, Message.mail, Message.subject, Message.body_digest,
                                Message.pictures, Message.message_id, Message.tries, Message.priority, Message.thread)
    elsewhere = select(Message.id, Message.address).where(Message.address.is_not(None))
    rows: Sequence[Any] = work.session.execute(taken.returning(*columns).execution_options(synchronize_session=False)).all()
    people = select(Person.id, Person.email).where(Person.id.in_({r.person_id for r in rows}), Person.deactivated_on.is_(None))
    addresses: dict[int | None, str | None] = {row.id: row.email for row in work.session.execute(people)} if rows else {}
    posts = robots.addresses() if any(row.robot for row in rows) else {}
    a_day, a_minute = (rule_values.number("daily_mail_cap", work.clock.today()), robots.a_minute()) if rows else (0, 0)
    elsewhere = elsewhere.where(Message.id.in_({r.id for r in rows}))
    others = {row.id: row.address for row in work.session.execute(elsewhere)} if rows else {}
    texts = bodies.texts_of(work.session, {row.body_digest for row in rows})
    return [Claimed(**row._asdict(), worker=worker, words=texts.get(row.body_digest) or MailText(""),
                    address=posts.get(row.robot) if row.robot else others.get(row.id) or addresses.get(row.person_id),
                    most=a_minute if row.robot else a_day if row.priority == MailPriority.ordinary else WITHOUT_END)
            for row in sorted(rows, key=lambda row: (row.priority, row.id))]


@deed
def turn(work: Work, ended: Ended | None, mail: Claimed) -> Begun:
    """Mark the mail that was sent and begin this one: its delivery counted and its lease renewed, if it is still in these hands,
    its reader still there, and neither day nor minute full."""
    if ended is not None:
        _mark_ended(ended)
    now = work.clock.now()
    asked = {**mail.mine, "to": mail.robot or mail.person_id, "since": _counted_since(work, mail, now), "most": mail.most,
             "until": now + LEASE}
    if mail.robot is None:
        asked["sent_to"] = mail.address
    if work.session.execute(_BEGINNING[mail.robot is not None], asked).first() is not None:
        return Begun(may_leave=True)
    return Begun(was_put_off=_put_off(work, mail, now))


def mark(ended: Ended | None) -> None:
    """How it went with one, by itself."""
    if ended is not None:
        _mark_ended(ended)


@deed
def give_back(work: Work, mails: Sequence[Claimed]) -> int:
    """Let go of what was not tried, as if it had never been claimed; returns how many were still in these hands."""
    return sum(bool(work.session.execute(_WAITING_AGAIN,
                                         {**mail.mine, "due": work.clock.now(), "said": None, "into": None}).first())
               for mail in mails)


@deed
def _mark_ended(work: Work, ended: Ended) -> None:
    now = work.clock.now()
    values: dict[str, Any] = {**ended.mail.mine, "to_state": ended.state, "said": ended.error, "at": now if ended.state == "sent"
                              else None,
                              "undone": int(ended.is_undone)}
    if ended.state == "waiting":
        values["due"] = now + ended.later
    work.session.execute(_MARKING["due" in values], values)
    if ended.state == "sent" and ended.mail.mail in OF_SECRETS and ended.mail.body_digest:
        drop_unread(work.session, [ended.mail.body_digest])


def _put_off(work: Work, mail: Claimed, now: datetime) -> bool:
    """Why it did not begin: too many today or this minute, for another time; somebody with another address now, or gone: claimed
    anew at once, and then it is seen. What another process took over meanwhile is left alone."""
    to = _ROW.robot == mail.robot if mail.robot is not None else and_(_ROW.person_id == mail.person_id, _counts_today(_ROW))
    sent = work.session.scalar(select(func.count()).where(to, _ROW.sent_at > _counted_since(work, mail, now))) or 0
    said, due_at = _put_off_until(work, mail, now) if sent >= mail.most else (None, now)
    return work.session.execute(_WAITING_AGAIN,
                                {**mail.mine, "due": due_at, "said": said, "into": DIGEST if said and mail.robot is None
                                 else None}).first() is not None and said is not None


def _counted_since(work: Work, mail: Claimed, now: datetime) -> datetime:
    return now - timedelta(minutes=1) if mail.robot is not None else datetime.combine(work.clock.today(), time(),
                                                                                      work.wiring.zone)


def _put_off_until(work: Work, mail: Claimed, now: datetime) -> tuple[str, datetime]:
    """The reason and the new time for what is more than a person gets in a day, or a robot takes in a minute."""
    if mail.robot is not None:
        return Say(OVER_RATE, most=mail.most), now + timedelta(minutes=1)
    return Say(OVER_CAP, most=mail.most), hours.next_digest(now)


def _counts_today(columns: Any) -> Any:
    """Lists, alarms, what presses and the digest are never kept back, and keep nothing back."""
    return columns.priority == int(MailPriority.ordinary)


# The statements of every mail, built once: putting them together would take longer than running them.


def _begin_statement(is_post: bool) -> Update:
    to, others = (_ROW.robot, _OTHER.robot) if is_post else (_ROW.person_id, _OTHER.person_id)
    sent = select(func.count()).where(others == bindparam("to", type_=to.type), true() if is_post else _counts_today(_OTHER),
                                      _OTHER.sent_at > bindparam("since", type_=_ROW.sent_at.type))
    is_there = true() if is_post else exists().where(
        _PEOPLE.id == _ROW.person_id, _PEOPLE.deactivated_on.is_(None),
        or_(_PEOPLE.email == bindparam("sent_to"), _ROW.address == bindparam("sent_to")))
    return update(_OUTBOX).where(_MINE, is_there, sent.scalar_subquery() < bindparam("most")).values(
        deliveries=_ROW.deliveries + 1, lease_until=bindparam("until")).returning(_ROW.id)


def _mark_statement(is_waiting: bool) -> Update:
    to = bindparam("to_state", type_=_ROW.state.type)
    kept = case((and_(to == "sent", _ROW.mail.in_(OF_SECRETS)), null()), else_=_ROW.body_digest)
    values = {"state": to, "body_digest": kept, "error": bindparam("said"), "claimed_by": None, "lease_until": None,
              "sent_at": bindparam("at"),
              "deliveries": _ROW.deliveries - bindparam("undone")}
    return update(_OUTBOX).where(_MINE).values(**values, **({"due_at": bindparam("due")} if is_waiting else {}))


_BEGINNING = {is_post: _begin_statement(is_post) for is_post in (False, True)}
_MARKING = {is_waiting: _mark_statement(is_waiting) for is_waiting in (False, True)}
_WAITING_AGAIN = update(_OUTBOX).where(_MINE).values(state="waiting", due_at=bindparam("due"), error=bindparam("said"),
                                                     bundle=bindparam("into"),
                                                     tries=_ROW.tries - 1,
                                                     claimed_by=None, lease_until=None).returning(_ROW.id)
