"""Encryption of what must stay readable for few and erasable for ever: the reporters' records.

AES-256-GCM. Each sealed text names the key that sealed it, so `IDENTITY_KEY=new,old` rotates keys: the first seals, all open.
"""

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tracker.domain.house.errors import Broken
from tracker.domain.house.say import Say

NONCE, KEY_ID = 12, 8


class Cipher:
    """Seals and opens short texts, and makes keyed digests of them."""

    def __init__(self, identity_key: str) -> None:
        """`identity_key` is one or more base64 keys of 32 bytes, separated by commas, the newest first."""
        keys = [base64.b64decode(key.strip(), altchars=b"-_", validate=True) for key in identity_key.split(",")]
        self._keys = {_key_id(key): key for key in keys}
        self._newest = _key_id(keys[0])
        self._entry_keys: dict[str, bytes] = {}

    @property
    def fingerprint(self) -> str:
        """By what people tell whether it is the right key: the beginning of its id; the newest first, older ones behind it."""
        return " ".join(key_id[:8] for key_id in sorted(self._keys, key=lambda each: each != self._newest))

    def has_key_of(self, token: str) -> bool:
        """Whether the key that sealed this is here."""
        return token.partition(":")[0] in self._keys

    def seal(self, text: str, context: str = "") -> str:
        """The text encrypted. It opens only under the same context (say, table and row), so it cannot be moved elsewhere."""
        nonce = os.urandom(NONCE)
        sealed = AESGCM(self._keys[self._newest]).encrypt(nonce, text.encode(), context.encode())
        return f"{self._newest}:{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, token: str, context: str = "") -> str:
        """What was sealed. Broken when the key is not here, or the token was touched or moved."""
        key_id, _, body = token.partition(":")
        if key_id not in self._keys:
            raise Broken(Say("设置 IDENTITY_KEY 里没有编号为 {key_id} 的密钥，这条记录解不开。", key_id=key_id[:8]))
        try:
            raw = base64.b64decode(body, altchars=b"-_", validate=True)
            return AESGCM(self._keys[key_id]).decrypt(raw[:NONCE], raw[NONCE:], context.encode()).decode()
        except (InvalidTag, ValueError):
            raise Broken("这条加密记录被改动过，解不开。") from None

    def seal_bytes(self, content: bytes, context: str) -> bytes:
        """The same for a whole file."""
        nonce = os.urandom(NONCE)
        return self._newest.encode() + nonce + AESGCM(self._keys[self._newest]).encrypt(nonce, content, context.encode())

    def open_bytes(self, sealed: bytes, context: str) -> bytes:
        """The file that was sealed. Broken as above."""
        key_id, nonce, body = sealed[:KEY_ID].decode("ascii", "replace"), sealed[KEY_ID:KEY_ID + NONCE], sealed[KEY_ID + NONCE:]
        if key_id not in self._keys:
            raise Broken(Say("设置 IDENTITY_KEY 里没有编号为 {key_id} 的密钥，这条记录解不开。", key_id=key_id))
        try:
            return AESGCM(self._keys[key_id]).decrypt(nonce, body, context.encode())
        except (InvalidTag, ValueError):
            raise Broken("这条加密记录被改动过，解不开。") from None

    def is_stale(self, token: str) -> bool:
        """True when the token was sealed with an older key and should be sealed again."""
        return token.partition(":")[0] != self._newest

    def keyed_digest(self, text: str) -> str:
        """A digest that nobody without the key can find by guessing; it names its key."""
        return f"{self._newest}:{self._keyed_mac(self._newest, text)}"

    def matches(self, text: str, digest: str) -> bool:
        """True when `digest` was made of `text`, by any of the keys that are here."""
        key_id, _, mac = digest.partition(":")
        return key_id in self._keys and hmac.compare_digest(self._keyed_mac(key_id, text), mac)

    def entry_mac(self, position: int, digest: str, logged_at: int) -> str:
        """What says that one of us entered a fact at this position of the log, at this microsecond; it names its key."""
        return f"{self._newest}:{self._entry_mac(self._newest, position, digest, logged_at)}"

    def is_entered(self, position: int, digest: str, logged_at: int, mac: str) -> bool:
        """True when `mac` was made of this entry, by any of the keys that are here."""
        key_id, _, told = mac.partition(":")
        return key_id in self._keys and hmac.compare_digest(self._entry_mac(key_id, position, digest, logged_at), told)

    def _entry_mac(self, key_id: str, position: int, digest: str, logged_at: int) -> str:
        key = self._entry_keys.get(key_id)
        if key is None:
            key = self._entry_keys[key_id] = HKDF(SHA256(), 32, None, b"xiaohao log entry").derive(self._keys[key_id])
        said = position.to_bytes(8, "big") + bytes.fromhex(digest) + logged_at.to_bytes(8, "big")
        return hmac.digest(key, said, "sha256").hex()

    def _keyed_mac(self, key_id: str, text: str) -> str:
        # A key of its own, derived for this one use: the encryption key itself never serves two algorithms.
        key = hmac.digest(self._keys[key_id], b"xiaohao keyed digest", "sha256")
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def new_key() -> str:
    """A fresh key as IDENTITY_KEY wants it."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def _key_id(key: bytes) -> str:
    """Eight letters that tell keys apart and betray nothing of them."""
    return hashlib.sha256(b"xiaohao key id" + key).hexdigest()[:8]
