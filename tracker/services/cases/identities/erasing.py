"""A reporter is erased: the record, its digest, and every text that still names them. What is beyond reach is said."""

from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tracker.domain.cases.fact_kinds import IdentityFacts
from tracker.domain.house.actor import Actor
from tracker.services.cases.identities.masks import mask_of_case
from tracker.services.cases.identities.reporters import records_of
from tracker.services.cases.identities.sweeping import mask_texts
from tracker.services.house.work import Work
from tracker.storage.cases.cases import Case
from tracker.storage.cases.identities import IdentityRequest
from tracker.storage.mail.bodies import MailBody
from tracker.storage.mail.outbox import Message


@dataclass(frozen=True)
class Erased:
    """What an erasure did: records, texts of the case, and the mails about it that are in others' hands."""

    number: str
    records: int
    texts: int
    sent_mails: int


def erase_case(work: Work, actor: Actor, case: Case, request: IdentityRequest) -> Erased:
    """Erase all reporters of a case for good, their names in its texts first. The case and its facts stay as they are."""
    rows = records_of(work, case.id)
    texts = mask_texts(work, actor, case, mask_of_case(work, case))
    for row in rows:
        row.sealed, row.reporter_digest, row.erased_at = None, None, work.clock.now()
        work.record(f"identity:{row.id}", IdentityFacts.erased, actor, {
            "case": case.number, "request": request.id, "basis": request.reason_code, "document_no": request.document_no})
    return Erased(case.number, len(rows), sum(texts.values()), sent_mails(work.session, case.number))


def sent_mails(session: Session, number: str) -> int:
    """How many mails about a case were sent: nobody calls them back."""
    told = or_(Message.subject.contains(number), MailBody.text.contains(number))
    return session.scalar(select(func.count()).select_from(Message).outerjoin(MailBody).where(Message.state == "sent", told)) or 0
