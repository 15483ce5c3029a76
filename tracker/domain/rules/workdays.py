"""Working days in China: weekends, statutory days off, and the make-up working days （调休） that pay for them."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import accumulate, compress

from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Say

FIRST_DAY = date(1990, 1, 1)
LAST_DAY = date(2100, 12, 31)
_ZERO = FIRST_DAY.toordinal()
_SIZE = LAST_DAY.toordinal() - _ZERO + 1
# 1 on Mondays, 6 on Saturdays, 0 on Sundays
_WEEKDAYS = bytes(ordinal % 7 not in (0, 6) for ordinal in range(_ZERO, _ZERO + _SIZE))


class DayKind(StrEnum):
    """What a day is to an office."""

    workday = "workday"
    weekend = "weekend"
    holiday = "holiday"
    makeup = "makeup"


DAY_NAMES: dict[DayKind, str] = {DayKind.holiday: "放假", DayKind.makeup: "调休上班", DayKind.workday: "工作日", DayKind.weekend: "周末"}


class DaySource(StrEnum):
    """How the product knows: a State Council notice, an estimate before the notice, or an administrator's hand."""

    published = "published"
    estimated = "estimated"
    entered = "entered"


SOURCE_NAMES: dict[DaySource, str] = {DaySource.published: "已公布", DaySource.estimated: "预估", DaySource.entered: "录入"}
LONGEST_NAME, LONGEST_PAPER = 40, 80


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day that differs from its weekday, with the paper that says so."""

    on: date
    kind: DayKind
    name: str
    source: DaySource
    paper: str = ""


@dataclass(frozen=True, slots=True)
class CountedDay:
    """A date reached by counting; provisional （暂定） when a year on the way has no published calendar."""

    on: date
    is_provisional: bool


@dataclass(frozen=True)
class WorkCalendar:
    """Answers every question about working days from 1990 to 2100.

    Published years are exact. Any other year is counted with its weekends and whatever estimated days are known,
    and every answer that leaned on such a year says so.
    """

    days: tuple[CalendarDay, ...]
    published_years: frozenset[int]

    def day(self, on: date) -> CalendarDay | None:
        """The special day `on`, or None where the weekday alone decides."""
        return self._special_days.get(on)

    def kind(self, on: date) -> DayKind:
        """The kind of a day; a statutory day off on a Sunday is a holiday."""
        special = self._special_days.get(on)
        if special is not None:
            return special.kind
        return DayKind.weekend if on.weekday() >= 5 else DayKind.workday

    def is_workday(self, on: date) -> bool:
        offset = _offset_of(on)
        return self._up_to[offset + 1] > self._up_to[offset]

    def is_published(self, on: date) -> bool:
        return on.year in self.published_years

    def covers(self, first: date, last: date) -> bool:
        """Whether every year from `first` to `last` is published."""
        return all(year in self.published_years for year in range(first.year, last.year + 1))

    def add_workdays(self, start: date, n: int) -> CountedDay:
        """The n-th working day after `start` (before it, for a negative n); `start` itself is never counted."""
        if n == 0:
            return CountedDay(start, not self.is_published(start))
        before = self._up_to[_offset_of(start) + (1 if n > 0 else 0)]
        index = before + (n - 1 if n > 0 else n)
        if not 0 <= index < len(self._workday_ordinals):
            raise _out_of_range()
        on = date.fromordinal(self._workday_ordinals[index])
        first = start + timedelta(days=1) if n > 0 else on
        last = on if n > 0 else start - timedelta(days=1)
        return CountedDay(on, not self.covers(first, last))

    def workdays_between(self, first: date, last: date) -> int:
        """How many working days lie from `first` to `last`, both counted; 0 when `last` is earlier."""
        if last < first:
            return 0
        return self._up_to[_offset_of(last) + 1] - self._up_to[_offset_of(first)]

    def next_workday(self, on: date) -> date:
        """The first working day after `on`."""
        return self.add_workdays(on, 1).on

    def workday_from(self, on: date) -> date:
        """`on` itself when it is a working day, else the next one."""
        return on if self.is_workday(on) else self.next_workday(on)

    @cached_property
    def _special_days(self) -> dict[date, CalendarDay]:
        return {day.on: day for day in sorted(self.days, key=lambda day: _RANK[day.source])}

    @cached_property
    def _workday_flags(self) -> bytearray:
        """1 for each working day and 0 for the others, by offset."""
        flags = bytearray(_WEEKDAYS)
        for day in self._special_days.values():
            if FIRST_DAY <= day.on <= LAST_DAY:
                flags[_offset_of(day.on)] = day.kind not in _OFF
        return flags

    @cached_property
    def _workday_ordinals(self) -> array[int]:
        """The ordinals of all working days, ascending."""
        return array("l", compress(range(_ZERO, _ZERO + _SIZE), self._workday_flags))

    @cached_property
    def _up_to(self) -> array[int]:
        """At index i: how many working days come before the day with offset i."""
        return array("l", accumulate(self._workday_flags, initial=0))


_OFF = frozenset({DayKind.holiday, DayKind.weekend})
_RANK = {DaySource.estimated: 0, DaySource.published: 1, DaySource.entered: 2}


def calendar_days(rows: Iterable[Mapping[str, str]]) -> tuple[CalendarDay, ...]:
    """Reads table rows (date, kind, name, source, notice); a bad row is named by its number, the heading being row 1."""
    return tuple(_calendar_day(number, row) for number, row in enumerate(rows, start=2))


def published_years(days: Iterable[CalendarDay]) -> frozenset[int]:
    """The years that a notice or an administrator has settled.

    A December day alone settles nothing: a notice for next year may reach back to 30 December.
    """
    return frozenset(day.on.year for day in days if day.source is not DaySource.estimated and day.on.month < 12)


def amended(calendar: WorkCalendar, days: Iterable[CalendarDay]) -> WorkCalendar:
    """The calendar with these days entered: they stand for whatever it said of them, and what was estimated of a year that they
    settle is forgotten."""
    entered = {day.on: day for day in days}
    settled = published_years(entered.values())
    kept = [day for day in calendar.days
            if day.on not in entered and not (day.source is DaySource.estimated and day.on.year in settled)]
    every = tuple(sorted((*kept, *entered.values()), key=lambda day: day.on))
    return WorkCalendar(every, published_years(every))


def with_own_days(calendar: WorkCalendar, own: Iterable[CalendarDay]) -> WorkCalendar:
    """The country's calendar with the days of one place, those of the narrowest area last. They settle no year."""
    days = {day.on: day for day in (*calendar.days, *own)}
    return WorkCalendar(tuple(days[on] for on in sorted(days)), calendar.published_years) if own else calendar


def day_trouble(day: CalendarDay) -> Say | None:
    """Why a day cannot be what is said of it, None when it can."""
    is_weekend = day.on.weekday() >= 5
    if not FIRST_DAY.year + 10 <= day.on.year <= LAST_DAY.year - 30:
        return Say("年份 {year} 不合理", year=day.on.year)
    if day.kind is DayKind.makeup and not is_weekend:
        return Say("调休上班日应在周六或周日")
    if day.kind is DayKind.weekend and not is_weekend:
        return Say("周末应在周六或周日，平日放假请写放假")
    if day.kind is DayKind.workday and is_weekend:
        return Say("工作日应在周一至周五，周末上班请写调休上班")
    if len(day.name) > LONGEST_NAME or len(day.paper) > LONGEST_PAPER:
        return Say("名称最多 40 字，文号最多 80 字")
    return None


def _calendar_day(number: int, row: Mapping[str, str]) -> CalendarDay:
    for field, read in (("date", date.fromisoformat), ("kind", DayKind), ("source", DaySource)):
        try:
            read(row.get(field) or "")
        except ValueError:
            raise Invalid(Say("工作日历第 {line} 行的 {column} 列无法识别：{text}。", line=number, column=field, text=row.get(field)
                              or Say('空白')), field=field) from None
    return CalendarDay(
        on=date.fromisoformat(row["date"]),
        kind=DayKind(row["kind"]),
        name=row.get("name") or "",
        source=DaySource(row["source"]),
        paper=row.get("notice") or "",
    )


def _offset_of(on: date) -> int:
    offset = on.toordinal() - _ZERO
    if not 0 <= offset < _SIZE:
        raise _out_of_range()
    return offset


def _out_of_range() -> Invalid:
    return Invalid(Say("日期超出可计算的范围({first_year}年至{last_year}年)。", first_year=FIRST_DAY.year, last_year=LAST_DAY.year),
                   field="date")
