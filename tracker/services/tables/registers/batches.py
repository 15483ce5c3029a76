"""Batches of registers: what came in when, and taking one back, its entries void as if they had never held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import NotFound, WrongState
from tracker.domain.house.say import Listed, Say
from tracker.domain.sites.entries import ONE_DAY
from tracker.domain.sites.fact_kinds import SiteBatchFacts
from tracker.services.house import permits
from tracker.services.house.work import Work, deed, reading
from tracker.services.sites.entering import close_entry
from tracker.services.tables.registers.importing import PERMISSION
from tracker.services.tables.registers.planning import PORTION
from tracker.services.tables.registers.writing import BatchWriter
from tracker.storage.sites.sites import SiteBatch, SiteEntry

MOST_NAMED = 10
BATCHES_SHOWN = 50


@dataclass(frozen=True)
class RegisterBatchLine:
    """One batch in a list."""

    code: str
    register: str
    mode: str
    file_name: str
    row_count: int
    created_count: int
    known_count: int
    changed_count: int
    ended_count: int
    imported_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class RegisterWithdrawal:
    """What came of taking a batch back; entries that ended since stay, named by their numbers."""

    code: str
    count: int
    kept: tuple[str, ...] = ()

    def sentence(self) -> Say:
        """The same in words."""
        done = Say("已撤回批次 {code}，{count} 条作废", code=self.code, count=self.count)
        if not self.kept:
            return Say("{done}。", done=done)
        return Say("{done}；{kept} 条导入后已有变动，保留：{numbers}。", done=done, kept=len(self.kept),
                   numbers=Listed(self.kept[:MOST_NAMED]))


def batches(actor: Actor) -> list[RegisterBatchLine]:
    """The batches of registers, the newest first."""
    permits.require(actor, PERMISSION)
    columns = (getattr(SiteBatch, name) for name in RegisterBatchLine.__dataclass_fields__)
    query = select(*columns).order_by(SiteBatch.id.desc()).limit(BATCHES_SHOWN)
    return [RegisterBatchLine(*row) for row in reading().execute(query)]


def is_batch_of_register(code: str) -> bool:
    """Whether a batch of this code is one of a register."""
    return reading().scalar(select(SiteBatch.id).where(SiteBatch.code == code.strip().upper())) is not None


@deed
def withdraw(work: Work, actor: Actor, code: str) -> RegisterWithdrawal:
    """Take a batch back: its entries are void, its file may come in again. Raises `NotFound`, and `WrongState` where it was taken
    back before, or changed or ended what was there."""
    permits.require(actor, PERMISSION)
    batch = work.session.scalar(select(SiteBatch).where(SiteBatch.code == code.strip().upper()).with_for_update())
    if batch is None:
        raise NotFound(Say("没有导入批次“{code}”。", code=code))
    if batch.withdrawn_at is not None:
        raise WrongState(Say("批次 {code} 已于 {at} 撤回。", code=batch.code, at=work.clock.local(batch.withdrawn_at)))
    if batch.changed_count or batch.ended_count:
        raise WrongState(Say("批次 {code} 变更了 {changed} 条、终止了 {ended} 条原有的，不能整批撤回；请逐条更正。", code=batch.code,
                             changed=batch.changed_count, ended=batch.ended_count), code="batch_moved")
    batch.withdrawn_at = work.clock.now()
    writer, done, kept, last = BatchWriter(work, actor, batch), 0, list[str](), 0
    while rows := _next_rows(work, batch, last):
        last = rows[-1].id
        for row in rows:
            if row.ended_at is None:
                close_entry(work, actor, row, row.valid_from - ONE_DAY, "withdrawn")
                done += 1
            else:
                kept.append(row.number or row.valid_from.isoformat())
        writer.tell()
    work.record(writer.stream, SiteBatchFacts.withdrawn, actor, {"entries": done, "kept": len(kept)})
    return RegisterWithdrawal(batch.code, done, tuple(kept))


def _next_rows(work: Work, batch: SiteBatch, last: int) -> Sequence[SiteEntry]:
    return work.session.scalars(select(SiteEntry).where(
        SiteEntry.import_batch_id == batch.id, SiteEntry.id > last).order_by(SiteEntry.id).limit(PORTION)).all()
