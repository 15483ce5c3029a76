"""日巡查、周调度、月通报、年考核: which period is due when, and which are missing. Pure; the office's wall clock is an argument."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tracker.domain.house.actor import Role
from tracker.domain.house.errors import Invalid
from tracker.domain.rules.periods import ONE_DAY, Period, PeriodKind, Window, period_of
from tracker.domain.rules.workdays import WorkCalendar

# --- when a period is due ---------------------------------------------------------------------------------------------------

DueDay = Callable[[Period, WorkCalendar], date]


def that_day(period: Period, calendar: WorkCalendar) -> date:
    """The day itself."""
    return period.first


def friday_or_last_workday(period: Period, calendar: WorkCalendar) -> date:
    """Friday; in a week whose Friday is off, its last working day, and Friday all the same where the whole week is off."""
    friday = period.first + timedelta(days=4)
    if calendar.is_workday(friday):
        return friday
    worked = [day for day in (period.first + timedelta(days=n) for n in range(7)) if calendar.is_workday(day)]
    return worked[-1] if worked else friday


def nth_workday_after(count: int) -> DueDay:
    """The n-th working day after the period has ended."""

    def rule(period: Period, calendar: WorkCalendar) -> date:
        return calendar.add_workdays(period.last, count).on

    return rule


@dataclass(frozen=True, slots=True)
class Beat:
    """One beat: its id (also the job's), what it is, its period, when it is due, which report it freezes, and whom it tells."""

    id: str
    word: str
    what_for: str
    kind: PeriodKind
    day: DueDay
    at: time
    report: str
    roles: tuple[Role, ...]
    grace_minutes: int = 30
    is_mailed_on_days_off: bool = False
    ordinals: tuple[int, ...] = ()  # for quarters: which of the year, all when empty

    def due_at(self, period: Period, calendar: WorkCalendar, zone: ZoneInfo) -> datetime:
        """The office instant at which this period is due."""
        return datetime.combine(self.day(period, calendar), self.at, zone)

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


R = Role
BEATS: tuple[Beat, ...] = (
    Beat("daily-morning", "日巡查·晨间清单", "每人一封：今日待办、临期、超期", PeriodKind.day, that_day, time(8, 30), "",
         (R.officer, R.verifier, R.dispatcher, R.lead)),
    Beat("daily-evening", "日巡查·日志与小结", "当日巡查日志、进出情况和账本封签", PeriodKind.day, that_day, time(18, 0), "daily",
         (R.dispatcher, R.lead)),
    Beat("weekly-review", "周调度", "分单位和全区调度表、存量平衡、拟销号清单、需协调事项", PeriodKind.week, friday_or_last_workday, time(15, 0), "weekly",
         (R.dispatcher, R.lead, R.supervisor, R.officer)),
    Beat("monthly-circular", "月通报", "总量与环比同比、各项比率、超期名单、单位排名、信访热点", PeriodKind.month, nth_workday_after(1), time(9, 0), "monthly",
         (R.dispatcher, R.lead, R.supervisor, R.officer)),
    Beat("quarterly-appraisal", "季度考核", "一至三季度各单位得分与扣分案件", PeriodKind.quarter, nth_workday_after(3), time(9, 0), "quarterly",
         (R.dispatcher, R.lead, R.supervisor, R.officer), ordinals=(1, 2, 3)),
    Beat("annual-appraisal", "年考核", "各单位年度得分、一票否决和申诉", PeriodKind.year, nth_workday_after(5), time(9, 0), "annual",
         (R.dispatcher, R.lead, R.supervisor, R.officer)),
)


def beat_named(cadence_id: str) -> Beat:
    """The cadence with this id. Raises `Invalid` listing the known ones."""
    for cadence in BEATS:
        if cadence.id == cadence_id:
            return cadence
    raise Invalid(f"没有调度“{cadence_id}”；已有：{'、'.join(each.id for each in BEATS)}。", field="cadence")


def due_periods(cadence: Beat, since: datetime, now: datetime, calendar: WorkCalendar, zone: ZoneInfo) -> Iterator[Period]:
    """Every period that fell due after `since` and not after `now`, oldest first: what must have a record by now."""
    period = period_of(cadence.kind, since.astimezone(zone).date()).before()
    while period.first <= now.astimezone(zone).date():
        if cadence.beats_in(period) and since < cadence.due_at(period, calendar, zone) <= now:
            yield period
        period = period.after()


def next_due(cadence: Beat, now: datetime, calendar: WorkCalendar, zone: ZoneInfo) -> tuple[Period, datetime]:
    """The next period to fall due, and when."""
    period = period_of(cadence.kind, now.astimezone(zone).date()).before()
    while not cadence.beats_in(period) or cadence.due_at(period, calendar, zone) <= now:
        period = period.after()
    return period, cadence.due_at(period, calendar, zone)


def lateness(due_at: datetime, done_at: datetime, grace_minutes: int, zone: ZoneInfo) -> str:
    """「应于 08:30，补发于 10:12」 for what came after its grace, else nothing. Another day is named."""
    if done_at - due_at <= timedelta(minutes=grace_minutes):
        return ""
    due, done = due_at.astimezone(zone), done_at.astimezone(zone)
    when = f"{done:%H:%M}" if done.date() == due.date() else f"{done.year}年{done.month}月{done.day}日 {done:%H:%M}"
    day = "" if done.date() == due.date() else f"{due.year}年{due.month}月{due.day}日 "
    return f"应于 {day}{due:%H:%M}，补发于 {when}"
