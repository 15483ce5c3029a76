"""A report as plain values, before any skin: page, mail, .xlsx, .docx and .json print the same numbers.

A document is built by the law from counted cases, stored as canonical JSON, and read back to the equal value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple

from tracker.domain.house.ledger import canonical
from tracker.domain.house.links import Link, address_of, read_link
from tracker.domain.house.say import Say, finished
from tracker.domain.reports.counting import NO_RATE, Rate

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
    """A column of a table; `kind` says how its cells are set, `width` is its share of the page. One that is `is_for_sheets` is left
    out of a paper of few pages."""

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
    kind: str  # bars | columns | lines
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
        """The one text of this document: canonical JSON, equal for equal documents."""
        return canonical({"document": _plain_of(self)})

    def digest(self) -> str:
        """SHA-256 of that text."""
        return sha256(self.text().encode()).hexdigest()


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
    known["sections"] = tuple(_read_section(each) for each in known["sections"])
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
