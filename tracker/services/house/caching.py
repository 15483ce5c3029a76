"""Figures that are kept while nothing happens: to count a district's cases for every page would cost more than the page."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from tracker.services.house.work import wiring

Figures = TypeVar("Figures")
KEEP_FOR = timedelta(seconds=30)
MOST_KEPT = 200


@dataclass(frozen=True)
class _Kept:
    last_fact: int
    at: datetime
    figures: Any


def until_next_fact(name: str, key: Hashable, last_fact: int, read: Callable[[], Figures]) -> Figures:
    """What `read` finds, kept in this process until the next fact is written anywhere, and for half a minute at most."""
    memory: dict[Hashable, _Kept] = wiring().cached.setdefault(name, {})
    kept, now = memory.get(key), wiring().clock.now()
    if kept is None or kept.last_fact != last_fact or not timedelta() <= now - kept.at < KEEP_FOR:
        if len(memory) >= MOST_KEPT:
            memory.clear()
        kept = memory[key] = _Kept(last_fact, now, read())
    found: Figures = kept.figures
    return found
