"""What the holder of a permit owes: execution reports, period by period, from the permit alone. Pure.

A period is owed by the permit that holds on its last day, unless it was held too short of it, or a longer report covers it. One
period is covered only where the longer report is owed itself.
"""

import calendar
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import zip_longest

from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Say
from tracker.domain.sites.registers import REPORT_KINDS

ONE_DAY = timedelta(days=1)
SOON = timedelta(days=7)  # before its day


class ReportKind(StrEnum):
    """A report, by the length of its period."""

    year = "year"
    half = "half"
    quarter = "quarter"
    month = "month"


MONTHS: Mapping[ReportKind, int] = {ReportKind.year: 12, ReportKind.half: 6, ReportKind.quarter: 3, ReportKind.month: 1}
LEAST_MONTHS: Mapping[ReportKind, int] = {ReportKind.year: 3, ReportKind.half: 3, ReportKind.quarter: 1}  # that it was held
LEAST_DAYS = 10  # of a month
# By which longer report the last period of a year is covered, and by which the last month of a quarter.
COVERS: Mapping[ReportKind, tuple[ReportKind, ...]] = {
    ReportKind.half: (ReportKind.year,), ReportKind.quarter: (ReportKind.year,),
    ReportKind.month: (ReportKind.quarter, ReportKind.year), ReportKind.year: ()}


_PERIOD_CODE = re.compile(r"(?P<year>\d{4})(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|-(?P<month>\d\d))?", re.ASCII)


def period_words(code: str) -> Say:
    """A period as people say it: 2021年, 2021年上半年, 2021年第3季度, 2021年5月."""
    found = _PERIOD_CODE.fullmatch(code)
    if found is None:
        raise ValueError(code)
    if found["half"]:
        return Say("{year}年上半年", year=found["year"]) if found["half"] == "1" else Say("{year}年下半年", year=found["year"])
    if found["quarter"]:
        return Say("{year}年第{part}季度", year=found["year"], part=found["quarter"])
    if found["month"]:
        return Say("{year}年{part}月", year=found["year"], part=int(found["month"]))
    return Say("{year}年", year=found["year"])


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """One period of a kind of report."""

    kind: ReportKind
    first: date
    last: date

    @property
    def code(self) -> str:
        """2021, 2021H1, 2021Q3, 2021-05."""
        year, month = self.first.year, self.first.month
        return {ReportKind.year: f"{year}", ReportKind.half: f"{year}H{(month + 5) // 6}",
                ReportKind.quarter: f"{year}Q{(month + 2) // 3}", ReportKind.month: f"{year}-{month:02d}"}[self.kind]


@dataclass(frozen=True, slots=True)
class PermitHeld:
    """A permit as far as its reports go: since when it is held without a gap, its own days, and the reports that it asks for."""

    held_from: date
    first: date
    last: date | None
    reports: frozenset[ReportKind]


@dataclass(frozen=True, slots=True)
class ReportDue:
    """By when a report is due: the day of a month so many months after the end of its period."""

    months: int
    day: int

    def after(self, last: date) -> date:
        """The day."""
        month = last.month - 1 + self.months
        year, month = last.year + month // 12, month % 12 + 1
        return date(year, month, min(self.day, calendar.monthrange(year, month)[1]))


_DAY_OF_MONTH = re.compile(r"([1-6])-(\d{1,2})", re.ASCII)


def read_due(text: str) -> dict[ReportKind, ReportDue]:
    """The days that a permit says itself: each kind, by its word or its code, with month and day. Raises `Invalid` naming what
    cannot be read."""
    kinds = {said: ReportKind(code) for code, word in REPORT_KINDS for said in (code, word)}
    parts = re.sub(r"(?<=[^\W\d])(?=\d)", " ", text).strip()
    told = re.split(r"[^\w-]+", parts) if parts else []
    found: dict[ReportKind, ReportDue] = {}
    for word, day in zip_longest(told[::2], told[1::2], fillvalue=""):
        read = _DAY_OF_MONTH.fullmatch(day)
        if read is None or word not in kinds or kinds[word] in found or not 1 <= int(read[2]) <= 31:
            raise Invalid(Say("“报告期限”应写成 年报 2-28、季报 1-20，“{part}”无法识别。", part=f"{word} {day}".strip()[:20]),
                          field="report_due")
        found[kinds[word]] = ReportDue(int(read[1]), int(read[2]))
    return found


@dataclass(frozen=True, slots=True)
class OwedPeriod:
    """One report that is owed."""

    period: ReportPeriod
    due_on: date


def periods_of(kind: ReportKind, year: int) -> Iterator[ReportPeriod]:
    """The periods of a kind in a year."""
    length = MONTHS[kind]
    for month in range(1, 13, length):
        end = month + length - 1
        yield ReportPeriod(kind, date(year, month, 1), date(year, end, calendar.monthrange(year, end)[1]))


def is_held_long_enough(permit: PermitHeld, period: ReportPeriod) -> bool:
    """Whether the permit was held for the least part of the period."""
    least = LEAST_MONTHS.get(period.kind)
    from_then = permit.held_from + timedelta(days=LEAST_DAYS) if least is None else months_on(permit.held_from, least)
    return from_then <= period.last + ONE_DAY


def months_on(day: date, months: int) -> date:
    """The same day of a later month, or its last where it has none."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def asks_for(permit: PermitHeld, period: ReportPeriod) -> bool:
    """Whether the permit asks for this report by itself: it has the kind, holds on the last day, and was held long enough."""
    holds = permit.first <= period.last and (permit.last is None or permit.last >= period.last)
    return period.kind in permit.reports and holds and is_held_long_enough(permit, period)


def covered_by(permit: PermitHeld, period: ReportPeriod) -> ReportPeriod | None:
    """The longer period that ends on the same day and is owed, or covered itself; None where there is none."""
    for kind in COVERS[period.kind]:
        longer = next(each for each in periods_of(kind, period.last.year) if each.first <= period.first <= each.last)
        if longer.last == period.last and asks_for(permit, longer):
            return longer
    return None


def owed_in(permit: PermitHeld, year: int, due: Mapping[ReportKind, ReportDue],
            shift: Callable[[date], date] = lambda day: day) -> Iterator[OwedPeriod]:
    """The reports of the periods of a year, in the order of their kinds."""
    for kind in ReportKind:
        for period in periods_of(kind, year):
            if asks_for(permit, period) and covered_by(permit, period) is None:
                yield OwedPeriod(period, shift(due[kind].after(period.last)))


def why_not(permit: PermitHeld, period: ReportPeriod) -> Say | None:
    """Why a period in which the permit holds makes no report; None where it does, or where none was asked for."""
    if period.kind not in permit.reports or permit.first > period.last:
        return None
    if permit.last is not None and permit.last < period.last:
        return Say("许可证至 {last} 为止，不满这一期", last=permit.last)
    if not is_held_long_enough(permit, period):
        least = LEAST_MONTHS.get(period.kind)
        if period.kind is ReportKind.year:
            return Say("持证不足{months}个月，并入{year}年年报", months=least, year=period.last.year + 1)
        return Say("持证不足{days}天", days=LEAST_DAYS) if least is None else Say("持证不足{months}个月", months=least)
    longer = covered_by(permit, period)
    return None if longer is None else Say("已含在{period}的报告里", period=period_words(longer.code))


def light_of(due_on: date, *, is_over: bool, on: date) -> str:
    """The light of a report on a day: blue once it is in or waived, red after its day, yellow in the last week before it."""
    if is_over:
        return "blue"
    return "red" if on > due_on else "yellow" if on > due_on - SOON else "green"


def chained_from(spans: Iterable[tuple[date, date | None]], first: date) -> date:
    """Since when a permit is held without a gap that begins on `first`, by the spans of all entries under its number."""
    found, earlier = first, sorted(spans, reverse=True)
    for begins, ends in earlier:
        if begins < found and (ends is None or ends >= found - ONE_DAY):
            found = begins
    return found
