"""A table that may be added to while the product runs: what is derived from it is a table too, and grows with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar, overload

Row = TypeVar("Row")


class Roll(Sequence[Row]):
    """Rows in their order, asked for anew each time. It is a plain sequence to whoever reads it."""

    def __init__(self, rows: Callable[[], Iterable[Row]]) -> None:
        self._rows = rows
        self._more: tuple[Row, ...] = ()

    def __len__(self) -> int:
        return len(self._all_rows())

    @overload
    def __getitem__(self, at: int) -> Row: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Row]: ...

    def __getitem__(self, at: int | slice) -> Row | Sequence[Row]:
        return self._all_rows()[at]

    def __iter__(self) -> Iterator[Row]:
        return iter(self._all_rows())

    @contextmanager
    def with_rows(self, *more: Row) -> Iterator[None]:
        """The table with more rows at its end, as long as this lasts."""
        kept = self._more
        self._more = (*kept, *more)
        try:
            yield
        finally:
            self._more = kept

    def _all_rows(self) -> tuple[Row, ...]:
        return (*self._rows(), *self._more)
