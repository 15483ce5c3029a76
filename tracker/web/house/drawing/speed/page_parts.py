"""Parts of pages that are the same for everybody: rendered by their macro once, then kept until a rule or the day changes."""

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any

from flask import Flask, request
from markupsafe import Markup, escape

from tracker.domain.house.words import ERASED
from tracker.services.house.caching import is_left_out, until_a_rule_changes
from tracker.storage.cases.register.register import RegisterLine
from tracker.web.house.drawing.languages import gettext, language

FRAGMENTS, ROWS = "fragments", "rows"
MOST = 4000
SLOT = "\x00"  # stands in a kept cell for the one text that differs from case to case; no text of ours may hold it
# and in a kept row: id, number, title, cells before it, place, cells after it
SLOTS = tuple(chr(number) for number in range(1, 7))
Macro = Callable[..., Markup]
Plan = tuple[str, Callable[[RegisterLine], Any] | None, str]

# What a cell of the register depends on, and the text that is filled in afterwards.
CELLS: dict[str, tuple[Callable[[RegisterLine], Any] | None, str]] = {
    "light": (attrgetter("light", "due_on"), ""), "state": (attrgetter("state", "is_key", "supervision_level"), ""),
    "unit": (attrgetter("unit"), ""), "area": (attrgetter("area"), ""), "place": (None, "place"),
    "source": (attrgetter("source"), "source_number"), "source_number": (None, "source_number"),
    "received": (attrgetter("received_on"), ""),
    "due": (attrgetter("light", "due_on", "is_due_provisional"), ""),
}


def kept(macro: Macro, *values: Any) -> Markup:
    """What a macro makes of these values, which with the language, the rules and the day must be all that it depends on."""
    memory: dict[Any, Markup] = until_a_rule_changes(FRAGMENTS, _empty_memory, language())
    key = (macro.name, request.script_root, values)  # type: ignore[attr-defined]
    found = memory.get(key)
    return found if found is not None else _remember_markup(memory, key, macro(*values))


def kept_each(macro: Macro, keys: Iterable[tuple[Any, ...]]) -> list[Markup]:
    """What a macro makes of each of these, as `kept` does of one."""
    memory: dict[Any, Markup] = until_a_rule_changes(FRAGMENTS, _empty_memory, language())
    name, root, found = macro.name, request.script_root, []  # type: ignore[attr-defined]
    for values in keys:
        key = (name, root, values)
        made = memory.get(key)
        found.append(made if made is not None else _remember_markup(memory, key, macro(*values)))
    return found


def rows_of(lines: Sequence[RegisterLine], columns: Sequence[str], pick: str, row: Macro, cell: Macro) -> Markup:
    """The rows of a register: each the macro's row, rendered once as a pattern, filled with a title and with kept cells."""
    is_told = "source_number" in columns  # then the source's own cell leaves it out
    if is_left_out(ROWS):
        return Markup("").join(_plain_row(line, columns, pick, row, cell) for line in lines)
    memory: dict[Any, Any] = until_a_rule_changes(ROWS, _empty_memory, language())
    pattern = _row_pattern(memory, row, pick)
    first, further = (tuple(_column_plan(name, is_told) for name in columns if (name == "light") is is_first)
                      for is_first in (True, False))
    erased = gettext(ERASED.pattern)
    titles = _escape_all(line.title or erased for line in lines)
    places = _escape_all(_place_beneath(line, columns) for line in lines)
    made = []
    for line, title, place in zip(lines, titles, places, strict=bool(lines)):
        before = "".join([_cell_text(memory, cell, plan, line, is_told) for plan in first])
        after = "".join([_cell_text(memory, cell, plan, line, is_told) for plan in further])
        made.append(pattern.format(line.id, line.number, title, before, place, after))
    return Markup("".join(made))  # noqa: S704 - rendered or escaped above


def _plain_row(line: RegisterLine, columns: Sequence[str], pick: str, row: Macro, cell: Macro) -> Markup:
    """A row as its macros make it, with nothing kept: what the patterns must come to."""
    before, after = (Markup("").join(cell(name, line, "source_number" in columns) for name in columns
                                     if (name == "light") is is_first)
                     for is_first in (True, False))
    return row(line.id, line.number, line.title or gettext(ERASED.pattern), before, _place_beneath(line, columns), after, pick)


def _escape_all(texts: Iterable[str]) -> list[str]:
    """Each text escaped, all in one go; of no texts at all one that is empty."""
    return str(escape(SLOT.join(texts))).split(SLOT)


def _row_pattern(memory: dict[Any, Any], row: Macro, pick: str) -> str:
    """The row with places to fill, in the order of `SLOTS`."""
    key = (pick, request.script_root)
    found: str | None = memory.get(key)
    if found is None:
        # filled with what is escaped
        found = str(row(*(Markup(slot) for slot in SLOTS), pick)).replace("{", "{{").replace("}", "}}")  # noqa: S704
        for at, slot in enumerate(SLOTS):
            found = found.replace(slot, f"{{{at}}}")
        _remember_markup(memory, key, found)
    return found


def _place_beneath(line: RegisterLine, columns: Sequence[str]) -> str:
    """Area and place beneath the title, where they have no column."""
    if "place" in columns or not (line.area or line.place):
        return ""
    is_area_told = not line.area or line.area in line.place or "area" in columns
    return f" · {line.place}" if is_area_told else f" · {line.area} {line.place}"


def picked(options: Markup, code: str) -> Markup:
    """A list of options with one of them chosen."""
    mark = f'value="{escape(code)}"'
    # rendered or escaped above
    return Markup(str.replace(options, f"{mark}>", f"{mark} selected>")) if code else options  # noqa: S704


def _column_plan(name: str, is_told: bool) -> Plan:
    """A column with what its cell depends on, and the text that is filled in."""
    depends, slot = CELLS[name]
    return name, depends, "" if is_told and name == "source" else slot


def _cell_text(memory: dict[Any, Any], macro: Macro, plan: Plan, line: RegisterLine, is_told: bool) -> str:
    name, depends, slot = plan
    text = getattr(line, slot) if slot else None
    key = (name, bool(text), is_told, depends(line) if depends else None)
    found = memory.get(key)
    if found is None:
        own = CELLS[name][1]
        # a slot is a text of the line
        model = line._replace(**{own: SLOT if text else None}) if own else line  # type: ignore[arg-type]
        found = _remember_markup(memory, key, macro(name, model, is_told))
    return str.replace(found, SLOT, str(escape(text))) if text else found


def _empty_memory(_: object) -> dict[Any, Any]:
    return {}


def _remember_markup(memory: dict[Any, Any], key: Any, made: Any) -> Any:
    if len(memory) >= MOST:
        memory.clear()
    memory[key] = made
    return made


def register(app: Flask) -> None:
    """Hand them to the templates."""
    app.jinja_env.globals.update(kept=kept, kept_each=kept_each, rows_of=rows_of)
    app.jinja_env.filters["picked"] = picked
