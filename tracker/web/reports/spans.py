"""A stretch of days compared with the one before it, of the same length: each number with the view of the register that it
counts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from tracker.domain.cases.facts import HANDLED
from tracker.domain.house.errors import Invalid
from tracker.domain.reports.counting import NO_BASE, NO_RATE, Rate
from tracker.storage.cases.register.register import Filters

Days = tuple[date, date]
DONE, LATE = "受理案件中已完成的占比", "受理案件中现在超期的占比"


@dataclass(frozen=True)
class Counted:
    """A number and the view that lists what it counts."""

    value: int
    filters: Filters


@dataclass(frozen=True)
class SpanRow:
    """One line of the comparison: a number, or a share of two. `before` is the same of the stretch before."""

    word: str
    now: tuple[Counted, ...]
    before: tuple[Counted, ...]
    definition: str = ""

    def told(self, which: tuple[Counted, ...]) -> str:
        """The share in words, "" for a plain number."""
        return self._rate_of(which).text() if self.definition else ""

    @property
    def change(self) -> str:
        """By how much it went up or down; a share in percentage points."""
        if not self.definition:
            return f"{self.now[0].value - self.before[0].value:+d}"
        now, before = self._both_percents()
        return NO_RATE if now is None else NO_BASE if before is None else f"{now - before:+}"

    @property
    def is_in_points(self) -> bool:
        """Whether the change is one of percentage points."""
        return bool(self.definition) and None not in self._both_percents()

    def _both_percents(self) -> tuple[Decimal | None, Decimal | None]:
        return self._rate_of(self.now).percent(), self._rate_of(self.before).percent()

    def _rate_of(self, which: tuple[Counted, ...]) -> Rate:
        return Rate(which[0].value, which[1].value, self.definition)


def asked_days(asked: Filters, today: date) -> Days:
    """The stretch that the address asks for; else this month until today. Raises `Invalid` for one that ends before it begins."""
    if asked.is_backwards:
        raise Invalid("止日早于起日，请改正。", field="received_to")
    last = asked.received_to or max(today, asked.received_from or today)
    return asked.received_from or last.replace(day=1), last


def days_before(days: Days) -> Days:
    """As many days right before."""
    first, last = days
    return first - (last - first) - timedelta(days=1), first - timedelta(days=1)


def views_of(days: Days, source: str) -> tuple[Filters, ...]:
    """What is counted of a stretch: received, of these done and late, and closed in it."""
    received = Filters(source=source, received_from=days[0], received_to=days[1])
    return (received, replace(received, state=HANDLED), replace(received, is_overdue=True),
            Filters(source=source, closed_from=days[0], closed_to=days[1]))


def compared(days: Days, source: str, count: Callable[[Sequence[Filters]], Sequence[int]]) -> tuple[SpanRow, ...]:
    """The lines of the comparison, counted in one go."""
    views = (*views_of(days, source), *views_of(days_before(days), source))
    found = [Counted(*pair) for pair in zip(count(views), views, strict=True)]
    return tuple(_rows_of(found[:4], found[4:]))


def _rows_of(now: list[Counted], before: list[Counted]) -> Iterator[SpanRow]:
    for place, word in enumerate(("受理", "其中已完成", "其中现在超期", "销号")):
        yield SpanRow(word, (now[place],), (before[place],))
    for word, place, definition in (("完成率", 1, DONE), ("超期率", 2, LATE)):
        yield SpanRow(word, (now[place], now[0]), (before[place], before[0]), definition)
