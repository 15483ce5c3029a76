"""The days of a year as somebody hands them in: a table of our own, or a feed of holidays."""

from collections.abc import Iterator
from dataclasses import dataclass

from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Say
from tracker.domain.rules.workdays import CalendarDay, DayKind, DaySource
from tracker.gateways.rules import ics_in
from tracker.gateways.rules.ics_in import WholeDayEvent
from tracker.services.rules import calendar


@dataclass(frozen=True)
class Handed:
    """What a file says, and the names of the events in it that say neither day off nor day on."""

    days: tuple[CalendarDay, ...]
    passed_over: tuple[str, ...] = ()


def read(content: bytes) -> Handed:
    """The days of a .csv or .ics file. Raises `Invalid` naming the row or the event that is wrong."""
    if not content.strip():
        raise Invalid("请选择日历文件（.csv 或 .ics）。", field="file")
    if b"\0" in content:
        raise Invalid("这个文件不是文字，像是图片或表格；日历文件应为 .csv 或 .ics，请重新选择。", field="file")
    if not ics_in.is_ics(content):
        return Handed(calendar.read_days(_decode_text(content)))
    found, passed_over = list[tuple[WholeDayEvent, CalendarDay]](), list[str]()
    for event in ics_in.events(content):
        kind = None if event.reason else _event_kind(event)
        if kind is None:
            passed_over.append(_passed_name(event))
        else:
            found.extend(_event_days(event, kind))
    if not found:
        raise Invalid("这个 .ics 文件里没有写“休”或“班”的事件，不是放假安排。", field="file")
    return Handed(tuple(_each_day_once(found)), tuple(dict.fromkeys(passed_over)))


def _passed_name(event: WholeDayEvent) -> str:
    return Say("{name}（{reason}）", name=event.name[:40], reason=Say(event.reason)) if event.reason else event.name


def _decode_text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace")


def _event_kind(event: WholeDayEvent) -> DayKind | None:
    """By the mark that the common feeds put beside the name: （休） or （班）."""
    if event.is_on and event.is_off:
        raise Invalid(Say("事件“{event_name}”（{first}）既写休又写班，无法区分。", event_name=event.name[:40], first=event.first),
                      field="file")
    return DayKind.makeup if event.is_on else DayKind.holiday if event.is_off else None


def _event_days(event: WholeDayEvent, kind: DayKind) -> Iterator[tuple[WholeDayEvent, CalendarDay]]:
    for on in event.days():
        if kind is DayKind.makeup and on.weekday() < 5:
            raise Invalid(Say("事件“{event_name}”（{on}）写的是补班，那天却不是周六或周日。", event_name=event.name[:40], on=on), field="file")
        yield event, CalendarDay(on, kind, event.plain_name, DaySource.published, event.paper)


def _each_day_once(found: list[tuple[WholeDayEvent, CalendarDay]]) -> Iterator[CalendarDay]:
    """Each day once, in order; a day that two events call differently is refused."""
    seen: dict[str, tuple[WholeDayEvent, CalendarDay]] = {}
    for event, day in sorted(found, key=lambda pair: pair[1].on):
        other = seen.setdefault(day.on.isoformat(), (event, day))
        if other[1].kind is not day.kind:
            raise Invalid(Say("事件“{event_name}”与“{other_name}”对 {on} 说法不一。", event_name=event.name[:40],
                              other_name=other[0].name[:40], on=day.on), field="file")
        if other[1] is day:
            yield day
