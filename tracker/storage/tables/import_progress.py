"""How far the one transaction of an import has come, told beside it, since nobody sees into it before it is over.

PostgreSQL has a connection more for that. SQLite has one writer, so there it is a small file beside the database's own: whoever
shows the job reads both on one machine. Losing it loses nothing.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from tracker.storage.tables.imports import ImportJob


@dataclass(frozen=True)
class WritingJob:
    """A job in one process's hands, by its try."""

    id: int
    worker: str
    tries: int


def note(session: Session, job: WritingJob, done: int, total: int, lease_until: datetime) -> None:
    """So many of the cases are written, and somebody still works on it."""
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    if engine.dialect.name != "sqlite":
        mine = update(ImportJob).where(ImportJob.id == job.id, ImportJob.state == "running", ImportJob.claimed_by == job.worker,
                                       ImportJob.tries == job.tries)
        with engine.begin() as beside:
            beside.execute(mine.values(done=done, total=total, is_writing=True, lease_until=lease_until))
    elif (path := _path_beside(engine, job.id)) is not None:
        fresh = path.with_suffix(".new")
        with suppress(OSError):  # a full disk stops the import itself, with a sentence
            fresh.write_text(json.dumps({"tries": job.tries, "done": done, "total": total}))
            fresh.replace(path)


def of_job(session: Session, job_id: int, tries: int) -> Mapping[str, int | bool]:
    """The columns of a running job that were told beside its transaction; empty where none were."""
    engine = session.get_bind()
    path = _path_beside(engine, job_id) if isinstance(engine, Engine) and engine.dialect.name == "sqlite" else None
    try:
        said = json.loads(path.read_text()) if path is not None else {}
    except (OSError, ValueError):
        return {}
    return {"done": said["done"], "total": said["total"], "is_writing": True} if said.get("tries") == tries else {}


def forget(session: Session, job_id: int) -> None:
    """It is over, and its row says how it ended."""
    engine = session.get_bind()
    if isinstance(engine, Engine) and engine.dialect.name == "sqlite" and (path := _path_beside(engine, job_id)) is not None:
        with suppress(OSError):
            path.unlink()


def _path_beside(engine: Engine, job_id: int) -> Path | None:
    database = engine.url.database
    return Path(f"{database}-import-{job_id}") if database and database != ":memory:" else None
