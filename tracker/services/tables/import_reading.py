"""The first half of an import: read the whole file, check every row, and keep what is good on disk. Writes nothing."""

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.cases.facts import APART
from tracker.domain.cases.wording import STATES
from tracker.domain.evidence.sources import SHIPPED_LETTERS
from tracker.domain.house.errors import Invalid
from tracker.domain.house.masking import is_nobody
from tracker.domain.house.say import DateWords, Say
from tracker.domain.tables.columns import CaseColumn
from tracker.domain.tables.headings import Row
from tracker.domain.tables.incoming_rows import IncomingCase, RowTrouble, place_of, twice
from tracker.domain.tables.layouts import HEAD_ROWS, Recognised, declared_count, recognise
from tracker.domain.tables.merges import whole_rows
from tracker.domain.tables.plans import AS_IT_COMES, SKIPPED, ReadingChoices
from tracker.domain.tables.row_reading import RowRead, TableReader
from tracker.domain.tables.type_columns import type_faults
from tracker.domain.territory.letters import letters_of
from tracker.gateways.tables.sheets_in import InputSheet, Rows, Sheets, open_sheets
from tracker.gateways.tables.sheets_out import open_row_errors
from tracker.services.house.work import wiring
from tracker.services.rules.categories import categories
from tracker.services.tables.import_places import AreaReach, ImportPlaces, rail_troubles
from tracker.storage.cases.cases import ImportBatch
from tracker.storage.people.accounts import Person
from tracker.storage.tables.staging import Spool
from tracker.storage.territory.territory import Source

Progress = Callable[[int, int, str], None]
STEP = 2000  # rows between two words on how far we are; a small file is read without a word
REGISTER = "register"
# States of our own register in which there is no case to take over.
ENDED = frozenset(STATES[state] for state in APART)


@dataclass(frozen=True)
class LeftOut:
    """A row of sums or signatures at the end of a table; `word` is what it begins with."""

    sheet: str
    row: int
    word: str

    @property
    def sentence(self) -> str:
        """Where it stands and with which word, without the names in it."""
        return f"{place_of(self.sheet, self.row)}以“{self.word}”开头，未作案件导入"


@dataclass
class Reading:
    """What a file turned out to hold. The cases and troubles themselves wait in the spool."""

    spool: Spool
    places: ImportPlaces
    tables: list[Recognised] = field(default_factory=list)
    row_count: int = 0
    repeated_count: int = 0
    inferred_count: int = 0
    ended_count: int = 0
    hidden_count: int = 0
    nameless_count: int = 0
    left_out: list[LeftOut] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def digest_of_file(path: Path) -> str:
    """SHA-256 of the bytes of a file, read in pieces."""
    running = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            running.update(piece)
    return running.hexdigest()


def read_file(path: Path, spool: Spool, today: date, source: str, reach: AreaReach, progress: Progress,
              choices: ReadingChoices = AS_IT_COMES) -> Reading:
    """Every sheet of the file that has a plan, or that we know where there are no plans. Raises `Invalid` when the file cannot be
    read or holds no such table."""
    places = ImportPlaces(reach, choices, today)
    reading, unknown = Reading(spool, places), list[tuple[str, Invalid]]()
    letters = letters_of(wiring().home_area) or SHIPPED_LETTERS
    with open_sheets(path) as sheets:
        for sheet in sheets:
            head = list(islice(sheet.rows, HEAD_ROWS))
            try:
                table = _table_of(sheet, head, choices)
            except Invalid as refusal:
                unknown.append((sheet.name, refusal))
                continue
            if table is None:
                continue
            reading.tables.append(table)
            rows = _with_progress(chain(head, sheet.rows), sheets, progress)
            taken = {row for name, row in choices.tails_taken if name == sheet.name}
            _read_table(reading, sheet, rows, TableReader(
                table, today, source, taken, letters, types=categories()), choices)
        reading.notes += sheets.unread
        reading.notes += [f"隐藏的工作表“{name}”未读取" for name in sheets.hidden]
    if not reading.tables:
        raise unknown[0][1] if unknown else Invalid(f"“{path.name}”里没有可见的工作表。", field="file")
    if choices.plans and unknown:
        raise unknown[0][1]
    told = [name for name, refusal in unknown if name != "说明" and refusal.code != "empty_table"]
    reading.notes += [f"工作表“{name}”不是案件表，未读取" for name in told]
    return reading


def _table_of(sheet: InputSheet, head: Sequence[Row], choices: ReadingChoices) -> Recognised | None:
    """The table of a sheet; None for one that somebody left out."""
    if not choices.plans:
        return recognise(head, sheet.name)
    plan = choices.plans.get(sheet.name)
    return plan.table(head, sheet.name) if plan is not None else None


def _with_progress(rows: Rows, sheets: Sheets, progress: Progress) -> Rows:
    """The rows, with a word now and then on how far the file has been read."""
    for count, row in enumerate(rows):
        if count and count % STEP == 0:
            done, total = sheets.position()
            progress(done // 1024, total // 1024, "读取（KB）")
        yield row


def _read_table(reading: Reading, sheet: InputSheet, rows: Rows, reader: TableReader, choices: ReadingChoices) -> None:
    declared, before, table = None, reading.row_count, reader.table
    below: Rows = (row for row in rows if row[0] >= table.first_data_row)
    if choices.values:
        below = _meant_rows(reading, below, table, choices)
    for number, cells in whole_rows(below, sheet.merges, table.header.columns):
        is_hidden = number in sheet.hidden.rows
        if is_hidden and not choices.takes_hidden:
            reading.hidden_count += any(cell is not None for cell in cells)
            continue
        found = reader.read(number, cells)
        if found.aside:
            declared = declared_count(cells) if found.aside == "note" else declared
            if found.aside == "tail":
                reading.left_out.append(LeftOut(sheet.name, number, found.word))
            continue
        reading.hidden_count += is_hidden
        reading.row_count += 1
        _take_row(reading, reader, found)
    reading.notes += _table_notes(table, sheet, reader.answers_at)
    _check_complete(reading, table, declared, reading.row_count - before)


def _table_notes(table: Recognised, sheet: InputSheet, answers_at: Collection[int]) -> Iterator[str]:
    """What of a table was not read, and which of its columns nobody sees."""
    unread = [label for at, label in table.header.labels.items() if at not in table.header.columns and at not in answers_at]
    if unread:
        yield f"未导入的栏目：{'、'.join(unread)}"
    if hidden := [table.header.labels[at] for at in sorted(sheet.hidden.columns) if at in table.header.columns]:
        yield f"隐藏的列已一并读取：{'、'.join(hidden)}"


def _meant_rows(reading: Reading, rows: Rows, table: Recognised, choices: ReadingChoices) -> Rows:
    """The rows with the words that somebody mapped; without those of which somebody said to leave them out."""
    mapped = [(at, column) for at, column in table.header.columns.items() if column in choices.values]
    for number, cells in rows:
        changed = {at: choices.meant(column, cells[at]) for at, column in mapped if at < len(cells)}
        if SKIPPED in changed.values():
            reading.row_count += 1
            reading.places.skipped_count += 1
            continue
        yield number, [changed.get(at, cell) for at, cell in enumerate(cells)]


def _take_row(reading: Reading, reader: TableReader, found: RowRead) -> None:
    """One row: to the cases, or to the troubles."""
    table, troubles = reader.table, list(found.troubles)
    if found.case is not None and dict(found.case.extra).get(CaseColumn.state.value) in ENDED:
        reading.ended_count += 1
        return
    if found.case is not None:
        reading.nameless_count += is_nobody(found.case.reporter)
        case = reading.places.resolved(found.case, table, troubles)
        if case is None:
            return
        troubles += [*_type_troubles(case, reader), *rail_troubles(case, table, reader.today)]
        earlier = None if troubles else reading.spool.put(case)
        reading.inferred_count += case.is_received_inferred and not troubles
        if earlier is not None and table.layout.may_repeat and earlier.digest == case.digest:
            reading.repeated_count += 1
        elif earlier is not None:
            column, told = (CaseColumn.source_number,
                            case.source_number) if case.source_number else (CaseColumn.description, "的内容")
            if earlier.is_same_number:
                column, told = CaseColumn.number, case.number
            troubles.append(twice(case, table.header.label(column), told, earlier.sheet, earlier.row))
    for trouble in troubles:
        reading.spool.put_trouble(trouble)


def _type_troubles(case: IncomingCase, reader: TableReader) -> Iterator[RowTrouble]:
    label = reader.table.header.label(CaseColumn.categories)
    for sentence in type_faults(case, reader.types, reader.today):
        yield RowTrouble(case.row, label, f"{place_of(case.sheet, case.row)}：{sentence}", case.sheet)


def _check_complete(reading: Reading, table: Recognised, declared: int | None, count: int) -> None:
    """Our own .csv says at its end how many rows it has."""
    if table.layout.key != REGISTER or table.sheet:
        return
    if declared is None:
        raise Invalid("登记表末尾缺少“# 共 N 行”一行，可能没有导出或传输完整；确系手工整理的，请另存为 .xlsx 再导入。", field="file")
    if declared != count:
        reading.notes.append(f"登记表注明 {declared} 行，实际 {count} 行（导出后有增删）")


def write_errors(path: Path, target: Path, reading: Reading, *, is_short: bool = False) -> None:
    """The table as it came, with the reason beside each bad row; or its header and bad rows alone."""
    tables = {table.sheet: table for table in reading.tables}
    with open_sheets(path) as sheets, open_row_errors(target) as writer:
        for sheet in sheets:
            if sheet.name in tables:
                table = tables[sheet.name]
                writer.sheet(sheet.name, max(table.header.labels) + 1)
                _write_sheet(sheet, table, writer.write, reading.spool, is_short)


def _write_sheet(sheet: InputSheet, table: Recognised, write: Callable[..., None], spool: Spool, is_short: bool) -> None:
    at = 0
    for number, cells in sheet.rows:
        reason = spool.reasons(sheet.name, number) if number >= table.first_data_row else ""
        is_header = number in table.header.rows
        at = at + bool(reason or is_header) if is_short else number
        if reason or is_header or not is_short:
            write(at, cells, reason, is_header=number == table.header.rows[-1])


def same_file(session: Session, digest: str, source: str) -> str:
    """The batch by which the same bytes came in, as a sentence; empty when they did not."""
    query = select(ImportBatch.code, ImportBatch.imported_at, Person.name).outerjoin(
        Person, Person.id == ImportBatch.imported_by_id).where(ImportBatch.digest == digest, ImportBatch.withdrawn_at.is_(None))
    if source:
        query = query.join(Source, Source.id == ImportBatch.source_id).where(Source.key == source)
    found = session.execute(query.order_by(ImportBatch.id)).first()
    if found is None:
        return ""
    on = wiring().clock.local(found.imported_at)
    return Say("同一文件已由{who}于 {day} {time} 导入（批次 {code}），未作任何改动", who=found.name or Say("系统操作员"),
               day=DateWords(on.date()), time=f"{on:%H:%M}", code=found.code)


FEWEST_OF_ADDRESS = 4
# An address is somebody's where it says which house; 西湖区 and 抚河路 are where many live.
_HOUSE = re.compile(r"[0-9０-９零〇一二三四五六七八九十百]+\s*(?:号|栋|幢|座|室|单元|楼|户|组|#)|[0-9]+-[0-9]+")


def quiet(done: int, total: int, what: str) -> None:
    """A progress that nobody watches."""


def without_address(text: str, case: IncomingCase) -> str:
    """What goes into a fact, which cannot be erased, says nothing of where the reporter lives. Names and numbers are masked."""
    is_ones_own = len(case.address) >= FEWEST_OF_ADDRESS and _HOUSE.search(case.address) is not None
    return text.replace(case.address, "〔住址〕") if is_ones_own else text
