"""Drafts of forms filled in outside live on the device of who writes them: the page that lists them, and what scripts ask."""

from flask import Blueprint, render_template
from flask_wtf.csrf import generate_csrf

from tracker.web.house.guard import current_actor, needs_sign_in
from tracker.web.house.script_answers import Told, told

blueprint = Blueprint("drafts", __name__, url_prefix="/drafts")


@blueprint.get("", endpoint="drafts")
@needs_sign_in
def show_drafts() -> str:
    """The list, filled in by the device itself."""
    return render_template("cases/drafts/list.html")


@blueprint.get("/session")
@needs_sign_in
def session() -> Told:
    """Who is signed in, and a fresh token for what waits on the device."""
    return told(200, person=current_actor().id, token=generate_csrf())
