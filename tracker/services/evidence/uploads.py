"""Files received one by one, each with a receipt: what was uploaded waits here until a deed makes it evidence.

A file is known by the id that its sender made for it, so sending it again changes nothing. Bytes are never removed from the
store.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tracker.domain.evidence.evidence import EvidenceRole, plain_name
from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Conflict, Invalid, NotFound
from tracker.domain.house.say import Say
from tracker.gateways.evidence.blobs import digest_of
from tracker.gateways.evidence.images import Inspected, inspect_upload
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.storage.evidence.uploads import UploadRow
from tracker.storage.house.base import inserting

KEPT_DAYS = 14
MOST_WAITING = 300
LONGEST_ID = 40


@dataclass(frozen=True)
class UploadReceipt:
    """That a file was received: by whose id, what it is, and when by the clock of the server."""

    client_id: str
    name: str
    media_type: str
    size: int
    role: EvidenceRole | None
    received_at: datetime
    point: tuple[float, float] | None = None  # where the picture says that it was taken

    @property
    def is_picture(self) -> bool:
        """Whether there is a small picture of it."""
        return self.media_type.startswith("image/")


def receive(actor: Actor, client_id: str, name: str, content: bytes, role: EvidenceRole | None = None) -> UploadReceipt:
    """Take a file in. The same bytes under the same id again give the same receipt, other bytes are a `Conflict`.

    Raises `Invalid` naming the file when it is empty, too big, or of a kind that is not accepted.
    """
    if not client_id or len(client_id) > LONGEST_ID or not client_id.replace("-", "").isalnum() or not client_id.isascii():
        raise Invalid("上传的编号不合规，请刷新页面后再传。", field="client_id")
    digest = digest_of(content)
    known = _own_uploads(reading(), actor, [client_id]).get(client_id)
    if known is not None:
        return _receipt_if_same(known, digest)
    found = inspect(name, content)  # before the work begins: it takes a while, and other writers should not wait for it
    return _enter_upload(actor, client_id, sealed(name, content, found), role)


def inspect(name: str, content: bytes) -> Inspected:
    """What a file really is. Raises `Invalid` naming it."""
    return inspect_upload(name, content, max_bytes=wiring().upload_max_bytes, zone=wiring().zone, field="files")


def sealed(name: str, content: bytes, found: Inspected) -> dict[str, Any]:
    """The original and the copies to be shown, put into the store; the columns that tell of them."""
    blobs, picture = wiring().blobs, found.picture
    columns: dict[str, Any] = {"original_name": plain_name(name), "media_type": found.mime, "size": found.size,
                               "digest": blobs.put(content)}
    if picture is not None:
        columns |= {"shown_digest": blobs.put(picture.shown), "thumb_digest": blobs.put(picture.thumbnail),
                    "lat": picture.latitude,
                    "lng": picture.longitude, "taken_at": picture.taken_at.isoformat() if picture.taken_at else None}
    return columns


def mine(actor: Actor, client_ids: Sequence[str]) -> tuple[UploadReceipt, ...]:
    """The receipts of the actor's own files that still wait, in the order asked for."""
    rows = _own_uploads(reading(), actor, client_ids)
    return tuple(_receipt_of(rows[each]) for each in dict.fromkeys(client_ids) if each in rows and rows[each].used_at is None)


def taken(actor: Actor, client_ids: Sequence[str]) -> list[str]:
    """When the actor's own files were taken, as far as they say so."""
    return [row.taken_at for row in _own_uploads(reading(), actor, client_ids).values() if row.taken_at]


def thumb(actor: Actor, client_id: str) -> bytes:
    """The small picture of an own file. Raises `NotFound`, for everybody else's too."""
    row = _own_uploads(reading(), actor, [client_id]).get(client_id)
    if row is None or row.thumb_digest is None:
        raise NotFound("没有找到这个文件的缩略图。")
    return wiring().blobs.sound(row.thumb_digest)


@deed
def drop(work: Work, actor: Actor, client_id: str) -> bool:
    """Forget an own file that waits. False when there is none; one that became evidence stays."""
    mine_alone = (UploadRow.person_id == actor.id, UploadRow.client_id == client_id, UploadRow.used_at.is_(None))
    return bool(work.session.execute(delete(UploadRow).where(*mine_alone).returning(UploadRow.id)).all())


def claim(work: Work, actor: Actor, client_ids: Sequence[str], subject: str) -> Mapping[str, UploadRow]:
    """The actor's files by id, from now on used for this subject. Raises `NotFound` for unknown ones and `Conflict` for used
    ones."""
    if not client_ids:
        return {}
    query = select(UploadRow).where(UploadRow.person_id == actor.id, UploadRow.client_id.in_(client_ids)).order_by(UploadRow.id)
    rows = {row.client_id: row for row in work.session.scalars(query.with_for_update().execution_options(populate_existing=True))}
    if set(client_ids) - rows.keys():
        raise NotFound("有文件没有收到，或已过期清理，请重新选择。", code="no_upload", field="files")
    used = next((row for row in rows.values() if row.used_at is not None), None)
    if used is not None or len(rows) < len(client_ids):
        name = used.original_name if used else next(iter(rows.values())).original_name
        raise Conflict(Say("文件“{name}”已经提交过，不能再用一次。", name=name), code="used_upload", field="files")
    for row in rows.values():
        row.used_at, row.subject = work.clock.now(), subject
    return rows


def sweep(on: date) -> str:
    """Forget what was received long ago and never used, in words for the log. The bytes stay in the store."""
    return Say("清理未使用的上传 {count} 份", count=_forget_unused(on))


@deed
def _forget_unused(work: Work, on: date) -> int:
    before = work.clock.end_of(on) - timedelta(days=KEPT_DAYS + 1)
    old = delete(UploadRow).where(UploadRow.used_at.is_(None), UploadRow.received_at < before)
    return len(work.session.execute(old.returning(UploadRow.id)).all())


@deed
def _enter_upload(work: Work, actor: Actor, client_id: str, columns: Mapping[str, Any],
                  role: EvidenceRole | None) -> UploadReceipt:
    """One row for one id, however many requests bring it at once."""
    waiting = select(func.count()).select_from(UploadRow).where(UploadRow.person_id == actor.id, UploadRow.used_at.is_(None))
    if (work.session.scalar(waiting) or 0) >= MOST_WAITING:
        raise Conflict(Say("已上传而未提交的文件有 {most_waiting} 个，请先提交或移除一些再传。", most_waiting=MOST_WAITING), code="too_many_uploads",
                       field="files")
    fresh = {"client_id": client_id, "person_id": actor.id, "role": role, "received_at": work.clock.now(), **columns}
    work.session.execute(inserting(work.session)(UploadRow).values(**fresh)
                         .on_conflict_do_nothing(index_elements=["person_id", "client_id"]))
    return _receipt_if_same(_own_uploads(work.session, actor, [client_id])[client_id], str(columns["digest"]))


def _own_uploads(session: Session, actor: Actor, client_ids: Sequence[str]) -> dict[str, UploadRow]:
    if not client_ids:
        return {}
    query = select(UploadRow).where(UploadRow.person_id == actor.id, UploadRow.client_id.in_(client_ids))
    return {row.client_id: row for row in session.scalars(query)}


def _receipt_if_same(row: UploadRow, digest: str) -> UploadReceipt:
    if row.digest != digest:
        raise Conflict(Say("这个编号下已收到另一个文件“{original_name}”，请重新选择后再传。", original_name=row.original_name), code="other_bytes",
                       field="files")
    return _receipt_of(row)


def _receipt_of(row: UploadRow) -> UploadReceipt:
    role = EvidenceRole(row.role) if row.role else None
    point = None if row.lat is None or row.lng is None else (row.lat, row.lng)
    return UploadReceipt(row.client_id, row.original_name, row.media_type, row.size, role, row.received_at, point)
