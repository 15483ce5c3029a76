"""Fixtures of the tests on people's pages."""

from tests.support.hashes import cheap_hashes

__all__ = ["cheap_hashes"]
