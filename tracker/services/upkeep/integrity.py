"""Does everything still hold? Every chain, every case row against the fold of its facts, every file, the latest seal.

Reads in portions, so memory stays flat however long the ledger grows, and in one snapshot, so work going on is no trouble.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from operator import attrgetter

from sqlalchemy import ColumnElement, exists, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.domain.house.errors import Broken
from tracker.domain.house.ledger import Fact, first_bad
from tracker.domain.house.say import Say
from tracker.services.house.faults import Fault
from tracker.services.house.work import reading, wiring
from tracker.services.territory import boundaries
from tracker.services.upkeep import tree_integrity
from tracker.services.upkeep.case_integrity import CASE, case_troubles
from tracker.services.upkeep.checks.guards import guard_troubles
from tracker.services.upkeep.checks.numbers import number_troubles
from tracker.services.upkeep.checks.rows import row_troubles
from tracker.services.upkeep.word_integrity import words_troubles
from tracker.storage.cases.cases import Case
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.evidence.uploads import UploadRow
from tracker.storage.house.ledger import FactRow, Redactions, all_streams, redactions, stream_of

PORTION = 300
MOST_NAMED = 50
Progress = Callable[[int, int, str], None]


@dataclass
class IntegrityRun:
    """What was looked at, and what does not hold: the first of it by name, all of it by number."""

    stream_count: int = 0
    fact_count: int = 0
    case_count: int = 0
    file_count: int = 0
    trouble_count: int = 0
    troubles: list[Fault] = field(default_factory=list)
    redacted: Redactions = field(default_factory=dict)

    @property
    def first(self) -> Fault | None:
        """The first bad fact, None when everything holds."""
        return self.troubles[0] if self.troubles else None

    def add(self, troubles: Iterable[Fault]) -> None:
        """Count troubles, and keep the first ones."""
        for trouble in troubles:
            self.trouble_count += 1
            if len(self.troubles) < MOST_NAMED:
                self.troubles.append(trouble)

    def sentence(self) -> str:
        """One line for a log."""
        looked = (Say("核验记录流 {streams} 条、事实 {facts} 条、案件 {cases} 件、证据文件 {files} 份", streams=self.stream_count,
                      facts=self.fact_count, cases=self.case_count, files=self.file_count))
        return Say("{looked}，全部相符", looked=looked) if not self.troubles else Say("{looked}，不符 {count} 处", looked=looked,
                                                                                 count=self.trouble_count)


def verify(progress: Progress | None = None) -> IntegrityRun:
    """Check the whole ledger. Troubles come in the order of the streams; within a stream only the first bad fact is named."""
    session, report = _snapshot_session(), IntegrityRun()
    try:
        total, report.redacted = session.scalar(select(func.count()).select_from(FactRow)) or 0, redactions(session)
        for portion in _fact_portions(groupby(all_streams(session), key=attrgetter("stream"))):
            report.add(_portion_troubles(session, portion, report))
            if progress:
                progress(report.fact_count, total, "账本")
        report.add(_rows_without_facts(session))
        report.add(tree_integrity.troubles(session))
        report.add(row_troubles(session))
        report.add(number_troubles(session))
        report.add(guard_troubles(session))
        report.add(_file_troubles(session, report, progress))
        report.add(boundaries.file_troubles(session))
        report.file_count += len(boundaries.file_digests(session))
    finally:
        session.rollback()
    return report


def _snapshot_session() -> Session:
    """A session whose statements all see the same moment."""
    session = reading()
    if session.in_transaction():
        session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    return session


def _fact_portions(streams: Iterator[tuple[str, Iterator[Fact]]]) -> Iterator[list[list[Fact]]]:
    whole = (list(facts) for _, facts in streams)
    while portion := list(islice(whole, PORTION)):
        yield portion


def _portion_troubles(session: Session, portion: Sequence[list[Fact]], report: IntegrityRun) -> list[Fault]:
    bad: dict[str, Fault] = {}
    for facts in portion:
        report.stream_count += 1
        report.fact_count += len(facts)
        found = first_bad(facts, {mark: digest for mark, (_, digest) in report.redacted.items()})
        if found is not None:
            bad[facts[0].stream] = Fault.of(*found)
    sound = [facts for facts in portion if facts[0].stream.startswith(CASE) and facts[0].stream not in bad]
    report.case_count += sum(facts[0].stream.startswith(CASE) for facts in portion)
    bad |= case_troubles(session, sound)
    others = [facts for facts in portion if not facts[0].stream.startswith(CASE) and facts[0].stream not in bad]
    for trouble in words_troubles(session, [fact for facts in others for fact in facts]):
        bad.setdefault(trouble.where.partition("#")[0], trouble)
    return [bad[facts[0].stream] for facts in portion if facts[0].stream in bad]


def _rows_without_facts(session: Session) -> Iterator[Fault]:
    told = exists().where(FactRow.stream == CASE + Case.number, FactRow.seq == 1)
    for number in session.scalars(select(Case.number).where(~told).order_by(Case.number).limit(MOST_NAMED)):
        yield Fault(f"{CASE}{number}#1", "案件没有账本记录")


def _file_troubles(session: Session, report: IntegrityRun, progress: Progress | None) -> Iterator[Fault]:
    columns = (EvidenceRow.digest, EvidenceRow.shown_digest, EvidenceRow.thumb_digest,
               UploadRow.digest, UploadRow.shown_digest, UploadRow.thumb_digest)
    total = sum(session.scalar(select(func.count(column.distinct())).where(_is_counted(column))) or 0 for column in columns)
    for column in columns:
        for digest in _distinct_digests(session, column):
            report.file_count += 1
            try:
                wiring().blobs.verify(digest)
            except Broken as broken:
                yield Fault(_fact_of(session, column, digest), broken.sentence.rstrip("。"))
            if progress and report.file_count % 50 == 0:
                progress(report.file_count, total, "证据文件")
    if progress:
        progress(report.file_count, total, "证据文件")


def _is_counted(column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]) -> ColumnElement[bool]:
    return UploadRow.used_at.is_(None) if column.class_ is UploadRow else true()


def _distinct_digests(session: Session, column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]) -> Iterator[str]:
    """Every digest of a column once. Uploads that became evidence are looked at there."""
    last = ""
    while found := session.scalars(
            select(column).distinct().where(column > last, _is_counted(column)).order_by(column).limit(PORTION)).all():
        yield from (digest for digest in found if digest is not None)
        last = found[-1] or ""


def _fact_of(session: Session, column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], digest: str) -> str:
    """The fact by which the file came in; what still waits came in by none."""
    if column.class_ is UploadRow:
        return f"上传文件 {session.scalar(select(func.min(UploadRow.id)).where(column == digest))}"
    row = session.execute(
        select(EvidenceRow.id, EvidenceRow.subject).where(column == digest).order_by(EvidenceRow.id).limit(1)).one()
    for fact in stream_of(session, row.subject):
        said = fact.payload.get("evidence") or ()
        if isinstance(said, list) and any(isinstance(e, dict) and e.get("id") == row.id for e in said):
            return Fault.of(fact, "").where
    return f"{row.subject} 证据 {row.id}"
