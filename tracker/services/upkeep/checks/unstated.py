"""Rows of which no fact tells yet: what migrations seed or fill, and what was there before facts told of rows."""

from collections.abc import Iterator
from itertools import islice

from sqlalchemy import select

from tracker.domain.house.actor import OPERATOR
from tracker.domain.house.folds import ROWS_A_FACT, Fold, ToldRow
from tracker.domain.house.log.fact_kinds import LEDGER, LedgerFacts
from tracker.services.house.work import Work, deed
from tracker.services.upkeep import database_copies
from tracker.services.upkeep.checks.law import note_law
from tracker.services.upkeep.checks.numbers import state_skipped_numbers
from tracker.storage.house.base import Base
from tracker.storage.house.ledger import FactRow
from tracker.storage.upkeep.told_rows import ToldRows, portions


def state_beginning(work: Work) -> None:
    """What the first work of a ledger tells besides: the rows that migrations made, and by which law it will be judged."""
    state_seeds(work)
    note_law(work)


def state_seeds(work: Work) -> int:
    """The rows that migrations made, and whatever else no fact tells of."""
    return state_unstated_rows(work, database_copies.revision_in(work.session))


@deed
def state_after_upgrade(work: Work, *, is_migrated: bool) -> None:
    """What a ledger that is begun must tell after an upgrade: the rows that its newest migrations seeded or filled, and a new
    edition of the law that came with the code."""
    if work.session.scalar(select(FactRow.id).limit(1)) is None:
        return
    note_law(work)
    if is_migrated:
        state_skipped_numbers(work, database_copies.revision_in(work.session))
        state_seeds(work)


def state_unstated_rows(work: Work, migration: str) -> int:
    """Tell of every folded row, or column of one, of which no fact tells; returns how many rows."""
    done = 0
    with ToldRows() as told:
        told.read(work.session)
        waiting = _untold_rows(work, told)
        while some := dict(islice(waiting, ROWS_A_FACT)):
            counts: dict[str, int] = {}
            for name in some:
                table = name.partition("/")[0]
                counts[table] = counts.get(table, 0) + 1
            work.record(LEDGER, LedgerFacts.rows_stated, OPERATOR, {"migration": migration, "tables": counts}, some)
            done += len(some)
    return done


def _untold_rows(work: Work, told: ToldRows) -> Iterator[tuple[str, ToldRow]]:
    for fold in work.wiring.folds.values():
        if not fold.is_of_cases:
            for rows in portions(work.session, Base.metadata.tables[fold.table]):
                yield from _untold_of(work, fold, rows, told)


def _untold_of(work: Work, fold: Fold, rows: list[dict[str, object]], told: ToldRows) -> Iterator[tuple[str, ToldRow]]:
    known = told.of(fold.table, [fold.key_of(row) for row in rows])
    for row in rows:
        so_far = known.get(fold.key_of(row))
        if (columns := fold.untold(so_far or {})) and not (so_far is None and fold.is_draft(row)):
            yield fold.name_of(row), fold.telling(row, columns, work.wiring.cipher.keyed_digest)
