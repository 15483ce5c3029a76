"""Does everything still hold? Guards, log, tree, every chain, every row against the fold of its facts, numbers, files.

Reads in portions, so memory stays flat however long the ledger grows, and in one snapshot, so work going on is no trouble.
"""

import gc
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby, islice

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from tracker.domain.house.ledger import Fact, first_bad
from tracker.domain.house.log.verifying import SEVENTHS, VerifyKind
from tracker.domain.house.say import Say
from tracker.services.house.faults import Fault
from tracker.services.house.positions import instant
from tracker.services.house.work import reading
from tracker.services.upkeep.checks import tree
from tracker.services.upkeep.checks.cases import CASE, case_troubles
from tracker.services.upkeep.checks.files import FileRun, file_troubles
from tracker.services.upkeep.checks.guards import guard_troubles
from tracker.services.upkeep.checks.law import LawThen, act_state_troubles
from tracker.services.upkeep.checks.numbers import number_troubles
from tracker.services.upkeep.checks.rows import LARGE, row_troubles
from tracker.services.upkeep.checks.words import has_words, words_troubles
from tracker.storage.cases.cases import Case
from tracker.storage.house import log
from tracker.storage.house.ledger import FactRow, Redactions, redactions
from tracker.storage.house.log import LogRow
from tracker.storage.upkeep import placed_facts
from tracker.storage.upkeep.placed_facts import ACT, PlacedFact

PORTION = 100
MOST_NAMED = 50
JUDGED = (CASE, ACT)
Progress = Callable[[int, int, str], None]


@dataclass
class IntegrityRun:
    """What was looked at, and what does not hold: the first of it by name, all of it by number."""

    kind: VerifyKind = VerifyKind.full
    size: int = 0
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

    def take(self, other: "IntegrityRun") -> None:
        """What was found beside this, as if it were found now."""
        self.trouble_count += other.trouble_count
        self.troubles += other.troubles[:MOST_NAMED - len(self.troubles)]

    def sentence(self) -> str:
        """One line for a log."""
        looked = (Say("核验记录流 {streams} 条、事实 {facts} 条、案件 {cases} 件、证据文件 {files} 份", streams=self.stream_count,
                      facts=self.fact_count, cases=self.case_count, files=self.file_count))
        return Say("{looked}，全部相符", looked=looked) if not self.troubles else Say("{looked}，不符 {count} 处", looked=looked,
                                                                                 count=self.trouble_count)


@dataclass(frozen=True)
class VerifyScope:
    """How much is looked at. Of what did not change since entry `since`, one seventh, which `on` chooses; all of it in a full
    run."""

    kind: VerifyKind = VerifyKind.full
    since: int = 0
    on: date = date(2000, 1, 1)
    has_files: bool = True

    @property
    def seventh(self) -> int | None:
        """Which seventh, None for all."""
        return None if self.kind is VerifyKind.full else self.on.toordinal() % SEVENTHS


def verify(progress: Progress | None = None, scope: VerifyScope = VerifyScope()) -> IntegrityRun:
    """Check the ledger. Troubles of streams come in the order of the streams; within a stream only the first bad fact is
    named."""
    session, report = _snapshot_session(), IntegrityRun(scope.kind)
    gc.freeze()  # what the product holds for good is not looked through again for each of many portions
    try:
        report.size, report.redacted = log.end(session)[0], redactions(session)
        names = None if scope.kind is VerifyKind.full else _chosen_streams(session, scope)
        law = LawThen(session)
        unlawful = _check_contents(session, report, law, names, progress)
        report.add(_rows_without_facts(session))
        report.add(tree.troubles(session))
        report.add(row_troubles(session, () if scope.kind is VerifyKind.full else LARGE))
        report.add(law.edition_troubles())
        for found in unlawful:
            report.take(found)
        report.add(law.people_troubles(session, names))
        report.add(act_state_troubles(session))
        report.add(number_troubles(session))
        report.add(guard_troubles(session))
        if scope.has_files:
            _check_files(session, report, scope, progress)
    finally:
        gc.unfreeze()
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


def _check_contents(session: Session, report: IntegrityRun, law: LawThen, names: list[str] | None,
                    progress: Progress | None) -> tuple[IntegrityRun, ...]:
    """Each stream is read once: is it whole, is its row what it amounts to, and was it lawful? What was not is handed out apart,
    that of cases before that of acts."""
    if names is None:
        total, facts = session.scalar(select(func.count()).select_from(FactRow)) or 0, placed_facts.every(session)
    else:
        total, facts = 0, placed_facts.of_streams(session, names)
    redacted = {mark: digest for mark, (_, digest) in report.redacted.items()}
    streams = (_read_stream(of_stream, redacted) for _, of_stream in groupby(facts, key=lambda each: each.fact.stream))
    of_cases, of_acts = IntegrityRun(), IntegrityRun()
    while portion := list(islice(streams, PORTION)):
        report.add(_portion_troubles(session, portion, report))
        for read in portion:
            if read.is_judged:
                (of_cases if read.name.startswith(CASE) else of_acts).add(law.record_troubles(read.placed))
        if progress:
            progress(report.fact_count, max(total, report.fact_count), "账本")
    return of_cases, of_acts


def _chosen_streams(session: Session, scope: VerifyScope) -> list[str]:
    """The streams that grew since, and this day's seventh of all."""
    grown = select(FactRow.stream).join(LogRow, LogRow.fact_id == FactRow.id).where(LogRow.position > scope.since).distinct()
    chosen = set(session.scalars(grown))
    if scope.kind is VerifyKind.nightly:
        every = session.scalars(select(FactRow.stream).where(FactRow.seq == 1))
        chosen |= {name for name in every if zlib.crc32(name.encode()) % SEVENTHS == scope.seventh}
    return sorted(chosen)


def _check_files(session: Session, report: IntegrityRun, scope: VerifyScope, progress: Progress | None) -> None:
    since = session.scalar(select(LogRow.logged_at).where(LogRow.position == scope.since))
    run = FileRun(scope.seventh, instant(since) if since is not None else None)
    tell = (lambda done, total: progress(done, total, "证据文件")) if progress else None
    report.add(file_troubles(session, run, tell))
    report.file_count = run.count


@dataclass(frozen=True)
class _ReadStream:
    """A stream as it was read: its facts, and the first that does not hold in its chain."""

    placed: list[PlacedFact]
    bad: tuple[Fact, str] | None

    @property
    def facts(self) -> list[Fact]:
        return [each.fact for each in self.placed]

    @property
    def name(self) -> str:
        return self.placed[0].fact.stream

    @property
    def is_judged(self) -> bool:
        return self.name.startswith(JUDGED)


def _read_stream(facts: Iterator[PlacedFact], redacted: Mapping[tuple[str, int], str]) -> _ReadStream:
    """A stream, fact by fact. Of one that is neither a case nor an act only those bodies are kept that words belong to: the
    ledger's own tell of whole tables, and there is no end to them."""
    kept: list[PlacedFact] = []

    def passing() -> Iterator[Fact]:
        for placed in facts:
            fact = placed.fact
            is_whole = fact.stream.startswith(JUDGED) or has_words(fact)
            kept.append(placed if is_whole else placed._replace(fact=replace(fact, body="{}")))
            yield fact

    every = passing()
    bad = first_bad(every, redacted)
    deque(every, maxlen=0)
    return _ReadStream(kept, bad)


def _portion_troubles(session: Session, portion: Sequence[_ReadStream], report: IntegrityRun) -> list[Fault]:
    bad = {read.name: Fault.of(*read.bad) for read in portion if read.bad is not None}
    report.stream_count += len(portion)
    report.fact_count += sum(len(read.placed) for read in portion)
    sound = [read.facts for read in portion if read.name.startswith(CASE) and read.name not in bad]
    others = [fact for read in portion if not read.name.startswith(CASE) for fact in read.facts]
    report.case_count += sum(read.name.startswith(CASE) for read in portion)
    bad |= case_troubles(session, sound)
    found_words = list(words_troubles(session, others))
    return [bad[read.name] for read in portion if read.name in bad] + found_words


def _rows_without_facts(session: Session) -> Iterator[Fault]:
    told = exists().where(FactRow.stream == CASE + Case.number, FactRow.seq == 1)
    for number in session.scalars(select(Case.number).where(~told).order_by(Case.number).limit(MOST_NAMED)):
        yield Fault(f"{CASE}{number}#1", "案件没有账本记录")
