"""Reports: gathered from the ledger, shaped by the law, frozen once, and made again from the ledger to the same bytes.

A report is built from the cases that its reach holds, if the ledger's own count says that no open one is missing; it is made
again from every fact of the ledger, so that each check of the archive also checks that short way.
"""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from tracker.domain.cases.facts import FINAL
from tracker.domain.cases.stories import Story
from tracker.domain.house.actor import CLOCK
from tracker.domain.house.errors import Broken, Conflict, Invalid
from tracker.domain.house.ledger import canonical
from tracker.domain.house.say import Say
from tracker.domain.reports.document import Document, read_document
from tracker.domain.reports.fact_kinds import ReportFacts
from tracker.domain.reports.inputs import ComparingBuilder, Inputs, read_inputs
from tracker.domain.reports.kinds import Report, report_named
from tracker.domain.rules.periods import EXAMPLES, Period, Window
from tracker.domain.territory.offices import Office
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.services.reports import inputs as report_inputs
from tracker.services.rules import rules
from tracker.services.territory import offices
from tracker.storage.house import ledger
from tracker.storage.reports import archive
from tracker.storage.reports.archive import Archived
from tracker.storage.reports.stored import StoredReport
from tracker.storage.reports.stories import case_count, last_fact_id, stories, stories_within, unended_count

STEP = 2000
Progress = Callable[[int, int, str], None]
log = logging.getLogger("xiaohao.reports")


@dataclass(frozen=True)
class Built:
    """A report with everything that it rests on. `is_whole` says that its period is over and nothing can be added any more."""

    document: Document
    inputs: Inputs
    last_fact_id: int
    is_whole: bool


class OtherEdition(Conflict):
    """A frozen report was made by another edition of its builder: its text holds, and cannot be compared with what is counted
    today."""


def quiet(done: int, total: int, what: str) -> None:
    """Nobody watches."""


def build(name: str, period: Period, area_code: str, as_of: datetime | None = None, progress: Progress = quiet,
          instead: Mapping[str, Any] | None = None) -> Built:
    """The report of a period as it stood at the cut of its cadence, or at `as_of` where that is earlier; outside a unit of work.
    `instead` are values of rules to count by instead of those in force, to see what they would do.

    A late run counts the same as a punctual one. A period whose cut is still to come is counted up to now.
    Raises `Invalid` for a period of another length, and for one that has not begun.
    """
    report, now = report_named(name), wiring().clock.now()
    cadence = report.beat
    if period.kind is not cadence.kind:
        raise Invalid(Say("{report_word}的周期不能是“{period_key}”，应写作 {kind}。", report_word=Say(report.word), period_key=period.key,
                          kind=Say(EXAMPLES[cadence.kind])), field="period")
    window = cadence.window(period, rules.calendar(area_code), wiring().zone)
    cut = wiring().clock.local(min(each for each in (window.cuts, as_of, now) if each is not None))
    if cut <= window.opens:
        raise Invalid(Say("{period_word}的{report_word}从 {opens} 起统计，此刻还没有内容。", period_word=Say(period.word),
                          report_word=Say(report.word), opens=window.opens), field="period")
    last = last_fact_id(reading(), cut)
    inputs = report_inputs.gather(period, Window(window.opens, cut), area_code, compared=report.compared, instead=instead,
                                  tells_acts=report.tells_acts, tells_met=report.tells_met,
                                   tells_backlog=report.tells_backlog)
    inputs = replace(inputs, edition=report.edition)
    as_stored = read_inputs(json.loads(canonical(inputs.plain())))  # counted as it will be counted again
    built = _count_short(report, as_stored, last, progress)
    return replace(built, is_whole=cut == window.cuts)


def _count_short(report: Report, inputs: Inputs, last: int, progress: Progress) -> Built:
    """From the cases that the reach holds. Where the ledger knows of more open ones than their rows told of, from the whole
    ledger."""
    session = reading()
    told = stories_within(session, report.reach(inputs), inputs.window.cuts, last, _office_date())
    built, unended = _fold_stories(report, inputs, last, told, progress)
    if unended == unended_count(session, inputs.window.cuts):
        return built
    log.warning("report %s %s: the rows of cases are not what the ledger says; counted from every fact", report.name,
                inputs.period.key)
    return _count_report(report, inputs, last, progress)


def _count_report(report: Report, inputs: Inputs, last: int, progress: Progress = quiet) -> Built:
    """From every fact of the ledger, whatever the rows of the cases say."""
    reach = report.reach(inputs)
    told = stories(reading(), inputs.window.cuts, last, _office_date(), reach.since if reach.on is None else None)
    return _fold_stories(report, inputs, last, told, progress)[0]


def _fold_stories(report: Report, inputs: Inputs, last: int, told: Iterator[Story], progress: Progress) -> tuple[Built, int]:
    """Feed every case of the area to the report; then the texts of those that its tables name, unless they were stored.

    Says too how many cases of all areas had not come to their end.
    """
    builder, total, unended = report.make(inputs), case_count(reading()) if progress is not quiet else 0, 0
    merging = builder if isinstance(builder, ComparingBuilder) and inputs.merged else None
    for done, each in enumerate(told, start=1):
        if done % STEP == 0:
            progress(done, max(done, total), Say("{report_word}（件）", report_word=Say(report.word)))
        unended += each.last.state not in FINAL
        if each.get("jurisdiction").startswith(inputs.area_code) and (report.is_with_withdrawn or not each.is_withdrawn):
            builder.add(each)
        elif merging is not None and each.get("jurisdiction").startswith(inputs.merged) and not each.is_withdrawn:
            merging.add_merged(each)
    is_fresh, known = inputs.texts is None, inputs.texts or {}
    if is_fresh:
        known = report_inputs.texts_of(builder.wanted(), report.words)
    return Built(builder.document(known), report_inputs.kept(inputs, known) if is_fresh else inputs, last, is_whole=True), unended


def _office_date() -> Callable[[datetime], date]:
    zone = wiring().zone
    return lambda at: at.astimezone(zone).date()


@deed
def publish(work: Work, built: Built) -> StoredReport:
    """Freeze a report, once for each name, period and area. Raises `Conflict` when it is frozen already or its period is not
    over."""
    document = built.document
    if not built.is_whole:
        raise Conflict(Say("{title}的统计期还没有结束，不能存档。", title=document.title), code="not_over")
    if find(document.name, document.period, document.area_code) is not None:
        raise Conflict(Say("{title}已经存档，不能重做；更正见下一期。", title=document.title), code="published")
    row = StoredReport(
        name=document.name, period=document.period, area_code=document.area_code, title=document.title,
        as_of=built.inputs.window.cuts,
        last_fact_id=built.last_fact_id, case_count=len({n for numbers in document.cases.values() for n in numbers}),
        inputs=canonical(built.inputs.plain()), body=document.text(), digest=document.digest(), made_at=work.clock.now())
    work.session.add(row)
    work.session.flush()
    work.record(stream_of(row), ReportFacts.published, CLOCK,
                {"digest": row.digest, "as_of": built.inputs.window.cuts, "last_fact_id": built.last_fact_id, "title": row.title,
                 "edition": built.inputs.edition})
    return row


def stream_of(row: StoredReport) -> str:
    """Where the ledger says that it was published."""
    return f"report:{row.name}/{row.period}/{row.area_code}"


def find(name: str, period: str, area_code: str) -> StoredReport | None:
    """The frozen report, None where there is none."""
    return reading().scalar(select(StoredReport).where(
        StoredReport.name == name, StoredReport.period == period, StoredReport.area_code == area_code))


def stored(name: str = "") -> tuple[Archived, ...]:
    """All frozen reports, of one name when given, in the order in which they were frozen."""
    return archive.every(reading(), name)


def document_of(row: StoredReport) -> Document:
    """A frozen report as it was stored."""
    return read_document(json.loads(row.body))


def issued_on(row: StoredReport) -> date:
    """The office day on which it was frozen."""
    return wiring().clock.local(row.made_at).date()


def office_of(area_code: str) -> Office | None:
    """The office that signs a report of an area."""
    return offices.all_offices().of(area_code, wiring().clock.today())


def rerun(row: StoredReport, progress: Progress = quiet) -> Document:
    """The same report made again from the ledger. Raises `Broken` when it, what was stored and what the ledger says are not one.

    Raises `OtherEdition` when the stored text is what the ledger says, but its rules are not today's.
    """
    kept = sha256(row.body.encode()).hexdigest()
    if kept != row.digest:
        raise Broken(Say("{title}的存档文本与其摘要不符：摘要 {digest}，文本 {kept}。", title=row.title, digest=row.digest[:12], kept=kept[:12]))
    report, inputs = report_named(row.name), read_inputs(json.loads(row.inputs))
    told = [(fact.payload.get("digest"), fact.payload.get("edition", 1))
            for fact in ledger.stream_of(reading(), stream_of(row))]
    if told != [(row.digest, inputs.edition)]:
        raise Broken(Say("{title}的存档与账本记录的摘要不符。", title=row.title))
    if inputs.edition != report.edition:
        raise OtherEdition(Say("{title}由第 {then} 版规则生成，现为第 {now} 版，字节不再可比；散列仍核对存储的文字，核对相符。", title=row.title,
                               then=inputs.edition, now=report.edition),
                           code="other_edition")
    built = _count_report(report, inputs, row.last_fact_id, progress)
    if built.document.digest() != row.digest:
        raise Broken(Say("{title}重算后与存档不符：存档 {kept}，重算 {made}。", title=row.title, kept=row.digest[:12],
                         made=built.document.digest()[:12]))
    return built.document


def verify(name: str = "", progress: Progress = quiet, tell: Callable[[str], None] = lambda sentence: None) -> int:
    """Make every frozen report again, of one name when given; returns how many came out the same.

    `tell` hears of each one of another edition. Raises `Broken` naming the first that differs.
    """
    session = reading()
    same = 0
    lines = stored(name)
    for done, line in enumerate(lines, start=1):
        row = session.get(StoredReport, line.id)
        assert row is not None
        try:
            rerun(row)
            same += 1
        except OtherEdition as other:
            tell(other.sentence)
        session.expunge(row)
        progress(done, len(lines), "报告重算（份）")
    return same

