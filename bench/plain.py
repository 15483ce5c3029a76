"""The floor of tables: a plain read and insert, a plain select and write, in a process of its own."""

import csv
import pickle
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import openpyxl
import psycopg
import xlsxwriter

HEADERS = ("序号", "受理编号", "交办问题基本情况", "行政区域", "问题类型", "调查核实情况", "是否属实", "办结目标", "处理和整改情况", "是否办结",
           "责任人被处理情况")
TABLES = ("import_batches", "cases", "case_categories", "facts", "log", "words")  # what an import writes, what is named first
PORTION = 1000
# What the product's register file tells of a case: its row with the names, its types and units, and what its facts say.
EXPORT = """
SELECT c.number, s.key, s.name, c.source_number, c.state, c.title, c.description, c.area_code, c.area_text, c.place,
  (SELECT {joined_category} FROM case_categories AS k WHERE k.case_id = c.id), c.channel, c.received_on, c.batch_label,
  c.registered_at, u.name,
  (SELECT {joined_unit} FROM case_units AS p JOIN units AS o ON o.id = p.unit_id
   WHERE p.case_id = c.id AND p.part = 'supporting'),
  c.assigned_at, c.due_on, c.finding,
  {told}, c.closed_at, c.filing_no, c.history, c.supervision_due_on, c.matter_since_on, c.lat, c.lng, c.datum
FROM cases AS c JOIN sources AS s ON s.id = c.source_id LEFT JOIN units AS u ON u.id = c.lead_unit_id ORDER BY c.id
"""
SAID = "(SELECT w.text FROM words AS w WHERE w.stream = 'case:' || c.number AND w.name = '{}' ORDER BY w.seq DESC LIMIT 1)"
EXPORT = EXPORT.replace("{told}", ", ".join(SAID.format(name) for name in ("measures", "conclusion", "published.json")))
SQLITE = "sqlite:///"


def rows_made(database_url: str, empty_url: str, path: str) -> None:
    """What the product's import left in each table, as values: written down so that the plain way need not make them."""
    with Path(path).open("wb") as file, _connected(database_url) as filled, _connected(empty_url) as empty:
        for table in TABLES:
            (count,) = empty.execute(f"SELECT count(*) FROM {table}").fetchone()
            rows = filled.execute(f"SELECT * FROM {table} ORDER BY 1")
            names = [column[0] for column in rows.description]
            if count:  # none would mean all to sqlite3
                rows.fetchmany(count)
            while portion := rows.fetchmany(PORTION):
                pickle.dump((table, names, portion), file)
        if database_url.startswith(SQLITE):
            for portion in _words_indexed(filled):
                pickle.dump(("case_index", ["rowid", "words"], portion), file)


def _words_indexed(filled: Any) -> Iterator[list[tuple[int, str]]]:
    """The text index keeps no texts: they are put together again from where each word stands."""
    filled.execute("CREATE VIRTUAL TABLE temp.indexed USING fts5vocab(main, case_index, instance)")
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for term, case, at in filled.execute('SELECT term, doc, "offset" FROM temp.indexed'):
        found[case][at] = term
    texts = [(case, " ".join(words[at] for at in sorted(words))) for case, words in sorted(found.items())]
    for start in range(0, len(texts), PORTION):
        yield texts[start:start + PORTION]


def read_and_insert(path: str, database_url: str, rows_path: str) -> None:
    """The table read by `openpyxl`; then the same rows into the same tables, with their indexes, guards and the log, by
    `executemany` in one transaction."""
    book = openpyxl.load_workbook(path, read_only=True)
    for _ in book.active.iter_rows(min_row=4, values_only=True):
        pass
    mark = "?" if database_url.startswith(SQLITE) else "%s"
    with Path(rows_path).open("rb") as file, _connected(database_url) as connection:
        cursor = connection.cursor()
        while part := _next_part(file):
            table, names, rows = part
            cursor.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join([mark] * len(names))})", rows)
        connection.commit()


def _next_part(file: BinaryIO) -> Any:
    try:
        return pickle.load(file)
    except EOFError:
        return None


@contextmanager
def _connected(database_url: str) -> Iterator[Any]:
    if database_url.startswith(SQLITE):
        with closing(sqlite3.connect(database_url.removeprefix(SQLITE))) as file:
            file.execute("PRAGMA foreign_keys = ON")
            yield file
        return
    with psycopg.connect(database_url.replace("+psycopg", "")) as server:
        yield server


def select_to_csv(database_url: str, path: str) -> None:
    """A select, written row by row."""
    with Path(path).open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(_selected(database_url))


def select_to_xlsx(database_url: str, path: str) -> None:
    """A select, written row by row with XlsxWriter's constant memory."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    for at, row in enumerate(_selected(database_url)):
        for column, cell in enumerate(row):
            if isinstance(cell, int | float):
                sheet.write_number(at, column, cell)
            elif cell is not None:
                sheet.write_string(at, column, str(cell))
    book.close()


def _selected(database_url: str) -> Iterator[tuple[object, ...]]:
    if database_url.startswith(SQLITE):
        connection = sqlite3.connect(database_url.removeprefix(SQLITE))
        yield from connection.execute(EXPORT.format(
            joined_category="group_concat(k.category, '、')", joined_unit="group_concat(o.name, '、')"))
        connection.close()
        return
    query = EXPORT.format(joined_category="string_agg(k.category, '、')", joined_unit="string_agg(o.name, '、')")
    with psycopg.connect(database_url.replace("+psycopg", "")) as server, server.cursor("export") as cursor:
        cursor.itersize = 2000
        yield from cursor.execute(query)  # type: ignore[arg-type]
