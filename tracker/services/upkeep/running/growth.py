"""How fast the house fills: facts and files of the last weeks, and how large the database is."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tracker.domain.house.errors import Conflict
from tracker.domain.house.say import Say
from tracker.services.house.work import reading
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.house.base import give_back_space
from tracker.storage.house.ledger import FactRow

WEEKS = 4


@dataclass(frozen=True)
class Growth:
    """Facts and bytes of evidence in each of the last weeks, the latest first; bytes of the whole database."""

    facts: tuple[int, ...]
    evidence: tuple[int, ...]
    database: int


def of_weeks(now: datetime) -> Growth:
    """As it stands at a moment."""
    session, stretches = reading(), [(now - timedelta(weeks=n + 1), now - timedelta(weeks=n)) for n in range(WEEKS)]
    facts = tuple(session.scalar(select(func.count()).where(FactRow.at >= first, FactRow.at < last)) or 0
                  for first, last in stretches)
    files = tuple(session.scalar(select(func.coalesce(func.sum(EvidenceRow.size), 0)).where(
        EvidenceRow.uploaded_at >= first, EvidenceRow.uploaded_at < last)) or 0 for first, last in stretches)
    return Growth(facts, files, _database_size(session))


def shrink() -> tuple[int, int]:
    """Give the room of what was thrown away back to the disk; the bytes before and after. Raises `Conflict` while others
    write."""
    session = reading()
    before = _database_size(session)
    try:
        give_back_space(session)
    except sqlite3.OperationalError as error:
        raise Conflict(Say("数据库没有整理：{reason}。请在空闲时再试，并留出与数据库一样大的磁盘空间。", reason=str(error)),
                       code="busy") from error
    return before, _database_size(reading())


def _database_size(session: Session) -> int:
    bind = session.get_bind()
    if bind.dialect.name == "postgresql":
        return session.scalar(text("SELECT pg_database_size(current_database())")) or 0
    path = Path(session.scalar(text("SELECT file FROM pragma_database_list WHERE name = 'main'")) or "")
    return path.stat().st_size if path.is_file() else 0
