"""Rows that were read and checked, waiting on disk until all are known to be good: memory holds one portion of them."""

import pickle
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.domain.tables.incoming_rows import IncomingCase, RowTrouble

TABLES = """
CREATE TABLE cases (at INTEGER PRIMARY KEY, known_as TEXT NOT NULL, source TEXT NOT NULL, sheet TEXT NOT NULL,
  row INTEGER NOT NULL, digest TEXT NOT NULL, number TEXT, is_numbered INTEGER NOT NULL, body BLOB NOT NULL);
CREATE UNIQUE INDEX cases_known_as ON cases (known_as);
CREATE UNIQUE INDEX cases_number ON cases (number);
CREATE INDEX cases_source ON cases (source, at);
CREATE TABLE troubles (at INTEGER PRIMARY KEY, sheet TEXT NOT NULL, row INTEGER NOT NULL, place TEXT NOT NULL,
  sentence TEXT NOT NULL);
CREATE INDEX troubles_row ON troubles (sheet, row);
CREATE TABLE old_digests (source TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (source, digest)) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Earlier:
    """The row of the same file in which the same case stood first."""

    sheet: str
    row: int
    digest: str
    is_same_number: bool  # only our own case number is the same


class Spool:
    """A temporary SQLite file without a name, gone when closed. Its rows may hold reporters, so it is nobody else's to read."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-4000; PRAGMA temp_store=FILE;")
        self._db.executescript(TABLES)
        self._db.execute("BEGIN")
        self.case_count = self.trouble_count = 0

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def put(self, case: IncomingCase) -> Earlier | None:
        """Keep a case; or return where it stood already."""
        try:
            self._db.execute(
                "INSERT INTO cases (known_as, source, sheet, row, digest, number, is_numbered, body) VALUES (?, ?, ?, ?, ?, ?, ?,"
                " ?)",
                (case.dedupe_key, case.source, case.sheet, case.row, case.digest, case.number or None,
                 case.source_number is not None, pickle.dumps(case, protocol=5)))
        except sqlite3.IntegrityError:
            query = "SELECT sheet, row, digest, known_as = ? FROM cases WHERE known_as = ? OR number = ? ORDER BY at"
            found = self._db.execute(query, (case.dedupe_key, case.dedupe_key, case.number)).fetchone()
            return Earlier(found[0], found[1], found[2], is_same_number=not found[3])
        self.case_count += 1
        return None

    def put_trouble(self, trouble: RowTrouble) -> None:
        """Keep a trouble."""
        self._db.execute("INSERT INTO troubles (sheet, row, place, sentence) VALUES (?, ?, ?, ?)",
                         (trouble.sheet, trouble.row, trouble.column, trouble.sentence))
        self.trouble_count += 1

    def troubles(self, most: int) -> list[RowTrouble]:
        """The first troubles, in the order of the file."""
        rows = self._db.execute("SELECT row, place, sentence, sheet FROM troubles ORDER BY at LIMIT ?", (most,))
        return [RowTrouble(*row) for row in rows]

    def bad_rows(self) -> int:
        """How many rows have a trouble."""
        return int(self._db.execute("SELECT count(*) FROM (SELECT DISTINCT sheet, row FROM troubles)").fetchone()[0])

    def reasons(self, sheet: str, row: int) -> str:
        """Everything that is wrong with one row, as one text."""
        rows = self._db.execute("SELECT sentence FROM troubles WHERE sheet = ? AND row = ? ORDER BY at", (sheet, row))
        return "\n".join(sentence for (sentence,) in rows)

    def sources(self) -> list[tuple[str, int]]:
        """Sources with the number of their cases, in the order in which they first appear."""
        return list(self._db.execute("SELECT source, count(*) FROM cases GROUP BY source ORDER BY min(at)"))

    def has_unnumbered(self, source: str) -> bool:
        """Some case of the source has no source number, and so is known by its content alone."""
        query = "SELECT 1 FROM cases WHERE source = ? AND NOT is_numbered LIMIT 1"
        return self._db.execute(query, (source,)).fetchone() is not None

    def remember(self, source: str, digests: Iterator[str]) -> None:
        """Digests of the cases without source number that the register holds already."""
        self._db.executemany("INSERT OR IGNORE INTO old_digests VALUES (?, ?)", ((source, digest) for digest in digests))

    def remembers(self, source: str, digest: str) -> bool:
        """Whether such a digest was remembered."""
        return self._db.execute("SELECT 1 FROM old_digests WHERE source = ? AND digest = ?",
                                (source, digest)).fetchone() is not None

    def portions(self, source: str, size: int) -> Iterator[list[IncomingCase]]:
        """The cases of a source, in the order of the file."""
        last = 0
        while rows := self._db.execute("SELECT at, body FROM cases WHERE source = ? AND at > ? ORDER BY at LIMIT ?",
                                       (source, last, size)).fetchall():
            last = rows[-1][0]
            yield [pickle.loads(body) for _, body in rows]  # noqa: S301 - our own rows, in a file that nobody else can open
