"""What a step must be given: one table of fields that web forms, the command line and the API read alike."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.say import Listed, Say

Choices = tuple[tuple[str, str], ...]  # codes with their Chinese words
MOST_NAMED = 30  # choices that a sentence lists
BLANK_SIGNS = "\u2800\u3164\u115f"  # letters and signs by their kind, and yet nothing to see
LONGEST_SHOWN = 40  # of what was given wrongly, in the sentence that says so


class FieldKind(StrEnum):
    """The shape of a field."""

    text = "text"
    long_text = "long_text"
    date = "date"
    instant = "instant"
    number = "number"
    yes = "yes"
    choice = "choice"
    choices = "choices"
    unit = "unit"
    units = "units"
    person = "person"
    people = "people"
    case = "case"
    files = "files"


# What a fact may tell as it was given: texts, masked, and codes. People, units and cases it knows by their ids, found by a deed.
TOLD_AS_GIVEN = frozenset(FieldKind) - {FieldKind.case, FieldKind.files, FieldKind.people, FieldKind.person, FieldKind.unit,
                                        FieldKind.units}


@dataclass(frozen=True)
class Given:
    """One field. `choices` are codes with their Chinese words; `alternative` names a field that may stand in its place;
    `unless` names a fact of the record that makes the question pointless, so that no form asks it, `required_when` one that
    makes its answer required; `offers` the role of those whom a form offers where it asks for a person. One that `is_sealed`
    names a person: it is kept sealed, and no fact tells it."""

    name: str
    word: str
    kind: FieldKind = FieldKind.text
    is_required: bool = True
    choices: Choices = ()
    hint: str = ""
    longest: int = 2000
    alternative: str = ""
    unless: str = ""
    required_when: str = ""
    is_sealed: bool = False
    offers: str = ""


def read_all(fields: tuple[Given, ...], raw: Mapping[str, object]) -> dict[str, object]:
    """The typed values of all fields. Raises `Invalid` naming the first bad field, `Incomplete` naming what is missing."""
    names = {field.name for field in fields}
    for name in raw:
        if name not in names:
            known = Listed(Say("{name}({word})", name=f.name, word=Say(f.word)) for f in fields) or Say("无")
            raise Invalid(Say("这一步不接受“{name}”；可填写：{known}。", name=name, known=known), field=name)
    values = {field.name: read(field, raw.get(field.name)) for field in fields}
    missing = [f for f in fields if f.is_required and _is_empty(values[f.name]) and _is_empty(values.get(f.alternative))]
    if missing:
        words = Listed(Say("“{word}”", word=Say(f.word)) for f in missing)
        raise Incomplete(Say("请填写{words}。", words=words), field=missing[0].name)
    return values


def read(field: Given, raw: object) -> object:
    """One typed value, or None when nothing was given. Raises `Invalid` with a sentence that names the field."""
    if isinstance(raw, str):
        raw = raw.strip()
    if raw is None or raw == [] or (isinstance(raw, str) and not is_visible(raw)):
        return None
    return _READERS.get(field.kind, _read_text)(field, raw)


def is_visible(text: str) -> bool:
    """Whether a reader sees anything of the text."""
    return any(unicodedata.category(char)[0] not in "ZC" and char not in BLANK_SIGNS for char in text)


def _is_empty(value: object) -> bool:
    return value is None or value == () or value is False


def _read_text(field: Given, raw: object) -> str:
    text = str(raw)
    if len(text) > field.longest:
        raise Invalid(Say("“{word}”最多 {longest} 字，现为 {count} 字。", word=Say(field.word), longest=field.longest, count=len(text)),
                      field=field.name)
    if any(ord(c) < 32 and c not in "\n\r\t" for c in text):
        raise Invalid(Say("“{field_word}”含有不可见的控制字符，请删去后重填。", field_word=Say(field.word)), field=field.name)
    return text


def _clip_text(raw: object) -> str:
    """As much of what was given as shows what is wrong with it."""
    text = str(raw)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _read_date(field: Given, raw: object) -> date:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    try:
        value = date.fromisoformat(str(raw).replace("/", "-"))
    except ValueError:
        raise Invalid(Say("“{field_word}”应为日期，如 2026-11-23；“{raw}”无法识别。", field_word=Say(field.word), raw=_clip_text(raw)),
                      field=field.name) from None
    if not 1990 <= value.year <= 2100:
        raise Invalid(Say("“{field_word}”的年份 {year} 不合理。", field_word=Say(field.word), year=value.year), field=field.name)
    return value


def _read_instant(field: Given, raw: object) -> str:
    if isinstance(raw, datetime):
        return raw.strftime("%Y-%m-%d %H:%M")
    text = str(raw).replace("T", " ").replace("/", "-")
    for shape in ("%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y-%m-%d %H:%M:%S"):
        try:
            value = datetime.strptime(text, shape)  # noqa: DTZ007 - office time, as typed
        except ValueError:
            continue
        if not 1990 <= value.year <= 2100:
            raise Invalid(Say("“{field_word}”的年份 {year} 不合理。", field_word=Say(field.word), year=value.year), field=field.name)
        return value.strftime("%Y-%m-%d %H:%M")
    raise Invalid(Say("“{field_word}”应为时间，如 2026-11-23 09:30；“{raw}”无法识别。", field_word=Say(field.word), raw=_clip_text(raw)),
                  field=field.name)


def _read_number(field: Given, raw: object) -> int:
    try:
        return int(str(raw))
    except ValueError:
        raise Invalid(Say("“{field_word}”应为整数；“{raw}”无法识别。", field_word=Say(field.word), raw=_clip_text(raw)),
                      field=field.name) from None


def _read_yes(field: Given, raw: object) -> bool:
    text = str(raw).lower()
    if text in {"1", "true", "yes", "y", "on", "是", "有"}:
        return True
    if text in {"0", "false", "no", "n", "off", "否", "无"}:
        return False
    raise Invalid(Say("“{field_word}”应填“是”或“否”。", field_word=Say(field.word)), field=field.name)


def _read_choice(field: Given, raw: object) -> str:
    for code, word in field.choices:
        if str(raw) in (code, word):
            return code
    if len(field.choices) > MOST_NAMED:
        raise Invalid(Say("“{field_word}”没有“{raw}”。", field_word=Say(field.word), raw=_clip_text(raw)), field=field.name)
    words = Listed(Say(word) for _, word in field.choices)
    raise Invalid(Say("“{field_word}”只能是：{words}；“{raw}”不在其中。", field_word=Say(field.word), words=words, raw=_clip_text(raw)),
                  field=field.name)


def _read_many(field: Given, raw: object) -> tuple[str, ...]:
    items = raw if isinstance(raw, list | tuple) else re.split(r"[,\uff0c、]", str(raw))
    return tuple(dict.fromkeys(str(item).strip() for item in items if str(item).strip()))


def _read_choices(field: Given, raw: object) -> tuple[str, ...]:
    return tuple(_read_choice(field, each) for each in _read_many(field, raw))


_READERS = {
    FieldKind.date: _read_date,
    FieldKind.instant: _read_instant,
    FieldKind.number: _read_number,
    FieldKind.yes: _read_yes,
    FieldKind.choice: _read_choice,
    FieldKind.choices: _read_choices,
    FieldKind.people: _read_many,
    FieldKind.units: _read_many,
    FieldKind.files: _read_many,
}
