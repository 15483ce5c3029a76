"""A table of master data as a workbook that comes back: a front page, the rows, and a hidden sheet with the marks of every cell,
by which it is seen later who changed what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from tracker.gateways.tables.sheets_out import OPTIONS

FRONT, MARKS = "说明", "校对"
CODE_LINE, STARS = "表代码", "*＊"  # the front page's line with the table's name; what offices put behind a heading
WIDEST = 60


@dataclass(frozen=True)
class MasterPaper:
    """What goes into the file. `front` are its lines, `marks` have the columns' names in the first row."""

    name: str
    front: tuple[tuple[str, str], ...]
    headers: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    marks: tuple[tuple[str, ...], ...]


def master_workbook(paper: MasterPaper) -> bytes:
    """The workbook. Nothing in it can calculate: every text is written as a text."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, OPTIONS | {"in_memory": True, "constant_memory": False})
    bold = book.add_format({"bold": True, "bg_color": "#E8EEF4", "text_wrap": True, "valign": "vcenter"})
    text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet, front, marks = book.add_worksheet(paper.name), book.add_worksheet(FRONT), book.add_worksheet(MARKS)
    sheet.freeze_panes(1, 1)
    for at, header in enumerate(paper.headers):
        sheet.write_string(0, at, header, bold)
        sheet.set_column(at, at, _width_of(header, [row[at] for row in paper.rows]), text)
    for number, row in enumerate(paper.rows, start=1):
        for at, cell in enumerate(row):
            _write_cell(sheet, number, at, cell, text, day)
    front.set_column(0, 0, 14)
    front.set_column(1, 1, 90)
    for written, lines in ((front, paper.front), (marks, paper.marks)):
        for number, line in enumerate(lines):
            for at, cell in enumerate(line):
                written.write_string(number, at, cell)
    marks.very_hidden()
    book.close()
    return stream.getvalue()


def _write_cell(sheet: Worksheet, row: int, at: int, cell: object, text: object, day: object) -> None:
    if isinstance(cell, date):
        sheet.write_datetime(row, at, cell, day)
    elif isinstance(cell, int) and not isinstance(cell, bool):
        sheet.write_number(row, at, cell)
    elif cell is not None and cell != "":
        sheet.write_string(row, at, str(cell), text)


def _width_of(header: str, cells: Sequence[object]) -> int:
    return min(WIDEST, max([2 * len(header) + 4, *(2 * len(str(cell)) + 2 for cell in cells[:200])]))
