"""The shapes that a value of the rule book may have; each reads what was typed or names what is wrong with it, and says how it is
asked for on a form."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import time
from decimal import Decimal
from typing import Any

from tracker.domain.house.say import Listed, Say
from tracker.domain.rules.area_codes import is_code
from tracker.domain.rules.form_parts import FormPart, PartKind
from tracker.domain.rules.part_words import RULE_WORDS

Hours = tuple[tuple[time, time], ...]

_STRETCH = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


class Misfit(ValueError):
    """Says in a clause, without a full stop, what does not fit."""


@dataclass(frozen=True)
class Shape:
    """A shape: `read` takes what was typed, `part` says how it is asked for."""

    read: Callable[[Any], Any]
    part: FormPart

    def __call__(self, raw: Any) -> Any:
        """The value. Raises `Misfit`."""
        return self.read(raw)

    def form(self) -> FormPart:
        """What a form asks for."""
        return self.part

    def further(self, read: Callable[[Any], Any]) -> Shape:
        """The same on a form, with more that must fit."""
        return Shape(read, self.part)


def number(least: int, most: int) -> Shape:
    """A whole number within bounds."""

    def read(raw: Any) -> int:
        text = str(raw).strip()
        if isinstance(raw, bool | float) or not re.fullmatch(r"-?\d{1,9}", text, re.ASCII) or not least <= int(text) <= most:
            raise Misfit(Say("应为 {least} 至 {most} 的整数，“{raw}”不合", least=least, most=most, raw=_shorten_text(raw)))
        return int(text)

    return Shape(read, FormPart(PartKind.number, least, most))


def amount(least: int, most: int) -> Shape:
    """A number within bounds that may have decimals; a whole one stays whole."""

    def read(raw: Any) -> int | float:
        text = str(raw).strip()
        if isinstance(raw, bool) or not re.fullmatch(r"-?\d{1,6}(\.\d{1,4})?", text,
                                                     re.ASCII) or not least <= Decimal(text) <= most:
            raise Misfit(Say("应为 {least} 至 {most} 的数，“{raw}”不合", least=least, most=most, raw=_shorten_text(raw)))
        return float(text) if "." in text else int(text)

    return Shape(read, FormPart(PartKind.amount, least, most))


def words(most: int) -> Shape:
    """One line of text."""

    def read(raw: Any) -> str:
        text = raw.strip() if isinstance(raw, str) else ""
        if not text or len(text) > most or any(ord(c) < 32 for c in text):
            raise Misfit(Say("应为 1 至 {most} 字的文字，“{raw}”不合", most=most, raw=_shorten_text(raw)))
        return text

    return Shape(read, FormPart(PartKind.text, most=most))


def one_of(*known: str, names: Mapping[str, str] | None = None) -> Shape:
    """One of a few codes; `names` are their words where the table of words has none."""

    def read(raw: Any) -> str:
        if raw not in known:
            raise Misfit(Say("应为 {known} 之一，“{raw}”不合", known=Listed(known), raw=_shorten_text(raw)))
        return str(raw)

    return Shape(read, FormPart(PartKind.choice, choices=known, words=names or {}))


def _read_yes(raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise Misfit(Say("应为 true 或 false，“{raw}”不合", raw=_shorten_text(raw)))
    return raw


yes = Shape(_read_yes, FormPart(PartKind.yes))


def _read_area(raw: Any) -> str:
    if not isinstance(raw, str) or not is_code(raw.strip()):
        raise Misfit(Say("应为区划代码，“{raw}”不合", raw=_shorten_text(raw)))
    return raw.strip()


area = Shape(_read_area, FormPart(PartKind.text, most=12))


def a_list(each: Shape, most: int = 60) -> Shape:
    """A list whose every entry has the same shape; the first that does not fit is named by its place."""

    def read(raw: Any) -> list[Any]:
        found = _parse_json(raw)
        if not isinstance(found, list):
            raise Misfit("应为 JSON 数组，如 [ … ]")
        if len(found) > most:
            raise Misfit(Say("最多 {most} 项，现为 {count} 项", most=most, count=len(found)))
        return [_read_within(Say("第 {place} 项", place=place), each, entry) for place, entry in enumerate(found, start=1)]

    return Shape(read, _list_part(each.part, most))


def a_record(needed: Mapping[str, Shape], extra: Mapping[str, Shape] | None = None,
             names: Mapping[str, str] | None = None) -> Shape:
    """An object with these fields; those of `extra` may be absent, and no other is known. `names` are words for fields that are
    called otherwise here than elsewhere."""
    known = {**needed, **(extra or {})}

    def read(raw: Any) -> dict[str, Any]:
        found = an_object(raw)
        if missing := [name for name in needed if name not in found]:
            raise Misfit(Say("缺少 {missing}", missing=Listed(Say(RULE_WORDS.get(name, name)) for name in missing)))
        if strange := [name for name in found if name not in known]:
            raise Misfit(Say("不认识 {strange}，可写 {known}", strange=Listed(strange), known=Listed(known)))
        return {name: _read_within(Say(RULE_WORDS.get(name, name)), known[name], value) for name, value in found.items()}

    parts = {name: each.part for name, each in known.items()}
    return Shape(read, FormPart(PartKind.record, parts=parts, optional=frozenset(extra or {}), words=names or {}))


def _list_part(each: FormPart, most: int) -> FormPart:
    if each.kind is PartKind.record:
        return replace(each, kind=PartKind.rows, most=most)
    return FormPart(PartKind.ticks if each.choices else PartKind.lines, most=most, choices=each.choices, words=each.words)


def weights(*known: str, names: Mapping[str, str] | None = None) -> Shape:
    """An object from these codes to weights that sum to 1; a code left out weighs nothing."""
    table = a_record({}, dict.fromkeys(known, amount(0, 1)))

    def read(raw: Any) -> dict[str, Any]:
        found: dict[str, Any] = table(raw)
        total = sum((Decimal(str(value)) for value in found.values()), Decimal())
        if total != 1:
            raise Misfit(Say("各项权重之和应为 1，现为 {total}", total=total))
        return found

    return Shape(read, FormPart(PartKind.weights, choices=known, words=names or {}))


def _read_stretch(raw: Any) -> str:
    text = _plain_signs(raw)
    found = _STRETCH.fullmatch(text)
    if not found or found[1] + found[2] == found[3] + found[4]:
        raise Misfit(Say("应写成 20:00-07:30 这样的时段，“{raw}”不合", raw=_shorten_text(raw)))
    return text


stretch = Shape(_read_stretch, FormPart(PartKind.text, most=11))  # such as 20:00-07:30, which may pass midnight


def _read_office_hours(raw: Any) -> str:
    parts = [_read_stretch(part) for part in _plain_signs(raw).split(",")]
    marks = [mark for part in parts for mark in part.split("-")]
    if marks != sorted(set(marks)):
        raise Misfit("各时段应由早到晚、互不重叠，且不跨零点")
    return ",".join(parts)


office_hours = Shape(_read_office_hours, FormPart(PartKind.text, most=60))  # in order: 09:00-12:00,13:30-17:30


def hours_of(text: str) -> Hours:
    """The stretches of such a text as times."""
    return tuple((time.fromisoformat(opens), time.fromisoformat(shuts))
                 for opens, shuts in (part.split("-") for part in text.split(",")))


def _plain_signs(raw: Any) -> str:
    """Full-width signs and the long dash of a Chinese keyboard are signs all the same."""
    return "".join(str(raw).split()).translate({0xFF1A: ":", 0xFF0C: ",", 0x3001: ",", 0x2013: "-", 0x2014: "-", 0xFF0D: "-"})


def _parse_json(raw: Any) -> Any:
    if not isinstance(raw, str):
        return raw
    try:
        return json.loads(raw, parse_constant=_no_number)
    except ValueError as error:
        where = Say("第 {lineno} 行第 {colno} 列", lineno=error.lineno,
                    colno=error.colno) if isinstance(error, json.JSONDecodeError) else "内容"
        raise Misfit(Say("不是正确的 JSON，{where}有误", where=where)) from None
    except RecursionError:
        raise Misfit("不是正确的 JSON，层数太多") from None


def _no_number(name: str) -> Any:
    """NaN and Infinity, which Python reads and JSON does not know."""
    raise Misfit(Say("不是正确的 JSON，{name} 不是数", name=name))


def an_object(raw: Any) -> dict[str, Any]:
    """Any JSON object."""
    found = _parse_json(raw)
    if not isinstance(found, dict):
        raise Misfit("应为 JSON 对象，如 { … }")
    return found


def _read_within(place: str, shape: Shape, raw: Any) -> Any:
    try:
        return shape(raw)
    except Misfit as misfit:
        raise Misfit(Say("{place}：{misfit}", place=place, misfit=misfit)) from None


def _shorten_text(raw: Any) -> str:
    text = str(raw)
    return text if len(text) <= 40 else text[:40] + "…"
