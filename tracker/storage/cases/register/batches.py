"""The batches in which cases came down: which there are, and how many cases each has."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.domain.house.actor import Scope
from tracker.storage.cases.cases import Case
from tracker.storage.cases.scope import gathered
from tracker.storage.territory.territory import Source

MOST = 200
CASES, SOURCES = Case.__table__.c, Source.__table__.c


@dataclass(frozen=True)
class RegisterBatch:
    """One batch of a source: its label, how many cases, and the days of the first and the last."""

    source: str
    source_name: str
    label: str
    count: int
    first_on: date
    last_on: date


def batches(session: Session, scope: Scope, source: str = "", label: str = "") -> tuple[RegisterBatch, ...]:
    """The newest batches that a reader sees cases of; those of one source and label where they are given."""
    found = (
        select(SOURCES.key, SOURCES.name, CASES.batch_label, func.count(), func.min(CASES.received_on),
               func.max(CASES.received_on))
        .select_from(Case.__table__.join(Source.__table__, SOURCES.id == CASES.source_id))
        .where(gathered(scope), CASES.batch_label != "", CASES.withdrawn_at.is_(None))
        .group_by(SOURCES.key, SOURCES.name, CASES.batch_label).order_by(func.max(CASES.id).desc()).limit(MOST)
    )
    if source:
        found = found.where(SOURCES.key == source, CASES.batch_label == label)
    return tuple(RegisterBatch(*row) for row in session.execute(found))
