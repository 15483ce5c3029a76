"""The light (灯色) of a case: green on track, yellow due soon, red overdue, blue closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.domain.rules.workdays import WorkCalendar

WARN_WORKDAYS = 3


class Light(StrEnum):
    """An overlay, never a state."""

    green = "green"
    yellow = "yellow"
    red = "red"
    blue = "blue"


@dataclass(frozen=True, slots=True)
class LightReading:
    """A light and its number: working days left after today, or calendar days overdue; None when no clock runs."""

    light: Light
    days: int | None


@dataclass(frozen=True, slots=True)
class LightBounds:
    """The two dates that colour every running case of a day, so that SQL compares dates instead of calling per row.

    Red when due_on < today; yellow when today <= due_on <= yellow_until; green later, or without a due date.
    """

    today: date
    yellow_until: date

    def light(self, due_on: date | None) -> Light:
        """The light of a case whose clock runs."""
        if due_on is None or due_on > self.yellow_until:
            return Light.green
        return Light.red if due_on < self.today else Light.yellow


def days_overdue(due_on: date | None, on: date) -> int:
    """By how many days a due date is over on a day: the day after it is the first, calendar days; 0 while it is not over.

    Whoever says days of delay asks here: pages, mails, papers and reports then say one number of one case on one day.
    """
    return max(0, (on - due_on).days) if due_on is not None else 0


def light_bounds(today: date, calendar: WorkCalendar, warn_workdays: int = WARN_WORKDAYS) -> LightBounds:
    """The bounds of a day; `yellow_until` is the last due date with at most `warn_workdays` working days left."""
    return LightBounds(today, calendar.add_workdays(today, warn_workdays + 1).on - timedelta(days=1))


def light(
    due_on: date | None,
    today: date,
    calendar: WorkCalendar,
    is_completed: bool = False,
    is_closed: bool = False,
    warn_workdays: int = WARN_WORKDAYS,
) -> LightReading:
    """The light of one case on one day. A completed case stopped its clock and stays green until it is closed.

    A due date of today leaves 0 working days and is yellow: it runs until 24:00.
    """
    if is_closed:
        return LightReading(Light.blue, None)
    if is_completed or due_on is None:
        return LightReading(Light.green, None)
    if due_on < today:
        return LightReading(Light.red, days_overdue(due_on, today))
    left = calendar.workdays_between(today + timedelta(days=1), due_on)
    return LightReading(Light.yellow if left <= warn_workdays else Light.green, left)
