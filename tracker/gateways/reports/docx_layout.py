"""The layout of official papers (GB/T 9704) in Word: the page, its title, its text, its signature."""

import re
from datetime import date

from docx.document import Document as Doc
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_LINE_SPACING
from docx.section import Section as Page
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from tracker.domain.reports.document import Document
from tracker.domain.reports.issuing.heads import PaperHead
from tracker.gateways.house.column_widths import MM_PER_POINT, ems
from tracker.gateways.house.printed_cells import day_text
from tracker.gateways.reports.docx_parts import (
    CENTRE,
    HEAD_FONT,
    PAGE_FONT,
    RIGHT,
    SUBHEAD_FONT,
    TITLE_FONT,
    add_field,
    add_line,
    set_about,
    set_font,
    set_style,
)

# 版心 156 mm × 225 mm; body in 三号, lines 28 points apart, paragraphs begin two characters in.
TOP, BOTTOM, LEFT, RIGHT_EDGE = 37, 35, 28, 26
UPRIGHT_MM, ACROSS_MM = 156, 225
BODY_SIZE, TITLE_SIZE, SUBTITLE_SIZE, LINE, PAGE_SIZE, SMALL = 16, 22, 14, 28, 14, 10.5
NUMERALS = "一二三四五六七八九十"
_PERIOD = re.compile(r"(?<=.)（?\d{4}年")


def number_of(period: str) -> str:
    """The number of a periodic paper as an office writes it: 2026年第47期 for a week; a day is its own number."""
    year, _, rest = period.partition("-")
    return f"{year}年第{int(rest.lstrip('WQ'))}期" if rest and "-" not in rest else f"{year}年度" if not rest else day_text(period)


def numeral(number: int) -> str:
    """一, 二 … 十, 十一 … as heads are numbered; the plain number from 100 on."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else ("" if tens == 1 else NUMERALS[tens - 1]) + "十") + (NUMERALS[ones - 1] if ones else "")


def set_pages(made: Doc, document: Document) -> None:
    """The page, its styles, its numbers in the foot, and what the file says of itself."""
    page = made.sections[0]
    lay_page(page, is_across=False)
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


def lay_page(page: Page, *, is_across: bool) -> None:
    """A4 with the margins of official papers, upright or on its side."""
    page.orientation = WD_ORIENT.LANDSCAPE if is_across else WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = (Mm(297), Mm(210)) if is_across else (Mm(210), Mm(297))
    page.top_margin, page.bottom_margin = (Mm(LEFT), Mm(RIGHT_EDGE)) if is_across else (Mm(TOP), Mm(BOTTOM))
    page.left_margin, page.right_margin = (Mm(TOP), Mm(BOTTOM)) if is_across else (Mm(LEFT), Mm(RIGHT_EDGE))


def add_title(made: Doc, title: str) -> None:
    """The title; where it is too long for a line its period goes to the next one, whole."""
    if ems(title) * TITLE_SIZE * MM_PER_POINT > UPRIGHT_MM:
        title = _PERIOD.sub(r"\n\g<0>", title, count=1)
    add_line(made, title, TITLE_SIZE, TITLE_FONT, CENTRE)


def turn_paper(made: Doc, *, is_across: bool) -> None:
    """A new page where the paper has to be turned, none where it lies right."""
    if (made.sections[-1].orientation == WD_ORIENT.LANDSCAPE) is not is_across:
        lay_page(made.add_section(WD_SECTION.NEW_PAGE), is_across=is_across)
        ends = Paragraph(made.element.body.xpath("./w:p[w:pPr/w:sectPr]")[-1], made._body).paragraph_format
        # or a table that fills its page would be followed by an empty one
        ends.space_before = ends.space_after = ends.line_spacing = Pt(1)


def add_body_text(made: Doc, text: str, size: float = BODY_SIZE, apart: float = LINE) -> None:
    """A paragraph of the text."""
    line = add_line(made, text, size)
    line.paragraph_format.first_line_indent = Pt(2 * size)
    line.paragraph_format.line_spacing_rule, line.paragraph_format.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(apart)
    line.paragraph_format.space_after = Pt(0)


def add_issue_date(made: Doc, head: PaperHead, size: float = BODY_SIZE) -> None:
    """发文机关署名 and 成文日期: below the text, the date four characters from the right and the office two."""
    if head.issued_on is None:
        return
    made.paragraphs[-1].paragraph_format.keep_with_next = True
    if head.office:
        signed = add_line(made, head.office, size, place=RIGHT).paragraph_format
        signed.right_indent, signed.space_before, signed.keep_with_next = Pt(2 * size), Pt(size), True
    line = add_line(made, _day_words(head.issued_on), size, place=RIGHT).paragraph_format
    line.right_indent, line.space_before = Pt(4 * size), Pt(0 if head.office else size)


def add_imprint(made: Doc, head: PaperHead) -> None:
    """版记: to whom copies go, who printed it and when, as the last lines."""
    if head.issued_on is None or not head.printed_by:
        return
    lines = [f"抄送：{head.copies}。"] if head.copies else []
    for text in (*lines, f"{head.printed_by}　{_day_words(head.issued_on)}印发"):
        add_line(made, text, SUBTITLE_SIZE - 2).paragraph_format.left_indent = Pt(SUBTITLE_SIZE - 2)


def _day_words(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
