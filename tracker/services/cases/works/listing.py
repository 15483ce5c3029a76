"""The list of items of the six works as a workbook that comes back: the whole list, in force from a day on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tracker.domain.cases.works.items import STANDARDS, Standard
from tracker.domain.cases.works.listing import ITEMS, list_of, rows_of
from tracker.domain.cases.works.standards import WORK_STANDARDS
from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Invalid, Refusal
from tracker.domain.house.master import MasterValues, read_cell
from tracker.domain.house.say import Say
from tracker.services.house.master.declaring import Master
from tracker.services.house.master.loading import plain_cell, read_sheet
from tracker.services.house.master.sheets import workbook_of
from tracker.services.rules import book, values


@dataclass(frozen=True)
class ListedChange:
    """What a file changes of the list that would hold on its first day: how many items are new, otherwise, gone and the same."""

    added: int
    changed: int
    removed: int
    same: int

    @property
    def is_none(self) -> bool:
        """Whether the list stays as it is."""
        return not (self.added or self.changed or self.removed)


def exported(on: date) -> tuple[str, bytes]:
    """The list of a day: the file's name and content."""
    found = list(rows_of(values.value(WORK_STANDARDS, on)))
    return workbook_of(Master(ITEMS, lambda session: found, _never_saved, lambda row: WORK_STANDARDS), found)


def load(actor: Actor | None, path: Path, on: date, basis: str, *, is_dry: bool = False) -> ListedChange:
    """The list of a file holds from a day on, unless it is the one that would hold anyway; `is_dry` only says what would change.
    Raises what is wrong with the file, naming the row, and what the rule book refuses."""
    wanted = _rows_within(path)
    before, after = ({ITEMS.key_of(row): row for row in rows} for rows in (rows_of(values.value(WORK_STANDARDS, on)), wanted))
    both = before.keys() & after.keys()
    same = sum(before[key] == after[key] for key in both)
    change = ListedChange(len(after) - len(both), len(both) - same, len(before) - len(both), same)
    if not change.is_none and not is_dry:
        book.set_value(actor, WORK_STANDARDS, json.dumps(list_of(wanted), ensure_ascii=False), on, basis)
    return change


def _rows_within(path: Path) -> list[MasterValues]:
    sheet, found, seen = read_sheet(ITEMS, path), list[MasterValues](), set[str]()
    missing = [each.word for each in ITEMS.fields if each not in [column for _, column in sheet.columns]]
    if missing:
        raise Invalid(Say("表里缺“{column}”一栏；整治标准须整份导入。", column=Say(missing[0])), field="file")
    for number, cells in sheet.rows:
        try:
            row: Mapping[str, object] = {each.name: read_cell(each, plain_cell(each, cells, at)) for at, each in sheet.columns}
        except Refusal as refusal:
            raise Invalid(Say("第 {number} 行：{sentence}", number=number, sentence=refusal.sentence), field="file") from None
        if ITEMS.key_of(row) in seen:
            raise Invalid(Say("第 {number} 行：{standard}里代码“{code}”用了两次。", number=number, code=row["code"],
                              standard=Say(STANDARDS[Standard(str(row["standard"]))])), field="file")
        seen.add(ITEMS.key_of(row))
        found.append(row)
    return found


def _never_saved(*told: object) -> None:
    """The list is set as a whole."""
