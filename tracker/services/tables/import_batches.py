"""Import batches: what came in when, and taking one back while nobody has worked on its cases."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import BESIDE, OtherFacts
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import NotFound, WrongState
from tracker.domain.house.ledger import chained
from tracker.domain.tables.fact_kinds import ImportFacts
from tracker.services.house import permits
from tracker.services.house.work import Work, deed, reading
from tracker.services.tables.import_reading import STEP, Progress, quiet
from tracker.storage.cases import rows
from tracker.storage.cases.cases import Case, ImportBatch
from tracker.storage.cases.identities import Identity
from tracker.storage.house.ledger import FactRow
from tracker.storage.territory.territory import Source

PORTION = 500
# Facts that came with the import itself, or that change nothing about a case.
WITHDRAWN = OtherFacts.import_withdrawn.fact
UNMOVED = (OtherFacts.registered.fact, OtherFacts.history_imported.fact, OtherFacts.history_noted.fact,
           OtherFacts.due_recomputed.fact, WITHDRAWN, *BESIDE)


@dataclass(frozen=True, slots=True)
class _BatchRow:
    id: int
    number: str
    seq: int

    @property
    def stream(self) -> str:
        return f"case:{self.number}"


@dataclass(frozen=True)
class BatchLine:
    """One batch in a list."""

    code: str
    source: str
    file_name: str
    row_count: int
    created_count: int
    known_count: int
    bad_count: int
    imported_at: datetime
    withdrawn_at: datetime | None


def batches(actor: Actor) -> list[BatchLine]:
    """All batches, the newest first."""
    permits.require(actor, Permission.case_import)
    query = select(
        ImportBatch.code, Source.key, ImportBatch.file_name, ImportBatch.row_count, ImportBatch.created_count,
        ImportBatch.known_count, ImportBatch.bad_count, ImportBatch.imported_at, ImportBatch.withdrawn_at,
    ).join(Source, Source.id == ImportBatch.source_id).order_by(ImportBatch.id.desc())
    return [BatchLine(*row) for row in reading().execute(query)]


@deed
def withdraw(work: Work, actor: Actor, code: str, progress: Progress = quiet) -> int:
    """Take a batch back: its cases are void, its reporters erased, its file may come in again. Returns how many cases.

    Raises `WrongState` naming a case that somebody has worked on: then none is taken back.
    """
    permits.require(actor, Permission.case_import)
    batch = work.session.scalar(select(ImportBatch).where(ImportBatch.code == code.strip().upper()).with_for_update())
    if batch is None:
        raise NotFound(f"没有导入批次“{code}”。")
    if batch.withdrawn_at is not None:
        raise WrongState(f"批次 {batch.code} 已于 {work.clock.local(batch.withdrawn_at):%Y-%m-%d %H:%M} 撤回。")
    _refuse_moved(work, batch)
    batch.withdrawn_at = work.clock.now()
    work.session.flush()
    total = work.session.scalar(select(func.count()).where(Case.import_batch_id == batch.id)) or 0
    done, last = 0, 0
    while cases := _next_portion(work, batch, last):
        last = cases[-1].id
        _withdraw_portion(work, actor, batch, cases)
        done += len(cases)
        if total > STEP:
            progress(done, total, "撤回（件）")
    _refuse_moved(work, batch)  # now that the rows are ours: somebody may have been quicker
    work.record(f"import:{batch.code}", ImportFacts.withdrawn, actor, {"cases": done})
    return done


def _refuse_moved(work: Work, batch: ImportBatch) -> None:
    """Nothing may have happened to any of the cases."""
    moved = select(Case.number).join(FactRow, FactRow.stream == "case:" + Case.number).where(
        Case.import_batch_id == batch.id, FactRow.kind.not_in(UNMOVED)).distinct().order_by(Case.number)
    found = work.session.scalars(moved.limit(4)).all()
    if found:
        more = "等" if len(found) > 3 else ""
        raise WrongState(f"批次 {batch.code} 不能撤回：{'、'.join(found[:3])}{more} 已经有人办理。", code="batch_moved")


def _next_portion(work: Work, batch: ImportBatch, last: int) -> list[_BatchRow]:
    query = select(Case.id, Case.number, Case.seq).where(Case.import_batch_id == batch.id, Case.id > last)
    return [_BatchRow(*row) for row in work.session.execute(query.order_by(Case.id).limit(PORTION).with_for_update())]


def _withdraw_portion(work: Work, actor: Actor, batch: ImportBatch, cases: list[_BatchRow]) -> None:
    now = work.clock.now()
    heads = _last_digests(work, cases)
    payload = {"batch": batch.code, "set": {"withdrawn_at": now}} | actor.on_record
    facts = [chained(c.stream, c.seq + 1, WITHDRAWN, actor.id, now, payload, heads[c.stream]) for c in cases]
    rows.apply_to_many(work.session, {c.id: c.seq + 1 for c in cases}, CaseState.voided, {"withdrawn_at": now})
    ids = [c.id for c in cases]
    empty: dict[str, object] = {"sealed": None, "reporter_digest": None, "erased_at": now}
    erased = work.session.scalars(update(Identity).where(Identity.case_id.in_(ids), Identity.sealed.is_not(None)).values(empty)
                                  .returning(Identity.id)).all()
    work.append(facts)
    if erased:
        work.record(f"import:{batch.code}", ImportFacts.reporters_erased, actor, {"reporters": len(erased)},
                    {f"identities/{each}": empty for each in erased})


def _last_digests(work: Work, cases: list[_BatchRow]) -> dict[str, str]:
    """The digest of each case's last fact."""
    last = {case.stream: case.seq for case in cases}
    query = select(FactRow.stream, FactRow.seq, FactRow.digest).where(FactRow.stream.in_(last))
    return {row.stream: row.digest for row in work.session.execute(query) if row.seq == last[row.stream]}
