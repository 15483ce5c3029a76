"""Interviews as their page shows them, and their notice as a Word document."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, Flask, Response

from tracker.domain.coordination.interviews import GROUNDS, KIND, NO_PUNISHMENT, ROLES, InterviewSteps
from tracker.domain.house.actor import Permission
from tracker.services.acts import access, parties
from tracker.services.coordination.notices import TITLE, write_notice
from tracker.services.house.work import reading
from tracker.storage.acts import register as act_register
from tracker.storage.acts.page import ActPage
from tracker.storage.cases import titles
from tracker.storage.cases.entries import FactEntry, entries
from tracker.web.acts import panels
from tracker.web.acts.panels import ActPanel
from tracker.web.coordination.papers import word_file
from tracker.web.house.drawing.languages import in_chinese
from tracker.web.house.guard import current_actor, needs

blueprint = Blueprint("interviews", __name__, url_prefix="/acts")


@blueprint.get("/<number>/notice.docx")
@needs(Permission.act_read)
@in_chinese
def notice(number: str) -> Response:
    """The notice of an interview."""
    actor, page = current_actor(), access.page_for(current_actor(), number)
    targets = [link.target for link in page.links]
    seen = {*titles.titles_of(reading(), actor.scope(), targets),
            *act_register.titles_of(reading(), access.scope_of(actor), targets)}
    person = parties.reveal(actor, number) if parties.may_know(actor, page) else ""
    response = word_file(write_notice(page, entries(reading(), page.head.stream), seen, person), f"{TITLE}-{page.head.number}")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _told_interview(page: ActPage, facts: tuple[FactEntry, ...]) -> Mapping[str, Any]:
    notified = _newest_told(facts, InterviewSteps.notify.fact)
    return {
        "notified": notified, "held": _newest_told(facts, InterviewSteps.hold.fact), "no_punishment": NO_PUNISHMENT,
        "held_at": datetime.fromisoformat(page.head.details["held_at"]), "missed_count": page.head.details["missed_count"],
        "role_word": dict(ROLES)[notified["role"]], "ground_word": dict(GROUNDS)[notified["ground"]],
        "asked_unit": page.forces[0].unit if page.forces else "",
    }


def _newest_told(facts: tuple[FactEntry, ...], kind: str) -> Mapping[str, Any]:
    return next((fact.details for fact in reversed(facts) if fact.kind == kind), {})


def register(app: Flask) -> None:
    """Hand in the panel."""
    panels.hand_in(app, KIND, ActPanel("acts/kinds/interview.html", _told_interview))
