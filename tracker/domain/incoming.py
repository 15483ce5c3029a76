"""One row of a published table → one case that may enter, or the troubles that keep it out. Pure."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tracker.domain import readings
from tracker.domain.columns import IDENTITY_COLUMNS, Column, as_seen
from tracker.domain.layouts import Recognised, batch_in
from tracker.domain.readings import Formula, Unreadable

C = Column

LONGEST: dict[Column, int] = {C.title: 200, C.description: 20_000, C.source_number: 60, C.area: 200, C.place: 200, C.batch: 60}
LONGEST_OTHER = 20_000

# Columns kept as they were written, beside the case.
KEPT_AS_TEXT: tuple[Column, ...] = (
    C.implementer, C.time_limit, C.notice_from, C.notice_to, C.acceptance, C.source_level, C.completeness, C.reference,
    C.reply, C.replied_at, C.votes_against, C.likes, C.inspection_log, C.inspected_at, C.duplicate_of, C.modified_on,
    C.state, C.lead_unit, C.supporting_units, C.registered_at, C.assigned_at, C.due_on, C.closed_at, C.filing_number,
)
DATES_KEPT = frozenset({C.notice_from, C.notice_to, C.replied_at, C.inspected_at, C.modified_on, C.registered_at, C.assigned_at,
                        C.due_on, C.closed_at})
REQUIRED_CELLS = (C.description,)
_LEVELS = (("第三轮中央", "D3JX"), ("第三轮", "D3JX"), ("第二轮中央", "D2JX"), ("第二轮", "D2JX"), ("省", "PSJX"), ("中央", "D3JX"))
_NOTE_ROW = re.compile(r"(?:注|备注|说明|填表|制表|合计|总计|共计|审核|#|—)")


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a row cannot enter: where exactly, and a sentence for the person who must mend it."""

    row: int
    column: str
    sentence: str
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class IncomingCase:
    """A case as a table tells it. Reporter fields go to the identity record and nowhere else, so they never show in a repr."""

    row: int
    sheet: str
    source: str
    source_number: str | None
    is_key: bool
    digest: str
    title: str
    description: str
    number: str = ""
    area_text: str = ""
    area_code: str = ""
    place: str = ""
    categories: tuple[str, ...] = ()
    category_note: str = ""
    received_on: date | None = None
    received_at: datetime | None = None
    is_received_inferred: bool = False
    channel: str | None = None
    finding: str | None = None
    outcome: str | None = None
    history: str = ""
    measures: str = ""
    investigation: str = ""
    accountability: str = ""
    target: str = ""
    batch: str = ""
    latitude: float | None = None
    longitude: float | None = None
    extra: tuple[tuple[str, str], ...] = ()
    reporter: str = field(default="", repr=False)
    contact: str = field(default="", repr=False)
    address: str = field(default="", repr=False)

    @property
    def dedupe_key(self) -> str:
        """What makes this case the same as one that came before: its source number, or else its content."""
        return f"{self.source}\x1f{self.source_number or '~' + self.digest}"


@dataclass(frozen=True, slots=True)
class RowRead:
    """What became of a row: a case, or troubles, or neither for a row that holds no case (`aside` says what it is)."""

    row: int
    case: IncomingCase | None = None
    troubles: tuple[Trouble, ...] = ()
    aside: str = ""


class TableReader:
    """Reads the rows of one recognised table in order; a batch line between rows changes the batch of those below."""

    def __init__(self, table: Recognised, today: date, source: str = "") -> None:
        self.table = table
        self.today = today
        self.source = source
        self.batch = table.batch
        self._at = {column: index for index, column in table.header.columns.items()}
        if C.source_number not in self._at and C.number in self._at:
            self._at[C.source_number] = self._at[C.number]

    def read(self, row: int, cells: Sequence[object]) -> RowRead:
        """The case of this row. Every trouble of the row is named, not only the first."""
        if aside := self._aside(cells):
            return RowRead(row, aside=aside)
        reading = _Row(self, row, cells)
        case = reading.case()
        return RowRead(row, None if reading.troubles else case, tuple(reading.troubles))

    def cell(self, cells: Sequence[object], column: Column) -> object:
        """The raw cell of a column, None where the table or the row has none."""
        index = self._at.get(column)
        return cells[index] if index is not None and index < len(cells) else None

    def has(self, column: Column) -> bool:
        """The table has this column."""
        return column in self._at

    def _aside(self, cells: Sequence[object]) -> str:
        """Why a row holds no case: blank, a header again, a batch line, a note below the table."""
        filled = [cell for cell in cells if cell is not None and as_seen(cell)]
        if not filled:
            return "blank"
        if self.table.repeats_header(cells):
            return "header"
        if len(filled) == 1 and not as_seen(self.cell(cells, C.description)):
            line = as_seen(filled[0])
            if batch := batch_in(line):
                self.batch = batch
                return "batch"
            if _NOTE_ROW.match(line) or line == self.table.title:
                return "note"
        return ""


class _Row:
    """The cells of one row on their way to values; troubles are collected, not raised."""

    def __init__(self, reader: TableReader, row: int, cells: Sequence[object]) -> None:
        self.reader, self.row, self.cells = reader, row, cells
        self.troubles: list[Trouble] = []

    def case(self) -> IncomingCase:
        number, is_key = self._read(C.source_number, readings.source_number) or (None, False)
        self._check_length(C.source_number, number or "")
        description, title = self._text(C.description), self._text(C.title)
        codes, note = self._read(C.categories, readings.categories) or ((), "")
        place = self._text(C.place) or self._street()
        if not self.reader.has(C.description):
            description = " ".join(filter(None, (self._text(C.categories), place)))
        elif not description and not any(t.column == self._label(C.description) for t in self.troubles):
            self._trouble(C.description, "不能为空")
        received_on, received_at, is_inferred = self._received(number)
        area = self._text(C.area)
        return IncomingCase(
            row=self.row, sheet=self.reader.table.sheet, source=self._source(), source_number=number, is_key=is_key,
            digest=digest_of(description, area or place, received_on), title=title or readings.title_of(description),
            description=description, number=self._number(), area_text=area, area_code=self._text(C.area_code), place=place,
            categories=codes, category_note=note, received_on=received_on, received_at=received_at,
            is_received_inferred=is_inferred, channel=self._read(C.channel, readings.channel) or readings.channel_in_number(number),
            finding=self._read(C.finding, readings.finding), outcome=self._read(C.outcome, readings.outcome),
            history=self._text(C.history), measures=self._text(C.measures), investigation=self._text(C.investigation),
            accountability=self._text(C.accountability), target=self._text(C.target), batch=self._text(C.batch) or self.reader.batch,
            latitude=self._read(C.latitude, lambda cell: readings.coordinate(cell, 90)),
            longitude=self._read(C.longitude, lambda cell: readings.coordinate(cell, 180)), extra=self._extra(),
            **{column.value: self._text(column) for column in IDENTITY_COLUMNS},
        )

    def _number(self) -> str:
        return self._text(C.number) if self.reader.table.layout.key == "register" else ""

    def _source(self) -> str:
        told = self._text(C.source_code)
        if self.reader.source or told:
            return self.reader.source or told
        hint = self._text(C.source_level) or self.reader.table.title
        by_hint = next((source for word, source in _LEVELS if word in hint), "")
        is_published = self.reader.has(C.area) or self.reader.has(C.measures)
        return by_hint if by_hint and is_published else self.reader.table.layout.source

    def _received(self, number: str | None) -> tuple[date | None, datetime | None, bool]:
        at = self._moment(C.received_at)
        on = self._moment(C.received_on)
        moment_at = at if isinstance(at, datetime) else None
        received_on = on.date() if isinstance(on, datetime) else on
        if received_on is None and at is not None:
            received_on = at.date() if isinstance(at, datetime) else at
        if received_on is not None:
            return received_on, moment_at, False
        inferred = readings.date_in_number(number, self.reader.today)
        return inferred, None, inferred is not None

    def _street(self) -> str:
        parts = (self._text(c) for c in (C.direction, C.street_name, C.street_type))
        return " ".join(part for part in parts if part)

    def _extra(self) -> tuple[tuple[str, str], ...]:
        kept = []
        for column in KEPT_AS_TEXT:
            if column in DATES_KEPT:
                self._moment(column)
            if written := self._text(column):
                kept.append((column.value, written))
        return tuple(kept)

    def _moment(self, column: Column) -> datetime | date | None:
        is_month_first = self.reader.table.layout.is_month_first
        return self._read(column, lambda cell: readings.moment(cell, self.reader.today, is_month_first=is_month_first))

    def _text(self, column: Column) -> str:
        written = self._read(column, readings.text) or ""
        written = "" if len(written) < 6 and written.casefold() in readings.EMPTY_WORDS else written
        self._check_length(column, written)
        return written

    def _check_length(self, column: Column, written: str) -> None:
        longest = LONGEST.get(column, LONGEST_OTHER)
        if len(written) > longest:
            self._trouble(column, f"最多 {longest} 字，现为 {len(written)} 字")

    def _read(self, column: Column, reader: Callable[[object], Any]) -> Any:
        cell = self.reader.cell(self.cells, column)
        if cell is None:
            return None
        if isinstance(cell, Formula):
            self._trouble(column, "是公式，请改为公式算出的值")
            return None
        try:
            return reader(cell)
        except Unreadable as unreadable:
            self._trouble(column, str(unreadable))
            return None

    def _label(self, column: Column) -> str:
        return self.reader.table.header.label(column)

    def _trouble(self, column: Column, clause: str) -> None:
        label = self._label(column)
        sentence = f"{place_of(self.reader.table.sheet, self.row)}“{label}”{clause}。"
        if not any(known.sentence == sentence or (known.column == label and "公式" in clause) for known in self.troubles):
            self.troubles.append(Trouble(self.row, label, sentence, self.reader.table.sheet))


def twice(case: IncomingCase, label: str, first_sheet: str, first_row: int) -> Trouble:
    """The trouble of a case that stands in the file twice: it names both rows."""
    first = place_of(first_sheet if first_sheet != case.sheet else "", first_row)
    what = f"“{label}”{case.source_number}" if case.source_number else "内容"
    return Trouble(case.row, label, f"{place_of(case.sheet, case.row)}{what} 与{first}重复。", case.sheet)


def place_of(sheet: str, row: int) -> str:
    """第 N 行, with its sheet where there are several."""
    return f"工作表“{sheet}”第 {row} 行" if sheet else f"第 {row} 行"


def digest_of(description: str, where: str, received_on: date | None) -> str:
    """What a case without a source number is known by: the same words about the same place on the same day."""
    parts = (readings.key(description), readings.key(where), received_on.isoformat() if received_on else "")
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
