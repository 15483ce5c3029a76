"""The working calendar: a date explained day by day, and a year's days entered from a file."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, select

from tracker.domain.house.actor import OPERATOR, Actor, Permission
from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Listed, Say
from tracker.domain.rules.deadlines import DayLine, due, explain, notice_window
from tracker.domain.rules.fact_kinds import CalendarFacts
from tracker.domain.rules.limits import Limit, LimitUnit, Stage
from tracker.domain.rules.workdays import (
    FIRST_DAY,
    LAST_DAY,
    CalendarDay,
    DayKind,
    DaySource,
    calendar_days,
    day_trouble,
    published_years,
)
from tracker.services.house import permits
from tracker.services.house.caching import rules_changed
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.services.rules import rules, values
from tracker.storage.house import ledger
from tracker.storage.house.preferences import Preference
from tracker.storage.rules.rules import CalendarRow

COLUMNS = ("date", "kind", "name", "source")
LONGEST_COUNT = 3660
STREAM, ALARM_MONTH = "calendar", 10
OWED = "calendar.owed"


@dataclass(frozen=True)
class Answer:
    """A date reached by counting, with every day on the way."""

    on: date
    is_provisional: bool
    lines: tuple[DayLine, ...]


@dataclass(frozen=True)
class LoadedCalendar:
    """What a file changed. `removed` are estimated days that it made void, `settled` the years that were not published before."""

    added: int
    changed: int
    years: tuple[int, ...]
    removed: int = 0
    settled: tuple[int, ...] = ()


@dataclass(frozen=True)
class Owed:
    """The years newly published whose cases are not all counted again. `mark` changes with every loading."""

    years: frozenset[int]
    mark: str


def count(start: date, days: int, unit: LimitUnit, *, both_ends: bool = False, area_code: str = "") -> Answer:
    """The last of `days` days. By default the day after `start` is day 1; with both ends `start` itself counts, as for a notice.

    A window of working days with both ends is refused where the calendar is not published: a notice cannot be provisional.
    """
    if not 1 <= days <= LONGEST_COUNT:
        raise Invalid(Say("天数应为 1 至 {longest_count} 的整数。", longest_count=LONGEST_COUNT), field="days")
    if not FIRST_DAY <= start <= LAST_DAY - timedelta(days=2 * LONGEST_COUNT):
        raise Invalid(Say("起始日期 {start} 超出可计算的范围。", start=start), field="from")
    if both_ends and unit is LimitUnit.working_hour:
        raise Invalid("按工作小时计时没有“首尾两日都计入”的算法。", field="both_ends")
    calendar = rules.calendar(area_code)
    if both_ends and unit is LimitUnit.working_day:
        notice_window(start, days, calendar)
    limit = Limit(None, Stage.rectify, days, unit, both_ends, "", start)
    hours = values.office_hours(wiring().clock.today())
    reached = due(limit, start, calendar, hours)
    return Answer(reached.on, reached.is_provisional, explain(limit, start, calendar, hours=hours))


def special_days(year: int) -> tuple[CalendarDay, ...]:
    """The days of a year that differ from their weekday."""
    return tuple(sorted((day for day in rules.calendar().days if day.on.year == year), key=lambda day: day.on))


def read_days(text: str) -> tuple[CalendarDay, ...]:
    """The days of a .csv file. Raises `Invalid` naming row and column."""
    reader = csv.DictReader(text.lstrip("\ufeff").splitlines())
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        seen = Listed(name for name in reader.fieldnames or () if name) or Say("无")
        raise Invalid(Say("日历文件缺少列 {missing}；第 1 行应为 {columns}(可加 notice)，实为：{seen}。", missing=Listed(missing),
                          columns=','.join(COLUMNS), seen=seen), field="file")
    days = calendar_days(_plain_cells(row) for row in reader)
    if not days:
        raise Invalid("日历文件没有一行日期。", field="file")
    _check_days(days)
    return days


def csv_of(days: Iterable[CalendarDay]) -> str:
    """The same days as a .csv file that `read_days` reads."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*COLUMNS, "notice"))
    writer.writerows((d.on.isoformat(), d.kind.value, d.name, d.source.value, d.paper) for d in days)
    return out.getvalue()


@deed
def load(work: Work, actor: Actor | None, days: tuple[CalendarDay, ...], file: str = "",
         told: Mapping[str, object] | None = None) -> LoadedCalendar:
    """Enter these days; days already there take the new kind and name, and what was estimated of a year that they settle goes.

    The fact says which days changed. No case is touched: that is `calendar_loading`, and until it is through it is owed.
    """
    if actor is not None:
        permits.require(actor, Permission.rules_manage)
    before = {r.on: r for r in work.session.scalars(select(CalendarRow))}
    was = published_years(CalendarDay(r.on, DayKind(r.kind), r.name, DaySource(r.source)) for r in before.values())
    added = [day for day in days if day.on not in before]
    changed = [day
               for day in days if day.on in before and _day_terms(before[day.on]) != (day.kind, day.name, day.source, day.paper)]
    settled, mentioned = published_years(days), {day.on for day in days}
    removed = [row for row in before.values() if row.source == DaySource.estimated and row.on.year in settled
               and row.on not in mentioned]
    for day in changed:
        row = before[day.on]
        row.kind, row.name, row.source, row.paper = day.kind.value, day.name, day.source.value, day.paper
    for row in removed:
        work.session.delete(row)
    work.session.add_all(CalendarRow(on=d.on, kind=d.kind.value, name=d.name, source=d.source.value, paper=d.paper)
                         for d in added)
    done = LoadedCalendar(len(added), len(changed), tuple(sorted({d.on.year for d in days})), len(removed),
                          tuple(sorted(settled - was)))
    if added or changed or removed:
        _record_loading(work, actor or OPERATOR, done, [*added, *changed], removed, {"file": file[-120:], **(told or {})})
        _owe_recount(work, done.settled)
    return done


def owed() -> Owed | None:
    """What is still to be counted again; None while nothing is."""
    value = reading().scalar(select(Preference.value).where(Preference.key == OWED))
    return Owed(frozenset(json.loads(value)["years"]), value) if value is not None else None


@deed
def settle(work: Work, done: Owed) -> None:
    """Every case was counted again. What another loading owes since then stays."""
    work.session.execute(delete(Preference).where(Preference.key == OWED, Preference.value == done.mark))


def _owe_recount(work: Work, years: Sequence[int]) -> None:
    row = work.session.get(Preference, OWED, with_for_update=True, populate_existing=True)
    before = json.loads(row.value)["years"] if row is not None else ()
    since, _ = ledger.head(work.session, STREAM)
    value = json.dumps({"years": sorted({*years, *before}), "since": since})
    if row is None:
        work.session.add(Preference(key=OWED, value=value))
    else:
        row.value = value


def _record_loading(work: Work, actor: Actor, done: LoadedCalendar, days: Sequence[CalendarDay], removed: Sequence[CalendarRow],
                    told: Mapping[str, object]) -> None:
    payload = {"years": done.years, "settled": done.settled, "added": done.added, "changed": done.changed,
               "days": {d.on.isoformat(): [d.kind, d.name, d.source] for d in days},
               "removed": sorted(row.on.isoformat() for row in removed), **told}
    work.record(STREAM, CalendarFacts.loaded, actor, payload)
    rules_changed(work.session)


def alarm(on: date) -> str | None:
    """What must be done about the calendar today: this year's is missing, or next year's from 1 October on. None while all is
    well."""
    years = rules.calendar().published_years
    if on.year not in years:
        return Say("还没有 {year} 年的放假安排，工作日只能按周末推算：请尽快录入工作日历。", year=on.year)
    if on.month >= ALARM_MONTH and on.year + 1 not in years:
        return Say("还没有 {year} 年的放假安排，跨年的工作日时限只能暂定，跨年的公示不能开始：国务院办公厅公布后请录入工作日历。", year=on.year + 1)
    return None


def _plain_cells(row: Mapping[str | None, str | None]) -> Mapping[str, str]:
    return {str(name).strip(): (value or "").strip() for name, value in row.items() if isinstance(value, str) or value is None}


def _check_days(days: tuple[CalendarDay, ...]) -> None:
    seen: dict[date, int] = {}
    for number, day in enumerate(days, start=2):
        for trouble in _day_troubles(day, seen):
            raise Invalid(Say("日历文件第 {number} 行 {on}：{trouble}。", number=number, on=day.on, trouble=trouble), field="file")
        seen[day.on] = number


def _day_troubles(day: CalendarDay, seen: Mapping[date, int]) -> Iterator[str]:
    if day.on in seen:
        yield Say("与第 {on} 行是同一天", on=seen[day.on])
    if trouble := day_trouble(day):
        yield trouble


def _day_terms(row: CalendarRow) -> tuple[DayKind, str, str, str]:
    return DayKind(row.kind), row.name, row.source, row.paper


def workdays_in(year: int) -> int:
    """How many working days a year has."""
    return rules.calendar().workdays_between(date(year, 1, 1), date(year, 12, 31))
