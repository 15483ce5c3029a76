"""Sends what waits in the outbox: claim with a lease, send, mark; back off when it fails, give up loudly when it keeps failing.

Deciding to tell somebody happened once, in the deed's transaction. Delivery is at least once, and the fixed Message-ID
makes a second delivery after a crash harmless: it is counted before the message leaves, so that it is seen afterwards.
"""

import json
import logging
import os
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, exists, func, select, update

from tracker.domain.house.errors import Refusal
from tracker.domain.house.say import Say
from tracker.gateways.mail.robots import post
from tracker.gateways.mail.sending import MailFault, Send, build_message
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.services.mail import bundles
from tracker.services.mail.claims import NOBODY, Claimed, Ended, claim, give_back, mark, turn
from tracker.services.mail.ledger_foot import ledger_foot, page_with_foot, text_with_foot
from tracker.services.mail.way_out import mail_from
from tracker.storage.house.preferences import Preference
from tracker.storage.mail.outbox import FROZEN, Message

BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440))
log = logging.getLogger("xiaohao.outbox")


@dataclass
class Sent:
    """What one round did."""

    sent: int = 0
    postponed: int = 0
    given_up: int = 0

    def sentence(self) -> str:
        """The same in words."""
        return Say("发出 {sent} 封，推迟 {postponed} 封，放弃 {given_up} 封", sent=self.sent, postponed=self.postponed,
                   given_up=self.given_up)


def send_due(worker: str | None = None) -> Sent:
    """Send everything that is due, portion by portion, over one connection; when that breaks, what was not tried waits for the
    next round. Any number of processes may do this at once."""
    done, name = Sent(), worker or worker_name()
    bundles.put_together_due()
    with ExitStack() as stack:
        send: Send | None = None
        while portion := claim(name):
            mails = [each for each in portion if each.robot is None]
            _post_all([each for each in portion if each.robot is not None], done)
            if mails and send is None and (send := _open_connection(stack, mails, done)) is None:
                break
            if send is not None and not send_mails(mails, send, done):
                break
    return done


def send_mails(mails: Sequence[Claimed], send: Send, done: Sent) -> bool:
    """Send these one after another; whether the connection held."""
    ended: Ended | None = None
    foot = ledger_foot(reading(), wiring().clock.now())
    for place, mail in enumerate(mails):
        ended, is_cut = _send_next(ended, mail, lambda each: _send_mail(send, each, foot), done)
        if is_cut:
            mark(ended)
            give_back(mails[place + 1:])
            return False
    mark(ended)
    return True


def worker_name() -> str:
    """Who this process is, for the claims it makes."""
    return f"{socket.gethostname()[:60]}/{os.getpid()}"


def counts() -> dict[str, int]:
    """How many mails stand in each state."""
    rows = reading().execute(select(Message.state, func.count()).group_by(Message.state))
    return {row[0]: row[1] for row in rows}


def is_frozen() -> bool:
    """Whether nothing is sent until a person releases it."""
    return bool(reading().scalar(select(exists().where(Preference.key == FROZEN))))


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


def _open_connection(stack: ExitStack, mails: Sequence[Claimed], done: Sent) -> Send | None:
    """The way out; None while there is none, and then nothing was sent: these wait for another time."""
    try:
        return stack.enter_context(wiring().mail.connection())
    except MailFault as fault:
        for mail in mails:
            mark(_failed_end(mail, fault, done))
        return None


def _post_all(posts: Sequence[Claimed], done: Sent) -> None:
    ended: Ended | None = None
    for each in posts:
        ended, _ = _send_next(ended, each, _post_to_robot, done)
    mark(ended)


def _send_next(before: Ended | None, mail: Claimed, hand_over: Callable[[Claimed], None],
               done: Sent) -> tuple[Ended | None, bool]:
    """Mark the one before, count this delivery, hand it over; how it ended, and whether nothing more goes by this way. What a
    crash leaves between the counting and the mark shows in the count."""
    if mail.address is None:
        mark(before)
        reason = NOBODY if mail.robot is None else "群机器人未启用或没有地址"
        return _failed_end(mail, MailFault(reason, is_final=True), done, is_begun=False), False
    begun = turn(before, mail)
    if not begun.may_leave:
        done.postponed += begun.was_put_off
        return None, False
    try:
        hand_over(mail)
    except MailFault as fault:
        return _failed_end(mail, fault, done, is_begun=True), fault.is_cut
    except Exception as error:  # one mail that cannot be put together must not stop the others for ever
        log.exception("mail %s", mail.message_id)
        return _failed_end(mail, MailFault(Say("发送出错：{error}", error=type(error).__name__), is_final=False, is_unsure=True), done,
                           is_begun=True), False
    done.sent += 1
    return Ended(mail, "sent"), False


def _send_mail(send: Send, mail: Claimed, foot: str) -> None:
    send(build_message(mail.subject, text_with_foot(mail.words.text, foot), mail.address or "", mail.message_id,
                       mail_from=mail_from(), date=wiring().clock.now(), html=page_with_foot(mail.words.html, foot),
                       pictures=_mail_pictures(mail), thread=mail.thread))


def _post_to_robot(mail: Claimed) -> None:
    post(mail.address or "", mail.words.text)


def _mail_pictures(mail: Claimed) -> Mapping[str, bytes]:
    """The pictures and files of a mail. One that is gone does not keep the mail back: its numbers stand beside it in words."""
    found = {}
    for name, digest in json.loads(mail.pictures or "{}").items():
        try:
            found[name] = wiring().blobs.get(digest)
        except Refusal as refusal:
            log.error("picture %s of mail %s: %s", name, mail.message_id, refusal.sentence)
    return found


def _failed_end(mail: Claimed, fault: MailFault, done: Sent, *, is_begun: bool = False) -> Ended:
    is_undone = is_begun and not fault.is_unsure
    if fault.is_final or mail.tries > len(BACK_OFF):
        done.given_up += 1
        log.error("mail %s given up after %s tries", mail.message_id, mail.tries)
        return Ended(mail, "given_up", fault.reason, is_undone=is_undone)
    done.postponed += 1
    return Ended(mail, "waiting", fault.reason, BACK_OFF[mail.tries - 1], is_undone)
