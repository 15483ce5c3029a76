"""Hashes of passwords that cost nothing: a real one takes a tenth of a second."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from argon2.profiles import RFC_9106_LOW_MEMORY

from tracker.services.people.passwords import PASSWORDS


@pytest.fixture
def cheap_hashes() -> Iterator[None]:
    """Hashes of eight kilobytes instead of 64 megabytes."""
    PASSWORDS.use(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    yield
    PASSWORDS.use(PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY))
