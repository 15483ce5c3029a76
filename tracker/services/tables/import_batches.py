"""Import batches: what came in when, and taking one back while nobody has worked on its cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import BESIDE, OtherFacts
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Conflict, NotFound, WrongState
from tracker.domain.house.ledger import chained
from tracker.domain.house.say import Listed, Say
from tracker.domain.tables.fact_kinds import ImportFacts
from tracker.services.house import permits
from tracker.services.house.work import Work, deed, reading
from tracker.services.tables import import_mails
from tracker.services.tables.import_reading import STEP, Progress, quiet
from tracker.storage.cases import rows
from tracker.storage.cases.cases import Case, ImportBatch
from tracker.storage.cases.identities import Identity
from tracker.storage.house.ledger import FactRow
from tracker.storage.territory.territory import Source

PORTION = 500
MOST_NAMED = 10
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


@dataclass(frozen=True)
class Withdrawal:
    """What came of taking a batch back: how many cases are void, and which ones stay because somebody works on them."""

    code: str
    count: int
    kept: tuple[str, ...] = ()

    def sentence(self) -> str:
        """The same in words."""
        done = Say("已撤回批次 {code}，{count} 件作废", code=self.code, count=self.count)
        if not self.kept:
            return Say("{done}。", done=done)
        return Say("{done}；{kept} 件已经有人办理，保留：{numbers}。", done=done, kept=len(self.kept), numbers=Listed(self.kept[:MOST_NAMED]))


def of_codes(actor: Actor, codes: Sequence[str]) -> tuple[BatchLine, ...]:
    """These batches, the newest first."""
    return tuple(line for line in batches(actor) if line.code in codes)


@deed
def withdraw(work: Work, actor: Actor, code: str, progress: Progress = quiet) -> Withdrawal:
    """Take a batch back: the cases that nobody has worked on are void, their reporters erased, its file may come in again, and
    who had been told of them is told so by one mail.

    Raises `WrongState` naming cases when somebody has worked on every one of them.
    """
    permits.require(actor, Permission.case_import)
    batch = work.session.scalar(select(ImportBatch).where(ImportBatch.code == code.strip().upper()).with_for_update())
    if batch is None:
        raise NotFound(Say("没有导入批次“{code}”。", code=code))
    if batch.withdrawn_at is not None:
        raise WrongState(Say("批次 {code} 已于 {at} 撤回。", code=batch.code,
                             at=work.clock.local(batch.withdrawn_at)))
    moved = _moved_numbers(work, batch)
    total = work.session.scalar(select(func.count()).where(Case.import_batch_id == batch.id)) or 0
    if moved and len(moved) == total:
        raise WrongState(Say("批次 {code} 不能撤回：{numbers}等 {count} 件都已经有人办理。", code=batch.code, numbers=Listed(moved[:3]),
                             count=total), code="batch_moved")
    told = import_mails.told_of(work, batch)
    batch.withdrawn_at = work.clock.now()
    work.session.flush()
    done = _withdraw_unmoved(work, actor, batch, set(moved), total, progress)
    if set(_moved_numbers(work, batch)) - set(moved):  # now that the rows are ours: somebody may have been quicker
        raise Conflict(Say("撤回期间有人办理了批次 {code} 中的案件，请再试一次。", code=batch.code), code="batch_moved")
    work.record(f"import:{batch.code}", ImportFacts.withdrawn, actor, {"cases": done, "kept": len(moved)})
    import_mails.tell(work, actor, batch, told, done, len(moved))
    return Withdrawal(batch.code, done, tuple(moved))


def _withdraw_unmoved(work: Work, actor: Actor, batch: ImportBatch, moved: set[str], total: int, progress: Progress) -> int:
    done, last = 0, 0
    while cases := _next_portion(work, batch, last):
        last, free = cases[-1].id, [case for case in cases if case.number not in moved]
        if free:
            _withdraw_portion(work, actor, batch, free)
        done += len(free)
        if total > STEP:
            progress(done, total, "撤回（件）")
    return done


def _moved_numbers(work: Work, batch: ImportBatch) -> list[str]:
    """The cases to which something has happened since they came in."""
    moved = select(Case.number).join(FactRow, FactRow.stream == "case:" + Case.number).where(
        Case.import_batch_id == batch.id, FactRow.kind.not_in(UNMOVED)).distinct().order_by(Case.number)
    return list(work.session.scalars(moved))


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
