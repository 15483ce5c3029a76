"""Who is told of what happens to a case: a table from fact kind to recipients and wording."""

from collections.abc import Mapping

from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.cases.step_rows import MailParty
from tracker.domain.cases.wording import day_words, fact_word
from tracker.domain.house.ledger import Fact
from tracker.services.house.work import Work
from tracker.services.mail import audiences as to
from tracker.services.mail.audiences import Audience
from tracker.services.mail.mails import Mail, put_mail
from tracker.services.people import access
from tracker.storage.cases.cases import Case

UNDATED = "未定"

# fact kind → who is told; the words stand in templates/mail/<name>/
MAILS: Mapping[str, Mail] = {
    "case:registered": Mail("case_registered", (to.TO_ASSIGN,)),
    "case:assigned": Mail("case_assigned", (to.TO_SIGN, to.SUPPORTERS)),
    "case:designated": Mail("case_designated", (to.TO_SIGN, to.SUPPORTERS)),
    "case:return_requested": Mail("return_requested", (to.TO_DECIDE_RETURN,)),
    "case:return_granted": Mail("return_granted", (to.TO_ASSIGN,)),
    "case:return_refused": Mail("return_refused", (to.TO_SIGN,)),
    "case:disputed": Mail("case_disputed", (to.TO_DESIGNATE,)),
    "case:extension_requested": Mail("extension_requested", (to.TO_DECIDE_EXTENSION,)),
    "case:extension_granted": Mail("extension_granted", (to.TO_RECTIFY,)),
    "case:extension_refused": Mail("extension_refused", (to.TO_RECTIFY,)),
    "case:phase_requested": Mail("phase_requested", (to.TO_DECIDE_PHASE,)),
    "case:phase_granted": Mail("phase_granted", (to.OFFICERS,)),
    "case:phase_refused": Mail("phase_refused", (to.TO_RECTIFY,)),
    "case:phase_resumed": Mail("phase_resumed", (to.TO_RECTIFY,)),
    "case:suspended": Mail("case_suspended", (to.OFFICERS,)),
    "case:resumed": Mail("case_resumed", (to.TO_RECTIFY,)),
    "case:submitted": Mail("verification_required", (to.TO_VERIFY,)),
    "case:withdrawn": Mail("submission_withdrawn", (to.ASKED_TO_VERIFY,)),
    "case:rejected": Mail("rework_required", (to.TO_RECTIFY,)),
    "case:notice_ended": Mail("notice_over", (to.TO_CLOSE,)),
    "case:objection_sustained": Mail("objection_sustained", (to.TO_RECTIFY,)),
    "case:close_refused": Mail("close_refused", (to.TO_RECTIFY,)),
    "case:closed": Mail("case_closed", (to.OFFICERS, to.SUPPORTERS)),
    "case:reopened": Mail("case_reopened", (to.TO_RECTIFY,)),
    "case:urged": Mail("case_urged", (to.OFFICERS,)),
    "case:supervision_opened": Mail("supervision_opened", (to.OFFICERS, to.SPONSORS)),
    "case:supervision_lifted": Mail("supervision_lifted", (to.OFFICERS, to.SPONSORS)),
    "case:sponsor_set": Mail("sponsor_set", (to.SPONSORS,)),
    "case:escalated": Mail("case_escalated", (to.SUPERVISORS,)),
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
    words = {"number": case.number, "due": day_words(case.due_on) if case.due_on else UNDATED, "word": fact_word(fact.kind)}
    put_mail(work, fact, mail, to.of_case(access.facts_of(case)), words)


def mail_of(kind: str, case: Case) -> Mail | None:
    """The mail of a fact, None for what is not told."""
    if kind == "case:verified":
        return PUBLICATION_NEEDED if case.source.is_notice_required and case.history == "own" else CLOSING_REQUIRED
    return MAILS.get(kind) or _mail_of_row(kind)


def _mail_of_row(kind: str) -> Mail | None:
    """Where a step has no mail of its own and its row names who is told: the mail that says its word."""
    step = CASE_FLOW.by_fact.get(kind)
    return Mail("step_taken", tuple(PARTIES[party] for party in step.told_to)) if step and step.told_to else None
