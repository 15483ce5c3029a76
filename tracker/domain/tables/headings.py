"""Header rows: which rows may be one, which two may be read together, and the words under which columns stand."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tracker.domain.house.masking import counts_as_name
from tracker.domain.tables import cells, moments
from tracker.domain.tables.cells import Unreadable
from tracker.domain.tables.columns import CaseColumn, as_seen, as_shown, column_of, own_header

Row = tuple[int, Sequence[object]]

LONGEST_HEADER = 60
_LONGEST_WORD = 15  # of a header that nobody knows; a longer one is a text
_DIGITS_OF_DATA = re.compile(r"(?:[0-9][^0-9]{0,2}){7}")
_PLACE = re.compile(r"[^0-9]{1,12}(?:区|县|市|镇|乡|街道)")
_SOME_DAY = date(2099, 1, 1)


@dataclass(frozen=True)
class Header:
    """One header row, or two read together: which column stands where, under which words."""

    rows: tuple[int, ...]
    columns: Mapping[int, CaseColumn] = field(default_factory=dict)
    labels: Mapping[int, str] = field(default_factory=dict)

    @property
    def found(self) -> frozenset[CaseColumn]:
        """The columns that were understood."""
        return frozenset(self.columns.values())

    def label(self, column: CaseColumn) -> str:
        """The words this table uses for a column."""
        at = next((index for index, each in self.columns.items() if each is column), None)
        return own_header(column) if at is None else self.labels[at]


def read_header(*rows: Row) -> Header:
    """Read one row, or two rows as one header whose words are split or grouped over both."""
    numbers = tuple(number for number, _ in rows)
    words = [[as_shown(cell)] for cell in rows[0][1]] if len(rows) == 1 else _stacked_readings(rows[0][1], rows[1][1])
    columns: dict[int, CaseColumn] = {}
    labels: dict[int, str] = {}
    for index, readings in enumerate(words):
        column = next((found for text in readings if (found := column_of(text))), None)
        if column is not None:
            columns[index] = column
        if any(readings):
            labels[index] = next((text for text in readings if column_of(text) is column and text), readings[0])
    return Header(numbers, columns, labels)


def _stacked_readings(top: Sequence[object], under: Sequence[object]) -> list[list[str]]:
    """The ways to read each column of a header that is two rows high, likeliest first."""
    readings: list[list[str]] = []
    group = ""
    for index in range(max(len(top), len(under))):
        upper, lower = _word_at(top, index), _word_at(under, index)
        group = upper or group
        readings.append([upper + lower, group + lower if lower else "", lower, upper])
    return readings


def has_gap(top: Sequence[object], under: Sequence[object]) -> bool:
    """A cell of the lower row stands under an empty one of the upper."""
    return any(_word_at(under, index) and not _word_at(top, index) for index in range(len(under)))


def is_two_rows(top: Sequence[object], under: Sequence[object]) -> bool:
    """Nothing in the lower row looks like data, but for a word that with the one above it makes a header that we know."""
    group = ""
    for index in range(len(under)):
        upper, lower = _word_at(top, index), _word_at(under, index)
        group = upper or group
        if lower and looks_like_data(under[index]) and not (group and column_of(group + lower)):
            return False
    return bool(group)


def looks_like_data(cell: object) -> bool:
    """A number, a date, a long text, a long number, or a word that stands in cells: no header then."""
    if not isinstance(cell, str):
        return cell is not None
    word = as_seen(cell)
    if len(word) > _LONGEST_WORD or _DIGITS_OF_DATA.search(word):
        return True
    return bool(word) and (cells.is_listed_word(word) or _PLACE.fullmatch(word) is not None or _is_day(word))


def header_words(head: Sequence[Row]) -> list[str]:
    """The words of the row that is likeliest a header, for a refusal: none that may be somebody's, for it may be no header."""
    rows = [row for _, row in head if sum(1 for cell in row if as_seen(cell)) > 1 or any(map(column_of, row))]
    known = max(rows, key=lambda row: sum(column_of(cell) is not None for cell in row), default=())
    if not any(column_of(cell) is not None for cell in known) or any(_is_code(cell) for cell in known):
        known = next((row for row in rows if not any(looks_like_data(cell) or _is_code(cell) for cell in row)), ())
    return [as_shown(cell)[:20] for cell in known if as_seen(cell) and _may_be_shown(cell)]


def _may_be_shown(cell: object) -> bool:
    return column_of(cell) is not None or not (looks_like_data(cell) or counts_as_name(as_seen(cell)))


def _is_code(cell: object) -> bool:
    """A number of something, which a header never holds."""
    return column_of(cell) is None and re.search(r"[0-9]{2}", as_seen(cell)) is not None


def _is_day(word: str) -> bool:
    try:
        return moments.moment(word, _SOME_DAY) is not None
    except Unreadable:
        return False


def _word_at(row: Sequence[object], index: int) -> str:
    return as_shown(row[index]) if index < len(row) else ""
