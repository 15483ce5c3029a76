"""Periods and windows: the stretches of days and instants that beats, reports and appraisals are of. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import DateForm, DateWords, Say
from tracker.domain.rules.workdays import FIRST_DAY, LAST_DAY

ONE_DAY = timedelta(days=1)


class PeriodKind(StrEnum):
    """How long a period is."""

    day = "day"
    week = "week"
    month = "month"
    quarter = "quarter"
    year = "year"


# How a period of each kind is written.
EXAMPLES: dict[PeriodKind, str] = {
    PeriodKind.day: "2026-11-23", PeriodKind.week: "2026-W47", PeriodKind.month: "2026-11", PeriodKind.quarter: "2026-Q4",
    PeriodKind.year: "2026",
}


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both ends counted, and the key that names it: 2026-11-23, 2026-W47, 2026-11, 2026-Q4, 2026."""

    kind: PeriodKind
    first: date
    last: date

    @property
    def key(self) -> str:
        """The name of the period; ISO weeks belong to the year of their Thursday."""
        year, week, _ = self.first.isocalendar()
        return {
            PeriodKind.day: self.first.isoformat(), PeriodKind.week: f"{year}-W{week:02d}",
            PeriodKind.month: f"{self.first:%Y-%m}",
            PeriodKind.quarter: f"{self.first.year}-Q{(self.first.month + 2) // 3}", PeriodKind.year: str(self.first.year),
        }[self.kind]

    @property
    def word(self) -> str:
        """The period in Chinese."""
        if self.kind is PeriodKind.year:
            return Say("{year}年", year=self.first.year)
        if self.kind is PeriodKind.quarter:
            return Say("{year}年第{quarter}季度", year=self.first.year, quarter=(self.first.month + 2) // 3)
        if self.kind is PeriodKind.week:
            year, week, _ = self.first.isocalendar()
            return Say("{year}年第{week}周", year=year, week=week)
        return DateWords(self.first, DateForm.full if self.kind is PeriodKind.day else DateForm.month)

    def before(self) -> Period:
        """The period just before （环比）."""
        return period_of(self.kind, self.first - ONE_DAY)

    def after(self) -> Period:
        """The period just after."""
        return period_of(self.kind, self.last + ONE_DAY)

    def year_before(self) -> Period:
        """The same period of the year before （同比）; for a day or a week the one 52 weeks earlier."""
        if self.kind in (PeriodKind.day, PeriodKind.week):
            return period_of(self.kind, self.first - timedelta(weeks=52))
        return period_of(self.kind, self.first.replace(year=self.first.year - 1))


def period_of(kind: PeriodKind, on: date) -> Period:
    """The period of this kind that a day lies in. Weeks run from Monday to Sunday."""
    if kind is PeriodKind.day:
        return Period(kind, on, on)
    if kind is PeriodKind.week:
        monday = on - timedelta(days=on.weekday())
        return Period(kind, monday, monday + timedelta(days=6))
    months = {PeriodKind.month: 1, PeriodKind.quarter: 3, PeriodKind.year: 12}[kind]
    first = date(on.year, (on.month - 1) // months * months + 1, 1)
    following = date(first.year + (first.month - 1 + months) // 12, (first.month - 1 + months) % 12 + 1, 1)
    return Period(kind, first, following - ONE_DAY)


_KEYS: tuple[tuple[PeriodKind, str], ...] = (
    (PeriodKind.day, r"(\d{4})-(\d{2})-(\d{2})"), (PeriodKind.week, r"(\d{4})-W(\d{2})"), (PeriodKind.month, r"(\d{4})-(\d{2})"),
    (PeriodKind.quarter, r"(\d{4})-Q([1-4])"), (PeriodKind.year, r"(\d{4})"),
)


def period_named(key: str) -> Period:
    """The period with this key. Raises `Invalid` saying how a period is written."""
    for kind, pattern in _KEYS:
        if match := re.fullmatch(pattern, key.strip()):
            numbers = [int(part) for part in match.groups()]
            if not FIRST_DAY.year < numbers[0] < LAST_DAY.year:  # its neighbours, and the year before it, must be days too
                break
            try:
                return period_of(kind, _first_day(kind, numbers))
            except ValueError:
                break
    raise Invalid(Say("周期“{key}”无法识别：日写作 2026-11-23，周写作 2026-W47，月写作 2026-11，季写作 2026-Q4，年写作 2026。", key=key), field="period")


def _first_day(kind: PeriodKind, numbers: list[int]) -> date:
    if kind is PeriodKind.week:
        return date.fromisocalendar(numbers[0], numbers[1], 1)
    if kind is PeriodKind.quarter:
        return date(numbers[0], numbers[1] * 3 - 2, 1)
    return date(*[*numbers, 1, 1][:3])


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of instants; `opens` is inside, `cuts` is not."""

    opens: datetime
    cuts: datetime

    def holds(self, at: datetime) -> bool:
        """Whether an instant lies inside."""
        return self.opens <= at < self.cuts
