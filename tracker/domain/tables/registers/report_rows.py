"""One row of the platform's list of execution reports: under which permit, of which period, and since when it is in. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.domain.house.errors import Refusal
from tracker.domain.house.fields import FieldKind, Given, read
from tracker.domain.house.say import Say
from tracker.domain.sites.entries import plain_number
from tracker.domain.sites.obligations import ReportKind, ReportPeriod, periods_of
from tracker.domain.sites.register_columns import plain_header
from tracker.domain.sites.registers import REPORT_KINDS
from tracker.domain.tables.cells import Formula, Unreadable, identifier, text
from tracker.domain.tables.incoming_rows import RowTrouble, place_of
from tracker.domain.tables.moments import day
from tracker.domain.tables.registers.rows import LATEST

LONGEST = 80


class ReportColumn(StrEnum):
    """What a column of the list holds."""

    number = "number"
    kind = "kind"
    period = "period"
    satisfied_on = "satisfied_on"
    document = "document"


C = ReportColumn
HEADERS: Mapping[ReportColumn, tuple[str, ...]] = {
    C.number: ("许可证编号", "排污许可证编号", "编号"), C.kind: ("报告类型", "执行报告类型", "类型"),
    C.period: ("报告期", "报告周期", "报告时段"), C.satisfied_on: ("提交日期", "提交时间", "上报日期", "上报时间"),
    C.document: ("回执号", "回执编号", "文号"),
}
_BY_HEADER = {plain_header(each): column for column, every in HEADERS.items() for each in every}
KIND = Given("kind", HEADERS[C.kind][0], FieldKind.choice, choices=REPORT_KINDS)


@dataclass(frozen=True, slots=True)
class IncomingReport:
    """One good row."""

    row: int
    sheet: str
    number: str
    period: ReportPeriod
    on: date
    document: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is matched by."""
        return self.number, self.period.kind.value, self.period.code

    @property
    def place(self) -> str:
        """Where it stands."""
        return place_of(self.sheet, self.row)


def column_of(header: str) -> ReportColumn | None:
    """The column that a header stands for."""
    return _BY_HEADER.get(plain_header(header))


def read_report(sheet: str, row: int, cells: Mapping[ReportColumn, object],
                labels: Mapping[ReportColumn, str]) -> IncomingReport | RowTrouble:
    """What a row says; the first thing that is wrong with it names row and column."""
    at = C.number
    try:
        for column, cell in cells.items():
            at = column
            if isinstance(cell, Formula):
                return _trouble_of(sheet, row, at, Say("是公式，请改成值。"), labels)
        at = C.number
        number = plain_number(identifier(cells.get(at)))
        at = C.kind
        kind = read(KIND, text(cells.get(at)))
        at = C.satisfied_on
        on = day(cells.get(at), LATEST)
    except Unreadable as error:
        return _trouble_of(sheet, row, at, Say("这里{clause}。", clause=str(error)), labels)
    except Refusal as refusal:
        return _trouble_of(sheet, row, at, refusal.sentence, labels)
    for column, found in ((C.number, number), (C.kind, kind), (C.satisfied_on, on)):
        if not found:
            return _trouble_of(sheet, row, column, Say("没有填写。"), labels)
    period = period_within(ReportKind(str(kind)), cells.get(C.period))
    if period is None:
        return _trouble_of(sheet, row, C.period, Say("无法识别，应如 2025、2025H1、2025Q3、2025-07。"), labels)
    assert isinstance(on, date)
    return IncomingReport(row, sheet, number, period, on, text(cells.get(C.document))[:LONGEST])


def period_within(kind: ReportKind, cell: object) -> ReportPeriod | None:
    """The period of a kind that a cell names by its year and its place in it."""
    numbers = [cell.year, cell.month] if isinstance(cell, date) else [int(each) for each in re.findall(r"\d{1,4}", text(cell))]
    if not numbers or not 1990 <= numbers[0] <= 2100:
        return None
    found = list(periods_of(kind, numbers[0]))
    place = 1 if kind is ReportKind.year else numbers[1] if len(numbers) > 1 else 0
    return found[place - 1] if 1 <= place <= len(found) else None


def _trouble_of(sheet: str, row: int, column: ReportColumn, clause: str, labels: Mapping[ReportColumn, str]) -> RowTrouble:
    label = labels.get(column, HEADERS[column][0])
    return RowTrouble(row, label, Say("{place}“{label}”：{clause}", place=place_of(sheet, row), label=label, clause=clause), sheet)
