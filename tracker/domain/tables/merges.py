"""Merged cells below a header: what is said once for several rows holds for each, and a number over several rows is one case."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker.domain.tables.cells import text
from tracker.domain.tables.columns import CaseColumn, as_seen

C = CaseColumn
Row = tuple[int, list[object]]

# What several rows may share; a text that is shared would be said of other problems as well.
SPREAD: frozenset[CaseColumn] = frozenset({
    C.area, C.area_code, C.categories, C.source_code, C.source_level, C.source_name, C.lead_unit, C.supporting_units,
    C.implementer, C.batch, C.received_on, C.received_at, C.due_on, C.time_limit, C.channel, C.state,
    C.reporter, C.contact, C.address,
})
NUMBERED: frozenset[CaseColumn] = frozenset({C.number, C.source_number})
BETWEEN: Mapping[CaseColumn, str] = {C.categories: "、", C.supporting_units: "、"}


@dataclass(frozen=True, slots=True)
class Merged:
    """Some cells that are one, all four edges counted; columns from 0, rows as in the sheet."""

    top: int
    left: int
    bottom: int
    right: int


def whole_rows(rows: Iterable[Row], merges: Iterable[Merged], columns: Mapping[int, CaseColumn]) -> Iterator[Row]:
    """The rows with shared cells filled, and those under one number put together."""
    upright = [each for each in merges if each.bottom > each.top]
    spread: dict[int, list[Merged]] = {each.top: [] for each in upright}
    for each in upright:
        if columns.get(each.left) in SPREAD:
            spread[each.top].append(each)
    last = {each.top: each.bottom for each in upright if columns.get(each.left) in NUMBERED}
    return _one_per_number(_filled_rows(rows, spread), last, columns) if upright else iter(rows)


def _filled_rows(rows: Iterable[Row], spread: Mapping[int, list[Merged]]) -> Iterator[Row]:
    """Each row with what the merged cells that reach into it hold."""
    held: list[tuple[Merged, object]] = []
    for number, cells in rows:
        held = [(merged, value) for merged, value in held if merged.bottom >= number]
        for merged, value in held:
            if any(as_seen(cell) for cell in cells):
                cells = _with_cell(cells, merged.left, value)
        held += [(merged, cells[merged.left]) for merged in spread.get(number, ()) if merged.left < len(cells)]
        yield number, cells


def _with_cell(cells: list[object], at: int, value: object) -> list[object]:
    wide = [*cells, *[None] * (at + 1 - len(cells))]
    wide[at] = value if wide[at] is None else wide[at]
    return wide


def _one_per_number(rows: Iterable[Row], last: Mapping[int, int], columns: Mapping[int, CaseColumn]) -> Iterator[Row]:
    """Rows whose number is merged are one case with several problems."""
    waiting: list[Row] = []
    until = 0
    for number, cells in rows:
        if waiting and number > until:
            yield _glued_row(waiting, columns)
            waiting = []
        if not waiting and number in last:
            until = last[number]
        if number <= until:
            waiting.append((number, cells))
        else:
            yield number, cells
    if waiting:
        yield _glued_row(waiting, columns)


def _glued_row(rows: Sequence[Row], columns: Mapping[int, CaseColumn]) -> Row:
    """One row of several: of each column what was said, once."""
    number, first = rows[0]
    wide = max(len(cells) for _, cells in rows)
    glued = [*first, *[None] * (wide - len(first))]
    for at in range(wide):
        said = {text(cells[at]): cells[at] for _, cells in rows if at < len(cells) and as_seen(cells[at])}
        if len(said) > 1:
            glued[at] = BETWEEN.get(columns.get(at, C.other), "\n").join(said)
        elif said:
            (glued[at],) = said.values()
    return number, glued
