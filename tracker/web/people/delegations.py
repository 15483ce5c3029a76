"""Standing in (代): the own delegations, those of others for an administrator, and the choice of whom one acts for."""

from flask import Blueprint, Flask, flash, g, redirect, render_template, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.domain.house.errors import NotFound, Refusal
from tracker.domain.house.say import Say
from tracker.services.house.work import reading
from tracker.services.people import delegations
from tracker.storage.people import delegation_lines
from tracker.storage.people.delegation_lines import DelegationLine
from tracker.web.house.business_day import today
from tracker.web.house.guard import ACTING, current_actor, needs, needs_sign_in
from tracker.web.house.refusals import Page
from tracker.web.people.delegation_form import DelegationForm
from tracker.web.people.forms import ConfirmForm
from tracker.web.people.people import MANAGE, delegation_form, found_person, others, person_page

blueprint = Blueprint("delegations", __name__)


@blueprint.get("/my/delegations")
@needs_sign_in
def mine() -> str:
    """Whom I let act for me, and for whom I may act."""
    return _my_page(_my_form())


@blueprint.post("/my/delegations")
@needs_sign_in
def add() -> Response | Page:
    """Let somebody act for me."""
    form, actor = _my_form(), current_actor()
    if not form.validate():
        return _my_page(form), 422
    try:
        _make_delegation(actor.login, form)
    except Refusal as refusal:
        form.refuse(refusal)
        return _my_page(form), refusal.status
    return redirect(url_for("delegations.mine"))


@blueprint.route("/my/delegations/<int:delegation_id>/revoke", methods=["GET", "POST"])
@needs_sign_in
def revoke(delegation_id: int) -> str | Response:
    """Take it back, after a question."""
    line = _revocable_line(delegation_id, current_actor().id)
    return _ask_or_revoke(line, url_for("delegations.mine"))


@blueprint.post("/people/<login>/delegations")
@needs(MANAGE)
def add_for(login: str) -> Response | Page:
    """Let somebody act for a person who cannot arrange it themself."""
    person, form = found_person(login), delegation_form(login)
    if not form.validate():
        return person_page(person, substitute_form=form), 422
    try:
        _make_delegation(login, form)
    except Refusal as refusal:
        form.refuse(refusal)
        return person_page(person, substitute_form=form), refusal.status
    return redirect(url_for("people.person", login=login))


@blueprint.route("/people/<login>/delegations/<int:delegation_id>/revoke", methods=["GET", "POST"])
@needs(MANAGE)
def revoke_for(login: str, delegation_id: int) -> str | Response:
    """Take back somebody's delegation, after a question."""
    line = _revocable_line(delegation_id, found_person(login).id)
    return _ask_or_revoke(line, url_for("people.person", login=login))


@blueprint.post("/my/standing")
@needs_sign_in
def choose() -> Response:
    """From now on in person, or in somebody's place."""
    form, chosen = ConfirmForm(), request.form.get("delegation", "")
    if not form.validate():
        raise NotFound("没有这个地址。")
    session.pop(ACTING, None)
    if chosen:
        line = next((each for each in delegation_lines.open_to(reading(), current_actor().id, today().on)
                     if str(each.id) == chosen), None)
        if line is None:
            raise NotFound("没有这项委托，或它已经结束。")
        session[ACTING] = line.id
        flash(Say("现在代{principal}办理：只用其权限，每一步都记下是您代办的。", principal=line.principal), "done")
    else:
        flash("现在以您本人的身份办理。", "done")
    return redirect(url_for("home.desk"))


def open_standings() -> tuple[DelegationLine, ...]:
    """The people for whom the reader may act today; asked once for a page, and only where there are any."""
    if not current_user.is_authenticated or not current_user.standing.is_substitute:
        return ()
    if "open_standings" not in g:
        g.open_standings = delegation_lines.open_to(reading(), current_actor().id, today().on)
    return tuple(g.open_standings)


def _make_delegation(login: str, form: DelegationForm) -> None:
    from_on, to_on = form.days()
    delegations.delegate(current_actor(), login=login, substitute=form.substitute.data, from_on=from_on, to_on=to_on,
                   reason=form.reason.data or "")
    flash(Say("已委托 {substitute} 代办。", substitute=dict(others(login))[form.substitute.data]), "done")


def _my_form() -> DelegationForm:
    return DelegationForm().offer(others(current_actor().login))


def _my_page(form: DelegationForm) -> str:
    actor, now = current_actor(), today().on
    found = delegation_lines.of_person(reading(), actor.id, now)
    given, received = ([line for line in found if (line.principal_id == actor.id) is is_mine] for is_mine in (True, False))
    return render_template("people/account/delegations.html", form=form, given=given, received=received, now=now)


def _revocable_line(delegation_id: int, principal_id: int) -> DelegationLine:
    """A delegation of this person that can still be taken back."""
    line = delegation_lines.one(reading(), delegation_id)
    if line is None or line.principal_id != principal_id or line.stands(today().on) not in ("current", "coming"):
        raise NotFound("没有这项委托，或它已经结束。")
    return line


def _ask_or_revoke(line: DelegationLine, back: str) -> str | Response:
    """The question, or the deed."""
    if request.method == "GET" or not ConfirmForm().validate():
        return render_template("people/account/revoke.html", line=line, back=back)
    delegations.revoke(current_actor(), line.id)
    flash(Say("已收回对{substitute}的委托。", substitute=line.substitute), "done")
    return redirect(back)


def register(app: Flask) -> None:
    """Hand the choice of standing to the head of every page."""
    app.jinja_env.globals.update(open_standings=open_standings)
