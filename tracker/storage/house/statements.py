"""Statements that are kept for their reader: to put one together takes longer than to run it. Each has a line in
`bench/pieces.py`; one without a reader in it is a plain constant of its file, and one that a page asks rarely is built anew."""

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar

Asked = ParamSpec("Asked")
Built = TypeVar("Built")
MOST_KEPT = 500


def kept_statement(build: Callable[Asked, Built]) -> Callable[Asked, Built]:
    """The same statement for the same reader and question, as long as this process lives: it holds no rows and cannot grow
    stale."""
    return lru_cache(maxsize=MOST_KEPT)(build)  # type: ignore[return-value]  # asked with what can be hashed
