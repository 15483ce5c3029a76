"""Tables from files: .xlsx, .csv and .docx, row by row, with memory that does not grow with the file."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO

from tracker.domain.house.errors import Invalid
from tracker.domain.tables.cells import Formula
from tracker.domain.tables.columns import column_of
from tracker.domain.tables.merges import Merged
from tracker.gateways.evidence.file_kinds import is_workbook
from tracker.gateways.tables.docx_in import read_tables
from tracker.gateways.tables.xlsx_in import open_workbook
from tracker.gateways.tables.xlsx_rows import MAX_CELL, MAX_COLUMNS, Hidden

Rows = Iterator[tuple[int, list[object]]]

# Our own .csv export writes one apostrophe before what a spreadsheet would calculate; reading takes exactly one away.
GUARDED = re.compile(r"'+[=+\-@\t\r＝＋－＠]")
_AS_TEXT = re.compile(r'="((?:[^"]|"")*)"')
DOCUMENT_NAME = ".docx"
_DELIMITERS = (",", "\t", ";", "|")


@dataclass(frozen=True)
class InputSheet:
    """One sheet of a file; a .csv file is one sheet without a name. `rows` can be walked once."""

    name: str
    rows: Rows = field(repr=False)
    hidden: Hidden = field(default_factory=Hidden)
    merges: Sequence[Merged] = ()


@dataclass(frozen=True)
class Sheets:
    """The visible sheets of a file, in order; `position` tells how many of its bytes have been read, and how many there are."""

    sheets: Iterator[InputSheet]
    position: Callable[[], tuple[int, int]]
    hidden: Sequence[str] = ()
    hidden_rows: Callable[[str], Rows] = lambda name: iter(())
    unread: Sequence[str] = ()  # what else stands in the file, in sentences

    def __iter__(self) -> Iterator[InputSheet]:
        return self.sheets


@contextmanager
def open_sheets(path: Path) -> Iterator[Sheets]:
    """The sheets of a table file. Raises `Invalid` with a sentence for whatever cannot be read."""
    if path.suffix.lower() == DOCUMENT_NAME and path.is_file():
        tables, unread = read_tables(path)
        found = (InputSheet(name, iter(rows), merges=merges) for name, rows, merges in tables)
        yield Sheets(found, lambda: (0, 0), unread=unread)
    elif is_workbook(path):
        with open_workbook(path) as workbook:
            sheets = (InputSheet(*each) for each in workbook.sheets())
            yield Sheets(sheets, lambda: (workbook.read_bytes, workbook.all_bytes), workbook.hidden, workbook.hidden_rows)
    else:
        size = path.stat().st_size
        with path.open("rb") as raw:
            encoding = _find_encoding(path.name, raw)
            with TextIOWrapper(raw, encoding=encoding, newline="") as text:
                yield Sheets(iter((InputSheet("", _csv_rows(path.name, text)),)), lambda: (raw.tell(), size))


def _find_encoding(name: str, raw: BinaryIO) -> str:
    """UTF-8 (with or without mark), UTF-16 or GB18030: the first that decodes the whole file."""
    start = raw.read(4096)
    candidates: tuple[str, ...] = ("utf-8-sig", "gb18030")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ("utf-16",)
    elif b"\0" in start:
        candidates = tuple(wide for wide in ("utf-16-le", "utf-16-be") if _looks_wide(start, wide))
    for encoding in candidates:
        if _can_decode(raw, encoding):
            return encoding
    if not candidates:
        raise Invalid(f"“{name}”含有空字节，不是文本表；请在 Excel 中另存为 .xlsx 再导入。", field="file")
    raise Invalid(f"“{name}”的文字编码无法识别（试过 UTF-8、UTF-16、GB18030）；请另存为 UTF-8 编码的 .csv 再导入。", field="file")


def _looks_wide(start: bytes, encoding: str) -> bool:
    """UTF-16 without a mark: zeros on one side of the pairs only, and lines cut into cells."""
    wrong_side = start[0::2] if encoding == "utf-16-le" else start[1::2]
    text = start[: len(start) // 2 * 2].decode(encoding, "ignore")
    return b"\0" not in wrong_side and "\n" in text and any(sign in text for sign in _DELIMITERS)


def _can_decode(raw: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    raw.seek(0)
    try:
        while piece := raw.read(1 << 18):
            decoder.decode(piece)
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    finally:
        raw.seek(0)
    return True


def _csv_rows(name: str, text: TextIOWrapper) -> Rows:
    delimiter = _likely_delimiter(text)
    csv.field_size_limit(MAX_CELL)
    rows = csv.reader(_without_nul(name, text), delimiter=delimiter, strict=True)
    row = 0
    try:
        for row, cells in enumerate(rows, 1):
            if len(cells) > MAX_COLUMNS and any(cells[MAX_COLUMNS:]):
                raise Invalid(f"“{name}”第 {row} 行有 {len(cells)} 列，超过可导入的 {MAX_COLUMNS} 列。", field="file")
            if row == 1 and cells and re.fullmatch(r"sep=.?", cells[0], re.IGNORECASE):
                continue
            yield row, [_read_cell(cell) for cell in cells[:MAX_COLUMNS]]
    except csv.Error as error:
        raise Invalid(f"“{name}”第 {row + 1} 行（文件第 {rows.line_num} 行）的引号不成对或单元格过长，无法分列。", field="file") from error


def _without_nul(name: str, text: TextIOWrapper) -> Iterator[str]:
    for number, line in enumerate(text, 1):
        if "\0" in line:
            raise Invalid(f"“{name}”文件第 {number} 行含有空字节，不是正常的文本表；请另存为 .xlsx 再导入。", field="file")
        yield line


def _likely_delimiter(text: TextIOWrapper) -> str:
    """The sign that cuts some line into the most headers that we know; else into the same number of columns most often."""
    lines = [line for _, line in zip(range(30), text, strict=False)]
    text.seek(0)
    if lines and (told := re.fullmatch(r"\ufeff?sep=(.)\s*", lines[0], re.IGNORECASE)):
        return told[1]
    return max(_DELIMITERS, key=lambda sign: _column_fit(lines, sign))


def _column_fit(lines: list[str], delimiter: str) -> tuple[int, int, int]:
    """Headers known in one line, lines with the commonest number of columns, and that number."""
    try:
        rows = [cells for cells in csv.reader(lines, delimiter=delimiter) if cells]
    except csv.Error:
        return 0, 0, 0
    known = max((sum(column_of(cell) is not None for cell in cells) for cells in rows), default=0)
    (width, steady), = Counter(len(cells) for cells in rows).most_common(1) or [(0, 0)]
    return known if width > 1 else 0, steady if width > 1 else 0, width


def _read_cell(cell: str) -> object:
    """Text as it is; without our guard; `="0012"` unwrapped; any other formula marked as one."""
    if not cell:
        return None
    if GUARDED.match(cell):
        return cell[1:]
    if cell[0] == "=" and len(cell) > 1:
        wrapped = _AS_TEXT.fullmatch(cell)
        return wrapped[1].replace('""', '"') if wrapped else Formula(cell)
    return cell
