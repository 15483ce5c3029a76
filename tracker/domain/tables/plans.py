"""How somebody has mapped a table: its header row, what each column holds, and what of its words means what. Pure."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Listed, Say
from tracker.domain.tables.cells import key
from tracker.domain.tables.columns import CaseColumn, normalised
from tracker.domain.tables.headings import Header, Row, read_header
from tracker.domain.tables.layouts import Layout, Recognised, best_layout, recognise, recognised_by

C = CaseColumn
SKIPPED = "-"  # stands for a word of a cell where rows with it are left out
MAPPED = Layout("mapped", "按版式对应的表", (C.description,), (C.description,), "", "问题描述")
ALIKE = 0.8  # so much of the headers must be the same for a layout to be offered


class Unplaced(StrEnum):
    """What becomes of a row whose place says nothing, or nothing that anybody knows."""

    home = "home"
    error = "error"
    skip = "skip"


@dataclass(frozen=True)
class TablePlan:
    """One table of a file: where its header stands, and which columns are what. A column in neither is not placed yet."""

    header_rows: tuple[int, ...]
    columns: Mapping[int, CaseColumn] = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()

    def table(self, head: Sequence[Row], sheet: str) -> Recognised:
        """The table under this plan. Raises `Invalid` when what every case needs is not placed, or placed twice."""
        header = self.header(head)
        twice = next((each for each in self.columns.values() if list(self.columns.values()).count(each) > 1), None)
        if twice is not None:
            raise Invalid(Say("有两列都对应“{label}”，请只保留一列。", label=header.label(twice)), field="columns")
        if not is_told(header.found):
            raise Invalid("还没有选哪一列是“问题描述”：每件案件都要有。", field="columns")
        found = best_layout(header.found)
        if found is not None and found.key != "register" and not self._is_as_recognised(head, sheet):
            found = replace(MAPPED, source=found.source)
        return recognised_by(head, header, found or MAPPED, sheet)

    def _is_as_recognised(self, head: Sequence[Row], sheet: str) -> bool:
        """Whether nobody has said otherwise than the headers themselves do."""
        try:
            known = recognise(head, sheet).header
        except Invalid:
            return False
        return known.rows == self.header_rows and all(known.columns.get(at) is column for at, column in self.columns.items())

    def header(self, head: Sequence[Row]) -> Header:
        """The header with the chosen columns under the table's own words."""
        rows = [row for row in head if row[0] in self.header_rows]
        if not rows:
            raise Invalid(Say("表头行 {rows} 不在表的前几行里。", rows=Listed(map(str, self.header_rows))), field="header")
        words = read_header(*rows)
        columns = {at: column for at, column in sorted(self.columns.items()) if at in words.labels}
        return Header(words.rows, columns, words.labels)


@dataclass(frozen=True)
class ReadingChoices:
    """What somebody chose for what a file leaves open. `values` say of words in a column which word is meant instead."""

    takes_hidden: bool = True
    tails_taken: frozenset[tuple[str, int]] = frozenset()
    plans: Mapping[str, TablePlan] = field(default_factory=dict)  # by sheet; without any, tables are recognised
    values: Mapping[CaseColumn, Mapping[str, str]] = field(default_factory=dict)
    unplaced: Unplaced = Unplaced.home
    skips_abroad: bool = False

    def meant(self, column: CaseColumn, cell: object) -> object:
        """What a cell says, once the words have been mapped."""
        given = self.values.get(column)
        return given.get(key(cell), cell) if given else cell


AS_IT_COMES = ReadingChoices()


def is_told(columns: frozenset[CaseColumn]) -> bool:
    """Whether the columns say what each case is about: a description, or what a table that we know has in its place."""
    return C.description in columns or best_layout(columns) is not None


def as_json(choices: ReadingChoices) -> str:
    """The choices as they are kept."""
    return json.dumps({
        "takes_hidden": choices.takes_hidden, "tails_taken": sorted(map(list, choices.tails_taken)),
        "plans": {sheet: plan_body(plan) for sheet, plan in choices.plans.items()},
        "values": {column.value: dict(words) for column, words in choices.values.items()},
        "unplaced": choices.unplaced.value, "skips_abroad": choices.skips_abroad,
    }, ensure_ascii=False, sort_keys=True)


def from_json(text: str) -> ReadingChoices:
    """The choices that were kept."""
    body = json.loads(text or "{}")
    return ReadingChoices(
        takes_hidden=body.get("takes_hidden", True),
        tails_taken=frozenset((sheet, row) for sheet, row in body.get("tails_taken", ())),
        plans={sheet: plan_of(plan) for sheet, plan in body.get("plans", {}).items()},
        values={C(column): words for column, words in body.get("values", {}).items()},
        unplaced=Unplaced(body.get("unplaced", Unplaced.home)), skips_abroad=body.get("skips_abroad", False))


def plan_body(plan: TablePlan) -> dict[str, object]:
    """A plan as JSON has it."""
    return {"header_rows": list(plan.header_rows), "columns": {str(at): column.value for at, column in plan.columns.items()},
            "left_out": sorted(plan.left_out)}


def plan_of(body: Mapping[str, Any]) -> TablePlan:
    """The plan of such a body."""
    columns = {int(at): C(column) for at, column in body["columns"].items()}
    return TablePlan(tuple(body["header_rows"]), columns, frozenset(body["left_out"]))


def header_words(labels: Mapping[int, str]) -> tuple[str, ...]:
    """The headers of a table as they are compared, in order."""
    return tuple(normalised(labels[at]) for at in sorted(labels))


def headers_digest(words: Sequence[str]) -> str:
    """What a layout is known by: the same headers in the same order."""
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()


def likeness(these: Sequence[str], those: Sequence[str]) -> float:
    """How much of two tables' headers is the same."""
    both = len(set(these) & set(those))
    return both / max(len(set(these) | set(those)), 1)
