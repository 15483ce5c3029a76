"""Recognise a published case table by what its headers say, wherever they stand."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tracker.domain.house.errors import Invalid
from tracker.domain.tables.columns import CaseColumn, as_seen, as_shown, column_of, own_header

C = CaseColumn
Row = tuple[int, Sequence[object]]

HEAD_ROWS = 30  # how far down a header may stand
LONGEST_HEADER = 60


@dataclass(frozen=True)
class Layout:
    """One kind of table. `required` must be there; the more of `usual` there is, the surer the recognition."""

    key: str
    word: str
    required: tuple[CaseColumn, ...]
    usual: tuple[CaseColumn, ...]
    source: str
    asks: str  # the required headers, in this layout's own words
    is_month_first: bool = False  # dates are written month/day/year
    may_repeat: bool = False  # one case may fill several rows


PUBLISHED = (C.serial, C.source_number, C.description, C.area, C.categories, C.investigation, C.finding, C.measures,
             C.accountability)

REGISTER_COLUMNS: tuple[CaseColumn, ...] = (
    C.number, C.source_code, C.source_name, C.source_number, C.state, C.headline, C.description, C.area_code, C.area, C.place,
    C.categories, C.channel, C.received_on, C.received_at, C.batch, C.registered_at, C.lead_unit, C.supporting_units,
    C.assigned_at, C.due_on, C.investigation, C.finding, C.target, C.measures, C.outcome, C.accountability, C.closed_at,
    C.filing_number, C.other, C.latitude, C.longitude,
)

LAYOUTS: tuple[Layout, ...] = (
    Layout("register", "本系统导出的案件登记表", (C.number, C.source_code, C.source_number, C.headline, C.description),
           REGISTER_COLUMNS, "", "案件编号、来源代码、受理编号、标题、问题描述"),
    Layout("published_2024", "边督边改公开情况一览表（2024年版，11列）", (C.source_number, C.description),
           (*PUBLISHED, C.target, C.outcome), "D3JX", "受理编号、交办问题基本情况"),
    Layout("published_2022", "边督边改公开情况一览表（2022年版，9列）", (C.source_number, C.description), PUBLISHED, "PSJX",
           "受理编号、交办问题基本情况"),
    Layout("cases", "信访件案例表", (C.source_number, C.description),
           (*PUBLISHED, C.target, C.outcome, C.batch, C.source_level, C.implementer, C.time_limit, C.notice_from, C.notice_to,
            C.acceptance, C.sheet_style, C.completeness, C.reference), "D3JX", "受理编号、交办问题基本情况"),
    Layout("messages", "网民留言表", (C.source_number, C.headline, C.description),
           (C.source_number, C.reporter, C.headline, C.received_at, C.description, C.votes_against, C.likes, C.reply,
            C.replied_at),
           "MSG", "留言编号、留言主题、留言详情"),
    Layout("chicago", "Chicago 环境投诉表（外地样例）", (C.source_number, C.categories, C.received_on, C.street_name),
           (C.source_number, C.categories, C.direction, C.street_name, C.street_type, C.received_on, C.inspection_log,
            C.inspected_at, C.duplicate_of, C.modified_on, C.latitude, C.longitude), "CHICAGO",
           "COMPLAINT ID、COMPLAINT TYPE、COMPLAINT DATE、STREET NAME", is_month_first=True, may_repeat=True),
)


@dataclass(frozen=True)
class Header:
    """One header row, or two read together: which column stands where, under which words."""

    rows: tuple[int, ...]
    columns: Mapping[int, CaseColumn] = field(default_factory=dict)
    labels: Mapping[int, str] = field(default_factory=dict)

    @property
    def found(self) -> frozenset[CaseColumn]:
        """The columns that were understood."""
        return frozenset(self.columns.values())

    def label(self, column: CaseColumn) -> str:
        """The words this table uses for a column."""
        at = next((index for index, each in self.columns.items() if each is column), None)
        return own_header(column) if at is None else self.labels[at]


@dataclass(frozen=True)
class Recognised:
    """A table that was understood: its layout, its header, and what its title lines say."""

    layout: Layout
    header: Header
    title: str = ""
    batch: str = ""
    sheet: str = ""

    @property
    def first_data_row(self) -> int:
        """Rows from here on are cases."""
        return self.header.rows[-1] + 1

    @property
    def unread(self) -> tuple[str, ...]:
        """Headers that were seen and not understood; their cells are not imported."""
        return tuple(label for index, label in self.header.labels.items() if index not in self.header.columns)

    def repeats_header(self, cells: Sequence[object]) -> bool:
        """A header printed again in the middle of the table, as on each printed page."""
        if not any(column in self.layout.required and _is_header(cells, index, column)
                   for index, column in self.header.columns.items()):
            return False
        same = sum(_is_header(cells, index, column) for index, column in self.header.columns.items())
        return same >= 2 and same * 2 > sum(1 for cell in cells if as_seen(cell))


def recognise(head: Sequence[Row], sheet: str = "") -> Recognised:
    """Find header and layout among a table's first rows. Raises `Invalid` listing the headers seen and those expected."""
    headers = [_read_header(head[i : i + size]) for i in range(len(head)) for size in (1, 2) if i + size <= len(head)]
    best = max(headers, key=lambda header: (len(header.columns), -len(header.rows)), default=None)
    if best is None or (layout := _best_layout(best.found)) is None:
        seen = _seen_headers(head, best)
        raise Invalid(_unknown_sentence(seen, best, sheet), code="unknown_layout" if seen else "empty_table", field="file")
    _refuse_twice(best, sheet)
    above = " ".join(as_seen(cell) for number, cells in head if number < best.rows[0] for cell in cells if as_seen(cell))
    return Recognised(layout, best, above, batch_in(above), sheet)


def batch_in(text: str) -> str:
    """第N批, as written in a title line; empty when there is none."""
    found = re.search(r"第[0-9〇零一二三四五六七八九十百]+批", text)
    return found.group() if found else ""


def trailer_line(count: int, as_of: str, filters: str) -> str:
    """The last line of our own .csv: without it the file is not complete."""
    return f"# 共 {count} 行，截至 {as_of}，筛选：{filters or '无'}"


def declared_count(cells: Sequence[object]) -> int | None:
    """How many rows a last line says there are; None for any other row."""
    filled = [str(cell) for cell in cells if cell is not None and as_seen(cell)]
    found = re.match(r"# 共 (\d+) 行", filled[0]) if len(filled) == 1 else None
    return int(found[1]) if found else None


def _is_header(cells: Sequence[object], index: int, column: CaseColumn) -> bool:
    cell = cells[index] if index < len(cells) else None
    return isinstance(cell, str) and len(cell) <= LONGEST_HEADER and column_of(cell) is column


def _read_header(rows: Sequence[Row]) -> Header:
    """Read one row, or two rows as one header whose words are split or grouped over both."""
    numbers = tuple(number for number, _ in rows)
    if len(rows) == 1:
        words = [[as_shown(cell)] for cell in rows[0][1]]
    else:
        words = _stacked_readings(rows[0][1], rows[1][1])
    columns: dict[int, CaseColumn] = {}
    labels: dict[int, str] = {}
    for index, readings in enumerate(words):
        column = next((found for text in readings if (found := column_of(text))), None)
        if column is not None:
            columns[index] = column
        if any(readings):
            labels[index] = next((text for text in readings if column_of(text) is column and text), readings[0])
    return Header(numbers, columns, labels)


def _stacked_readings(top: Sequence[object], under: Sequence[object]) -> list[list[str]]:
    """The ways to read each column of a header that is two rows high, likeliest first."""
    readings: list[list[str]] = []
    group = ""
    for index in range(max(len(top), len(under))):
        upper = as_shown(top[index]) if index < len(top) else ""
        lower = as_shown(under[index]) if index < len(under) else ""
        group = upper or group
        readings.append([upper + lower, group + lower if lower else "", lower, upper])
    return readings


def _best_layout(found: frozenset[CaseColumn]) -> Layout | None:
    """The layout whose required columns are all there and whose usual ones fit best."""
    if C.number in found and C.source_number not in found:
        found |= {C.source_number}
    fitting = [layout for layout in LAYOUTS if found.issuperset(layout.required)]
    return max(fitting, key=lambda layout: _layout_fit(layout, found), default=None)


def _layout_fit(layout: Layout, found: frozenset[CaseColumn]) -> tuple[int, int]:
    both = len(found & set(layout.usual))
    return both, both - len(layout.usual)


def _refuse_twice(header: Header, sheet: str) -> None:
    seen: dict[CaseColumn, int] = {}
    for index, column in header.columns.items():
        if column in seen:
            first, second = header.labels[seen[column]], header.labels[index]
            raise Invalid(f"{_sheet_prefix(sheet)}表头“{first}”与“{second}”说的是同一项，请只保留一列。", field=first)
        seen[column] = index


def _seen_headers(head: Sequence[Row], best: Header | None) -> list[str]:
    if best is not None and best.columns:
        return list(best.labels.values())
    fullest = max((cells for _, cells in head), key=lambda cells: sum(1 for c in cells if as_seen(c)), default=())
    return [as_shown(cell)[:20] for cell in fullest if as_seen(cell)]


def _unknown_sentence(seen: Sequence[str], best: Header | None, sheet: str) -> str:
    """The sentence that lists what was seen and what each layout needs."""
    needed = "；".join(f"{each.word}须有 {each.asks}" for each in _by_nearness(best))
    return f"{_sheet_prefix(sheet)}未能识别表格版式。读到的表头：{'、'.join(seen[:40]) or '（空）'}。可导入的表：{needed}。"


def _by_nearness(best: Header | None) -> list[Layout]:
    found = best.found if best is not None else frozenset()
    return sorted(LAYOUTS, key=lambda layout: -len(found & set(layout.usual)))


def _sheet_prefix(sheet: str) -> str:
    return f"工作表“{sheet}”：" if sheet else ""
