"""Where somebody is signed in, and how they end it."""

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask_login import logout_user
from werkzeug.wrappers import Response

from tracker.domain.house.say import Say
from tracker.domain.people.kinds import SessionEnd
from tracker.services.house.work import reading, wiring
from tracker.services.people.signing import sessions
from tracker.storage.people import session_lines
from tracker.web.house.guard import current_actor, current_session, needs_sign_in

blueprint = Blueprint("own_sessions", __name__, url_prefix="/account/sessions")


@blueprint.get("", endpoint="sessions")
@needs_sign_in
def show_sessions() -> str:
    """Every browser in which this person is signed in."""
    lines = session_lines.open_of(reading(), current_actor().id, wiring().clock.now())
    return render_template("people/account/sessions.html", lines=lines, here=current_session().id)


@blueprint.post("/<int:session_id>/end")
@needs_sign_in
def end(session_id: int) -> Response:
    """One of them is over."""
    sessions.end(current_actor(), session_id, SessionEnd.ended_by_owner)
    if session_id == current_session().id:
        return _signed_out()
    flash("这个登录已结束。", "done")
    return redirect(url_for("own_sessions.sessions"))


@blueprint.post("/end-others")
@needs_sign_in
def end_others() -> Response:
    """All but this one are over."""
    count = sessions.end_own(current_actor(), keep=current_actor().sign_in)
    flash(Say("其他 {count} 个登录已结束。", count=count) if count else "没有其他登录。", "done")
    return redirect(url_for("own_sessions.sessions"))


@blueprint.post("/end-all")
@needs_sign_in
def end_all() -> Response:
    """All are over, this one too."""
    sessions.end_own(current_actor())
    return _signed_out()


def _signed_out() -> Response:
    logout_user()
    session.clear()
    flash("已全部退出，请重新登录。", "done")
    return redirect(url_for("accounts.sign_in"))
