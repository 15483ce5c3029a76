"""A report as a workbook: first its one list, where it has one, and a sheet that says what this is and what the sections without
numbers say, then the numbers of each section and every table on its own sheet.

Case numbers are text, nothing can calculate, and beside every rate in words stands its percentage as a number.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter
from PIL import Image
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tracker.domain.reports.counting import Rate
from tracker.domain.reports.document import Cell, Column, Document, PaperPart, Section, Table, value_text
from tracker.domain.tables.cells import without_control
from tracker.gateways.house.charts import PIXELS, alt_text, chart_png
from tracker.gateways.house.printed_cells import FIGURE_COLUMNS, RIGHT, cell_text, figure_row, is_day, moment_text, score_of
from tracker.gateways.tables.sheets_out import OPTIONS

# the rows are 20 pixels high, and three of them stand around the picture
PICTURE_WIDTH, PICTURE_HEIGHT, PICTURE_ROWS = 560, 460, 26
PERCENT = "（%）"
LINE_POINTS, HIGHEST_ROW = 15, 400
LANDSCAPE_FROM = 6
WIDE_FROM = 0x2000  # signs from here on are as wide as two digits
FRONT_WIDTHS, PERCENT_WIDTH = (24, 80), 10
_LEAST = {"date": 12, "case": 15, "rate": 18}
# so that a number does not touch the words beside it
_INSET: dict[str, object] = {"valign": "top", "align": "right", "indent": 1}
_FORMATS: dict[str, dict[str, object]] = {
    "title": {"bold": True, "font_size": 16}, "head": {"bold": True, "bg_color": "#E8EEF4", "text_wrap": True,
                                                       "valign": "vcenter", "border": 1,
                                                      "border_color": "#C9D3DA"},
    "text": {"text_wrap": True, "valign": "top"}, "number": {"num_format": "0", **_INSET},
    "score": {"num_format": "0.00##", **_INSET},
    "percent": {"num_format": "0.0", **_INSET}, "date": {"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"},
    "count": {"num_format": "0", "align": "left"}, "right": _INSET,
    "bold": {"bold": True, "valign": "top"}, "muted": {"font_color": "#56626C", "text_wrap": True, "valign": "top"},
}


def write(document: Document) -> bytes:
    """The workbook; equal documents give equal bytes."""
    out = io.BytesIO()
    with TemporaryDirectory(prefix="xiaohao-") as folder:
        book = xlsxwriter.Workbook(out, OPTIONS | {"tmpdir": folder})
        book.set_properties({"title": document.title, "subject": document.subtitle, "author": "",
                             "created": datetime(2000, 1, 1)})  # noqa: DTZ001
        _Report(book, document, Path(folder)).write()
        book.close()
    return out.getvalue()


@dataclass
class _Report:
    """One workbook in the making. The rows of a sheet are written from the top down, as the streaming writer wants them."""

    book: xlsxwriter.Workbook
    document: Document
    folder: Path
    formats: dict[str, Format] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)

    def write(self) -> None:
        self.formats = {name: self.book.add_format(said) for name, said in _FORMATS.items()}
        lists = [section for section in self.document.sections if section.part is PaperPart.list]
        counted = [(self._write_table(table), len(table.rows)) for section in lists for table in section.tables]
        front = self._add_sheet("说明", ())
        for section in self.document.sections:
            if _has_numbers(section):
                counted.append((self._write_section(section), len(section.figures)))
            if section not in lists:
                counted += [(self._write_table(table), len(table.rows)) for table in section.tables]
        self._write_front(front, counted)

    def _write_front(self, sheet: Worksheet, counted: Sequence[tuple[str, int]]) -> None:
        """What it is, then what each rate and figure means, then how many rows each sheet must have."""
        said = self.document
        sheet.set_column(0, 0, FRONT_WIDTHS[0])
        sheet.set_column(1, 1, FRONT_WIDTHS[1])
        sheet.write_string(0, 0, without_control(said.title), self.formats["title"])
        about = [("副标题", said.subtitle), ("期号", said.period), ("区划", said.area_code), ("统计截至", moment_text(said.as_of)),
                 ("文档指纹（SHA-256）", said.digest()), *(("备注", line) for line in said.foot), ("", "")]
        row = self._write_pairs(sheet, 1, [*about, *_section_sentences(said), ("指标", "定义"), *_found_definitions(said), ("", ""),
                                           ("工作表", "行数")])
        for name, count in counted:
            sheet.write_string(row, 0, name)
            sheet.write_number(row, 1, count, self.formats["count"])
            row += 1

    def _write_pairs(self, sheet: Worksheet, row: int, lines: Sequence[tuple[str, str]]) -> int:
        """A name and what is said under it on each row; the first row after them."""
        for name, value in lines:
            high = max(_line_count(name, FRONT_WIDTHS[0]), _line_count(value, FRONT_WIDTHS[1]))
            if high > 1:
                sheet.set_row(row, min(LINE_POINTS * high, HIGHEST_ROW))
            sheet.write_string(row, 0, without_control(name), self.formats["bold"])
            sheet.write_string(row, 1, without_control(value), self.formats["text"])
            row += 1
        return row

    def _write_sentence(self, sheet: Worksheet, row: int, text: str, columns: Sequence[Column]) -> None:
        """A sentence over the whole width of the table, wrapped, so that it does not make the printed page wider."""
        sheet.merge_range(row, 0, row, max(_sheet_width(columns) - 1, 1), "", self.formats["muted"])
        sheet.write_string(row, 0, without_control(text), self.formats["muted"])
        wide = sum(sum(_digit_widths(column)) for column in columns)
        sheet.set_row(row, min(LINE_POINTS * _line_count(text, wide), HIGHEST_ROW))

    def _write_section(self, section: Section) -> str:
        """Paragraphs, figures and pictures of a section."""
        sheet, row = self._add_sheet(section.heading, FIGURE_COLUMNS), 0
        sheet.write_string(row, 0, without_control(section.heading), self.formats["title"])
        row += 1
        for text in section.paragraphs:
            self._write_sentence(sheet, row, text, FIGURE_COLUMNS)
            row += 1
        if section.figures:
            row = self._write_rows(sheet, row, FIGURE_COLUMNS, [figure_row(figure) for figure in section.figures])
        for chart in section.charts:
            content = chart_png(chart)
            scale = min(PICTURE_WIDTH / PIXELS, PICTURE_HEIGHT / Image.open(io.BytesIO(content)).height)
            picture = {"image_data": io.BytesIO(content), "description": alt_text(chart), "object_position": 1, "x_scale": scale,
                       "y_scale": scale}
            sheet.write_string(row + 1, 0, without_control(chart.title), self.formats["bold"])
            sheet.insert_image(row + 2, 0, f"chart{row}.png", picture)
            row += PICTURE_ROWS
        return str(sheet.get_name())

    def _write_table(self, table: Table) -> str:
        """Heads in the first row, so that the sheet can be filtered and pasted; what is said about it below."""
        sheet = self._add_sheet(table.title, table.columns)
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        row = self._write_rows(sheet, 0, table.columns, table.rows)
        if table.rows:
            sheet.autofilter(0, 0, row - 1, _sheet_width(table.columns) - 1)
        if table.total:
            self._write_row(sheet, row, table.columns, table.total)
            row += 1
        if table.note:
            self._write_sentence(sheet, row + 1, table.note, table.columns)
        return str(sheet.get_name())

    def _write_rows(self, sheet: Worksheet, row: int, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> int:
        for at, head in enumerate(_column_heads(columns)):
            sheet.write_string(row, at, without_control(head), self.formats["head"])
        for cells in rows:
            row += 1
            self._write_row(sheet, row, columns, cells)
        return row + 1

    def _write_row(self, sheet: Worksheet, row: int, columns: Sequence[Column], cells: Sequence[Cell]) -> None:
        at, lines = 0, max((_line_count(cell_text(cell, column), _digit_width(column))
                            for cell, column in zip(cells, columns, strict=True)), default=1)
        if lines > 1:  # not every program makes room for what is wrapped
            sheet.set_row(row, min(LINE_POINTS * lines, HIGHEST_ROW))
        for cell, column in zip(cells, columns, strict=True):
            self._write_cell(sheet, row, at, cell, column)
            if column.kind == "rate":
                at += 1
                percent = cell.percent() if isinstance(cell, Rate) else None
                if percent is not None:
                    sheet.write_number(row, at, float(percent), self.formats["percent"])
            at += 1

    def _write_cell(self, sheet: Worksheet, row: int, at: int, cell: Cell, column: Column) -> None:
        score = score_of(cell) if column.kind == "score" else None
        if isinstance(cell, int):
            sheet.write_number(row, at, cell, self.formats["number"])
        elif score is not None:
            sheet.write_number(row, at, score, self.formats["score"])
        elif column.kind == "date" and is_day(cell):
            sheet.write_datetime(row, at, date.fromisoformat(str(cell)), self.formats["date"])
        else:
            said = without_control(cell_text(cell, column))
            sheet.write_string(row, at, said, self.formats["right" if column.kind in RIGHT else "text"])

    def _add_sheet(self, title: str, columns: Sequence[Column]) -> Worksheet:
        """A new sheet under a name that no other has, set up for printing on A4."""
        bare = re.sub(r"[\[\]:*?/\\']", " ", without_control(title)).strip()[:26] or "表"
        name, number = bare, 1
        while name in self.names:
            number += 1
            name = f"{bare}({number})"
        self.names.append(name)
        sheet: Worksheet = self.book.add_worksheet(name)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5)
        sheet.set_footer("&C&P / &N")
        if _sheet_width(columns) >= LANDSCAPE_FROM:
            sheet.set_landscape()
        at = 0
        for column in columns:
            for each in _digit_widths(column):
                sheet.set_column(at, at, each)
                at += 1
        return sheet


def _digit_width(column: Column) -> int:
    """How wide a column stands, in digits."""
    return min(max(column.width, 2 * len(column.head) + 2, _LEAST.get(column.kind, 8)), 60)


def _digit_widths(column: Column) -> tuple[int, ...]:
    """The width of a column, and of the one with the percentage beside a rate."""
    return (_digit_width(column), PERCENT_WIDTH) if column.kind == "rate" else (_digit_width(column),)


def _line_count(text: str, wide: float) -> int:
    """How many lines a text takes in a width of so many digits, a Chinese character being two digits wide."""
    return sum(max(1, ceil(sum(2 if ord(sign) > WIDE_FROM else 1 for sign in line) / wide))
               for line in (text.splitlines() or [""]))


def _has_numbers(section: Section) -> bool:
    """Whether a section fills a sheet beside those of its tables; mere sentences stand together on the first."""
    return bool(section.figures or section.charts)


def _section_sentences(document: Document) -> list[tuple[str, str]]:
    """What the sections without figures and charts say, each sentence under its heading."""
    said = [("" if at else section.heading, text) for section in document.sections if not _has_numbers(section)
            for at, text in enumerate(section.paragraphs)]
    return [*said, ("", "")] if said else []


def _column_heads(columns: Sequence[Column]) -> list[str]:
    return [head for column in columns for head in ((column.head, column.head + PERCENT) if column.kind == "rate"
                                                    else (column.head,))]


def _sheet_width(columns: Sequence[Column]) -> int:
    return len(_column_heads(columns))


def _found_definitions(document: Document) -> list[tuple[str, str]]:
    """Every figure and rate with what it counts, each once."""
    found: dict[str, str] = {}
    for section in document.sections:
        for figure in section.figures:
            found.setdefault(figure.word, figure.definition or value_text(None))
        for table in section.tables:
            for row in (*table.rows, table.total):
                found |= {column.head: cell.definition for cell, column in zip(row, table.columns, strict=False)
                          if isinstance(cell, Rate) and cell.definition}
    return list(found.items())
