"""The table of a batch that is made public (边督边改公开情况一览表), in the two layouts that are handed in, and what is told of a batch."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.domain.cases.wording import FINDINGS
from tracker.domain.house.say import DateWords, finished
from tracker.domain.reports.counting import Rate
from tracker.domain.tables.cells import COMPLETED, OUTCOMES
from tracker.domain.tables.columns import CaseColumn as C

TITLE = "群众信访举报转办和边督边改公开情况一览表"
TEXT_TITLE = "群众信访举报转办和边督边改公开情况"
NOBODY_BLAMED, NOTHING = "无", "—"
RATE = "办结率＝已办结÷总数，阶段性办结不计入"


@dataclass(frozen=True)
class SheetColumn:
    """One column: what it holds, its head, and its share of the width."""

    column: C
    head: str
    share: int


@dataclass(frozen=True)
class SheetLayout:
    """One layout, by the name under which an import recognises it."""

    name: str
    columns: tuple[SheetColumn, ...]


@dataclass(frozen=True)
class PublicSheet:
    """A table before any skin."""

    title: str
    batch: str
    layout: SheetLayout
    rows: tuple[tuple[str, ...], ...]
    filled_by: str


_FIRST = (SheetColumn(C.serial, "序号", 8), SheetColumn(C.source_number, "受理编号", 22),
          SheetColumn(C.description, "交办问题基本情况", 52), SheetColumn(C.area, "行政\n区域", 16))
_LAST = SheetColumn(C.accountability, "责任人被\n处理情况", 18)
LAYOUTS: tuple[SheetLayout, ...] = (
    SheetLayout("published_2024", (
        *_FIRST, SheetColumn(C.categories, "问题\n类型", 12), SheetColumn(C.investigation, "调查核实情况", 44),
        SheetColumn(C.finding, "是否\n属实", 12), SheetColumn(C.target, "办结\n目标", 20),
        SheetColumn(C.measures, "处理和整改情况", 44), SheetColumn(C.outcome, "是否\n办结", 12), _LAST)),
    SheetLayout("published_2022", (
        *_FIRST, SheetColumn(C.categories, "污染\n类型", 12), SheetColumn(C.investigation, "调查核实情况", 56),
        SheetColumn(C.finding, "是否\n属实", 12), SheetColumn(C.measures, "处理和整改情况", 56), _LAST)),
)
_EMPTY: dict[C, str] = {C.accountability: NOBODY_BLAMED}


def sheet_rows(layout: SheetLayout, cases: Sequence[Mapping[C, str]]) -> tuple[tuple[str, ...], ...]:
    """The rows of a layout, numbered from 1."""
    return tuple(tuple(str(at) if each.column is C.serial else case.get(each.column) or _EMPTY.get(each.column, NOTHING)
                       for each in layout.columns) for at, case in enumerate(cases, start=1))


def batch_told(source: str, batch: str, cases: Sequence[Mapping[C, str]], types: Sequence[Sequence[str]], on: date
               ) -> tuple[str, ...]:
    """What an office says of a batch: how many came, of what, from where, and how far they are."""
    total, key = len(cases), sum(case[C.source_number].endswith("*") for case in cases)
    of_key = f"，其中重点关注件 {key} 件" if key else ""
    done = Counter(case[C.outcome] or OUTCOMES["open"] for case in cases)
    found = Counter(case[C.finding] for case in cases)
    rate = Rate(done[OUTCOMES[COMPLETED]], total, RATE).text()
    findings = [*((word, found[word]) for word in FINDINGS.values()), ("尚未查明", found[""])]
    return (
        f"{source}交办{batch}群众信访举报件共 {total} 件{of_key}。涉及{_types_told(types)}（一件可涉及多种类型，各类型之和可大于总数）。",
        f"按行政区域：{_counts_told(Counter(case[C.area] or '未标明' for case in cases).most_common())}。",
        f"截至{finished(DateWords(on))}，{_counts_told((word, done[word]) for word in OUTCOMES.values())}，办结率 {rate}（{RATE}）。",
        f"经调查核实，{_counts_told(findings)}。",
    )


def _types_told(types: Sequence[Sequence[str]]) -> str:
    counts = Counter(word for each in types for word in each)
    return _counts_told(counts.most_common()) if counts else "的类型尚未填写"


def _counts_told(counts: Iterable[tuple[str, int]]) -> str:
    return "、".join(f"{word} {count} 件" for word, count in counts if count) or "无"
