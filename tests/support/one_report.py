"""One report more, in memory: the function that adds its row, a small builder, and what the house finds missing of any row."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import time
from functools import cache

from babel.messages.pofile import read_po

from tests.support.editions import of_the_district
from tests.support.project_files import ROOT, name_of, project_files
from tracker.domain.cadence.beats import BEATS, Beat
from tracker.domain.cases.stories import Story
from tracker.domain.house.actor import ROLE_GRANTS, Permission
from tracker.domain.reports.document import Column, Document, Figure, Section, Table
from tracker.domain.reports.inputs import Inputs
from tracker.domain.reports.kinds import REPORTS, Readership, Report
from tracker.domain.rules.periods import PeriodKind
from tracker.domain.rules.rhythms import nth_workday_after
from tracker.services.cadence.beat_papers import COMPOSERS
from tracker.services.cadence.jobs import OFTEN, job_of

PINNED = ROOT / "tests" / "golden" / "report-editions.json"
PO = ROOT / "tracker" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
LONGEST_BRIEF = 4  # what a day of the calendar page holds
# Where reports may be called by name: their rows, their builders, and the words for how often something comes.
MAY_NAME = ("tracker/domain/reports/", "tracker/services/cadence/jobs.py", "tracker/services/house/jobs.py")


class IntakeMonth:
    """Counts the cases that were registered in the window."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.numbers: list[str] = []

    def add(self, story: Story) -> None:
        """Count one case."""
        if self.inputs.window.holds(story.moves[0].at):
            self.numbers.append(story.number)

    def wanted(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(self.numbers)

    def document(self, texts: Mapping[str, tuple[str, str]]) -> Document:
        """How many, and which."""
        inputs, columns = self.inputs, (Column("编号", "case"), Column("标题"))
        figure = Figure("new", "登记", len(self.numbers), "当月登记的案件")
        table = Table("登记的案件", columns, tuple((number, texts[number][0]) for number in self.numbers))
        return Document(
            name="intake", period=inputs.period.key, area_code=inputs.area_code,
            title=f"{inputs.area_name}收件月报（{inputs.period.word}）", subtitle="", as_of=inputs.window.cuts.isoformat(),
            sections=(Section("收件", figures=(figure,), tables=(table,)),),
            cases={"new": tuple(self.numbers)})


def intake_row(readers: Readership = Readership.watchers) -> Report:
    """The whole of what a new monthly report says of itself."""
    beat = Beat("monthly-intake", "收件月报", "当月登记的案件", PeriodKind.month, nth_workday_after(2, "次月第 2 个工作日 {at}"), time(10, 0))
    return Report("intake", beat, IntakeMonth, readers=readers)


@contextmanager
def one_report_more(row: Report) -> Iterator[Report]:
    """The product with one report more than it has, as long as this lasts."""
    with REPORTS.with_rows(row):
        yield row


def missing_places() -> list[str]:
    """Every place that some report or beat lacks, a sentence for each."""
    return [*(said for beat in BEATS for said in _missing_of_beat(beat)),
            *(said for report in REPORTS for said in _missing_of_report(report)), *_named_elsewhere()]


def _missing_of_beat(beat: Beat) -> Iterator[str]:
    if Counter(each.id for each in BEATS)[beat.id] > 1:
        yield f"{beat.id}: two beats have this id, or two reports this beat."
    if not beat.id.startswith(f"{OFTEN[beat.kind]}-"):
        yield f"{beat.id}: it is of a {beat.kind}, so its id must begin with {OFTEN[beat.kind]}-."
    if not beat.report and beat.id not in COMPOSERS:
        yield f"{beat.id}: it freezes no report, so COMPOSERS in services/cadence/beat_papers.py must say what composes it."
    if len(beat.brief) > LONGEST_BRIEF:
        yield f"{beat.id}: “{beat.brief}” is too long for the calendar page; give its row a `short`."
    for text in dict.fromkeys((beat.word, beat.what_for, beat.brief, beat.day.words)):
        if not _english().get(text):
            yield f"{beat.id}: “{text}” has no English in messages.po."
    line = f"| `{beat.id}` | {job_of(beat).when} | {beat.what_for} |"
    if line not in (ROOT / "README.md").read_text():
        yield f"{beat.id}: README's table of jobs lacks it; ./run lint writes it."


def _missing_of_report(report: Report) -> Iterator[str]:
    name, document = report.name, of_the_district(report)
    if Counter(each.name for each in REPORTS)[name] > 1:
        yield f"{name}: two reports have this name."
    if document.name != name:
        yield f"{name}: its builder calls the document {document.name}."
    if not document.title:
        yield f"{name}: its builder gives the document no title."
    if not _english().get(report.word):
        yield f"{name}: “{report.word}” has no English in messages.po."
    opening = {report.readers.permission, Permission.supervision_read}
    for role in report.beat.roles:
        if not opening & ROLE_GRANTS[role]:
            yield f"{name}: it is addressed to the role {role}, which may never open it; change `roles` or `readers` of its row."
    pinned = json.loads(PINNED.read_text())
    for number in range(1, report.edition + 1):
        if f"{name}/{number}" not in pinned:
            yield f"{name}: report-editions.json lacks {name}/{number}; XIAOHAO_RENEW=1 for its test writes today's."


def _named_elsewhere() -> Iterator[str]:
    """Whatever knows a report or its beat by name, instead of asking the row."""
    quoted = "|".join(re.escape(name) for each in REPORTS for name in (each.name, each.beat.id))
    for path in project_files():
        is_ours = path.suffix in (".py", ".html") and path.relative_to(ROOT).parts[0] in ("tracker", "templates")
        if is_ours and not name_of(path).startswith(MAY_NAME) and "migrations" not in path.parts:
            for name in sorted(set(re.findall(rf"""["']({quoted})["']""", path.read_text()))):
                yield f"{name_of(path)}: it knows “{name}” by name; ask the row for what it wants to know."


@cache
def _english() -> dict[str, str]:
    with PO.open("rb") as source:
        return {str(entry.id): str(entry.string) for entry in read_po(source) if entry.id and not entry.context}
