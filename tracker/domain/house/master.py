"""Master data: each table that an administrator edits is described once. Its list, form, sheet, command and checks come from the
description alone; who keeps the rows is the room's own deed."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.fields import Choices, FieldKind, Given, read
from tracker.domain.house.say import Say

MasterValues = Mapping[str, object]
Settle = Callable[["MasterValues | None", MasterValues], MasterValues]
LISTED, BETWEEN_KEYS = "、", "/"
YES, NO = "是", "否"


@dataclass(frozen=True)
class MasterField:
    """One column. `choices` are those the law knows; a room offers those of its tables by the column's name. What `is_fixed`
    cannot change once the row is there; what `is_personal` is named in facts and never told; what is not `is_listed` shows in
    forms and sheets alone, and what `is_derived` in lists alone: nobody gives it."""

    name: str
    word: str
    kind: FieldKind = FieldKind.text
    hint: str = ""
    longest: int = 200
    least: int | None = None
    most: int | None = None
    choices: Choices = ()
    is_required: bool = False
    is_fixed: bool = False
    is_personal: bool = False
    is_listed: bool = True
    is_derived: bool = False


@dataclass(frozen=True)
class MasterTable:
    """One table: what it is called, the columns that tell a row from all others, and who edits it. `ends_by` is the column that
    holds a row's last day, "" where rows do not end."""

    name: str
    word: str
    what_for: str
    fields: tuple[MasterField, ...]
    permission: Permission
    key: tuple[str, ...] = ("key",)
    ends_by: str = "valid_to"
    asks_fresh: bool = False  # whoever writes it shows again that it is them
    gives_key: bool = False  # to a new row that comes without one

    @property
    def given(self) -> tuple[MasterField, ...]:
        """The columns that are given, and go into sheets."""
        return tuple(each for each in self.fields if not each.is_derived)

    def field(self, name: str) -> MasterField:
        """The column with this name or word. Raises `Invalid` naming it."""
        found = next((each for each in self.fields if name in (each.name, each.word) and not each.is_derived), None)
        if found is None:
            raise Invalid(Say("“{table}”没有“{name}”这一栏。", table=Say(self.word), name=name), field=name)
        return found

    def key_of(self, values: MasterValues) -> str:
        """The key of a row as it is typed."""
        return BETWEEN_KEYS.join(cell_text(values.get(name)) for name in self.key)

    def offering(self, offered: Mapping[str, Choices]) -> "MasterTable":
        """The same, with what its columns may be today."""
        return replace(self, fields=tuple(replace(each, choices=offered[each.name]) if each.name in offered else each
                                          for each in self.fields))


@dataclass(frozen=True)
class MasterEdit:
    """One row as it was and as it shall be: `before` is None for a new one. `changed` names what differs.
    `is_bulk` when it came with others in a sheet."""

    table: MasterTable
    before: MasterValues | None
    values: MasterValues
    changed: tuple[str, ...]
    is_bulk: bool = False

    @property
    def is_new(self) -> bool:
        """Whether there was no such row."""
        return self.before is None

    def told(self) -> dict[str, object]:
        """What the fact says of it: old and new, of what is personal the name alone."""
        old = self.before or {}
        fields = {each.name: each for each in self.table.fields}
        row = {} if any(fields[name].is_personal for name in self.table.key) else {"row": self.table.key_of(self.values)}
        pairs = {name: [cell_text(old.get(name)), cell_text(self.values.get(name))] for name in self.changed}
        return {**row, "changed": {name: [] if fields[name].is_personal else pair for name, pair in pairs.items()}}


def as_typed(before: MasterValues | None, values: MasterValues) -> MasterValues:
    """Values that are typed in one way alone."""
    return values


def blank_of(field: MasterField) -> object:
    """What a column holds when nothing was given."""
    return False if field.kind is FieldKind.yes else () if field.kind is FieldKind.choices else None


def read_cell(field: MasterField, raw: object) -> object:
    """What was typed, or stood in a sheet, as a value. Raises `Invalid` or `Incomplete` naming the column."""
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    given = Given(field.name, field.word, field.kind, choices=field.choices, longest=field.longest)
    found = read(given, raw)
    if isinstance(found, int) and not isinstance(found, bool) and not _is_within(field, found):
        raise Invalid(Say("“{word}”应在 {least} 至 {most} 之间，现为 {found}。", word=Say(field.word), least=field.least,
                          most=field.most, found=found), field=field.name)
    if found is None and field.is_required:
        raise Incomplete(Say("“{word}”必须填写。", word=Say(field.word)), field=field.name)
    return blank_of(field) if found is None else found


def cell_text(value: object) -> str:
    """A value as codes, the same for the same value: what a command takes, and what is compared."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, tuple | list):
        return LISTED.join(map(str, value))
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


def listed_parts(text: str) -> tuple[str, ...]:
    """The words or codes of a list as people type one."""
    return tuple(part for each in re.split(r"[,，、]", text) if (part := each.strip()))


def shown_cell(field: MasterField, value: object) -> str:
    """A value as people read it: the words of what the law knows, the codes of what tables hold."""
    words = dict(field.choices)
    if isinstance(value, tuple):
        return LISTED.join(words.get(str(each), str(each)) for each in value)
    return words.get(str(value), cell_text(value)) if value is not None else ""


def edit_of(table: MasterTable, before: MasterValues | None, given: Mapping[str, object],
            settle: Settle = as_typed) -> MasterEdit:
    """What giving these columns of a row means; a column that is not given stays. What is typed as it stands is no change, also
    where today's choices no longer have it; `settle` writes what may be typed in several ways as it is kept."""
    values = dict(before) if before is not None else {each.name: blank_of(each) for each in table.given}
    for name, raw in given.items():
        field = table.field(name)
        if before is not None and raw_text(raw) in (cell_text(before.get(field.name)), shown_cell(field, before.get(field.name))):
            continue
        values[field.name] = read_cell(field, raw)
    missing = next((each for each in table.given if each.is_required and not cell_text(values[each.name])), None)
    if missing is not None:
        raise Incomplete(Say("“{word}”必须填写。", word=Say(missing.word)), field=missing.name)
    values = dict(settle(before, values))
    changed = tuple(each.name for each in table.given
                    if before is None or cell_text(values[each.name]) != cell_text(before.get(each.name)))
    _require_unfixed(table, before, changed)
    return MasterEdit(table, before, values, changed)


def raw_text(raw: object) -> str:
    """What was typed, as it is compared with what stands."""
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if hasattr(raw, "date") and not isinstance(raw, str):
        raw = raw.date()
    return cell_text(raw).strip() if not isinstance(raw, Sequence) or isinstance(raw, str) else cell_text(tuple(raw))


def _require_unfixed(table: MasterTable, before: MasterValues | None, changed: tuple[str, ...]) -> None:
    fixed = next((each for each in table.fields if each.is_fixed and each.name in changed), None)
    if before is not None and fixed is not None:
        raise Invalid(Say("“{word}”启用后不能改；要换一个，请新增一条并终止这一条。", word=Say(fixed.word)), field=fixed.name)


def _is_within(field: MasterField, found: int) -> bool:
    return (field.least is None or found >= field.least) and (field.most is None or found <= field.most)
