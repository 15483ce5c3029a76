"""Joint meetings as their page shows them: the agenda, each item with where its case stands today beside what was decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask

from tracker.domain.cases.step_fields import MEETING_OUTCOMES
from tracker.domain.coordination.meetings import CHAIR, ITEMS, KIND, MeetingState, MeetingSteps, standing_items
from tracker.services.house.work import reading
from tracker.storage.acts.page import ActPage
from tracker.storage.cases.entries import FactEntry
from tracker.storage.people import people
from tracker.web.acts import panels
from tracker.web.acts.panels import ActPanel
from tracker.web.coordination.backlog import matter_lines
from tracker.web.house.guard import current_actor

OUTCOMES = dict(MEETING_OUTCOMES)


@dataclass(frozen=True)
class AgendaItem:
    """One item: what is to be decided, of which record, and what was."""

    position: int
    target: str
    question: str
    outcome: str
    decision: str
    corrected: str


def agenda_of(page: ActPage, facts: tuple[FactEntry, ...]) -> list[AgendaItem]:
    """The items that stand on the agenda. What people wrote stands in the facts."""
    said = {entry.seq: entry.details for entry in facts}

    def text(item: Mapping[str, Any], key: str, name: str) -> str:
        return str(said.get(item.get(key, 0), {}).get(name) or "")

    rows = page.head.details.get(ITEMS, [])
    return [AgendaItem(item["position"], item["target"], text(item, "asked", "question"),
                       OUTCOMES.get(item.get("outcome", ""), ""),
                       text(item, "decided", "text"), text(item, "corrected", "text")) for item in standing_items(rows)]


def _told_meeting(page: ActPage, facts: tuple[FactEntry, ...]) -> Mapping[str, Any]:
    details = page.head.details
    places = [str(entry.details["place"]) for entry in facts if entry.details.get("place")]
    held_at = details.get("held_at")
    is_ahead = page.head.state in (MeetingState.drafting, MeetingState.called)
    return {"agenda": agenda_of(page, facts), "meeting_steps": MeetingSteps, "place": places[-1] if places else "",
            "lines": matter_lines(current_actor()) if is_ahead else None,
            "held_at": datetime.fromisoformat(held_at) if held_at else None,
            "chair": people.name_of(reading(), details[CHAIR]) if details.get(CHAIR) else ""}


def register(app: Flask) -> None:
    """Hand in the panel."""
    panels.hand_in(app, KIND, ActPanel("acts/kinds/meeting.html", _told_meeting))
