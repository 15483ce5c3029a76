"""The machinery of mails: what a room's table says of a fact becomes rows of the outbox, inside the deed's own transaction.

The tables stand in the rooms whose facts they are of: services/cases/declarations/mails.py, services/reports/appeal_mails.py.

No mail names a reporter or repeats a title or description: a mail leaves the house, and the case page is one click away.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr
from typing import Any, get_args

from tracker.domain.house.ledger import Fact
from tracker.gateways.mail.pages import MailPage, render
from tracker.services.house.work import Work
from tracker.services.mail.audiences import Audience, Concern, told_now
from tracker.storage.house.base import EngineInsert, inserting
from tracker.storage.mail import bodies
from tracker.storage.mail.bodies import MailText
from tracker.storage.mail.outbox import MailPriority, Message


@dataclass(frozen=True)
class Mail:
    """Which templates say it (`templates/mail/<name>/`), and who is told."""

    name: str
    to: tuple[Audience, ...]


@dataclass(frozen=True)
class Part:
    """One mail that waits to be put together with others: its key, its reader, the fact and the words."""

    dedupe_key: str
    person_id: int
    kind: str
    words: Mapping[str, object]


APART = timedelta(minutes=10)  # should the process die before they are put together, each goes by itself after this time
_gathering: ContextVar[list[Part] | None] = ContextVar("mails_gathered", default=None)


def put_mail(work: Work, fact: Fact, mail: Mail, concern: Concern, words: Mapping[str, object]) -> None:
    """One page for all readers: those whom it concerns, and who stands in for one of them today; each once."""
    addressees = told_now(mail.to, concern, work.clock.today())
    readers = sorted(each.id for each in addressees if each.id != fact.actor_id)
    if not readers:
        return
    page = render(mail.name, {**words, "base_url": work.wiring.base_url})
    keys = {person: f"notice/{fact.kind}/{fact.stream}#{fact.seq}/person:{person}" for person in readers}
    rows = [_message_row(work, key, person, mail.name, page) for person, key in keys.items()]
    if (gathered := _gathering.get()) is not None:
        gathered += [Part(key, person, fact.kind, words) for person, key in keys.items()]
        rows = [{**row, "priority": MailPriority.gathered, "due_at": row["due_at"] + APART} for row in rows]
    bodies.keep(work.session, [MailText(page.text, page.html)])
    work.session.execute(_SENDING[inserting(work.session)], rows)


@contextmanager
def gathering() -> Iterator[list[Part]]:
    """What is told inside waits a little, and is noted, so that it can be put together."""
    parts: list[Part] = []
    token = _gathering.set(parts)
    try:
        yield parts
    finally:
        _gathering.reset(token)


_SENDING = {insert: insert(Message.__table__).on_conflict_do_nothing(index_elements=["dedupe_key"])
            for insert in get_args(EngineInsert)}


def message_id(dedupe_key: str, mail_from: str) -> str:
    """The fixed Message-ID of a mail: the same for every try, whoever sends it."""
    domain = parseaddr(mail_from)[1].rpartition("@")[2] or "localhost"
    return f"{hashlib.sha256(dedupe_key.encode()).hexdigest()[:32]}@{domain}"


def _message_row(work: Work, key: str, person_id: int, mail: str, page: MailPage) -> dict[str, Any]:
    return {"dedupe_key": key, "person_id": person_id, "mail": mail, "subject": f"【销号】{page.subject}",
            "body_digest": MailText(page.text, page.html).digest, "message_id": message_id(key, work.wiring.mail_from),
            "state": "waiting", "due_at": work.clock.now(), "tries": 0,
            "priority": MailPriority.ordinary}
