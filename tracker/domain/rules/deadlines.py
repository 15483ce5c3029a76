"""Due dates: from a limit and a start to a day, and the same day explained one day after another."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.say import Say
from tracker.domain.rules.lights import WARN_WORKDAYS, Light, LightBounds, LightReading, light, light_bounds
from tracker.domain.rules.limits import DEFAULT_LIMITS, EVERY_DAY, STAGE_WORDS, Limit, LimitUnit, Stage, choose
from tracker.domain.rules.workdays import CountedDay, DayKind, DaySource, WorkCalendar

__all__ = [
    "DEFAULT_LIMITS",
    "OFFICE_HOURS",
    "STAGE_WORDS",
    "WARN_WORKDAYS",
    "DayLine",
    "Due",
    "Light",
    "LightBounds",
    "LightReading",
    "Limit",
    "LimitUnit",
    "NoticeWindow",
    "OfficeHours",
    "Pause",
    "Stage",
    "choose",
    "due",
    "explain",
    "light",
    "light_bounds",
    "notice_window",
    "pause_on",
    "remaining_after_reject",
    "shift_for_pause",
]  # fmt: skip

OfficeHours = tuple[tuple[time, time], ...]
OFFICE_HOURS: OfficeHours = ((time(9), time(12)), (time(13, 30), time(17, 30)))
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """A due date: the whole of `on` still counts (until 24:00), unless `at` names the hour, in office time."""

    on: date
    is_provisional: bool
    limit: Limit
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NoticeWindow:
    """A public notice from `first` to `last`, both days counted."""

    first: date
    last: date
    workdays: int


@dataclass(frozen=True, slots=True)
class Pause:
    """A stopped stretch of a clock: `first` is the first day not counted, `resumed_on` the day that counts again; `note` says of
    its days why they do not count."""

    first: date
    resumed_on: date
    note: str = "暂停期间，不计"

    def holds(self, on: date) -> bool:
        """Whether a day does not count for this."""
        return self.first <= on < self.resumed_on


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day in the explanation of a due date; `counted_number` is None where the day does not count. `bare` is the note without
    what its calendar rests on."""

    on: date
    kind: DayKind
    name: str
    counted_number: int | None
    note: str
    is_due_day: bool = False
    is_paused: bool = False
    bare: str = ""


def due(limit: Limit, start: date, calendar: WorkCalendar, hours: OfficeHours = OFFICE_HOURS) -> Due:
    """The due date of a limit that begins on `start`, a date or a moment in office time.

    The day after `start` is day 1, unless the limit counts its first day. Hours are counted inside office `hours` only. Where
    the limit says so, a last day on a day off rolls to the next working day.
    """
    if limit.unit is LimitUnit.working_hour:
        return _due_by_hours(limit, start, calendar, hours)
    if limit.unit is LimitUnit.natural_hour:
        return _due_by_the_clock(limit, start)
    begin = _day_before_the_first(limit, _office_date(start))
    if limit.unit in EVERY_DAY:
        counted = _last_day(_calendar_end(begin, limit), limit.rolls, calendar)
    else:
        counted = calendar.add_workdays(begin, limit.amount)
    return Due(counted.on, counted.is_provisional, limit)


def notice_window(first: date, workdays: int, calendar: WorkCalendar) -> NoticeWindow:
    """The window of a public notice, both ends counted.

    Refused with `Incomplete` when it reaches a year whose calendar is not published: a notice cannot be provisional.
    """
    if workdays < 1:
        raise Invalid("公示期至少为1个工作日。", field="workdays")
    last = calendar.add_workdays(first - ONE_DAY, workdays).on
    for year in range(first.year, last.year + 1):
        if year not in calendar.published_years:
            raise Incomplete(Say("{year}年的工作日历尚未公布，不能确定公示截止日，请先录入该年度放假安排。", year=year))
    return NoticeWindow(first, last, workdays)


def shift_for_pause(due_on: date, unit: LimitUnit, paused_from: date, paused_to: date, calendar: WorkCalendar, *,
                    rolls: bool = False) -> CountedDay:
    """The due date after a pause: `paused_from` is the first day not counted, `paused_to` the day that counts again.

    What was left at the pause is left afterwards; a case that was overdue stays overdue by as much. `rolls` as its limit does.
    """
    if paused_to < paused_from:
        raise Invalid("恢复日期不能早于暂停日期。", field="paused_to")
    if unit in EVERY_DAY:
        return _last_day(due_on + (paused_to - paused_from), rolls, calendar)
    lost = calendar.workdays_between(paused_from, paused_to - ONE_DAY)
    shifted = calendar.add_workdays(due_on, lost)
    is_provisional = shifted.is_provisional or not calendar.covers(paused_from, paused_to)
    return CountedDay(shifted.on, is_provisional)


def remaining_after_reject(submitted_on: date, due_on: date, today: date, unit: LimitUnit, calendar: WorkCalendar, *,
                           rolls: bool = False) -> CountedDay:
    """The new due date when rejected work goes back `today`: the time that was unused at submission.

    Who submitted in time gets at least one more day; who was late stays late by as much, the time of verification not counted.
    """
    shifted = shift_for_pause(due_on, unit, submitted_on, max(today, submitted_on), calendar, rolls=rolls)
    if submitted_on > due_on or shifted.on > today:
        return shifted
    if unit in EVERY_DAY:
        return _last_day(today + ONE_DAY, rolls, calendar)
    return calendar.add_workdays(today, 1)


def explain(
    limit: Limit, start: date, calendar: WorkCalendar, pauses: Sequence[Pause] = (), extended_to: date | None = None,
    hours: OfficeHours = OFFICE_HOURS,
) -> tuple[DayLine, ...]:
    """Every day from the start to the due day with its kind, its number, and why it counts or not.

    Pauses are left out of the count; an extension adds its days after the last one. The last line is the due day.
    """
    lines: list[DayLine] = []
    number, target, begin = 0, _target_count(limit, start, calendar, hours), _office_date(start)
    for on in _days_from(begin):
        counts = number < target and _does_count(limit, begin, on, calendar, pauses)
        number += counts
        is_last = number >= target and not pause_on(on, pauses) and (not limit.rolls or calendar.is_workday(on))
        line = _day_line(limit, begin, on, calendar, pauses, number if counts else None, is_last)
        lines.append(line if counts or number < target else _rolled_line(line, calendar))
        if is_last:
            break
    while extended_to is not None and lines[-1].on < extended_to:
        on = lines[-1].on + ONE_DAY
        note = "延期后的截止日(24:00)" if on == extended_to else "延期"
        lines.append(DayLine(on, calendar.kind(on), _day_name(on, calendar), None, _with_source(note, on, calendar), bare=note))
    return tuple(lines)


def _target_count(limit: Limit, start: date, calendar: WorkCalendar, hours: OfficeHours) -> int:
    """How many days the explanation has to count; hours are turned into the working days they end on."""
    begin = _office_date(start)
    if limit.unit is LimitUnit.month:
        before = _day_before_the_first(limit, begin)
        return _calendar_end(before, limit).toordinal() - before.toordinal()
    if limit.unit not in (LimitUnit.working_hour, LimitUnit.natural_hour):
        return limit.amount
    return max(calendar.workdays_between(begin, due(limit, start, calendar, hours).on), 1)


def _does_count(limit: Limit, begin: date, on: date, calendar: WorkCalendar, pauses: Sequence[Pause]) -> bool:
    if on == begin and not limit.first_day_counts and limit.unit is not LimitUnit.working_hour:
        return False
    if pause_on(on, pauses):
        return False
    return limit.unit in EVERY_DAY or calendar.is_workday(on)


def _day_line(
    limit: Limit, begin: date, on: date, calendar: WorkCalendar, pauses: Sequence[Pause], number: int | None, is_last: bool
) -> DayLine:
    kind, pause = calendar.kind(on), None if is_last else pause_on(on, pauses)
    if is_last:
        note = "截止日(24:00)，按工作小时数到这一天" if limit.unit is LimitUnit.working_hour else "截止日(24:00)"
    elif pause is not None:
        note = pause.note
    elif number is not None:
        note = "调休上班，计入" if kind is DayKind.makeup and limit.unit not in EVERY_DAY else "计入"
    elif on == begin:
        note = "起算日，不计"
    else:
        note = "法定节假日，不计" if kind is DayKind.holiday else "休息日，不计"
    return DayLine(on, kind, _day_name(on, calendar), number, _with_source(note, on, calendar), is_last, pause is not None, note)


def _rolled_line(line: DayLine, calendar: WorkCalendar) -> DayLine:
    """A day behind the last that counts, because that one is a day off."""
    note = "截止日(24:00)，末日逢休息日，顺延至此" if line.is_due_day else line.bare if line.is_paused else "末日逢休息日，顺延"
    return replace(line, note=_with_source(note, line.on, calendar), bare=note)


def _day_name(on: date, calendar: WorkCalendar) -> str:
    special = calendar.day(on)
    return special.name if special else ""


def _with_source(note: str, on: date, calendar: WorkCalendar) -> str:
    if calendar.is_published(on):
        return note
    special = calendar.day(on)
    is_estimated = special is not None and special.source is DaySource.estimated
    return Say("{note}（暂定：{because}）", note=Say(note), because=Say('按预估节日' if is_estimated else '该年度日历未公布'))


def pause_on(on: date, pauses: Sequence[Pause]) -> Pause | None:
    """The pause that a day falls into."""
    return next((pause for pause in pauses if pause.holds(on)), None)


def _days_from(begin: date) -> Iterator[date]:
    while True:
        yield begin
        begin += ONE_DAY


def _day_before_the_first(limit: Limit, start: date) -> date:
    return start - ONE_DAY if limit.first_day_counts else start


def _calendar_end(begin: date, limit: Limit) -> date:
    """So many days after a day; after so many months the day of the same number, or the last of a shorter month."""
    if limit.unit is not LimitUnit.month:
        return begin + timedelta(days=limit.amount)
    year, month = divmod(begin.year * 12 + begin.month - 1 + limit.amount, 12)
    return date(year, month + 1, min(begin.day, monthrange(year, month + 1)[1]))


def _last_day(on: date, rolls: bool, calendar: WorkCalendar) -> CountedDay:
    """The last of some calendar days, or the working day that it rolls to."""
    return calendar.add_workdays(on - ONE_DAY, 1) if rolls else CountedDay(on, False)


def _office_date(start: date) -> date:
    """The date of a moment in office time; an instant in UTC is a mistake of the caller and is refused loudly."""
    if not isinstance(start, datetime):
        return start
    if start.tzinfo is not None and not start.utcoffset():
        raise ValueError("give the moment in office time (clock.local), not in UTC")
    return start.date()


def _due_by_the_clock(limit: Limit, start: date) -> Due:
    """Hours of the clock, by day and night; a day begins at its end."""
    begin = start if isinstance(start, datetime) else datetime.combine(start + ONE_DAY, time())
    at = begin + timedelta(hours=limit.amount)
    return Due(_office_date(at), is_provisional=False, limit=limit, at=at)


def _due_by_hours(limit: Limit, start: date, calendar: WorkCalendar, hours: OfficeHours) -> Due:
    left = timedelta(hours=limit.amount)
    at = start if isinstance(start, datetime) else datetime.combine(start + ONE_DAY, time())
    on = _office_date(at)
    for day in _days_from(on):
        if not calendar.is_workday(day):
            continue
        for opens, shuts in hours:
            begin = max(at, datetime.combine(day, opens, at.tzinfo))
            end = datetime.combine(day, shuts, at.tzinfo)
            if end - begin >= left:
                return Due(day, not calendar.covers(on, day), limit, begin + left)
            left -= max(end - begin, timedelta())
    raise AssertionError("unreachable: days do not end")
