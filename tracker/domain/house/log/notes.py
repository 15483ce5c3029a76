"""Checkpoints as signed notes (C2SP signed-note, tlog-checkpoint, tlog-cosignature), and their short form for people.

Here are their texts alone; who signs and who checks a signature is handed in.
"""

import base64
import binascii
import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

SIGNED, COSIGNED = 1, 4  # the kinds of signature, as C2SP numbers them
SHORT_DIGITS = 20
LABEL = "账本"
_SHORT = re.compile(LABEL + r"\s*([0-9][0-9,]{0,18})\s*·\s*([0-9a-fA-F](?: ?[0-9a-fA-F])*)")
_NOTE = re.compile(r"^(\S[^\n]*)\n([0-9]{1,15})\n([A-Za-z0-9+/]{43}=)\n\n((?:— [^\n]+\n?)+)", re.MULTILINE)


@dataclass(frozen=True)
class LogHead:
    """How far a log reached, and the root over all of it."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The signed text of its checkpoint."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @property
    def short(self) -> str:
        """The form that a person can compare, as mails and papers carry it: position and 80 bits of the root."""
        return short_form(self.size, self.root.hex())


@dataclass(frozen=True)
class Signature:
    """One line below a note: by whom, the key's id, and what follows it."""

    name: str
    key_id: bytes
    body: bytes

    @property
    def line(self) -> str:
        """As it stands in the note."""
        return f"— {self.name} {base64.b64encode(self.key_id + self.body).decode()}\n"


@dataclass(frozen=True)
class Note:
    """A checkpoint with its signatures."""

    head: LogHead
    signatures: tuple[Signature, ...]

    @property
    def text(self) -> str:
        """The whole note."""
        return f"{self.head.text}\n{''.join(each.line for each in self.signatures)}"


@dataclass(frozen=True)
class ShortHead:
    """What a short form tells: a position and the first hex digits of the root."""

    size: int
    digits: str


@dataclass(frozen=True)
class PublicKey:
    """Whose signature can be checked: the name, the kind, 32 bytes."""

    name: str
    kind: int
    key: bytes

    @property
    def key_id(self) -> bytes:
        """Four bytes that say which key of the name it is."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.key).digest()[:4]

    @property
    def vkey(self) -> str:
        """The key as it is handed to everybody: name, id, key."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(bytes([self.kind]) + self.key).decode()}"


def short_form(size: int, root_hex: str) -> str:
    """`账本 3 · 779f0452 be7ac1b3 0651`."""
    return f"{LABEL} {size} · {root_hex[:8]} {root_hex[8:16]} {root_hex[16:SHORT_DIGITS]}"


def read_vkey(text: str) -> PublicKey | None:
    """A key as it was handed out; None when it is not one, or its id is not its own."""
    name, _, rest = text.strip().partition("+")
    key_id, _, body = rest.partition("+")
    try:
        raw = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        return None
    if not name or len(raw) != 33 or raw[0] not in (SIGNED, COSIGNED):
        return None
    key = PublicKey(name, raw[0], raw[1:])
    return key if key.key_id.hex() == key_id else None


def cosigned_text(moment: int, note_text: str) -> bytes:
    """What a witness signs: that at this second the note was the newest it had seen."""
    return f"cosignature/v1\ntime {moment}\n{note_text}".encode()


def notes_in(text: str) -> list[Note]:
    """Every whole note that stands in a text; what is no note is passed over."""
    return [Note(LogHead(origin, int(size), base64.b64decode(root)), _signatures_in(lines.splitlines()))
            for origin, size, root, lines in _NOTE.findall(f"{_plain_lines(text)}\n")]


def shorts_in(text: str) -> list[ShortHead]:
    """Every short form in a text. One of fewer than 16 digits proves too little and is left out by `is_provable`."""
    folded = unicodedata.normalize("NFKC", text)
    return [ShortHead(int(size.replace(",", "")), digits.replace(" ", "").lower()[:SHORT_DIGITS])
            for size, digits in _SHORT.findall(folded)]


def _signatures_in(lines: Sequence[str]) -> tuple[Signature, ...]:
    found = []
    for line in lines:
        name, _, body = line.removeprefix("— ").rpartition(" ")
        try:
            raw = base64.b64decode(body, validate=True)
        except (binascii.Error, ValueError):
            continue
        if name and len(raw) > 4:
            found.append(Signature(name, raw[:4], raw[4:]))
    return tuple(found)


def _plain_lines(text: str) -> str:
    """Line ends as ours, and what a mail program put before each line of a quotation taken off."""
    return re.sub(r"^[> \t]+", "", text.replace("\r\n", "\n").replace("\r", "\n"), flags=re.MULTILINE)
