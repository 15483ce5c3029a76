"""Inspections as their page shows them; the list is that of all acts."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, Flask, redirect, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.fields import Given
from tracker.domain.inspection.inspections import (
    DRAWN,
    INSPECTORS,
    KIND,
    METHODS,
    MODES,
    ORIGINS,
    RESULTS,
    WHY_NOT,
    InspectionSteps,
)
from tracker.services.house.work import reading
from tracker.storage.acts.page import ActPage
from tracker.storage.cases.entries import FactEntry
from tracker.storage.inspection.looks import inspection_line
from tracker.storage.inspection.roster import officers_on
from tracker.web.acts import panels
from tracker.web.acts.panels import ActPanel
from tracker.web.acts.publicity import told_publicity
from tracker.web.house.business_day import today
from tracker.web.house.guard import needs

blueprint = Blueprint("inspections", __name__, url_prefix="/inspections")
WORDS: dict[str, Mapping[str, str]] = {"modes": dict(MODES), "methods": dict(METHODS), "origins": dict((*ORIGINS, *DRAWN)),
                                       "results": dict(RESULTS), "why_not": dict(WHY_NOT)}


@blueprint.get("")
@needs(Permission.act_read)
def listing() -> Response:
    """The list of acts, of this kind."""
    return redirect(url_for("acts.acts", kind=KIND))


def _told_inspection(page: ActPage, facts: tuple[FactEntry, ...]) -> Mapping[str, Any]:
    return {"inspection": inspection_line(reading(), page.head.id), "inspection_words": WORDS,
            "found_count": sum(link.role == "found" for link in page.links), **told_publicity(page, InspectionSteps.publish)}


def _offered_officers(actor: Actor, fields: tuple[Given, ...]) -> tuple[Given, ...]:
    """Of the roster of today those who may be sent."""
    known = tuple((each.login, each.name) for each in officers_on(reading(), today().on))
    return tuple(replace(given, choices=known) if given.name == INSPECTORS.name else given for given in fields)


def register(app: Flask) -> None:
    """Hand in the panel."""
    panels.hand_in(app, KIND, ActPanel("acts/kinds/inspection.html", _told_inspection, offers=_offered_officers))
