"""A register of supervised sites in from a file: whole or not at all; what is known stays, what differs is a change that somebody
has to want, and what a whole list no longer names ends only when the number of endings is typed."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import DateWords, Say
from tracker.domain.sites.fact_kinds import SiteBatchFacts
from tracker.domain.sites.register_columns import EntryColumn, column_of, columns_of
from tracker.domain.sites.registers import REGISTERS, SiteRegister
from tracker.domain.sites.sight import SiteScope
from tracker.domain.tables.incoming_rows import RowTrouble
from tracker.domain.tables.registers.rows import IncomingEntry, read_row
from tracker.gateways.sites.credit_codes import read_credit_code
from tracker.services.house import permits
from tracker.services.house.numbers import next_number
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.services.rules import rules
from tracker.services.tables.import_reading import digest_of_file
from tracker.services.tables.registers.finding import NewSite, SiteFinder
from tracker.services.tables.registers.planning import (
    CHANGED,
    KNOWN,
    NEW,
    PORTION,
    FilePlan,
    RowPlan,
    absent_entries,
    held_count,
    plan_rows,
    portions,
    told_change,
)
from tracker.services.tables.registers.reading import FileColumns, FileRows, read_rows, write_errors
from tracker.services.tables.registers.writing import BatchWriter
from tracker.storage.sites.sites import SiteBatch

ADD, SYNC = "add", "sync"
MOST_TOLD, MOST_SILENT, SILENT_SHARE = 50, 20, 50  # endings that need no number: at most 20, and at most one in 50
PERMISSION = Permission.site_import
C = EntryColumn


@dataclass(frozen=True)
class RegisterFileOrder:
    """What is asked for of a file. `endings` is the number of endings as it was typed."""

    register: SiteRegister
    mode: str = ADD
    as_of: date | None = None
    applies_changes: bool = False
    endings: int | None = None
    is_dry: bool = False


@dataclass
class RegisterOutcome:
    """What an import of a register did, or would do."""

    file_name: str
    register: str
    row_count: int = 0
    created_count: int = 0
    known_count: int = 0
    changed_count: int = 0
    ended_count: int = 0
    new_sites: int = 0
    bad_count: int = 0
    is_dry: bool = False
    batch: str = ""
    already: str = ""
    troubles: list[RowTrouble] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    odd_numbers: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class BadRegisterRows(Invalid):
    """Rows that cannot enter; nothing was entered."""

    def __init__(self, outcome: RegisterOutcome) -> None:
        super().__init__(Say("有 {count} 行有误，一行也没有导入。第一处：{sentence}", count=outcome.bad_count,
                             sentence=outcome.troubles[0].sentence), field="file")
        self.outcome = outcome


class OnlyLooked(Exception):
    """Leaves the work in which an import was tried, with nothing left behind."""


def import_register(actor: Actor, path: Path, order: RegisterFileOrder, *, errors: Path | None = None) -> RegisterOutcome:
    """A file of a register taken in. Raises `BadRegisterRows` with every bad row, of which `errors` gets a workbook; `Invalid`
    where the file is none, or where the number of endings is not the one that was typed."""
    permits.require(actor, PERMISSION)
    if not REGISTERS[order.register].is_entered:
        raise Invalid(Say("“{word}”不能从表格导入，须经提出和审批。", word=Say(REGISTERS[order.register].word)), field="register")
    outcome = RegisterOutcome(path.name, order.register, is_dry=order.is_dry)
    digest = digest_of_file(path) if path.is_file() else ""
    outcome.already = _same_file(reading(), order, digest)
    if outcome.already:
        return outcome
    found = read_rows(path, file_columns(order.register), lambda *said: read_row(order.register, *said))
    reading().rollback()
    with suppress(OnlyLooked):
        _take_file(actor, order, found, outcome, digest)
    if outcome.bad_count and errors is not None:
        write_errors(path, errors, found.headers, outcome.troubles)
    if outcome.bad_count:
        raise BadRegisterRows(outcome)
    return outcome


def file_columns(register: SiteRegister) -> FileColumns[EntryColumn]:
    """How the columns of a register's file are known: the site by one of its columns, and the first day."""
    row = REGISTERS[register]
    needed = (frozenset({C.site_code, C.name, C.credit_code}), *((frozenset({C.number}),) if row.number_word else ()),
              frozenset({C.valid_from}))
    return FileColumns(column_of, needed, columns_of(register))


def finder_for(actor: Actor) -> SiteFinder:
    """What finds the sites of a file's rows for who imports."""
    gazetteer, today, home = rules.gazetteer(), wiring().clock.today(), _home_of(actor)
    known: dict[str, str] = {"": home}

    def area_of(words: str) -> str:
        if words not in known:
            area = gazetteer.resolve(words, today)
            known[words] = area.code if area is not None else ""
        return known[words]

    return SiteFinder(area_of, lambda code: actor.has_in(PERMISSION, code), read_credit_code)


def _home_of(actor: Actor) -> str:
    home = wiring().home_area
    theirs = sorted(grant.area_code for grant in actor.grants if grant.area_code and actor.has_in(PERMISSION, grant.area_code))
    return home if actor.has_in(PERMISSION, home) or not theirs else theirs[0]


def _same_file(session: Session, order: RegisterFileOrder, digest: str) -> str:
    """Said where this very file came last: what came after it may have ended what it enters."""
    query = select(SiteBatch.code, SiteBatch.imported_at, SiteBatch.mode, SiteBatch.digest).where(
        SiteBatch.register == order.register, SiteBatch.withdrawn_at.is_(None))
    found = session.execute(query.order_by(SiteBatch.id.desc()).limit(1)).first()
    if found is None or (found.mode, found.digest) != (order.mode, digest):
        return ""
    on = wiring().clock.local(found.imported_at)
    return Say("同一文件已于 {day} {time} 导入（批次 {code}），未作任何改动", day=DateWords(on.date()), time=f"{on:%H:%M}", code=found.code)


@deed
def _take_file(work: Work, actor: Actor, order: RegisterFileOrder, found: FileRows[IncomingEntry], outcome: RegisterOutcome,
               digest: str) -> None:
    plan = FilePlan(order.register, found.columns, troubles=list(found.troubles))
    finder = finder_for(actor)
    for some in portions(found.rows):
        plan_rows(work.session, plan, finder, some)
    as_of, areas = order.as_of or work.clock.today(), SiteScope(_areas_of(actor))
    ending = absent_entries(work.session, plan, as_of, areas) if order.mode == SYNC else ()
    _tell_plan(work, outcome, found, plan, order, ending)
    if outcome.bad_count:
        raise OnlyLooked
    if order.mode == SYNC and not order.is_dry:
        require_endings(len(ending), held_count(work.session, plan, as_of, areas), order.endings)
    if order.is_dry:
        raise OnlyLooked
    wanted = [each for each in plan.rows if each.outcome == NEW or (each.outcome == CHANGED and order.applies_changes)]
    for held in (found.rows, plan.rows, plan.keys):
        held.clear()
    if wanted or ending:
        _write_plan(work, actor, order, plan, wanted, ending, outcome, digest)


def _areas_of(actor: Actor) -> tuple[str, ...]:
    return tuple(sorted({grant.area_code for grant in actor.grants if actor.has_in(PERMISSION, grant.area_code)}))


def require_endings(count: int, held: int, typed: int | None) -> None:
    """Many endings are typed back. Raises `Invalid` naming the number."""
    is_many = count > MOST_SILENT or count * SILENT_SHARE > held
    if typed is not None and typed != count:
        raise Invalid(Say("将终止 {count} 条，您写的是 {typed}；没有导入。", count=count, typed=typed), field="endings")
    if count and is_many and typed is None:
        share = f"{count * 100 / held:.1f}%" if held else "—"
        raise Invalid(Say("名单中没有的有 {count} 条（在册 {held} 条的 {share}），将终止；请写明这个数再导入。", count=count, held=held,
                          share=share), field="endings")


def _tell_plan(work: Work, outcome: RegisterOutcome, found: FileRows[IncomingEntry], plan: FilePlan, order: RegisterFileOrder,
               ending: Sequence[int]) -> None:
    words = tuple(columns_of(plan.register).items())
    outcome.row_count, outcome.notes = found.row_count, list(dict.fromkeys(found.notes))
    outcome.troubles = sorted(plan.troubles, key=lambda each: (each.sheet, each.row))
    outcome.bad_count = len({(each.sheet, each.row) for each in plan.troubles})
    outcome.created_count, outcome.known_count = plan.count(NEW), plan.count(KNOWN)
    outcome.changed_count, outcome.ended_count = plan.count(CHANGED), len(ending)
    changed = (row for row in plan.rows if row.outcome == CHANGED)
    outcome.changes = [told_change(each, words) for each in islice(changed, MOST_TOLD)]
    outcome.new_sites = len({id(each.site) for each in plan.rows if isinstance(each.site, NewSite)})
    if outcome.changed_count and not order.applies_changes:
        outcome.notes.append(Say("{count} 条与在册内容不同，没有改；核对无误后选“应用变更”再导入一次", count=outcome.changed_count))


def _write_plan(work: Work, actor: Actor, order: RegisterFileOrder, plan: FilePlan, wanted: list[RowPlan],
                ending: Sequence[int], outcome: RegisterOutcome, digest: str) -> None:
    batch = _open_batch(work, actor, order, outcome, digest)
    writer = BatchWriter(work, actor, batch)
    writer.expect(wanted)
    outcome.changed_count = sum(each.outcome == CHANGED for each in wanted)
    while wanted:  # what is written is held no longer: its facts are
        outcome.odd_numbers += writer.enter(wanted[:PORTION])
        del wanted[:PORTION]
    for start in range(0, len(ending), PORTION):
        writer.end(ending[start:start + PORTION], order.as_of or work.clock.today())
    batch.created_count, batch.changed_count, batch.ended_count = outcome.created_count, outcome.changed_count, len(ending)
    batch.known_count, outcome.batch = outcome.known_count, batch.code
    work.record(writer.stream, SiteBatchFacts.entered, actor, {
        "register": order.register, "mode": order.mode, "as_of": batch.as_of, "file_digest": digest, "lines": outcome.row_count,
        "created": outcome.created_count, "known": outcome.known_count, "changed": outcome.changed_count, "ended": len(ending)})


def _open_batch(work: Work, actor: Actor, order: RegisterFileOrder, outcome: RegisterOutcome, digest: str) -> SiteBatch:
    year = work.clock.today().year
    batch = SiteBatch(
        code=f"IMP-{year}-{next_number(work, f'import:{year}'):04d}", register=order.register, mode=order.mode,
        as_of=order.as_of or work.clock.today(), file_name=outcome.file_name[:200], digest=digest, row_count=outcome.row_count,
        created_count=0, known_count=0, changed_count=0, ended_count=0, imported_at=work.clock.now(),
        imported_by_id=actor.id if actor.id > 0 else None, withdrawn_at=None)
    work.session.add(batch)
    work.session.flush()
    return batch
