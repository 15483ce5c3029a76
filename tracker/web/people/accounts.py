"""The way in and out."""

from secrets import token_hex

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from tracker.domain.house.errors import Refusal
from tracker.services.house.work import reading
from tracker.services.people import accounts
from tracker.storage.people import people
from tracker.web.house.drawing.languages import way_back
from tracker.web.house.guard import ACTING, MARK, current_actor, needs_sign_in, public, signed_in
from tracker.web.house.refusals import Page
from tracker.web.people.forms import PasswordForm, SignInForm

blueprint = Blueprint("accounts", __name__)


@blueprint.route("/login", methods=["GET", "POST"])
@public
def sign_in() -> str | Response | Page:
    """The only page of the staff door that strangers see."""
    if current_user.is_authenticated:
        return redirect(_next_path())
    form = SignInForm()
    if request.method == "GET":
        return render_template("people/account/sign_in.html", form=form, is_anybody_known=people.is_anybody_known(reading()))
    if not form.validate():
        return render_template("people/account/sign_in.html", form=form), 422
    try:
        actor = accounts.authenticate(form.login.data, form.password.data, request.remote_addr or "")
    except Refusal as refusal:
        form.refuse(refusal)
        return render_template("people/account/sign_in.html", form=form), refusal.status
    session.pop(ACTING, None)
    session.permanent, session[MARK] = True, token_hex(16)
    login_user(signed_in(actor.id))
    return redirect(_next_path())


@blueprint.post("/logout")
@needs_sign_in
def sign_out() -> Response:
    """Leave; everything that the session held goes too, but for the language. Cookies of it that come late admit nobody."""
    language, mark = session.get("language"), session.get(MARK)
    if mark:
        accounts.end_session(mark)
    logout_user()
    session.clear()
    if language:
        session["language"] = language
    flash("已退出。", "done")
    return redirect(url_for("accounts.sign_in"))


@blueprint.get("/my")
@needs_sign_in
def mine() -> str:
    """The own account: password and substitutes."""
    return render_template("people/account/mine.html")


@blueprint.route("/password", methods=["GET", "POST"])
@needs_sign_in
def password() -> str | Response | Page:
    """The own password changed; every other session of this person ends."""
    form, actor = PasswordForm(), current_actor()
    if request.method == "GET":
        return render_template("people/account/password.html", form=form)
    if not form.validate():
        return render_template("people/account/password.html", form=form), 422
    try:
        accounts.change_password(actor, old=form.password.data, new=form.new_password.data)
    except Refusal as refusal:
        form.refuse(refusal)
        return render_template("people/account/password.html", form=form), refusal.status
    login_user(signed_in(actor.id))
    flash("密码已修改，其他设备上的登录已全部退出。", "done")
    return redirect(url_for("home.desk"))


def _next_path() -> str:
    """Where the person was going: a path of this site, or the desk."""
    return way_back(request.args.get("next", "")) or url_for("home.desk")
