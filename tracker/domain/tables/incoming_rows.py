"""A case on its way in from a table, and what is said when it cannot enter. Pure."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from tracker.domain.tables import cells
from tracker.domain.tables.columns import IDENTITY_COLUMNS, CaseColumn, column_of, own_header


@dataclass(frozen=True, slots=True)
class RowTrouble:
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
    title: str
    description: str
    number: str = ""
    area_text: str = ""
    area_code: str = ""
    jurisdiction: str = ""  # whose the case is, where no area of ours says so
    place: str = ""
    categories: tuple[str, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()  # to what is asked of its types, by name, as they were written
    received_on: date | None = None
    received_at: datetime | None = None
    is_received_inferred: bool = False
    channel: str | None = None
    finding: str | None = None
    outcome: str | None = None
    measures: str = ""
    investigation: str = ""
    accountability: str = ""
    target: str = ""
    batch: str = ""
    latitude: float | None = None
    longitude: float | None = None
    rail_line: str = ""
    mileage: str = ""
    mileage_to: str = ""
    rail_side: str = ""
    extra: tuple[tuple[str, str], ...] = ()
    reporter: str = field(default="", repr=False)
    contact: str = field(default="", repr=False)
    address: str = field(default="", repr=False)

    @property
    def digest(self) -> str:
        """What the case is known by where it has no source number."""
        return digest_of(self.description, f"{self.area_code}{self.area_text}{self.place}", self.received_on)

    @property
    def dedupe_key(self) -> str:
        """What makes this case the same as another in its file: its source number, else the number our register gave it, else
        its content."""
        own = f"#{self.number}" if self.number else f"~{self.digest}"
        return f"{self.source}\x1f{self.source_number or own}"


def others_told(extra: Iterable[tuple[str, str]]) -> str:
    """The one cell in which our register keeps what has no column of its own: a line for each, 栏目：内容."""
    shown = ((own_header(CaseColumn(name)), text) for name, text in extra if name != CaseColumn.received_at.value)
    return "\n".join(f"{header}：{text}" for header, text in shown)


def others_in(cell: str) -> dict[CaseColumn, str]:
    """What such a cell says, by column. Lines that are not ours are left out."""
    said: dict[CaseColumn, str] = {}
    for line in cell.split("\n"):
        header, colon, told = line.partition("：")
        column = column_of(header)
        if colon and column is not None and column not in IDENTITY_COLUMNS:
            said[column] = told
    return said


def twice(case: IncomingCase, label: str, told: str, first_sheet: str, first_row: int) -> RowTrouble:
    """The trouble of a case that stands in the file twice: it names both rows."""
    first = place_of(first_sheet if first_sheet != case.sheet else "", first_row)
    return RowTrouble(case.row, label, f"{place_of(case.sheet, case.row)}“{label}”{told} 与{first}重复。", case.sheet)


def place_of(sheet: str, row: int) -> str:
    """第 N 行, with its sheet where there are several."""
    return f"工作表“{sheet}”第 {row} 行" if sheet else f"第 {row} 行"


def digest_of(description: str, where: str, received_on: date | None) -> str:
    """What a case without a source number is known by: the same words about the same place on the same day."""
    parts = (cells.key(description), cells.key(where), received_on.isoformat() if received_on else "")
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
