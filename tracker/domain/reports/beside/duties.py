"""应办与联合巡查 in an appraisal: how what was owed beside the cases was met. It is told and never scored, and says nothing of what
anybody had to pay."""

from collections.abc import Iterable, Mapping
from typing import Any

from tracker.domain.reports.counting import Rate
from tracker.domain.reports.document import Cell, Column, Section, Table
from tracker.domain.reports.inputs import Inputs

HEADING = "联动应办"
DUTIES, PATROLS, DRIFTS = "应办事项按期情况", "联合巡查按期情况", "规划进度偏差"
ALL = "合计"
ON_TIME = "按期率 = 期限内报结果并经核实通过的 / 期内到期、未免除的；联合巡查以双方确认为准"
TOLD = (f"本部分只列数，不计分。{ON_TIME}。",)
COUNTS = (Column("到期", "number", 8), Column("按期", "number", 8), Column("按期率", "rate", 14), Column("免除", "number", 8))
Named = tuple[tuple[str, str], Mapping[str, Any]]  # code and name, with what was counted
OF_UNITS = (Column("单位代码", width=12), Column("单位", width=20), *COUNTS)
OF_SECTIONS = (Column("区段", width=12), Column("名称", width=20), *COUNTS)
OF_PROGRAMMES = (Column("规划", width=16), Column("应达", width=10), Column("实际", width=10), Column("偏差", width=12),
                 Column("红灯节点", "number", 8))


def owed_sections(inputs: Inputs) -> tuple[Section, ...]:
    """The section; none where nothing was owed."""
    rows = inputs.met
    units = [(inputs.units[str(row["unit"])][:2], row) for row in rows if "unit" in row]
    sections = [((str(row["section"]), str(row["name"])), row) for row in rows if "section" in row]
    drifts = tuple((str(row["programme"]), str(row["plan"]), str(row["actual"]), str(row["drift"]), int(row["red"]))
                   for row in rows if "programme" in row)
    tables = (_counted_table(DUTIES, OF_UNITS, units), _counted_table(PATROLS, OF_SECTIONS, sections),
              Table(DRIFTS, OF_PROGRAMMES, drifts) if drifts else None)
    found = tuple(table for table in tables if table is not None)
    return (Section(HEADING, TOLD, tables=found),) if found else ()


def _counted_table(title: str, columns: tuple[Column, ...], named: Iterable[Named]) -> Table | None:
    rows = list(named)
    if not rows:
        return None
    totals = {name: sum(int(row[name]) for _, row in rows) for name in ("due", "on_time", "waived")}
    return Table(title, columns, tuple(_line_of(*names, row) for names, row in sorted(rows, key=lambda each: each[0])),
                 _line_of(ALL, "", totals))


def _line_of(code: str, name: str, row: Mapping[str, Any]) -> tuple[Cell, ...]:
    due, on_time = int(row["due"]) - int(row["waived"]), int(row["on_time"])
    return code, name, due, on_time, Rate(on_time, due, ON_TIME), int(row["waived"])
