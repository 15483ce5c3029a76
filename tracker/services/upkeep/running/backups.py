"""Backups that make themselves: one a night into the folder of this installation, seven days and four weeks kept; each is a fact
(`adopt.md` §6.4)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import file_digest
from pathlib import Path

from sqlalchemy import select

from tracker.domain.house.actor import CLOCK, OPERATOR, Actor
from tracker.domain.house.errors import Incomplete
from tracker.domain.house.say import Say
from tracker.domain.upkeep.fact_kinds import OpsFacts
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.services.upkeep import backup
from tracker.storage.house.ledger import FactRow

STREAM = "backups"
DAYS, WEEKS = 7, 4
SHAPE = "xiaohao-????-??-??.tar.gz"


@dataclass(frozen=True)
class PastBackup:
    """A backup as the ledger tells of it; `is_here` when its file lies in the folder of the machine that answers."""

    name: str
    at: datetime
    size: int
    facts: int
    files: int
    warnings: int
    digest: str
    is_here: bool


def folder() -> Path:
    """Where the nightly ones lie. Raises `Incomplete` for an installation without a folder of its own."""
    found = wiring().backups
    if found is None:
        raise Incomplete("这套系统没有自己的文件夹，不能自动备份。")
    return found


def make_nightly(on: date) -> str:
    """Tonight's backup; the same day's older one is replaced once the new one is whole. What is past its days goes."""
    where = folder()
    where.mkdir(parents=True, exist_ok=True, mode=0o700)
    path, fresh = where / f"xiaohao-{on}.tar.gz", where / f".new-{on}.tar.gz"
    fresh.unlink(missing_ok=True)
    made = backup.create(fresh)
    fresh.replace(path)
    note_made(path, made, CLOCK)
    gone = outworn(sorted(each.name for each in where.glob(SHAPE)), on)
    for name in gone:
        (where / name).unlink(missing_ok=True)
    return Say("已备份 {size:.1f} MB，记录 {facts} 条，证据 {files} 份；清走过期的 {gone} 份", size=made.size / 1048576, facts=made.facts,
               files=made.files, gone=len(gone))


@deed
def note_made(work: Work, path: Path, made: backup.Made, actor: Actor = OPERATOR) -> None:
    """Tell the ledger of a backup that was written."""
    with path.open("rb") as content:
        digest = file_digest(content, "sha256").hexdigest()
    work.record(STREAM, OpsFacts.backed_up, actor, {
        "name": path.name, "bytes": made.size, "facts": made.facts, "files": made.files, "digest": digest,
        "warnings": len(made.found.warnings())})


def outworn(names: Iterable[str], on: date) -> list[str]:
    """The nightly files that are neither of the last seven days nor the newest of one of the last four weeks."""
    day_of = {name: date.fromisoformat(name[8:18]) for name in names}
    kept = {name for name, day in day_of.items() if on - day < timedelta(days=DAYS)}
    weeks: dict[tuple[int, int], str] = {}
    for name, day in sorted(day_of.items(), key=lambda each: each[1]):
        weeks[day.isocalendar()[:2]] = name
    return sorted(day_of.keys() - kept - set(list(weeks.values())[-WEEKS:]))


def past_backups(most: int = 20) -> list[PastBackup]:
    """The latest, the newest first."""
    query = select(FactRow.at, FactRow.body).where(FactRow.stream == STREAM, FactRow.kind == OpsFacts.backed_up)
    where = wiring().backups
    rows = ((row.at, json.loads(row.body)) for row in reading().execute(query.order_by(FactRow.seq.desc()).limit(most)))
    return [PastBackup(said["name"], at, said["bytes"], said["facts"], said["files"], said["warnings"], said["digest"],
                       where is not None and (where / said["name"]).is_file()) for at, said in rows]
