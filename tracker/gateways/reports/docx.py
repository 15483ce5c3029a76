"""A report as a Word document in the layout of official papers (GB/T 9704): title, number line, body, tables, page number;
editable."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import docx
from docx.document import Document as Doc
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_LINE_SPACING
from docx.section import Section as Page
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from docx.text.parfmt import ParagraphFormat

from tracker.domain.reports.document import Cell, Chart, Column, Document, Section
from tracker.domain.reports.document import Table as Sheet
from tracker.domain.territory.offices import Office
from tracker.gateways.house.charts import alt_text, chart_png
from tracker.gateways.house.column_widths import MM_PER_POINT, ems, fits, needs, shared
from tracker.gateways.house.printed_cells import RIGHT as NUMBERS
from tracker.gateways.house.printed_cells import cell_text, day_text, figure_table, moment_text
from tracker.gateways.reports.docx_parts import (
    CENTRE,
    HEAD_FONT,
    PAGE_FONT,
    RIGHT,
    SUBHEAD_FONT,
    TITLE_FONT,
    PrintedTable,
    add_field,
    add_line,
    add_table,
    clean,
    saved,
    set_about,
    set_font,
    set_style,
)

# 版心 156 mm × 225 mm; body in 三号, lines 28 points apart, paragraphs begin two characters in.
TOP, BOTTOM, LEFT, RIGHT_EDGE = 37, 35, 28, 26
UPRIGHT_MM, ACROSS_MM = 156, 225
BODY_SIZE, TITLE_SIZE, SUBTITLE_SIZE, LINE, PAGE_SIZE, SMALL = 16, 22, 14, 28, 14, 10.5
PICTURE_MM, TALLEST_MM = 115, 130
LAST_ROWS = 2  # as many rows of a table go with its note to the next page
_NUMERALS = "一二三四五六七八九十"
_PERIOD = re.compile(r"(?<=.)（?\d{4}年")
_NUMBERED = re.compile(rf"[{_NUMERALS}]+、")


@dataclass(frozen=True, slots=True)
class TableSetting:
    """A way to set a table: the width of the text, the size of the type, and up to how many columns it is thought of."""

    width: int
    size: float
    most_columns: int = 99

    @property
    def is_across(self) -> bool:
        """Whether the paper lies on its side."""
        return self.width == ACROSS_MM


@dataclass(frozen=True, slots=True)
class Laid:
    """A table with the widths of its columns, and which way its paper lies."""

    table: PrintedTable
    is_across: bool


PAPERS = (TableSetting(UPRIGHT_MM, 12, 4), TableSetting(UPRIGHT_MM, 10.5), TableSetting(UPRIGHT_MM, 9),
          TableSetting(ACROSS_MM, 10.5), TableSetting(ACROSS_MM, 9), TableSetting(ACROSS_MM, 8))


def write(document: Document, issued_on: date | None = None, office: Office | None = None) -> bytes:
    """The document, signed by its office and dated where it has been issued. Nothing of this machine or its user is in it."""
    made = docx.Document()
    _set_pages(made, document)
    _add_title_lines(made, document)
    if office is not None and office.addressees:
        add_line(made, f"{office.addressees}：", BODY_SIZE)
    for at, section in enumerate(document.sections):
        _add_report_section(made, section, at)
    if issued_on is not None:
        _add_issue_date(made, issued_on, office)
    _add_foot(made, document)
    if issued_on is not None and office is not None and office.has_imprint:
        _add_imprint(made, issued_on, office)
    return saved(made)


def number_of(period: str) -> str:
    """The number of a periodic paper as an office writes it: 2026年第47期 for a week; a day is its own number."""
    year, _, rest = period.partition("-")
    return f"{year}年第{int(rest.lstrip('WQ'))}期" if rest and "-" not in rest else f"{year}年度" if not rest else day_text(period)


def numeral(number: int) -> str:
    """一, 二 … 十, 十一 … as heads are numbered; the plain number from 100 on."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else ("" if tens == 1 else _NUMERALS[tens - 1]) + "十") + (_NUMERALS[ones - 1] if ones else "")


def _set_pages(made: Doc, document: Document) -> None:
    page = made.sections[0]
    _lay_page(page, is_across=False)
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


def _lay_page(page: Page, *, is_across: bool) -> None:
    """A4 with the margins of official papers, upright or on its side."""
    page.orientation = WD_ORIENT.LANDSCAPE if is_across else WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = (Mm(297), Mm(210)) if is_across else (Mm(210), Mm(297))
    page.top_margin, page.bottom_margin = (Mm(LEFT), Mm(RIGHT_EDGE)) if is_across else (Mm(TOP), Mm(BOTTOM))
    page.left_margin, page.right_margin = (Mm(TOP), Mm(BOTTOM)) if is_across else (Mm(LEFT), Mm(RIGHT_EDGE))


def _add_title_lines(made: Doc, document: Document) -> None:
    title = document.title
    if ems(title) * TITLE_SIZE * MM_PER_POINT > UPRIGHT_MM:  # the period goes to a line of its own, whole
        title = _PERIOD.sub(r"\n\g<0>", title, count=1)
    add_line(made, title, TITLE_SIZE, TITLE_FONT, CENTRE)
    if document.subtitle:
        add_line(made, document.subtitle, SUBTITLE_SIZE, SUBHEAD_FONT, CENTRE)
    add_line(made, f"{number_of(document.period)}　统计截至 {moment_text(document.as_of)}", 12,
             place=CENTRE).paragraph_format.space_after = Pt(LINE / 2)


def _add_report_section(made: Doc, section: Section, at: int) -> None:
    """A headed part; one that is only words and wide tables stands as a whole on paper that lies on its side."""
    sheets = [(table, _lay_out_table(table.columns, table.rows, table.total)) for table in section.tables]
    is_across = bool(sheets) and not section.figures and not section.charts and all(laid.is_across for _, laid in sheets)
    _turn_paper(made, is_across=is_across)
    heading = section.heading if _NUMBERED.match(section.heading) else f"{numeral(at + 1)}、{section.heading}"
    made.add_heading(clean(heading), 1)
    for text in ("无。",) if section.is_bare else section.paragraphs:
        _add_body_text(made, text)
    if section.figures:
        _add_laid_table(made, _lay_out_table(*figure_table(section.figures), is_upright=True))
    for chart in section.charts:
        _add_chart(made, chart)
    for place, (sheet, laid) in enumerate(sheets, start=1):
        is_said = len(sheets) == 1 and heading.endswith(f"、{sheet.title}")
        _add_sheet(made, sheet, laid, "" if is_said else f"（{numeral(place)}）{sheet.title}" if len(sheets) > 1 else sheet.title)


def _add_sheet(made: Doc, sheet: Sheet, laid: Laid, title: str) -> None:
    """A titled table on the paper that it needs."""
    _turn_paper(made, is_across=laid.is_across)
    if title:
        made.add_heading(clean(title), 2)
    if sheet.rows:
        _add_laid_table(made, laid, sheet.note)
    else:
        _add_body_text(made, "无。")
        if sheet.note:
            _add_note(made, sheet.note)


def _turn_paper(made: Doc, *, is_across: bool) -> None:
    """A new page where the paper has to be turned, none where it lies right."""
    if (made.sections[-1].orientation == WD_ORIENT.LANDSCAPE) is not is_across:
        _lay_page(made.add_section(WD_SECTION.NEW_PAGE), is_across=is_across)
        ends = Paragraph(made.element.body.xpath("./w:p[w:pPr/w:sectPr]")[-1], made._body).paragraph_format
        # or a table that fills its page would be followed by an empty one
        ends.space_before = ends.space_after = ends.line_spacing = Pt(1)


def _lay_out_table(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], total: Sequence[Cell] = (), *,
                   is_upright: bool = False) -> Laid:
    """The table in the largest type and on the smallest paper in which it reads well."""
    lines, heads = [*rows, total] if total else rows, tuple(column.head for column in columns)
    texts = tuple(tuple(cell_text(cell, column) for cell, column in zip(row, columns, strict=True)) for row in lines)
    papers = [each for each in PAPERS if len(columns) <= each.most_columns and not (is_upright and each.is_across)]
    found = [(each, needs(texts, heads, each.size)) for each in papers]
    paper, need = next(((each, need) for each, need in found if fits(need, each.width)), found[-1])
    right = frozenset(at for at, column in enumerate(columns) if column.kind in NUMBERS)
    return Laid(PrintedTable(heads, shared(need, paper.width), texts, paper.size, right, 1 if total else 0), paper.is_across)


def _add_laid_table(made: Doc, laid: Laid, note: str = "") -> None:
    """The table, and right below it what is said about it, which never stands on a page without a row."""
    before = made.paragraphs[-1].paragraph_format
    before.space_after, before.keep_with_next = Pt(6), True
    add_table(made, replace(laid.table, kept=LAST_ROWS if note else 0))
    if note:
        _add_note(made, note).space_after = Pt(LINE / 2)
    else:
        made.add_paragraph().paragraph_format.space_after = Pt(0)


def _add_note(made: Doc, note: str) -> ParagraphFormat:
    """The small print of a table, whole on one page."""
    line: ParagraphFormat = add_line(made, f"注：{note}", SMALL).paragraph_format
    line.space_before, line.keep_together = Pt(4), True
    return line


def _add_chart(made: Doc, chart: Chart) -> None:
    title = add_line(made, chart.title, 12, HEAD_FONT, CENTRE)
    title.paragraph_format.keep_with_next = True
    line = made.add_paragraph()
    line.alignment = CENTRE
    shape = line.add_run().add_picture(io.BytesIO(chart_png(chart)), width=Mm(PICTURE_MM))
    if shape.height > Mm(TALLEST_MM):
        shape.width, shape.height = round(shape.width * Mm(TALLEST_MM) / shape.height), Mm(TALLEST_MM)
    shape._inline.docPr.set("descr", alt_text(chart))


def _add_body_text(made: Doc, text: str) -> None:
    line = add_line(made, text, BODY_SIZE)
    line.paragraph_format.first_line_indent = Pt(2 * BODY_SIZE)
    line.paragraph_format.line_spacing_rule, line.paragraph_format.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE)
    line.paragraph_format.space_after = Pt(0)


def _add_issue_date(made: Doc, issued_on: date, office: Office | None) -> None:
    """发文机关署名 and 成文日期: below the text, the date four characters from the right and the office two."""
    made.paragraphs[-1].paragraph_format.keep_with_next = True
    if office is not None:
        signed = add_line(made, office.name, BODY_SIZE, place=RIGHT).paragraph_format
        signed.right_indent, signed.space_before, signed.keep_with_next = Pt(2 * BODY_SIZE), Pt(LINE), True
    line = add_line(made, f"{issued_on.year}年{issued_on.month}月{issued_on.day}日", BODY_SIZE, place=RIGHT).paragraph_format
    line.right_indent, line.space_before = Pt(4 * BODY_SIZE), Pt(LINE)


def _add_imprint(made: Doc, issued_on: date, office: Office) -> None:
    """版记: to whom copies go, who printed it and when, as the last lines."""
    lines = [f"抄送：{office.copies}。"] if office.copies else []
    for text in (*lines, f"{office.imprint or office.name}　{issued_on.year}年{issued_on.month}月{issued_on.day}日印发"):
        add_line(made, text, SUBTITLE_SIZE - 2).paragraph_format.left_indent = Pt(SUBTITLE_SIZE - 2)


def _add_foot(made: Doc, document: Document) -> None:
    """What the numbers rest on, and the hash that proves them."""
    made.paragraphs[-1].paragraph_format.space_after = Pt(LINE / 2)
    for text in document.foot:
        add_line(made, text, SMALL)
    add_line(made, f"文档指纹（SHA-256）：{document.digest()}", SMALL)
