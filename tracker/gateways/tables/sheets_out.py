"""Tables to files, row by row: the case register as .xlsx or .csv, and the workbook that tells which rows are wrong.

A file appears under its name only when it is complete; nothing is capped, and nothing in it can calculate.
"""

import csv
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tracker.domain.house.errors import Invalid
from tracker.domain.tables.cells import without_control
from tracker.domain.tables.layouts import trailer_line

SHEET_ROWS = 1_048_576
LONGEST_CELL = 32_767
CUT_AT, CUT_MARK = 32_700, "…〔全文见案件页〕"
MOST_CUT_NAMED = 20
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
           "nan_inf_to_errors": True}
Cell = str | int | float | date | datetime | None

# What a spreadsheet would take for a formula when it opens a .csv, and what already looks guarded.
_CALCULATES = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
BOM = "\ufeff"
SEAM = "︙"  # between the cells of a row that is looked through; a text that holds it is only looked at twice
_CALCULATES_IN_ROW = re.compile(SEAM + "['=+\\-@＝＋－＠]")


@dataclass(frozen=True)
class About:
    """What a register says about itself."""

    title: str
    as_of: str
    filters: str
    notes: tuple[str, ...] = ()
    sheet: str = "案件"


class TableWriter(Protocol):
    """Takes rows until it is closed."""

    count: int

    def write(self, cells: Sequence[Cell]) -> None:
        """The next row."""

    def close(self) -> None:
        """Finish the file."""

    def discard(self) -> None:
        """Give up and leave nothing behind."""


@contextmanager
def open_register(path: Path, headers: Sequence[str], about: About, *, sheet_rows: int = SHEET_ROWS) -> Iterator[TableWriter]:
    """A writer for the case register, .xlsx or .csv by its name. The file replaces an older one only when all went well."""
    kind = path.suffix.lower()
    if kind not in (".xlsx", ".csv"):
        raise Invalid(f"导出文件须以 .xlsx 或 .csv 结尾，“{path.name}”不是。", field="to")
    with _complete_or_absent(path) as draft:
        writer: TableWriter = _Csv(draft, headers, about) if kind == ".csv" else _Xlsx(draft, headers, about, sheet_rows)
        with _closed_or_discarded(writer):
            yield writer


@contextmanager
def _complete_or_absent(path: Path) -> Iterator[Path]:
    """A draft beside the path that takes its name at the end, and vanishes when anything went wrong."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield draft
        draft.replace(path)
    except (OSError, FileCreateError) as error:
        raise Invalid(f"无法写入“{path}”：{getattr(error, 'strerror', None) or '目录不存在或没有权限'}。", field="to") from error
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _closed_or_discarded(writer: "TableWriter | RowErrorWriter") -> Iterator[None]:
    try:
        yield
        writer.close()
    except BaseException:
        writer.discard()
        raise


class _Csv:
    """UTF-8 with a mark, so that Excel reads it; a last line that tells how many rows there were, and when."""

    def __init__(self, path: Path, headers: Sequence[str], about: About) -> None:
        self.count = 0
        self._about = about
        self._file = path.open("w", encoding="utf-8", newline="")
        self._file.write(BOM)  # by hand: the codec that writes it is Python's own and slow
        self._rows = csv.writer(self._file)
        self._rows.writerow(headers)

    def write(self, cells: Sequence[Cell]) -> None:
        """Looked through as one text: most rows hold nothing that has to be guarded."""
        told = SEAM + SEAM.join([cell for cell in cells if cell.__class__ is str])
        is_plain = told.isprintable() and _CALCULATES_IN_ROW.search(told) is None
        self._rows.writerow(cells if is_plain else [_guard_text(cell) if isinstance(cell, str) else cell for cell in cells])
        self.count += 1

    def close(self) -> None:
        self._rows.writerow([trailer_line(self.count, self._about.as_of, self._about.filters)])
        self._file.close()

    def discard(self) -> None:
        self._file.close()


class _Xlsx:
    """First a sheet that says what this is, then as many sheets of rows as Excel's limit makes necessary."""

    def __init__(self, path: Path, headers: Sequence[str], about: About, sheet_rows: int) -> None:
        self.count = 0
        self._about, self._headers, self._sheet_rows = about, headers, sheet_rows
        self._book = _Book(path)
        self._front = self._book.book.add_worksheet("说明")
        self._sheets: list[Worksheet] = []
        self._cut: list[str] = []
        self._row = sheet_rows

    def write(self, cells: Sequence[Cell]) -> None:
        if self._row >= self._sheet_rows:
            self._next_sheet()
        self._book.row(self._sheets[-1], self._row, cells, self._headers)
        if self._book.cut:
            self._cut += [f"{cells[0]}“{header}”" for _, header in self._book.cut]
            self._book.cut.clear()
        self._row += 1
        self.count += 1

    def close(self) -> None:
        if not self._sheets:
            self._next_sheet()
        self._sheets[-1].autofilter(0, 0, max(self._row - 1, 0), len(self._headers) - 1)
        about = self._about
        lines = [("名称", about.title), ("截至", about.as_of), ("行数", self.count), ("工作表数", len(self._sheets)),
                 ("筛选", about.filters or "无"), *(("备注", note) for note in (*about.notes, *self._cut_notes()))]
        self._front.set_column(0, 0, 12)
        self._front.set_column(1, 1, 80)
        for at, line in enumerate(lines):
            self._book.row(self._front, at, line, ("", "说明"))
        self._book.close()

    def discard(self) -> None:
        self._book.discard()

    def _cut_notes(self) -> Iterator[str]:
        """Which texts do not stand here whole."""
        if self._cut:
            more = f"等 {len(self._cut)} 处" if len(self._cut) > MOST_CUT_NAMED else ""
            yield f"超过 Excel 一格的上限、在此截短的文字：{'、'.join(self._cut[:MOST_CUT_NAMED])}{more}；全文见案件页或 .csv"

    def _next_sheet(self) -> None:
        number = len(self._sheets) + 1
        sheet = self._book.book.add_worksheet(self._about.sheet if number == 1 else f"{self._about.sheet}({number})")
        sheet.freeze_panes(1, 1)
        for at, header in enumerate(self._headers):
            sheet.set_column(at, at, 40 if header in WIDE else max(12, 2 * len(header) + 4))
            sheet.write_string(0, at, header, self._book.bold)
        self._sheets.append(sheet)
        self._row = 1


WIDE = frozenset({"标题", "问题描述", "调查核实情况", "处理和整改情况", "办结目标"})


class _Book:
    """An XlsxWriter workbook with the few formats that tables need, and one way to write a row."""

    def __init__(self, path: Path) -> None:
        self._folder = TemporaryDirectory(prefix="xiaohao-")
        self.cut: list[tuple[int, str]] = []  # rows and headers of the texts that were too long for a cell
        self.book = xlsxwriter.Workbook(str(path), OPTIONS | {"tmpdir": self._folder.name})
        self.book.use_zip64()
        self.bold: Format = self.book.add_format({"bold": True, "bg_color": "#E8EEF4", "text_wrap": True, "valign": "vcenter"})
        self._date: Format = self.book.add_format({"num_format": "yyyy-mm-dd"})
        self._instant: Format = self.book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.bad: Format = self.book.add_format({"bg_color": "#FDE2E0"})
        self._bad_date: Format = self.book.add_format({"num_format": "yyyy-mm-dd", "bg_color": "#FDE2E0"})
        self._bad_instant: Format = self.book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "bg_color": "#FDE2E0"})

    def row(self, sheet: Worksheet, row: int, cells: Sequence[object], headers: Sequence[str], *, is_bad: bool = False) -> None:
        """One row: dates as dates, numbers as numbers, everything else as text."""
        for at, cell in enumerate(cells):
            if isinstance(cell, datetime):
                sheet.write_datetime(row, at, cell, self._bad_instant if is_bad else self._instant)
            elif isinstance(cell, date):
                sheet.write_datetime(row, at, cell, self._bad_date if is_bad else self._date)
            elif isinstance(cell, int | float) and not isinstance(cell, bool):
                sheet.write_number(row, at, cell, self.bad if is_bad else None)
            elif cell is not None and cell != "":
                self._write_text(sheet, row, at, without_control(str(cell)), headers[at] if at < len(headers) else "", is_bad)

    def _write_text(self, sheet: Worksheet, row: int, at: int, text: str, header: str, is_bad: bool) -> None:
        if len(text) > CUT_AT // 2 and len(text.encode("utf-16-le")) > 2 * LONGEST_CELL:
            text = text.encode("utf-16-le")[:2 * CUT_AT].decode("utf-16-le", "ignore") + CUT_MARK
            self.cut.append((row, header))
        sheet.write_string(row, at, text, self.bad if is_bad else None)

    def close(self) -> None:
        """Write everything to the file."""
        self.book.close()
        self._folder.cleanup()

    def discard(self) -> None:
        """Give up: XlsxWriter would leave its rows behind in the temporary folder."""
        for sheet in self.book.worksheets():
            sheet.row_data_fh.close()
        self.book.fileclosed = True
        self._folder.cleanup()


class RowErrorWriter:
    """The table as it came, with a column 原因 after its last one; bad rows are coloured and say what is wrong."""

    def __init__(self, path: Path) -> None:
        self._book = _Book(path)
        self._sheet: Worksheet | None = None
        self._at = self._column = 0

    def sheet(self, name: str, width: int) -> None:
        """Begin the next sheet; `width` is how many columns its table has."""
        taken = {each.get_name() for each in self._book.book.worksheets()}
        wanted = re.sub(r"[\[\]:*?/\\']", " ", name)[:31].strip() or "导入结果"
        self._sheet = self._book.book.add_worksheet(wanted if wanted not in taken else None)
        self._column, self._at = width, 0
        self._sheet.set_column(width, width, 60)

    def write(self, row: int, cells: Sequence[object], reason: str = "", *, is_header: bool = False) -> None:
        """One row at the place it had. `row` counts from 1."""
        assert self._sheet is not None
        shown = [str(cell)[:LONGEST_CELL // 2] if isinstance(cell, str) else cell for cell in cells[: self._column]]
        self._book.row(self._sheet, row - 1, shown, (), is_bad=bool(reason))
        if is_header:
            self._sheet.write_string(row - 1, self._column, "原因", self._book.bold)
        elif reason:
            self._sheet.write_string(row - 1, self._column, reason[: LONGEST_CELL // 2], self._book.bad)

    def close(self) -> None:
        """Finish the workbook."""
        self._book.close()

    def discard(self) -> None:
        """Give up and leave nothing behind."""
        self._book.discard()


@contextmanager
def open_row_errors(path: Path) -> Iterator[RowErrorWriter]:
    """A writer for the row-error workbook, which must be called .xlsx."""
    if path.suffix.lower() != ".xlsx":
        raise Invalid(f"错误清单须以 .xlsx 结尾，“{path.name}”不是。", field="errors")
    with _complete_or_absent(path) as draft:
        writer = RowErrorWriter(draft)
        with _closed_or_discarded(writer):
            yield writer


def _guard_text(text: str) -> str:
    """Text that no spreadsheet takes for a formula; reading takes the apostrophe away again."""
    text = without_control(text)
    return "'" + text if _CALCULATES.match(text) else text
