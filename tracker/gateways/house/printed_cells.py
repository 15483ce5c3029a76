"""What the skins of a report share: how a cell is set, how a change is told, and which columns may leave the house."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from tracker.domain.reports.counting import NO_BASE, NO_RATE, Rate
from tracker.domain.reports.document import Cell, Column, Document, Figure, Section, Table, value_text
from tracker.domain.reports.monthly.growth import signed

# A light's word begins with one of these; the sign stands before it wherever colour may be missing.
LIGHT_SIGNS = (("超期", "■", "red"), ("临期", "▲", "amber"), ("正常", "●", "green"), ("已", "✓", "blue"))
RIGHT = frozenset({"number", "rate", "score"})
# What people wrote about a case stays in the house: a mail names a case by number, type, street, unit and date.
PRIVATE_KIND = "private"
PRIVATE_HEADS = frozenset({"标题", "案件标题", "案件名称", "问题", "问题描述", "信访问题", "主要问题", "描述", "地点", "位置", "点位", "点位或对象", "举报人", "反映人",
                           "事由", "本周进展", "存在问题", "需协调事项", "核查结论"})
MAIL_TOTAL_ROWS = 200
CODE_HEAD, NAME_HEAD = "单位代码", "单位"
FIGURE_COLUMNS = (Column("指标", "text", 18), Column("数值", "rate", 18), Column("环比", "text", 20), Column("同比", "text", 20),
                  Column("含义", "text", 70))
CHANGES_AT = (2, 3)  # the columns of comparisons
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_SCORE = re.compile(r"-?\d{1,12}(\.\d{1,4})?")


def light_of(text: str) -> tuple[str, str]:
    """The sign and the colour of a light's word; two empty texts for what is none."""
    return next(((sign, colour) for word, sign, colour in LIGHT_SIGNS if text.startswith(word)), ("", ""))


def cell_text(cell: Cell, column: Column) -> str:
    """A cell as every skin prints it."""
    said = value_text(cell)
    sign = light_of(said)[0] if column.kind == "light" else ""
    return f"{sign} {said}" if sign else said


def told_cells(row: Sequence[Cell], columns: Sequence[Column], *, is_total: bool = False) -> list[tuple[Column, Cell]]:
    """What a row says where it is told as a line: no empty cell, and no count of 0 but in the total."""
    return [(column, cell) for cell, column in zip(row, columns, strict=True)
            if cell not in (None, "") and (is_total or not is_zero(cell, column))]


def words_of_nothing(row: Sequence[Cell]) -> str:
    """What a line says whose every count is 0; empty where the row has none."""
    return "均为 0" if 0 in row else ""


def is_zero(cell: Cell, column: Column) -> bool:
    """Whether a cell is a count of nothing."""
    return column.kind == "number" and cell == 0


def leaves_zeros(table: Table, most_rows: int) -> bool:
    """Whether the lines of a table leave out some 0, and must say so."""
    return any(is_zero(cell, column) for row in table.rows[:most_rows]
               for cell, column in zip(row[1:], table.columns[1:], strict=True))


def change_text(value: int | Rate, before: int | Rate | None, was: str = "上期") -> str:
    """What changed against another period, with the value of that period.

    +3，+10.0%（上期 30）, −1.2 个百分点（上期 95.0%，19/20）.
    """
    if before is None:
        return ""
    now, then = _exact_amount(value), _exact_amount(before)
    if then is None:
        return NO_BASE
    if now is None:
        return f"{NO_RATE}（{was} {_without_brackets(before)}）"
    more = "" if now == then else " 个百分点" if isinstance(value, Rate) else f"，{signed(int(now), int(then))}"
    return f"{_signed_text(now - then)}{more}（{was} {_without_brackets(before)}）"


def changes_of(figure: Figure) -> list[tuple[str, str]]:
    """The comparisons of a figure that there are, each with its word."""
    told = (("环比", change_text(figure.value, figure.before)), ("同比", change_text(figure.value, figure.year_before, "去年同期")))
    return [(word, text) for word, text in told if text]


def figure_row(figure: Figure) -> tuple[Cell, ...]:
    """A figure as a row under FIGURE_COLUMNS."""
    changes = dict(changes_of(figure))
    return (figure.word, figure.value, changes.get("环比", ""), changes.get("同比", ""), figure.definition)


def figure_table(figures: Sequence[Figure]) -> tuple[tuple[Column, ...], list[tuple[Cell, ...]]]:
    """Figures as a table; a comparison that none of them has gets no column."""
    rows = [figure_row(each) for each in figures]
    kept = [at for at, column in enumerate(FIGURE_COLUMNS) if at not in CHANGES_AT or any(row[at] for row in rows)]
    return tuple(FIGURE_COLUMNS[at] for at in kept), [tuple(row[at] for at in kept) for row in rows]


def moment_text(moment: str) -> str:
    """The moment that a report was counted to: an instant as office time in Chinese, anything else as it is written."""
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return moment
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"


def day_text(moment: str) -> str:
    """The day of a date or of an instant in Chinese, anything else as it is written."""
    return moment_text(moment).partition(" ")[0]


def is_day(text: object) -> bool:
    """Whether a cell is a date and nothing else."""
    return isinstance(text, str) and _DATE.fullmatch(text) is not None


def score_of(cell: Cell) -> float | None:
    """A score as a number, None for what is none."""
    return float(cell) if isinstance(cell, str) and _SCORE.fullmatch(cell) else None


def without_private(document: Document) -> Document:
    """The document as it may be mailed: without the columns that repeat what people wrote about cases."""
    return replace(document, sections=tuple(_public_section(each) for each in document.sections))


def for_mail(document: Document) -> Document:
    """The document as it is mailed: without what people wrote, and where its tables are more than one reads in a mail, with the
    number of their rows instead."""
    left, sections = MAIL_TOTAL_ROWS, []
    for section in without_private(document).sections:
        tables, told = [], []
        for table in section.tables:
            left -= len(table.rows)
            if left >= 0 or not table.rows:
                tables.append(_without_bare(table))
            else:
                told.append(f"{table.title}：{len(table.rows)} 行，见页面。")
        sections.append(replace(section, tables=tuple(tables), paragraphs=(*section.paragraphs, *told)))
    return replace(document, sections=tuple(sections))


def _public_section(section: Section) -> Section:
    return replace(section, tables=tuple(_public_table(each) for each in section.tables))


def _public_table(table: Table) -> Table:
    return _narrow_table(table, [at for at, column in enumerate(table.columns) if column.kind != PRIVATE_KIND
                                 and column.head not in PRIVATE_HEADS])


def _without_bare(table: Table) -> Table:
    """A mail has no room for a column that says nothing in any row, nor for a unit's code beside its name; counts that are 0
    throughout are named once, under the table."""
    heads, rows = {column.head for column in table.columns}, [*table.rows, *([table.total] if table.total else [])]
    kept = [at for at, column in enumerate(table.columns)
            if not (column.head == CODE_HEAD and NAME_HEAD in heads)
            and (not table.rows or any(row[at] not in (None, "") for row in rows))]
    zeros = [at
             for at in kept if table.rows and table.columns[at].kind == "number"
             and all(row[at] in (None, "", 0) for row in rows)]
    told = f"{'、'.join(table.columns[at].head for at in zeros)}：均为 0，未列。" if zeros else ""
    return replace(_narrow_table(table, [at for at in kept if at not in zeros]), note=" ".join(filter(None, (told, table.note))))


def _narrow_table(table: Table, kept: Sequence[int]) -> Table:
    """The table with these of its columns."""
    if len(kept) == len(table.columns):
        return table
    rows = tuple(tuple(row[at] for at in kept) for row in table.rows)
    total = tuple(table.total[at] for at in kept) if table.total else ()
    return replace(table, columns=tuple(table.columns[at] for at in kept), rows=rows, total=total)


def _exact_amount(value: int | Rate) -> Decimal | None:
    return value.percent() if isinstance(value, Rate) else Decimal(value)


def _without_brackets(value: int | Rate) -> str:
    """A value inside brackets, without brackets of its own."""
    if isinstance(value, Rate) and value.denominator != 0:
        return f"{value.text()}，{value.numerator}/{value.denominator}"
    return value_text(value)


def _signed_text(amount: Decimal) -> str:
    if amount == 0:
        return "持平"
    return f"{'+' if amount > 0 else '−'}{abs(amount)}"
