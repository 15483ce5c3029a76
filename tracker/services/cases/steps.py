"""The one road of every step: fetch with the right to see → plan by the law → do → fact, in one transaction.

Pages, the command line, the API and the clock all take steps through `take`; buttons are drawn from `offered`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from tracker.domain.cases.columns import facts_of_area
from tracker.domain.cases.facts import CaseFacts, CaseState, Why
from tracker.domain.cases.flow import CASE_FLOW, Steps
from tracker.domain.cases.step_fields import FROM_REPORTER
from tracker.domain.cases.step_rows import CaseStep
from tracker.domain.cases.wording import sentence, step_word, word
from tracker.domain.cases.works.asking import asked_of, demanded
from tracker.domain.evidence.evidence import EvidenceRole, Requirement, evidence_set_digest
from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Conflict
from tracker.domain.house.fields import FieldKind, Given, read_all
from tracker.domain.house.lifecycle import Step
from tracker.domain.house.say import Listed, Say
from tracker.services.cases import assigning, closing, identities, notes, rectifying
from tracker.services.cases.belonging import asking, confirming
from tracker.services.cases.effects import Does, Doing, StepDeed, noted
from tracker.services.cases.signatures import signed
from tracker.services.cases.works import setting
from tracker.services.cases.works.sheets import sheet_of_case
from tracker.services.evidence import evidence
from tracker.services.evidence.evidence import Upload
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.services.people import access
from tracker.storage.cases.cases import Case
from tracker.storage.cases.family import MEMBER_COUNT, count_members
from tracker.storage.cases.scope import visible

WORKS_KNOWN_IN = frozenset(state for step in CASE_FLOW.steps.values() if step.asks_works for state in step.froms)
STEP_DEEDS: dict[str, Does] = {
    step: deed.does for room in (assigning, asking, confirming, rectifying, closing, notes, setting)
    for deed in vars(room).values()
    if isinstance(deed, StepDeed) for step in deed.steps
}


@dataclass(frozen=True)
class Offer:
    """One step from where a case stands: open to this person, or closed with a reason."""

    name: str
    word: str
    why: Why | None
    sentence: str
    given: tuple[Given, ...]


@dataclass(frozen=True)
class Outcome:
    """What a step led to."""

    number: str
    seq: int
    state: CaseState
    step: str
    due_on: date | None
    is_notice_required: bool = False
    jurisdiction: str = ""
    doubt: Say | None = None


def offered(actor: Actor, number: str) -> tuple[Offer, ...]:
    """Every step that starts from the case's present state, each with the reason why it is closed to this actor."""
    query = select(Case, MEMBER_COUNT).where(Case.number == number.strip().upper(), visible(actor.scope()))
    found = reading().execute(query.options(joinedload(Case.source))).first()
    if found is None:
        raise access.no_such_case(number)
    case, member_count = found
    sheet = sheet_of_case(reading(), case.id) if case.state in WORKS_KNOWN_IN else None
    return offers(actor, access.facts_of(case, evidence.closing_gaps(case), member_count, sheet))


def offers(actor: Actor, facts: CaseFacts) -> tuple[Offer, ...]:
    """The same, for facts already at hand."""
    return tuple(
        Offer(step.name, step_word(step.name), None if why is None else Why(why), "" if why is None else sentence(why),
              asked_of(step, actor, facts))
        for step, why in CASE_FLOW.open_to(actor, facts)
    )


def asked_in_any_state(actor: Actor, number: str, name: str) -> tuple[Given, ...]:
    """What a step asks of a case wherever it stands: so that nothing is lost of what was typed while the case moved on."""
    step = CASE_FLOW.steps[name]
    case_id = reading().scalar(select(Case.id).where(Case.number == number.strip().upper(), visible(actor.scope())))
    sheet = sheet_of_case(reading(), case_id) if case_id is not None and step.asks_works else None
    return demanded(step, replace(facts_of_area(CaseState(step.froms[0]), wiring().clock.today(), ""), sheet=sheet))


@deed
def take(work: Work, actor: Actor, number: str, name: str, raw: Mapping[str, object], *, seq: int | None = None,
         uploads: Sequence[Upload] = (), saw: str | None = None) -> Outcome:
    """Take one step. `seq` is the number of the last fact that the actor saw, `saw` the digest of the evidence that was shown;
    without them nothing is compared.

    Raises `NotFound`, `Conflict` (somebody was quicker), `WrongState` or `NotAllowed` (the law says no), `Incomplete` or
    `Invalid` (what was given); after any of them nothing has changed.
    """
    case = access.case_for(work, actor, number, seen=seq)
    row = CASE_FLOW.steps.get(name)
    shown = evidence.dossier(case) if row and row.weighs_evidence else None
    if saw is not None and (shown is None or evidence_set_digest(shown.exhibits) != saw):
        raise Conflict("您看过之后，本案的证据有了变化；请重新看过再办。", code="other_evidence")
    facts = access.facts_of(case, evidence.closing_gaps(case, shown) if shown else (),
                            count_members(work.session, case.id) if row and row.counts_members else 0,
                            sheet_of_case(work.session, case.id) if row and row.asks_works else None)
    step = CASE_FLOW.plan(name, actor, facts, lambda why: _refusal_sentence(why, case, facts, name))
    masking = identities.masking_for(work, case)
    asked = demanded(step, facts)
    given = identities.given_masked(asked, read_all(asked, _with_files(step, raw, uploads)), masking)
    _check_answers(step, actor, facts, given)
    role = given.get("evidence_role")
    kept = [replace(u, role=_evidence_role_of(role) or u.role) for u in uploads]
    is_from_reporter = bool(given.get(FROM_REPORTER.name))
    evidence_said = evidence.keep(work, case, actor, name, kept, is_from_reporter=is_from_reporter,
                                  masking=masking)
    doing = Doing(work, case, actor, facts, given, evidence_said, step, shown)
    effect = STEP_DEEDS.get(name, noted)(doing)
    to = CaseState(step.goes_to(case.state))
    fact = work.move(case, step.fact, actor, to, signed(case, actor, effect.changes), effect.details, effect.texts)
    return Outcome(case.number, fact.seq, case.state, name, case.due_on, facts.is_notice_required)


def _check_answers(step: CaseStep, actor: Actor, facts: CaseFacts, given: Mapping[str, object]) -> None:
    """Refuse an answer that the flow closes to this person now."""
    for row in step.choices:
        if given.get(row.field) == row.code:
            CASE_FLOW.require(row, actor, facts, partial(_answer_sentence, facts.state, row.code), row.field)


def _answer_sentence(state: CaseState, code: str, why: object) -> str:
    """Why a kind of evidence may not be added."""
    if why is Why.wrong_state:
        return Say("案件现为“{state}”，不能再补充{role}。", state=Say(word(state)), role=Say(word(EvidenceRole(code))))
    return "核查现场照片只能由核查员补充。" if why in (Why.no_permission, Why.out_of_reach) else sentence(Why(str(why)))


def _with_files(step: Step[CaseFacts], raw: Mapping[str, object], uploads: Sequence[Upload]) -> dict[str, object]:
    """The uploads stand for the files field; a step without one takes none."""
    values = dict(raw)
    if uploads or any(field.kind is FieldKind.files for field in step.given):
        values["files"] = [upload.name or upload.client_id for upload in uploads]
    return values


def _evidence_role_of(code: object) -> EvidenceRole | None:
    return EvidenceRole(str(code)) if code else None


def _refusal_sentence(why: object, case: Case, facts: CaseFacts, name: str) -> str:
    """The sentence of a refusal; for missing evidence it names what is missing, for a wrong state where the case stands."""
    reason = sentence(Why(str(why)))
    if name == Steps.confirm.name and (said := confirming.refusal_said(why, case, facts)) is not None:
        return said
    if why is Why.wrong_state:
        return Say("案件现为“{state}”，不能“{step_word}”。", state=Say(word(case.state)), step_word=Say(step_word(name)))
    if why is Why.has_members:
        return Say("本案是 {members} 件已并案件的主案，请先撤销并案。", members=facts.member_count)
    if why is Why.evidence_missing:
        return Say("证据不齐，不能销号，还缺：{gaps}。", gaps=Listed(Say(word(Requirement(gap))) for gap in facts.closing_gaps))
    return reason


_CASES = Case.__table__.c
_MADE = select(_CASES.number, _CASES.seq, _CASES.state, _CASES.due_on).where(
    _CASES.client_id == bindparam("client_id"), _CASES.registered_by_id == bindparam("by"))


def registered_before(work: Work, actor: Actor, client_id: str | None) -> Outcome | None:
    """The case that the same form of the same person has made already; None for a first time."""
    made = work.session.execute(_MADE, {"client_id": client_id, "by": actor.id}).first() if client_id else None
    return Outcome(made.number, made.seq, made.state, "register", made.due_on) if made else None
