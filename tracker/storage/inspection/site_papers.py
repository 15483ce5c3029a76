"""The files at the entries of a site."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.storage.evidence.evidence import EvidenceRow


class EntryPaper(NamedTuple):
    """One file, and the entry that it belongs to."""

    id: int
    entry_id: int
    name: str


def papers_of(session: Session, code: str) -> tuple[EntryPaper, ...]:
    """Of one site, the oldest first."""
    query = select(EvidenceRow.id, EvidenceRow.round, EvidenceRow.original_name).where(EvidenceRow.subject == f"site:{code}")
    return tuple(EntryPaper(*row) for row in session.execute(query.order_by(EvidenceRow.id)))
