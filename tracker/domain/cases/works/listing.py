"""The list of items of the six works as a table: a row for each item, and the list again from rows."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tracker.domain.cases.works.items import STANDARDS
from tracker.domain.cases.works.standards import WORK_STANDARDS
from tracker.domain.house.actor import Permission
from tracker.domain.house.fields import FieldKind
from tracker.domain.house.master import MasterField, MasterTable, MasterValues
from tracker.domain.territory.routing import WORKS

MARKS = ("must", "photo")
ITEMS = MasterTable(WORK_STANDARDS, "整治标准", "拆、清、绿、改、装、亮按城区、农村各查什么、各多少分；整份导入，从某天起用", (
    MasterField("standard", "标准", FieldKind.choice, choices=tuple(STANDARDS.items()), is_required=True),
    MasterField("work", "整治内容", FieldKind.choice, choices=tuple(WORKS.items()), is_required=True),
    MasterField("code", "代码", hint="字母、数字和短横，一个标准里不重复", longest=20, is_required=True),
    MasterField("text", "核查内容", longest=60, is_required=True),
    MasterField("points", "分值", FieldKind.number, hint="每类合计 100", least=0, most=100, is_required=True),
    MasterField("must", "否决项", FieldKind.yes, hint="必须做到"),
    MasterField("photo", "须有现场照片", FieldKind.yes),
), Permission.rules_manage, ("standard", "code"), ends_by="")


def rows_of(value: object) -> Iterator[MasterValues]:
    """The items of a list, in their order."""
    assert isinstance(value, Mapping)
    for standard in STANDARDS:
        for work in WORKS:
            for item in value[standard][work]:
                yield {"standard": standard, "work": work, **{name: item[name] for name in ("code", "text", "points")},
                       **{name: bool(item.get(name)) for name in MARKS}}


def list_of(rows: Iterable[MasterValues]) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """The list of these rows; a work without any has none."""
    found: dict[str, dict[str, list[dict[str, Any]]]] = {standard: {work: [] for work in WORKS} for standard in STANDARDS}
    for row in rows:
        item = {name: row[name] for name in ("code", "text", "points")} | {name: True for name in MARKS if row[name]}
        found[str(row["standard"])][str(row["work"])].append(item)
    return found
