"""Holiday arrangements from calendar feeds (.ics): whole days with a name, nothing else."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tracker.domain.house.clock import OFFICE_ZONE
from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Say

LARGEST = 2_000_000
MOST_EVENTS = 5000
LONGEST = 40
# The marks that feeds put at a name: （休） and （班）, or a word of that meaning at its end. 打假 and 休渔期 are no such marks.
_BRACKETS = r"[（(\[【]\s*(?:{words})\s*[)）\]】]"
_ON_WORDS, _OFF_WORDS = "补班|调休上班|上班|班", "放假|休假|假期|休息|休|假"
_ON = re.compile(_BRACKETS.format(words=_ON_WORDS) + r"|(?:补班|上班|[\s·:：-]班)$|^(?:补班|班[\s·:：-])")
_OFF = re.compile(_BRACKETS.format(words=_OFF_WORDS) + r"|(?:放假|休假|假期|休息|[\s·:：-]休)$|^(?:放假|休[\s·:：-])")
MARKS, NAMELESS = ("（休）", "（班）", "(休)", "(班)", "补班", "上班", "假期", "放假", "休", "班"), "放假安排"
SPECIAL = {"WORK-HOLIDAY": False, "ALTERNATE-WORKDAY": True}  # how calendars of Apple mark days, whatever the name says
NOTICE = re.compile(r"国办发明电〔\d{4}〕\d+号")


@dataclass(frozen=True)
class WholeDayEvent:
    """One event over whole days, both counted; `paper` is the document that its description quotes. `special` is the mark that
    a feed sets beside the name: True for a make-up working day. `reason` says why nothing is taken from it."""

    name: str
    first: date
    last: date
    paper: str = ""
    special: bool | None = None
    reason: str = ""

    @property
    def is_on(self) -> bool:
        """Whether it is marked as a make-up working day."""
        return _ON.search(self.name) is not None if self.special is None else self.special

    @property
    def is_off(self) -> bool:
        """Whether it is marked as a day off."""
        return _OFF.search(self.name) is not None if self.special is None else not self.special

    @property
    def plain_name(self) -> str:
        """The name of the festival without the marks."""
        name = self.name
        for mark in MARKS:
            name = name.replace(mark, " ")
        return " ".join(name.split())[:40] or NAMELESS

    def days(self) -> Iterator[date]:
        """Each of its days."""
        return (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))


def is_ics(content: bytes) -> bool:
    """Whether this calls itself a calendar feed."""
    return content.lstrip(b"\xef\xbb\xbf \r\n\t")[:15].upper() == b"BEGIN:VCALENDAR"


def events(content: bytes) -> tuple[WholeDayEvent, ...]:
    """The events of a feed in its order. Raises `Invalid` naming the event that cannot be used."""
    if len(content) > LARGEST:
        raise Invalid("日历文件超过 2 MB，不像放假安排。", field="file")
    import icalendar  # only who loads a feed pays for it

    try:
        feed = icalendar.Calendar.from_ical(content)
        parts = list(feed.walk("VEVENT"))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        raise Invalid("这个 .ics 文件无法读取，可能已损坏；请重新下载，或改用 .csv。", field="file") from None
    if len(parts) > MOST_EVENTS:
        raise Invalid(Say("这个 .ics 文件有 {count} 个事件，最多 {most_events} 个。", count=len(parts), most_events=MOST_EVENTS), field="file")
    return tuple(_read_event(place, part) for place, part in enumerate(parts, start=1))


def _read_event(place: int, part: Any) -> WholeDayEvent:
    name = " ".join(str(part.get("SUMMARY") or "").split())
    called = Say("第 {place} 个事件“{name}”", place=place, name=name[:40] or Say('无名'))
    first, ends = _day_of(part, "DTSTART", called), _day_of(part, "DTEND", called)
    if first is None:
        raise Invalid(Say("{called}没有开始日期。", called=called), field="file")
    special = SPECIAL.get(str(part.get("X-APPLE-SPECIAL-DAY") or "").strip().upper())
    quoted = NOTICE.search(str(part.get("DESCRIPTION") or ""))
    reason = _pass_reason(part)
    event = WholeDayEvent(name, first, first, quoted[0] if quoted else "", special, reason)
    if reason or not (event.is_on or event.is_off):
        return event
    return replace(event, last=_last_day(part, first, ends, called))


def _pass_reason(part: Any) -> str:
    """Why an event says nothing of the days off: those are listed one by one, and held."""
    if "RRULE" in part or "RDATE" in part:
        return "重复事件"
    return "已取消" if str(part.get("STATUS") or "").upper() == "CANCELLED" else ""


def _last_day(part: Any, first: date, ends: date | None, called: Say) -> date:
    if _is_timed(part):
        raise Invalid(Say("{called}写有时刻，放假安排应为全天。", called=called), field="file")
    if ends is not None and ends < first:
        raise Invalid(Say("{called}的结束日期早于开始日期。", called=called), field="file")
    last = first if ends is None or ends <= first else ends - timedelta(days=1)
    if (last - first).days >= LONGEST:
        raise Invalid(Say("{called}长达 {days} 天，不像放假安排。", called=called, days=(last - first).days + 1), field="file")
    return last


def _is_timed(part: Any) -> bool:
    """Whether it begins or ends within a day, both as written and in office time."""
    found = [value for name in ("DTSTART", "DTEND") if part.get(name) is not None
             and isinstance(value := part.decoded(name), datetime)]
    return any(_as_whole_day(value) is None for value in found)


def _as_whole_day(at: datetime) -> date | None:
    """Some feeds write a whole day as midnight, in office time or in whatever zone; some as the instant of our midnight."""
    if at.tzinfo is not None and (here := at.astimezone(ZoneInfo(OFFICE_ZONE))).time() == time.min:
        return here.date()
    return at.date() if at.time() == time.min else None


def _day_of(part: Any, name: str, called: Say) -> date | None:
    if part.get(name) is None:
        return None
    try:
        found = part.decoded(name)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Invalid(Say("{called}的日期无法识别。", called=called), field="file") from None
    if isinstance(found, datetime):
        return _as_whole_day(found) or found.date()
    if not isinstance(found, date):
        raise Invalid(Say("{called}的日期无法识别。", called=called), field="file")
    return found
