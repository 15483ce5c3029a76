"""Whether something unique stands anywhere in what was given out: in a page, a workbook, a document, a mail, a file of the
disk."""

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from urllib.parse import quote


def found_in(content: bytes, secrets: tuple[str, ...]) -> list[str]:
    """Which of the secrets stand in it, in whatever way it is packed and however they are written."""
    texts = [part.decode("utf-8", "replace") for part in _unpacked(content)]
    return [secret for secret in secrets if any(form in text for text in texts for form in _forms(secret))]


def found_below(folder: Path, secrets: tuple[str, ...]) -> dict[str, list[str]]:
    """The same for every file below a folder, its name among it."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path): said
            for path in files if (said := found_in(path.name.encode(), secrets) + found_in(path.read_bytes(), secrets))}


def without(content: bytes, asked: str) -> bytes:
    """A page without the question that it repeats."""
    text = content.decode()
    for form in _forms(asked):
        text = text.replace(form, "")
    return text.encode()


def _forms(secret: str) -> set[str]:
    return {secret, json.dumps(secret)[1:-1], quote(secret), "".join(f"&#{ord(letter)};" for letter in secret)}


def _unpacked(content: bytes) -> Iterator[bytes]:
    yield content
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for name in packed.namelist():
                yield from _unpacked(packed.read(name))
    elif content[:2] == b"\x1f\x8b":
        yield from _unpacked(gzip.decompress(content))
    elif content[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(content)) as packed:
            for member in packed.getmembers():
                if member.isfile():
                    yield from _unpacked(packed.extractfile(member).read())  # type: ignore[union-attr]
    elif b"Message-ID:" in content[:2000]:
        for part in message_from_bytes(content, policy=default).walk():
            if not part.is_multipart():
                yield part.get_payload(decode=True) or b""
