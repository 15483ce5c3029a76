"""Files by their content: a folder, an S3 bucket, or memory behind one small door.

A file's name is its SHA-256, so putting the same bytes twice keeps one file, nothing can be overwritten by something else, and
whoever holds the digest can prove that the file is the one it was.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

from obstore.store import LocalStore, MemoryStore, S3Store

from tracker.domain.house.errors import Broken, NotFound
from tracker.domain.house.say import Say

CHUNK = 1024 * 1024
NOT_SOUND = "证据文件与登记的摘要不符，已停止显示。"


def digest_of(content: bytes | BinaryIO) -> str:
    """SHA-256 in hex. A stream is read from its start and left there."""
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    content.seek(0)
    digest = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]  # BinaryIO has what it needs
    content.seek(0)
    return digest


class BlobStore:
    """Files under their digests. Nothing here ever changes or removes a file."""

    def __init__(self, store: Any, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    def put(self, content: bytes | BinaryIO) -> str:
        """Keep the content and return its digest. On a folder the bytes are on the disk when this returns."""
        digest = digest_of(content)
        if not self.exists(digest):
            self._store.put(_path_of(digest), content)
            self._flush_blob(digest)
        return digest

    def put_anew(self, content: bytes) -> str:
        """The same, over whatever lies there under its digest."""
        digest = digest_of(content)
        self._store.put(_path_of(digest), content)
        self._flush_blob(digest)
        return digest

    def get(self, digest: str) -> bytes:
        """The content, or NotFound. Whether it is still what was put is the question of `sound`, and of `verify`."""
        return bytes(self._open_blob(digest).bytes())

    def sound(self, digest: str) -> bytes:
        """The content, hashed before it is handed out; Broken when it is gone or another."""
        try:
            content = self.get(digest)
        except NotFound:
            raise Broken(NOT_SOUND, code="evidence_gone") from None
        if digest_of(content) != digest:
            raise Broken(NOT_SOUND, code="evidence_changed")
        return content

    def sound_stream(self, digest: str) -> Iterator[bytes]:
        """The same piece by piece, read twice: what is too large for memory is hashed first."""
        try:
            self.verify(digest)
        except Broken:
            raise Broken(NOT_SOUND, code="evidence_changed" if self.exists(digest) else "evidence_gone") from None
        return self.stream(digest)

    def stream(self, digest: str) -> Iterator[bytes]:
        """The content piece by piece, for downloads."""
        return (bytes(piece) for piece in self._open_blob(digest).stream(min_chunk_size=CHUNK))

    def exists(self, digest: str) -> bool:
        """True when a file lies under this digest."""
        try:
            self._store.head(_path_of(digest))
        except FileNotFoundError:
            return False
        return True

    def verify(self, digest: str) -> None:
        """Silence when the file is there and still has this digest; otherwise Broken with the reason."""
        try:
            found = hashlib.sha256()
            for piece in self.stream(digest):
                found.update(piece)
        except NotFound:
            raise Broken(Say("证据文件 {digest} 不见了。", digest=digest)) from None
        if found.hexdigest() != digest:
            raise Broken(Say("证据文件 {digest} 的内容被改动过，现在的摘要是 {hexdigest}。", digest=digest, hexdigest=found.hexdigest()))

    def digests(self) -> Iterator[str]:
        """Every digest that is kept, in no particular order; for reconciling files with rows."""
        for page in self._store.list():
            yield from (entry["path"].rpartition("/")[2] for entry in page)

    def _open_blob(self, digest: str) -> Any:
        try:
            return self._store.get(_path_of(digest))
        except FileNotFoundError:
            raise NotFound(Say("没有摘要为 {digest} 的证据文件。", digest=digest)) from None

    def _flush_blob(self, digest: str) -> None:
        """The store renames a finished file into place but leaves flushing to the system; evidence must outlive a power cut."""
        if self._folder is None:
            return
        path = self._folder / _path_of(digest)
        for each in (path, path.parent):
            handle = os.open(each, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def open_blobs(url: str, s3_endpoint_url: str | None = None) -> BlobStore:
    """The store that EVIDENCE_URL names: `file:///folder` (made when missing) or `s3://bucket/prefix`.

    S3 keys and region come from the usual AWS_* variables, as every S3 tool reads them.
    """
    parts = urlsplit(url)
    if parts.scheme == "s3":
        return BlobStore(_open_s3(parts.netloc, parts.path.strip("/"), s3_endpoint_url))
    folder = Path(unquote(parts.path))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return BlobStore(LocalStore(prefix=folder), folder)


def memory_blobs() -> BlobStore:
    """A store that is gone with the process, for tests."""
    return BlobStore(MemoryStore())


def _open_s3(bucket: str, prefix: str, endpoint: str | None) -> S3Store:
    options: dict[str, Any] = {"prefix": prefix or None}
    if endpoint:
        options["endpoint"] = endpoint
        options["client_options"] = {"allow_http": endpoint.startswith("http://")}
    return S3Store(bucket, **options)


def _path_of(digest: str) -> str:
    """`ab/cd/abcd…`: no folder grows past what a directory listing can bear."""
    if len(digest) != 64 or digest.strip("0123456789abcdef"):
        raise NotFound("证据文件的摘要写法不对。")
    return f"{digest[:2]}/{digest[2:4]}/{digest}"
