"""Time is an argument. This is the only file of the product that reads the real clock."""

from __future__ import annotations

import time as seconds
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

OFFICE_ZONE = "Asia/Shanghai"


class Clock(Protocol):
    """What the product asks about time: an instant, a business date, and the way between the two."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""

    def today(self) -> date:
        """The business date: the calendar date of the office at this instant."""

    def local(self, moment: datetime) -> datetime:
        """The same instant on the office's wall clock."""

    def end_of(self, on: date) -> datetime:
        """The instant at which `on` is over in the office (24:00), in UTC."""

    def running(self) -> float | None:
        """The seconds for which the machine has run, asleep or awake, whatever is done to its wall clock; None for a clock that
        is no machine's."""


class _OfficeTime:
    """Everything about a clock except where its instant comes from."""

    def __init__(self, zone: str = OFFICE_ZONE) -> None:
        self.zone = ZoneInfo(zone)

    def now(self) -> datetime:
        raise NotImplementedError

    def today(self) -> date:
        return self.now().astimezone(self.zone).date()

    def local(self, moment: datetime) -> datetime:
        return _require_aware(moment).astimezone(self.zone)

    def end_of(self, on: date) -> datetime:
        return datetime.combine(on + timedelta(days=1), time(), self.zone).astimezone(UTC)

    def running(self) -> float | None:
        return None


class SystemClock(_OfficeTime):
    """The clock of a running product."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def running(self) -> float | None:
        return seconds.clock_gettime(getattr(seconds, "CLOCK_BOOTTIME", seconds.CLOCK_MONOTONIC))


class SetClock(_OfficeTime):
    """A clock that stands still until it is moved: for tests, for the demo's past year, for what-if questions."""

    def __init__(self, start: datetime, zone: str = OFFICE_ZONE) -> None:
        super().__init__(zone)
        self._now = _require_aware(start).astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta | None = None, *, days: int = 0, hours: int = 0, minutes: int = 0) -> datetime:
        """Moves the clock on and returns the new instant; a clock never advances backwards."""
        step = (by or timedelta()) + timedelta(days=days, hours=hours, minutes=minutes)
        if step < timedelta():
            raise ValueError("a clock does not advance backwards; use move_to")
        self._now += step
        return self._now

    def move_to(self, moment: datetime) -> datetime:
        """Sets the clock to any aware instant, earlier ones too."""
        self._now = _require_aware(moment).astimezone(UTC)
        return self._now


def _require_aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return moment
