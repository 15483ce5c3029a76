"""People, their roles and their units."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.cases.wording import word
from tracker.domain.house.actor import NEEDS_SECOND, Permission, Role
from tracker.domain.house.errors import NotFound, Refusal
from tracker.domain.house.fields import Choices
from tracker.domain.house.say import Say
from tracker.domain.people.kinds import ACCOUNT_STATES, AccountState, PersonKind
from tracker.services.house.work import reading, wiring
from tracker.services.people import accounts
from tracker.services.people.signing import factors
from tracker.services.people.signing.links import PasswordLink
from tracker.services.rules import rules
from tracker.storage.people import delegation_lines, people
from tracker.storage.people.account_states import account_states
from tracker.storage.people.people import PersonLine
from tracker.web.house.business_day import today
from tracker.web.house.guard import current_actor, needs, requires_fresh
from tracker.web.house.refusals import Page
from tracker.web.house.undoing import tell_done, undo_of_grant, undo_of_revoke
from tracker.web.people.delegation_form import DelegationForm
from tracker.web.people.forms import ConfirmForm, DeactivateForm, EmailForm, GrantForm, HeadForm, PersonForm, RevokeForm
from tracker.web.people.proposals import waiting_here

blueprint = Blueprint("people", __name__, url_prefix="/people")
MANAGE = Permission.account_manage


@blueprint.get("", endpoint="people")
@needs(Permission.people_read)
def show_people() -> str:
    """Everybody, with unit and roles."""
    q = request.args.get("q", "").strip()[:60]
    found = people.people(reading(), current_actor().scope(), q)
    states = _account_states()
    late = sum(states.get(each.id) == ACCOUNT_STATES[AccountState.expired] and bool(each.email) for each in found)
    return render_template("people/list.html", people=found, q=q, proposals=waiting_here(), states=states, late=late,
                           may_manage=current_actor().has(MANAGE))


def asks_for_second() -> bool:
    """Whether the form asks for a role that needs a second person: then the first shows again that it is them."""
    return (request.form.get("role") or request.form.get("grant-role")) in NEEDS_SECOND


@blueprint.route("/add", methods=["GET", "POST"])
@requires_fresh(asks_for_second)
@needs(MANAGE)
def add() -> str | Response | Page:
    """A new person, who sets their own password with a link: mailed, or handed over from the page that follows."""
    form = PersonForm().offer(people.options(reading(), current_actor().scope(), today().on).units, areas())
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
    return link_answer(added.link, Say("已添加 {name}。", name=form.name.data))


@blueprint.get("/<login>")
@needs(Permission.people_read)
def person(login: str) -> str:
    """One person."""
    return person_page(found_person(login))


@blueprint.post("/<login>/grant")
@requires_fresh(asks_for_second)
@needs(MANAGE)
def grant(login: str) -> Response | Page:
    """One more role."""
    found, form = found_person(login), _grant_form()
    if not form.validate():
        return person_page(found, grant_form=form), 422
    try:
        waits = accounts.grant(current_actor(), login=login, role=Role(form.role.data), area_code=form.area_code.data or "")
    except Refusal as refusal:
        form.refuse(refusal)
        return person_page(found, grant_form=form), refusal.status
    _tell_granted(found, form, waits)
    return redirect(url_for("people.person", login=login))


def _tell_granted(found: PersonLine, form: GrantForm, waits: bool) -> None:
    if waits:
        flash(Say("已提请授予 {name} 角色“{role}”，72 小时内须由另一人确认。", name=found.name, role=Say(word(Role(form.role.data)))), "done")
        return
    tell_done(Say("{name} 现为{role}。", name=found.name, role=Say(word(Role(form.role.data)))),
              undo_of_grant(found, form.role.data, form.area_code.data or ""))


@blueprint.post("/<login>/revoke")
@needs(MANAGE)
def revoke(login: str) -> Response:
    """One role less."""
    found, form = found_person(login), RevokeForm()
    if not form.validate():
        raise NotFound("没有这个角色。")
    accounts.revoke(current_actor(), login=login, role=Role(form.role.data), area_code=form.area_code.data or "")
    tell_done(Say("{name} 不再是{role}。", name=found.name, role=Say(word(Role(form.role.data)))),
              undo_of_revoke(current_actor(), found, form.role.data, form.area_code.data or ""))
    return redirect(url_for("people.person", login=login))


@blueprint.post("/<login>/head")
@needs(MANAGE)
def head(login: str) -> Response:
    """Heads the unit, or no longer."""
    found, form = found_person(login), HeadForm()
    if not form.validate():
        raise NotFound("没有这个地址。")
    accounts.set_head(current_actor(), login=login, is_head=form.is_head.data)
    flash(Say("{found_name} 现为本单位负责人，超期提醒也会发给本人。", found_name=found.name) if form.is_head.data
          else Say("{found_name} 不再是本单位负责人。", found_name=found.name), "done")
    return redirect(url_for("people.person", login=login))


@blueprint.post("/<login>/reset-password")
@needs(MANAGE)
def reset_password(login: str) -> str | Response | Page:
    """The password is no longer good; a link to set another goes to the person."""
    found, form = found_person(login), ConfirmForm()
    if not form.validate():
        raise NotFound("没有这个地址。")
    return link_answer(accounts.reset_password(current_actor(), login=login), Say("{name} 的密码已重置。", name=found.name))


@blueprint.post("/<login>/reset-factor")
@requires_fresh()
@needs(MANAGE)
def reset_factor(login: str) -> Response:
    """Phone and codes are lost: the second factor goes, and every session of theirs."""
    found = found_person(login)
    factors.reset(current_actor(), login=login)
    flash(Say("{name} 的动态口令已重置，其登录已全部结束。", name=found.name), "done")
    return redirect(url_for("people.person", login=login))


@blueprint.post("/invite-expired")
@needs(MANAGE)
def invite_expired() -> Response:
    """Another link by mail for all whose link ran out."""
    if not ConfirmForm().validate():
        raise NotFound("没有这个地址。")
    flash(Say("已给 {count} 人再寄了一次设密码的链接。", count=accounts.invite_expired(current_actor())), "done")
    return redirect(url_for("people.people"))


@blueprint.post("/<login>/invite")
@needs(MANAGE)
def invite(login: str) -> str | Response | Page:
    """Another link for somebody who never set a password."""
    found, form = found_person(login), ConfirmForm()
    if not form.validate():
        raise NotFound("没有这个地址。")
    return link_answer(accounts.invite_again(current_actor(), login=login), Say("给 {name} 再发了一次。", name=found.name))


@blueprint.post("/<login>/email")
@needs(MANAGE)
def email(login: str) -> Response | Page:
    """Another address for their mail."""
    found, form = found_person(login), EmailForm(prefix="mail")
    if not form.validate():
        return person_page(found, email_form=form), 422
    try:
        is_news = accounts.change_email(current_actor(), login=login, email=form.email.data)
    except Refusal as refusal:
        form.refuse(refusal)
        return person_page(found, email_form=form), refusal.status
    flash("邮箱已更改，已告诉本人和审计员。" if is_news else "邮箱没有变化。", "done")
    return redirect(url_for("people.person", login=login))


@blueprint.post("/<login>/deactivate")
@needs(MANAGE)
def deactivate(login: str) -> Response | Page:
    """The end of an account; open work goes to an heir."""
    found, form = found_person(login), _deactivate_form(login)
    if not form.validate():
        return person_page(found, deactivate_form=form), 422
    try:
        accounts.deactivate(current_actor(), login=login, heir=form.heir.data or None)
    except Refusal as refusal:
        form.refuse(refusal)
        return person_page(found, deactivate_form=form), refusal.status
    flash(Say("{found_name} 的账号已停用。", found_name=found.name), "done")
    return redirect(url_for("people.person", login=login))


def link_answer(link: PasswordLink | None, told: Say) -> str | Response:
    """Where the link went: a slip to hand over, or the way back to the person with the news."""
    assert link is not None
    if link.mailed_at is None:
        return render_template("people/slip.html", link=link)
    is_late = link.mailed_at > wiring().clock.now()
    flash(Say("{told}邮箱刚改过，设密码的链接过了等待期才寄出。", told=told) if is_late
          else Say("{told}设密码的链接已寄往本人邮箱。", told=told), "done")
    return redirect(url_for("people.person", login=link.login))


def areas() -> Choices:
    """Every area of today, for a role may be held above the administrator's own."""
    return tuple((area.code, area.name) for area in rules.gazetteer().existing_on(today().on))


def found_person(login: str) -> PersonLine:
    """The person with this login. Raises `NotFound`."""
    found = people.person(reading(), current_actor().scope(), login)
    if found is None:
        raise NotFound(Say("没有登录名为“{login}”的人员。", login=login))
    return found


def _account_states() -> dict[int, str]:
    """Who can sign in already, in words, by id."""
    return {person: ACCOUNT_STATES[state] for person, state in account_states(reading(), wiring().clock.now()).items()}


def _grant_form() -> GrantForm:
    return GrantForm(prefix="grant").offer(areas())


def _deactivate_form(login: str) -> DeactivateForm:
    return DeactivateForm(prefix="end").offer(others(login))


def others(login: str) -> Choices:
    """Everybody in office but this person."""
    return tuple(other for other in people.options(reading(), current_actor().scope(), today().on).people if other[0] != login)


def delegation_form(login: str) -> DelegationForm:
    """The form in which an administrator lets somebody act for this person."""
    return DelegationForm(prefix="sub").offer(others(login))


def person_page(found: PersonLine, *, grant_form: GrantForm | None = None, deactivate_form: DeactivateForm | None = None,
                substitute_form: DelegationForm | None = None, email_form: EmailForm | None = None) -> str:
    """One person, with the forms of an administrator where the reader is one."""
    told = {"person": found, "lines": delegation_lines.of_person(reading(), found.id, today().on), "now": today().on,
            "state": account_states(reading(), wiring().clock.now()).get(found.id), "states": ACCOUNT_STATES}
    if not current_actor().has(MANAGE) or found.deactivated_on is not None:
        return render_template("people/person.html", **told)
    if found.kind is PersonKind.service:
        return render_template("people/person.html", **told, deactivate_form=deactivate_form or _deactivate_form(found.login))
    return render_template(
        "people/person.html", **told, grant_form=grant_form or _grant_form(), substitute_form=substitute_form
        or delegation_form(found.login),
        deactivate_form=deactivate_form or _deactivate_form(found.login),
        has_factor=factors.is_in_force(reading(), found.id),
        head_form=HeadForm(is_head=found.is_head), email_form=email_form or EmailForm(prefix="mail", email=found.email),
    )
