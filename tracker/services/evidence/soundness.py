"""Files are hashed before they are handed out. One that is not what came in is shown to nobody, and is a fact; a copy that was
lost is made anew from an original that is sound."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.domain.evidence.evidence import saved_name
from tracker.domain.evidence.fact_kinds import EvidenceFacts
from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Broken
from tracker.gateways.evidence.images import inspect_upload
from tracker.services.house.work import Work, deed, wiring
from tracker.services.people.taken_out import note_original
from tracker.storage.cases.cases import Case
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.house.ledger import FactRow

ONE_DAY = timedelta(days=1)
IN_MEMORY = 20 * 1024 * 1024  # what is larger is read twice, in pieces


@dataclass(frozen=True)
class OpenedFile:
    """A file to hand out."""

    content: bytes | Iterator[bytes]
    media_type: str
    name: str
    size: int


def original_of(actor: Actor, row: EvidenceRow) -> OpenedFile:
    """The file as it came. Raises `Broken` where it is not that any more, which is a fact then and a mail to the auditors."""
    blobs = wiring().blobs
    try:
        content = blobs.sound(row.digest) if row.size <= IN_MEMORY else blobs.sound_stream(row.digest)
    except Broken as broken:
        _note_broken(actor, row.id, broken.code)
        raise
    note_original(actor, row.subject, row.id, row.digest)
    return OpenedFile(content, row.media_type, saved_name(row.original_name, row.media_type), row.size)


def copy_of(actor: Actor, row: EvidenceRow, *, is_thumb: bool = False) -> bytes:
    """The copy that is shown, made anew when it was lost. Raises `Broken` where the original is lost with it."""
    digest = row.thumb_digest if is_thumb and row.thumb_digest else row.shown_digest
    assert digest is not None
    try:
        return wiring().blobs.sound(digest)
    except Broken:
        pass
    try:
        return wiring().blobs.sound(_remake_copies(actor, row.id)[is_thumb])
    except Broken as broken:
        _note_broken(actor, row.id, broken.code)
        raise


@deed
def _remake_copies(work: Work, actor: Actor, evidence_id: int) -> tuple[str, str]:
    """The digests of the shown copy and of the small picture, both made anew."""
    row, blobs = work.session.get_one(EvidenceRow, evidence_id, with_for_update=True), work.wiring.blobs
    was = {"shown_digest": row.shown_digest, "thumb_digest": row.thumb_digest}
    content = blobs.sound(row.digest)
    picture = inspect_upload(row.original_name, content, max_bytes=len(content), zone=work.wiring.zone).picture
    assert picture is not None
    now = {"shown_digest": blobs.put_anew(picture.shown), "thumb_digest": blobs.put_anew(picture.thumbnail)}
    row.shown_digest, row.thumb_digest = now["shown_digest"], now["thumb_digest"]
    work.record(f"evidence:{row.id}", EvidenceFacts.shown_remade, actor,
                {"subject": row.subject, "was": was, "now": now})
    return now["shown_digest"], now["thumb_digest"]


@deed
def _note_broken(work: Work, actor: Actor, evidence_id: int, trouble: str) -> None:
    """Once a day for each file."""
    row, stream = work.session.get_one(EvidenceRow, evidence_id), f"evidence:{evidence_id}"
    since = work.clock.end_of(work.clock.today()) - ONE_DAY
    noted = select(FactRow.id).where(FactRow.stream == stream, FactRow.kind == EvidenceFacts.found_broken, FactRow.at >= since)
    if work.session.scalar(noted.limit(1)) is not None:
        return
    fact = work.record(stream, EvidenceFacts.found_broken, actor,
                       {"subject": row.subject, "sha256": row.digest, "trouble": trouble})
    of_case = select(Case).where(Case.number == row.subject.removeprefix("case:")).options(joinedload(Case.source))
    case = work.session.scalar(of_case)
    if case is not None and (tell := work.wiring.tell) is not None:
        tell(work, fact, case)
