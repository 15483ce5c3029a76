"""What a process keeps of the database, and until when: the one place on this floor. Every piece has a name, by which
`create_app(…, without=…)` leaves it out, and a line of `bench/pieces.py`, which shows what it saves."""

import secrets
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.services.house.work import AMENDED, Wiring, reading, wiring
from tracker.storage.house.preferences import Preference

Found = TypeVar("Found")
KEEP_FOR = timedelta(seconds=30)
MOST_KEPT = 200
VERSION, NEVER_CHANGED = "rules_version", "0"
# The mark that changes with every rule, as a column of its own: who reads something else anyway reads it along.
_PREFERENCES = Preference.__table__.c
version_column = select(_PREFERENCES.value).where(_PREFERENCES.key == VERSION).scalar_subquery()
_VERSION = select(version_column)


@dataclass(frozen=True)
class _Kept:
    last_fact: int
    at: datetime
    figures: Any


def shelf(piece: str) -> dict[Any, Any]:
    """Where a piece keeps its things in this process; an empty one each time where the piece is left out."""
    return _shelf_of(wiring(), piece)


def _shelf_of(own: Wiring, piece: str) -> dict[Any, Any]:
    found: dict[Any, Any] = {} if piece in own.without else own.cached.setdefault(piece, {})
    if len(found) >= MOST_KEPT:
        found.clear()
    return found


def is_left_out(piece: str) -> bool:
    """Whether this application was made without the piece."""
    return piece in wiring().without


def forget() -> None:
    """Whatever was kept was of another database."""
    wiring().cached.clear()


# --- until the next fact ----------------------------------------------------------------------------------------------------


def until_next_fact(piece: str, key: Hashable, last_fact: int, read: Callable[[], Found]) -> Found:
    """What `read` finds, kept in this process until the next fact is written anywhere, and for half a minute at most: to count a
    district's cases for every page would cost more than the page."""
    own = wiring()
    memory: dict[Hashable, _Kept] = _shelf_of(own, piece)
    kept, now = memory.get(key), own.clock.now()
    if kept is None or kept.last_fact != last_fact or not timedelta() <= now - kept.at < KEEP_FOR:
        kept = memory[key] = _Kept(last_fact, now, read())
    found: Found = kept.figures
    return found


# --- until a rule changes ---------------------------------------------------------------------------------------------------


def until_a_rule_changes(piece: str, read: Callable[[Session], Found], key: Hashable = None) -> Found:
    """What `read` finds, kept in every process until a rule, a unit, a saved view or the day changes."""
    session, own = reading(), wiring()
    version = _version_of(session)
    if version is None:
        transaction, amended = session.info.get(AMENDED, (None, {}))
        return amended[piece] if piece in amended and transaction is session.get_transaction() else read(session)
    mark, memory = (version, own.clock.today()), _shelf_of(own, piece)
    held: tuple[object, Found] | None = memory.get(key)
    if held is None or held[0] != mark:
        held = memory[key] = (mark, read(session))
    return held[1]


def rules_changed(session: Session) -> None:
    """To be called by every deed that changes a rule, a unit or a saved view: all processes read them anew."""
    row, mark = session.get(Preference, VERSION), secrets.token_hex(8)
    if row is None:
        session.add(Preference(key=VERSION, value=mark))
    else:
        row.value = mark
    session.info[VERSION] = (session.get_transaction(), None)
    session.info.pop(AMENDED, None)


def amended_in_work(session: Session, piece: str, value: object) -> None:
    """To be called right after `rules_changed` by a deed that knows what reading a piece anew would give: the transaction goes on
    with that until a rule changes again, so that a deed of many rows does not read everything for each."""
    session.info[AMENDED] = (session.get_transaction(), {piece: value})


def rules_settled(session: Session) -> None:
    """To be called where a transaction that changed rules goes on with work that only reads them: what it reads is kept under the
    mark that it wrote, which nobody else knows until it ends."""
    row = session.get(Preference, VERSION)
    if row is not None:
        session.info[VERSION] = (session.get_transaction(), row.value)


def version_noted(session: Session, version: str | None) -> None:
    """The version that was read along with something else: it holds until the transaction ends."""
    transaction = session.get_transaction()
    if transaction is None or session.info.get(VERSION, (None, None))[0] is not transaction:
        session.info[VERSION] = (transaction, version or NEVER_CHANGED)


def _version_of(session: Session) -> str | None:
    """The version in force, read once in a transaction; None in one that changes it, for nothing it reads is for others."""
    version: str | None
    transaction, version = session.info.get(VERSION, (None, None))
    if transaction is None or transaction is not session.get_transaction():
        version = session.execute(_VERSION).scalar() or NEVER_CHANGED
        version_noted(session, version)
    return version
