"""A report as a Word document in the layout of official papers (GB/T 9704): title, number line, body, tables, page number;
editable."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import docx
from docx.document import Document as Doc
from docx.shared import Pt
from docx.text.parfmt import ParagraphFormat

from tracker.domain.reports.document import Cell, Column, Document, PaperPart, Section
from tracker.domain.reports.document import Table as Sheet
from tracker.domain.reports.issuing.heads import PaperHead, head_of
from tracker.domain.territory.offices import Office
from tracker.gateways.house.column_widths import fits, needs, shared
from tracker.gateways.house.printed_cells import RIGHT as NUMBERS
from tracker.gateways.house.printed_cells import cell_text, figure_table, moment_text
from tracker.gateways.reports import docx_letter
from tracker.gateways.reports.docx_charts import add_chart
from tracker.gateways.reports.docx_layout import (
    ACROSS_MM,
    BODY_SIZE,
    LINE,
    NUMERALS,
    SMALL,
    SUBTITLE_SIZE,
    UPRIGHT_MM,
    add_body_text,
    add_imprint,
    add_issue_date,
    add_title,
    number_of,
    numeral,
    set_pages,
    turn_paper,
)
from tracker.gateways.reports.docx_parts import (
    CENTRE,
    SUBHEAD_FONT,
    PrintedTable,
    add_line,
    add_table,
    clean,
    saved,
)

LAST_ROWS = 2  # as many rows of a table go with its note to the next page
_NUMBERED = re.compile(rf"[{NUMERALS}]+、")


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


def write(document: Document, issued_on: date | None = None, office: Office | None = None, head: PaperHead
          | None = None) -> bytes:
    """The document, signed by its office and dated where it has been issued; `head` is of one that is signed for. Nothing of this
    machine or its user is in it."""
    above = head or head_of(office, issued_on)
    if any(section.part is not PaperPart.plain for section in document.sections):
        return docx_letter.write(document, above)
    made = docx.Document()
    set_pages(made, document)
    add_title(made, document.title)
    if document.subtitle:
        add_line(made, document.subtitle, SUBTITLE_SIZE, SUBHEAD_FONT, CENTRE)
    add_line(made, f"{number_of(document.period)}　统计截至 {moment_text(document.as_of)}", 12,
             place=CENTRE).paragraph_format.space_after = Pt(LINE / 2)
    if above.addressees:
        add_line(made, f"{above.addressees}：", BODY_SIZE)
    for at, section in enumerate(document.sections):
        _add_report_section(made, section, at)
    add_issue_date(made, above)
    _add_foot(made, document)
    add_imprint(made, above)
    return saved(made)


def _add_report_section(made: Doc, section: Section, at: int) -> None:
    """A headed part; one that is only words and wide tables stands as a whole on paper that lies on its side."""
    sheets = [(table, _lay_out_table(table.columns, table.rows, table.total)) for table in section.tables]
    is_across = bool(sheets) and not section.figures and not section.charts and all(laid.is_across for _, laid in sheets)
    turn_paper(made, is_across=is_across)
    heading = section.heading if _NUMBERED.match(section.heading) else f"{numeral(at + 1)}、{section.heading}"
    made.add_heading(clean(heading), 1)
    for text in ("无。",) if section.is_bare else section.paragraphs:
        add_body_text(made, text)
    if section.figures:
        _add_laid_table(made, _lay_out_table(*figure_table(section.figures), is_upright=True))
    for chart in section.charts:
        add_chart(made, chart)
    for place, (sheet, laid) in enumerate(sheets, start=1):
        is_said = len(sheets) == 1 and heading.endswith(f"、{sheet.title}")
        _add_sheet(made, sheet, laid, "" if is_said else f"（{numeral(place)}）{sheet.title}" if len(sheets) > 1 else sheet.title)


def _add_sheet(made: Doc, sheet: Sheet, laid: Laid, title: str) -> None:
    """A titled table on the paper that it needs."""
    turn_paper(made, is_across=laid.is_across)
    if title:
        made.add_heading(clean(title), 2)
    if sheet.rows:
        _add_laid_table(made, laid, sheet.note)
    else:
        add_body_text(made, "无。")
        if sheet.note:
            _add_note(made, sheet.note)


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


def _add_foot(made: Doc, document: Document) -> None:
    """What the numbers rest on, and the hash that proves them."""
    made.paragraphs[-1].paragraph_format.space_after = Pt(LINE / 2)
    for text in document.foot:
        add_line(made, text, SMALL)
    add_line(made, f"文档指纹（SHA-256）：{document.digest()}", SMALL)
