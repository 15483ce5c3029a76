"""The events of one worksheet's XML, made into rows of typed cells; and the workbook's shared strings, kept on disk."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO

from openpyxl.utils.datetime import from_excel

from tracker.domain.house.errors import Invalid
from tracker.domain.tables.cells import Formula, Reshaped

MAX_COLUMNS = 256
MAX_ROW = 1_048_576
MAX_CELL = 1_000_000

Attributes = dict[str, str]
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_INERT = re.compile(r"_.|\*.|\[[^\]]*\]|[ )]+$")  # blanks as wide as a sign, fillers, colours and conditions
_PLAIN = frozenset({"", "General", "@", "0", "#", "##"})
_ZEROS = re.compile(r'("[^"]*")?(0{2,}|(?<=")0)')
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


TRUE = ("1", "true")
MOMENTS = frozenset({"date", "time", "datetime"})


@dataclass
class Hidden:
    """Which rows of a sheet, and which of its columns (from 0), are hidden; complete as far as the sheet has been read."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)


class Strings:
    """The shared strings of a workbook, kept in two temporary files: the texts, and where each one starts."""

    def __init__(self, texts: Callable[[], Iterator[str]]) -> None:
        self._texts_of = texts
        self._texts: IO[bytes] | None = None
        self._starts: IO[bytes] | None = None

    def __getitem__(self, index: int) -> str:
        return self._read_text(index)

    def close(self) -> None:
        """Forget everything; the files vanish with their handles."""
        for file in (self._texts, self._starts):
            if file is not None:
                file.close()

    def _read_text(self, index: int) -> str:
        texts, starts = self._open_files()
        span = os.pread(starts.fileno(), 16, 8 * index)
        if index < 0 or len(span) < 16:
            raise IndexError(index)
        start, end = int.from_bytes(span[:8], "little"), int.from_bytes(span[8:], "little")
        return os.pread(texts.fileno(), end - start, start).decode("utf-8", "surrogatepass")

    def _open_files(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._texts is None or self._starts is None:
            self._texts, self._starts = TemporaryFile(), TemporaryFile()  # noqa: SIM115 - `close` closes them
            at = 0
            self._starts.write(at.to_bytes(8, "little"))
            for text in self._texts_of():
                at += self._texts.write(text.encode("utf-8", "surrogatepass"))
                self._starts.write(at.to_bytes(8, "little"))
            self._texts.flush()
            self._starts.flush()
        return self._texts, self._starts


class RowTaker:
    """Takes the events of one sheet and makes rows of cells."""

    def __init__(self, name: str, strings: Strings, shapes: dict[int, str], epoch: datetime, hidden: Hidden) -> None:
        self._name, self._strings, self._shapes, self._epoch, self._hidden = name, strings, shapes, epoch, hidden
        self._done: list[tuple[int, list[object]]] = []
        self._cells: list[object] = []
        self._pieces: list[str] = []
        self._row = self._column = self._size = 0
        self._kind = self._style = self._tag = ""
        self._formula: str | None = None
        self._value = ""
        self._is_phonetic = False

    def take(self) -> list[tuple[int, list[object]]]:
        """The rows completed since the last call."""
        done, self._done = self._done, []
        return done

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "c":
            self._column = self._column_at(attributes.get("r"))
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "0")
            self._formula, self._value = None, ""
        elif tag == "row":
            told = attributes.get("r", "")
            self._row = int(float(told)) if told else self._row + 1
            if not 0 < self._row <= MAX_ROW:
                raise Invalid(f"“{self._name}”中的行号 {told} 超出 Excel 的范围，文件异常。", field="file")
            self._cells, self._column = [], 0
            if attributes.get("hidden", "") in TRUE:
                self._hidden.rows.add(self._row)
        elif tag == "col":
            self._hide_columns(attributes)
        elif tag in ("v", "t", "f"):
            self._pieces, self._size = [], 0
        elif tag == "rPh":
            self._is_phonetic = True
        self._tag = tag

    def _hide_columns(self, attributes: Attributes) -> None:
        if attributes.get("hidden", "") in TRUE:
            first, last = int(attributes.get("min", 1)), int(attributes.get("max", 0))
            self._hidden.columns.update(range(first - 1, min(last, MAX_COLUMNS)))

    def text(self, piece: str) -> None:
        if self._tag in ("v", "t", "f"):
            self._pieces.append(piece)
            self._size += len(piece)
            if self._size > MAX_CELL:
                raise Invalid(f"“{self._name}”第 {self._row} 行有一格超过 {MAX_CELL:,} 字，文件异常。", field="file")

    def end(self, tag: str) -> None:
        if tag == "c":
            self._keep_cell(self._cell_value())
        elif tag == "row":
            self._done.append((self._row, self._cells))
        elif tag == "v" or (tag == "t" and not self._is_phonetic):
            self._value += "".join(self._pieces)
        elif tag == "f":
            self._formula = "".join(self._pieces)
        elif tag == "rPh":
            self._is_phonetic = False
        self._tag = ""

    def _column_at(self, reference: str | None) -> int:
        found = _REFERENCE.fullmatch(reference or "")
        return column_number(found[1]) if found else self._column + 1

    def _keep_cell(self, value: object) -> None:
        if value is None:
            return
        if self._column > MAX_COLUMNS:
            raise Invalid(f"“{self._name}”第 {self._row} 行用到第 {self._column} 列，超过可导入的 {MAX_COLUMNS} 列。", field="file")
        self._cells.extend([None] * (self._column - len(self._cells)))
        self._cells[self._column - 1] = value

    def _cell_value(self) -> object:
        if self._formula is not None:
            return Formula("=" + self._formula)
        if not self._value:
            return None
        try:
            return self._typed_value(self._value)
        except (ValueError, OverflowError, IndexError):
            return self._value

    def _typed_value(self, value: str) -> object:
        if self._kind == "s":
            return self._strings[int(value)]
        if self._kind == "n":
            number = float(value) if "." in value or "e" in value.lower() else int(value)
            kind = self._shapes.get(int(self._style))
            if kind is None:
                return number
            if kind not in MOMENTS:
                return shaped(number, kind)
            moment = from_excel(number, self._epoch)
            return moment.date() if kind == "date" and isinstance(moment, datetime) else moment
        if self._kind == "b":
            return "是" if value == "1" else "否"
        return unescaped(value)


def shape_of(code: str) -> str:
    """What of a format changes how a number looks: nothing for the plain ones, digits with leading zeros and a text before
    them as they are, of others the whole code."""
    first = code.split(";")[0]
    bare = _INERT.sub("", first)
    return "" if bare in _PLAIN else bare if _ZEROS.fullmatch(bare) else code


def shaped(number: float, shape: str) -> object:
    """The number as its sheet shows it, where that is digits; else marked with the shape it has there."""
    found = _ZEROS.fullmatch(shape)
    if found is None or not isinstance(number, int) or number < 0:
        other = Reshaped(number)
        other.shape = shape
        return other
    before, zeros = found.groups()
    return (before or "").strip('"') + str(number).zfill(len(zeros))


def unescaped(text: str) -> str:
    """Excel writes control characters as _x000D_."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def column_number(letters: str) -> int:
    """Which column the letters name, from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
