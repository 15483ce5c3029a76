"""How the value of a rule is asked for on a form: what each part is, drawn as plain fields by the place where it stands, and read
back from them. A shape says its parts by itself, so no page ever shows how a value is stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tracker.domain.house.say import Listed
from tracker.domain.rules.part_words import RULE_WORDS

Fields = Mapping[str, Sequence[str]]  # what was typed, by the names of fields
COUNT = "count"  # behind a list's name: how many rows it has on the form
MOST_ROWS, LONGEST_NUMBER = 60, 12


class PartKind(StrEnum):
    """What a part is."""

    number = "number"
    amount = "amount"
    text = "text"
    yes = "yes"
    choice = "choice"
    ticks = "ticks"
    lines = "lines"
    rows = "rows"
    record = "record"
    weights = "weights"


@dataclass(frozen=True)
class FormPart:
    """One part. `parts` are those of a record, or of each row; `choices` are codes, `words` their own words where the table of
    rules' words has none; what is `optional` may be left out."""

    kind: PartKind
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()
    parts: Mapping[str, FormPart] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()
    words: Mapping[str, str] = field(default_factory=dict)

    def word_of(self, code: str) -> str:
        """The word of a choice, or of a part."""
        return self.words.get(code) or RULE_WORDS.get(code, code)


def read_part(part: FormPart, fields: Fields, name: str) -> Any:
    """What was typed at this place, as the rule's shape reads it; None where nothing was."""
    return _READERS[part.kind](part, fields, name)


def _typed_texts(part: FormPart, fields: Fields, name: str) -> list[str]:
    return [text.strip() for text in fields.get(name, ()) if text.strip()]


def _read_text(part: FormPart, fields: Fields, name: str) -> str | None:
    return next(iter(_typed_texts(part, fields, name)), None)


def _read_number(part: FormPart, fields: Fields, name: str) -> Any:
    typed = _read_text(part, fields, name)
    return _as_number(typed) if typed is not None else None


def _read_lines(part: FormPart, fields: Fields, name: str) -> list[str]:
    return [line.strip() for text in _typed_texts(part, fields, name) for line in text.splitlines() if line.strip()]


def _read_rows(part: FormPart, fields: Fields, name: str) -> list[dict[str, Any]]:
    return [_read_record(part, fields, f"{name}.{place}") for place in range(min(_count_of(fields, name), MOST_ROWS))]


def _read_weights(part: FormPart, fields: Fields, name: str) -> dict[str, Any]:
    found = {code: _read_number(part, fields, f"{name}.{code}") for code in part.choices}
    return {code: weight for code, weight in found.items() if weight is not None and weight != 0}


def changed_rows(part: FormPart, value: Any, act: str, name: str) -> Any:
    """The value after a button of a list: `add name`, `drop name.2`, `up name.2`, `down name.2`."""
    verb, _, place = act.partition(" ")
    if not place.startswith(name):
        return value
    if part.kind is PartKind.rows:
        rows = list(value or [])
        if verb == "add" and place == name:
            return [*rows, {}]
        at = place[len(name) + 1:]
        return _moved_row(rows, verb, int(at)) if at.isdigit() and int(at) < len(rows) else rows
    if part.kind is PartKind.record and isinstance(value, dict):
        return {key: changed_rows(part.parts[key], each, act, f"{name}.{key}") if key in part.parts else each
                for key, each in value.items()}
    return value


def told_lines(part: FormPart, value: Any, word: str = "") -> list[str]:
    """A value as people read it: a line for each part, and for each row."""
    head = f"{word} " if word else ""
    match part.kind:
        case PartKind.rows:
            lines = [f"{place}. " + " · ".join(_told_cell(part, key, row[key]) for key in part.parts if key in row)
                     for place, row in enumerate(value or [], start=1)]
            return [*([word] if word else []), *(lines or ["—"])]
        case PartKind.record:
            return [line for key, each in part.parts.items() if key in (value or {})
                    for line in told_lines(each, value[key], f"{head}{part.word_of(key)}")]
        case PartKind.weights:
            return [f"{part.word_of(code)} {value[code]}" for code in part.choices if code in value]
    return [head + _told_value(part, value)]


def _told_cell(part: FormPart, key: str, value: Any) -> str:
    each = part.parts[key]
    return part.word_of(key) if each.kind is PartKind.yes and value else f"{part.word_of(key)} {_told_value(each, value)}"


def _told_value(part: FormPart, value: Any) -> str:
    if isinstance(value, bool):
        return RULE_WORDS["true"] if value else RULE_WORDS["false"]
    if isinstance(value, list):
        in_order = sorted(value, key=part.choices.index) if set(value) <= set(part.choices) else value
        return Listed(part.word_of(str(each)) for each in in_order) or "—"
    return part.word_of(str(value)) if part.choices else str(value)


def _read_record(part: FormPart, fields: Fields, name: str) -> dict[str, Any]:
    found = {key: read_part(each, fields, f"{name}.{key}") for key, each in part.parts.items()}
    return {key: value for key, value in found.items() if not (key in part.optional and value in (None, False, []))}


_READERS: dict[PartKind, Callable[[FormPart, Fields, str], Any]] = {
    PartKind.number: _read_number, PartKind.amount: _read_number, PartKind.text: _read_text, PartKind.choice: _read_text,
    PartKind.yes: lambda part, fields, name: bool(_typed_texts(part, fields, name)), PartKind.ticks: _typed_texts,
    PartKind.lines: _read_lines, PartKind.rows: _read_rows, PartKind.record: _read_record, PartKind.weights: _read_weights,
}


def _moved_row(rows: list[Any], verb: str, at: int) -> list[Any]:
    row = rows.pop(at)
    if verb == "drop":
        return rows
    rows.insert(max(at - 1, 0) if verb == "up" else at + 1, row)
    return rows


def _count_of(fields: Fields, name: str) -> int:
    text = (fields.get(f"{name}.{COUNT}") or ["0"])[0]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _as_number(text: str) -> int | float | str:
    """A number, or what was typed instead, for the sentence that says so."""
    try:
        is_whole = text.isascii() and text.lstrip("-").isdigit()
        return int(text) if is_whole else float(text) if text.isascii() and len(text) < LONGEST_NUMBER else text
    except ValueError:
        return text
