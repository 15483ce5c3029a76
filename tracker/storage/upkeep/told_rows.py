"""The folded rows that facts tell of, on disk meanwhile: memory holds a portion of them, however many there are."""

import json
import sqlite3
from collections.abc import Collection, Iterator

from sqlalchemy import Table, select, tuple_
from sqlalchemy.orm import Session

from tracker.domain.house.folds import ROWS, ToldRow, after, rows_told
from tracker.storage.house.ledger import FactRow

PORTION, FEW = 200, 20  # rows of a table; facts, some of which tell of two hundred rows
MARK = f'"{ROWS}":{{'
ALL_TELLING = FactRow.body.contains(MARK, autoescape=True)


class ToldRows:
    """A temporary SQLite file without a name, gone when closed: each row as its facts amount to it."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-8000; PRAGMA temp_store=FILE;"
            "CREATE TABLE told (name TEXT, key TEXT, body TEXT, is_seen INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (name, key))"
            " WITHOUT ROWID; BEGIN;")

    def __enter__(self) -> "ToldRows":
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def read(self, session: Session, left_out: Collection[str] = ()) -> None:
        """What the facts of the ledger tell of rows, but for those of the tables left out, in the order in which it was
        written."""
        query = select(FactRow.body).where(ALL_TELLING).order_by(FactRow.id).execution_options(yield_per=FEW)
        for body in session.scalars(query):
            for name, told in rows_told(json.loads(body)).items():
                if name.partition("/")[0] not in left_out:
                    self.put(name, told)

    def put(self, name: str, told: ToldRow) -> None:
        """What one more fact tells of a row."""
        table, _, key = name.partition("/")
        if told is not None and self._db.execute("INSERT OR IGNORE INTO told (name, key, body) VALUES (?, ?, ?)",
                                                 (table, key, json.dumps(told))).rowcount:
            return
        now = after(self.of(table, [key]).get(key), told)
        self._db.execute("INSERT OR REPLACE INTO told (name, key, body) VALUES (?, ?, ?)",
                         (table, key, None if now is None else json.dumps(now)))

    def of(self, table: str, keys: Collection[str]) -> dict[str, ToldRow]:
        """These rows of a table, as far as facts tell of them; from then on they are seen."""
        wanted = json.dumps(list(keys))
        found = self._db.execute("SELECT key, body FROM told WHERE name = ? AND key IN (SELECT value FROM json_each(?))",
                                 (table, wanted)).fetchall()
        self._db.execute("UPDATE told SET is_seen = 1 WHERE name = ? AND key IN (SELECT value FROM json_each(?))",
                         (table, wanted))
        return {key: None if body is None else json.loads(body) for key, body in found}

    def unseen(self, table: str) -> Iterator[str]:
        """The keys of the rows that are told of, have not ended and were not asked for."""
        yield from (key for key, in self._db.execute(
            "SELECT key FROM told WHERE name = ? AND is_seen = 0 AND body IS NOT NULL ORDER BY key", (table,)))


def portions(session: Session, table: Table) -> Iterator[list[dict[str, object]]]:
    """Every row of a table, by its key, a portion at a time."""
    keys = tuple(table.primary_key)
    query = select(table).order_by(*keys).limit(PORTION)
    found = session.execute(query).mappings().all()
    while found:
        yield [dict(row) for row in found]
        found = session.execute(query.where(tuple_(*keys) > tuple_(*(found[-1][key.name] for key in keys)))).mappings().all()
