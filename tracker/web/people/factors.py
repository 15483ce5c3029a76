"""The second factor of the own account: set up, shown at the sign-in, its codes on paper, and taken away."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.errors import Refusal
from tracker.gateways.house.qr import qr_svg
from tracker.services.house.work import reading
from tracker.services.people.signing import factors
from tracker.web.house.drawing.languages import way_back
from tracker.web.house.guard import current_actor, current_session, needs_sign_in, requires_fresh, visit
from tracker.web.house.refusals import Page
from tracker.web.people.forms import SecondFactorForm

blueprint = Blueprint("factors", __name__, url_prefix="/account/second-factor")


@blueprint.get("")
@needs_sign_in
def mine() -> str:
    """How it stands with the own second factor; while it is being set up, with the code that the app reads."""
    return _own_page(SecondFactorForm())


@blueprint.post("/begin")
@requires_fresh()
@needs_sign_in
def begin() -> Response:
    """A new secret to read with the app."""
    factors.offer(current_actor())
    return redirect(url_for("factors.mine"))


@blueprint.post("/confirm")
@needs_sign_in
def confirm() -> str | Page:
    """The first code of it: in force from now on. The answer shows the codes for paper, once."""
    form = SecondFactorForm()
    if not form.validate():
        return _own_page(form), 422
    try:
        codes = factors.confirm(current_actor(), current_session().id, form.code.data, visit(current_actor().login))
    except Refusal as refusal:
        form.refuse(refusal)
        return _own_page(form), refusal.status
    return render_template("people/account/recovery_codes.html", codes=codes, is_new=True)


@blueprint.post("/codes")
@requires_fresh()
@needs_sign_in
def codes() -> str:
    """Ten other codes for paper, shown once."""
    return render_template("people/account/recovery_codes.html", codes=factors.renew_codes(current_actor()), is_new=False)


@blueprint.post("/remove")
@requires_fresh()
@needs_sign_in
def remove() -> Response:
    """No longer asked for, as before another phone."""
    factors.remove(current_actor())
    flash("动态口令已停用。", "done")
    return redirect(url_for("factors.mine"))


@blueprint.route("/check", methods=["GET", "POST"])
@needs_sign_in
def check() -> str | Response | Page:
    """After the password: nothing else opens in this session before a code was shown."""
    onward = way_back(request.args.get("next", "")) or url_for("home.desk")
    if not current_session().is_code_due:
        return redirect(onward)
    form = SecondFactorForm()
    if request.method == "GET":
        return render_template("people/account/second_factor_check.html", form=form)
    if not form.validate():
        return render_template("people/account/second_factor_check.html", form=form), 422
    try:
        factors.show(current_actor(), current_session().id, form.code.data, visit(current_actor().login))
    except Refusal as refusal:
        form.refuse(refusal)
        return render_template("people/account/second_factor_check.html", form=form), refusal.status
    return redirect(onward)


def _own_page(form: SecondFactorForm) -> str:
    stands = factors.standing_of(reading(), current_actor())
    return render_template(
        "people/account/second_factor.html", form=form, stands=stands, must_have=factors.must_have(current_actor()),
        is_owed=factors.is_owed(current_session().owes_factor_since), picture=qr_svg(stands.address) if stands.address else "")
