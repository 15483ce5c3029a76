"""A register's file row by row, with what is wrong in it; and the same file back with the reason beside each bad row."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Generic, TypeVar

from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Listed, Say
from tracker.domain.tables.cells import text
from tracker.domain.tables.incoming_rows import RowTrouble
from tracker.domain.tables.merges import Merged
from tracker.gateways.tables.master_out import FRONT
from tracker.gateways.tables.sheets_in import InputSheet, open_sheets
from tracker.gateways.tables.sheets_out import open_row_errors

REMARK = "#"
LOOKED_AT, MOST_ROWS = 10, 50_000  # rows among which the header is found; rows that a file may have
Column = TypeVar("Column", bound=str)
Row = TypeVar("Row")


@dataclass(frozen=True)
class FileColumns(Generic[Column]):
    """How the columns of a file are known, and of which one of each group must be there."""

    column_of: Callable[[str], Column | None]
    needed: tuple[frozenset[Column], ...]
    words: Mapping[Column, str]


@dataclass
class FileRows(Generic[Row]):
    """What a file holds: its good rows, the troubles of the others, and where its headers stand."""

    rows: list[Row] = field(default_factory=list)
    troubles: list[RowTrouble] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    columns: frozenset[str] = frozenset()
    row_count: int = 0
    headers: dict[str, tuple[int, int]] = field(default_factory=dict)  # by sheet: row of the header, number of columns

    @property
    def bad_count(self) -> int:
        """How many rows are bad."""
        return len({(each.sheet, each.row) for each in self.troubles})


Reader = Callable[[str, int, Mapping[Column, object], Mapping[Column, str]], Row | RowTrouble]


def read_rows(path: Path, known: FileColumns[Column], read: Callable[..., Row | RowTrouble]) -> FileRows[Row]:
    """Every row of every visible sheet that has the header. Raises `Invalid` where none has."""
    found: FileRows[Row] = FileRows()
    with open_sheets(path) as sheets:
        for sheet in sheets:
            _read_sheet(found, sheet, known, read)
        found.notes += [*sheets.unread, *(Say("隐藏的工作表“{name}”未读取", name=name) for name in sheets.hidden)]
    if not found.headers:
        wanted = Listed(Say("“{word}”", word="/".join(known.words[each] for each in known.words if each in group))
                        for group in known.needed)
        raise Invalid(Say("表里找不到表头：前 {looked_at} 行里须有一行含{wanted}。", looked_at=LOOKED_AT, wanted=wanted), field="file")
    return found


def _read_sheet(found: FileRows[Row], sheet: InputSheet, known: FileColumns[Column],
                read: Callable[..., Row | RowTrouble]) -> None:
    head = list(islice(sheet.rows, LOOKED_AT))
    place = next((at for at, (_, cells) in enumerate(head) if _has_needed(cells, known)), None)
    if place is None:
        if sheet.name != FRONT and any(text(cell) for _, cells in head for cell in cells):
            found.notes.append(Say("工作表“{name}”没有认得的表头，未读取", name=sheet.name))
        return
    number, cells = head[place]
    words = [text(cell) for cell in cells]
    columns = _columns_within(words, known)
    labels = {column: words[at] for at, column in columns.items()}
    found.headers[sheet.name] = (number, len(words))
    found.columns |= set(columns.values())
    if strange := [word for at, word in enumerate(words) if word and at not in columns]:
        found.notes.append(Say("未导入的栏目：{columns}", columns=Listed(strange)))
    for row, line in chain(head[place + 1:], sheet.rows):
        if _is_data(row, line, sheet.merges):
            found.row_count += 1
            _require_few(found.row_count)
            told = {column: line[at] if at < len(line) else None for at, column in columns.items()}
            got = read(sheet.name, row, told, labels)
            found.troubles.append(got) if isinstance(got, RowTrouble) else found.rows.append(got)


def _require_few(count: int) -> None:
    if count > MOST_ROWS:
        raise Invalid(Say("一次最多导入 {most} 行，请分成几个文件。", most=MOST_ROWS), field="file")


def _columns_within(words: Sequence[str], known: FileColumns[Column]) -> dict[int, Column]:
    found: dict[int, Column] = {}
    for at, word in enumerate(words):
        column = known.column_of(word)
        if column is None or column not in known.words:
            continue
        if column in found.values():
            raise Invalid(Say("表头里有两列都是“{word}”，请只留一列。", word=known.words[column]), field="file")
        found[at] = column
    return found


def _has_needed(cells: Sequence[object], known: FileColumns[Column]) -> bool:
    there = {known.column_of(text(cell)) for cell in cells}
    return all(there & group for group in known.needed)


def _is_data(row: int, line: Sequence[object], merges: Sequence[Merged]) -> bool:
    """Whether the row says something, and is no title over several columns nor the last line of our own .csv."""
    filled = [at for at, cell in enumerate(line) if text(cell)]
    if filled and text(line[filled[0]]).startswith(REMARK):
        return False
    across = any(each.top <= row <= each.bottom and each.right > each.left and each.left in filled for each in merges)
    return bool(filled) and not (across and len(filled) == 1)


def write_errors(path: Path, to: Path, headers: Mapping[str, tuple[int, int]], troubles: Sequence[RowTrouble]) -> None:
    """The file as it came, with what is wrong behind each bad row."""
    reasons: dict[tuple[str, int], list[str]] = {}
    for each in troubles:
        reasons.setdefault((each.sheet, each.row), []).append(each.sentence)
    with open_sheets(path) as sheets, open_row_errors(to) as out:
        for sheet in sheets:
            if sheet.name not in headers:
                continue
            number, width = headers[sheet.name]
            out.sheet(sheet.name, width)
            for row, cells in sheet.rows:
                out.write(row, cells, "\n".join(reasons.get((sheet.name, row), ())), is_header=row == number)


def first_sentences(troubles: Sequence[RowTrouble], most: int) -> Iterator[str]:
    """The first sentences of what is wrong."""
    yield from (each.sentence for each in troubles[:most])
