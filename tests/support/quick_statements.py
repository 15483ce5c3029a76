"""SQL compiled once for all tests: every test has a database of its own, thus an engine, and SQLAlchemy keeps what it compiles by
engine and by dialect. All engines of one kind are given the same shelf here, and their dialects pass for one."""

from typing import Any

from sqlalchemy.engine import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

MOST_KEPT = 4000  # more than the product has
_shelves: dict[type, Any] = {}


def _shelf_of(engine: Engine) -> Any:
    return _shelves.setdefault(type(engine.dialect), LRUCache(MOST_KEPT))


def _keep_none(engine: Engine, own: Any) -> None:
    """An engine's own shelf is not used."""


def _is_same_kind(dialect: DefaultDialect, other: object) -> bool:
    return type(dialect) is type(other)


def remember() -> None:
    """From now on in this process."""
    Engine._compiled_cache = property(_shelf_of, _keep_none)  # type: ignore[assignment]
    DefaultDialect.__eq__ = _is_same_kind  # type: ignore[method-assign]
    DefaultDialect.__hash__ = lambda dialect: hash(type(dialect))  # type: ignore[method-assign]
