"""The beats of supervision: which period is due when, and which are missing. Pure; the office's wall clock is an argument."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from tracker.domain.house.actor import Role
from tracker.domain.house.errors import Invalid
from tracker.domain.house.rolls import Roll
from tracker.domain.house.say import DateWords, Listed, Say
from tracker.domain.reports.kinds import REPORTS
from tracker.domain.rules.periods import Period, PeriodKind, period_of
from tracker.domain.rules.rhythms import THAT_DAY, Beat
from tracker.domain.rules.workdays import WorkCalendar

__all__ = ["BEATS", "Beat", "beat_named", "due_periods", "lateness", "next_due"]

R = Role
_PLAIN: tuple[Beat, ...] = (  # those that freeze no report
    Beat("daily-morning", "日巡查·晨间清单", "每人一封：今日待办、临期、超期", PeriodKind.day, THAT_DAY, time(8, 30),
         (R.officer, R.verifier, R.dispatcher, R.lead), short="晨间"),
)
BEATS: Roll[Beat] = Roll(lambda: (*_PLAIN, *(report.beat for report in REPORTS)))


def beat_named(cadence_id: str) -> Beat:
    """The cadence with this id. Raises `Invalid` listing the known ones."""
    for cadence in BEATS:
        if cadence.id == cadence_id:
            return cadence
    raise Invalid(Say("没有调度“{name}”；已有：{known}。", name=cadence_id, known=Listed(each.id for each in BEATS)), field="cadence")


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
    if done.date() == due.date():
        return Say("应于 {due:%H:%M}，补发于 {done:%H:%M}", due=due, done=done)
    return Say("应于 {due_on} {due:%H:%M}，补发于 {done_on} {done:%H:%M}", due_on=DateWords(due.date()), due=due,
               done_on=DateWords(done.date()),
               done=done)
