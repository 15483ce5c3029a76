"""People, their roles and their units."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.actor import Permission, Role
from tracker.domain.errors import NotFound, Refusal
from tracker.domain.wording import word
from tracker.services import accounts, rules
from tracker.storage.queries import people as lists
from tracker.storage.queries.people import PersonLine
from tracker.web.forms.accounts import ConfirmForm, DeactivateForm, GrantForm, PersonForm, RevokeForm
from tracker.web.forms.base import Choices
from tracker.web.guard import current_actor, needs
from tracker.web.refusals import Page
from tracker.web.today import today

blueprint = Blueprint("people", __name__, url_prefix="/people")
MANAGE = Permission.account_manage


@blueprint.get("", endpoint="people")
@needs(Permission.people_read)
def show_people() -> str:
    """Everybody, with unit and roles."""
    q = request.args.get("q", "").strip()[:60]
    found = lists.people(current_actor().scope(), q)
    return render_template("people/list.html", people=found, q=q, may_manage=current_actor().has(MANAGE))


@blueprint.route("/add", methods=["GET", "POST"])
@needs(MANAGE)
def add() -> str | Response | Page:
    """A new person; the password is shown once, on the page that follows."""
    form = PersonForm().offer(lists.options(current_actor().scope(), today().on).units, areas())
    if request.method == "GET":
        return render_template("people/add.html", form=form)
    if not form.validate():
        return render_template("people/add.html", form=form), 422
    try:
        added = accounts.add_person(
            current_actor(), login=form.login.data, name=form.name.data, unit=form.unit.data or None, roles=[form.grant()],
            email=form.email.data or None, title=form.title.data or "")
    except Refusal as refusal:
        form.refuse(refusal)
        return render_template("people/add.html", form=form), refusal.status
    return render_template("people/password.html", login=added.login, name=form.name.data, password=added.password), 200


@blueprint.get("/<login>")
@needs(Permission.people_read)
def person(login: str) -> str:
    """One person."""
    return _person_page(_found(login))


@blueprint.post("/<login>/grant")
@needs(MANAGE)
def grant(login: str) -> Response | Page:
    """One more role."""
    found, form = _found(login), _grant_form()
    if not form.validate():
        return _person_page(found, grant_form=form), 422
    try:
        accounts.grant(current_actor(), login=login, role=Role(form.role.data), area_code=form.area_code.data or "")
    except Refusal as refusal:
        form.refuse(refusal)
        return _person_page(found, grant_form=form), refusal.status
    flash(f"{found.name} 现为{word(Role(form.role.data))}。", "done")
    return redirect(url_for("people.person", login=login))


@blueprint.post("/<login>/revoke")
@needs(MANAGE)
def revoke(login: str) -> Response:
    """One role less."""
    found, form = _found(login), RevokeForm()
    if not form.validate():
        raise NotFound("没有这个角色。")
    accounts.revoke(current_actor(), login=login, role=Role(form.role.data), area_code=form.area_code.data or "")
    flash(f"{found.name} 不再是{word(Role(form.role.data))}。", "done")
    return redirect(url_for("people.person", login=login))


@blueprint.post("/<login>/reset-password")
@needs(MANAGE)
def reset_password(login: str) -> str:
    """A new password, shown once."""
    found, form = _found(login), ConfirmForm()
    if not form.validate():
        raise NotFound("没有这个地址。")
    secret = accounts.reset_password(current_actor(), login=login)
    return render_template("people/password.html", login=login, name=found.name, password=secret)


@blueprint.post("/<login>/deactivate")
@needs(MANAGE)
def deactivate(login: str) -> Response | Page:
    """The end of an account; open work goes to an heir."""
    found, form = _found(login), _deactivate_form(login)
    if not form.validate():
        return _person_page(found, deactivate_form=form), 422
    try:
        accounts.deactivate(current_actor(), login=login, heir=form.heir.data or None)
    except Refusal as refusal:
        form.refuse(refusal)
        return _person_page(found, deactivate_form=form), refusal.status
    flash(f"{found.name} 的账号已停用。", "done")
    return redirect(url_for("people.person", login=login))


def areas() -> Choices:
    """Every area of today, for a role may be held above the administrator's own."""
    return tuple((area.code, area.name) for area in rules.gazetteer().existing_on(today().on))


def _found(login: str) -> PersonLine:
    found = lists.person(current_actor().scope(), login)
    if found is None:
        raise NotFound(f"没有登录名为“{login}”的人员。")
    return found


def _grant_form() -> GrantForm:
    return GrantForm(prefix="grant").offer(areas())


def _deactivate_form(login: str) -> DeactivateForm:
    others = lists.options(current_actor().scope(), today().on).people
    return DeactivateForm(prefix="end").offer(tuple(other for other in others if other[0] != login))


def _person_page(found: PersonLine, *, grant_form: GrantForm | None = None, deactivate_form: DeactivateForm | None = None) -> str:
    if not current_actor().has(MANAGE) or found.deactivated_on is not None:
        return render_template("people/person.html", person=found)
    return render_template(
        "people/person.html", person=found, grant_form=grant_form or _grant_form(),
        deactivate_form=deactivate_form or _deactivate_form(found.login), confirm=ConfirmForm(),
    )
