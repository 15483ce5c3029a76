"""Reads the reference tables that ship with the product; each is read once per process."""

from __future__ import annotations

import csv
from importlib.resources import files

from tracker.domain.rules.workdays import CalendarDay, WorkCalendar, calendar_days, published_years
from tracker.domain.territory.territory import Area, Gazetteer, areas_from


def shipped_days() -> tuple[CalendarDay, ...]:
    """Every statutory day off and make-up working day that the product knows, published and estimated."""
    return calendar_days(_reference_rows("calendar-cn.csv"))


def shipped_calendar() -> WorkCalendar:
    """The working calendar as shipped: 2021–2026 published, later years estimated."""
    return WorkCalendar(shipped_days(), published_years(shipped_days()))


def shipped_areas() -> tuple[Area, ...]:
    """Nanchang's divisions, old and new."""
    return areas_from(_reference_rows("divisions.csv"))


def shipped_gazetteer() -> Gazetteer:
    """The gazetteer over the shipped areas."""
    return Gazetteer(shipped_areas())


def _reference_rows(name: str) -> list[dict[str, str]]:
    text = files("tracker.reference").joinpath(name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))
