"""Ed25519 for the ledger: who signs its checkpoints, and whether a signature holds."""

import base64
import binascii
from collections.abc import Iterable
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tracker.domain.house.errors import Broken
from tracker.domain.house.log.notes import COSIGNED, SIGNED, LogHead, Note, PublicKey, Signature, cosigned_text
from tracker.domain.house.say import Say

SEED = 32


class Signer:
    """A private key under a name. `kind` is SIGNED for the log's own key, COSIGNED for a witness."""

    def __init__(self, name: str, seed: bytes, kind: int = SIGNED) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = PublicKey(name, kind, self._private.public_key().public_bytes_raw())

    def sign(self, head: LogHead) -> Signature:
        """The signature line of the log itself."""
        return Signature(self.public.name, self.public.key_id, self._private.sign(head.text.encode()))

    def cosign(self, head: LogHead, moment: int) -> Signature:
        """The signature line of a witness, with the second at which it was given."""
        body = self._private.sign(cosigned_text(moment, head.text))
        return Signature(self.public.name, self.public.key_id, moment.to_bytes(8, "big") + body)


class SigningKey:
    """Where the ledger's seed lies. It is read when somebody signs, never before: a web process has no need of it."""

    def __init__(self, given: str = "", path: Path | None = None) -> None:
        """`given` is the base64 of 32 bytes; without it, `path` is a file that holds it."""
        self._given, self._path = given, path

    @property
    def is_here(self) -> bool:
        """Whether there is a key to sign with."""
        return bool(self._given) or (self._path is not None and self._path.is_file())

    def signer(self, name: str) -> Signer:
        """Who signs under this name. Raises `Broken` where the key is missing or no key."""
        if not self.is_here:
            raise Broken("没有 LEDGER_KEY，也没有 LEDGER_KEY_FILE：账本无法签名。", code="no_ledger_key")
        try:
            text = self._given or (self._path.read_text().strip() if self._path else "")
        except OSError as error:
            raise Broken(Say("LEDGER_KEY_FILE 读不出({kind})：账本无法签名。", kind=type(error).__name__), code="no_ledger_key") from None
        seed = seed_of(text)
        if seed is None:
            raise Broken("LEDGER_KEY 不是 32 字节的 base64：账本无法签名。", code="no_ledger_key")
        return Signer(name, seed)


def seed_of(text: str) -> bytes | None:
    """The 32 bytes that a base64 text holds; None when it holds no such thing."""
    try:
        seed = base64.b64decode(text.strip(), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return seed if len(seed) == SEED else None


def is_signed(note: Note, keys: Iterable[PublicKey]) -> bool:
    """Whether one of the keys signed the note."""
    return any(_is_by(note, each, key) for each in note.signatures for key in keys)


def _is_by(note: Note, signature: Signature, key: PublicKey) -> bool:
    if (signature.name, signature.key_id) != (key.name, key.key_id):
        return False
    text, body = note.head.text.encode(), signature.body
    if key.kind == COSIGNED:
        text, body = cosigned_text(int.from_bytes(body[:8], "big"), note.head.text), body[8:]
    try:
        Ed25519PublicKey.from_public_bytes(key.key).verify(body, text)
    except (InvalidSignature, ValueError):
        return False
    return True
