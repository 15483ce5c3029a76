"""Reporters' identities: sealed when kept, opened for a custodian alone and never without a fact, erased on request."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from tracker.domain.cases.fact_kinds import IdentityFacts
from tracker.domain.cases.flow import OtherFacts
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Incomplete, NotAllowed, NotFound
from tracker.domain.house.masking import mask_text
from tracker.domain.house.say import Say
from tracker.services.cases.identities.masks import masked_for
from tracker.services.cases.identities.reporters import Reporter, opened, records_of
from tracker.services.evidence.evidence import OpenedFile, original_of
from tracker.services.house import permits
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.services.people import access
from tracker.storage.cases.cases import Case
from tracker.storage.cases.identities import Identity
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.house.ledger import FactRow

OPEN_MINUTES = 30  # how long a reason holds for the sealed originals of its case
NOBODY_RECORDED = "本案没有可查阅的举报人信息。"


@dataclass(frozen=True)
class SealedOriginal:
    """One sealed original, as the custodian's page lists it."""

    id: int
    role: EvidenceRole
    name: str
    size: int


@deed
def reveal(work: Work, actor: Actor, number: str, reason: str) -> tuple[Reporter, ...]:
    """The reporters of a case, to a custodian of its area who gives a reason. The fact is written before anything is shown.

    Call it on its own, so that its transaction has ended when it returns. Raises `NotFound` when nobody is recorded and no
    original is sealed.
    """
    case, rows = _locked_identities(work, actor, number, reason)
    if not rows and not sealed_originals(case.number):
        raise NotFound(NOBODY_RECORDED, code="no_identity")
    found = opened(work, case.id, rows)
    work.move(case, OtherFacts.identity_revealed.fact, actor, case.state, {},
              {"reason": mask_text(masked_for(work, case, reason.strip())), "identities": [row.id for row in rows]})
    return found


@deed
def erase(work: Work, actor: Actor, number: str, reason: str) -> int:
    """Erase the reporters of a case for good, digest and all; returns how many. The case and its facts stay as they are."""
    case, rows = _locked_identities(work, actor, number, reason)
    if not rows:
        raise NotFound(NOBODY_RECORDED, code="no_identity")
    said = mask_text(masked_for(work, case, reason.strip()))
    for row in rows:
        row.sealed, row.reporter_digest, row.erased_at = None, None, work.clock.now()
        work.record(f"identity:{row.id}", IdentityFacts.erased, actor, {"case": case.number, "reason": said})
    return len(rows)


def sealed_originals(number: str) -> tuple[SealedOriginal, ...]:
    """The sealed originals of a case, for the page that a custodian was let into."""
    query = select(EvidenceRow).where(EvidenceRow.subject == f"case:{number}", EvidenceRow.is_original_sealed.is_(True))
    return tuple(SealedOriginal(row.id, row.role, row.original_name, row.size)
                 for row in reading().scalars(query.order_by(EvidenceRow.id)))


def open_original(actor: Actor, evidence_id: int) -> OpenedFile:
    """A sealed original, to a custodian of its area who has just said why. Raises `NotFound`, and `NotAllowed` without a
    reason."""
    permits.require(actor, Permission.identity_reveal)
    row = reading().scalar(select(EvidenceRow).where(EvidenceRow.id == evidence_id, EvidenceRow.is_original_sealed.is_(True)))
    case = reading().scalar(select(Case).where(Case.number == row.subject.removeprefix("case:"))) if row is not None else None
    if row is None or case is None or not actor.has_in(Permission.identity_reveal, case.jurisdiction):
        raise NotFound("没有找到这份封存的原件，或您无权打开。")
    since = wiring().clock.now() - timedelta(minutes=OPEN_MINUTES)
    said = select(FactRow.id).where(FactRow.stream == case.stream, FactRow.kind == OtherFacts.identity_revealed.fact,
                                    FactRow.actor_id == actor.id,
                                    FactRow.at >= since)
    if reading().scalar(said.limit(1)) is None:
        raise NotAllowed(Say("打开封存的原件须先说明理由；说明后 {minutes} 分钟内可以打开。", minutes=OPEN_MINUTES), code="no_reason")
    return original_of(row)


def _locked_identities(work: Work, actor: Actor, number: str, reason: str) -> tuple[Case, Sequence[Identity]]:
    """The case, locked, and its unerased identities: a custodian sees no list of cases, only what they name."""
    permits.require(actor, Permission.identity_reveal)
    if not reason.strip():
        raise Incomplete("查阅或删除举报人信息须填写理由。", field="reason")
    query = select(Case).where(Case.number == number.strip().upper())
    case = work.session.scalar(query.with_for_update(of=Case).execution_options(populate_existing=True))
    if case is None or not actor.has_in(Permission.identity_reveal, case.jurisdiction):
        raise access.no_such_case(number)
    return case, records_of(work, case.id)
