"""How a room declares a table of master data: its description, its rows, and the deed that keeps one. The lists of the rooms are
collected in the wiring."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from tracker.domain.house.actor import Actor
from tracker.domain.house.fields import Choices
from tracker.domain.house.master import MasterEdit, MasterTable, MasterValues, Settle, as_typed

Effects = Callable[[Session, MasterEdit], tuple[str, ...]]


def no_effects(session: Session, edit: MasterEdit) -> tuple[str, ...]:
    """A change that is its own description."""
    return ()


@dataclass(frozen=True)
class Master:
    """One table. `save(work, by, edit)` writes a row and its fact, with `edit.told()` in it, raises what is wrong, and returns
    what it hands out, if anything; `stream_of` is the stream of that fact, for the history. `offers` are the choices that other
    tables hold, by column; `effects` says in sentences what else a change does, which people see before they confirm
    it; `settle` gives what may be typed in several ways the form in which it is kept, so that the same again is no change."""

    table: MasterTable
    rows: Callable[[Session], Iterable[MasterValues]]
    save: Callable[[Any, Actor, MasterEdit], object]
    stream_of: Callable[[MasterValues], str]
    offers: Mapping[str, Callable[[Session], Choices]] = field(default_factory=dict)
    effects: Effects = no_effects
    settle: Settle = as_typed
    is_stream_shared: bool = False  # by all rows: each fact says its own
