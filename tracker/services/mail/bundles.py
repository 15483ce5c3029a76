"""One mail a person for what belongs together: a deed for many cases, a job of the clock, the digest of a day.

Each mail was written in its own deed's transaction, with the name of its bundle, and waits. Put together are a run's mails when
the run is over, and a digest's when its time has come. A process that dies in between leaves them to the next that sends.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from sqlalchemy import delete, select, update

from tracker.domain.house.links import Link, Place, to_case
from tracker.domain.house.say import Listed, Say
from tracker.domain.mail.gists import Gist, gist_of
from tracker.domain.mail.kinds import KINDS, Kinds, MailKind
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.services.mail.letters import Letter, put
from tracker.services.mail.mails import DIGEST, gathering
from tracker.storage.mail import bodies
from tracker.storage.mail.bodies import MailText
from tracker.storage.mail.outbox import Message, drop_unread

MAIL = "many_cases"
MOST_LINES = 100
MOST_NAMED = 3  # headlines in a subject
MINE = ("waiting", "held")


@dataclass(frozen=True)
class RunPiece:
    """A part of a run that is taken piece by piece: all pieces have its name, which nobody else's run has, and after the last one
    it is over. Of one whose last piece never comes what was told leaves a little later."""

    name: str = ""
    is_last: bool = True


WHOLE = RunPiece()


@contextmanager
def one_mail_each(piece: RunPiece = WHOLE) -> Iterator[None]:
    """Whoever is told of several cases by the deeds inside is told of them by one mail, whatever becomes of the run."""
    with gathering(piece.name) as run:
        try:
            yield
        finally:
            if run.bundle and piece.is_last:
                for person in _people_of(run.bundle):
                    _put_together(person, run.bundle)


def put_together_due() -> int:
    """Every bundle whose time has come: one mail for each reader and bundle. Returns how many bundles there were."""
    query = select(Message.person_id, Message.bundle).where(
        Message.bundle.is_not(None), Message.state == "waiting", Message.due_at <= wiring().clock.now()).distinct()
    found = sorted((person, bundle) for person, bundle in reading().execute(query) if person is not None and bundle)
    for person, bundle in found:
        _put_together(person, bundle)
    return len(found)


def _people_of(bundle: str) -> list[int]:
    query = select(Message.person_id).where(Message.bundle == bundle, Message.state.in_(MINE)).distinct()
    return sorted(person for person in reading().scalars(query) if person is not None)


@deed
def _put_together(work: Work, person_id: int, bundle: str) -> None:
    of_reader = (Message.person_id == person_id, Message.bundle == bundle, Message.state.in_(MINE))
    is_due = (Message.due_at <= work.clock.now(),) if bundle == DIGEST else ()
    rows = work.session.scalars(select(Message).where(*of_reader, *is_due).order_by(Message.priority, Message.id).with_for_update(
        of=Message)).all()
    if len(rows) == 1:
        work.session.execute(update(Message).where(Message.id == rows[0].id).values(bundle=None, due_at=work.clock.now(),
                                                                                    error=None))
        return
    if not rows:
        return
    texts = bodies.texts_of(work.session, {row.body_digest for row in rows})
    told = [(row, texts.get(row.body_digest) or MailText("")) for row in rows]
    kind = Kinds.digest if bundle == DIGEST else _strongest_kind(rows)
    put(work, [Letter(person_id, MAIL, f"many/{rows[0].dedupe_key}", _words_of(told, is_digest=bundle == DIGEST), kind=kind,
                      is_bundle=True, pictures=_files_of(work, rows))])
    work.session.execute(delete(Message).where(Message.id.in_([row.id for row in rows])))
    drop_unread(work.session, {row.body_digest for row in rows if row.body_digest})


def _files_of(work: Work, rows: Sequence[Message]) -> dict[str, bytes]:
    """What was attached to the mails; pictures belong to pages of which only the text goes on."""
    named = {name: digest for row in rows for name, digest in json.loads(row.pictures or "{}").items() if Path(name).suffix}
    return {name: work.wiring.blobs.get(digest) for name, digest in named.items() if work.wiring.blobs.exists(digest)}


def _strongest_kind(rows: Sequence[Message]) -> MailKind:
    codes = {row.kind for row in rows}
    return next((kind for kind in KINDS if kind.code in codes), Kinds.informed)


def _words_of(told: Sequence[tuple[Message, MailText]], *, is_digest: bool) -> dict[str, object]:
    """What happened to many cases, headline by headline, what is asked first; then what is of no case, whole."""
    order = {kind.code: place for place, kind in enumerate(KINDS)}
    lines = [(order.get(row.kind, len(order)), gist_of(text.gist)) for row, text in told if text.gist]
    ranked = {gist.headline: min(rank for rank, other in lines if other.headline == gist.headline) for _, gist in lines}
    of_cases = sorted((gist for _, gist in lines), key=lambda gist: (ranked[gist.headline], gist.headline))
    sections = [_section_of(headline, list(group)) for headline, group in groupby(of_cases, key=lambda gist: gist.headline)]
    words = {kind.code: kind.word for kind in KINDS}
    others = [{"word": words.get(row.kind, Kinds.informed.word), "text": text.text.strip()} for row, text in told
              if not text.gist]
    return {"sections": sections, "others": others, "count": len(told), "is_digest": is_digest, "desk": Link(Place.desk),
            "named": _named_headlines(sections, len(others))}


def _section_of(headline: str, gists: Sequence[Gist]) -> dict[str, object]:
    lines = [{"gist": gist, "link": to_case(gist.number)} for gist in gists[:MOST_LINES]]
    return {"headline": headline, "count": len(gists), "lines": lines, "more": len(gists) - len(lines)}


def _named_headlines(sections: Sequence[dict[str, object]], others: int) -> str:
    """The subject's words: the first headlines with how many cases each, and that there is more."""
    if len(sections) == 1 and not others:
        return Say("{headline}：{count} 件案件", headline=sections[0]["headline"], count=sections[0]["count"])
    if not sections:
        return Say("{count} 封通知", count=others)
    named = Listed((Say("{headline} {count} 件", headline=each["headline"], count=each["count"]) for each
                    in sections[:MOST_NAMED]),
                   "，")
    return Say("{named}等", named=named) if len(sections) > MOST_NAMED or others else named
