"""Recognise a published case table by what its headers say, wherever they stand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.domain.house.errors import Invalid
from tracker.domain.tables.columns import CaseColumn, as_seen, column_of
from tracker.domain.tables.headings import LONGEST_HEADER, Header, Row, has_gap, header_words, is_two_rows, read_header

C = CaseColumn

HEAD_ROWS = 30  # how far down a header may stand


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
    C.filing_number, C.supervision_due_on, C.matter_since, C.other, C.latitude, C.longitude,
    C.rail_line, C.mileage, C.mileage_to, C.rail_side,
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
    Layout("work_orders", "热线工单表", (C.source_number, C.headline, C.description),
           (C.source_number, C.headline, C.description, C.received_at, C.due_on, C.lead_unit, C.supporting_units, C.categories,
            C.channel, C.area, C.place, C.reporter, C.contact), "H12345", "工单编号、工单标题、工单内容"),
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

    def repeats_header(self, cells: Sequence[object]) -> bool:
        """A header printed again in the middle of the table, as on each printed page."""
        if not any(column in self.layout.required and _is_header(cells, index, column)
                   for index, column in self.header.columns.items()):
            return False
        same = sum(_is_header(cells, index, column) for index, column in self.header.columns.items())
        return same >= 2 and same * 2 > sum(1 for cell in cells if as_seen(cell))


def recognise(head: Sequence[Row], sheet: str = "") -> Recognised:
    """Find header and layout among a table's first rows. Raises `Invalid` listing the headers seen and those expected."""
    best = max(_likely_headers(head), key=lambda header: (len(header.columns), -len(header.rows)), default=None)
    if best is None or (layout := best_layout(best.found)) is None:
        code = "unknown_layout" if any(map(_is_filled, head)) else "empty_table"
        raise Invalid(_unknown_sentence(header_words(head), best, sheet), code=code, field="file")
    _refuse_twice(best, sheet)
    return recognised_by(head, best, layout, sheet)


def recognised_by(head: Sequence[Row], header: Header, layout: Layout, sheet: str = "") -> Recognised:
    """A table under this header; what stands above it is its title."""
    above = " ".join(as_seen(cell) for number, cells in head if number < header.rows[0] for cell in cells if as_seen(cell))
    return Recognised(layout, header, above, batch_in(above), sheet)


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


def _likely_headers(head: Sequence[Row]) -> Iterator[Header]:
    """Every row as a header, and every two that may be read as one."""
    for at, row in enumerate(head):
        single = read_header(row)
        yield single
        if at + 1 < len(head) and is_two_rows(row[1], head[at + 1][1]):
            both = read_header(row, head[at + 1])
            if has_gap(row[1], head[at + 1][1]) or (best_layout(single.found) is None and best_layout(both.found) is not None):
                yield both


def best_layout(found: frozenset[CaseColumn]) -> Layout | None:
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


def _is_filled(row: Row) -> bool:
    return any(as_seen(cell) for cell in row[1])


def _unknown_sentence(seen: Sequence[str], best: Header | None, sheet: str) -> str:
    """The sentence that lists what was seen and what each layout needs."""
    needed = "；".join(f"{each.word}须有 {each.asks}" for each in _by_nearness(best))
    return f"{_sheet_prefix(sheet)}未能识别表格版式。读到的表头：{'、'.join(seen[:40]) or '（没有像表头的行）'}。可导入的表：{needed}。"


def _by_nearness(best: Header | None) -> list[Layout]:
    found = best.found if best is not None else frozenset()
    return sorted(LAYOUTS, key=lambda layout: -len(found & set(layout.usual)))


def _sheet_prefix(sheet: str) -> str:
    return f"工作表“{sheet}”：" if sheet else ""
