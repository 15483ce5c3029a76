"""日巡查、周调度、月通报、年考核: which period a beat is of, and when it is due. Pure; the office's wall clock is an argument."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tracker.domain.house.actor import Role
from tracker.domain.rules.periods import ONE_DAY, Period, PeriodKind, Window
from tracker.domain.rules.workdays import WorkCalendar


@dataclass(frozen=True, slots=True)
class DueDay:
    """On which day a period is due, and the same in words; `{at}` in them is the time of day."""

    words: str
    rule: Callable[[Period, WorkCalendar], date]


def _that_day(period: Period, calendar: WorkCalendar) -> date:
    return period.first


def _friday_or_last_workday(period: Period, calendar: WorkCalendar) -> date:
    """Friday; in a week whose Friday is off, its last working day, and Friday all the same where the whole week is off."""
    friday = period.first + timedelta(days=4)
    if calendar.is_workday(friday):
        return friday
    worked = [day for day in (period.first + timedelta(days=n) for n in range(7)) if calendar.is_workday(day)]
    return worked[-1] if worked else friday


THAT_DAY = DueDay("每日 {at} 起", _that_day)
FRIDAY = DueDay("每周五 {at}（放假则为当周最后一个工作日）", _friday_or_last_workday)


def nth_workday_after(count: int, words: str) -> DueDay:
    """The n-th working day after the period has ended."""

    def rule(period: Period, calendar: WorkCalendar) -> date:
        return calendar.add_workdays(period.last, count).on

    return DueDay(words, rule)


@dataclass(frozen=True, slots=True)
class Beat:
    """One beat: its id (also the job's), what it is, its period, when it is due, which report it freezes, and whom it tells.

    `report` is told by the row of that report. `roles` are those it is addressed to; of a report nobody gets it who may not open
    it, and without roles it goes to everybody who may. `short` stands on the calendar page where the word is too long for it.
    """

    id: str
    word: str
    what_for: str
    kind: PeriodKind
    day: DueDay
    at: time
    roles: tuple[Role, ...] = ()
    report: str = ""
    short: str = ""
    grace_minutes: int = 30
    is_mailed_on_days_off: bool = False
    ordinals: tuple[int, ...] = ()  # for quarters: which of the year, all when empty

    @property
    def brief(self) -> str:
        """It in two to four characters."""
        return self.short or self.word

    def due_at(self, period: Period, calendar: WorkCalendar, zone: ZoneInfo) -> datetime:
        """The office instant at which this period is due."""
        return datetime.combine(self.day.rule(period, calendar), self.at, zone)

    def window(self, period: Period, calendar: WorkCalendar, zone: ZoneInfo) -> Window:
        """What the report of this period counts: up to the moment it is due, from the moment its predecessor was; a period that
        is over before its report is due is counted from midnight to midnight. Windows of one cadence touch and never overlap."""
        midnight = datetime.combine(period.last + ONE_DAY, time(), zone)
        if self.due_at(period, calendar, zone) >= midnight:
            return Window(datetime.combine(period.first, time(), zone), midnight)
        return Window(self.due_at(period.before(), calendar, zone), self.due_at(period, calendar, zone))

    def beats_in(self, period: Period) -> bool:
        """Whether this period has a record of its own."""
        return not self.ordinals or (period.first.month + 2) // 3 in self.ordinals
