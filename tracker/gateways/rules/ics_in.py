"""Holiday arrangements from calendar feeds (.ics): whole days with a name, nothing else."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Say

LARGEST = 2_000_000
MOST_EVENTS = 5000
LONGEST = 40
ON_DUTY, OFF_DUTY = "班", ("休", "假")
MARKS, NAMELESS = ("（休）", "（班）", "(休)", "(班)", "补班", "上班", "假期", "放假", "休", "班"), "放假安排"
NOTICE = re.compile(r"国办发明电〔\d{4}〕\d+号")


@dataclass(frozen=True)
class WholeDayEvent:
    """One event over whole days, both counted; `paper` is the document that its description quotes."""

    name: str
    first: date
    last: date
    paper: str = ""

    @property
    def is_on(self) -> bool:
        """Whether its name bears the mark of a make-up working day."""
        return ON_DUTY in self.name

    @property
    def is_off(self) -> bool:
        """Whether its name bears the mark of a day off."""
        return any(mark in self.name for mark in OFF_DUTY)

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
        raise Invalid("这个 .ics 文件读不懂，可能已损坏；请重新下载，或改用 .csv。", field="file") from None
    if len(parts) > MOST_EVENTS:
        raise Invalid(Say("这个 .ics 文件有 {count} 个事件，最多 {most_events} 个。", count=len(parts), most_events=MOST_EVENTS), field="file")
    return tuple(_read_event(place, part) for place, part in enumerate(parts, start=1))


def _read_event(place: int, part: Any) -> WholeDayEvent:
    name = " ".join(str(part.get("SUMMARY") or "").split())
    called = Say("第 {place} 个事件“{name}”", place=place, name=name[:40] or Say('无名'))
    if "RRULE" in part or "RDATE" in part:
        raise Invalid(Say("{called}是重复事件，放假安排应逐日列出。", called=called), field="file")
    first = _whole_day(part, "DTSTART", called)
    if first is None:
        raise Invalid(Say("{called}没有开始日期。", called=called), field="file")
    ends = _whole_day(part, "DTEND", called)
    last = first if ends is None or ends <= first else ends - timedelta(days=1)
    if ends is not None and ends < first:
        raise Invalid(Say("{called}的结束日期早于开始日期。", called=called), field="file")
    if (last - first).days >= LONGEST:
        raise Invalid(Say("{called}长达 {days} 天，不像放假安排。", called=called, days=(last - first).days + 1), field="file")
    quoted = NOTICE.search(str(part.get("DESCRIPTION") or ""))
    return WholeDayEvent(name, first, last, quoted[0] if quoted else "")


def _whole_day(part: Any, name: str, called: str) -> date | None:
    """A whole day; some feeds write it as midnight."""
    if part.get(name) is None:
        return None
    try:
        found = part.decoded(name)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Invalid(Say("{called}的日期读不懂。", called=called), field="file") from None
    if isinstance(found, datetime):
        if found.time() != datetime.min.time():
            raise Invalid(Say("{called}写了钟点，放假安排应为全天。", called=called), field="file")
        return found.date()
    if not isinstance(found, date):
        raise Invalid(Say("{called}的日期读不懂。", called=called), field="file")
    return found
