"""A workbook back into its table of master data: what is left out stays, what two people changed is told, all rows or none."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Conflict, Incomplete, Invalid, Refusal
from tracker.domain.house.master import MasterField, MasterTable, MasterValues, cell_text, edit_of, read_cell
from tracker.domain.house.say import Listed, Say
from tracker.domain.tables.cells import Formula
from tracker.gateways.tables.master_out import CODE_LINE, FRONT, MARKS, STARS
from tracker.gateways.tables.sheets_in import open_sheets
from tracker.gateways.tables.sheets_out import open_row_errors
from tracker.services.house.master import rows
from tracker.services.house.master.declaring import Master
from tracker.services.house.master.rows import Marks
from tracker.services.house.work import Work, deed

LOOKED_AT, MOST_ROWS = 10, 5000  # rows among which the header is found; rows that a file may have
ADDED, CHANGED, SAME = "added", "changed", "same"


@dataclass(frozen=True)
class LoadedRow:
    """What becomes of one row of the file: its place there, its key, and old and new of each column that changes."""

    number: int
    key: str
    outcome: str
    cells: tuple[tuple[str, str, str], ...] = ()
    effects: tuple[str, ...] = ()
    handed_out: object = None


@dataclass(frozen=True)
class Loaded:
    """What a file does, or did. `absent` counts rows of the table that the file leaves out, and that stay."""

    table: MasterTable
    rows: tuple[LoadedRow, ...]
    troubles: tuple[tuple[int, str], ...]
    absent: int
    notes: tuple[str, ...]

    def count(self, outcome: str) -> int:
        """How many rows are added, changed or the same."""
        return sum(each.outcome == outcome for each in self.rows)

    @property
    def mark(self) -> str:
        """The same for the same outcome, so that it is seen when a confirmed preview would be another now."""
        return hashlib.sha256(repr([(each.key, each.outcome, each.cells) for each in self.rows]).encode()).hexdigest()[:20]

    @property
    def sentence(self) -> Say:
        """The counts."""
        return Say("新增 {added} · 改动 {changed} · 不变 {same} · 表中没有 {absent}（不动）", added=self.count(ADDED),
                   changed=self.count(CHANGED), same=self.count(SAME), absent=self.absent)


class BadSheet(Invalid):
    """Rows that cannot be taken; nothing was."""

    def __init__(self, loaded: Loaded) -> None:
        number, sentence = loaded.troubles[0]
        super().__init__(Say("有 {count} 行有误，一行也没有写入。第 {number} 行：{sentence}", count=len(loaded.troubles), number=number,
                             sentence=sentence), field="file")
        self.loaded = loaded


class _OnlyLooked(Exception):
    """Carries what would be out of the work in which it was tried, and which leaves nothing behind."""

    def __init__(self, loaded: Loaded) -> None:
        super().__init__()
        self.loaded = loaded


@dataclass(frozen=True)
class MasterSheet:
    """A file as it was read: its columns by place, its rows, and the marks that it brought along, by the mark of a key."""

    columns: tuple[tuple[int, MasterField], ...]
    rows: tuple[tuple[int, list[object]], ...]
    marks: Mapping[str, Marks]
    notes: tuple[str, ...]


@dataclass
class _Loading:
    """One file on its way in."""

    master: Master
    sheet: MasterSheet
    actor: Actor | None
    known: dict[str, MasterValues]
    taken: list[LoadedRow] = field(default_factory=list)
    troubles: list[tuple[int, str]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)


def load_table(actor: Actor | None, name: str, path: Path, *, is_dry: bool = False, errors: Path | None = None,
               mark: str | None = None, skips_bad: bool = False) -> Loaded:
    """A file taken into its table. `is_dry` only says what would be; `mark` is that of the preview that was confirmed. Raises
    `BadSheet` with every bad row, which `errors` gets as a workbook; with `skips_bad` the others enter without them."""
    master = rows.master_for(actor, name)
    sheet = read_sheet(master.table, path)
    try:
        return _load_rows(actor, master, sheet, is_dry, mark, skips_bad)
    except _OnlyLooked as looked:
        loaded = looked.loaded
    if loaded.troubles and errors is not None:
        _write_errors(errors, path, dict(loaded.troubles))
    if loaded.troubles and not is_dry and not skips_bad:
        raise BadSheet(loaded)
    return loaded


@deed
def _load_rows(work: Work, actor: Actor | None, master: Master, sheet: MasterSheet, is_dry: bool, mark: str | None,
               skips_bad: bool) -> Loaded:
    loading = _Loading(master, sheet, actor, rows.all_rows(master, work.session))
    table = rows.table_today(master, work.session)
    for number, cells in sheet.rows:
        try:
            with work.attempted():
                row = _take_row(work, loading, table, number, cells)
        except Refusal as refusal:
            loading.troubles.append((number, refusal.sentence))
            continue
        loading.taken.append(row)
        if row.outcome == ADDED:  # what was added above may be chosen below
            table = rows.table_today(master, work.session)
    loaded = Loaded(table, tuple(loading.taken), tuple(loading.troubles), len(loading.known.keys() - loading.seen), sheet.notes)
    if is_dry or (loading.troubles and not skips_bad):
        raise _OnlyLooked(loaded)
    if mark is not None and mark != loaded.mark:
        raise Conflict("核对之后有人改过这张表，请重新核对一遍。", code="stale")
    return loaded


def _take_row(work: Work, loading: _Loading, table: MasterTable, number: int, cells: list[object]) -> LoadedRow:
    given = {column.name: plain_cell(column, cells, at) for at, column in loading.sheet.columns}
    key = table.key_of({name: read_cell(table.field(name), given.get(name)) for name in table.key})
    if key in loading.seen and not (table.gives_key and not key):
        raise Conflict(Say("“{key}”在表里出现了两次。", key=key), code="twice")
    loading.seen.add(key)
    before, told = loading.known.get(key), loading.sheet.marks.get(rows.key_mark(key))
    if before is not None and told is not None:
        given = {name: raw for name, raw in given.items() if not _is_as_exported(table.field(name), raw, told)}
    edit = edit_of(table, before, given, loading.master.settle)
    if before is not None and edit.changed and told is not None and (moved := rows.moved_since(table, before, told)):
        raise Conflict(Say("导出以后已被别人改过，现为：{moved}。请重新导出再改。", moved=moved), code="stale")
    effects = loading.master.effects(work.session, edit) if edit.changed and not edit.is_new else ()
    handed_out = rows.write_edit(work, loading.actor, loading.master, replace(edit, is_bulk=True))
    outcome = ADDED if edit.is_new else CHANGED if edit.changed else SAME
    return LoadedRow(number, key, outcome, rows.cells_of(edit), effects, handed_out)


def plain_cell(column: MasterField, cells: list[object], at: int) -> object:
    """A cell as it was typed; a moment at midnight is a day. Raises `Invalid` for a formula."""
    cell = cells[at] if at < len(cells) else None
    if isinstance(cell, Formula):
        raise Invalid(Say("“{word}”是公式，请改成值。", word=Say(column.word)), field=column.name)
    return cell.date() if isinstance(cell, datetime) and not (cell.hour or cell.minute) else cell


def _is_as_exported(column: MasterField, raw: object, told: Marks) -> bool:
    try:
        return rows.cell_mark(column.name, read_cell(column, raw)) == told.get(column.name)
    except (Invalid, Incomplete):
        return False


# --- the file ---------------------------------------------------------------------------------------------------------------


def read_sheet(table: MasterTable, path: Path) -> MasterSheet:
    """The rows of a file, by the columns of a table. Raises `Invalid` where it is of another table, or has no header."""
    with open_sheets(path) as sheets:
        found: MasterSheet | None = None
        notes: tuple[str, ...] = ()
        for each in sheets:
            lines = list(each.rows)
            if each.name == FRONT:
                _require_same_table(table, lines)
            elif found is None:
                found, notes = _sheet_within(table, lines)
        marks = _marks_within(list(sheets.hidden_rows(MARKS)))
    if found is None:
        keys = Listed(table.field(name).word for name in table.key)
        raise Invalid(Say("表里找不到表头：前 {looked_at} 行里须有一行含“{keys}”。", looked_at=LOOKED_AT, keys=keys), field="file")
    if len(found.rows) > MOST_ROWS:
        raise Invalid(Say("一次最多导入 {most} 行，现为 {count} 行。", most=MOST_ROWS, count=len(found.rows)), field="file")
    return MasterSheet(found.columns, found.rows, marks, notes)


def _sheet_within(table: MasterTable, lines: list[tuple[int, list[object]]]) -> tuple[MasterSheet | None, tuple[str, ...]]:
    known = {each.word: each for each in table.given} | {each.name: each for each in table.given}
    for place, (_, cells) in enumerate(lines[:LOOKED_AT]):
        words = [cell_text(cell).strip().rstrip(STARS) for cell in cells]
        columns = tuple((at, known[word]) for at, word in enumerate(words) if word in known)
        if not set(table.key) <= {each.name for _, each in columns}:
            continue
        _require_once(columns)
        strange = [word for word in words if word and word not in known]
        rest = tuple((number, row) for number, row in lines[place + 1:] if any(cell_text(cell).strip() for cell in row))
        told = (Say("没有导入不认识的列：{columns}。", columns=Listed(strange)),) if strange else ()
        return MasterSheet(columns, rest, {}, ()), told
    return None, ()


def _require_once(columns: tuple[tuple[int, MasterField], ...]) -> None:
    names = [each.name for _, each in columns]
    if twice := next((each.word for _, each in columns if names.count(each.name) > 1), None):
        raise Invalid(Say("表头“{word}”出现了两次。", word=Say(twice)), field="file")


def _require_same_table(table: MasterTable, lines: list[tuple[int, list[object]]]) -> None:
    said = {cell_text(row[0]): cell_text(row[1]) for _, row in lines if len(row) > 1}
    if said.get(CODE_LINE, table.name) != table.name:
        raise Invalid(Say("这份文件是“{theirs}”，不是“{ours}”。", theirs=said[CODE_LINE], ours=Say(table.word)), field="file")


def _marks_within(lines: list[tuple[int, list[object]]]) -> dict[str, Marks]:
    if not lines:
        return {}
    names = [cell_text(cell) for cell in lines[0][1]]
    return {cell_text(row[0]): dict(zip(names[1:], map(cell_text, row[1:]), strict=False)) for _, row in lines[1:] if row}


def _write_errors(to: Path, path: Path, troubles: Mapping[int, str]) -> None:
    """The file as it came, with what is wrong behind each bad row."""
    with open_sheets(path) as sheets, open_row_errors(to) as out:
        for each in sheets:
            if each.name != FRONT:
                lines = list(each.rows)
                out.sheet(each.name, max((len(row) for _, row in lines), default=1))
                for place, (number, row) in enumerate(lines):
                    out.write(number, row, troubles.get(number, ""),
                              is_header=place == 0)
                return
