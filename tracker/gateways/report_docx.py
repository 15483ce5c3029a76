"""A report as a Word document in the layout of official papers (GB/T 9704): title, number line, body, tables, page number; editable."""

import io
import re
from collections.abc import Sequence

import docx
from docx.document import Document as Doc
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_LINE_SPACING
from docx.section import Section as Page
from docx.shared import Mm, Pt

from tracker.domain.documents import Cell, Chart, Column, Document, Section
from tracker.domain.documents import Table as Sheet
from tracker.gateways.charts import alt_text, chart_png
from tracker.gateways.docx_parts import (
    CENTRE,
    HEAD_FONT,
    PAGE_FONT,
    RIGHT,
    SUBHEAD_FONT,
    TITLE_FONT,
    Table,
    add_field,
    add_line,
    add_table,
    clean,
    saved,
    set_about,
    set_font,
    set_style,
)
from tracker.gateways.report_cells import FIGURE_COLUMNS, cell_text, figure_row, moment_text
from tracker.gateways.report_cells import RIGHT as NUMBERS

# 版心 156 mm × 225 mm; body in 三号, lines 28 points apart, paragraphs begin two characters in.
TOP, BOTTOM, LEFT, RIGHT_EDGE = 37, 35, 28, 26
UPRIGHT_MM, ACROSS_MM = 156, 225
BODY_SIZE, TITLE_SIZE, LINE, PAGE_SIZE, SMALL = 16, 22, 28, 14, 10.5
ACROSS_FROM = 9  # so many columns want the paper on its side
SIZES = ((4, 12.0), (9, 10.5), (99, 9.0))  # up to so many columns on upright paper, type of this size
PICTURE_MM = 115
LEAST_MM = {"case": 30, "date": 23, "rate": 34, "light": 22, "number": 11, "score": 14}
_NUMERALS = "一二三四五六七八九十"
_NUMBERED = re.compile(rf"[{_NUMERALS}]+、")


def write(document: Document) -> bytes:
    """The document. Nothing of this machine or its user is in it."""
    made = docx.Document()
    _set_pages(made, document)
    _head(made, document)
    for at, section in enumerate(document.sections):
        _section(made, section, at)
    _foot(made, document)
    return saved(made)


def numeral(number: int) -> str:
    """一, 二 … 十, 十一 … as heads are numbered; the plain number from 100 on."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else ("" if tens == 1 else _NUMERALS[tens - 1]) + "十") + (_NUMERALS[ones - 1] if ones else "")


def _set_pages(made: Doc, document: Document) -> None:
    page = made.sections[0]
    _lay(page, is_across=False)
    set_style(made, "Normal", "仿宋", BODY_SIZE)
    for name, font in (("Heading 1", HEAD_FONT), ("Heading 2", SUBHEAD_FONT)):
        style = set_style(made, name, font, BODY_SIZE)
        style.font.bold = False
        style.paragraph_format.first_line_indent = Pt(2 * BODY_SIZE)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(8), Pt(4)
    set_about(made, document.title, document.period)
    made.settings.odd_and_even_pages_header_footer = True
    for foot, is_even in ((page.footer, False), (page.even_page_footer, True)):
        line = foot.paragraphs[0]
        line.alignment = None if is_even else RIGHT
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(PAGE_SIZE)
        set_font(line.add_run("— "), PAGE_SIZE, PAGE_FONT)
        add_field(line, "PAGE", PAGE_SIZE, PAGE_FONT)
        set_font(line.add_run(" —"), PAGE_SIZE, PAGE_FONT)


def _lay(page: Page, *, is_across: bool) -> None:
    """A4 with the margins of official papers, upright or on its side."""
    page.orientation = WD_ORIENT.LANDSCAPE if is_across else WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = (Mm(297), Mm(210)) if is_across else (Mm(210), Mm(297))
    page.top_margin, page.bottom_margin = (Mm(LEFT), Mm(RIGHT_EDGE)) if is_across else (Mm(TOP), Mm(BOTTOM))
    page.left_margin, page.right_margin = (Mm(TOP), Mm(BOTTOM)) if is_across else (Mm(LEFT), Mm(RIGHT_EDGE))


def _head(made: Doc, document: Document) -> None:
    add_line(made, document.title, TITLE_SIZE, TITLE_FONT, CENTRE)
    if document.subtitle:
        add_line(made, document.subtitle, BODY_SIZE, SUBHEAD_FONT, CENTRE)
    add_line(made, f"期号 {document.period}　统计截至 {moment_text(document.as_of)}", 12, place=CENTRE).paragraph_format.space_after = Pt(LINE / 2)


def _section(made: Doc, section: Section, at: int) -> None:
    heading = section.heading if _NUMBERED.match(section.heading) else f"{numeral(at + 1)}、{section.heading}"
    made.add_heading(clean(heading), 1)
    for text in section.paragraphs:
        _body(made, text)
    if section.figures:
        _table(made, FIGURE_COLUMNS, [figure_row(figure) for figure in section.figures], ())
    for chart in section.charts:
        _picture(made, chart)
    is_numbered = len(section.tables) > 1
    for place, sheet in enumerate(section.tables, start=1):
        _sheet(made, sheet, f"（{numeral(place)}）" if is_numbered else "")


def _sheet(made: Doc, sheet: Sheet, number: str) -> None:
    """A titled table; a wide one on a page of its own, on its side."""
    is_across = len(sheet.columns) >= ACROSS_FROM
    if is_across:
        _lay(made.add_section(WD_SECTION.NEW_PAGE), is_across=True)
    made.add_heading(clean(f"{number}{sheet.title}"), 2)
    if sheet.rows:
        _table(made, sheet.columns, sheet.rows, sheet.total, ACROSS_MM if is_across else UPRIGHT_MM)
    else:
        _body(made, "无。")
    if sheet.note:
        add_line(made, f"注：{sheet.note}", SMALL)
    if is_across:
        _lay(made.add_section(WD_SECTION.NEW_PAGE), is_across=False)


def _table(made: Doc, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], total: Sequence[Cell], width: int = UPRIGHT_MM) -> None:
    lines = [*rows, total] if total else rows
    texts = tuple(tuple(cell_text(cell, column) for cell, column in zip(row, columns, strict=True)) for row in lines)
    size = next(size for most, size in SIZES if len(columns) * UPRIGHT_MM <= most * width)
    right = frozenset(at for at, column in enumerate(columns) if column.kind in NUMBERS)
    add_table(made, Table(tuple(column.head for column in columns), _widths(columns, width), texts, size, right, 1 if total else 0))
    made.add_paragraph().paragraph_format.space_after = Pt(0)


def _widths(columns: Sequence[Column], width: int) -> tuple[int, ...]:
    """Millimetres: each column what its kind cannot do without, the rest by their shares; the last takes what rounding left over."""
    least = [LEAST_MM.get(column.kind, 12) for column in columns]
    spare, shares = max(width - sum(least), 0), [max(column.width, 4) if column.kind in ("text", "private") else 1 for column in columns]
    found = [round(base * min(1, width / sum(least)) + share * spare / sum(shares)) for base, share in zip(least, shares, strict=True)]
    return (*found[:-1], width - sum(found[:-1]))


def _picture(made: Doc, chart: Chart) -> None:
    title = add_line(made, chart.title, 12, HEAD_FONT, CENTRE)
    title.paragraph_format.keep_with_next = True
    line = made.add_paragraph()
    line.alignment = CENTRE
    shape = line.add_run().add_picture(io.BytesIO(chart_png(chart)), width=Mm(PICTURE_MM))
    shape._inline.docPr.set("descr", alt_text(chart))


def _body(made: Doc, text: str) -> None:
    line = add_line(made, text, BODY_SIZE)
    line.paragraph_format.first_line_indent = Pt(2 * BODY_SIZE)
    line.paragraph_format.line_spacing_rule, line.paragraph_format.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE)
    line.paragraph_format.space_after = Pt(0)


def _foot(made: Doc, document: Document) -> None:
    """What the numbers rest on, and the hash that proves them."""
    for text in document.foot:
        add_line(made, text, SMALL)
    add_line(made, f"文档指纹（SHA-256）：{document.digest()}", SMALL)
