"""Stories told in a line, for the law of the reports: office days of March 2026 as numbers, steps by name."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tracker.domain.cadence.beats import beat_named
from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.cases.stories import Story, story
from tracker.domain.reports.document import Document, Section, Table
from tracker.domain.reports.inputs import Inputs
from tracker.domain.rules.periods import Period, Window, period_named
from tracker.services.rules.reference import shipped_calendar

ZONE, CALENDAR = ZoneInfo("Asia/Shanghai"), shipped_calendar()
UNITS = {"1": ("A", "甲街道", "street"), "2": ("B", "乙局", "department"), "3": ("C", "丙站", "railway")}
BEGINNING: dict[str, Any] = {
    "source_id": 1, "source_number": "S1", "channel": "phone", "area_code": "360103002", "jurisdiction": "360103002",
    "received_on": "2026-03-01",
    "categories": ["garbage"], "history": "own", "round": 1,
}


def at(day: float, month: int = 3) -> datetime:
    """10:00 of that day of 2026; 2.5 is twelve hours later."""
    return datetime(2026, month, int(day), 10, tzinfo=ZONE) + timedelta(days=day - int(day))


def tale(number: str, *steps: tuple[float, str] | tuple[float, str, Mapping[str, Any]], **registered: Any) -> Story:
    """A case registered on the first day and then taken through the steps; what a step sets comes as a mapping, `told` in it is
    not set."""
    facts: list[tuple[int, str, int, datetime, Mapping[str, Any]]] = []
    for seq, (day, step, *said) in enumerate(steps, start=1):
        changes = dict(said[0]) if said else {}
        told = changes.pop("told", {})
        kind = CASE_FLOW.steps[step].fact if step in CASE_FLOW.steps else f"case:{step}"
        facts.append((seq, kind, 7, at(day), {**told, "set": (BEGINNING | registered | changes) if seq == 1 else changes}))
    return story(number, facts, lambda moment: moment.astimezone(ZONE).date())


def inputs_for(key: str, report: str, **more: Any) -> Inputs:
    """The inputs of a report of the district, with three units and two sources, the second of which asks for a notice."""
    period: Period = period_named(key)
    window: Window = beat_named(report).window(period, CALENDAR, ZONE)
    today: date = window.cuts.date()
    return Inputs(
        period=period, window=window, area_code="360103", area_name="西湖区", today=today, due_soon_until=today + timedelta(days=3),
        units=UNITS,
        sources={"1": ("H12345", "12345热线"), "2": ("D3JX", "督察")}, notice_sources=("2",), areas={"360103002": "朝阳洲街道"},
        people={"7": "张巡查", "8": "李区长"}, **more)


def table_of(document: Document, title: str) -> Table:
    """The table with this title."""
    return next(table for section in document.sections for table in section.tables if table.title == title)


def section_of(document: Document, word: str) -> Section:
    """The section whose heading holds the word."""
    return next(section for section in document.sections if word in section.heading)


def figures_of(document: Document) -> dict[str, Any]:
    """Every figure by key."""
    return {figure.key: figure.value for section in document.sections for figure in section.figures}
