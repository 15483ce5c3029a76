"""Joint meetings as their page shows them: the agenda, each item with where its case stands today beside what was decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Flask, Response

from tracker.domain.cases.step_fields import MEETING_OUTCOMES
from tracker.domain.coordination.meetings import (
    CHAIR,
    FOLLOWS,
    ITEMS,
    KIND,
    MINUTES_DIGEST,
    MeetingState,
    MeetingSteps,
    standing_items,
)
from tracker.domain.house.actor import Permission
from tracker.services.acts import access
from tracker.services.coordination.agendas.papers import AGENDA, MINUTES_TITLE, write_agenda, write_minutes
from tracker.services.house.work import reading
from tracker.storage.acts.page import ActPage
from tracker.storage.cases.entries import FactEntry, entries
from tracker.storage.cases.titles import unit_names
from tracker.storage.people import people
from tracker.web.acts import panels
from tracker.web.acts.panels import ActPanel
from tracker.web.coordination.backlog import BacklogLine, matter_lines
from tracker.web.coordination.papers import word_file
from tracker.web.house.drawing.languages import in_chinese, tr
from tracker.web.house.guard import current_actor, needs

blueprint = Blueprint("meetings", __name__, url_prefix="/meetings")
OUTCOMES = dict(MEETING_OUTCOMES)


@dataclass(frozen=True)
class AgendaItem:
    """One item: what is to be decided, of which record, and what was; `follows` is the item of another meeting that put it off,
    `absent` are the units of which something was decided while they were not there."""

    position: int
    target: str
    question: str
    outcome: str
    decision: str
    corrected: str
    follows: str
    absent: str


def agenda_of(page: ActPage, facts: tuple[FactEntry, ...]) -> list[AgendaItem]:
    """The items that stand on the agenda. What people wrote stands in the facts."""
    said = {entry.seq: entry.details for entry in facts}

    def text(item: Mapping[str, Any], key: str, name: str) -> str:
        return str(said.get(item.get(key, 0), {}).get(name) or "")

    def absent(item: Mapping[str, Any]) -> str:
        gone = said.get(item.get("decided", 0), {}).get("absent_unit_ids") or ()
        return str(tr("、")).join(units.get(unit, "—") for unit in gone)

    rows, units = page.head.details.get(ITEMS, []), unit_names(reading())
    return [AgendaItem(item["position"], item["target"], text(item, "asked", "question"),
                       OUTCOMES.get(item.get("outcome", ""), ""), text(item, "decided", "text"),
                       text(item, "corrected", "text"), str(item.get(FOLLOWS) or ""), absent(item))
            for item in standing_items(rows)]


@blueprint.get("/<number>/agenda.docx")
@needs(Permission.act_read)
@in_chinese
def agenda(number: str) -> Response:
    """The notice with the agenda."""
    page = _meeting_page(number)
    return word_file(write_agenda(page.head, entries(reading(), page.head.stream)), f"{AGENDA}-{page.head.number}")


@blueprint.get("/<number>/minutes.docx")
@needs(Permission.act_read)
@in_chinese
def minutes(number: str) -> Response:
    """The minutes as they were issued."""
    page = _meeting_page(number)
    return word_file(write_minutes(page.head, entries(reading(), page.head.stream)), f"{MINUTES_TITLE}-{page.head.number}")


def _meeting_page(number: str) -> ActPage:
    page = access.page_for(current_actor(), number)
    if page.head.kind != KIND:
        raise access.no_such_act(number)
    return page


def _waiting_beside(page: ActPage) -> list[BacklogLine]:
    """What waits, but for what stands on this agenda already."""
    return [line for line in matter_lines(current_actor()) if line.matter.listed != page.head.number]


def _told_meeting(page: ActPage, facts: tuple[FactEntry, ...]) -> Mapping[str, Any]:
    details = page.head.details
    places = [str(entry.details["place"]) for entry in facts if entry.details.get("place")]
    held_at = details.get("held_at")
    is_ahead = page.head.state in (MeetingState.drafting, MeetingState.called)
    return {"agenda": agenda_of(page, facts), "meeting_steps": MeetingSteps, "place": places[-1] if places else "",
            "lines": _waiting_beside(page) if is_ahead else (),
            "is_day_off": details.get("is_day_off", False),
            "is_issued": any(entry.kind == MeetingSteps.issue.fact and entry.details.get(MINUTES_DIGEST) for entry in facts),
            "held_at": datetime.fromisoformat(held_at) if held_at else None,
            "chair": people.name_of(reading(), details[CHAIR]) if details.get(CHAIR) else ""}


def register(app: Flask) -> None:
    """Hand in the panel."""
    panels.hand_in(app, KIND, ActPanel("acts/kinds/meeting.html", _told_meeting))
