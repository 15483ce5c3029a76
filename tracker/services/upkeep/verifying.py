"""The ledger verifies itself, keeps the result as a fact, and is heard of when it does not."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.domain.house.actor import CLOCK, Actor, Permission
from tracker.domain.house.errors import Conflict
from tracker.domain.house.log.fact_kinds import LEDGER, LedgerFacts
from tracker.domain.house.log.verifying import FULL_ON, LATE, VerifyKind
from tracker.domain.house.say import read_json
from tracker.services.house import permits
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.services.upkeep.integrity import IntegrityRun, Progress, VerifyScope, verify
from tracker.storage.house.ledger import FactRow


@dataclass(frozen=True)
class PastRun:
    """A verification as the ledger tells of it."""

    at: datetime
    kind: VerifyKind
    size: int
    troubles: int
    first: str


def verify_and_note(scope: VerifyScope, progress: Progress | None = None) -> IntegrityRun:
    """Verify, and tell the ledger what came of it."""
    run = verify(progress, scope)
    _note_run(run)
    return run


def nightly_scope(on: date) -> VerifyScope:
    """What the night of a business date looks at: everything on Sundays, or where that has not been done for a week."""
    session = reading()
    full = next((each for each in past_runs(session) if each.kind is VerifyKind.full), None)
    is_stale = full is None or wiring().clock.now() - full.at > LATE["full"] * 0.9
    if on.weekday() == FULL_ON or is_stale:
        return VerifyScope(VerifyKind.full, on=on)
    return VerifyScope(VerifyKind.nightly, since_last(session), on)


def since_last(session: Session) -> int:
    """The entry up to which the last run without trouble came; 0 when there was none."""
    return next((each.size for each in past_runs(session) if not each.troubles), 0)


def past_runs(session: Session, most: int = 40) -> list[PastRun]:
    """The latest verifications, the newest first."""
    query = select(FactRow.at, FactRow.body).where(FactRow.stream == LEDGER, FactRow.kind == LedgerFacts.checked)
    rows = session.execute(query.order_by(FactRow.seq.desc()).limit(most))
    told = ((row.at, read_json(row.body)) for row in rows)
    return [PastRun(at, VerifyKind(said["kind"]), said["size"], said["troubles"], said["first"]) for at, said in told]


def is_asked(session: Session) -> bool:
    """Whether somebody asked for a full verification that has not come yet."""
    asked = session.scalar(select(func.max(FactRow.at)).where(FactRow.stream == LEDGER, FactRow.kind == LedgerFacts.check_asked))
    return asked is not None and not any(each.kind is VerifyKind.full and each.at >= asked for each in past_runs(session))


@deed
def ask(work: Work, actor: Actor) -> None:
    """A full verification, as soon as the clock process comes to it. Raises `Conflict` while one is waited for."""
    permits.require(actor, Permission.ledger_verify)
    if is_asked(work.session):
        raise Conflict("已经有人申请了完整核验，时钟进程正在办。", code="asked_already")
    work.record(LEDGER, LedgerFacts.check_asked, actor, {})


@deed
def _note_run(work: Work, run: IntegrityRun) -> None:
    first = f"{run.first}" if run.first is not None else ""
    work.record(LEDGER, LedgerFacts.checked, CLOCK, {
        "kind": run.kind, "size": run.size, "streams": run.stream_count, "files": run.file_count, "troubles": run.trouble_count,
        "first": first})
