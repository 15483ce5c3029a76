"""Which folded rows a work has changed and no fact of it has told yet. Rows are noticed as the session writes them."""

from collections.abc import Callable, Mapping

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session
from sqlalchemy.orm.unitofwork import UOWTransaction

from tracker.domain.house.folds import Fold, ToldRow
from tracker.storage.house.base import Base

NOTICED = "rows_to_state"


class UnstatedRows(Exception):
    """A work changed rows of which none of its facts tells: a deed was written without its fact."""


class RowsToState:
    """What the facts of one work have still to tell: rows with the columns that changed, None for one that ended."""

    def __init__(self, folds: Mapping[str, Fold], digest: Callable[[str], str]) -> None:
        self._folds, self._digest = folds, digest
        self._changed: dict[Base, frozenset[str] | None] = {}

    def notice(self, session: Session) -> None:
        """What a flush has just written: session and histories still stand as before it."""
        for row in session.new:
            if (fold := self._fold_of(row)) is not None:
                self._changed[row] = frozenset(fold.told)
        for row in session.dirty:
            if (fold := self._fold_of(row)) is not None and (columns := _written_columns(row) & frozenset(fold.told)):
                known = self._changed.get(row) or frozenset()
                self._changed[row] = frozenset(fold.told) if fold.is_whole else known | columns
        for row in session.deleted:
            if self._fold_of(row) is not None:
                self._changed[row] = None

    def take(self, session: Session) -> dict[str, ToldRow]:
        """What the next fact tells of rows; from then on it is told."""
        session.flush()
        changed, self._changed = self._changed, {}
        return dict(self._what_to_tell(row, columns) for row, columns in changed.items())

    def finish(self, session: Session) -> None:
        """Raise `UnstatedRows` when a row changed and no fact told of it."""
        if left := self.take(session):
            raise UnstatedRows(", ".join(f"{name} ({', '.join(told or ('ended',))})" for name, told in sorted(left.items())))

    def _fold_of(self, row: object) -> Fold | None:
        fold = self._folds.get(getattr(row, "__tablename__", ""))
        return None if fold is None or fold.is_of_cases else fold

    def _what_to_tell(self, row: Base, columns: frozenset[str] | None) -> tuple[str, ToldRow]:
        fold = self._folds[row.__tablename__]
        values = {each.columns[0].name: getattr(row, each.key) for each in inspect(type(row)).column_attrs
                  if each.columns[0].name in (*fold.key, *(columns or ()))}
        return fold.name_of(values), None if columns is None else fold.telling(values, columns, self._digest)


def _written_columns(row: object) -> frozenset[str]:
    state = inspect(row, raiseerr=True)
    return frozenset(each.columns[0].name for each in state.mapper.column_attrs if state.attrs[each.key].history.has_changes())


@event.listens_for(Session, "after_flush")
def _notice_rows(session: Session, context: UOWTransaction) -> None:
    noticed: RowsToState | None = session.info.get(NOTICED)
    if noticed is not None:
        noticed.notice(session)
