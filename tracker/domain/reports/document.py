"""A report as plain values, before any skin: page, mail, .xlsx, .docx and .json print the same numbers.

A document is built by the law from counted cases, stored as canonical JSON, and read back to the equal value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import sha256
from itertools import count
from typing import Any, NamedTuple

from tracker.domain.house.ledger import canonical
from tracker.domain.house.links import Link, address_of, read_link
from tracker.domain.house.say import Say, finished
from tracker.domain.reports.counting import NO_RATE, CaseCount, Rate

KINDS = ("text", "number", "rate", "date", "case", "light", "score")
Cell = str | int | Rate | None
SAID_WHERE_SET: Mapping[str, object] = {"part": "plain", "is_for_sheets": False}  # frozen documents that are older say neither
_UNLIKE_ANY = object()


class PaperPart(StrEnum):
    """What a section is to a paper that an office sends: its text, which may be edited before it is signed; the tables behind it;
    a list that is one sheet of a workbook; what its numbers rest on, for the last page. `plain` is part of no such paper."""

    plain = "plain"
    text = "text"
    annex = "annex"
    list = "list"
    notes = "notes"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `kind` says how its cells are set, `width` is its share of the page. One that is `is_for_sheets` is
    left out of a paper of few pages."""

    head: str
    kind: str = "text"
    width: int = 10
    is_for_sheets: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads. `total` is the last line; `is_exclusive` says whether the rows must sum to it. `links` are where each row
    leads."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()
    note: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the head: its word, its value, what it counts, and under which key the cases behind it are listed."""

    key: str
    word: str
    value: int | Rate
    definition: str
    before: int | Rate | None = None  # the same of the period before （环比）
    year_before: int | Rate | None = None  # the same of the year before （同比）


@dataclass(frozen=True, slots=True)
class Chart:
    """One question as a picture; `title` states the answer. Each series has one value for each label."""

    title: str
    kind: str  # bars | columns | lines | spans
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part under its heading; one without is the opening of a text."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    part: PaperPart = PaperPart.plain

    @property
    def is_bare(self) -> bool:
        """Whether nothing stands under the heading; a skin then says so."""
        return not (self.paragraphs or self.figures or self.tables or self.charts)


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report. `cases` lists, by figure key, the numbers of the cases that were counted."""

    name: str
    period: str
    area_code: str
    title: str
    subtitle: str
    as_of: str
    sections: tuple[Section, ...]
    cases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    foot: tuple[str, ...] = ()

    def text(self) -> str:
        """The one text of this document: canonical JSON, equal for equal documents. What its cells lead to stands beside its
        parts, each list once."""
        leads = _leads_of(self)
        return canonical({"document": _plain_of(self) | ({"leads": leads} if leads else {})})

    def digest(self) -> str:
        """SHA-256 of that text."""
        return sha256(self.text().encode()).hexdigest()


# --- the cases behind a cell ---------------------------------------------------------------------------------------------------


def tables_of(document: Document) -> Iterator[Table]:
    """Every table in its order."""
    return (table for section in document.sections for table in section.tables)


def counts_of(document: Document) -> Iterator[tuple[Table, int, int, CaseCount]]:
    """Every number that knows its cases, with its table, its row and its column; the row behind the last one is the total."""
    for table in tables_of(document):
        for at, row in enumerate((*table.rows, table.total)):
            yield from ((table, at, place, each) for place, cell in enumerate(row) for each in counts_in(cell))


def counts_in(cell: Cell) -> tuple[CaseCount, ...]:
    """The numbers of a cell that know their cases: of a rate the numerator and the denominator."""
    parts = (cell.numerator, cell.denominator) if isinstance(cell, Rate) else (cell,)
    return tuple(each for each in parts if isinstance(each, CaseCount))


def _leads_of(document: Document) -> dict[str, Any]:
    """The numbers of all cases that cells count, the lists of them as places among the numbers, and which cell has which."""
    numbers = sorted({number for *_, each in counts_of(document) for number in each.cases})
    at = {number: place for place, number in enumerate(numbers)}
    lists: dict[str, int] = {}
    cells: dict[str, list[list[list[int]]]] = {}
    for number, table in enumerate(tables_of(document)):
        rows = [[[lists.setdefault(_stretch_text([at[known] for known in each.cases]), len(lists)) for each in counts_in(cell)]
                 for cell in row] for row in (*table.rows, table.total)]
        if any(places for row in rows for places in row):
            cells[str(number)] = rows
    return {"numbers": numbers, "lists": list(lists), "cells": cells} if cells else {}


def _stretch_text(places: Sequence[int]) -> str:
    """0-3 7 9: places in order, those that follow each other by the first and the last."""
    found: list[list[int]] = []
    for place in places:
        if found and place == found[-1][1] + 1:
            found[-1][1] = place
        else:
            found.append([place, place])
    return " ".join(str(first) if first == last else f"{first}-{last}" for first, last in found)


def _places_of(stretches: str) -> Iterator[int]:
    for part in stretches.split():
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def _with_leads(table: Table, number: int, leads: Mapping[str, Any]) -> Table:
    """A table whose cells know their cases again."""
    if (rows := leads["cells"].get(str(number))) is None:
        return table

    lists = [[leads["numbers"][each] for each in _places_of(stretches)] for stretches in leads["lists"]]

    def known(at: int, row: tuple[Cell, ...]) -> tuple[Cell, ...]:
        return tuple(_with_cases(cell, [lists[place] for place in places], f"{number}.{at}.{column}")
                     for column, (cell, places) in enumerate(zip(row, rows[at], strict=True)))

    return replace(table, rows=tuple(known(at, row) for at, row in enumerate(table.rows)),
                   total=known(len(table.rows), table.total))


def _with_cases(cell: Cell, lists: list[list[str]], place: str) -> Cell:
    if not lists:
        return cell
    first, *rest = (CaseCount(each, f"{place}.{part}") for part, each in enumerate(lists))
    return Rate(first, rest[0], cell.definition) if isinstance(cell, Rate) else first


# --- what people wrote --------------------------------------------------------------------------------------------------------

# A text that lies apart from its fact stands in a report as a reference, between two signs that nobody types: so no erasing
# changes what was frozen.
OPENS, ENDS = "\ue000", "\ue001"
_REFERENCE = re.compile(f"{OPENS}([^{OPENS}{ENDS}#]+)#([0-9]+)/([a-z_]+)/([0-9a-f]{{64}}){ENDS}")


class WordReference(NamedTuple):
    """Which text of which fact, and what it committed itself to."""

    stream: str
    seq: int
    name: str
    commitment: str

    def mark(self) -> str:
        """As it stands in a document."""
        return f"{OPENS}{self.stream}#{self.seq}/{self.name}/{self.commitment}{ENDS}"


def is_reference(text: object) -> bool:
    """Whether it is one reference and nothing besides."""
    return isinstance(text, str) and _REFERENCE.fullmatch(text) is not None


def references_in(text: str) -> Iterator[WordReference]:
    """All that stand in the text of a document."""
    return (WordReference(stream, int(seq), name, digest) for stream, seq, name, digest in _REFERENCE.findall(text))


def with_words(value: Any, word_of: Callable[[WordReference], str]) -> Any:
    """A document, or a part of one, with what people wrote in place of the references."""
    if isinstance(value, str):
        return _REFERENCE.sub(lambda found: word_of(next(references_in(found[0]))), value) if OPENS in value else value
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return tuple(with_words(each, word_of) for each in value)
    if isinstance(value, Document | Section | Table):
        return replace(value, **{name: with_words(getattr(value, name), word_of) for name in value.__dataclass_fields__})
    return value


def value_text(value: Cell) -> str:
    """A cell as it is printed: a rate with numerator and denominator, a dash for nothing."""
    if value is None:
        return NO_RATE
    if isinstance(value, Rate):
        return value.text() if value.denominator == 0 else Say("{value_text}（{numerator}/{denominator}）",
                                                               value_text=value.text(), numerator=value.numerator,
                                                               denominator=value.denominator)
    return str(value)


def read_document(plain: Mapping[str, Any]) -> Document:
    """The document that `Document.text` wrote, from its parsed JSON."""
    known = dict(plain.get("document", plain))
    leads, numbers = known.pop("leads", {"cells": {}}), count()
    known["sections"] = tuple(
        replace(section, tables=tuple(_with_leads(table, next(numbers), leads) for table in section.tables))
        for section in map(_read_section, known["sections"]))
    known["cases"] = {key: tuple(numbers) for key, numbers in known["cases"].items()}
    known["foot"] = tuple(known["foot"])
    return Document(**known)


def _plain_of(value: object) -> Any:
    if isinstance(value, Rate):
        return {"rate": [value.numerator, value.denominator, value.definition]}
    if isinstance(value, Link):
        return address_of(value)
    if isinstance(value, Mapping):
        return {str(key): _plain_of(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain_of(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain_of(item) for name in value.__dataclass_fields__
                if (item := getattr(value, name)) != SAID_WHERE_SET.get(name, _UNLIKE_ANY)}
    return finished(value) if isinstance(value, str) else value


def _read_value(plain: Any) -> Any:
    return Rate(*plain["rate"]) if isinstance(plain, dict) else plain


def _read_cells(plain: Sequence[Any]) -> tuple[Cell, ...]:
    return tuple(_read_value(each) for each in plain)


def _read_section(plain: Mapping[str, Any]) -> Section:
    figures = tuple(Figure(**{name: _read_value(value) for name, value in each.items()}) for each in plain["figures"])
    charts = tuple(
        Chart(c["title"], c["kind"], tuple(c["labels"]), tuple((name, tuple(values)) for name, values in c["series"]))
        for c in plain["charts"])
    return Section(plain["heading"], tuple(plain["paragraphs"]), figures, tuple(_read_table(each) for each in plain["tables"]),
                   charts, PaperPart(plain.get("part", PaperPart.plain)))


def _read_table(plain: Mapping[str, Any]) -> Table:
    return Table(plain["title"], tuple(Column(**each) for each in plain["columns"]),
                 tuple(_read_cells(row) for row in plain["rows"]),
                 _read_cells(plain["total"]), plain["note"], tuple(read_link(each) for each in plain["links"]))
