"""The public table of a batch as a workbook: ready to print on paper that lies on its side, and to be read back by our import."""

import io
from math import ceil

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from tracker.domain.reports.batches.sheets import PublicSheet, SheetLayout
from tracker.domain.tables.cells import without_control
from tracker.gateways.house.column_widths import ems
from tracker.gateways.tables.sheets_out import CUT_AT, CUT_MARK

BORDERED: dict[str, object] = {"border": 1, "text_wrap": True, "font_name": "仿宋", "font_size": 10}
CHARACTERS = 0.62  # of a share
LINE_POINTS, HIGHEST = 14, 409
A4, NARROW = 9, 22  # columns of this share or less hold words, and stand in the middle


def write_public_sheet(sheet: PublicSheet) -> bytes:
    """Title, batch, heads that stand on every page, and a row for each case; nothing in it calculates."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet("一览表")
    _set_paper(page)
    _add_titles(book, page, sheet)
    page.set_row(2, 2 * LINE_POINTS + LINE_POINTS / 2)
    heads = book.add_format({**BORDERED, "bold": True, "align": "center", "valign": "vcenter", "font_name": "黑体"})
    cells, narrow = (book.add_format({**BORDERED, "valign": "vcenter", "align": align}) for align in ("left", "center"))
    for at, column in enumerate(sheet.layout.columns):
        page.set_column(at, at, column.share * CHARACTERS)
        page.write_string(2, at, column.head, heads)
    for at, row in enumerate(sheet.rows, start=3):
        page.set_row(at, _height_of(row, sheet.layout))
        for place, text in enumerate(row):
            page.write_string(at, place, _cell_text(text), cells if sheet.layout.columns[place].share > NARROW else narrow)
    page.write_string(len(sheet.rows) + 3, 0, sheet.filled_by, book.add_format({"font_name": "仿宋", "font_size": 10}))
    book.close()
    return out.getvalue()


def _add_titles(book: xlsxwriter.Workbook, page: Worksheet, sheet: PublicSheet) -> None:
    titles = ((sheet.title, 18, "方正小标宋简体", 32), (sheet.batch, 12, "楷体", 20))
    for at, (text, size, font, height) in enumerate(titles):
        page.set_row(at, height)
        page.merge_range(at, 0, at, len(sheet.layout.columns) - 1, text, book.add_format({
            "align": "center", "valign": "vcenter", "font_size": size, "font_name": font}))


def _set_paper(page: Worksheet) -> None:
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.set_margins(0.4, 0.4, 0.5, 0.5)
    page.repeat_rows(2)
    page.set_footer("&C第 &P 页，共 &N 页")


def _height_of(row: tuple[str, ...], layout: SheetLayout) -> float:
    """In points, as high as its longest cell: not every program makes room by itself."""
    lines = (sum(ceil(2 * ems(line) / (column.share * CHARACTERS - 1)) or 1 for line in text.split("\n"))
             for text, column in zip(row, layout.columns, strict=True))
    return min(max(lines) * LINE_POINTS + LINE_POINTS / 2, HIGHEST)


def _cell_text(text: str) -> str:
    text = without_control(text)
    return text if len(text) <= CUT_AT else text[:CUT_AT - len(CUT_MARK)] + CUT_MARK
