"""What a file holds, for the person who must say what its columns mean: tables, headers, masked samples, unknown words."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Invalid
from tracker.domain.house.masking import counts_as_name, mask_text
from tracker.domain.tables import cells
from tracker.domain.tables.cells import Unreadable
from tracker.domain.tables.columns import IDENTITY_COLUMNS, CaseColumn, as_seen, column_of
from tracker.domain.tables.headings import Header, Row, looks_like_data, read_header
from tracker.domain.tables.layouts import HEAD_ROWS, recognise
from tracker.domain.tables.plans import ReadingChoices, TablePlan
from tracker.domain.tables.suggestions import ColumnSuggestion, Reason, suggested
from tracker.domain.tables.type_columns import answer_columns
from tracker.gateways.tables.sheets_in import InputSheet, open_sheets
from tracker.services.house.work import wiring
from tracker.services.rules import rules
from tracker.services.rules.categories import categories
from tracker.services.tables.import_places import ImportPlaces, reach_of

C = CaseColumn
SAMPLES, LONGEST_SAMPLE = 3, 40
MOST_UNKNOWN = 60
SHOWN_ROWS = 5
FEWEST_COLUMNS = 3


@dataclass(frozen=True)
class FoundTable:
    """One table of a file: its first rows with names and numbers masked, the header that is taken, and what it suggests. `error`
    says why it cannot be read."""

    sheet: str
    row_count: int
    hidden_rows: int
    hidden_columns: tuple[str, ...]
    head: tuple[tuple[int, tuple[str, ...]], ...]
    first_rows: tuple[int, ...] = ()  # among which the header may be
    header: Header | None = None
    is_known: bool = False
    samples: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    suggestions: Mapping[int, ColumnSuggestion] = field(default_factory=dict)
    filled: frozenset[int] = frozenset()  # without those that answer questions
    answers: tuple[str, ...] = ()  # headers of columns that answer what is asked of a type
    tails: tuple[tuple[int, str], ...] = ()
    error: str = ""

    @property
    def is_likely(self) -> bool:
        """Whether it seems to be a table of cases, to be ticked beforehand."""
        return self.is_known or (self.header is not None and len(self.header.labels) >= FEWEST_COLUMNS)

    @property
    def plan(self) -> TablePlan:
        """What is known of it before anybody has chosen: headers that we know, and nothing for the rest."""
        if self.header is None:
            return TablePlan(())
        sure = {at: each.column for at, each in self.suggestions.items() if each.is_proposed and at in self.filled}
        return TablePlan(self.header.rows, sure, frozenset(set(self.header.labels) - self.filled))

    def open_columns(self, plan: TablePlan) -> tuple[int, ...]:
        """Filled columns of which nobody has said what they are, nor that they are left out."""
        return tuple(at for at in sorted(self.filled) if at not in plan.columns and at not in plan.left_out)


@dataclass(frozen=True)
class UnknownWord:
    """A word of a column that we do not know, and in how many rows it stands."""

    column: CaseColumn
    word: str
    shown: str
    count: int


def look(path: Path, plans: Mapping[str, TablePlan] | None = None) -> tuple[tuple[FoundTable, ...], tuple[str, ...]]:
    """The tables of a file, and the names of its hidden sheets. A plan's header row wins. Raises `Invalid` for no table file."""
    with open_sheets(path) as sheets:
        found = tuple(_found_table(sheet, (plans or {}).get(sheet.name)) for sheet in sheets)
        return tuple(table for table in found if table.row_count), tuple(sheets.hidden)


def unknown_words(actor: Actor, area: str, path: Path, choices: ReadingChoices) -> tuple[UnknownWord, ...]:
    """The words in columns with a vocabulary that nobody knows, the commonest first."""
    places = ImportPlaces(reach_of(actor, area), choices, wiring().clock.today())
    counted: Counter[tuple[CaseColumn, str]] = Counter()
    with open_sheets(path) as sheets:
        for sheet in sheets:
            if (plan := choices.plans.get(sheet.name)) is None:
                continue
            columns = {at: column for at, column in plan.columns.items() if column in VOCABULARIES}
            for number, row in sheet.rows:
                if number > plan.header_rows[-1]:
                    counted.update((column, cells.key(row[at])) for at, column in columns.items() if at < len(row)
                                   and as_seen(row[at]))
    unknown = ((column, word, count) for (column, word), count in counted.most_common()
               if word not in choices.values.get(column, {}) and not _is_known(column, word, places))
    return tuple(UnknownWord(column, word, _masked_text(word)[:LONGEST_SAMPLE], count)
                 for column, word, count in islice(unknown, MOST_UNKNOWN))


VOCABULARIES: frozenset[CaseColumn] = frozenset({C.area, C.categories, C.finding, C.outcome})


def _is_known(column: CaseColumn, word: str, places: ImportPlaces) -> bool:
    if word.casefold() in cells.EMPTY_WORDS:
        return True
    try:
        return {C.area: lambda: places.knows(word), C.categories: lambda: not cells.categories(word, categories().by_alias)[1],
                C.finding: lambda: cells.finding(word) != "", C.outcome: lambda: cells.outcome(word) != ""}[column]()
    except Unreadable:
        return False


def _found_table(sheet: InputSheet, plan: TablePlan | None) -> FoundTable:
    head = list(islice(sheet.rows, HEAD_ROWS))
    header, is_known, error = _likely_header(head, sheet.name, plan)
    shown = tuple((number, tuple(_shown_cell(cell, header is not None and number in header.rows) for cell in row[:30]))
                  for number, row in head[:SHOWN_ROWS])
    counts = _Counts(header)
    for number, row in chain(head, sheet.rows):
        counts.take(number, row)
    numbers = tuple(number for number, _ in head)
    hidden = tuple(header.labels[at] for at in sorted(sheet.hidden.columns) if header and at in header.labels)
    if header is None:
        return FoundTable(sheet.name, counts.rows, len(sheet.hidden.rows), hidden, shown, numbers, error=error)
    types = categories()
    answers = answer_columns(header.labels, types)
    found = suggested(header.labels, counts.samples, wiring().clock.today(), _is_area, types.by_alias)
    return FoundTable(sheet.name, counts.rows, len(sheet.hidden.rows & counts.numbers), hidden, shown, numbers, header, is_known,
                      {at: _shown_samples(at, told, header, found) for at, told in counts.samples.items()}, found,
                      frozenset(counts.samples) & set(header.labels) - set(answers), tuple(header.labels[at] for at in answers),
                      error=error)


class _Counts:
    """Rows below a header, and the first cells of each column."""

    def __init__(self, header: Header | None) -> None:
        self._last = header.rows[-1] if header is not None else 0
        self.rows = 0
        self.numbers: set[int] = set()
        self.samples: dict[int, list[object]] = {}

    def take(self, number: int, row: Sequence[object]) -> None:
        if number <= self._last or all(cell is None for cell in row):
            return
        self.rows += 1
        self.numbers.add(number)
        for at, cell in enumerate(row):
            if cell is not None and len(told := self.samples.setdefault(at, [])) < 20 and as_seen(cell):
                told.append(cell)


def _likely_header(head: Sequence[Row], sheet: str, plan: TablePlan | None) -> tuple[Header | None, bool, str]:
    """The header row that was chosen, is known, or looks most like one; whether it is known; what is wrong with it."""
    if plan is not None and plan.header_rows:
        rows = [row for row in head if row[0] in plan.header_rows]
        return (read_header(*rows), False, "") if rows else (None, False, "")
    try:
        return recognise(head, sheet).header, True, ""
    except Invalid as refusal:
        error = refusal.sentence if refusal.code not in ("unknown_layout", "empty_table") else ""
    wide = [row for row in head if sum(1 for cell in row[1] if as_seen(cell)) > 1]
    best = max(wide, key=lambda row: (sum(column_of(cell) is not None for cell in row[1]),
                                      -sum(looks_like_data(cell) for cell in row[1]), -row[0]), default=None)
    return (read_header(best), False, error) if best is not None else (None, False, error)


def _shown_samples(at: int, told: Iterable[object], header: Header, found: Mapping[int, ColumnSuggestion]) -> tuple[str, ...]:
    """Three cells; of a column that names people nothing but that it is filled."""
    if (at in found and found[at].column in IDENTITY_COLUMNS) or header.columns.get(at) in IDENTITY_COLUMNS:
        return ("***",)
    is_plain = at in found and found[at].reason is Reason.header  # a column that we know names nobody
    return tuple(dict.fromkeys(_shown_cell(cell, is_plain) for cell in islice(told, SAMPLES)))


def _shown_cell(cell: object, is_plain: bool) -> str:
    text = " ".join(cells.text(cell).split())
    return (mask_text(text) if is_plain else _masked_text(text))[:LONGEST_SAMPLE]


def _masked_text(text: str) -> str:
    return text[:1] + "*" * (len(text) - 1) if counts_as_name(text) and not (
        cells.is_listed_word(text) or text.casefold() in categories().by_alias or _is_area(text)) else mask_text(text)


def _is_area(word: str) -> bool:
    return rules.gazetteer().resolve(word, wiring().clock.today()) is not None
