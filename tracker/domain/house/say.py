"""Sentences of the product as messages with values: the Chinese pattern is the message's name in the catalogue, and what stands
in its braces are values. Chinese is made here; a door that speaks another language asks for pattern and values, and never reads
the finished sentence. What people wrote is a plain `str` and stays as it was written."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

MARK = "say"  # under which a message stands in a fact, a record or a file
MARKED = f'"{MARK}":'
OPENING = f"{{{MARKED}"
LISTED = "、"


class Say(str):
    """A sentence or a word of ours. It *is* the Chinese sentence, so a mail, an official paper or a log writes it as it stands.
    A value that is a `Say` is said in the reader's language too; a day or a moment is said as people write it; numbers and plain
    texts stay as they are."""

    pattern: str
    values: Mapping[str, object]

    def __new__(cls, pattern: str, /, **values: object) -> "Say":
        if isinstance(pattern, Say) and not values:
            return pattern
        say = super().__new__(cls, pattern.format_map(_dates_said(pattern, values)) if values else pattern)
        say.pattern, say.values = str(pattern), values
        return say

    def __str__(self) -> str:
        return self  # str() of a message is the message

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:
        return (self.pattern,), dict(self.values)


class Listed(Say):
    """Several parts, one after the other, with a mark of the language between them."""

    parts: tuple[str, ...]

    def __new__(cls, parts: Iterable[str], mark: str = LISTED) -> "Listed":
        found = tuple(parts)
        say = str.__new__(cls, mark.join(found))
        say.pattern, say.values, say.parts = mark, {}, found
        return say

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, object]]:
        return (self.parts, self.pattern), {}


class DateForm(StrEnum):
    """How much of a date is said."""

    full = "full"
    without_year = "without_year"
    month = "month"
    weekday = "weekday"


def _dates_said(pattern: str, values: Mapping[str, object]) -> dict[str, object]:
    """Days and moments in words wherever the pattern asks for no other form of them."""
    return {name: _chinese_moment(each) if isinstance(each, date) and f"{{{name}}}" in pattern else each
            for name, each in values.items()}


def _chinese_moment(at: date) -> str:
    clock = f" {at:%H:%M}" if isinstance(at, datetime) else ""
    return _chinese_day(at, DateForm.full) + clock


def _chinese_day(on: date, form: DateForm) -> str:
    if form is DateForm.weekday:
        return f"周{'一二三四五六日'[on.weekday()]}"
    return {DateForm.full: f"{on.year}年{on.month}月{on.day}日", DateForm.without_year: f"{on.month}月{on.day}日",
            DateForm.month: f"{on.year}年{on.month}月"}[form]


class DateWords(Say):
    """A date in words: 2026年11月23日, 11月23日, 2026年11月 or 周一."""

    on: date
    form: DateForm

    def __new__(cls, on: date, form: DateForm = DateForm.full) -> "DateWords":
        say = str.__new__(cls, _chinese_day(on, form))
        say.pattern, say.values, say.on, say.form = "{on}", {}, on, form
        return say

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, object]]:
        return (self.on, self.form), {}


def finished(text: str) -> str:
    """The Chinese of a sentence alone, for what is frozen in one language."""
    return str.__str__(text)


# --- as it is stored --------------------------------------------------------------------------------------------------------


def stored(value: object) -> object:
    """A value as JSON can hold it, so that `restored` makes the message again."""
    if isinstance(value, Listed):
        return {MARK: value.pattern, "parts": [stored(part) for part in value.parts]}
    if isinstance(value, DateWords):
        return {MARK: value.pattern, "date": [value.on.isoformat(), value.form.value]}
    if isinstance(value, Say):
        return {MARK: value.pattern, "values": {name: stored(each) for name, each in value.values.items()}}
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    return {"on": value.isoformat()} if isinstance(value, date) else value


def restored(found: Any) -> Any:
    """What `stored` was given. What is no message stays as it is: older facts' finished Chinese, and a table of texts that
    happens to have a column of that name, for beside a message's pattern stands never a text."""
    if not isinstance(found, dict) or len(found) != 2 or not isinstance(found.get(MARK), str):
        return found
    match found:
        case {"parts": list(parts)}:
            return Listed(map(restored, parts), found[MARK])
        case {"date": [str(on), str(form)]}:
            return DateWords(date.fromisoformat(on), DateForm(form))
        case {"values": dict(values)}:
            return Say(found[MARK], **{name: _value_restored(each) for name, each in values.items()})
    return found


def _value_restored(found: Any) -> Any:
    if isinstance(found, dict) and len(found) == 1:
        (kind, text), = found.items()
        if kind in ("at", "on"):
            return datetime.fromisoformat(text) if kind == "at" else date.fromisoformat(text)
    return restored(found)


def read_json(text: str) -> Any:
    """What a JSON text holds, its messages as messages."""
    return json.loads(text, object_hook=restored) if MARKED in text else json.loads(text)


def _json_text(found: object) -> str:
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def to_text(sentence: str) -> str:
    """A sentence as a column of text holds it: a message as JSON, and so a text that looks like one; anything else as it is."""
    if not isinstance(sentence, Say) and sentence.startswith(OPENING):
        return _json_text(stored(Say("{text}", text=sentence)))
    return _json_text(stored(sentence)) if isinstance(sentence, Say) else sentence


def opening(pattern: str) -> str:
    """How the text of every message with this pattern begins, for a query that asks for all of them."""
    return _json_text({MARK: pattern})[:-1]


def from_text(text: str) -> str:
    """The sentence that a column of text holds."""
    if not text.startswith(OPENING):
        return text
    try:
        found = read_json(text)
    except ValueError:
        return text
    return found if isinstance(found, Say) else text
