"""Tables as a paper of few pages prints them: no row and no column that says nothing, no unit's code, and small tables of one
make side by side. What is left out is told once."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.domain.reports.counting import NO_BASE, Rate
from tracker.domain.reports.document import Cell, Column, Figure, Section, Table
from tracker.gateways.house.printed_cells import CODE_HEAD, NAME_HEAD, cell_text, change_text

MOST_TOGETHER = 3
BLANK = "\u3000"  # an empty cell would be as high as the text of the page
NOTHING = frozenset({"", "0", "—", NO_BASE})
FIGURE_HEADS = (Column("指标", width=20), Column("数值", "rate"), Column("环比", "score"), Column("同比", "score"))


@dataclass(frozen=True)
class BriefTable:
    """Heads and rows of texts; the last row is the total where there is one. `right` are the columns of numbers."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[int]
    has_total: bool = False


def brief_tables(section: Section) -> list[BriefTable]:
    """What a section shows: its figures as one table, where there are several, then its tables, those of one make together."""
    figures = [_brief_of(table) for table in _figure_tables(section.figures)] if len(section.figures) > 1 else []
    kept = [each for table in section.tables if (each := _brief_of(table)).rows]
    if len(kept) > 1 and {each.heads[0] for each in kept} == {NAME_HEAD}:
        return [*figures, _joined_tables(kept)]
    is_alike = 1 < len(kept) <= MOST_TOGETHER and len({each.heads[1:] for each in kept}) == 1
    return [*figures, *([_side_by_side(kept)] if is_alike else kept)]


def _figure_tables(figures: Sequence[Figure]) -> tuple[Table, ...]:
    """Figures with what they are compared with, where there was anything then."""
    has_before, has_year = (any(not is_nothing(then) for then in each) for each in (
        [figure.before for figure in figures], [figure.year_before for figure in figures]))
    rows = tuple((each.word, each.value, change_text(each.value, each.before) if has_before else "",
                  change_text(each.value, each.year_before, "去年同期") if has_year else "") for each in figures)
    return (Table("", FIGURE_HEADS, rows),) if rows else ()


def _brief_of(table: Table) -> BriefTable:
    rows = [row for row in table.rows if not _says_nothing(row, table.columns)]
    lines = [*rows, *([table.total] if table.total and rows else [])]
    kept = [at for at, column in enumerate(table.columns) if not column.is_for_sheets and column.head != CODE_HEAD
            and (at == 0 or any(cell_text(row[at], column) not in NOTHING for row in lines))]
    columns = [table.columns[at] for at in kept]
    texts = tuple(tuple(cell_text(row[at], column) for at, column in zip(kept, columns, strict=True)) for row in lines)
    right = frozenset(at for at, column in enumerate(columns) if column.kind in ("number", "rate", "score"))
    return BriefTable(table.title, tuple(column.head for column in columns), texts, right, bool(table.total and rows))


def _says_nothing(row: Sequence[Cell], columns: Sequence[Column]) -> bool:
    """Whether every number of a row is nothing, where it has numbers at all."""
    numbers = [cell for cell, column in zip(row, columns, strict=True) if column.kind in ("number", "rate")]
    return bool(numbers) and all(is_nothing(cell) for cell in numbers)


def is_nothing(cell: Cell) -> bool:
    """Whether a number counts nothing."""
    return cell.denominator == 0 or cell.numerator == 0 if isinstance(cell, Rate) else cell in (None, "", 0)


def _joined_tables(tables: Sequence[BriefTable]) -> BriefTable:
    """Tables whose rows are of the same units, as one."""
    first, names = tables[0], list(dict.fromkeys(row[0] for each in tables for row
                                                 in each.rows[:len(each.rows) - each.has_total]))
    heads, lines = [first.heads[0]], {name: [name] for name in names}
    total, right = [first.rows[-1][0]], set[int]()
    for each in tables:
        told = {row[0]: row for row in each.rows[:len(each.rows) - each.has_total]}
        for at in range(1, len(each.heads)):
            if at in each.right:
                right.add(len(heads))
            heads.append(each.heads[at])
            for name in names:
                lines[name].append(told[name][at] if name in told else "0" if at in each.right else "")
            total.append(each.rows[-1][at] if each.has_total else "")
    rows = tuple(tuple(line) for line in lines.values())
    return BriefTable("", tuple(heads), (*rows, tuple(total)) if first.has_total else rows, frozenset(right), first.has_total)


def _side_by_side(tables: Sequence[BriefTable]) -> BriefTable:
    """Tables of one make beside each other, their totals on one line; a rate without its brackets, for which there is no room."""
    most = max(len(each.rows) - each.has_total for each in tables)
    heads, columns, right = list[str](), list[list[str]](), set[int]()
    for each in tables:
        body = each.rows[:len(each.rows) - each.has_total]
        for at, head in enumerate(each.heads):
            if at in each.right:
                right.add(len(heads))
            heads.append(head)
            texts = [_without_brackets(row[at]) for row in body] + [BLANK] * (most - len(body))
            columns.append([*texts, *([_without_brackets(each.rows[-1][at])] if each.has_total else [])])
    return BriefTable("", tuple(heads), tuple(zip(*columns, strict=True)), frozenset(right),
                      all(each.has_total for each in tables))


def _without_brackets(text: str) -> str:
    return text.partition("（")[0] if "%（" in text else text
