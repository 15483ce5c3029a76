"""A report as letters: the same mail to every reader, text and page, with its charts inside and the hash that proves its numbers.

What people wrote about cases, and who reported them, does not leave the house. A paper that is signed brings its Word file along.
"""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from tracker.domain.house.actor import Actor
from tracker.domain.house.links import Place, to_report
from tracker.domain.house.say import DateWords, finished
from tracker.domain.reports.document import Document, read_document
from tracker.domain.reports.issuing.flow import PAPER_FLOW
from tracker.domain.reports.issuing.heads import PaperHead
from tracker.domain.reports.kinds import report_named
from tracker.domain.reports.sight import may_read
from tracker.domain.rules.periods import PeriodKind
from tracker.gateways.house.printed_cells import for_mail, without_private
from tracker.gateways.reports import docx
from tracker.gateways.reports.html import MAIL_ROWS, mail_fragment
from tracker.services.house.work import Work, reading, wiring
from tracker.services.mail import letters, robots
from tracker.services.mail.audiences import (
    TO_EDIT_PAPER,
    TO_SIGN_PAPER,
    Audience,
    Concern,
    MailReader,
    Parties,
    readers,
    told_now,
)
from tracker.services.mail.letters import Letter
from tracker.services.reports.papers import CircularPaper
from tracker.storage.cadence.beats import BeatRecord
from tracker.storage.house.log import latest_note

NOTICE, TO_SIGN = "report", "circular_composed"


def readers_of(name: str, area_code: str) -> tuple[MailReader, ...]:
    """Whom a report of this name and area is mailed to today: those its beat is addressed to, as far as they may open it."""
    return readers(report_named(name).beat.roles, area_code, wiring().clock.today(),
                   is_wanted=lambda actor: may_read(actor, name, area_code))


def letters_of(document: Document, to: Sequence[MailReader], record_id: int | None, *, late: str = "",
               head: PaperHead | None = None) -> list[Letter]:
    """One letter for each reader, then one post for each group robot that is on. `late` is the label of what comes after its
    time, `head` of what was signed for: then its Word file is attached."""
    words, pictures = words_of(document, late, head)
    key = f"cadence/{report_named(document.name).beat.id}/{document.period}/{document.area_code}"
    told = [Letter(each.person_id, NOTICE, f"{key}/person:{each.person_id}", words, record_id, pictures) for each in to]
    return told + robots.posts_of(document, record_id, key, late=late)


def words_of(document: Document, late: str = "",
             head: PaperHead | None = None) -> tuple[Mapping[str, object], Mapping[str, bytes]]:
    """What the templates of a report's mail ask for, and its pictures and files."""
    digest = (head.digest if head is not None else "") or document.digest()
    page = to_report(document.name, document.period, document.area_code, wiring().home_area)
    mailed = for_mail(read_document(json.loads(document.text())))
    fragment, pictures = mail_fragment(mailed, wiring().base_url, digest, head, page)
    words = {"document": mailed, "fragment": fragment, "late": late, "digest": digest, "most_rows": MAIL_ROWS, "head": head,
             "note": latest_note(reading()) if report_named(document.name).beat.kind is PeriodKind.day else "",
             "link": page}
    file = {f"{document.title}.docx": docx.write(without_private(document), head=head)} if head is not None else {}
    return words, {**pictures, **file}


def mail_issued(work: Work, paper: CircularPaper) -> None:
    """Mail what was issued to everybody whom its beat is addressed to, under the record of that beat."""
    report = paper.report
    record_id = work.session.scalar(select(BeatRecord.id).where(BeatRecord.report_id == report.id))
    letters.put(work, letters_of(paper.document, readers_of(report.name, report.area_code), record_id, head=paper.head))


def letters_to_sign(paper: CircularPaper, record_id: int | None) -> list[Letter]:
    """That a circular waits: to the dispatchers who may still word it otherwise, and to the leads who may sign it."""
    report = paper.report
    parties = Parties(None, (), report.area_code, None)

    def allows(audience: Audience, actor: Actor) -> bool:
        return any(PAPER_FLOW.refusal(PAPER_FLOW.steps[step], actor, paper.facts) is None for step in audience.steps)

    words = {"title": report.title, "until": finished(DateWords(paper.row.sign_by_on)),
             "link": to_report(report.name, report.period, report.area_code, wiring().home_area, Place.circular)}
    told = told_now((TO_EDIT_PAPER, TO_SIGN_PAPER), Concern(parties, allows), wiring().clock.today())
    key = f"circular/{report.name}/{report.period}/{report.area_code}"
    return [Letter(person, TO_SIGN, f"{key}/person:{person}", words, record_id) for person in sorted({each.id for each in told})]
