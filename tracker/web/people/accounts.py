"""The way in and out."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from tracker.domain.house.errors import NotFound, Refusal
from tracker.domain.people.kinds import SessionEnd
from tracker.services.house.work import reading, wiring
from tracker.services.people import accounts
from tracker.services.people.sign_in import sign_in as open_session
from tracker.services.people.signing import forgotten, own_week, sessions
from tracker.storage.people import people
from tracker.web.house.drawing.languages import way_back
from tracker.web.house.entry import browsers
from tracker.web.house.guard import current_actor, current_session, let_in, needs_sign_in, public, requires_fresh, visit
from tracker.web.house.help import hints
from tracker.web.house.refusals import Page
from tracker.web.people.forms import ColleagueForm, ForgottenForm, LinkForm, PasswordForm, SignInForm

blueprint = Blueprint("accounts", __name__)


@blueprint.route("/login", methods=["GET", "POST"])
@public
def sign_in() -> str | Response | Page:
    """The only page of the staff door that strangers see."""
    if current_user.is_authenticated:
        return redirect(_next_path())
    form = SignInForm()
    if request.method == "GET":
        return render_template("people/account/sign_in.html", form=form, has_home=bool(wiring().home_area),
                               is_anybody_known=people.is_anybody_known(reading()))
    if not form.validate():
        return render_template("people/account/sign_in.html", form=form), 422
    try:
        token = open_session(form.login.data, form.password.data, visit(form.login.data), is_own_device=form.is_own_device.data)
    except Refusal as refusal:
        form.refuse(refusal)
        return render_template("people/account/sign_in.html", form=form), refusal.status
    let_in(token)
    hints.remember_open()
    return browsers.remember(redirect(_next_path()), form.login.data)


@blueprint.post("/logout")
@needs_sign_in
def sign_out() -> Response:
    """Leave; everything that the session held goes too, but for the language. Cookies of it that come late admit nobody. The
    browser drops the pages that it kept; drafts stay, and so do cookies, which other ports of this host share."""
    language = session.get("language")
    sessions.end(current_actor(), current_session().id, SessionEnd.signed_out)
    logout_user()
    session.clear()
    if language:
        session["language"] = language
    flash("已退出。", "done")
    answer = redirect(url_for("accounts.sign_in"))
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@blueprint.get("/my")
@needs_sign_in
def mine() -> str:
    """The own account: password and substitutes."""
    return render_template("people/account/mine.html", colleague_form=_colleague_form())


@blueprint.post("/my/colleague-link")
@needs_sign_in
def ask_for_colleague() -> Response | Page:
    """The head of a unit asks for a link for a colleague, and never sees it."""
    form = _colleague_form()
    if form is None:
        raise NotFound("没有这个页面，或您无权查看。")
    if not form.validate():
        return render_template("people/account/mine.html", colleague_form=form), 422
    try:
        is_mailed = forgotten.ask_for_colleague(current_actor(), form.colleague.data)
    except Refusal as refusal:
        form.refuse(refusal)
        return render_template("people/account/mine.html", colleague_form=form), refusal.status
    flash("设密码的链接已寄到本人邮箱，两小时内有效。" if is_mailed else "已请管理员出交接单，当面交给本人。", "done")
    return redirect(url_for("accounts.mine"))


@blueprint.route("/account/forgotten", methods=["GET", "POST"], endpoint="forgotten")
@public
def show_forgotten() -> str | Page:
    """Who forgot their password asks for a link. The answer is the same whether there is such a login or not."""
    form = ForgottenForm()
    if request.method == "GET":
        return render_template("people/account/forgotten.html", form=form, is_done=False)
    if not form.validate():
        return render_template("people/account/forgotten.html", form=form, is_done=False), 422
    forgotten.ask_for_own(form.login.data)
    return render_template("people/account/forgotten.html", form=form, is_done=True)


@blueprint.route("/password", methods=["GET", "POST"])
@needs_sign_in
def password() -> str | Response | Page:
    """The own password changed; every other session of this person ends."""
    form = PasswordForm()
    if request.method == "GET":
        return render_template("people/account/password.html", form=form)
    if not form.validate():
        return render_template("people/account/password.html", form=form), 422
    try:
        accounts.change_password(current_actor(), old=form.password.data, new=form.new_password.data,
                                 visit=visit(current_actor().login))
    except Refusal as refusal:
        form.refuse(refusal)
        return render_template("people/account/password.html", form=form), refusal.status
    flash("密码已修改，其他设备上的登录已全部退出。", "done")
    return redirect(url_for("home.desk"))


@blueprint.route("/account/link", methods=["GET", "POST"])
@public
def set_password() -> str | Response | Page:
    """Who holds a link sets their own password."""
    form = LinkForm()
    if request.method == "GET":
        return render_template("people/account/set_password.html", form=form)
    if not form.validate():
        return render_template("people/account/set_password.html", form=form), 422
    try:
        accounts.set_by_link(code=form.code.data, password=form.new_password.data)
    except Refusal as refusal:
        form.refuse(refusal)
        return render_template("people/account/set_password.html", form=form), refusal.status
    flash("密码已设好，请用它登录。", "done")
    return redirect(url_for("accounts.sign_in"))


@blueprint.route("/account/not-me/<code>", methods=["GET", "POST"])
@public
def not_me(code: str) -> str:
    """Who got the letter of their week says that something in it was not theirs; they need not be able to sign in."""
    if request.method == "POST":
        own_week.report_not_me(code)
    return render_template("people/account/not_me.html", is_done=request.method == "POST")


@blueprint.post("/account/confirm")
@requires_fresh()
@needs_sign_in
def confirm() -> Response:
    """The password typed again for a page that asked for it: on to that page."""
    return redirect(_next_path())


def _colleague_form() -> ColleagueForm | None:
    """For who heads a unit with others in it."""
    colleagues = forgotten.colleagues_of(reading(), current_actor())
    return ColleagueForm().offer(tuple(colleagues)) if colleagues else None


def _next_path() -> str:
    """Where the person was going: a path of this site, or the desk."""
    return way_back(request.args.get("next", "")) or url_for("home.desk")
