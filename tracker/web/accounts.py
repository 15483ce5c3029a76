"""The way in and out."""

from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from tracker.domain.errors import Refusal
from tracker.services import accounts
from tracker.web.forms.accounts import PasswordForm, SignInForm
from tracker.web.guard import current_actor, needs_sign_in, public, signed_in
from tracker.web.refusals import Page

blueprint = Blueprint("accounts", __name__)


@blueprint.route("/login", methods=["GET", "POST"])
@public
def sign_in() -> str | Response | Page:
    """The only page of the staff door that strangers see."""
    if current_user.is_authenticated:
        return redirect(_next())
    form = SignInForm()
    if request.method == "GET":
        return render_template("accounts/sign_in.html", form=form)
    if not form.validate():
        return render_template("accounts/sign_in.html", form=form), 422
    try:
        actor = accounts.authenticate(form.login.data, form.password.data, request.remote_addr or "")
    except Refusal as refusal:
        form.refuse(refusal)
        return render_template("accounts/sign_in.html", form=form), refusal.status
    session.permanent = True
    login_user(signed_in(actor.id))
    return redirect(_next())


@blueprint.post("/logout")
@needs_sign_in
def sign_out() -> Response:
    """Leave; everything that the session held goes too."""
    logout_user()
    session.clear()
    flash("已退出。", "done")
    return redirect(url_for("accounts.sign_in"))


@blueprint.route("/password", methods=["GET", "POST"])
@needs_sign_in
def password() -> str | Response | Page:
    """The own password changed; every other session of this person ends."""
    form, actor = PasswordForm(), current_actor()
    if request.method == "GET":
        return render_template("accounts/password.html", form=form)
    if not form.validate():
        return render_template("accounts/password.html", form=form), 422
    try:
        accounts.change_password(actor, old=form.password.data, new=form.new_password.data)
    except Refusal as refusal:
        form.refuse(refusal)
        return render_template("accounts/password.html", form=form), refusal.status
    login_user(signed_in(actor.id))
    flash("密码已修改，其他设备上的登录已全部退出。", "done")
    return redirect(url_for("home.desk"))


def _next() -> str:
    """Where the person was going: a path of this site, or the desk."""
    wanted = request.args.get("next", "")
    parts = urlsplit(wanted)
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    is_plain = all(32 < ord(c) < 127 or ord(c) > 160 for c in wanted) and "\\" not in wanted
    if is_ours and is_plain and not wanted.startswith(current_app.static_url_path or "/static"):
        return wanted
    return url_for("home.desk")
