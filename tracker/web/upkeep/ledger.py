"""The ledger for everybody who works with it: how it stands, and whether a mail in one's hand agrees with it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Refusal
from tracker.domain.upkeep.wording import INCIDENTS, VERIFY_KINDS
from tracker.services.upkeep import standing, verifying
from tracker.services.upkeep.proofs import comparing
from tracker.services.upkeep.proofs.comparing import ComparedHeads
from tracker.web.house.drawing.languages import gettext, tr
from tracker.web.house.forms import HouseForm, long_text
from tracker.web.house.guard import current_actor, needs, needs_sign_in
from tracker.web.house.refusals import Page

blueprint = Blueprint("ledger", __name__, url_prefix="/ledger")


class CheckForm(HouseForm):
    """What somebody holds."""

    text = long_text("邮件、报告或检查点里的文字", longest=200_000, rows=8,
                     hint="把末尾“账本 …”那一行贴进来就可以；整封邮件、整个检查点也可以。")


@blueprint.get("", endpoint="ledger")
@needs_sign_in
def show() -> str:
    """How the ledger stands."""
    return render_template("upkeep/ledger/show.html", ledger=standing.standing(), incidents=INCIDENTS, kinds=VERIFY_KINDS,
                           may_verify=current_actor().has(Permission.ledger_verify))


@blueprint.post("/verify")
@needs(Permission.ledger_verify)
def verify() -> AnyResponse | Page:
    """A full verification, in the background."""
    try:
        verifying.ask(current_actor())
        flash(gettext("已申请完整核验，由时钟进程在后台办理；结果会列在这里，也会写进账本。"))
    except Refusal as refusal:
        flash(tr(refusal.sentence), "warn")
    return redirect(url_for("ledger.ledger"))


@blueprint.route("/check", methods=["GET", "POST"])
@needs_sign_in
def check() -> str | Page:
    """Whether what somebody holds agrees with the ledger."""
    form, found, status = CheckForm(), None, 200
    if request.method == "POST":
        found, status = _compared_text(form)
    page = render_template("upkeep/ledger/check.html", form=form, found=found)
    return (page, status) if status != 200 else page


def _compared_text(form: CheckForm) -> tuple[ComparedHeads | None, int]:
    if not form.validate():
        return None, 422
    try:
        return comparing.compare_text(form.text.data), 200
    except Refusal as refusal:
        form.refuse(refusal)
        return None, refusal.status
