"""What each cadence says: read at length beforehand, then frozen and addressed inside the one transaction that ends the run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from tracker.domain.cadence.beats import Beat
from tracker.domain.house.say import DateWords, Say
from tracker.domain.reports.document import Document
from tracker.domain.reports.kinds import report_named
from tracker.domain.rules.periods import Period
from tracker.services.cadence import morning
from tracker.services.cadence.composing import Composed, ForeseenMail
from tracker.services.cadence.records import late_label
from tracker.services.house.work import Work
from tracker.services.mail.audiences import MailReader
from tracker.services.mail.letters import Letter
from tracker.services.reports import circulars, reports
from tracker.services.reports.mails import letters_of, letters_to_sign, readers_of
from tracker.services.reports.papers import paper_of
from tracker.services.reports.reports import Built
from tracker.storage.reports.stored import StoredReport

BY_CHOICE = "按办理人的选择只作记录，不发邮件"


class Composer(Protocol):
    """Makes the beats of one cadence. `prepare` reads and takes its time; `commit` writes, in the caller's transaction."""

    def prepare(self, cadence: Beat, period: Period, area_code: str, *, is_told: bool = True) -> Any:
        """Whatever `commit` needs; letters only where somebody is told."""
        ...

    def foresee(self, cadence: Beat, period: Period, area_code: str) -> ForeseenMail:
        """Whom it would be mailed to now. Writes nothing."""
        ...

    def commit(self, work: Work, prepared: Any, record_id: int) -> Composed:
        """Freeze and address it. What was frozen before, by hand or by a process that died, is taken as it is."""
        ...


@dataclass(frozen=True)
class PreparedReport:
    """A report that was counted, or None where it is frozen already, its readers, and their letters but for the label of
    lateness. One that is signed for goes to its readers later: `is_told` says whether."""

    built: Built | None
    cadence: Beat
    period: Period
    area_code: str
    readers: tuple[MailReader, ...]
    digest: str
    letters: Sequence[Letter]
    is_told: bool = True


class ReportComposer:
    """Counts a report, freezes it once, and mails it to the readers of its cadence."""

    def prepare(self, cadence: Beat, period: Period, area_code: str, *, is_told: bool = True) -> PreparedReport:
        """Count it, unless it is frozen, and draw its letters: nothing of that may take time in the transaction."""
        row = reports.find(cadence.report, period.key, area_code)
        if row is not None:
            return self._prepare_report(None, cadence, period, area_code, reports.document_of(row), is_told=is_told)
        built = reports.build(cadence.report, period, area_code)
        return self._prepare_report(built, cadence, period, area_code, built.document, is_told=is_told)

    def foresee(self, cadence: Beat, period: Period, area_code: str) -> ForeseenMail:
        """Its readers of today."""
        return ForeseenMail(len(readers_of(cadence.report, area_code)))

    def commit(self, work: Work, prepared: PreparedReport, record_id: int) -> Composed:
        """Freeze it and write to its readers. A report that was frozen in the meantime is mailed as it was frozen."""
        cadence, period, area = prepared.cadence, prepared.period, prepared.area_code
        row = reports.find(cadence.report, period.key, area)
        if row is None:
            assert prepared.built is not None
            row = reports.publish(prepared.built)
        if report_named(cadence.report).is_signed:
            return _composed_circular(row, record_id, is_told=prepared.is_told)
        drawn = prepared.letters
        if row.digest != prepared.digest:
            drawn = letters_of(reports.document_of(row), prepared.readers, record_id)
        letters = reworded(drawn, {"late": late_label(work, record_id)}, record_id)
        return Composed(letters, row.case_count, row.id, Say("{title}，案件 {case_count} 件", title=row.title,
                                                             case_count=row.case_count))

    def _prepare_report(self, built: Built | None, cadence: Beat, period: Period, area_code: str,
                        document: Document, *, is_told: bool) -> PreparedReport:
        is_mailed = is_told and not report_named(cadence.report).is_signed
        to = readers_of(cadence.report, area_code) if is_mailed else ()
        letters = letters_of(document, to, None) if is_mailed else []
        return PreparedReport(built, cadence, period, area_code, to, document.digest(), letters, is_told)


def _composed_circular(row: StoredReport, record_id: int, *, is_told: bool) -> Composed:
    """A frozen report whose circular waits for its signature: who may edit or sign it is told, its readers are not yet."""
    circulars.compose(row, is_mailed=is_told)
    paper = paper_of(row)
    assert paper is not None
    return Composed(letters_to_sign(paper, record_id) if is_told else (), row.case_count, row.id, Say(
        "{title}，案件 {case_count} 件，{until} 前签发", title=row.title, case_count=row.case_count,
        until=DateWords(paper.row.sign_by_on)))


class RecordOnly:
    """Stands in for what composes nothing but letters where nobody is to be told: no rung is written, so what was reached is told
    on the next morning."""

    def prepare(self, cadence: Beat, period: Period, area_code: str, *, is_told: bool = False) -> None:
        """Nothing to read."""

    def foresee(self, cadence: Beat, period: Period, area_code: str) -> ForeseenMail:
        """Nobody."""
        return ForeseenMail(silence=BY_CHOICE)

    def commit(self, work: Work, prepared: None, record_id: int) -> Composed:
        """The reason is all there is to keep."""
        return Composed(outcome=BY_CHOICE)


def reworded(letters: Sequence[Letter], more: Mapping[str, object], record_id: int) -> list[Letter]:
    """The same letters with more words, of this record; letters that shared their words share them still, and are drawn once."""
    shared = {id(letter.words): {**letter.words, **more} for letter in letters}
    return [replace(letter, record_id=record_id, words=shared[id(letter.words)]) for letter in letters]


# What composes the beats that freeze no report.
COMPOSERS: Mapping[str, Composer] = {morning.ID: morning}


def composer_of(cadence: Beat) -> Composer:
    """What composes this beat: its report, where it has one."""
    return ReportComposer() if cadence.report else COMPOSERS[cadence.id]
