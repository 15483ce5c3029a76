"""Running numbers: drawn one after another, whatever they name, and passed over where they were given out elsewhere."""

from typing import Any, get_args

from sqlalchemy import select
from sqlalchemy.sql.dml import ReturningInsert

from tracker.domain.cases.fact_kinds import NumberFacts
from tracker.domain.house.actor import Actor
from tracker.services.house.work import Work
from tracker.storage.house.base import EngineInsert, inserting
from tracker.storage.house.preferences import Counter

COUNTERS = Counter.__table__


def _drawing_insert(insert: type[EngineInsert]) -> ReturningInsert[Any]:
    last, fresh = COUNTERS.c.last, insert(COUNTERS)  # type: ignore[arg-type]
    return fresh.on_conflict_do_update(index_elements=["key"], set_={"last": last + fresh.excluded.last}).returning(last)


_DRAWING = {insert: _drawing_insert(insert) for insert in get_args(EngineInsert)}


def next_number(work: Work, key: str, amount: int = 1) -> int:
    """The last of `amount` fresh numbers of a running series. One statement, so that two nodes cannot draw the same."""
    statement = _DRAWING[inserting(work.session)]
    drawn = work.session.execute(statement, {"key": key, "last": amount})
    number: int = drawn.scalar_one()
    return number


def reserve_number(work: Work, actor: Actor, key: str, used: int) -> None:
    """Numbers up to `used` were given out elsewhere: the series goes on behind them."""
    row = work.session.scalar(select(Counter).where(Counter.key == key).with_for_update())
    if row is None:
        work.session.add(row := Counter(key=key, last=0))
    if used > row.last:
        work.record("numbers", NumberFacts.skipped, actor, {"series": key, "first": row.last + 1, "last": used})
        row.last = used
    work.session.flush()
