"""Operations as their page shows them: who was out, what was checked, what was found; and where a phone writes it down."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Flask, url_for

from tracker.domain.acts.facts import LinkRole
from tracker.domain.coordination.operations import KIND, PLACE_KINDS, PLACES, OperationSteps
from tracker.domain.house.actor import Permission
from tracker.services.coordination.counts import rectified_now
from tracker.services.house.work import reading
from tracker.storage.acts.page import ActPage
from tracker.storage.cases.entries import FactEntry
from tracker.web.acts import panels
from tracker.web.acts.panels import ActPanel
from tracker.web.house.guard import current_actor


def _told_operation(page: ActPage, facts: tuple[FactEntry, ...]) -> Mapping[str, Any]:
    found = [link.target for link in page.links if link.role == LinkRole.found]
    places, words, head = Counter[str](), dict(PLACE_KINDS), page.head
    for row in head.details.get(PLACES, []):
        places[words[row["place_kind"]]] += row["place_count"]
    began, ended = (_moment_told(facts, step.fact, name) for step, name in (
        (OperationSteps.begin, "began_at"), (OperationSteps.report, "ended_at")))
    return {
        "began_at": began, "ended_at": ended, "places": places, "place_total": places.total(), "found_count": len(found),
        "rectified_count": rectified_now(reading(), found), "vehicle_total": sum(each.vehicle_count for each in page.forces),
        "person_total": sum(each.person_count for each in page.forces),
        "targets": _text_told(facts, OperationSteps.plan.fact, "targets"),
        "summary": _text_told(facts, OperationSteps.report.fact, "text"), "step_links": _links_of(page),
    }


def _links_of(page: ActPage) -> Mapping[str, str]:
    """Whoever registers cases writes down what was found in that form: it has the point, the photos, the drafts."""
    if not current_actor().has_in(Permission.case_register, page.head.area_code):
        return {}
    return {OperationSteps.find.name: url_for("cases.new", operation=page.head.number)}


def _text_told(facts: tuple[FactEntry, ...], kind: str, name: str) -> str:
    return next((str(fact.details[name]) for fact in reversed(facts) if fact.kind == kind and fact.details.get(name)), "")


def _moment_told(facts: tuple[FactEntry, ...], kind: str, name: str) -> datetime | None:
    text = _text_told(facts, kind, name)
    return datetime.fromisoformat(text) if text else None


def register(app: Flask) -> None:
    """Hand in the panel."""
    panels.hand_in(app, KIND, ActPanel("acts/kinds/operation.html", _told_operation))
