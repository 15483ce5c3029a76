"""Requests to open or to erase the reporters of a case: one person asks, another decides, and time ends what nobody uses."""

from datetime import date, timedelta

from sqlalchemy import select

from tracker.domain.cases.flow import OtherFacts
from tracker.domain.cases.identities.requesting import (
    CHOICES,
    DECIDED_WITHIN,
    FEWEST_LETTERS,
    LONGEST,
    OPEN_MINUTES,
    AskedIdentity,
    RequestPurpose,
    RequestState,
    decider_refusal,
)
from tracker.domain.house.actor import CLOCK, Actor, Permission
from tracker.domain.house.errors import Conflict, Incomplete, Invalid, NotAllowed, NotFound
from tracker.domain.house.masking import mask_text
from tracker.domain.house.say import Say
from tracker.services.cases.identities import telling
from tracker.services.cases.identities.erasing import Erased, erase_case
from tracker.services.cases.identities.masks import masked_for
from tracker.services.cases.identities.reporters import records_of
from tracker.services.house import permits
from tracker.services.house.work import Work, deed, reading
from tracker.services.people import access
from tracker.storage.cases.cases import Case
from tracker.storage.cases.identities import IdentityRequest
from tracker.storage.evidence.evidence import EvidenceRow

NOBODY_RECORDED = "本案没有可查阅的举报人信息。"
NO_REQUEST = "没有找到这项申请，或您无权查看。"
WAITING = (RequestState.asked.value, RequestState.granted.value)


@deed
def ask(work: Work, actor: Actor, number: str, purpose: RequestPurpose, code: str, reason: str, document_no: str = "") -> int:
    """A custodian of the area asks to open or to erase; the request's id. Nothing is shown by it. Raises `NotFound` where nobody
    is recorded, `NotAllowed` where nobody could decide, `Conflict` where the same is asked for already."""
    permits.require(actor, Permission.identity_reveal)
    case = _locked_case(work, number)
    if case is None or not actor.has_in(Permission.identity_reveal, case.jurisdiction):
        raise access.no_such_case(number)
    said = _checked_reason(work, case, purpose, code, reason, document_no)
    if not records_of(work, case.id) and (purpose is RequestPurpose.erase or not _has_sealed_original(work, case)):
        raise NotFound(NOBODY_RECORDED, code="no_identity")
    row = IdentityRequest(
        case_id=case.id, purpose=purpose, state=RequestState.asked, reason_code=code, reason=said,
        document_no=document_no.strip(), asked_by_id=actor.id, asked_for_id=actor.acting_for.id if actor.acting_for else None,
        asked_at=work.clock.now(),
        open_until=work.clock.now() + DECIDED_WITHIN, opened_count=0, decision="")
    _refuse_twice(work, row)
    if not any(decider_refusal(each.actor, asked_of(case, row)) is None for each in access.everybody()):
        raise NotAllowed("没有其他身份保管员或区领导可以审批，暂时不能查阅或删除；请管理员先授权另一人。", code="nobody_decides")
    work.session.add(row)
    work.session.flush()
    digest = work.wiring.cipher.keyed_digest
    fact = work.move(case, OtherFacts.identity_requested.fact, actor, case.state, {}, {
        "request": row.id, "purpose": row.purpose, "reason_code": code, "reason_digest": digest(said),
        **({"document_no": row.document_no} if row.document_no else {})})
    telling.tell(work, fact, case, row)
    return row.id


@deed
def decide(work: Work, actor: Actor, request_id: int, is_granted: bool, decision: str) -> Erased | None:
    """Grant or refuse, by another person. What is granted to be opened is open for half an hour from now; what is granted to be
    erased is erased at once, and the answer says what is beyond reach."""
    case, row = locked_request(work, actor, request_id)
    if (refusal := decider_refusal(actor, asked_of(case, row))) is not None:
        raise refusal
    if row.state != RequestState.asked or row.open_until <= work.clock.now():
        raise Conflict("这项申请已经有了决定，或已失效。", code="decided")
    said = mask_text(masked_for(work, case, decision.strip()))
    if not said and not is_granted:
        raise Incomplete("不同意的，请写明理由。", field="decision")
    row.decision, row.decided_at = said, work.clock.now()
    row.decided_by_id, row.decided_for_id = actor.id, actor.acting_for.id if actor.acting_for else None
    is_erasing = is_granted and row.purpose == RequestPurpose.erase
    row.state = RequestState.done if is_erasing else RequestState.granted if is_granted else RequestState.refused
    if is_granted:
        row.open_until = work.clock.now() + timedelta(minutes=OPEN_MINUTES)
    kind = OtherFacts.identity_granted.fact if is_granted else OtherFacts.identity_refused.fact
    digest = {"decision_digest": work.wiring.cipher.keyed_digest(said)} if said else {}
    fact = work.move(case, kind, actor, case.state, {}, {"request": row.id, "purpose": row.purpose, **digest})
    telling.tell(work, fact, case, row)
    return erase_case(work, actor, case, row) if is_erasing else None


def lapse(on: date) -> str:
    """What nobody decided or used in time is over, in words for the log."""
    query = select(IdentityRequest.id).where(IdentityRequest.state.in_(WAITING)).order_by(IdentityRequest.id)
    waiting = reading().scalars(query).all()
    reading().rollback()  # the reading ends here; each request opens its own transaction
    return Say("举报人信息的申请失效 {count} 项", count=sum(map(_lapse_request, waiting)))


@deed
def _lapse_request(work: Work, request_id: int) -> int:
    row = _locked_row(work, request_id)
    if row is None or row.state not in WAITING or row.open_until > work.clock.now():
        return 0
    case = work.session.scalars(select(Case).where(Case.id == row.case_id).with_for_update(of=Case)).one()
    row.state = RequestState.lapsed
    fact = work.move(case, OtherFacts.identity_lapsed.fact, CLOCK, case.state, {},
                     {"request": row.id, "purpose": row.purpose, "opened": row.opened_count})
    telling.tell(work, fact, case, row)
    return 1


def locked_request(work: Work, actor: Actor, request_id: int) -> tuple[Case, IdentityRequest]:
    """A request, locked with its case, of who asked or may decide in its area. Raises `NotFound` for all others."""
    row = _locked_row(work, request_id)
    case = work.session.scalar(select(Case).where(Case.id == row.case_id).with_for_update(of=Case)
                               .execution_options(populate_existing=True)) if row is not None else None
    if row is None or case is None or not (is_asker(actor, row) or actor.has_in(Permission.identity_decide, case.jurisdiction)):
        raise NotFound(NO_REQUEST)
    return case, row


def is_asker(actor: Actor, row: IdentityRequest) -> bool:
    """Whether this person asked, as the same person for the same principal."""
    return (row.asked_by_id, row.asked_for_id) == (actor.id, actor.acting_for.id if actor.acting_for else None)


def asked_of(case: Case, row: IdentityRequest) -> AskedIdentity:
    """The request as its law sees it."""
    units = {case.lead_unit_id, *case.supporting_unit_ids} - {None}
    return AskedIdentity(case.jurisdiction, frozenset(unit for unit in units if unit is not None),
                         (row.asked_by_id, row.asked_for_id))


def _locked_row(work: Work, request_id: int) -> IdentityRequest | None:
    return work.session.scalar(select(IdentityRequest).where(IdentityRequest.id == request_id).with_for_update()
                               .execution_options(populate_existing=True))


def _locked_case(work: Work, number: str) -> Case | None:
    query = select(Case).where(Case.number == number.strip().upper())
    return work.session.scalar(query.with_for_update(of=Case).execution_options(populate_existing=True))


def _checked_reason(work: Work, case: Case, purpose: RequestPurpose, code: str, reason: str, document_no: str) -> str:
    """The reason as it is kept: long enough to be one, and without the reporter."""
    if code not in dict(CHOICES[purpose]):
        raise Invalid("请从列表中选择事由或依据。", field="code")
    if purpose is RequestPurpose.erase and not document_no.strip():
        raise Incomplete("删除举报人信息须填写依据文书的文号。", field="document_no")
    said = reason.strip()
    if not FEWEST_LETTERS <= len(said) <= LONGEST:
        raise Incomplete(Say("理由至少 {fewest} 字，最多 {longest} 字。", fewest=FEWEST_LETTERS, longest=LONGEST), field="reason")
    return mask_text(masked_for(work, case, said))


def _refuse_twice(work: Work, row: IdentityRequest) -> None:
    same = select(IdentityRequest.id).where(
        IdentityRequest.case_id == row.case_id, IdentityRequest.purpose == row.purpose, IdentityRequest.state.in_(WAITING),
        IdentityRequest.asked_by_id == row.asked_by_id, IdentityRequest.open_until > work.clock.now())
    if work.session.scalar(same.limit(1)) is not None:
        raise Conflict("您对本案的同一申请还在等待审批，或仍在有效期内。", code="asked_already")


def _has_sealed_original(work: Work, case: Case) -> bool:
    query = select(EvidenceRow.id).where(EvidenceRow.subject == case.stream, EvidenceRow.is_original_sealed.is_(True))
    return work.session.scalar(query.limit(1)) is not None
