"""A report as letters: the same mail to every reader, text and page, with its charts inside and the hash that proves its numbers.

What people wrote about cases, and who reported them, does not leave the house.
"""

from collections.abc import Mapping, Sequence

from tracker.domain.house.links import to_report
from tracker.domain.reports.document import Document
from tracker.domain.reports.kinds import report_named
from tracker.domain.reports.sight import may_read
from tracker.domain.rules.periods import PeriodKind
from tracker.gateways.house.printed_cells import for_mail
from tracker.gateways.reports.html import MAIL_ROWS, mail_fragment
from tracker.services.house.work import reading, wiring
from tracker.services.mail import robots
from tracker.services.mail.audiences import MailReader, readers
from tracker.services.mail.letters import Letter
from tracker.storage.house.log import latest_note

NOTICE = "report"


def readers_of(name: str, area_code: str) -> tuple[MailReader, ...]:
    """Whom a report of this name and area is mailed to today: those its beat is addressed to, as far as they may open it."""
    return readers(report_named(name).beat.roles, area_code, wiring().clock.today(),
                   is_wanted=lambda actor: may_read(actor, name, area_code))


def letters_of(document: Document, to: Sequence[MailReader], record_id: int | None, *, late: str = "") -> list[Letter]:
    """One letter for each reader, then one post for each group robot that is on. `late` is the label of what comes after its
    time."""
    words, pictures = words_of(document, late)
    key = f"cadence/{report_named(document.name).beat.id}/{document.period}/{document.area_code}"
    letters = [Letter(each.person_id, NOTICE, f"{key}/person:{each.person_id}", words, record_id, pictures) for each in to]
    return letters + robots.posts_of(document, record_id, key, late=late)


def words_of(document: Document, late: str = "") -> tuple[Mapping[str, object], Mapping[str, bytes]]:
    """What the templates of a report's mail ask for, and its pictures."""
    digest, mailed = document.digest(), for_mail(document)
    fragment, pictures = mail_fragment(mailed, wiring().base_url, digest)
    words = {"document": mailed, "fragment": fragment, "late": late, "digest": digest, "most_rows": MAIL_ROWS,
             "note": latest_note(reading()) if report_named(document.name).beat.kind is PeriodKind.day else "",
             "link": to_report(document.name, document.period)}
    return words, pictures
