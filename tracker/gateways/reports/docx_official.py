"""The papers that an office sends, as Word documents in the layout of official papers (GB/T 9704), to be edited and sealed."""

from datetime import date

import docx
from docx.document import Document as Doc
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_LINE_SPACING
from docx.shared import Mm, Pt
from docx.table import _Cell

from tracker.domain.cases.papers.official import FormRow, OfficialPaper
from tracker.domain.cases.papers.official import PaperTable as SideTable
from tracker.gateways.house.column_widths import MM_PER_POINT, ems
from tracker.gateways.reports.docx_parts import (
    BODY_FONT,
    CENTRE,
    HEAD_FONT,
    PAGE_FONT,
    RIGHT,
    TITLE_FONT,
    PrintedTable,
    add_field,
    add_line,
    add_qr,
    add_table,
    clean,
    saved,
    set_about,
    set_font,
    set_style,
)

TEXT_MM, LYING_MM = 156, 257
BODY_SIZE, TITLE_SIZE, NUMBER_SIZE, FORM_SIZE, TABLE_SIZE, SMALL, LINE = 16, 22, 14, 12, 8, 8, 28
HEADING_MM, PADDING = 22, 2  # the headings of a form; points above and below what stands in it


def write_official(paper: OfficialPaper) -> bytes:
    """The document. Nothing of this machine or its user is in it."""
    made = docx.Document()
    _set_page(made, paper)
    for line in _title_lines(paper):
        add_line(made, line, TITLE_SIZE, TITLE_FONT, CENTRE).paragraph_format.space_after = Pt(2)
    if paper.number:
        add_line(made, paper.number, NUMBER_SIZE, place=CENTRE).paragraph_format.space_after = Pt(NUMBER_SIZE)
    if paper.addressee:
        add_line(made, f"{paper.addressee}：", BODY_SIZE)
    for text in paper.paragraphs:
        _add_body_text(made, text)
    if paper.form:
        _add_form(made, paper.form)
    if paper.table is not None:
        _add_side_table(made, paper.table)
    for text in paper.closing:
        _add_body_text(made, text)
    _add_end(made, paper)
    return saved(made)


def _title_lines(paper: OfficialPaper) -> tuple[str, ...]:
    """The title on one line where it is short enough."""
    whole, width = "".join(paper.title), TEXT_MM if paper.table is None else LYING_MM
    return (whole,) if ems(whole) * TITLE_SIZE * MM_PER_POINT <= width else paper.title


def _set_page(made: Doc, paper: OfficialPaper) -> None:
    page, is_lying = made.sections[0], paper.table is not None
    page.orientation = WD_ORIENT.LANDSCAPE if is_lying else WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = (Mm(297), Mm(210)) if is_lying else (Mm(210), Mm(297))
    page.left_margin, page.right_margin = (Mm(20), Mm(20)) if is_lying else (Mm(28), Mm(26))
    page.top_margin, page.bottom_margin = (Mm(20), Mm(18)) if is_lying else (Mm(22), Mm(18))
    set_style(made, "Normal", BODY_FONT, BODY_SIZE)
    set_about(made, "".join(paper.title), paper.number)
    foot = page.footer.paragraphs[0]
    foot.alignment = CENTRE
    set_font(foot.add_run("— "), NUMBER_SIZE, PAGE_FONT)
    add_field(foot, "PAGE", NUMBER_SIZE, PAGE_FONT)
    set_font(foot.add_run(" —"), NUMBER_SIZE, PAGE_FONT)


def _add_body_text(made: Doc, text: str) -> None:
    line = add_line(made, text, BODY_SIZE).paragraph_format
    line.first_line_indent, line.space_after = Pt(2 * BODY_SIZE), Pt(0)
    line.line_spacing_rule, line.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE)


def _add_form(made: Doc, rows: tuple[FormRow, ...]) -> None:
    """Headings and texts in a grid of four columns; a lone text goes over three of them."""
    half = TEXT_MM // 2
    widths = (HEADING_MM, half - HEADING_MM, HEADING_MM, TEXT_MM - half - HEADING_MM)
    table = made.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    made.paragraphs[-1].paragraph_format.space_after = Pt(NUMBER_SIZE)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in rows:
        line = table.add_row()
        if row.least:
            line.height_rule, line.height = WD_ROW_HEIGHT_RULE.AT_LEAST, Mm(row.least)
        cells = list(line.cells)
        for cell, width in zip(cells, widths, strict=True):
            cell.width = Mm(width)
        if len(row.cells) == 1:
            cells = [cells[0], cells[1].merge(cells[3])]
        for at, (heading, text) in enumerate(row.cells):
            _fill_form_cell(cells[2 * at], heading, is_heading=True)
            _fill_form_cell(cells[2 * at + 1], text)


def _fill_form_cell(cell: _Cell, text: str, *, is_heading: bool = False) -> None:
    """Each line of a text is a paragraph of its own."""
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    for at, part in enumerate(text.split("\n")):
        line = cell.paragraphs[0] if at == 0 else cell.add_paragraph()
        set_font(line.add_run(clean(part)), FORM_SIZE, HEAD_FONT if is_heading else BODY_FONT)
        line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(PADDING)
        if is_heading:
            line.alignment = CENTRE


def _add_side_table(made: Doc, table: SideTable) -> None:
    """The table over the whole width; a row longer than a page goes on overleaf."""
    whole = sum(table.shares)
    widths: list[int] = []
    for at, share in enumerate(table.shares):
        widths.append(LYING_MM - sum(widths) if at == len(table.shares) - 1 else LYING_MM * share // whole)
    add_table(made, PrintedTable(table.heads, tuple(widths), table.rows, TABLE_SIZE, air=1, is_torn=True))


def _add_end(made: Doc, paper: OfficialPaper) -> None:
    """Who signs and when, to whom copies go, and what the paper rests on."""
    if paper.signed_by or paper.dated_on:
        _add_signature(made, paper.signed_by, paper.dated_on)
    if paper.copies:
        add_line(made, f"抄送：{paper.copies}。", NUMBER_SIZE).paragraph_format.space_before = Pt(LINE / 2)
    for at, text in enumerate(paper.foot):
        add_line(made, text, SMALL).paragraph_format.space_before = Pt(LINE / 2 if at == 0 else 0)
    if paper.opens:
        add_qr(made, paper.opens, paper.opens_of)


def _add_signature(made: Doc, office: str, on: date | None) -> None:
    """发文机关署名 and 成文日期; without a day there is room to write one."""
    if office:
        signed = add_line(made, office, BODY_SIZE, place=RIGHT).paragraph_format
        signed.right_indent, signed.space_before, signed.keep_with_next = Pt(2 * BODY_SIZE), Pt(NUMBER_SIZE), True
    day = f"{on.year}年{on.month}月{on.day}日" if on else "年　　月　　日"
    add_line(made, day, BODY_SIZE, place=RIGHT).paragraph_format.right_indent = Pt(4 * BODY_SIZE)
