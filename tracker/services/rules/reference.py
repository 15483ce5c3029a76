"""Reads the reference tables that ship with the product; each is read once per process."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from tracker.domain.rules.workdays import CalendarDay, WorkCalendar, calendar_days, published_years
from tracker.domain.territory.country import Country, country_of
from tracker.domain.territory.territory import Area, Gazetteer

DEMO_CITY = "3601"


def shipped_days() -> tuple[CalendarDay, ...]:
    """Every statutory day off and make-up working day that the product knows, published and estimated."""
    return calendar_days(_reference_rows("calendar-cn.csv"))


def shipped_calendar() -> WorkCalendar:
    """The working calendar as shipped: 2021–2026 published, later years estimated."""
    return WorkCalendar(shipped_days(), published_years(shipped_days()))


@cache
def country() -> Country:
    """Every division of the country. Takes some tenths of a second and ten megabytes, so no page of every day asks it: set-up,
    imports, `flask areas`, and refusals of a code do."""
    return country_of(_reference_text("divisions-cn.csv").splitlines(), _reference_rows("divisions-changes.csv"))


def shipped_areas(city: str = DEMO_CITY) -> tuple[Area, ...]:
    """A city's divisions, old and new; the demo's, unless another is named."""
    return country().slice(city)


def shipped_gazetteer() -> Gazetteer:
    """The gazetteer over the shipped areas."""
    return Gazetteer(shipped_areas())


def _reference_rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(line for line in _reference_text(name).splitlines() if not line.startswith("#")))


def _reference_text(name: str) -> str:
    return files("tracker.reference").joinpath(name).read_text("utf-8")
