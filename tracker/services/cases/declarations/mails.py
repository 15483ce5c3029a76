"""Who is told of what happens to a case: a table from fact kind to recipients and wording."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tracker.domain.cases.facts import CLOCK_RUNS, FINAL, CaseFacts
from tracker.domain.cases.flow import CASE_FLOW, MOVES, OtherFacts, Steps
from tracker.domain.cases.step_rows import MailParty
from tracker.domain.cases.wording import day_words, fact_word
from tracker.domain.evidence.fact_kinds import EvidenceFacts
from tracker.domain.house.ledger import Fact
from tracker.domain.house.links import to_case
from tracker.domain.mail.kinds import Kinds
from tracker.domain.rules.limits import LimitUnit, choose
from tracker.services.house.work import Work
from tracker.services.mail import audiences as to
from tracker.services.mail.audiences import Audience
from tracker.services.mail.mails import CaseAbout, Mail, put_mail, thread_of
from tracker.services.people import access
from tracker.services.rules import rules
from tracker.storage.cases.cases import Case
from tracker.storage.cases.rows import UNITS

UNDATED = "未定"
REASONS = ("reason_code", "authority", "reason", "text")  # the answers to a step that say why
MOST_OF_TEXT = 200
STREET = 9  # digits of a street's code
FORMER = frozenset({"former_lead_unit_id", f"former_{UNITS}"})  # whose case it was until the fact

# fact kind → who is told; the words stand in templates/mail/<name>/
MAILS: Mapping[str, Mail] = {
    OtherFacts.registered.fact: Mail("case_registered", (to.TO_ASSIGN,)),
    Steps.assign.fact: Mail("case_assigned", (to.TO_SIGN, to.SUPPORTERS)),
    Steps.send_down.fact: Mail("case_sent_down", (to.TO_ANSWER, to.CHIEFS)),
    Steps.confirm.fact: Mail("case_assigned", (to.TO_SIGN, to.SUPPORTERS, to.INFORMED_UNITS)),
    Steps.designate.fact: Mail("case_designated", (to.TO_SIGN, to.SUPPORTERS)),
    Steps.request_return.fact: Mail("return_requested", (to.TO_DECIDE_RETURN,)),
    Steps.grant_return.fact: Mail("return_granted", (to.TO_ASSIGN,)),
    Steps.recall.fact: Mail("assignment_recalled", (to.OFFICERS, to.SUPPORTERS)),
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
    Steps.urge.fact: Mail("case_urged", (to.OFFICERS,), Kinds.pressed),
    Steps.open_supervision.fact: Mail("supervision_opened", (to.OFFICERS, to.SPONSORS), Kinds.pressed),
    Steps.lift_supervision.fact: Mail("supervision_lifted", (to.OFFICERS, to.SPONSORS)),
    Steps.set_sponsor.fact: Mail("sponsor_set", (to.SPONSORS,)),
    Steps.escalate.fact: Mail("case_escalated", (to.SUPERVISORS,), Kinds.pressed),
    EvidenceFacts.found_broken: Mail("evidence_broken", (to.AUDITORS,), Kinds.ledger),
}

# What ends a case is told to who put it on the register; who entered a table of many is not told of each.
OWN_CASE = Mail("own_case_ended", (to.REGISTRARS,), Kinds.ended)
ENDINGS: Mapping[str, Mail] = {step.fact: OWN_CASE for step in MOVES if step.to in FINAL}

# Whom the row of a step may name; all for information.
PARTIES: Mapping[MailParty, Audience] = {
    MailParty.officers: to.OFFICERS, MailParty.supporters: to.SUPPORTERS, MailParty.verifiers: to.VERIFIERS,
    MailParty.closers: to.CLOSERS, MailParty.sponsor: to.SPONSORS, MailParty.dispatchers: to.DISPATCHERS,
    MailParty.candidates: to.CANDIDATES, MailParty.chiefs: to.CHIEFS, MailParty.leads: to.LEADS,
    MailParty.supervisors: to.SUPERVISORS,
}

# What a verified case waits for depends on its source: a public notice by the dispatcher, or its closing.
PUBLICATION_NEEDED = Mail("publication_needed", (to.TO_PUBLISH,))
CLOSING_REQUIRED = Mail("closing_required", (to.TO_CLOSE,))


def tell(work: Work, fact: Fact, case: Case | None) -> None:
    """Put the mails of one fact into the outbox: one query for the readers, one insert. Who did it is not told of it."""
    if case is None:
        return
    mail, ending = mail_of(fact.kind, case), ENDINGS.get(fact.kind) if case.import_batch_id is None else None
    if mail is None and ending is None:
        return
    about = _case_about(work, fact, case)
    words = {"number": case.number, "title": about.title, "place": about.place, "notes": about.notes,
             "due": day_words(case.due_on) if case.due_on else UNDATED,
             "word": fact_word(fact.kind), "link": to_case(case.number),
             "answer_due": day_words(case.supervision_due_on) if case.supervision_due_on else "",
             "confirm_due": day_words(case.confirm_due_on) if case.confirm_due_on else ""}
    concern = to.of_case(_facts_concerned(fact, case))
    told = put_mail(work, fact, mail, concern, words, about) if mail is not None else ()
    if ending is not None:
        put_mail(work, fact, ending, concern, words, about, without=told)


def _case_about(work: Work, fact: Fact, case: Case) -> CaseAbout:
    """What every mail of a case tells of it; what people wrote is masked, and cut."""
    mask = work.wiring.mask(work, case) if work.wiring.mask is not None else str
    area = rules.gazetteer().area((case.area_code or case.jurisdiction)[:STREET])
    street = area.name if area is not None else ""
    place = case.place if street in case.place else f"{street} {case.place}".strip()
    on, source = work.clock.today(), case.source.key
    return CaseAbout(
        case.number, _cut_short(mask(case.title)), _cut_short(mask(place)), tuple(map(mask, _notes_of(fact))),
        day_words(case.due_on) if case.due_on and case.state in CLOCK_RUNS else "", f"{case.number} {street}".rstrip(),
        thread_of(work, case.stream),
        lambda stage: choose(rules.limits(), source, stage, on).unit is LimitUnit.working_hour)


def _notes_of(fact: Fact) -> tuple[str, ...]:
    """The reasons of a step as they were given: the listed one in its words, and what was written."""
    step = CASE_FLOW.by_fact.get(fact.kind)
    if step is None:
        return ()
    given, payload = {field.name: field for field in step.given}, fact.payload
    said = [(given[name].word, dict(given[name].choices).get(str(payload[name]), str(payload[name])))
            for name in REASONS if name in given and payload.get(name)]
    return tuple(f"{label}：{_cut_short(text)}" for label, text in said)


def _cut_short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MOST_OF_TEXT else f"{line[:MOST_OF_TEXT - 1]}…"


def _facts_concerned(fact: Fact, case: Case) -> CaseFacts:
    """Of an assignment that was taken back those units are told that had the case until then."""
    facts = access.facts_of(case)
    had: Mapping[str, Any] = {name.removeprefix("former_"): value for name, value in fact.payload.items() if name in FORMER}
    return replace(facts, lead_unit_id=had["lead_unit_id"], supporting_unit_ids=tuple(had[UNITS])) if had else facts


def mail_of(kind: str, case: Case) -> Mail | None:
    """The mail of a fact, None for what is not told."""
    if kind == Steps.verify.fact:
        return PUBLICATION_NEEDED if access.notice_asked(case) and case.history == "own" else CLOSING_REQUIRED
    return MAILS.get(kind) or _mail_of_row(kind)


def _mail_of_row(kind: str) -> Mail | None:
    """Where a step has no mail of its own and its row names who is told: the mail that says its word."""
    step = CASE_FLOW.by_fact.get(kind)
    return Mail("step_taken", tuple(PARTIES[party] for party in step.told_to)) if step and step.told_to else None
