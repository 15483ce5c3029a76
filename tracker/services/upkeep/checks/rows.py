"""Is each folded row what its facts amount to, and does each fact's row stand there? Cases are compared apart."""

from collections.abc import Collection, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.house.folds import Fold
from tracker.domain.house.say import Listed, Say
from tracker.services.house.faults import Fault, RowFault
from tracker.services.house.work import wiring
from tracker.storage.house.base import Base
from tracker.storage.house.ledger import FactRow
from tracker.storage.upkeep.told_rows import ToldRows, portions

WORDS = {"evidence": "证据"}
LARGE = frozenset({"evidence"})  # grows with the cases; all else stays small enough for every night


def row_troubles(session: Session, left_out: Collection[str] = ()) -> Iterator[Fault]:
    """Every row that no fact tells of, that is gone, or that says something else than its facts; table by table, but for those
    left out."""
    if session.scalar(select(FactRow.id).limit(1)) is None:
        return  # before the first fact nothing is told of anything
    folds = [fold for table, fold in wiring().folds.items() if not fold.is_of_cases and table not in left_out]
    with ToldRows() as told:
        told.read(session, left_out)
        for fold in folds:
            yield from _table_troubles(session, fold, told)


def _table_troubles(session: Session, fold: Fold, told: ToldRows) -> Iterator[Fault]:
    for rows in portions(session, Base.metadata.tables[fold.table]):
        known = told.of(fold.table, [fold.key_of(row) for row in rows])
        for row in rows:
            yield from _row_troubles(fold, row, known.get(fold.key_of(row)))
    yield from (RowFault(_row_place(fold, key), "不见了") for key in told.unseen(fold.table))


def _row_troubles(fold: Fold, row: dict[str, object], told: dict[str, object] | None) -> Iterator[Fault]:
    place = _row_place(fold, fold.key_of(row))
    if told is None:
        if not fold.is_draft(row):
            yield RowFault(place, "没有账本记录")
        return
    if changed := tuple(fold.changed(told, row, wiring().cipher.matches)):
        yield RowFault(place, Say("被改动：{columns}", columns=Listed(changed)))
    if untold := fold.untold(told):
        yield RowFault(place, Say("没有账本记录：{columns}", columns=Listed(untold)))


def _row_place(fold: Fold, key: str) -> str:
    return f"{WORDS.get(fold.table, fold.table)} {key}"
