"""One row of a register's file as it was written: which site, and what its entry says; or what is wrong with it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tracker.domain.house.errors import Refusal
from tracker.domain.house.fields import FieldKind, Given, read
from tracker.domain.house.say import Say
from tracker.domain.sites.entries import EntryGiven, plain_number, read_entry
from tracker.domain.sites.register_columns import DAYS, HEADERS, NUMBERS, OF_SITES, EntryColumn
from tracker.domain.sites.registers import SITE_KINDS, SiteRegister, read_trade_code
from tracker.domain.tables.cells import Formula, Unreadable, identifier, text
from tracker.domain.tables.incoming_rows import RowTrouble, place_of
from tracker.domain.tables.moments import day

C = EntryColumn
LATEST = date(2099, 12, 31)  # a last day may lie far ahead
KIND = Given("kind", HEADERS[C.kind][0], FieldKind.choice, is_required=False, choices=SITE_KINDS)
PLANT = Given("plant_no", HEADERS[C.plant_no][0], FieldKind.number, is_required=False)
Cells = Mapping[EntryColumn, object]


@dataclass(frozen=True, slots=True)
class SiteTold:
    """By what a row names its site, and what is known of one that is new. "" and 0 are not told."""

    code: str = ""
    name: str = ""
    credit_code: str = ""
    plant_no: int = 0
    kind: str = ""
    trade_code: str = ""
    area: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class IncomingEntry:
    """One good row."""

    row: int
    sheet: str
    site: SiteTold
    given: EntryGiven

    @property
    def place(self) -> str:
        """Where it stands."""
        return place_of(self.sheet, self.row)


class BadCell(Exception):
    """A cell that cannot be read: its column, and a clause that says why."""

    def __init__(self, column: EntryColumn, clause: str) -> None:
        super().__init__(clause)
        self.column, self.clause = column, clause


def read_row(register: SiteRegister, sheet: str, row: int, cells: Cells,
             labels: Mapping[EntryColumn, str]) -> IncomingEntry | RowTrouble:
    """What a row says; the first thing that is wrong with it names row and column."""
    try:
        told = {column: _plain_cell(column, cell) for column, cell in cells.items()}
        return IncomingEntry(row, sheet, _site_of(told), _entry_of(register, told))
    except BadCell as bad:
        return trouble_at(sheet, row, bad.column, bad.clause, labels)


def trouble_at(sheet: str, row: int, column: EntryColumn, clause: str, labels: Mapping[EntryColumn, str]) -> RowTrouble:
    """A trouble that names sheet, row and column."""
    label = labels.get(column, HEADERS[column][0])
    return RowTrouble(row, label, Say("{place}“{label}”：{clause}", place=place_of(sheet, row), label=label, clause=clause), sheet)


def _plain_cell(column: EntryColumn, cell: object) -> object:
    if isinstance(cell, Formula):
        raise BadCell(column, Say("是公式，请改成值。"))
    try:
        if column in DAYS:
            return day(cell, LATEST)
        return identifier(cell) if column in NUMBERS else text(cell)
    except Unreadable as error:
        raise BadCell(column, Say("这里{clause}。", clause=str(error))) from error


def _site_of(told: Cells) -> SiteTold:
    said = {column: told.get(column) or "" for column in OF_SITES}
    kind, plant = (_read_field(column, given, said[column]) for column, given in ((C.kind, KIND), (C.plant_no, PLANT)))
    found = SiteTold(str(said[C.site_code]).upper(), str(said[C.name])[:200], plain_number(str(said[C.credit_code])),
                     plant if isinstance(plant, int) else 0, str(kind or ""), _read_trade(str(said[C.trade_code])),
                     str(said[C.area]), str(said[C.address])[:300])
    if not (found.code or found.name or found.credit_code):
        raise BadCell(C.name, Say("没有写明是哪个监管对象。"))
    return found


def _read_trade(said: str) -> str:
    try:
        return read_trade_code(said)
    except Refusal as refusal:
        raise BadCell(C.trade_code, refusal.sentence) from refusal


def _read_field(column: EntryColumn, given: Given, raw: object) -> object:
    try:
        return read(given, raw)
    except Refusal as refusal:
        raise BadCell(column, refusal.sentence) from refusal


def _entry_of(register: SiteRegister, told: Cells) -> EntryGiven:
    try:
        return read_entry(register, {column.value: cell for column, cell in told.items()})
    except Refusal as refusal:
        known = {column.value for column in EntryColumn}
        raise BadCell(C(refusal.field) if refusal.field in known else C.valid_from, refusal.sentence) from refusal
