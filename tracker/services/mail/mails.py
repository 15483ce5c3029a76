"""Who is told of what: a table from fact kind to recipients and wording, read inside the deed's own transaction.

No mail names a reporter or repeats a title or description: a mail leaves the house, and the case page is one click away.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parseaddr

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, or_, select

from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.cases.step_rows import Party
from tracker.domain.cases.wording import day_words, fact_word
from tracker.domain.house.actor import Role
from tracker.domain.house.ledger import Fact
from tracker.gateways.mail.pages import MailPage, render
from tracker.services.house.work import Work
from tracker.storage.cases.cases import Case
from tracker.storage.house.base import inserting
from tracker.storage.house.statements import kept_statement
from tracker.storage.mail.outbox import Message
from tracker.storage.people.accounts import Person, RoleGrant
from tracker.storage.people.delegations import Delegation, holds_on

# Plain columns: a statement is put together quicker of these.
PEOPLE, GRANTS, STAND_INS = Person.__table__.c, RoleGrant.__table__.c, Delegation.__table__.c
UNDATED = "未定"


@dataclass(frozen=True)
class Parties:
    """What of a case decides whom it concerns."""

    lead_unit_id: int | None
    supporting_unit_ids: tuple[int, ...]
    jurisdiction: str
    sponsor_id: int | None
    raised_by_id: int | None = None


Audience = Callable[[Parties], ColumnElement[bool]]


def officers(case: Parties) -> ColumnElement[bool]:
    """The officers of the lead unit."""
    return and_(GRANTS.role == Role.officer, PEOPLE.unit_id == case.lead_unit_id)


def supporters(case: Parties) -> ColumnElement[bool]:
    """The officers of the supporting units."""
    return and_(GRANTS.role == Role.officer, PEOPLE.unit_id.in_(case.supporting_unit_ids))


def of_area(role: Role) -> Audience:
    """Everybody with a role in the area of the case."""

    def told(case: Parties) -> ColumnElement[bool]:
        return and_(GRANTS.role == role, GRANTS.area_code.in_(_covering_codes(case.jurisdiction)))

    return told


def verifiers(case: Parties) -> ColumnElement[bool]:
    """The verifiers of the area who may verify this case: of no rectifying unit."""
    units = [unit for unit in (case.lead_unit_id, *case.supporting_unit_ids) if unit is not None]
    return and_(of_area(Role.verifier)(case), or_(PEOPLE.unit_id.is_(None), PEOPLE.unit_id.not_in(units)))


def closers(case: Parties) -> ColumnElement[bool]:
    """The sponsor, or without one the leads of the area."""
    return sponsor(case) if case.sponsor_id is not None else of_area(Role.lead)(case)


def sponsor(case: Parties) -> ColumnElement[bool]:
    """Who sponsors the case."""
    return PEOPLE.id == case.sponsor_id


def heads(case: Parties) -> ColumnElement[bool]:
    """Who heads the unit."""
    return and_(PEOPLE.is_head, PEOPLE.unit_id == case.lead_unit_id)


def appeal_deciders(case: Parties) -> ColumnElement[bool]:
    """The dispatchers of the area who may decide an appeal of the unit: not its own people."""
    return and_(of_area(Role.dispatcher)(case), or_(PEOPLE.unit_id.is_(None), PEOPLE.unit_id != case.lead_unit_id))


def raiser(case: Parties) -> ColumnElement[bool]:
    """Who raised the appeal: of the unit, or of one above it."""
    return PEOPLE.id == case.raised_by_id


ASK_SUPPORTING = {supporters, verifiers}  # the others need not read which units support
dispatchers = of_area(Role.dispatcher)
leads = of_area(Role.lead)
supervisors = of_area(Role.supervisor)


@dataclass(frozen=True)
class Mail:
    """Which templates say it (`templates/mail/<name>/`), and who is told."""

    name: str
    to: tuple[Audience, ...]


# fact kind → who is told; the words stand in templates/mail/<name>/
MAILS: Mapping[str, Mail] = {
    "case:registered": Mail("case_registered", (dispatchers,)),
    "case:assigned": Mail("case_assigned", (officers, supporters)),
    "case:designated": Mail("case_designated", (officers, supporters)),
    "case:return_requested": Mail("return_requested", (dispatchers,)),
    "case:return_granted": Mail("return_granted", (dispatchers,)),
    "case:return_refused": Mail("return_refused", (officers,)),
    "case:disputed": Mail("case_disputed", (dispatchers,)),
    "case:extension_requested": Mail("extension_requested", (dispatchers,)),
    "case:extension_granted": Mail("extension_granted", (officers,)),
    "case:extension_refused": Mail("extension_refused", (officers,)),
    "case:phase_requested": Mail("phase_requested", (dispatchers,)),
    "case:phase_granted": Mail("phase_granted", (officers,)),
    "case:phase_refused": Mail("phase_refused", (officers,)),
    "case:phase_resumed": Mail("phase_resumed", (officers,)),
    "case:suspended": Mail("case_suspended", (officers,)),
    "case:resumed": Mail("case_resumed", (officers,)),
    "case:submitted": Mail("verification_required", (verifiers,)),
    "case:withdrawn": Mail("submission_withdrawn", (verifiers,)),
    "case:rejected": Mail("rework_required", (officers,)),
    "case:notice_ended": Mail("notice_over", (closers,)),
    "case:objection_sustained": Mail("objection_sustained", (officers,)),
    "case:close_refused": Mail("close_refused", (officers,)),
    "case:closed": Mail("case_closed", (officers, supporters)),
    "case:reopened": Mail("case_reopened", (officers,)),
    "case:urged": Mail("case_urged", (officers,)),
    "case:supervision_opened": Mail("supervision_opened", (officers, sponsor)),
    "case:supervision_lifted": Mail("supervision_lifted", (officers, sponsor)),
    "case:sponsor_set": Mail("sponsor_set", (sponsor,)),
    "case:escalated": Mail("case_escalated", (supervisors,)),
}

# Likewise of an appeal against an appraisal, whose unit stands for the lead unit.
APPEAL_MAILS: Mapping[str, Mail] = {
    "appeal:raised": Mail("appeal_raised", (appeal_deciders,)),
    "appeal:upheld": Mail("appeal_upheld", (officers, heads, raiser)),
    "appeal:rejected": Mail("appeal_rejected", (officers, heads, raiser)),
}

PARTIES: Mapping[Party, Audience] = {
    Party.officers: officers, Party.supporters: supporters, Party.verifiers: verifiers, Party.closers: closers,
    Party.sponsor: sponsor, Party.dispatchers: dispatchers, Party.leads: leads, Party.supervisors: supervisors,
}

# What a verified case waits for depends on its source: a public notice by the dispatcher, or its closing.
TO_PUBLISH = Mail("publication_needed", (dispatchers,))
TO_CLOSE = Mail("closing_required", (closers,))


def tell(work: Work, fact: Fact, case: Case | None) -> None:
    """Put the mails of one fact into the outbox: one query for the readers, one insert. Who did it is not told of it."""
    if case is None or (mail := mail_of(fact.kind, case)) is None:
        return
    supporting = () if ASK_SUPPORTING.isdisjoint(mail.to) else tuple(case.supporting_unit_ids)
    parties = Parties(case.lead_unit_id, supporting, case.jurisdiction, case.sponsor_id)
    words = {"number": case.number, "due": day_words(case.due_on) if case.due_on else UNDATED, "word": fact_word(fact.kind)}
    _put_notice(work, fact, mail, parties, words)


def tell_of_appeal(work: Work, fact: Fact, unit_id: int, raised_by_id: int, area_code: str, words: Mapping[str, object]) -> None:
    """The mails of an appeal, or of the decision on it, in its transaction; none where the deeds of this context tell nobody."""
    if work.wiring.tell is not None and (mail := APPEAL_MAILS.get(fact.kind)) is not None:
        _put_notice(work, fact, mail, Parties(unit_id, (), area_code, None, raised_by_id), words)


def _put_notice(work: Work, fact: Fact, mail: Mail, parties: Parties, words: Mapping[str, object]) -> None:
    """One page for all readers: those whom it concerns, and who stands in for one of them today; each once."""
    asked = {"today": work.clock.today(), "actor_id": fact.actor_id}
    readers: list[int] = list(work.session.scalars(_readers_query(mail, parties), asked))
    if not readers:
        return
    page = render(mail.name, {**words, "base_url": work.wiring.base_url})
    rows = [_message_row(work, f"notice/{fact.kind}/{fact.stream}#{fact.seq}/person:{person}", person, mail.name, page)
            for person in readers]
    statement = inserting(work.session)(Message.__table__)  # type: ignore[arg-type]
    work.session.execute(statement.on_conflict_do_nothing(index_elements=["dedupe_key"]), rows)


def mail_of(kind: str, case: Case) -> Mail | None:
    """The mail of a fact, None for what is not told."""
    if kind == "case:verified":
        return TO_PUBLISH if case.source.is_notice_required and case.history == "own" else TO_CLOSE
    return MAILS.get(kind) or _mail_of_row(kind)


def _mail_of_row(kind: str) -> Mail | None:
    """Where a step has no mail of its own and its row names who is told: the mail that says its word."""
    step = CASE_FLOW.by_fact.get(kind)
    return Mail("step_taken", tuple(PARTIES[party] for party in step.told_to)) if step and step.told_to else None


def message_id(dedupe_key: str, mail_from: str) -> str:
    """The fixed Message-ID of a mail: the same for every try, whoever sends it."""
    domain = parseaddr(mail_from)[1].rpartition("@")[2] or "localhost"
    return f"{hashlib.sha256(dedupe_key.encode()).hexdigest()[:32]}@{domain}"


@kept_statement
def _readers_query(mail: Mail, parties: Parties) -> Select[tuple[int]]:
    """The statement for cases of the same parties, kept: to put it together would take longer than to run it."""
    concerned = (
        select(PEOPLE.id).select_from(Person.__table__.join(RoleGrant.__table__, GRANTS.person_id == PEOPLE.id))
        .where(PEOPLE.deactivated_on.is_(None), GRANTS.revoked_at.is_(None), or_(*(audience(parties) for audience in mail.to)))
    )
    standing_in = select(STAND_INS.substitute_id).where(STAND_INS.principal_id.in_(concerned),
                                                        holds_on(bindparam("today", type_=Date)))
    query = select(PEOPLE.id).where(
        or_(PEOPLE.id.in_(concerned), PEOPLE.id.in_(standing_in)), PEOPLE.deactivated_on.is_(None), PEOPLE.email.is_not(None),
        PEOPLE.id != bindparam("actor_id"))
    return query.order_by(PEOPLE.id)


def _message_row(work: Work, key: str, person_id: int, mail: str, page: MailPage) -> dict[str, object]:
    return {"dedupe_key": key, "person_id": person_id, "mail": mail, "subject": f"【销号】{page.subject}", "text": page.text,
            "html": page.html,
            "message_id": message_id(key, work.wiring.mail_from), "state": "waiting", "due_at": work.clock.now(), "tries": 0}


def _covering_codes(code: str) -> list[str]:
    """The codes of all divisions that cover this one, "" for everywhere."""
    return [code[:length] for length in range(len(code) + 1)]
