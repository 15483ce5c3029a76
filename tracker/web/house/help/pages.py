"""Help: all guides, one guide, its pictures, and putting a hint away."""

from flask import Blueprint, Flask, abort, redirect, render_template, request, send_from_directory, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Role
from tracker.web.house.drawing.languages import way_back
from tracker.web.house.guard import current_actor, needs_sign_in
from tracker.web.house.help import hints
from tracker.web.house.help.guides import PICTURES, guide_named, own_first, told

blueprint = Blueprint("help", __name__, url_prefix="/help")


@blueprint.get("")
@needs_sign_in
def index() -> str:
    """All guides, those of one's own work first."""
    return render_template("house/help/index.html", guides=own_first(_own_roles()))


@blueprint.get("/<name>")
@needs_sign_in
def guide(name: str) -> str:
    """One guide."""
    found = guide_named(name)
    if found is None:
        abort(404)
    text = told(found, url_for("help.guide", name="NAME"), url_for("help.picture", file="FILE"))
    return render_template("house/help/guide.html", guide=found, text=text, guides=own_first(_own_roles()))


@blueprint.get("/pictures/<file>")
@needs_sign_in
def picture(file: str) -> Response:
    """A picture of a guide."""
    answer = send_from_directory(PICTURES, file)
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer


@blueprint.post("/hints")
@needs_sign_in
def put_away() -> Response:
    """A hint, or all of them, is not shown again."""
    asked = request.form.get("hint", "")
    if asked != hints.ALL and asked not in hints.BY_ENDPOINT:
        abort(404)
    hints.put_away(asked)
    return redirect(way_back(request.form.get("back", "")) or url_for("home.desk"))


def _own_roles() -> tuple[Role, ...]:
    return tuple(current_actor().roles)


def register(app: Flask) -> None:
    """Hand the hint of a page to the layouts."""
    app.jinja_env.globals["hint_here"] = hints.hint_here
