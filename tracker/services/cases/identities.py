"""Reporters' identities: sealed when kept, opened for a custodian alone and never without a fact, erased on request."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, select

from tracker.domain.cases.fact_kinds import IdentityFacts
from tracker.domain.cases.flow import OtherFacts
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.actor import OPERATOR, Actor, Permission
from tracker.domain.house.errors import Incomplete, NotAllowed, NotFound
from tracker.domain.house.folds import ToldRow
from tracker.domain.house.identifiers import squeeze
from tracker.domain.house.masking import mask_person, mask_text
from tracker.domain.house.say import Say
from tracker.services.evidence.evidence import OpenedFile, original_of
from tracker.services.house import permits
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.services.people import access
from tracker.storage.cases.cases import Case
from tracker.storage.cases.identities import Identity
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.house.ledger import FactRow

PROSE = ("title", "description", "place")
OPEN_MINUTES = 30  # how long a reason holds for the sealed originals of its case
NOBODY_RECORDED = "本案没有可查阅的举报人信息。"


@dataclass(frozen=True)
class Reporter:
    """Who reported a case, in clear. Lives in memory and on the custodian's page, nowhere else."""

    name: str = ""
    phone: str = ""
    address: str = ""
    text: str = ""

    def __repr__(self) -> str:
        """Nothing: a log or a traceback must not betray a reporter."""
        return "Reporter(…)"


@dataclass(frozen=True)
class SealedOriginal:
    """One sealed original, as the custodian's page lists it."""

    id: int
    role: EvidenceRole
    name: str
    size: int


def unnamed(order: Any, reporter: Reporter) -> Any:
    """An order without its reporter in what everybody reads: name and number stand in the restricted record alone. The address
    stays, for often it is the very place that the case is about. No text gets longer by it."""
    return replace(order, **{name: mask_person(getattr(order, name), reporter.name, reporter.phone) for name in PROSE})


def keep(work: Work, case_id: int, by: Actor = OPERATOR, *, name: str = "", phone: str = "", address: str = "",
         text: str = "") -> int | None:
    """Seal a reporter beside their case, in the caller's transaction; returns the record's id, None when nothing was said."""
    reporter = Reporter(name.strip(), phone.strip(), address.strip(), text.strip())
    if reporter == Reporter():
        return None
    row = Identity(**_sealed_row(work, case_id, reporter))
    work.session.add(row)
    work.session.flush()
    work.record(f"identity:{row.id}", IdentityFacts.kept, by, {"case_id": case_id})
    return row.id


def keep_many(work: Work, reporters: Iterable[tuple[int, Reporter]]) -> dict[str, ToldRow]:
    """The same for many cases at once, by their ids; whoever is empty is left out. Returns what the caller's fact tells of it."""
    rows = [_sealed_row(work, case_id, reporter) for case_id, reporter in reporters if reporter != Reporter()]
    if not rows:
        return {}
    fold = work.wiring.folds[Identity.__tablename__]
    making = insert(Identity.__table__).returning(*Identity.__table__.c)  # type: ignore[arg-type]
    kept = work.session.execute(making, rows).mappings()
    return {fold.name_of(row): fold.telling(row, fold.told, work.wiring.cipher.keyed_digest) for row in map(dict, kept)}


def _sealed_row(work: Work, case_id: int, reporter: Reporter) -> dict[str, object]:
    cipher, said = work.wiring.cipher, json.dumps(asdict(reporter), ensure_ascii=False, sort_keys=True)
    key = _same_reporter(reporter)
    return {"case_id": case_id, "sealed": cipher.seal(said, _seal_context(case_id)), "created_at": work.clock.now(),
            "reporter_digest": cipher.keyed_digest(key) if key else None, "erased_at": None}


@deed
def reveal(work: Work, actor: Actor, number: str, reason: str) -> tuple[Reporter, ...]:
    """The reporters of a case, to a custodian of its area who gives a reason. The fact is written before anything is shown.

    Call it on its own, so that its transaction has ended when it returns. Raises `NotFound` when nobody is recorded and no
    original is sealed.
    """
    case, rows = _locked_identities(work, actor, number, reason)
    if not rows and not sealed_originals(case.number):
        raise NotFound(NOBODY_RECORDED, code="no_identity")
    found = tuple(Reporter(**json.loads(work.wiring.cipher.open(row.sealed, _seal_context(case.id))))
                  for row in rows if row.sealed)
    work.move(case, OtherFacts.identity_revealed.fact, actor, case.state, {},
              {"reason": mask_text(reason.strip()), "identities": [row.id for row in rows]})
    return found


@deed
def erase(work: Work, actor: Actor, number: str, reason: str) -> int:
    """Erase the reporters of a case for good, digest and all; returns how many. The case and its facts stay as they are."""
    case, rows = _locked_identities(work, actor, number, reason)
    if not rows:
        raise NotFound(NOBODY_RECORDED, code="no_identity")
    for row in rows:
        row.sealed, row.reporter_digest, row.erased_at = None, None, work.clock.now()
        work.record(f"identity:{row.id}", IdentityFacts.erased, actor, {"case": case.number, "reason": mask_text(reason.strip())})
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


def is_repeat(work: Work, digest: str | None) -> bool:
    """Whether this reporter is known from another record."""
    if digest is None:
        return False
    return len(work.session.scalars(select(Identity.id).where(Identity.reporter_digest == digest).limit(2)).all()) > 1


def repeat_reporters(since: date) -> dict[str, int]:
    """Cases received since a day whose reporter reported another one too, each with a running number for the reporter.

    Neither names nor keys leave this module: the numbers say only which cases share a reporter.
    """
    query = select(Case.number, Identity.reporter_digest).join(Identity, Identity.case_id == Case.id).where(
        Identity.reporter_digest.is_not(None), Case.received_on >= since).order_by(Case.number)
    cases: dict[str, list[str]] = defaultdict(list)
    for number, digest in reading().execute(query):
        if digest is not None and number not in cases[digest]:
            cases[digest].append(number)
    repeated = [numbers for numbers in cases.values() if len(numbers) > 1]
    return {number: place for place, numbers in enumerate(repeated, start=1) for number in numbers}


def _locked_identities(work: Work, actor: Actor, number: str, reason: str) -> tuple[Case, Sequence[Identity]]:
    """The case, locked, and its unerased identities: a custodian sees no list of cases, only what they name."""
    permits.require(actor, Permission.identity_reveal)
    if not reason.strip():
        raise Incomplete("查阅或删除举报人信息须填写理由。", field="reason")
    query = select(Case).where(Case.number == number.strip().upper())
    case = work.session.scalar(query.with_for_update(of=Case).execution_options(populate_existing=True))
    if case is None or not actor.has_in(Permission.identity_reveal, case.jurisdiction):
        raise access.no_such_case(number)
    rows = work.session.scalars(
        select(Identity).where(Identity.case_id == case.id, Identity.sealed.is_not(None)).order_by(Identity.id)).all()
    return case, rows


def _same_reporter(reporter: Reporter) -> str:
    """What tells one reporter from another: the phone's digits without the country, else the name without blanks."""
    digits = re.sub(r"\D", "", squeeze(reporter.phone))
    if len(digits) >= 7:
        return "phone:" + re.sub(r"^(?:0086|86)(?=1\d{10}$)", "", digits)
    name = squeeze(reporter.name)
    return f"name:{name}" if name else ""


def _seal_context(case_id: int) -> str:
    return f"identities:{case_id}"
