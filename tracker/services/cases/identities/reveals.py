"""A reporter is opened: what was granted, to who asked, for half an hour, each time with a fact before the first byte."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from tracker.domain.cases.flow import OtherFacts
from tracker.domain.cases.identities.requesting import MOST_A_DAY, MOST_OPENINGS, OPEN_MINUTES, RequestPurpose, RequestState
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import NotAllowed, NotFound
from tracker.domain.house.say import Say
from tracker.services.cases.identities import telling
from tracker.services.cases.identities.reporters import Reporter, opened, records_of
from tracker.services.cases.identities.requests import NO_REQUEST, is_asker, locked_request
from tracker.services.evidence.soundness import OpenedFile, original_of
from tracker.services.house import permits
from tracker.services.house.work import Work, deed, reading
from tracker.storage.cases.cases import Case
from tracker.storage.cases.identities import IdentityRequest
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.house.ledger import FactRow

OVER = Say("这项申请没有获准，或已超过 {minutes} 分钟、{most} 次，不能再打开；请重新申请。", minutes=OPEN_MINUTES, most=MOST_OPENINGS)


@dataclass(frozen=True)
class SealedOriginal:
    """One sealed original, as the custodian's page lists it."""

    id: int
    role: EvidenceRole
    name: str
    size: int


@dataclass(frozen=True)
class Revealed:
    """What one opening shows: the case, who reported it, and until when and how often it may be opened again."""

    number: str
    reporters: tuple[Reporter, ...]
    until: datetime
    left: int

    def __repr__(self) -> str:
        """Nothing: a log or a traceback must not betray a reporter."""
        return "Revealed(…)"


@deed
def reveal(work: Work, actor: Actor, request_id: int) -> Revealed:
    """The reporters of a case, to who asked and was granted it. The fact is written before anything is shown.

    Call it on its own, so that its transaction has ended when it returns. Raises `NotAllowed` when it is over.
    """
    permits.require(actor, Permission.identity_reveal)
    case, row = locked_request(work, actor, request_id)
    if not is_asker(actor, row) or row.purpose != RequestPurpose.reveal:
        raise NotFound(NO_REQUEST)
    is_open = row.state == RequestState.granted and row.open_until > work.clock.now() and row.opened_count < MOST_OPENINGS
    if not is_open or not actor.has_in(Permission.identity_reveal, case.jurisdiction):
        raise NotAllowed(OVER, code="request_over")
    records = records_of(work, case.id)
    found = opened(work, case.id, records)
    row.opened_count += 1
    if row.opened_count == MOST_OPENINGS:
        row.state = RequestState.done
    _note_opening(work, actor, case, row, {"opened": row.opened_count, "identities": [record.id for record in records]})
    return Revealed(case.number, found, row.open_until, MOST_OPENINGS - row.opened_count)


def sealed_originals(number: str) -> tuple[SealedOriginal, ...]:
    """The sealed originals of a case, for the page that a custodian was let into."""
    query = select(EvidenceRow).where(EvidenceRow.subject == f"case:{number}", EvidenceRow.is_original_sealed.is_(True))
    return tuple(SealedOriginal(row.id, row.role, row.original_name, row.size)
                 for row in reading().scalars(query.order_by(EvidenceRow.id)))


def open_original(actor: Actor, evidence_id: int) -> OpenedFile:
    """A sealed original, to who has the reporters of its case open now; a fact says so before. Raises `NotFound`, and
    `NotAllowed` when nothing is open."""
    return original_of(actor, _noted_original(actor, evidence_id))


@deed
def _noted_original(work: Work, actor: Actor, evidence_id: int) -> EvidenceRow:
    permits.require(actor, Permission.identity_reveal)
    row = work.session.scalar(select(EvidenceRow).where(EvidenceRow.id == evidence_id, EvidenceRow.is_original_sealed.is_(True)))
    case = work.session.scalar(select(Case).where(Case.number == row.subject.removeprefix("case:"))
                               .with_for_update(of=Case).execution_options(populate_existing=True)) if row is not None else None
    if row is None or case is None or not actor.has_in(Permission.identity_reveal, case.jurisdiction):
        raise NotFound("没有找到这份封存的原件，或您无权打开。")
    query = select(IdentityRequest).where(
        IdentityRequest.case_id == case.id, IdentityRequest.purpose == RequestPurpose.reveal, IdentityRequest.opened_count > 0,
        IdentityRequest.state.in_((RequestState.granted, RequestState.done)), IdentityRequest.open_until > work.clock.now(),
        IdentityRequest.asked_by_id == actor.id)
    request = next((each for each in work.session.scalars(query) if is_asker(actor, each)), None)
    if request is None:
        raise NotAllowed(Say("打开封存的原件须先申请并获准查阅；打开举报人信息后 {minutes} 分钟内可以打开。", minutes=OPEN_MINUTES),
                         code="no_reason")
    _note_opening(work, actor, case, request, {"evidence": row.id})
    return row


def _note_opening(work: Work, actor: Actor, case: Case, row: IdentityRequest, said: dict[str, object]) -> None:
    """One opening is a fact; whoever opens more than is usual in a day is told to those who watch."""
    fact = work.move(case, OtherFacts.identity_revealed.fact, actor, case.state, {}, {"request": row.id, **said})
    today = select(func.count()).select_from(FactRow).where(
        FactRow.kind == fact.kind, FactRow.actor_id == actor.id,
        FactRow.at > work.clock.end_of(work.clock.today() - timedelta(days=1)))
    if (count := work.session.scalar(today) or 0) == MOST_A_DAY + 1:
        telling.tell_of_many(work, fact, case, row, actor, count)
