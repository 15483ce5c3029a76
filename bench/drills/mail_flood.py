"""`python -m bench.drills.mail_flood`: 5,000 mails are written, the mail server takes 20 ms for each, then the morning list is
written. Told is how long the flood took to write, how long the list's mails waited, how long the flood went on, and what
putting together a digest of as many takes."""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from threading import Event, Thread

from flask import Flask
from sqlalchemy import func, select, update

from bench.__main__ import made
from tracker import create_app
from tracker.domain.house.links import to_case
from tracker.domain.mail.kinds import Kinds, MailPriority
from tracker.gateways.mail.sending import MailSender, Send
from tracker.services.house.work import Work, wiring
from tracker.services.mail import bundles, letters, outbox
from tracker.services.mail.letters import Letter
from tracker.services.mail.mails import DIGEST
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message
from tracker.storage.people.accounts import Person

WORDS = {"number": "XH-2026-000001", "due": "", "word": "清单", "link": to_case("XH-2026-000001"), "title": "夜间施工噪声扰民",
         "place": "云锦路 12 号", "notes": ()}
A_ROUND = 1.0


class SlowSender(MailSender):
    """A mail server that takes its time and keeps nothing."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.mail_from = seconds, "bench@localhost"

    @contextmanager
    def connection(self) -> Iterator[Send]:
        """One way out."""
        yield self._take

    def _take(self, message: EmailMessage) -> None:
        time.sleep(self.seconds)


def main() -> None:
    """Fill the outbox, send, write the list, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.drills.mail_flood")
    parser.add_argument("--flood", type=int, default=5000)
    parser.add_argument("--milliseconds", type=float, default=20)
    parser.add_argument("--most-seconds", type=float, default=240)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= made(0, "sqlite", Path(folder)).environment
        from config import Settings

        app = create_app(Settings.from_env(dotenv=None), mailer=SlowSender(options.milliseconds / 1000))
        is_over = Event()
        with app.app_context():
            people = list(db.session.scalars(select(Person.id).where(Person.email.is_not(None)).order_by(Person.id)))
            _flood(people, options.flood)
        sender = Thread(target=_send, args=(app, is_over))
        begin = time.monotonic()
        sender.start()
        time.sleep(5)
        with app.app_context():
            _list_arrives(people[:60], begin)
            while (left := _waiting(MailPriority.ordinary)) and time.monotonic() - begin < options.most_seconds:
                time.sleep(1)
            print(f"of the flood of {options.flood:,} there are {left:,} left after {time.monotonic() - begin:.0f} s")
            is_over.set()
        sender.join()
        with app.app_context():
            _digest(people, options.flood)


def _flood(people: list[int], amount: int, name: str = "flood") -> None:
    begin = time.monotonic()
    with Work(wiring()) as work:
        letters.put(work, [Letter(people[n % len(people)], "step_taken", f"{name}/{n}", {**WORDS, "number": f"XH-2026-{n:06}"},
                                  kind=Kinds.chores) for n in range(amount)])
    print(f"{amount:,} mails written in {time.monotonic() - begin:.1f} s")


def _digest(people: list[int], amount: int) -> None:
    _flood(people, amount, "digest")
    db.session.execute(update(Message).where(Message.dedupe_key.startswith("digest/")).values(bundle=DIGEST))
    db.session.commit()
    begin = time.monotonic()
    bundles.put_together_due()
    print(f"put together for {len(people)} readers in {time.monotonic() - begin:.1f} s; the most memory so far "
          f"{getrusage(RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _send(app: Flask, is_over: Event) -> None:
    while not is_over.is_set():
        with app.app_context():
            outbox.send_due()
            db.session.remove()
        time.sleep(A_ROUND)


def _list_arrives(people: list[int], begin: float) -> None:
    with Work(wiring()) as work:
        letters.put(work, [Letter(person, "step_taken", f"morning/{person}", WORDS) for person in people])
    written = time.monotonic()
    while left := _waiting(MailPriority.listed):
        if time.monotonic() - written > 120:
            break
        time.sleep(0.1)
    took, flood = time.monotonic() - written, _waiting(MailPriority.ordinary)
    print(f"the list of {len(people)} was written {written - begin:.0f} s into the flood; after {took:.1f} s {left} "
          f"of it waited, and {flood:,} others")


def _waiting(priority: MailPriority) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Message).where(
        Message.priority == int(priority), Message.state.in_(("waiting", "claimed")))) or 0


if __name__ == "__main__":
    main()
