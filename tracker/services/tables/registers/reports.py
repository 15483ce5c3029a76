"""The platform's list of execution reports in from a file: each is matched by permit number, kind and period, and noted once."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Refusal
from tracker.domain.house.say import Say
from tracker.domain.sites.fact_kinds import SiteBatchFacts
from tracker.domain.tables.incoming_rows import RowTrouble
from tracker.domain.tables.registers.report_rows import HEADERS, IncomingReport, ReportColumn, column_of, read_report
from tracker.services.house import permits
from tracker.services.house.numbers import next_number
from tracker.services.house.work import Work, deed, reading
from tracker.services.sites.obligations import put_in, require_day
from tracker.services.tables.import_reading import digest_of_file
from tracker.services.tables.registers.importing import PERMISSION, BadRegisterRows, OnlyLooked, RegisterOutcome
from tracker.services.tables.registers.planning import PORTION
from tracker.services.tables.registers.reading import FileColumns, FileRows, read_rows, write_errors
from tracker.services.tables.registers.writing import BatchWriter
from tracker.storage.sites.obligations import stands
from tracker.storage.sites.owed import SiteObligation
from tracker.storage.sites.sites import Site, SiteBatch, SiteEntry

REPORTS = "obligation"  # what the command calls it, and how its batches are kept
COLUMNS = FileColumns(column_of, tuple(frozenset({each}) for each in ReportColumn if each is not ReportColumn.document),
                      {column: every[0] for column, every in HEADERS.items()})
Key = tuple[str, str, str]
Found = dict[Key, tuple[SiteObligation, str]]


def import_reports(actor: Actor, path: Path, *, is_dry: bool = False, errors: Path | None = None) -> RegisterOutcome:
    """The reports of a file noted as in. Raises `BadRegisterRows` with every bad row; nothing was noted then."""
    permits.require(actor, PERMISSION)
    found = read_rows(path, COLUMNS, read_report)
    outcome = RegisterOutcome(path.name, REPORTS, row_count=found.row_count, notes=list(found.notes), is_dry=is_dry)
    reading().rollback()
    with suppress(OnlyLooked):
        _note_reports(actor, found, outcome, digest_of_file(path))
    if outcome.bad_count and errors is not None:
        write_errors(path, errors, found.headers, outcome.troubles)
    if outcome.bad_count:
        raise BadRegisterRows(outcome)
    return outcome


@deed
def _note_reports(work: Work, actor: Actor, found: FileRows[IncomingReport], outcome: RegisterOutcome, digest: str) -> None:
    troubles, first, fresh = list(found.troubles), dict[Key, IncomingReport](), list[tuple[SiteObligation, IncomingReport]]()
    for start in range(0, len(found.rows), PORTION):
        some = found.rows[start:start + PORTION]
        owed = _owed_by(work.session, some)
        for row in some:
            clause = _why_bad(work, actor, owed, first, row)
            if clause:
                troubles.append(RowTrouble(row.row, "", Say("{place}：{told}", place=row.place, told=clause), row.sheet))
                continue
            obligation = owed[row.key][0]
            if obligation.satisfied_on is None:
                fresh.append((obligation, row))
            elif obligation.satisfied_on != row.on:
                outcome.changes.append(Say("{place}：提交日期已登记为 {on}，没有改", place=row.place, on=obligation.satisfied_on))
            else:
                outcome.known_count += 1
    outcome.troubles, outcome.created_count = troubles, len(fresh)
    outcome.changed_count = len(outcome.changes)
    outcome.bad_count = len({(each.sheet, each.row) for each in troubles})
    if outcome.bad_count or outcome.is_dry or not fresh:
        raise OnlyLooked
    _write_reports(work, actor, fresh, outcome, digest)


def _owed_by(session: Session, rows: Sequence[IncomingReport]) -> Found:
    query = select(SiteObligation, SiteEntry.number, Site.area_code).join(
        SiteEntry, SiteEntry.id == SiteObligation.entry_id).join(Site, Site.id == SiteObligation.site_id).where(
        stands(), SiteEntry.number.in_({each.number for each in rows}), SiteObligation.period.in_({each.key[2] for each in rows}))
    return {(number, row.kind, row.period): (row, area) for row, number, area in session.execute(query)}


def _why_bad(work: Work, actor: Actor, owed: Found, first: dict[Key, IncomingReport], row: IncomingReport) -> str:
    """What is wrong with a row as a clause; "" where nothing is."""
    earlier = first.setdefault(row.key, row)
    if earlier is not row:
        return Say("与{place}是同一条。", place=earlier.place)
    if row.key not in owed:
        return Say("许可证 {number} 没有应交的 {period} 这一期。", number=row.number, period=row.period.code)
    obligation, area = owed[row.key]
    if not actor.has_in(PERMISSION, area):
        return Say("不在您的区域。")
    if obligation.satisfied_on is None:
        try:
            require_day(obligation, row.on, work.clock.today())
        except Refusal as refusal:
            return refusal.sentence
    return ""


def _write_reports(work: Work, actor: Actor, fresh: Sequence[tuple[SiteObligation, IncomingReport]], outcome: RegisterOutcome,
                   digest: str) -> None:
    now, year = work.clock.now(), work.clock.today().year
    batch = SiteBatch(
        code=f"IMP-{year}-{next_number(work, f'import:{year}'):04d}", register=REPORTS, mode="add", as_of=work.clock.today(),
        file_name=outcome.file_name[:200], digest=digest, row_count=outcome.row_count, created_count=0,
        known_count=outcome.known_count, changed_count=len(fresh), ended_count=0, imported_at=now,
        imported_by_id=actor.id if actor.id > 0 else None, withdrawn_at=None)
    work.session.add(batch)
    work.session.flush()
    writer = BatchWriter(work, actor, batch)
    for start in range(0, len(fresh), PORTION):
        for obligation, row in fresh[start:start + PORTION]:
            put_in(work, actor, obligation, row.on, row.document)
        writer.tell()
    outcome.batch = batch.code
    work.record(writer.stream, SiteBatchFacts.entered, actor, {
        "register": REPORTS, "file_digest": digest, "lines": outcome.row_count, "created": len(fresh),
        "known": outcome.known_count})
