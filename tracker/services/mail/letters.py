"""Letters into the outbox: rendered from their templates, written in the deed's own transaction, once for each key."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tracker.domain.house.say import Say
from tracker.domain.mail.kinds import Kinds, MailKind
from tracker.gateways.mail.pages import MailPage, render
from tracker.services.house.postings import Posting
from tracker.services.house.work import Work
from tracker.services.mail.mails import ToldReader, message_id, when_each_leaves
from tracker.storage.house.base import inserting
from tracker.storage.mail import bodies
from tracker.storage.mail.bodies import MailText
from tracker.storage.mail.outbox import Message


@dataclass(frozen=True)
class Letter:
    """One mail to one person, or a post to the group robot that `robot` names. `pictures` are PNG files by the name under which
    body.html shows them (`cid:name`); one whose name has an ending is attached as a file. `address` where it goes to another one
    than the person's of then. `is_bundle`: its parts waited already, so it leaves with the next round."""

    person_id: int | None
    mail: str
    dedupe_key: str
    words: Mapping[str, object]
    record_id: int | None = None
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    robot: str | None = None
    kind: MailKind = Kinds.lists
    address: str | None = None
    not_before: datetime | None = None
    is_bundle: bool = False


def put(work: Work, letters: Sequence[Letter]) -> int:
    """Write them; what was written under the same key before stays as it is. Returns how many are new."""
    pages: dict[tuple[str, int], MailPage] = {}  # letters to many share their words, and so their page and pictures
    kept: dict[int, str] = {}
    rows = [{**_letter_row(work, letter, pages, kept), **leaving} for letter, leaving in _wanted_letters(work, letters)]
    if not rows:
        return 0
    bodies.keep(work.session, [MailText(page.text, page.html) for page in pages.values()])
    statement = inserting(work.session)(Message).on_conflict_do_nothing(index_elements=["dedupe_key"]).returning(Message.id)
    return len(work.session.execute(statement, rows).all())


def post(work: Work, postings: Sequence[Posting]) -> int:
    """What a lower room says, as letters."""
    return put(work, [Letter(each.person_id, each.mail, each.key, each.words, pictures=each.files, address=each.address,
                             not_before=each.not_before, kind=each.kind) for each in postings])


def _wanted_letters(work: Work, letters: Sequence[Letter]) -> list[tuple[Letter, dict[str, object]]]:
    """Those that their readers want, each with the bundle in which it waits, if it does, and when it leaves."""
    now = work.clock.now()
    readers = [ToldReader(each.person_id, each.kind) for each in letters if each.person_id is not None and not each.is_bundle]
    leaves = when_each_leaves(work, readers, now)
    found: list[tuple[Letter, dict[str, object]]] = []
    for each in letters:
        leaving = leaves.get(ToldReader(each.person_id or 0, each.kind), ("", now))
        if leaving is not None:
            bundle, due_at = leaving
            found.append((each, {"bundle": bundle or None, "due_at": max(due_at, each.not_before or now)}))
    return found


def _letter_row(work: Work, letter: Letter, pages: dict[tuple[str, int], MailPage], kept: dict[int, str]) -> dict[str, object]:
    page = pages.get((letter.mail, id(letter.words)))
    if page is None:
        page = pages[letter.mail, id(letter.words)] = render(letter.mail, {"base_url": work.wiring.base_url, **letter.words})
    if id(letter.pictures) not in kept:
        digests = {name: work.wiring.blobs.put(content) for name, content in letter.pictures.items()}
        kept[id(letter.pictures)] = json.dumps(digests) if digests else ""
    return {"dedupe_key": letter.dedupe_key, "person_id": letter.person_id, "robot": letter.robot, "mail": letter.mail,
            "subject": Say("【销号】{subject}", subject=page.subject), "body_digest": MailText(page.text, page.html).digest,
            "pictures": kept[id(letter.pictures)],
            "record_id": letter.record_id,
            "message_id": message_id(letter.dedupe_key, work.wiring.mail_from), "state": "waiting",
            "address": letter.address, "tries": 0, "priority": letter.kind.priority, "kind": letter.kind.code}
