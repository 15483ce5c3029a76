"""Is every kept file what its digest says? All of them, or those that are new and one seventh of the rest."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.domain.house.errors import Broken
from tracker.services.house.faults import Fault
from tracker.services.house.work import wiring
from tracker.services.territory import boundaries
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.evidence.uploads import UploadRow
from tracker.storage.house.ledger import stream_of

PORTION = 300
DigestColumn = InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
Tell = Callable[[int, int], None]
COLUMNS: tuple[DigestColumn, ...] = (
    EvidenceRow.digest, EvidenceRow.shown_digest, EvidenceRow.thumb_digest,
    UploadRow.digest, UploadRow.shown_digest, UploadRow.thumb_digest)


@dataclass
class FileRun:
    """Which files are looked at, and how many were. `seventh` (0 to 6) leaves out what is neither newer than `since` nor of that
    seventh of all digests; None looks at all."""

    seventh: int | None = None
    since: datetime | None = None
    count: int = 0

    def wants(self, digest: str, new: set[str]) -> bool:
        """Whether this file is looked at."""
        return self.seventh is None or int(digest[:8], 16) % 7 == self.seventh or digest in new


def file_troubles(session: Session, run: FileRun, tell: Tell | None = None) -> Iterator[Fault]:
    """Every file that is gone or is something else, named by the fact that brought it in."""
    total = sum(session.scalar(select(func.count(column.distinct())).where(_is_counted(column))) or 0 for column in COLUMNS)
    new, seen = _new_digests(session, run.since), 0
    for column in COLUMNS:
        for digest in _distinct_digests(session, column):
            seen += 1
            if run.wants(digest, new):
                run.count += 1
                try:
                    wiring().blobs.verify(digest)
                except Broken as broken:
                    yield Fault(_fact_of(session, column, digest), broken.sentence.rstrip("。"))
            if tell and seen % 50 == 0:
                tell(seen, total)
    if tell:
        tell(seen, total)
    yield from boundaries.file_troubles(session)
    run.count += len(boundaries.file_digests(session))


def _new_digests(session: Session, since: datetime | None) -> set[str]:
    if since is None:
        return set()
    query = select(EvidenceRow.digest, EvidenceRow.shown_digest, EvidenceRow.thumb_digest).where(EvidenceRow.uploaded_at >= since)
    return {digest for row in session.execute(query) for digest in row if digest}


def _is_counted(column: DigestColumn) -> ColumnElement[bool]:
    return UploadRow.used_at.is_(None) if column.class_ is UploadRow else true()


def _distinct_digests(session: Session, column: DigestColumn) -> Iterator[str]:
    """Every digest of a column once. Uploads that became evidence are looked at there."""
    last = ""
    while found := session.scalars(
            select(column).distinct().where(column > last, _is_counted(column)).order_by(column).limit(PORTION)).all():
        yield from (digest for digest in found if digest is not None)
        last = found[-1] or ""


def _fact_of(session: Session, column: DigestColumn, digest: str) -> str:
    """The fact by which the file came in; what still waits came in by none."""
    if column.class_ is UploadRow:
        return f"上传文件 {session.scalar(select(func.min(UploadRow.id)).where(column == digest))}"
    row = session.execute(
        select(EvidenceRow.id, EvidenceRow.subject).where(column == digest).order_by(EvidenceRow.id).limit(1)).one()
    for fact in stream_of(session, row.subject):
        said = fact.payload.get("evidence") or ()
        if isinstance(said, list) and any(isinstance(e, dict) and e.get("id") == row.id for e in said):
            return Fault.of(fact, "").where
    return f"{row.subject} 证据 {row.id}"
