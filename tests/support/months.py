"""Stories told by office dates, for reports that look further back than a month; the month reported is March 2026."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.support.stories import BEGINNING, inputs_for
from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.cases.stories import Story, story
from tracker.domain.reports.inputs import Inputs

ZONE = ZoneInfo("Asia/Shanghai")
PERIOD = "2026-03"
LED = {"lead_unit_id": 1, "due_on": "2026-03-20", "acknowledge_due_on": "2026-03-03"}


def day(text: str) -> date:
    """03-05 of 2026, or a full date."""
    return date.fromisoformat(text if len(text) == 10 else f"2026-{text}")


def life(number: str, *steps: tuple[Any, ...], **registered: Any) -> Story:
    """A case registered on the first day and taken through the steps; a step's mapping is what it sets, `told` in it what it
    says."""
    facts: list[tuple[int, str, int, datetime, Mapping[str, Any]]] = []
    for seq, (on, step, *said) in enumerate(steps, start=1):
        changes = dict(said[0]) if said else {}
        told = changes.pop("told", {})
        kind = CASE_FLOW.steps[step].fact if step in CASE_FLOW.steps else f"case:{step}"
        known = BEGINNING | {"received_on": day(on).isoformat()} | registered | changes if seq == 1 else changes
        at = datetime.combine(day(on), time(10), ZONE) + timedelta(minutes=seq)
        facts.append((seq, kind, 7, at, {**told, "set": known}))
    return story(number, facts, lambda moment: moment.astimezone(ZONE).date())


def closed_life(number: str, first: str, last: str, **registered: Any) -> Story:
    """A case that went straight from its registration to its closing, each on one day."""
    return life(number, (first, "registered"), (first, "assign", LED), (first, "acknowledge"), (last, "submit"),
                (last, "verify"), (last, "close"),
                **registered)


def march(**more: Any) -> Inputs:
    """The inputs of the circular of March 2026."""
    return inputs_for(PERIOD, "monthly-circular", **more)
