"""What every Word document of the house is made of: the fonts of official papers, lines, tables that repeat their heads, the
foot."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.document import Document as Doc
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import Table as WordTable
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from tracker.domain.tables.cells import without_control
from tracker.gateways.house.column_widths import SMALL_TYPE, edges
from tracker.gateways.house.qr import qr_png

# The fonts of official papers; a machine without them falls back to its own.
TITLE_FONT, HEAD_FONT, SUBHEAD_FONT, BODY_FONT, PAGE_FONT = "方正小标宋简体", "黑体", "楷体", "仿宋", "宋体"
LATIN_FONT, HASH_FONT = "Times New Roman", "Consolas"
HASH_LENGTH = 64
DAWN = (1980, 1, 1, 0, 0, 0)
CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
QR_MM = 20
Row = tuple[str, ...]


@dataclass(frozen=True)
class PrintedTable:
    """A table; the widths of its columns are in millimetres and add up to the width of the text. `right` are the columns that
    hold numbers, the last `totals` rows are set in bold type, and no page ends between the last `kept` rows and what follows;
    `air` is the points above and below the text of a cell. A row may be `is_torn`, where one can be longer than a page."""

    heads: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[Row, ...]
    size: float = 10.5
    right: frozenset[int] = frozenset()
    totals: int = 0
    kept: int = 0
    air: float = 0
    is_torn: bool = False


def set_about(document: Doc, title: str, subject: str) -> None:
    """What the file says of itself: nothing of this machine or its user, and when it was made stands in the text."""
    about = document.core_properties
    about.title, about.subject, about.author, about.comments = title, subject, "", ""
    about.created = about.modified = datetime(2000, 1, 1, tzinfo=UTC)


def saved(document: Doc) -> bytes:
    """The file; equal documents give equal bytes, for its parts do not tell when they were packed."""
    out, packed = io.BytesIO(), io.BytesIO()
    document.save(packed)
    with ZipFile(packed) as parts, ZipFile(out, "w", ZIP_DEFLATED) as whole:
        for part in parts.infolist():
            whole.writestr(ZipInfo(part.filename, DAWN), parts.read(part), ZIP_DEFLATED)
    return out.getvalue()


def set_style(document: Doc, name: str, font: str, size: float) -> ParagraphStyle:
    """The fonts and the size of a style."""
    style = document.styles[name]
    assert isinstance(style, ParagraphStyle)
    style.font.name, style.font.size, style.font.italic = LATIN_FONT, Pt(size), False
    style.font.color.rgb = None
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), font)
    style.paragraph_format.space_after = Pt(4)
    return style


def add_line(document: Doc, text: str, size: float, font: str = BODY_FONT, place: WD_ALIGN_PARAGRAPH | None = None) -> Paragraph:
    """A paragraph of one font."""
    line = document.add_paragraph()
    if place is not None:
        line.alignment = place
    set_font(line.add_run(clean(text)), size, font)
    return line


def add_qr(document: Doc, address: str, of: str = "案件") -> None:
    """A QR code at the right that opens the page of something, with what it is for under it."""
    told = f"扫码打开{of}（须登录）"
    line = document.add_paragraph()
    line.alignment = RIGHT
    line.paragraph_format.keep_with_next = True
    shape = line.add_run().add_picture(io.BytesIO(qr_png(address)), width=Mm(QR_MM))
    shape._inline.docPr.set("descr", f"{told}：{address}")
    add_line(document, told, 8, place=RIGHT)


def add_table(document: Doc, table: PrintedTable) -> None:
    """The table with a grid; its head stands on every page, and no row is torn."""
    made = document.add_table(rows=0, cols=len(table.widths), style="Table Grid")
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(made.columns, table.widths, strict=True):  # the grid: without it LibreOffice makes all columns alike
        column.width = Mm(width)
    if table.size <= SMALL_TYPE:
        _set_margins(made, edges(table.size) / 2)
    if table.heads:
        row = made.add_row()
        _fill_row(row, table.heads, table, HEAD_FONT, is_head=True)
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # repeated on every page
    for at, cells in enumerate(table.rows):
        row = made.add_row()
        _fill_row(row, cells, table, HEAD_FONT if at >= len(table.rows) - table.totals else BODY_FONT)
        if at >= len(table.rows) - table.kept:
            keep_with_next(row)


def _set_margins(made: WordTable, each: float) -> None:
    """The left and right margin of every cell, in millimetres."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(round(Mm(each) / 635)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties = made._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    properties.append(margins) if look is None else look.addprevious(margins)


def _fill_row(row: _Row, texts: Row, table: PrintedTable, font: str, *, is_head: bool = False) -> None:
    if is_head or not table.is_torn:
        keep_whole(row)
    cells: Sequence[_Cell] = row.cells
    for at, (cell, text, width) in enumerate(zip(cells, texts, table.widths, strict=True)):
        cell.width = Mm(width)
        is_hash = len(text) == HASH_LENGTH and text.isascii()
        line = cell.paragraphs[0]
        set_font(line.add_run(clean(text)), 8 if is_hash else table.size, font, HASH_FONT if is_hash else LATIN_FONT)
        line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(table.air)
        if is_head:
            line.alignment, cell.vertical_alignment = CENTRE, WD_CELL_VERTICAL_ALIGNMENT.CENTER
        elif at in table.right:
            line.alignment = RIGHT


def keep_whole(row: _Row) -> None:
    """No page ends inside this row."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def keep_with_next(row: _Row) -> None:
    """No page ends between this row and what follows."""
    for cell in row.cells:
        cell.paragraphs[0].paragraph_format.keep_with_next = True


def set_font(run: Run, size: float, font: str = BODY_FONT, latin: str = LATIN_FONT) -> None:
    """Size and fonts of a run; `font` is for Chinese."""
    run.font.size, run.font.name = Pt(size), latin
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def add_field(paragraph: Paragraph, code: str, size: float = 9, font: str = BODY_FONT) -> None:
    """A field that the word processor fills in, such as PAGE."""
    run = paragraph.add_run()
    set_font(run, size, font)
    for kind in ("begin", "", "end"):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = code
        run._r.append(part)


def clean(text: str) -> str:
    """The text without signs that XML cannot hold."""
    return without_control(text)
