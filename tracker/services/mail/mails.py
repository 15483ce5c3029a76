"""The machinery of mails: what a room's table says of a fact becomes rows of the outbox, inside the deed's own transaction.

The tables stand in the rooms whose facts they are of: services/cases/declarations/mails.py, services/reports/appeal_mails.py.

No mail names a reporter or repeats a description. What else people wrote goes through the mask of its case.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any, NamedTuple, get_args

from tracker.domain.house.ledger import Fact
from tracker.domain.mail.gists import Gist
from tracker.domain.mail.kinds import HowMailed, Kinds, MailKind
from tracker.domain.rules.limits import Stage
from tracker.gateways.mail.pages import render
from tracker.services.house.work import Work
from tracker.services.mail import hours
from tracker.services.mail.audiences import Audience, Concern, reach_of, told
from tracker.services.mail.choices import way_of
from tracker.services.mail.offices import offices
from tracker.storage.house.base import EngineInsert, inserting
from tracker.storage.mail import bodies, choices
from tracker.storage.mail.bodies import MailText
from tracker.storage.mail.outbox import Message

DIGEST = "digest"  # the bundle of what comes once a day
APART = timedelta(minutes=10)  # should the process die before a run is put together, that is done after this time


@dataclass(frozen=True)
class Mail:
    """Which templates say it (`templates/mail/<name>/`), and who is told. Who is told for action gets it as what they are asked,
    everybody else as `kind`."""

    name: str
    to: tuple[Audience, ...]
    kind: MailKind = Kinds.informed


@dataclass(frozen=True)
class CaseAbout:
    """The case that a mail is about: its line among others, the words of its subject, which are the same for all its mails, and
    the thread that these make. `is_hourly` says whether a stage of it is counted in hours."""

    number: str
    title: str
    place: str
    notes: tuple[str, ...]
    due_words: str
    subject: str
    thread: str
    is_hourly: Callable[[Stage], bool]

    def gist(self, headline: str) -> Gist:
        """Its line in a mail of several."""
        return Gist(headline, self.number, self.title, self.place, "；".join(self.notes), self.due_words)


class ToldReader(NamedTuple):
    """One reader of a mail, as what they get it."""

    person_id: int
    kind: MailKind


@dataclass
class MailRun:
    """Many deeds of which whoever is told of several is told by one mail. `bundle` is empty until anybody is told, but for a run
    that is taken in pieces."""

    bundle: str = ""


@dataclass(frozen=True)
class _Page:
    mail: str
    subject: str
    text: MailText
    thread: str | None


_gathering: ContextVar[MailRun | None] = ContextVar("mails_gathered", default=None)


def put_mail(work: Work, fact: Fact, mail: Mail, concern: Concern, words: Mapping[str, object], about: CaseAbout | None = None,
             *, without: Sequence[int] = ()) -> tuple[int, ...]:
    """One page for all readers: those whom it concerns, and who stands in for one of them today; each once, nobody of `without`.
    Returns who is told."""
    readers = [each for each in _readers_of(work, mail, concern, about) if each.person_id not in (fact.actor_id, *without)]
    if not readers:
        return ()
    page = render(mail.name, {**words, "base_url": work.wiring.base_url})
    text = MailText(page.text, page.html, about.gist(page.subject).text if about else "")
    made = _Page(mail.name, about.subject if about else page.subject, text, about.thread if about else None)
    rows = _rows_for(work, [(f"notice/{fact.kind}/{fact.stream}#{fact.seq}/person:{each.person_id}", each) for each in readers],
                    made)
    if rows:
        bodies.keep(work.session, [text])
        work.session.execute(_SENDING[inserting(work.session)], rows)
    return tuple(each.person_id for each in readers)


def _rows_for(work: Work, readers: Sequence[tuple[str, ToldReader]], page: _Page) -> list[dict[str, Any]]:
    """The rows of one page for its readers, as each wants it; none for who wants none."""
    now, run = work.clock.now(), _gathering.get()
    waits = when_each_leaves(work, [each for _, each in readers], now)
    rows = []
    for key, each in readers:
        if (leaving := waits[each]) is None:
            continue
        bundle, due_at = leaving
        if run is not None and not bundle:
            run.bundle = run.bundle or bundle_of(key)
            bundle, due_at = run.bundle, now + APART
        rows.append(_message_row(work, key, each, page) | {"bundle": bundle or None, "due_at": due_at})
    return rows


def bundle_of(name: str) -> str:
    """The bundle of a run with this name."""
    return f"run/{hashlib.sha256(name.encode()).hexdigest()[:32]}"


def when_each_leaves(work: Work, readers: Sequence[ToldReader], now: datetime) -> dict[ToldReader, tuple[str, datetime] | None]:
    """In which bundle and when each of these leaves: at once in none, with the digest, or never."""
    asked = [each.person_id for each in readers if not each.kind.is_locked]
    found = choices.chosen(work.session, asked) if asked else {}
    leaves: dict[ToldReader, tuple[str, datetime] | None] = {}
    for each in readers:
        way = way_of(found, each.person_id, each.kind)
        waits = way is HowMailed.in_digest or (each.kind.goes_into_digest and not hours.may_leave(each.kind, now))
        leaves[each] = None if way is HowMailed.never else (DIGEST, hours.next_digest(now)) if waits else ("", now)
    return leaves


@contextmanager
def gathering(name: str = "") -> Iterator[MailRun]:
    """What is told inside waits a little, under one name, so that it can be put together. Inside another run it is part of
    that."""
    outer = _gathering.get()
    if outer is not None:
        yield MailRun()
        return
    run = MailRun(bundle_of(name) if name else "")
    token = _gathering.set(run)
    try:
        yield run
    finally:
        _gathering.reset(token)


_SENDING = {insert: insert(Message.__table__).on_conflict_do_nothing(index_elements=["dedupe_key"])
            for insert in get_args(EngineInsert)}


def message_id(dedupe_key: str, mail_from: str) -> str:
    """The fixed Message-ID of a mail: the same for every try, whoever sends it."""
    domain = parseaddr(mail_from)[1].rpartition("@")[2] or "localhost"
    return f"{hashlib.sha256(dedupe_key.encode()).hexdigest()[:32]}@{domain}"


def thread_of(work: Work, stream: str) -> str:
    """The Message-ID under which the mails of one record hang together: the same for all of them, and guessed by nobody."""
    return message_id(f"thread/{work.wiring.cipher.keyed_digest(f'thread|{stream}')}", work.wiring.mail_from)


def _readers_of(work: Work, mail: Mail, concern: Concern, about: CaseAbout | None) -> list[ToldReader]:
    among = offices(work.clock.today(), reach_of(mail.to, concern.parties))
    asking = [audience for audience in mail.to if audience.is_for_action]
    asked = {each.id for each in told(among, asking, concern)} if asking else set()
    clocks = [audience.stage for audience in asking if audience.stage is not None]
    of_asked = Kinds.asked if not mail.kind.is_locked else mail.kind
    if about is not None and any(about.is_hourly(stage) for stage in clocks):
        of_asked = Kinds.hourly
    found = {each.id: of_asked if each.id in asked else mail.kind for each in told(among, mail.to, concern)}
    return [ToldReader(person, kind) for person, kind in sorted(found.items())]


def _message_row(work: Work, key: str, reader: ToldReader, page: _Page) -> dict[str, Any]:
    return {"dedupe_key": key, "person_id": reader.person_id, "mail": page.mail, "subject": f"【销号】{page.subject}",
            "body_digest": page.text.digest, "message_id": message_id(key, work.wiring.mail_from), "state": "waiting", "tries": 0,
            "priority": reader.kind.priority, "kind": reader.kind.code, "thread": page.thread}
