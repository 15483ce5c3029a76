"""Tables of master data found by name, their rows by key, and one row written."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from tracker.domain.house.actor import OPERATOR, Actor, Permission
from tracker.domain.house.errors import Conflict, Invalid, NotFound
from tracker.domain.house.fields import Choices
from tracker.domain.house.master import MasterEdit, MasterTable, MasterValues, cell_text, edit_of, shown_cell
from tracker.domain.house.say import Listed, Say
from tracker.services.house.master.declaring import Master
from tracker.services.house.work import Work, deed, reading, wiring

Marks = Mapping[str, str]  # of a row's cells, by column: the same for the same content
MARK_LENGTH = 16


@dataclass(frozen=True)
class ForeseenEdit:
    """A change that may be made as it stands: old and new by column, and what else it does."""

    is_new: bool
    cells: tuple[tuple[str, str, str], ...]
    effects: tuple[str, ...]


@dataclass(frozen=True)
class Written:
    """A row that was written: its key, and what the deed hands out, a link for a new person."""

    key: str
    handed_out: object = None


def masters_of(actor: Actor | None, *, to_read: bool = False) -> tuple[Master, ...]:
    """The tables that somebody may edit; all of them at the machine's own command line. An auditor reads them all."""
    if actor is None or (to_read and actor.has(Permission.audit_read)):
        return tuple(wiring().masters)
    return tuple(each for each in wiring().masters if actor.has(each.table.permission))


def master_for(actor: Actor | None, name: str, *, to_read: bool = False) -> Master:
    """The table with this name, for somebody who may edit or read it. Absent and forbidden look alike: raises `NotFound`."""
    known = masters_of(actor, to_read=to_read)
    found = next((each for each in known if name in (each.table.name, each.table.word)), None)
    if found is None:
        names = Listed(Say("{name}({word})", name=each.table.name, word=Say(each.table.word)) for each in known) or Say("无")
        raise NotFound(Say("没有主数据表“{name}”；已有：{names}。", name=name, names=names))
    return found


def table_today(master: Master, session: Session) -> MasterTable:
    """The description with today's choices."""
    offered: dict[str, Choices] = {name: offer(session) for name, offer in master.offers.items()}
    return master.table.offering(offered)


def all_rows(master: Master, session: Session) -> dict[str, MasterValues]:
    """Every row by its key, in the order of the room."""
    return {master.table.key_of(row): row for row in master.rows(session)}


def row_named(master: Master, session: Session, key: str) -> MasterValues:
    """The row with this key. Raises `NotFound`."""
    found = all_rows(master, session).get(key)
    if found is None:
        raise NotFound(Say("“{table}”里没有“{key}”。", table=Say(master.table.word), key=key))
    return found


@deed
def save_row(work: Work, actor: Actor | None, name: str, key: str | None, given: Mapping[str, object], *,
             seen: Marks | None = None) -> Written:
    """One row with these columns given; a key that is not there, or None, makes a new one. `seen` are the marks of the row that
    the writer had before them: raises `Conflict` with what differs since."""
    master = master_for(actor, name)
    edit = wanted_edit(master, work.session, key, given, seen)
    return Written(master.table.key_of(edit.values), write_edit(work, actor, master, edit))


def write_edit(work: Work, actor: Actor | None, master: Master, edit: MasterEdit) -> object:
    """The room's own deed, where anything changes; returns what it hands out."""
    return master.save(work, actor or OPERATOR, edit) if edit.changed else None


def end_row(actor: Actor | None, name: str, key: str, on: date, more: Mapping[str, object] | None = None) -> Written:
    """The last day of a row, with what else is said of the end, a successor. Raises `Invalid` where rows do not end."""
    master = master_for(actor, name)
    if not master.table.ends_by:
        raise Invalid(Say("“{table}”里的条目没有终止日期。", table=Say(master.table.word)))
    row_named(master, reading(), key)
    return save_row(actor, name, key, {master.table.ends_by: on, **(more or {})})


class _OnlyTried(Exception):
    """Carries what a change would do out of the work in which it was tried, and which leaves nothing behind."""

    def __init__(self, foreseen: ForeseenEdit) -> None:
        super().__init__()
        self.foreseen = foreseen


def foresee(actor: Actor | None, name: str, key: str | None, given: Mapping[str, object],
            seen: Marks | None = None) -> ForeseenEdit:
    """What `save_row` would do. Raises what it would raise, and writes nothing."""
    try:
        return _try_edit(actor, name, key, given, seen)
    except _OnlyTried as tried:
        return tried.foreseen


@deed
def _try_edit(work: Work, actor: Actor | None, name: str, key: str | None, given: Mapping[str, object],
              seen: Marks | None) -> ForeseenEdit:
    master = master_for(actor, name)
    edit = wanted_edit(master, work.session, key, given, seen)
    foreseen = ForeseenEdit(edit.is_new, cells_of(edit), master.effects(work.session, edit) if edit.changed else ())
    if not foreseen.effects:
        return foreseen
    write_edit(work, actor, master, edit)
    raise _OnlyTried(foreseen)


def wanted_edit(master: Master, session: Session, key: str | None, given: Mapping[str, object],
                seen: Marks | None = None) -> MasterEdit:
    """The edit that is meant."""
    table, rows = table_today(master, session), all_rows(master, session)
    if key is None:
        edit = edit_of(table, None, given, master.settle)
        if table.key_of(edit.values) in rows:
            raise Conflict(Say("“{table}”里已有“{key}”。", table=Say(table.word), key=table.key_of(edit.values)), code="taken",
                           field=table.key[-1])
        return edit
    before = rows.get(key)
    if before is None:
        return edit_of(table, None, {**keys_named(table, key), **given}, master.settle)
    edit = edit_of(table, before, given, master.settle)
    if edit.changed and seen is not None and (moved := moved_since(table, before, seen)):
        raise Conflict(Say("“{key}”已被别人改过，现为：{moved}。请核对后再存，您填写的内容已保留。", key=key, moved=moved), code="stale")
    return edit


def keys_named(table: MasterTable, key: str) -> dict[str, object]:
    """The columns of a key as it was typed."""
    parts = key.split("/", len(table.key) - 1)
    return dict(zip(table.key, parts, strict=False))


def cells_of(edit: MasterEdit) -> tuple[tuple[str, str, str], ...]:
    """Word, old and new of every column that changes."""
    old = edit.before or {}
    fields = [edit.table.field(name) for name in edit.changed]
    return tuple((each.word, shown_cell(each, old.get(each.name)), shown_cell(each, edit.values[each.name])) for each in fields
                 if not edit.is_new or cell_text(edit.values[each.name]))


def marks_of(table: MasterTable, row: MasterValues) -> dict[str, str]:
    """The marks of a row."""
    return {each.name: cell_mark(each.name, row.get(each.name)) for each in table.given}


def cell_mark(name: str, value: object) -> str:
    """The same for the same content of a column: who holds it learns nothing of what stands there."""
    return _mark_of(f"master|{name}|{cell_text(value)}")


def key_mark(key: str) -> str:
    """The same for a key."""
    return _mark_of(f"master-key|{key}")


def _mark_of(text: str) -> str:
    return wiring().cipher.keyed_digest(text).rpartition(":")[2][:MARK_LENGTH]


def moved_since(table: MasterTable, row: MasterValues, seen: Marks) -> str:
    """What stands otherwise since the marks were made, in words; empty when nothing does."""
    now = marks_of(table, row)
    fields: Sequence[str] = [name for name, mark in now.items() if name in seen and seen[name] != mark]
    return Listed(Say("{word}“{value}”", word=Say(table.field(name).word), value=shown_cell(table.field(name), row.get(name)))
                  for name in fields)


def marks_written(marks: Marks) -> str:
    """The marks as a form carries them."""
    return json.dumps(marks)


def marks_read(text: str | None) -> Marks | None:
    """The marks that a form brought back; None where it brought none that can be read."""
    try:
        found = json.loads(text or "")
    except ValueError:
        return None
    return {str(name): str(mark) for name, mark in found.items()} if isinstance(found, dict) else None
