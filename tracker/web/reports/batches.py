"""The batches of the register, and the papers that an office hands in of each."""

from urllib.parse import quote

from flask import Blueprint, Response, render_template, request

from tracker.domain.house.actor import Permission
from tracker.services.cases.papers.kinds import NO_PDF
from tracker.services.house.work import wiring
from tracker.services.reports import batches
from tracker.web.cases.papers import TYPES
from tracker.web.house.drawing.languages import in_chinese
from tracker.web.house.guard import current_actor, needs

blueprint = Blueprint("batches", __name__, url_prefix="/cases/batches")
MEDIA = {**TYPES, "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@blueprint.get("", endpoint="batches")
@needs(Permission.case_export)
def show_batches() -> str:
    """Which batches there are."""
    return render_template("reports/batches.html", batches=batches.known_batches(current_actor()), papers=batches.PAPERS,
                           forms=batches.FORMS, has_pdf=wiring().pdf is not None, no_pdf=NO_PDF)


@blueprint.get("/<paper>.<any(docx, xlsx, pdf):form>")
@needs(Permission.case_export)
@in_chinese
def paper(paper: str, form: str) -> Response:
    """One paper of the batch that the address names."""
    source, label = request.args.get("source", ""), request.args.get("batch", "")
    made = batches.write_batch(current_actor(), source, label, paper, form)
    response = Response(made.content, mimetype=MEDIA[form])
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(made.name, safe='')}"
    return response
