"""Word documents: a paper of headed lines, tables and pictures, on A4, with number and page in the foot."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from docx import Document
from docx.document import Document as Doc
from docx.shared import Mm
from docx.table import _Cell

from tracker.gateways.reports.docx_parts import (
    BODY_FONT,
    CENTRE,
    HEAD_FONT,
    TITLE_FONT,
    PrintedTable,
    add_field,
    add_line,
    add_qr,
    add_table,
    clean,
    keep_whole,
    saved,
    set_about,
    set_font,
    set_style,
)

TEXT_MM, PICTURE_MM, TALLEST_MM = 160, 76, 70
AIR = 2  # points above and below the text of a cell
Lines = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class CaptionedPicture:
    """A picture and what stands under it."""

    content: bytes
    caption: str


@dataclass(frozen=True)
class Paper:
    """What a document holds, in its order; without a title for its pictures it has none. `opens` is the address of its
    QR code."""

    title: str
    subtitle: str
    number: str
    sections: tuple[tuple[str, Lines | PrintedTable], ...]
    pictures_title: str
    pictures: tuple[tuple[tuple[CaptionedPicture, ...], str], ...]
    closing: tuple[tuple[str, Lines | PrintedTable], ...]
    made: str
    opens: str = ""


def write_paper(paper: Paper) -> bytes:
    """The document. Nothing of this machine or its user is in it."""
    document = Document()
    _set_page(document, paper)
    _add_title_lines(document, paper)
    for heading, body in paper.sections:
        _add_headed_section(document, heading, body)
    if paper.pictures_title:
        _add_pictures(document, paper)
    for heading, body in paper.closing:
        _add_headed_section(document, heading, body)
    return saved(document)


def _set_page(document: Doc, paper: Paper) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(25)
    page.top_margin, page.bottom_margin = Mm(28), Mm(25)
    set_style(document, "Normal", BODY_FONT, 12)
    set_style(document, "Heading 1", HEAD_FONT, 14)
    set_style(document, "Footer", BODY_FONT, 9)  # what a field shows takes the size of its paragraph
    set_about(document, f"{paper.title} {paper.number}", paper.number)
    foot = page.footer.paragraphs[0]
    foot.alignment = CENTRE
    for text, field in ((f"{paper.number}  第 ", "PAGE"), (" 页，共 ", "NUMPAGES"), (" 页", "")):
        set_font(foot.add_run(text), 9)
        if field:
            add_field(foot, field)


def _add_title_lines(document: Doc, paper: Paper) -> None:
    for text, size, font in ((paper.title, 22, TITLE_FONT), (paper.subtitle, 16, HEAD_FONT),
                             (f"{paper.number} · {paper.made}", 10.5, BODY_FONT)):
        add_line(document, text, size, font, CENTRE)
    if paper.opens:
        add_qr(document, paper.opens)


def _add_headed_section(document: Doc, heading: str, body: Lines | PrintedTable) -> None:
    document.add_heading(clean(heading), 1)
    table = body if isinstance(body, PrintedTable) else PrintedTable((), (34, 126), tuple(body), air=AIR)
    if table.rows:
        add_table(document, table)
    else:
        document.add_paragraph("无。")


def _add_pictures(document: Doc, paper: Paper) -> None:
    document.add_heading(clean(paper.pictures_title), 1)
    for pictures, words in paper.pictures:
        _add_picture_row(document, pictures, words)
    if not paper.pictures:
        document.add_paragraph("没有照片。")


def _add_picture_row(document: Doc, pictures: tuple[CaptionedPicture, ...], words: str) -> None:
    """One row of at most two, kept on one page with what stands under it."""
    if not pictures:
        return
    row = document.add_table(rows=1, cols=2).rows[0]
    keep_whole(row)
    for cell, picture in zip(row.cells, pictures, strict=False):
        _fill_picture_cell(cell, picture)
    if words:
        set_font(document.add_paragraph().add_run(clean(words)), 10.5)


def _fill_picture_cell(cell: _Cell, picture: CaptionedPicture) -> None:
    cell.width = Mm(TEXT_MM // 2)
    shape = cell.paragraphs[0].add_run().add_picture(io.BytesIO(picture.content))
    scale = min(Mm(PICTURE_MM) / shape.width, Mm(TALLEST_MM) / shape.height)
    shape.width, shape.height = round(shape.width * scale), round(shape.height * scale)
    shape._inline.docPr.set("descr", clean(picture.caption))
    set_font(cell.add_paragraph().add_run(clean(picture.caption)), 9)
