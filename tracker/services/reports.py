"""Reports: gathered from the ledger, shaped by the law, frozen once, and made again from the ledger to the same bytes."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select

from tracker.domain.actor import CLOCK
from tracker.domain.cadence import Period, Window, cadence_named
from tracker.domain.documents import Document, read_document
from tracker.domain.errors import Broken, Conflict, Invalid
from tracker.domain.ledger import canonical
from tracker.domain.report_inputs import Inputs, Make, read_inputs
from tracker.domain.reports import appraisal, daily, monthly, weekly
from tracker.services import report_inputs, rules
from tracker.services.work import Work, deed, plant
from tracker.storage import ledger
from tracker.storage.base import db
from tracker.storage.queries.stories import case_count, last_fact_id, stories
from tracker.storage.supervision import StoredReport

STEP = 2000
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Report:
    """One line of the table of reports: what it is called, which cadence freezes it, and what counts it.

    Cases whose import was taken back are left out unless the report accounts for them; repeat reporters are read where it asks.
    One that is of its own window alone is not told of cases that had ended before it.
    """

    name: str
    word: str
    cadence: str
    make: Make
    is_with_withdrawn: bool = False
    is_with_reporters: bool = False
    is_of_its_window: bool = False


@dataclass(frozen=True)
class Built:
    """A report with everything that it rests on. `is_whole` says that its period is over and nothing can be added any more."""

    document: Document
    inputs: Inputs
    last_fact_id: int
    is_whole: bool


@dataclass(frozen=True)
class Stored:
    """A frozen report in a list."""

    id: int
    name: str
    period: str
    area_code: str
    title: str
    as_of: datetime
    case_count: int
    digest: str
    made_at: datetime


REPORTS: tuple[Report, ...] = (
    Report("daily", "日巡查日志与当日小结", "daily-evening", daily.Daily, is_of_its_window=True),
    Report("weekly", "周调度", "weekly-review", weekly.Weekly, is_with_withdrawn=True, is_of_its_window=True),
    Report("monthly", "月通报", "monthly-circular", monthly.Monthly, is_with_withdrawn=True, is_with_reporters=True),
    Report("quarterly", "季度考核", "quarterly-appraisal", appraisal.quarterly, is_of_its_window=True),
    Report("annual", "年考核", "annual-appraisal", appraisal.annual, is_of_its_window=True),
)


def report_named(name: str) -> Report:
    """The report with this name. Raises `Invalid` listing the known ones."""
    for report in REPORTS:
        if report.name == name:
            return report
    raise Invalid(f"没有报告“{name}”；已有：{'、'.join(f'{r.name}（{r.word}）' for r in REPORTS)}。", field="name")


def quiet(done: int, total: int, what: str) -> None:
    """Nobody watches."""


def build(name: str, period: Period, area_code: str, as_of: datetime | None = None, progress: Progress = quiet) -> Built:
    """The report of a period as it stood at the cut of its cadence, or at `as_of` where that is earlier; outside a unit of work.

    A late run counts the same as a punctual one. A period whose cut is still to come is counted up to now.
    Raises `Invalid` for a period of another length, and for one that has not begun.
    """
    report, now = report_named(name), plant().clock.now()
    cadence = cadence_named(report.cadence)
    if period.kind is not cadence.kind:
        raise Invalid(f"{report.word}的周期不能是“{period.key}”，应写作 {EXAMPLES[cadence.kind.value]}。", field="period")
    window = cadence.window(period, rules.calendar(), plant().zone)
    cut = plant().clock.local(min(each for each in (window.cuts, as_of, now) if each is not None))
    if cut <= window.opens:
        raise Invalid(f"{period.word}的{report.word}从 {window.opens:%Y-%m-%d %H:%M} 起统计，此刻还没有内容。", field="period")
    last = last_fact_id(cut)
    inputs = report_inputs.gather(period, Window(window.opens, cut), area_code, is_with_reporters=report.is_with_reporters)
    as_stored = read_inputs(json.loads(canonical(inputs.plain())))  # counted as it will be counted again
    built = _count(report, as_stored, last, progress)
    return replace(built, is_whole=cut == window.cuts)


EXAMPLES = {"day": "2026-11-23", "week": "2026-W47", "month": "2026-11", "quarter": "2026-Q4", "year": "2026"}


def _count(report: Report, inputs: Inputs, last: int, progress: Progress = quiet) -> Built:
    """Feed every case of the area to the report; then the texts of those that its tables name, unless they were stored."""
    builder, total = report.make(inputs), case_count() if progress is not quiet else 0
    ended_before, zone = inputs.window.opens if report.is_of_its_window else None, plant().zone
    told = stories(inputs.window.cuts, last, lambda at: at.astimezone(zone).date(), ended_before)
    for done, each in enumerate(told, start=1):
        if done % STEP == 0:
            progress(done, max(done, total), f"{report.word}（件）")
        if each.get("jurisdiction").startswith(inputs.area_code) and (report.is_with_withdrawn or not each.is_withdrawn):
            builder.add(each)
    known = report_inputs.texts_of(builder.wanted()) if inputs.texts is None else inputs.texts
    return Built(builder.document(known), replace(inputs, texts=known), last, is_whole=True)


@deed
def publish(work: Work, built: Built) -> StoredReport:
    """Freeze a report, once for each name, period and area. Raises `Conflict` when it is frozen already or its period is not over."""
    document = built.document
    if not built.is_whole:
        raise Conflict(f"{document.title}的统计期还没有结束，不能存档。", code="not_over")
    if find(document.name, document.period, document.area_code) is not None:
        raise Conflict(f"{document.title}已经存档，不能重做；更正见下一期。", code="published")
    row = StoredReport(
        name=document.name, period=document.period, area_code=document.area_code, title=document.title, as_of=built.inputs.window.cuts,
        last_fact_id=built.last_fact_id, case_count=len({n for numbers in document.cases.values() for n in numbers}),
        inputs=canonical(built.inputs.plain()), body=document.text(), digest=document.digest(), made_at=work.clock.now())
    work.session.add(row)
    work.session.flush()
    work.record(stream_of(row), "report:published", CLOCK,
                {"digest": row.digest, "as_of": built.inputs.window.cuts, "last_fact_id": built.last_fact_id, "title": row.title})
    return row


def stream_of(row: StoredReport) -> str:
    """Where the ledger says that it was published."""
    return f"report:{row.name}/{row.period}/{row.area_code}"


def find(name: str, period: str, area_code: str) -> StoredReport | None:
    """The frozen report, None where there is none."""
    return db.session.scalar(select(StoredReport).where(
        StoredReport.name == name, StoredReport.period == period, StoredReport.area_code == area_code))


def stored(name: str = "") -> tuple[Stored, ...]:
    """All frozen reports, of one name when given, in the order in which they were frozen."""
    row = StoredReport
    query = select(row.id, row.name, row.period, row.area_code, row.title, row.as_of, row.case_count, row.digest, row.made_at)
    return tuple(Stored(*each) for each in db.session.execute((query.where(row.name == name) if name else query).order_by(row.id)))


def document_of(row: StoredReport) -> Document:
    """A frozen report as it was stored."""
    return read_document(json.loads(row.body))


def rerun(row: StoredReport, progress: Progress = quiet) -> Document:
    """The same report made again from the ledger. Raises `Broken` when it, what was stored and what the ledger says are not one."""
    kept = sha256(row.body.encode()).hexdigest()
    if kept != row.digest:
        raise Broken(f"{row.title}的存档文本与其摘要不符：摘要 {row.digest[:12]}，文本 {kept[:12]}。")
    told = [fact.payload.get("digest") for fact in ledger.stream_of(db.session(), stream_of(row))]
    if told != [row.digest]:
        raise Broken(f"{row.title}的存档与账本记录的摘要不符。")
    built = _count(report_named(row.name), read_inputs(json.loads(row.inputs)), row.last_fact_id, progress)
    if built.document.digest() != row.digest:
        raise Broken(f"{row.title}重算后与存档不符：存档 {row.digest[:12]}，重算 {built.document.digest()[:12]}。")
    return built.document


def verify(name: str = "", progress: Progress = quiet) -> int:
    """Make every frozen report again, of one name when given; returns how many. Raises `Broken` naming the first that differs."""
    lines = stored(name)
    for done, line in enumerate(lines, start=1):
        row = db.session.get(StoredReport, line.id)
        assert row is not None
        rerun(row)
        db.session.expunge(row)
        progress(done, len(lines), "报告重算（份）")
    return len(lines)

