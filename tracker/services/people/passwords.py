"""Passwords: hashed by argon2, made at random when nobody chose one, never kept in any other form."""

import secrets
from collections.abc import Collection
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from tracker.domain.house.errors import Invalid
from tracker.services.people.signing.strength import trouble_of

ALPHABET = "abcdefghjkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXY34679"  # nothing that is mistaken for something else on paper
GENERATED_LENGTH = 14


class Passwords:
    """One hasher per process. A hash takes 64 MiB, so at most two are made at a time and the others wait."""

    def __init__(self, hasher: PasswordHasher, at_once: int = 2) -> None:
        self._hasher = hasher
        self._gate = BoundedSemaphore(at_once)
        self._nobody = ""

    def use(self, hasher: PasswordHasher) -> None:
        """Another hasher from now on: stronger on a bigger machine, cheap in tests that make many people."""
        self._hasher, self._nobody = hasher, ""

    def hash(self, password: str) -> str:
        """What is kept of a password."""
        with self._gate:
            return self._hasher.hash(password)

    def matches(self, password: str, kept: str | None) -> bool:
        """Whether this is the password. With nothing kept it is wrong, after the same work."""
        if kept is None and not self._nobody:
            self._nobody = self.hash(secrets.token_hex())
        try:
            with self._gate:
                return self._hasher.verify(kept or self._nobody, password) and kept is not None
        except (VerificationError, InvalidHashError):
            return False

    def is_outdated(self, kept: str) -> bool:
        """Whether the hash was made with weaker parameters than today's."""
        return self._hasher.check_needs_rehash(kept)


PASSWORDS = Passwords(PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY))


def generated() -> str:
    """A random password that can be read out over the telephone: about 78 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(GENERATED_LENGTH))


def acceptable(password: str, words: Collection[str] = ()) -> str:
    """The password, when it is good enough for somebody of whom a guesser knows these words. Raises `Invalid` without repeating
    it."""
    if trouble := trouble_of(password, words):
        raise Invalid(trouble, field="password")
    return password
