"""What is typed when a programme is drafted: its zones and its phases, one a line."""

import re
from datetime import date
from itertools import pairwise

from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Say

MOST_ZONES, MOST_PHASES, LONGEST_NAME = 30, 12, 60
_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})", re.ASCII)


def zone_lines(text: str) -> tuple[str, ...]:
    """The names, or codes, of the zones. Raises `Invalid`."""
    return _lines_of(text, "片区", "zones", MOST_ZONES)


def phase_lines(text: str) -> tuple[tuple[str, date], ...]:
    """The names of the phases, each with its last day, later from one to the next. Raises `Invalid`."""
    found = tuple(_phase_of(line) for line in _lines_of(text, "分期", "phases", MOST_PHASES))
    refuse_twice([name for name, _ in found], "分期", "phases")
    for (_, last), (name, on) in pairwise(found):
        if on <= last:
            raise Invalid(Say("分期“{name}”的最后一天 {on} 须晚于前一期的 {last}。", name=name, on=on, last=last), field="phases")
    return found


def _phase_of(line: str) -> tuple[str, date]:
    name, _, last = line.rpartition(" ")
    day = _DAY.fullmatch(last)
    try:
        on = date(*map(int, day.groups())) if day else None
    except ValueError:
        on = None
    if on is None or not name.strip():
        raise Invalid(Say("分期“{line}”应写名称、空一格、再写最后一天，如“一期摸排 2021-12-31”。", line=line), field="phases")
    return name.strip(), on


def _lines_of(text: str, word: str, field: str, most: int) -> tuple[str, ...]:
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    if len(lines) > most:
        raise Invalid(Say("“{word}”最多 {most} 行，现为 {count} 行。", word=Say(word), most=most, count=len(lines)), field=field)
    if long := [line for line in lines if len(line) > LONGEST_NAME]:
        raise Invalid(Say("“{word}”每行最多 {most} 字；“{line}”太长。", word=Say(word), most=LONGEST_NAME, line=long[0][:20]), field=field)
    refuse_twice(lines, word, field)
    return tuple(lines)


def refuse_twice(names: list[str], word: str, field: str) -> None:
    """Raise `Invalid` where a name stands in the list a second time."""
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise Invalid(Say("“{word}”中“{name}”写了两次。", word=Say(word), name=twice), field=field)
