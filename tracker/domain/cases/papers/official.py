"""A paper that an office sends, before any skin: who writes to whom, under which number, what it says, who signs it and when."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

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
    type; `opens` is the address of its QR code, `opens_of` what is there."""

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
    opens_of: str = "案件"


def text_of(paper: OfficialPaper) -> str:
    """A paper without a table as one text, which is kept where it must stay as it is."""
    said = {name: value for name, value in asdict(paper).items() if value}
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def paper_of(text: str) -> OfficialPaper:
    """The paper of a text that was kept."""
    said = json.loads(text)
    form = tuple(FormRow(tuple((heading, told) for heading, told in row["cells"]), row["least"]) for row in said.pop("form", ()))
    dated = said.pop("dated_on", None)
    texts: dict[str, Any] = {name: tuple(said.pop(name, ())) for name in ("title", "paragraphs", "closing", "foot")}
    return OfficialPaper(**texts, form=form, dated_on=date.fromisoformat(dated) if dated else None, **said)
