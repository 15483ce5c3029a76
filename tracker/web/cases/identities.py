"""The custodian's page: a reporter, for a reason that goes into the ledger."""

from flask import Blueprint, Response, render_template, request

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Refusal
from tracker.services.cases import identities
from tracker.web.evidence.evidence import file_response
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.refusals import Page
from tracker.web.people.forms import RevealForm

blueprint = Blueprint("identities", __name__, url_prefix="/identities")


@blueprint.get("")
@blueprint.get("/<number>")
@needs(Permission.identity_reveal)
def ask(number: str = "") -> str:
    """Which case, and why."""
    form = RevealForm()
    form.number.data = number or request.args.get("number", "")
    return render_template("cases/identities/ask.html", form=form)


@blueprint.post("")
@needs(Permission.identity_reveal)
def reveal() -> str | Page:
    """The reporters of a case; the fact is written before anything is shown."""
    form = RevealForm()
    if not form.validate():
        return render_template("cases/identities/ask.html", form=form), 422
    try:
        found = identities.reveal(current_actor(), form.number.data, form.reason.data)
    except Refusal as refusal:
        form.refuse(refusal)
        return render_template("cases/identities/ask.html", form=form), refusal.status
    number = form.number.data.strip().upper()
    return render_template("cases/identities/show.html", number=number, reporters=found,
                           originals=identities.sealed_originals(number))


@blueprint.get("/originals/<int:evidence_id>")
@needs(Permission.identity_reveal)
def original(evidence_id: int) -> Response:
    """A sealed original, as a download, to who has just said why."""
    return file_response(identities.open_original(current_actor(), evidence_id), is_download=True)
