"""Read the rows of a recognised table: one row, one case that may enter, or the troubles that keep it out. Pure."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tracker.domain.cases.categories.rows import Categories
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.wording import STATES
from tracker.domain.evidence.sources import SHIPPED_LETTERS, under_letters
from tracker.domain.house.errors import Invalid
from tracker.domain.house.fields import is_visible
from tracker.domain.house.identifiers import parse_case_number
from tracker.domain.tables import cells as readings
from tracker.domain.tables import moments
from tracker.domain.tables.cells import Formula, Unreadable
from tracker.domain.tables.columns import IDENTITY_COLUMNS, CaseColumn, as_seen
from tracker.domain.tables.incoming_rows import IncomingCase, RowTrouble, others_in, place_of
from tracker.domain.tables.layouts import Recognised, batch_in
from tracker.domain.tables.type_columns import answer_columns

C = CaseColumn

LONGEST: dict[CaseColumn, int] = {C.headline: 300, C.description: 20_000, C.source_number: 120, C.area: 200, C.place: 300,
                                  C.batch: 60, C.rail_line: 60}
LONGEST_OTHER = 20_000

# Columns kept as they were written, beside the case.
KEPT_AS_TEXT: tuple[CaseColumn, ...] = (
    C.implementer, C.time_limit, C.notice_from, C.notice_to, C.acceptance, C.source_level, C.completeness, C.reference,
    C.reply, C.replied_at, C.votes_against, C.likes, C.inspection_log, C.inspected_at, C.duplicate_of, C.modified_on,
)
# Of a case that others handled in another register: what stood there, where it says more than our own import would.
HANDLED_ELSEWHERE: tuple[CaseColumn, ...] = (
    C.state, C.lead_unit, C.supporting_units, C.assigned_at, C.due_on, C.closed_at, C.filing_number,
    C.supervision_due_on, C.matter_since,
)
DATES_KEPT = frozenset({C.notice_from, C.notice_to, C.replied_at, C.inspected_at, C.modified_on, C.assigned_at, C.due_on,
                        C.closed_at, C.supervision_due_on, C.matter_since})
NOTHING_SAID = frozenset({"", "0"})
AS_IMPORTED = frozenset({STATES[CaseState.registered], STATES[CaseState.verified]})
WORK_ORDER, HOTLINE = "工单", "H12345"  # a number that is called so is one of the hotline
_LEVELS = (("第二轮", "D2JX"), ("第三轮", "D3JX"), ("中央", "D3JX"), ("省", "PSJX"))
_NOTE_ROW = re.compile(r"(?:注|备注|说明|填表|制表|合计|总计|共计|审核|#|—)")
# What the last lines of a sheet begin with: sums and signatures. A text that goes on is none of them.
_TAIL_ROW = re.compile(r"(合计|总计|小计|共计|填表|制表|填报|审核|审批|负责)(?:人|单位|部门|日期|时间|签字|签名|签章|盖章|数)*(?:[::(].*)?")
_TAIL_SIGNS = frozenset("合总小共填制审负")


@dataclass(frozen=True, slots=True)
class RowRead:
    """What became of a row: a case, or troubles, or neither for a row that holds no case (`aside` says what it is, `word` with
    which word a row of sums or signatures begins)."""

    row: int
    case: IncomingCase | None = None
    troubles: tuple[RowTrouble, ...] = ()
    aside: str = ""
    word: str = ""


class TableReader:
    """Reads the rows of one recognised table in order; a batch line between rows changes the batch of those below."""

    def __init__(self, table: Recognised, today: date, source: str = "", tails_taken: Collection[int] = (),
                 letters: str = SHIPPED_LETTERS, *, types: Categories) -> None:
        self.table = table
        self.letters = letters  # in which the keys of this district's inspections end
        self.types = types
        self.answers_at = answer_columns(table.header.labels, types)
        self._tails_taken = tails_taken  # rows of sums or signatures that somebody says are cases
        self.today = today
        self.source = source
        self.batch = table.batch
        self._at = {column: index for index, column in table.header.columns.items()}
        self.kept = tuple(column for column in KEPT_AS_TEXT if column in self._at)
        self.handled = tuple(column for column in HANDLED_ELSEWHERE if column in self._at)
        if C.source_number not in self._at and C.number in self._at:
            self._at[C.source_number] = self._at[C.number]

    def read(self, row: int, cells: Sequence[object]) -> RowRead:
        """The case of this row. Every trouble of the row is named, not only the first."""
        if aside := self._aside_kind(cells):
            return RowRead(row, aside=aside)
        if row not in self._tails_taken and (word := self._tail_word(cells)):
            return RowRead(row, aside="tail", word=word)
        reading = _CellRow(self, row, cells)
        case = reading.case()
        return RowRead(row, None if reading.troubles else case, tuple(reading.troubles))

    def cell(self, cells: Sequence[object], column: CaseColumn) -> object:
        """The raw cell of a column, None where the table or the row has none."""
        index = self._at.get(column)
        return cells[index] if index is not None and index < len(cells) else None

    def has(self, column: CaseColumn) -> bool:
        """The table has this column."""
        return column in self._at

    def _aside_kind(self, cells: Sequence[object]) -> str:
        """Why a row holds no case: blank, a header again, a batch line, a note below the table."""
        filled = [cell for cell in cells if cell is not None and (not isinstance(cell, str) or cell.strip())]
        if not filled:
            return "blank"
        if self.table.repeats_header(cells):
            return "header"
        if len(filled) == 1 and not as_seen(self.cell(cells, C.description)):
            line = as_seen(filled[0])
            if batch := batch_in(line):
                self.batch = batch
                return "batch"
            if (_NOTE_ROW.match(line) and not _TAIL_ROW.match(line)) or line == self.table.title:
                return "note"
        return ""

    def _tail_word(self, cells: Sequence[object]) -> str:
        """The word with which a row of sums or signatures begins; nothing for a row with a number of its own."""
        first = next((cell for cell in cells if cell is not None and (not isinstance(cell, str) or not cell.isspace())), None)
        if not isinstance(first, str) or first.lstrip()[:1] not in _TAIL_SIGNS:
            return ""
        if (found := _TAIL_ROW.fullmatch(as_seen(first))) is None:
            return ""
        number = self.cell(cells, C.source_number)
        return "" if as_seen(number) and number is not first else found[1]


class _CellRow:
    """The cells of one row on their way to values; troubles are collected, not raised."""

    def __init__(self, reader: TableReader, row: int, cells: Sequence[object]) -> None:
        self.reader, self.row, self.cells = reader, row, cells
        self.troubles: list[RowTrouble] = []

    def case(self) -> IncomingCase:
        number, is_key = self._read_cell(C.source_number, readings.source_number) or (None, False)
        self._check_length(C.source_number, number or "")
        description, title = self._visible_text(C.description), self._visible_text(C.headline)
        codes, note = self._read_cell(
            C.categories, lambda cell: readings.categories(cell, self.reader.types.by_alias)) or ((), "")
        place = self._read_text(C.place) or self._street_text()
        if not self.reader.has(C.description):
            description = " ".join(filter(None, (self._read_text(C.categories), place)))
        elif not description and not any(t.column == self._label_of(C.description) for t in self.troubles):
            self._add_trouble(C.description, "没有可见的文字" if self._read_text(C.description) else "不能为空")
        received_on, received_at, is_inferred = self._read_received(number)
        area = self._read_text(C.area)
        return IncomingCase(
            row=self.row, sheet=self.reader.table.sheet, source=self._resolve_source(), source_number=number, is_key=is_key,
            title=title or readings.title_of(description) or description[:40],
            description=description, number=self._read_number(), area_text=area, area_code=self._read_text(C.area_code),
            place=place,
            categories=codes, answers=self._typed_answers(), received_on=received_on, received_at=received_at,
            is_received_inferred=is_inferred, channel=self._read_cell(C.channel, readings.channel)
            or readings.channel_in_number(number),
            finding=self._read_cell(C.finding, readings.finding), outcome=self._read_cell(C.outcome, readings.outcome),
            measures=self._read_text(C.measures), investigation=self._read_text(C.investigation),
            accountability=self._read_text(C.accountability), target=self._read_text(C.target), batch=self._read_text(C.batch)
            or self.reader.batch,
            latitude=self._read_cell(C.latitude, lambda cell: readings.coordinate(cell, 90)),
            longitude=self._read_cell(C.longitude, lambda cell: readings.coordinate(cell, 180)),
            **self._along_railway(), extra=self._extra_texts(note, received_at),
            **{column.value: self._identity_text(column) for column in IDENTITY_COLUMNS},
        )

    def _along_railway(self) -> dict[str, str]:
        return {"rail_line": self._read_text(C.rail_line), "rail_side": self._read_cell(C.rail_side, readings.rail_side) or "",
                **{column.value: self._read_cell(column, readings.mileage) or "" for column in (C.mileage, C.mileage_to)}}

    def _typed_answers(self) -> tuple[tuple[str, str], ...]:
        cells = ((name, self.cells[at]) for at, name in self.reader.answers_at.items() if at < len(self.cells))
        return tuple((name, text) for name, cell in cells if (text := readings.text(cell)))

    def _read_number(self) -> str:
        if self.reader.table.layout.key != "register" or not self._read_text(C.number):
            return ""
        try:
            number = parse_case_number(self._read_text(C.number))
        except Invalid:
            number = None
        if number is None or not readings.EARLIEST_YEAR <= number.year <= self.reader.today.year:
            self._add_trouble(C.number, f"“{self._read_text(C.number)[:30]}”不是本系统的案件编号")
            return ""
        return str(number)

    def _resolve_source(self) -> str:
        told = self._read_text(C.source_code)
        if self.reader.source or told:
            return self.reader.source or told
        if WORK_ORDER in self.reader.table.header.label(C.source_number):
            return HOTLINE
        hint = self._read_text(C.source_level) or self.reader.table.title
        by_hint = next((source for word, source in _LEVELS if word in hint), "")
        is_published = self.reader.has(C.area) or self.reader.has(C.measures)
        return under_letters(by_hint if by_hint and is_published else self.reader.table.layout.source, self.reader.letters)

    def _read_received(self, number: str | None) -> tuple[date | None, datetime | None, bool]:
        at = self._read_moment(C.received_at)
        on = self._read_moment(C.received_on)
        moment_at = at if isinstance(at, datetime) else None
        received_on = on.date() if isinstance(on, datetime) else on
        if received_on is None and at is not None:
            received_on = at.date() if isinstance(at, datetime) else at
        if received_on is not None:
            if received_on > self.reader.today:
                self._add_trouble(C.received_at if on is None else C.received_on, f"为 {received_on}，晚于今天")
            return received_on, moment_at, False
        inferred = readings.date_in_number(number, self.reader.today)
        if inferred is None or inferred > self.reader.today:
            return None, None, False
        return inferred, None, True

    def _street_text(self) -> str:
        parts = (self._read_text(c) for c in (C.direction, C.street_name, C.street_type))
        return " ".join(part for part in parts if part)

    def _extra_texts(self, category_note: str, received_at: datetime | None) -> tuple[tuple[str, str], ...]:
        """What the table says beyond the fields of a case, by column, each on one line."""
        said = {C.category_note: category_note, C.received_at: str(received_at or "")}
        kept = self.reader.kept
        if self._read_text(C.lead_unit) or self._read_text(C.state) not in AS_IMPORTED:
            kept += self.reader.handled
        for column in kept:
            if column in DATES_KEPT and (column not in HANDLED_ELSEWHERE or self.reader.table.layout.key == "register"):
                self._read_moment(column)
            said[column] = self._read_text(column)
        said |= others_in(self._read_text(C.other))
        return tuple((column.value, " ".join(text.split())) for column, text in said.items() if text not in NOTHING_SAID)

    def _read_moment(self, column: CaseColumn) -> datetime | date | None:
        is_month_first = self.reader.table.layout.is_month_first
        found: datetime | date | None = self._read_cell(
            column, lambda cell: moments.moment(cell, self.reader.today, is_month_first=is_month_first))
        return found

    def _read_text(self, column: CaseColumn) -> str:
        cell = self.reader.cell(self.cells, column)
        if cell is None:
            return ""
        is_plain = type(cell) is str and cell.isprintable()  # most are; a formula is no such text
        written = str(cell).strip() if is_plain else self._read_cell(column, readings.text) or ""
        written = "" if len(written) < 6 and written.casefold() in readings.EMPTY_WORDS else written
        self._check_length(column, written)
        return written

    def _visible_text(self, column: CaseColumn) -> str:
        written = self._read_text(column)
        return written if is_visible(written) else ""

    def _identity_text(self, column: CaseColumn) -> str:
        """What tells who reported. A phone or an identity number that Excel has changed is a trouble, and is not shown in it."""
        if column is C.contact and not isinstance(self.reader.cell(self.cells, column), str | Formula | None):
            return self._read_cell(column, readings.identifier) or ""
        written = self._read_text(column)
        if column is C.contact and readings.is_scientific(written):
            self._read_cell(column, readings.identifier)
        return written

    def _check_length(self, column: CaseColumn, written: str) -> None:
        longest = LONGEST.get(column, LONGEST_OTHER)
        if len(written) > longest:
            self._add_trouble(column, f"最多 {longest} 字，现为 {len(written)} 字")

    def _read_cell(self, column: CaseColumn, reader: Callable[[object], Any]) -> Any:
        cell = self.reader.cell(self.cells, column)
        if cell is None:
            return None
        if isinstance(cell, Formula):
            self._add_trouble(column, "是公式，请改为公式算出的值", is_alone=True)
            return None
        try:
            return reader(cell)
        except Unreadable as unreadable:
            self._add_trouble(column, str(unreadable))
            return None

    def _label_of(self, column: CaseColumn) -> str:
        return self.reader.table.header.label(column)

    def _add_trouble(self, column: CaseColumn, clause: str, *, is_alone: bool = False) -> None:
        """What is wrong with a cell, once; what `is_alone` is not said of a column that has a trouble already."""
        label = self._label_of(column)
        sentence = f"{place_of(self.reader.table.sheet, self.row)}“{label}”{clause}。"
        if not any(known.sentence == sentence or (known.column == label and is_alone) for known in self.troubles):
            self.troubles.append(RowTrouble(self.row, label, sentence, self.reader.table.sheet))
