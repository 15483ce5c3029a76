"""Which column a header and its cells suggest, how surely, and why. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import median

from tracker.domain.tables import cells, moments
from tracker.domain.tables.cells import Unreadable
from tracker.domain.tables.columns import BY_HEADER, CaseColumn, column_of, normalised

C = CaseColumn
PROPOSED_FROM = 0.7
MOST_OF_CONTENT = 0.5
_FEWEST_OF_HEADER = 2  # characters that a known header needs to be looked for inside another
_PHONE = re.compile(r"(?:\+?86[- ]?)?1[3-9][0-9]{9}|0[0-9]{2,3}-?[2-9][0-9]{6,7}")
_LONG_TEXT = 20


class Reason(StrEnum):
    """Why a column is proposed."""

    header = "header"
    part_of_header = "part_of_header"
    dates = "dates"
    areas = "areas"
    types = "types"
    phones = "phones"
    numbers = "numbers"
    long_texts = "long_texts"


@dataclass(frozen=True)
class ColumnSuggestion:
    """A column for one header; `score` from 0 to 1."""

    column: CaseColumn
    score: float
    reason: Reason

    @property
    def is_proposed(self) -> bool:
        """Sure enough to be chosen beforehand."""
        return self.score >= PROPOSED_FROM


def suggested(labels: Mapping[int, str], samples: Mapping[int, Sequence[object]], today: date,
              is_area: Callable[[str], bool], types: Mapping[str, str]) -> dict[int, ColumnSuggestion]:
    """The likeliest column of each header, each column once: the surer claim wins."""
    claims = [(found, at) for at, label in labels.items()
              if (found := _best_of(label, samples.get(at, ()), today, is_area, types))]
    taken: dict[CaseColumn, int] = {}
    chosen: dict[int, ColumnSuggestion] = {}
    for found, at in sorted(claims, key=lambda claim: (-claim[0].score, claim[1])):
        if found.column not in taken:
            taken[found.column] = at
            chosen[at] = found
    return chosen


def _best_of(label: str, cells_below: Sequence[object], today: date, is_area: Callable[[str], bool],
             types: Mapping[str, str]) -> ColumnSuggestion | None:
    if (known := column_of(label)) is not None:
        return ColumnSuggestion(known, 1.0, Reason.header)
    word = normalised(label)
    inside = [name for name in BY_HEADER if len(name) >= _FEWEST_OF_HEADER and name in word]
    if inside:
        return ColumnSuggestion(BY_HEADER[max(inside, key=len)], PROPOSED_FROM, Reason.part_of_header)
    return _from_content([cell for cell in cells_below if cells.text(cell)], today, is_area, types)


def _from_content(filled: Sequence[object], today: date, is_area: Callable[[str], bool],
                  types: Mapping[str, str]) -> ColumnSuggestion | None:
    if not filled:
        return None
    words = [cells.key(cell) for cell in filled]
    found = (
        (C.received_on, Reason.dates, 0.8, [_is_date(cell, today) for cell in filled]),
        (C.area, Reason.areas, 0.6, [is_area(word) for word in words]),
        (C.categories, Reason.types, 0.6, [_is_type(cell, types) for cell in filled]),
        (C.contact, Reason.phones, 0.8, [_PHONE.fullmatch(word) is not None for word in words]),
    )
    for column, reason, share, hits in found:
        if sum(hits) >= share * len(hits):
            return ColumnSuggestion(column, MOST_OF_CONTENT, reason)
    if median(map(len, words)) >= _LONG_TEXT:
        return ColumnSuggestion(C.description, MOST_OF_CONTENT, Reason.long_texts)
    if len(words) > 1 and len(set(words)) == len(words) and all(re.fullmatch(r"[A-Za-z0-9-]{4,}", word) for word in words):
        return ColumnSuggestion(C.source_number, MOST_OF_CONTENT, Reason.numbers)
    return None


def _is_date(cell: object, today: date) -> bool:
    if isinstance(cell, int | float):
        return False
    try:
        return moments.moment(cell, today) is not None
    except Unreadable:
        return False


def _is_type(cell: object, types: Mapping[str, str]) -> bool:
    codes, unknown = cells.categories(cell, types)
    return bool(codes) and not unknown
