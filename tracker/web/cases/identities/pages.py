"""The pages of reporters: a custodian asks, another person decides, and what was granted is opened for a short while."""

from dataclasses import asdict

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from tracker.domain.cases.identities.requesting import RequestPurpose
from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Refusal
from tracker.domain.house.say import Say
from tracker.services.cases import identities
from tracker.services.cases.identities.erasing import Erased
from tracker.web.cases.identities.forms import GRANT, DecideForm, EraseForm, RevealForm
from tracker.web.evidence.evidence import file_response
from tracker.web.house.guard import current_actor, needs, requires_fresh
from tracker.web.house.refusals import Page
from tracker.web.house.script_answers import Told, told, wants_json

blueprint = Blueprint("identities", __name__, url_prefix="/identities")
ASK, ERASE = "cases/identities/ask.html", "cases/identities/erase.html"


@blueprint.get("")
@blueprint.get("/<number>")
@needs(Permission.identity_reveal)
def ask(number: str = "") -> str:
    """Which case, and why."""
    form = RevealForm()
    form.number.data = number or request.args.get("number", "")
    return render_template(ASK, form=form)


@blueprint.post("")
@requires_fresh()
@needs(Permission.identity_reveal)
def reveal() -> AnyResponse | Page | Told:
    """Ask to open the reporters of a case. Nothing is shown before somebody else has agreed."""
    return _sent_request(RevealForm(), RequestPurpose.reveal, ASK)


@blueprint.get("/erase")
@needs(Permission.identity_reveal)
def ask_to_erase() -> str:
    """Which case, and on what basis."""
    return render_template(ERASE, form=EraseForm())


@blueprint.post("/erase")
@requires_fresh()
@needs(Permission.identity_reveal)
def erase() -> AnyResponse | Page | Told:
    """Ask to erase the reporters of a case."""
    return _sent_request(EraseForm(), RequestPurpose.erase, ERASE)


@blueprint.get("/requests")
@needs(Permission.identity_decide)
def requests() -> str | Told:
    """What this person asked, and what was asked where they decide."""
    actor = current_actor()
    if wants_json():
        return told(200, requests=[each.plain() for each in identities.requests_seen(actor)])
    return render_template("cases/identities/requests.html", seen=identities.requests_seen(actor), actor=actor)


@blueprint.get("/requests/<int:request_id>")
@needs(Permission.identity_decide)
def request_page(request_id: int) -> str | Told:
    """One request: what it says, and what may be done now."""
    seen = identities.request_seen(current_actor(), request_id)
    if wants_json():
        return told(200, **seen.plain())
    return render_template("cases/identities/request.html", seen=seen, form=DecideForm())


@blueprint.post("/requests/<int:request_id>")
@requires_fresh()
@needs(Permission.identity_decide)
def decide(request_id: int) -> AnyResponse | Page:
    """Grant or refuse; what is granted to be erased is erased."""
    form, actor = DecideForm(), current_actor()
    seen = identities.request_seen(actor, request_id)
    if not form.validate():
        return render_template("cases/identities/request.html", seen=seen, form=form), 422
    try:
        erased = identities.decide(actor, request_id, form.outcome.data == GRANT, form.decision.data or "")
    except Refusal as refusal:
        form.refuse(refusal)
        return render_template("cases/identities/request.html", seen=seen, form=form), refusal.status
    flash(_erased_words(erased) if erased else "已作出决定，并告知申请人。", "done")
    return redirect(url_for("identities.request_page", request_id=request_id))


@blueprint.post("/requests/<int:request_id>/open")
@requires_fresh()
@needs(Permission.identity_reveal)
def show(request_id: int) -> str | Told:
    """The reporters of a case; the fact is written before anything is shown."""
    found = identities.reveal(current_actor(), request_id)
    if wants_json():
        return told(200, number=found.number, reporters=[asdict(each) for each in found.reporters],
                    until=found.until.isoformat(), left=found.left)
    return render_template("cases/identities/show.html", found=found, request_id=request_id,
                           originals=identities.sealed_originals(found.number))


@blueprint.get("/originals/<int:evidence_id>")
@needs(Permission.identity_reveal)
def original(evidence_id: int) -> Response:
    """A sealed original, as a download, to who has its reporters open."""
    return file_response(identities.open_original(current_actor(), evidence_id), is_download=True)


def _sent_request(form: RevealForm | EraseForm, purpose: RequestPurpose, template: str) -> AnyResponse | Page | Told:
    if not form.validate():
        return render_template(template, form=form), 422
    document_no = form.document_no.data if isinstance(form, EraseForm) else ""
    try:
        asked = identities.ask(current_actor(), form.number.data, purpose, form.code.data, form.reason.data, document_no)
    except Refusal as refusal:
        form.refuse(refusal)
        return render_template(template, form=form), refusal.status
    if wants_json():
        return told(201, id=asked)
    flash("申请已提交，由另一名身份保管员或区领导审批。", "done")
    return redirect(url_for("identities.request_page", request_id=asked))


def _erased_words(erased: Erased) -> Say:
    return Say("已删除 {records} 条举报人记录，文字中隐去 {texts} 处。收不回的副本：备份，以及已发出的 {mails} 封邮件。", records=erased.records,
               texts=erased.texts, mails=erased.sent_mails)
