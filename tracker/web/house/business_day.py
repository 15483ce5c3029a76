"""The business day of a request: today, the calendar and the bounds of the lights, read once."""

from dataclasses import dataclass
from datetime import date

from flask import g

from tracker.domain.house.clock import Clock
from tracker.domain.rules.lights import LightBounds
from tracker.domain.rules.workdays import WorkCalendar
from tracker.services.house.work import wiring
from tracker.services.rules import rules, values


@dataclass(frozen=True)
class Today:
    """What a page needs to speak of time."""

    on: date
    clock: Clock
    calendar: WorkCalendar
    bounds: LightBounds


def today() -> Today:
    """The day of this request."""
    found: Today | None = g.get("today")
    if found is None:
        clock, calendar = wiring().clock, rules.calendar()
        found = g.today = Today(clock.today(), clock, calendar, values.light_bounds(clock.today()))
    return found
