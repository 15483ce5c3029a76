"""The papers of a batch, written: the public table, and the text that goes before it."""

from collections.abc import Sequence

from tracker.domain.cases.papers.official import OfficialPaper, PaperTable
from tracker.domain.house.say import DateWords, finished
from tracker.domain.reports.batches.sheets import LAYOUTS, TEXT_TITLE, TITLE, PublicSheet, SheetLayout, batch_told, sheet_rows
from tracker.gateways.reports.docx_official import write_official
from tracker.gateways.reports.xlsx_public import write_public_sheet
from tracker.services.cases.papers.kinds import as_pdf
from tracker.services.house.work import wiring
from tracker.services.tables.exporting import ToldCase
from tracker.services.territory import offices
from tracker.storage.cases.register.batches import RegisterBatch

TEXT = "text"


def write_paper(line: RegisterBatch, cases: Sequence[ToldCase], paper: str, form: str) -> bytes:
    """The table in one of its layouts, or the text."""
    today, office = wiring().clock.today(), offices.home()
    signed_by = office.name if office is not None else ""
    if paper == TEXT:
        told = batch_told(line.source_name, line.label, [case.cells for case in cases], [case.types for case in cases], today)
        document = write_official(OfficialPaper(
            (TEXT_TITLE,), f"（{_batch_told(line)}）", paragraphs=told, signed_by=signed_by, dated_on=today))
        return as_pdf(document) if form == "pdf" else document
    layout = next(each for each in LAYOUTS if each.name == paper)
    filled_by = f"填报单位：{signed_by}　　填报日期：{finished(DateWords(today))}"
    sheet = PublicSheet(TITLE, f"（{_batch_told(line)}）", layout, sheet_rows(layout, [case.cells for case in cases]), filled_by)
    if form == "xlsx":
        return write_public_sheet(sheet)
    document = write_official(OfficialPaper((sheet.title,), sheet.batch, table=_lying_table(layout, sheet), foot=(filled_by,)))
    return as_pdf(document) if form == "pdf" else document


def _batch_told(line: RegisterBatch) -> str:
    return f"{line.label}　{finished(DateWords(line.last_on))}"


def _lying_table(layout: SheetLayout, sheet: PublicSheet) -> PaperTable:
    return PaperTable(tuple(each.head for each in layout.columns), tuple(each.share for each in layout.columns), sheet.rows)
