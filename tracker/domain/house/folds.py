"""One fold for every table: which columns of a row the ledger tells, and the row that its facts amount to.

A fact's body carries `"rows": {"role_grants/17": {…}}`: every column at the row's birth, the changed ones later, `null` at its
end. What is personal or secret stands there as a keyed digest over table, key, column and value, so that none fits another row.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tracker.domain.house.ledger import plain

ROWS = "rows"
ROWS_A_FACT = 200
Row = Mapping[str, object]
ToldRow = dict[str, object] | None


def never(row: Row) -> bool:
    """A row of a table in which every row has its fact."""
    return False


@dataclass(frozen=True)
class Fold:
    """One table. Each of its columns is key, stated, digested or exempt, an exempt one with its reason.

    A row of which `is_draft` holds may be there without a fact. `is_whole`: rows are born by no fact, so the first that tells of
    one tells all of it, and so does every other. `is_of_cases`: told by the `set` of the facts of a case, not by rows.
    """

    table: str
    key: tuple[str, ...]
    stated: tuple[str, ...] = ()
    digested: tuple[str, ...] = ()
    exempt: Mapping[str, str] = field(default_factory=dict)
    is_draft: Callable[[Row], bool] = never
    is_whole: bool = False
    is_of_cases: bool = False

    @property
    def told(self) -> tuple[str, ...]:
        """The columns that facts tell."""
        return (*self.stated, *self.digested)

    @property
    def named(self) -> tuple[str, ...]:
        """Every column, each as often as it is named."""
        return (*(name for name in self.key if name not in self.told), *self.told, *self.exempt)

    def key_of(self, row: Row) -> str:
        """What the row is known by in its table."""
        return "/".join(str(plain(row[name])) for name in self.key)

    def name_of(self, row: Row) -> str:
        """What the row is known by in the ledger."""
        return f"{self.table}/{self.key_of(row)}"

    def telling(self, row: Row, columns: Iterable[str], digest: Callable[[str], str]) -> dict[str, object]:
        """What a fact says of these columns of a row."""
        wanted, key = frozenset(columns), self.key_of(row)
        said = {name: plain(row[name]) for name in self.stated if name in wanted}
        for name in self.digested:
            if name in wanted:
                said[name] = None if row[name] is None else digest(self.digest_text(key, name, row[name]))
        return said

    def digest_text(self, key: str, column: str, value: object) -> str:
        """What the keyed digest of a value covers."""
        said = plain(value)
        text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False, sort_keys=True)
        return f"{self.table}|{key}|{column}|{text}"

    def changed(self, told: Row, row: Row, matches: Callable[[str, str], bool]) -> Iterator[str]:
        """The columns in which the row is not what was told of it."""
        yield from (name for name in self.stated if name in told and told[name] != plain(row[name]))
        key = self.key_of(row)
        for name in self.digested:
            if name in told and not self._is_digest_of(told[name], key, name, row[name], matches):
                yield name

    def _is_digest_of(self, told: object, key: str, column: str, value: object, matches: Callable[[str, str], bool]) -> bool:
        if told is None or value is None:
            return told is value
        return matches(self.digest_text(key, column, value), str(told))

    def untold(self, told: Row) -> tuple[str, ...]:
        """The columns of which nothing was told yet."""
        return tuple(name for name in self.told if name not in told)


@dataclass(frozen=True)
class Unfolded:
    """A table of which the ledger tells nothing, and why."""

    table: str
    reason: str


Folds = tuple[Fold | Unfolded, ...]


def rows_told(payload: Mapping[str, object]) -> dict[str, ToldRow]:
    """What a fact tells of rows, by their names."""
    said = payload.get(ROWS)
    if not isinstance(said, dict):
        return {}
    return {str(name): row for name, row in said.items() if row is None or isinstance(row, dict)}


def after(before: ToldRow, told: ToldRow) -> ToldRow:
    """The row as it stands when one more fact told of it; None when it ended."""
    return told if told is None or before is None else before | told
