"""Word documents: a paper of headed lines, tables and pictures, on A4, with number and page in the foot."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from docx import Document
from docx.document import Document as Doc
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from tracker.domain.readings import without_control

# The fonts of official papers; a machine without them falls back to its own.
TITLE_FONT, HEAD_FONT, BODY_FONT, LATIN_FONT, HASH_FONT = "方正小标宋简体", "黑体", "仿宋", "Times New Roman", "Consolas"
TEXT_MM, PICTURE_MM, TALLEST_MM = 160, 76, 70
HASH_LENGTH = 64
Row = tuple[str, ...]
Lines = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Picture:
    """A picture and what stands under it."""

    content: bytes
    caption: str


@dataclass(frozen=True)
class Table:
    """A table; the widths of its columns are in millimetres and add up to 160."""

    heads: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Paper:
    """What a document holds, in its order."""

    title: str
    subtitle: str
    number: str
    sections: tuple[tuple[str, Lines | Table], ...]
    pictures_title: str
    pictures: tuple[tuple[tuple[Picture, ...], str], ...]
    closing: tuple[tuple[str, Lines | Table], ...]
    made: str


def write_paper(paper: Paper) -> bytes:
    """The document. Nothing of this machine or its user is in it."""
    document = Document()
    _set_page(document, paper)
    _title(document, paper)
    for heading, body in paper.sections:
        _section(document, heading, body)
    document.add_heading(_clean(paper.pictures_title), 1)
    for pictures, words in paper.pictures:
        _pictures(document, pictures, words)
    if not paper.pictures:
        document.add_paragraph("没有照片。")
    for heading, body in paper.closing:
        _section(document, heading, body)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _set_page(document: Doc, paper: Paper) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(25)
    page.top_margin, page.bottom_margin = Mm(28), Mm(25)
    _set_style(document, "Normal", BODY_FONT, 12)
    _set_style(document, "Heading 1", HEAD_FONT, 14)
    about = document.core_properties
    about.title, about.subject, about.author, about.comments = f"{paper.title} {paper.number}", paper.number, "", ""
    about.created = about.modified = datetime(2000, 1, 1, tzinfo=UTC)  # when it was made stands in the text
    foot = page.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, field in ((f"{paper.number}  第 ", "PAGE"), (" 页，共 ", "NUMPAGES"), (" 页", "")):
        _font(foot.add_run(text), 9)
        if field:
            _field(foot, field)


def _set_style(document: Doc, name: str, font: str, size: float) -> None:
    style = document.styles[name]
    assert isinstance(style, ParagraphStyle)
    style.font.name, style.font.size, style.font.italic = LATIN_FONT, Pt(size), False
    style.font.color.rgb = None
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), font)
    style.paragraph_format.space_after = Pt(4)


def _title(document: Doc, paper: Paper) -> None:
    for text, size, font in ((paper.title, 22, TITLE_FONT), (paper.subtitle, 16, HEAD_FONT), (f"{paper.number} · {paper.made}", 10.5, BODY_FONT)):
        line = document.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _font(line.add_run(_clean(text)), size, font)


def _section(document: Doc, heading: str, body: Lines | Table) -> None:
    document.add_heading(_clean(heading), 1)
    table = body if isinstance(body, Table) else Table((), (34, 126), tuple(body))
    if table.rows:
        _table(document, table)
    else:
        document.add_paragraph("无。")


def _table(document: Doc, table: Table) -> None:
    made = document.add_table(rows=0, cols=len(table.widths), style="Table Grid")
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(made.columns, table.widths, strict=True):  # the grid: without it LibreOffice makes all columns alike
        column.width = Mm(width)
    if table.heads:
        row = made.add_row()
        _fill(row, table.heads, table.widths, is_head=True)
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # repeated on every page
    for cells in table.rows:
        _fill(made.add_row(), cells, table.widths, is_head=False)


def _fill(row: _Row, texts: Row, widths: tuple[int, ...], *, is_head: bool) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, text, width in zip(row.cells, texts, widths, strict=True):
        cell.width = Mm(width)
        is_hash = len(text) == HASH_LENGTH and text.isascii()
        run = cell.paragraphs[0].add_run(_clean(text))
        _font(run, 8 if is_hash else 10.5, HEAD_FONT if is_head else BODY_FONT, HASH_FONT if is_hash else LATIN_FONT)
        cell.paragraphs[0].paragraph_format.space_after = Pt(0)


def _pictures(document: Doc, pictures: tuple[Picture, ...], words: str) -> None:
    """One row of at most two, kept on one page with what stands under it."""
    if not pictures:
        return
    row = document.add_table(rows=1, cols=2).rows[0]
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, picture in zip(row.cells, pictures, strict=False):
        _picture(cell, picture)
    if words:
        _font(document.add_paragraph().add_run(_clean(words)), 10.5)


def _picture(cell: _Cell, picture: Picture) -> None:
    cell.width = Mm(TEXT_MM // 2)
    shape = cell.paragraphs[0].add_run().add_picture(io.BytesIO(picture.content))
    scale = min(Mm(PICTURE_MM) / shape.width, Mm(TALLEST_MM) / shape.height)
    shape.width, shape.height = round(shape.width * scale), round(shape.height * scale)
    shape._inline.docPr.set("descr", _clean(picture.caption))
    _font(cell.add_paragraph().add_run(_clean(picture.caption)), 9)


def _font(run: Run, size: float, font: str = BODY_FONT, latin: str = LATIN_FONT) -> None:
    run.font.size, run.font.name = Pt(size), latin
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _field(paragraph: Paragraph, code: str) -> None:
    """A field that the word processor fills in."""
    run = paragraph.add_run()
    _font(run, 9)
    for kind in ("begin", "", "end"):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = code
        run._r.append(part)


def _clean(text: str) -> str:
    return without_control(text)
