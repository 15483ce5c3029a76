"""Sign-in and account tests make many people."""

from tests.support.hashes import cheap_hashes

__all__ = ["cheap_hashes"]
