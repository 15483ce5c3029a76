"""Import: a published table, or our own register, comes in whole or not at all.

Reading and checking happen first and lock nothing; the cases then enter in one transaction. The same file again, or the
same source number again, changes nothing and says so.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Conflict, Invalid
from tracker.domain.house.masking import Mask, Said, mask_of
from tracker.domain.tables.cells import COMPLETED, OUTCOMES
from tracker.domain.tables.columns import CaseColumn
from tracker.domain.tables.fact_kinds import ImportFacts
from tracker.domain.tables.incoming_rows import IncomingCase, RowTrouble, digest_of
from tracker.domain.tables.plans import AS_IT_COMES, ReadingChoices
from tracker.domain.tables.type_columns import is_handled_elsewhere
from tracker.services.cases import identities
from tracker.services.cases.identities import Reporter
from tracker.services.cases.intake import PORTION, ImportedHistory, RegisterOrder, register_many
from tracker.services.house import permits
from tracker.services.house.numbers import next_number
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.services.rules import rules
from tracker.services.tables.import_places import ImportPlaces, reach_of, sighting_of
from tracker.services.tables.import_reading import (
    LeftOut,
    Progress,
    Reading,
    digest_of_file,
    quiet,
    read_file,
    same_file,
    without_address,
    write_errors,
)
from tracker.services.territory import slices
from tracker.storage.cases.cases import Case, ImportBatch
from tracker.storage.tables.staging import Spool
from tracker.storage.territory.territory import Source

MOST_NAMED = 10
MOST_TOLD = 200  # troubles, where there is room for them
Finish = Callable[[Work, "ImportOutcome"], None]


@dataclass
class ImportOutcome:
    """What an import did, or would do."""

    file_name: str
    layouts: tuple[str, ...] = ()
    row_count: int = 0
    created_count: int = 0
    known_count: int = 0
    bad_count: int = 0
    repeated_count: int = 0
    skipped_count: int = 0
    known: list[str] = field(default_factory=list)
    troubles: list[RowTrouble] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    batches: list[str] = field(default_factory=list)
    already: str = ""
    is_dry: bool = False
    is_finished: bool = False  # what had to happen with it has happened in its own transaction


class BadRows(Invalid):
    """Some rows cannot enter, and nothing was imported. `report` has the details."""

    code = "bad_rows"

    def __init__(self, report: ImportOutcome) -> None:
        first = report.troubles[0].sentence
        super().__init__(f"有 {report.bad_count} 行有误，未导入任何案件。第一处：{first}", field="file")
        self.report = report


def import_file(actor: Actor, path: Path, *, source: str = "", area: str = "", is_dry: bool = False, skip_bad: bool = False,
                errors: Path | None = None, choices: ReadingChoices = AS_IT_COMES, progress: Progress = quiet,
                writing: Progress | None = None, finish: Finish | None = None, is_book_short: bool = False) -> ImportOutcome:
    """Import a file. Raises `BadRows` when rows are wrong and are not to be skipped, `Invalid` when the file is no table.

    `errors` names a workbook that is written when rows are wrong: the table with the reason beside each of them; `is_book_short`:
    only those rows. `area` stands for a place that is not told. `finish` runs in the transaction of the cases, and so does
    `writing`, which is told how many are written instead of `progress`.
    """
    permits.require(actor, Permission.case_import)
    if source:
        source = rules.source(source).key
    report = ImportOutcome(path.name, is_dry=is_dry)
    digest = digest_of_file(path) if path.is_file() else ""
    session = reading()
    if already := same_file(session, digest, source):
        report.already = already
        return report
    with Spool() as spool:
        read = read_file(path, spool, wiring().clock.today(), source, reach_of(actor, area), progress, choices)
        _tell_outcome(report, read, choices.takes_hidden)
        session.rollback()  # reading has looked at the rules; nothing of it may hold a snapshot while we go on
        if report.bad_count and errors is not None:
            write_errors(path, errors, read, is_short=is_book_short)
        if report.bad_count and not skip_bad:
            raise BadRows(report)
        if is_dry:
            _count_known(session, report, spool)
        else:
            _enter_cases(actor, report, read, digest, writing or progress, finish)
    return report


def _tell_outcome(report: ImportOutcome, reading: Reading, takes_hidden: bool) -> None:
    report.layouts = tuple(dict.fromkeys(table.layout.word for table in reading.tables))
    report.row_count, report.repeated_count = reading.row_count, reading.repeated_count
    report.bad_count, report.troubles = reading.spool.bad_rows(), reading.spool.troubles(MOST_TOLD)
    report.notes = list(dict.fromkeys(reading.notes))
    report.left_out = reading.left_out
    if reading.left_out:
        told = "；".join(each.sentence for each in reading.left_out[:MOST_NAMED])
        more = f"；……共 {len(reading.left_out)} 行" if len(reading.left_out) > MOST_NAMED else ""
        report.notes.append(f"{told}{more}")
    if reading.hidden_count:
        report.notes.append(f"隐藏的行 {reading.hidden_count} 行，{'已一并读取' if takes_hidden else '未导入'}")
    if reading.nameless_count:
        report.notes.append(f"举报人一栏有 {reading.nameless_count} 行不是姓名（如“群众”“业主”），正文中的这些字不作隐去")
    report.skipped_count = reading.places.skipped_count
    report.notes += _place_notes(reading.places)
    if reading.ended_count:
        report.notes.append(f"{reading.ended_count} 件原为已并案、已移送、不予受理或作废，未导入")
    if reading.inferred_count:
        report.notes.append(f"{reading.inferred_count} 件的受理日期由受理编号推定")


def _place_notes(places: ImportPlaces) -> Iterator[str]:
    """What became of the rows that do not lie in an area of ours."""
    if places.unplaced_count:
        yield f"{places.unplaced_count} 行没有写明或未识别区划，归入{places.gazetteer_name(places.reach.home)}"
    if places.abroad_count:
        yield f"{places.abroad_count} 行在外区，按原区划登记，不归本区"
    if places.skipped_count:
        yield f"{places.skipped_count} 行按所选不导入"


def _count_known(session: Session, report: ImportOutcome, spool: Spool) -> None:
    """What a dry run says of the cases: how many are new."""
    for key, _ in spool.sources():
        source = rules.source(key)
        for portion in _source_portions(session, spool, source):
            report.created_count += len(_new_of(session, report, spool, source, portion))


@deed
def _enter_cases(work: Work, actor: Actor, report: ImportOutcome, reading: Reading, digest: str, progress: Progress,
                 finish: Finish | None) -> None:
    """All cases of the file, one batch for each source, in one transaction."""
    done = 0
    try:
        for key, count in reading.spool.sources():
            source, batch, known_before, created_before = rules.source(key), None, report.known_count, report.created_count
            for portion in _source_portions(work.session, reading.spool, source):
                new = _new_of(work.session, report, reading.spool, source, portion)
                if new and batch is None:
                    batch = _open_batch(work, actor, source, report, digest, reading)
                if new and batch is not None:
                    _register_cases(work, actor, source, batch, new)
                    report.created_count += len(new)
                done += len(portion)
                if reading.spool.case_count > PORTION:
                    progress(done, reading.spool.case_count, "导入（件）")
            if batch is not None:
                _close_batch(work, actor, batch, count, report.created_count - created_before, report.known_count - known_before)
        if finish is not None:
            finish(work, report)
    except IntegrityError as error:
        if "unique" not in str(error.orig).lower():
            raise
        raise Conflict("导入期间有人登记了同一来源编号的案件，本次导入已全部撤回；请重新导入。", code="known_source_number") from error


def _source_portions(session: Session, spool: Spool, source: Source) -> Iterator[list[IncomingCase]]:
    """The cases of a source in portions, once the spool knows the contents of those already in the register."""
    if spool.has_unnumbered(source.key):
        spool.remember(source.key, _known_digests(session, source))
    yield from spool.portions(source.key, PORTION)


def _known_digests(session: Session, source: Source) -> Iterator[str]:
    """What the cases of a source without a source number are known by, with their date and without it."""
    columns = (Case.description, Case.area_code, Case.area_text, Case.place, Case.received_on, Case.jurisdiction)
    query = select(*columns).where(Case.source_id == source.id, Case.source_number.is_(None), Case.withdrawn_at.is_(None))
    for row in session.execute(query.execution_options(yield_per=PORTION)):
        # of another city's cases the register once had no code but whose they are
        for code in (row.area_code,) if row.area_code else ("", row.jurisdiction):
            where = f"{code}{row.area_text}{row.place}"
            yield digest_of(row.description, where, row.received_on)
            yield digest_of(row.description, where, None)


def _new_of(session: Session, report: ImportOutcome, spool: Spool, source: Source,
            portion: list[IncomingCase]) -> list[IncomingCase]:
    """Those that the register does not hold yet; the others are counted and the first ones named."""
    numbers = [case.source_number for case in portion if case.source_number]
    query = select(Case.source_number, Case.number).where(
        Case.source_id == source.id, Case.source_number.in_(numbers), Case.withdrawn_at.is_(None))
    known = {row.source_number: row.number for row in session.execute(query)}
    new = []
    for case in portion:
        if case.source_number in known:
            told = f"{case.source_number}（已登记为 {known[case.source_number]}）"
        elif not case.source_number and spool.remembers(source.key, _written_digest(case)):
            told = f"第 {case.row} 行（内容已登记）"
        else:
            new.append(case)
            continue
        report.known_count += 1
        if len(report.known) < MOST_NAMED:
            report.known.append(told)
    return new


def _written_digest(case: IncomingCase) -> str:
    """What the case is known by once it stands in the register, where its texts do not name who reported it."""
    mask = mask_of([Said(case.reporter, case.contact, case.address)])
    where = f"{case.area_code}{case.area_text}{mask.apply(case.place)}"
    return digest_of(mask.apply(case.description), where, case.received_on) if mask else case.digest


def _open_batch(work: Work, actor: Actor, source: Source, report: ImportOutcome, digest: str, reading: Reading) -> ImportBatch:
    now = work.clock.now()
    year = work.clock.today().year
    batch = ImportBatch(
        code=f"IMP-{year}-{next_number(work, f'import:{year}'):04d}", source_id=source.id, file_name=report.file_name[:200],
        digest=digest, layout=reading.tables[0].layout.key, row_count=report.row_count, created_count=0, known_count=0,
        bad_count=report.bad_count, imported_at=now, imported_by_id=actor.id if actor.id > 0 else None, withdrawn_at=None,
    )
    work.session.add(batch)
    work.session.flush()
    report.batches.append(batch.code)
    return batch


def _close_batch(work: Work, actor: Actor, batch: ImportBatch, row_count: int, created: int, known: int) -> None:
    batch.row_count, batch.created_count, batch.known_count = row_count, created, known
    work.record(f"import:{batch.code}", ImportFacts.entered, actor, {
        "file_digest": batch.digest, "layout": batch.layout, "source_id": batch.source_id, "lines": row_count, "created": created,
        "known": known, "bad": batch.bad_count})


def _register_cases(work: Work, actor: Actor, source: Source, batch: ImportBatch, cases: list[IncomingCase]) -> None:
    slices.add_outside(work, actor, {case.jurisdiction for case in cases if case.area_code and case.jurisdiction})
    taken = _taken_numbers(work.session, cases)
    reporters = [Reporter(case.reporter, case.contact, case.address) for case in cases]
    masks = identities.masks_of(work, [[reporter] for reporter in reporters])
    orders = [identities.order_masked(_register_order(case, "" if case.number in taken else case.number), mask)
              for case, mask in zip(cases, masks, strict=True)]
    histories = [_case_history(case, mask, case.number in taken) for case, mask in zip(cases, masks, strict=True)]
    ids = register_many(work, actor, source, orders, batch_id=batch.id, histories=histories)
    if kept := identities.keep_many(work, zip(ids, reporters, strict=True)):
        work.record(f"import:{batch.code}", ImportFacts.reporters_kept, actor, {"reporters": len(kept)}, kept)


def _taken_numbers(session: Session, cases: list[IncomingCase]) -> set[str]:
    """Which of the numbers that the cases had in another register belong to other cases here."""
    had = [case.number for case in cases if case.number]
    return set(session.scalars(select(Case.number).where(Case.number.in_(had)))) if had else set()


def _register_order(case: IncomingCase, number: str) -> RegisterOrder:
    return RegisterOrder(
        number=number,
        source=case.source, title=case.title, description=case.description, categories=case.categories,
        answers=dict(case.answers), is_handled_elsewhere=is_handled_elsewhere(case), place=case.place,
        area_code=case.area_code or None, area_text=case.area_text, jurisdiction=case.jurisdiction,
        source_number=case.source_number, is_key=case.is_key,
        batch_label=case.batch, channel=case.channel or "", received_on=case.received_on, lat=case.latitude, lng=case.longitude,
        sighting=sighting_of(case),
    )


def _case_history(case: IncomingCase, mask: Mask, is_renumbered: bool) -> ImportedHistory:
    """What the table says of the handling, free of whoever reported: it goes into facts, which cannot be erased."""
    texts = {name: without_address(mask.apply(getattr(case, name)), case)
             for name in ("measures", "investigation", "accountability", "target")}
    extra = tuple((name, without_address(mask.apply(text), case)) for name, text in case.extra)
    if is_renumbered:
        extra += ((CaseColumn.number.value, case.number),)
    return ImportedHistory(outcome=OUTCOMES[case.outcome] if case.outcome else "", is_completed=case.outcome == COMPLETED,
                           finding=case.finding or "", extra=extra, **texts)
