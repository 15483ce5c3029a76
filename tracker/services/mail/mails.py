"""Who is told of what: a table from fact kind to recipients and wording, read inside the deed's own transaction.

No mail names a reporter or repeats a title or description: a mail leaves the house, and the case page is one click away.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from typing import get_args

from tracker.domain.cases.flow import CASE_FLOW, OtherFacts, Steps
from tracker.domain.cases.step_rows import MailParty
from tracker.domain.cases.wording import day_words, fact_word
from tracker.domain.house.ledger import Fact
from tracker.domain.house.links import to_case
from tracker.domain.reports.fact_kinds import AppealFacts
from tracker.gateways.mail.pages import MailPage, render
from tracker.services.house.work import Work
from tracker.services.mail import audiences as to
from tracker.services.mail.audiences import Audience, Concern
from tracker.services.people import access
from tracker.storage.cases.cases import Case
from tracker.storage.house.base import EngineInsert, inserting
from tracker.storage.mail.outbox import Message

UNDATED = "未定"


@dataclass(frozen=True)
class Mail:
    """Which templates say it (`templates/mail/<name>/`), and who is told."""

    name: str
    to: tuple[Audience, ...]


# fact kind → who is told; the words stand in templates/mail/<name>/
MAILS: Mapping[str, Mail] = {
    OtherFacts.registered.fact: Mail("case_registered", (to.TO_ASSIGN,)),
    Steps.assign.fact: Mail("case_assigned", (to.TO_SIGN, to.SUPPORTERS)),
    Steps.designate.fact: Mail("case_designated", (to.TO_SIGN, to.SUPPORTERS)),
    Steps.request_return.fact: Mail("return_requested", (to.TO_DECIDE_RETURN,)),
    Steps.grant_return.fact: Mail("return_granted", (to.TO_ASSIGN,)),
    Steps.refuse_return.fact: Mail("return_refused", (to.TO_SIGN,)),
    Steps.dispute.fact: Mail("case_disputed", (to.TO_DESIGNATE,)),
    Steps.request_extension.fact: Mail("extension_requested", (to.TO_DECIDE_EXTENSION,)),
    Steps.grant_extension.fact: Mail("extension_granted", (to.TO_RECTIFY,)),
    Steps.refuse_extension.fact: Mail("extension_refused", (to.TO_RECTIFY,)),
    Steps.request_phase.fact: Mail("phase_requested", (to.TO_DECIDE_PHASE,)),
    Steps.grant_phase.fact: Mail("phase_granted", (to.OFFICERS,)),
    Steps.refuse_phase.fact: Mail("phase_refused", (to.TO_RECTIFY,)),
    Steps.resume_phase.fact: Mail("phase_resumed", (to.TO_RECTIFY,)),
    Steps.suspend.fact: Mail("case_suspended", (to.OFFICERS,)),
    Steps.resume.fact: Mail("case_resumed", (to.TO_RECTIFY,)),
    Steps.submit.fact: Mail("verification_required", (to.TO_VERIFY,)),
    Steps.withdraw.fact: Mail("submission_withdrawn", (to.ASKED_TO_VERIFY,)),
    Steps.reject.fact: Mail("rework_required", (to.TO_RECTIFY,)),
    Steps.end_notice.fact: Mail("notice_over", (to.TO_CLOSE,)),
    Steps.sustain_objection.fact: Mail("objection_sustained", (to.TO_RECTIFY,)),
    Steps.refuse_close.fact: Mail("close_refused", (to.TO_RECTIFY,)),
    Steps.close.fact: Mail("case_closed", (to.OFFICERS, to.SUPPORTERS)),
    Steps.reopen.fact: Mail("case_reopened", (to.TO_RECTIFY,)),
    Steps.urge.fact: Mail("case_urged", (to.OFFICERS,)),
    Steps.open_supervision.fact: Mail("supervision_opened", (to.OFFICERS, to.SPONSORS)),
    Steps.lift_supervision.fact: Mail("supervision_lifted", (to.OFFICERS, to.SPONSORS)),
    Steps.set_sponsor.fact: Mail("sponsor_set", (to.SPONSORS,)),
    Steps.escalate.fact: Mail("case_escalated", (to.SUPERVISORS,)),
}

# Likewise of an appeal against an appraisal, whose unit stands for the lead unit.
APPEAL_MAILS: Mapping[str, Mail] = {
    AppealFacts.raised: Mail("appeal_raised", (to.TO_DECIDE_APPEAL,)),
    AppealFacts.upheld: Mail("appeal_upheld", (to.OFFICERS, to.HEADS, to.RAISERS)),
    AppealFacts.rejected: Mail("appeal_rejected", (to.OFFICERS, to.HEADS, to.RAISERS)),
}

# Whom the row of a step may name; all for information.
PARTIES: Mapping[MailParty, Audience] = {
    MailParty.officers: to.OFFICERS, MailParty.supporters: to.SUPPORTERS, MailParty.verifiers: to.VERIFIERS,
    MailParty.closers: to.CLOSERS, MailParty.sponsor: to.SPONSORS, MailParty.dispatchers: to.DISPATCHERS,
    MailParty.leads: to.LEADS, MailParty.supervisors: to.SUPERVISORS,
}

# What a verified case waits for depends on its source: a public notice by the dispatcher, or its closing.
PUBLICATION_NEEDED = Mail("publication_needed", (to.TO_PUBLISH,))
CLOSING_REQUIRED = Mail("closing_required", (to.TO_CLOSE,))


def tell(work: Work, fact: Fact, case: Case | None) -> None:
    """Put the mails of one fact into the outbox: one query for the readers, one insert. Who did it is not told of it."""
    if case is None or (mail := mail_of(fact.kind, case)) is None:
        return
    words = {"number": case.number, "due": day_words(case.due_on) if case.due_on else UNDATED, "word": fact_word(fact.kind),
             "link": to_case(case.number)}
    _put_mail(work, fact, mail, to.of_case(access.facts_of(case)), words)


def tell_of_appeal(work: Work, fact: Fact, appeal: Concern, words: Mapping[str, object]) -> None:
    """The mails of an appeal, or of the decision on it, in its transaction; none where the deeds of this context tell nobody."""
    if work.wiring.tell is not None and (mail := APPEAL_MAILS.get(fact.kind)) is not None:
        _put_mail(work, fact, mail, appeal, words)


def _put_mail(work: Work, fact: Fact, mail: Mail, concern: Concern, words: Mapping[str, object]) -> None:
    """One page for all readers: those whom it concerns, and who stands in for one of them today; each once."""
    addressees = to.told_now(mail.to, concern, work.clock.today())
    readers = sorted(each.id for each in addressees if each.id != fact.actor_id)
    if not readers:
        return
    page = render(mail.name, {**words, "base_url": work.wiring.base_url})
    rows = [_message_row(work, f"notice/{fact.kind}/{fact.stream}#{fact.seq}/person:{person}", person, mail.name, page)
            for person in readers]
    work.session.execute(_SENDING[inserting(work.session)], rows)


_SENDING = {insert: insert(Message.__table__).on_conflict_do_nothing(index_elements=["dedupe_key"])
            for insert in get_args(EngineInsert)}


def mail_of(kind: str, case: Case) -> Mail | None:
    """The mail of a fact, None for what is not told."""
    if kind == Steps.verify.fact:
        return PUBLICATION_NEEDED if case.source.is_notice_required and case.history == "own" else CLOSING_REQUIRED
    return MAILS.get(kind) or _mail_of_row(kind)


def _mail_of_row(kind: str) -> Mail | None:
    """Where a step has no mail of its own and its row names who is told: the mail that says its word."""
    step = CASE_FLOW.by_fact.get(kind)
    return Mail("step_taken", tuple(PARTIES[party] for party in step.told_to)) if step and step.told_to else None


def message_id(dedupe_key: str, mail_from: str) -> str:
    """The fixed Message-ID of a mail: the same for every try, whoever sends it."""
    domain = parseaddr(mail_from)[1].rpartition("@")[2] or "localhost"
    return f"{hashlib.sha256(dedupe_key.encode()).hexdigest()[:32]}@{domain}"




def _message_row(work: Work, key: str, person_id: int, mail: str, page: MailPage) -> dict[str, object]:
    return {"dedupe_key": key, "person_id": person_id, "mail": mail, "subject": f"【销号】{page.subject}", "text": page.text,
            "html": page.html,
            "message_id": message_id(key, work.wiring.mail_from), "state": "waiting", "due_at": work.clock.now(), "tries": 0}
