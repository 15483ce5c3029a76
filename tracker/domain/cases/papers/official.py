"""A paper that an office sends, before any skin: who writes to whom, under which number, what it says, who signs it and when."""

from dataclasses import dataclass
from datetime import date

FormCell = tuple[str, str]


@dataclass(frozen=True)
class FormRow:
    """A row of a form: one heading with its text over the whole width, or two side by side. `least` is its height at least, in
    millimetres: room to write by hand."""

    cells: tuple[FormCell, ...]
    least: int = 0


@dataclass(frozen=True)
class PaperTable:
    """A table over the whole width of a sheet that lies on its side; the widths of its columns are shares of it."""

    heads: tuple[str, ...]
    shares: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class OfficialPaper:
    """What stands on it, in its order; what is empty is left out. `foot` is what it rests on, in small
    type; `opens` is the address of its QR code."""

    title: tuple[str, ...]
    number: str = ""
    addressee: str = ""
    paragraphs: tuple[str, ...] = ()
    form: tuple[FormRow, ...] = ()
    table: PaperTable | None = None
    closing: tuple[str, ...] = ()
    signed_by: str = ""
    dated_on: date | None = None
    copies: str = ""
    foot: tuple[str, ...] = ()
    opens: str = ""
