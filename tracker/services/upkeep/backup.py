"""One file with everything: the database and every evidence file, with a manifest of their hashes. And back again."""

import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from tracker.domain.house.errors import Broken, Conflict, Invalid
from tracker.gateways.evidence.blobs import digest_of
from tracker.services.house import caching
from tracker.services.house.work import Work, deed, wiring
from tracker.services.mail import outbox
from tracker.services.upkeep import database_copies, heads
from tracker.services.upkeep.doctor import code_revision
from tracker.services.upkeep.integrity import IntegrityRun, verify
from tracker.services.upkeep.wanted_files import FoundFiles, found_in, wanted
from tracker.storage.house import log
from tracker.storage.house.preferences import Preference

FORMAT = "xiaohao-backup/1"
MADE_AT = "backup_made_at"  # the preference that says when the last one was
MANIFEST, DATABASE, EVIDENCE = "manifest.json", "database", "evidence/"
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Made:
    """A backup that was written."""

    path: Path
    size: int
    facts: int
    found: FoundFiles

    @property
    def files(self) -> int:
        """How many files are in it."""
        return len(self.found.sound)


@dataclass(frozen=True)
class Restored:
    """What came back. `held` mails wait until a person releases them; `report` is there when it was asked for."""

    files: int
    facts: int
    held: int
    revision: str
    report: IntegrityRun | None


def create(to: Path, progress: Progress | None = None) -> Made:
    """Write a backup; the file appears whole or not at all, and only its owner reads it. What is told of the database is read
    from its copy; files that are gone, altered or named by no row are left out and told. Raises `Conflict` when it is there."""
    if to.exists():
        raise Conflict(f"文件 {to} 已存在，请换一个名字。", field="file")
    if not to.parent.is_dir():
        raise Invalid(f"文件夹 {to.parent} 不存在。", field="file")
    with TemporaryDirectory(dir=to.parent, prefix=".backup-") as folder:
        copy, unfinished = Path(folder) / DATABASE, Path(folder) / "whole"
        with database_copies.dumped(copy) as held:
            found, facts = found_in(wiring().blobs, wanted(held)), database_copies.facts_in(held)
            manifest = _make_manifest(copy, held, found)
        unfinished.touch(mode=0o600)
        with tarfile.open(unfinished, "w:gz", compresslevel=3) as archive:
            _add_member(archive, MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
            archive.add(copy, DATABASE, filter=_without_owner)
            for done, digest in enumerate(found.sound, start=1):
                _add_member(archive, EVIDENCE + digest, wiring().blobs.sound(digest))
                if progress:
                    progress(done, len(found.sound), "证据文件")
        unfinished.rename(to)
    _note_backup()
    return Made(to, to.stat().st_size, facts, found)


@deed
def _note_backup(work: Work) -> None:
    work.session.merge(Preference(key=MADE_AT, value=work.clock.local(work.clock.now()).isoformat()))


def restore(path: Path, *, is_verified: bool = False, progress: Progress | None = None) -> Restored:
    """Bring a backup back into an empty installation. The whole file is checked before anything is touched.

    Mails that were unsent stay held: some of them may have gone out after the backup was made.
    """
    facts = database_copies.fact_count()
    if facts:
        raise Conflict(f"当前数据库里已有 {facts} 条记录，不能覆盖；请把 DATABASE_URL 指向一个空库再恢复。", code="not_empty")
    manifest = check(path)
    with TemporaryDirectory(prefix="restore-") as folder:
        copy = Path(folder) / DATABASE
        _unpack_archive(path, copy, len(manifest.digests), progress)
        database_copies.load(copy)
    caching.forget()
    held = outbox.hold()
    if database_copies.revision() == code_revision():
        heads.note_restore(manifest.made_at)
    report = verify(progress) if is_verified else None
    return Restored(len(manifest.digests), database_copies.fact_count(), held, database_copies.revision(), report)


@dataclass(frozen=True)
class Manifest:
    """What a backup says it holds."""

    made_at: str
    engine: str
    revision: str
    database_digest: str
    digests: tuple[str, ...]


def check(path: Path) -> Manifest:
    """Read a backup to its end and compare every hash. Raises `Broken` naming what differs, `Invalid` for another kind of
    file."""
    with _open_archive(path) as archive:
        manifest = _read_manifest(archive)
        if manifest.engine != database_copies.engine_name():
            raise Invalid(f"备份来自 {manifest.engine}，当前数据库是 {database_copies.engine_name()}，不能混用。", field="file")
        missing = {DATABASE, *(EVIDENCE + digest for digest in manifest.digests)}
        for member in islice(archive, 1, None):
            expected = manifest.database_digest if member.name == DATABASE else member.name.removeprefix(EVIDENCE)
            if member.name not in missing or _member_digest(archive, member) != expected:
                raise Broken(f"备份里的 {member.name} 与清单不符。")
            missing.discard(member.name)
    if missing:
        raise Broken(f"备份不完整，缺 {len(missing)} 个文件，第一个是 {min(missing)}。")
    return manifest


def _make_manifest(copy: Path, held: Session, found: FoundFiles) -> dict[str, object]:
    with copy.open("rb") as content:
        digest = digest_of(content)
    return {"format": FORMAT, "made_at": wiring().clock.now().isoformat(), "engine": database_copies.engine_name(),
            "revision": database_copies.revision_in(held), "facts": database_copies.facts_in(held),
            "position": log.end(held)[0], "database": digest, "evidence": found.sound, "missing": found.missing,
            "altered": found.altered, "strays": found.strays}


def _read_manifest(archive: tarfile.TarFile) -> Manifest:
    member = archive.next()
    said = archive.extractfile(member) if member is not None and member.name == MANIFEST else None
    if said is None:
        raise Invalid("这不是销号平台的备份文件。", field="file")
    read = json.loads(said.read())
    if read.get("format") != FORMAT:
        raise Invalid(f"备份的格式是 {read.get('format')}，这个版本只认 {FORMAT}。", field="file")
    return Manifest(read["made_at"], read["engine"], read["revision"], read["database"], tuple(read["evidence"]))


def _unpack_archive(path: Path, copy: Path, total: int, progress: Progress | None) -> None:
    done = 0
    with _open_archive(path) as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is None or member.name == MANIFEST:
                continue
            if member.name == DATABASE:
                with copy.open("wb") as out:
                    while piece := content.read(1 << 20):
                        out.write(piece)
                continue
            wiring().blobs.put(content.read())
            done += 1
            if progress:
                progress(done, total, "证据文件")


@contextmanager
def _open_archive(path: Path) -> Iterator[tarfile.TarFile]:
    """The archive, read as a stream; whatever is wrong with the file is one sentence."""
    if not path.is_file():
        raise Invalid(f"没有文件 {path}。", field="file")
    try:
        with tarfile.open(path, "r:gz") as archive:
            yield archive
    except (tarfile.TarError, OSError, EOFError, zlib.error, json.JSONDecodeError, KeyError) as error:
        raise Broken(f"备份文件 {path.name} 损坏或不完整，读不到末尾。") from error


def _member_digest(archive: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    found, content = hashlib.sha256(), archive.extractfile(member)
    while content is not None and (piece := content.read(1 << 20)):
        found.update(piece)
    return found.hexdigest()


def _add_member(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    archive.addfile(member, io.BytesIO(content))


def _without_owner(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the name of whoever made the backup."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member
