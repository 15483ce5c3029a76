"""Which files of the store the database names, and what a backup finds of them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.house.errors import Broken
from tracker.domain.house.say import Say
from tracker.gateways.evidence.blobs import BlobStore
from tracker.services.territory import boundaries
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.evidence.uploads import UploadRow
from tracker.storage.mail.outbox import Message

COLUMNS = (EvidenceRow.digest, EvidenceRow.shown_digest, EvidenceRow.thumb_digest,
           UploadRow.digest, UploadRow.shown_digest, UploadRow.thumb_digest)


@dataclass(frozen=True)
class FoundFiles:
    """Digests of files that are there and sound, and what is not as it should be: gone, altered, or named by no row."""

    sound: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()
    strays: tuple[str, ...] = ()

    def warnings(self) -> list[str]:
        """One line for each kind of trouble that there is."""
        kinds = ((self.missing, "缺 {count} 份登记在案的文件，第一份是 {first}"), (self.altered, "{count} 份文件与登记的摘要不符，没有装入，第一份是 {first}"),
                 (self.strays, "{count} 份文件没有登记，没有装入，第一份是 {first}"))
        return [Say(said, count=len(names), first=names[0]) for names, said in kinds if names]


def wanted(session: Session) -> set[str]:
    """Every file that the rows of this session name."""
    found = {digest for column in COLUMNS for digest in session.scalars(select(column).distinct()) if digest is not None}
    for pictures in session.scalars(select(Message.pictures).where(Message.pictures != "").distinct()):
        found.update(json.loads(pictures).values())
    return found | set(boundaries.file_digests(session))


def found_in(blobs: BlobStore, digests: Iterable[str]) -> FoundFiles:
    """Each of these looked into, and what else lies there."""
    named, sound, missing, altered = sorted(digests), list[str](), list[str](), list[str]()
    for digest in named:
        try:
            blobs.verify(digest)
        except Broken:
            (altered if blobs.exists(digest) else missing).append(digest)
        else:
            sound.append(digest)
    strays = sorted(set(blobs.digests()) - set(named))
    return FoundFiles(tuple(sound), tuple(missing), tuple(altered), tuple(strays))
