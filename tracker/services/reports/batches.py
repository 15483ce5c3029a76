"""What an office hands in of a batch: the public table in its two layouts, and the text that goes before it."""

from dataclasses import dataclass

from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Invalid, NotFound
from tracker.domain.house.say import Say
from tracker.domain.reports.batches.sheets import LAYOUTS, TEXT_TITLE, TITLE
from tracker.services.house import permits
from tracker.services.house.work import reading
from tracker.services.people.taken_out import note_export, told_value
from tracker.services.reports.batch_papers import TEXT, write_paper
from tracker.services.tables.exporting import told_cases
from tracker.storage.cases.register.batches import RegisterBatch, batches
from tracker.storage.cases.register.filters import Filters

MOST_ON_PAPER = 1000  # rows of a Word table; a workbook holds all
PAPERS: dict[str, str] = {"published_2024": "11 列表", "published_2022": "9 列表", TEXT: "情况文字"}
FORMS: dict[str, tuple[str, ...]] = {each.name: ("docx", "xlsx", "pdf") for each in LAYOUTS} | {TEXT: ("docx", "pdf")}


@dataclass(frozen=True)
class WrittenBatch:
    """A file, and the name under which it is handed out."""

    content: bytes
    name: str


def known_batches(actor: Actor) -> tuple[RegisterBatch, ...]:
    """The newest batches of which the reader sees cases."""
    permits.require(actor, Permission.case_export)
    return batches(reading(), actor.scope())


def write_batch(actor: Actor, source: str, label: str, paper: str, form: str) -> WrittenBatch:
    """A paper of a batch, of all its cases that the reader may see, noted before it is handed out. Raises `NotFound` for a batch,
    a paper or a form that is none, `Invalid` where a document would be too long."""
    permits.require(actor, Permission.case_export)
    found = batches(reading(), actor.scope(), source, label) if source and label else ()
    if not found:
        raise NotFound(Say("没有找到“{batch}”这一批案件。", batch=label or source))
    if form not in FORMS.get(paper, ()):
        raise NotFound("没有这种文书。")
    if form != "xlsx" and paper != TEXT and found[0].count > MOST_ON_PAPER:
        raise Invalid(Say("这一批有 {count} 件，Word 和 PDF 最多 {most} 件；请下载 Excel。", count=found[0].count, most=MOST_ON_PAPER),
                      field="batch")
    cases = tuple(told_cases(actor, Filters(source=source, batch=label)))
    content = write_paper(found[0], cases, paper, form)
    note_export(actor, "batch", len(cases), form, {"source": source, "batch": told_value(label), "paper": paper})
    return WrittenBatch(content, f"{TEXT_TITLE if paper == TEXT else TITLE}-{label}.{form}")
