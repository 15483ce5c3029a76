"""One mail a person for a deed that was done to many cases. Each case told its readers in its own transaction, by mails that wait
a little; when all is done they are put together. A process that dies in between leaves them, and each goes by itself."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby

from sqlalchemy import delete, select, update

from tracker.domain.cases.wording import fact_word
from tracker.services.house.work import Work, deed
from tracker.services.mail.letters import Letter, put
from tracker.services.mail.mails import Part, gathering
from tracker.storage.mail.outbox import MailPriority, Message

MAIL = "many_cases"


@contextmanager
def one_mail_each() -> Iterator[None]:
    """Whoever is told of several cases by the deeds inside is told of them by one mail."""
    with gathering() as parts:
        yield
    if parts:
        _put_together(parts)


@deed
def _put_together(work: Work, parts: Sequence[Part]) -> None:
    keys = [part.dedupe_key for part in parts]
    waiting = set(work.session.scalars(select(Message.dedupe_key).where(
        Message.dedupe_key.in_(keys), Message.state.in_(("waiting", "held"))).with_for_update()))
    there = sorted((part for part in parts if part.dedupe_key in waiting), key=lambda part: (part.person_id, part.kind))
    alone, letters, replaced = list[str](), list[Letter](), list[str]()
    for (person, kind), group in groupby(there, key=lambda part: (part.person_id, part.kind)):
        mine = list(group)
        if len(mine) == 1:
            alone.append(mine[0].dedupe_key)
            continue
        replaced += [part.dedupe_key for part in mine]
        words = {"word": fact_word(kind), "count": len(mine), "cases": [part.words for part in mine]}
        letters.append(Letter(person, MAIL, f"many/{mine[0].dedupe_key}", words, priority=MailPriority.ordinary))
    put(work, letters)
    work.session.execute(delete(Message).where(Message.dedupe_key.in_(replaced)))
    work.session.execute(update(Message).where(Message.dedupe_key.in_(alone)).values(
        priority=MailPriority.ordinary, due_at=work.clock.now()))
