"""A report as an office sends it: number, addressee, text and signature, behind them the tables in small type, and on the last
page what the numbers rest on. One without an opening is no letter but a sheet for a meeting, closer set."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import docx
from docx.document import Document as Doc
from docx.enum.text import WD_BREAK
from docx.shared import Mm, Pt

from tracker.domain.reports.counting import Rate
from tracker.domain.reports.document import Document, PaperPart, Section, Table
from tracker.domain.reports.issuing.heads import PaperHead
from tracker.gateways.house.column_widths import needs, shared
from tracker.gateways.house.printed_cells import moment_text
from tracker.gateways.reports.brief_tables import BriefTable, brief_tables, is_nothing
from tracker.gateways.reports.docx_charts import add_small_charts, says_something
from tracker.gateways.reports.docx_layout import (
    BODY_SIZE,
    LINE,
    SUBTITLE_SIZE,
    UPRIGHT_MM,
    add_body_text,
    add_imprint,
    add_issue_date,
    add_title,
    number_of,
    set_pages,
)
from tracker.gateways.reports.docx_parts import (
    CENTRE,
    HEAD_FONT,
    RIGHT,
    SUBHEAD_FONT,
    PrintedTable,
    add_line,
    add_table,
    clean,
    saved,
)

TABLE_SIZE, TIGHT_SIZE, ANNEX_SIZE, SAID_SIZE, NOTE_SIZE = 8, 7.5, 12, 10, 8
PICTURES = "附图"
LEFT_OUT = "表中没有数的行和列不列；全部数字见系统页面和 Excel。"


@dataclass(frozen=True, slots=True)
class Setting:
    """How wide the text stands, in which size, and how far its lines are apart; in millimetres and points."""

    width: int
    size: float
    line: float


LETTER, SHEET = Setting(UPRIGHT_MM, BODY_SIZE, LINE), Setting(170, 12, 20)


def write(document: Document, head: PaperHead) -> bytes:
    """The paper. Nothing of this machine or its user is in it."""
    setting = LETTER if not document.sections[0].heading else SHEET
    made = docx.Document()
    set_pages(made, document)
    if setting is SHEET:
        _narrow_margins(made)
    _add_head(made, document, head, setting)
    for section in document.sections:
        if section.part is PaperPart.text:
            _add_text(made, section, setting)
    add_issue_date(made, head, setting.size)
    for section in document.sections:
        if section.part in (PaperPart.annex, PaperPart.list):
            _add_annex(made, section, setting)
    _add_pictures(made, document, setting)
    add_imprint(made, head)
    _add_notes(made, document, head.digest or document.digest(), is_apart=setting is LETTER)
    return saved(made)


def _narrow_margins(made: Doc) -> None:
    page = made.sections[0]
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(24), Mm(22), Mm(20), Mm(20)
    for name in ("Normal", "Heading 1"):
        made.styles[name].font.size = Pt(SHEET.size)
    made.styles["Heading 1"].paragraph_format.first_line_indent = Pt(0)


def _add_head(made: Doc, document: Document, head: PaperHead, setting: Setting) -> None:
    if head.mark:
        add_line(made, f"（{head.mark}）", SUBTITLE_SIZE, HEAD_FONT, RIGHT)
    add_title(made, document.title)
    add_line(made, head.number or number_of(document.period), SUBTITLE_SIZE,
             place=CENTRE).paragraph_format.space_after = Pt(setting.line / 2)
    if head.addressees:
        add_line(made, f"{head.addressees}：", setting.size)


def _add_text(made: Doc, section: Section, setting: Setting) -> None:
    """Its figures stand in its sentences, and with their definitions on the last page."""
    if section.heading:
        made.add_heading(clean(section.heading), 1)
    for text in section.paragraphs:
        add_body_text(made, text, setting.size, setting.line)
    for table in brief_tables(replace(section, figures=())):
        _add_table(made, table, setting)


def _add_annex(made: Doc, section: Section, setting: Setting) -> None:
    """Its heading, what is said of it, and its tables as small as they read well."""
    _add_small_heading(made, section.heading)
    for text in section.paragraphs:
        add_line(made, text, SAID_SIZE).paragraph_format.keep_with_next = True
    tables = brief_tables(section)
    for table in tables:
        if len(tables) > 1 and table.title:
            add_line(made, table.title, SAID_SIZE, SUBHEAD_FONT).paragraph_format.keep_with_next = True
        _add_table(made, table, setting)


def _add_pictures(made: Doc, document: Document, setting: Setting) -> None:
    """The charts of all parts together, behind the tables that they show: beside each other they take little room."""
    charts = [chart for section in document.sections for chart in section.charts if says_something(chart)]
    if charts:
        _add_small_heading(made, PICTURES)
        add_small_charts(made, charts, setting.width)
        after = made.add_paragraph().paragraph_format
        after.space_after, after.line_spacing = Pt(0), Pt(6)


def _add_small_heading(made: Doc, text: str) -> None:
    line = add_line(made, text, ANNEX_SIZE, HEAD_FONT).paragraph_format
    line.space_before, line.space_after, line.keep_with_next = Pt(6), Pt(2), True


def _add_table(made: Doc, table: BriefTable, setting: Setting) -> None:
    """A table in small type, in smaller where its lines would break."""
    wide = needs(table.rows, table.heads, TABLE_SIZE)
    size = TABLE_SIZE if sum(need.wanted for need in wide) <= setting.width else TIGHT_SIZE
    need = wide if size == TABLE_SIZE else needs(table.rows, table.heads, size)
    add_table(made, PrintedTable(table.heads, shared(need, setting.width), table.rows, size, table.right, int(table.has_total)))
    after = made.add_paragraph().paragraph_format
    after.space_after, after.line_spacing = Pt(0), Pt(6)


def _add_notes(made: Doc, document: Document, digest: str, *, is_apart: bool) -> None:
    """What the numbers rest on and the hash that proves them, on one page: of its own behind a text with annexes."""
    if is_apart:
        made.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
    _add_small_heading(made, "统计说明")
    lines = [f"{document.subtitle}；统计截至 {moment_text(document.as_of)}。", *_said_notes(document), LEFT_OUT, *document.foot,
             f"文档指纹（SHA-256）：{digest}"]
    for at, text in enumerate(lines):
        line = add_line(made, text, NOTE_SIZE).paragraph_format
        line.space_after, line.keep_together, line.keep_with_next = Pt(1), True, at < len(lines) - 1


def _said_notes(document: Document) -> Iterator[str]:
    """Definitions, then those of figures and rates, then what is noted of each table."""
    for section in document.sections:
        if section.part is PaperPart.notes:
            yield from section.paragraphs
    defined = dict[str, str]()
    for section in document.sections:
        defined |= {each.word: each.definition for each in section.figures if not is_nothing(each.value)}
        for table in section.tables:
            defined |= _rates_of(table)
    if defined:
        yield "指标口径：" + "；".join(f"{word}：{said}" for word, said in defined.items() if said) + "。"
    if notes := [f"{table.title}：{table.note}" for section in document.sections for table in section.tables if table.note]:
        yield "".join(notes)


def _rates_of(table: Table) -> dict[str, str]:
    return {column.head: cell.definition for row in (*table.rows, table.total)
            for cell, column in zip(row, table.columns, strict=False) if isinstance(cell, Rate) and cell.definition}
