"""`/setup`: five screens with the code's, none of which stores anything but the last."""

from collections.abc import Callable

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.errors import NotFound, Refusal
from tracker.domain.house.identifiers import format_document_number
from tracker.domain.territory.offices import checked
from tracker.domain.territory.territory import Area
from tracker.services.house.work import reading, wiring
from tracker.services.mail.way_out import ENCRYPTIONS, MailWay, try_out, way_of
from tracker.services.people.accounts import checked_login
from tracker.services.people.units import checked_email
from tracker.services.rules import reference
from tracker.services.upkeep.founding import claiming
from tracker.services.upkeep.founding.seeding import proposed_names
from tracker.services.upkeep.founding.setting_up import fit_place, place_named, set_up
from tracker.web.house.business_day import today
from tracker.web.house.guard import public
from tracker.web.house.refusals import Page
from tracker.web.upkeep.founding.answers import Answers, opened
from tracker.web.upkeep.founding.forms import CodeForm, OfficeForm, PersonMailForm, PlaceForm, UnitsForm

blueprint = Blueprint("setup", __name__, url_prefix="/setup")
Shown = str | Response | Page
ABSENT = "没有这个页面。"
MAIL = ("server", "encryption", "port", "user", "sender", "to", "is_later")


@blueprint.get("")
@public
def begin() -> str:
    """The box for the code, while there is nobody; nothing else is told to who has none."""
    if claiming.is_claimed(reading()):
        raise NotFound(ABSENT)
    return render_template("upkeep/setup/code.html", form=CodeForm())


@blueprint.post("")
@public
def go_on() -> Shown:
    """The answer to one screen: the next one, or the same with what is wrong."""
    answers = opened(request.form.get("answers", ""))
    if claiming.is_claimed(reading()):
        if answers is None:
            raise NotFound(ABSENT)
        claiming.require_unclaimed(reading())
    if answers is None:
        return _take_code()
    claiming.check_code(reading(), answers.code)
    if back := BACK.get(request.form.get("back", "")):
        return back(_with_typed(answers))
    return TAKERS.get(request.form.get("screen", ""), _take_place)(answers)


def _with_typed(answers: Answers) -> Answers:
    """Who goes back finds again what was typed on the screen that was left."""
    screen = request.form.get("screen", "")
    if screen == "names":
        return answers.having(office=OfficeForm().given())
    if screen == "person":
        form = PersonMailForm()
        return answers.having(login=form.login.data or "", name=form.name.data or "", email=form.email.data or "",
                              mail={name: form[name].data for name in MAIL})
    return answers


def _take_code() -> Shown:
    form = CodeForm()
    if not form.validate():
        return render_template("upkeep/setup/code.html", form=form), 422
    try:
        claiming.check_code(reading(), form.code.data)
    except NotFound as refusal:
        form.refuse(refusal)
        return render_template("upkeep/setup/code.html", form=form), refusal.status
    return _show_place(Answers(code=form.code.data))


# --- where ------------------------------------------------------------------------------------------------------------------


def _show_place(answers: Answers, form: PlaceForm | None = None, at: str = "", found: tuple[Area, ...] = ()) -> str:
    country = reference.country()
    here = country.area(at) if at else None
    above = (*country.above(at), *((here,) if here else ()))
    return render_template("upkeep/setup/place.html", form=form or PlaceForm(formdata=None), answers=answers, at=at, above=above,
                           here=here if here and len(here.code) > 2 else None, full_name=country.full_name,
                           parts=found or country.parts(at, today().on), is_found=bool(found))


def _take_place(answers: Answers) -> Shown:
    form, at, pick = PlaceForm(), request.form.get("at", ""), request.form.get("pick", "")
    try:
        if pick:
            return _show_names(answers.having(area_code=fit_place(place_named(pick, today().on)).code))
        if form.area.data:
            found = reference.country().candidates(form.area.data)
            now = tuple(each for each in found if each.exists_on(today().on) and len(each.code) > 2)
            if len(now) > 1:
                return _show_place(answers, form, found=now)
            return _show_place(answers, form, at=place_named(form.area.data, today().on).code)
    except Refusal as refusal:
        form.refuse(refusal)
        return _show_place(answers, form), refusal.status
    return _show_place(answers, at=at if reference.country().area(at) else "")


# --- names ------------------------------------------------------------------------------------------------------------------


def _show_names(answers: Answers, form: OfficeForm | None = None) -> str:
    given = answers.office or proposed_names(answers.area_code)
    shown = form or OfficeForm(formdata=None, data=given)
    return render_template("upkeep/setup/names.html", form=shown, answers=answers,
                           place=reference.country().full_name(answers.area_code),
                           sample=shown.filing_short.data or "", rest=format_document_number("", today().on.year, 1))


def _take_names(answers: Answers) -> Shown:
    form = OfficeForm()
    if not form.validate():
        return _show_names(answers, form), 422
    try:
        office = checked(form.given(), ())
    except Refusal as refusal:
        form.refuse(refusal)
        return _show_names(answers, form), refusal.status
    return _show_person(answers.having(office=office))


# --- the first person, and mail ---------------------------------------------------------------------------------------------


def _show_person(answers: Answers, form: PersonMailForm | None = None, said: str = "", *, is_sent: bool = False) -> str:
    known = {"login": answers.login, "name": answers.name, "email": answers.email, **answers.mail}
    settings = current_app.config["SETTINGS"]
    return render_template("upkeep/setup/person.html", form=form or PersonMailForm(formdata=None, data=known), answers=answers,
                           said=said, is_sent=is_sent, settings=settings, has_secret=bool((answers.way or {}).get("secret")))


def _take_person(answers: Answers) -> Shown:
    form = PersonMailForm()
    if not form.validate():
        return _show_person(answers, form), 422
    answers = answers.having(login=form.login.data, name=form.name.data, email=form.email.data or "",
                             mail={name: form[name].data for name in MAIL})
    try:
        checked_login(answers.login)
        checked_email(answers.email)
        way = _typed_way(answers, form)
    except Refusal as refusal:
        form.refuse(refusal)
        return _show_person(answers, form), refusal.status
    return _with_mail(answers, form, way)


def _with_mail(answers: Answers, form: PersonMailForm, way: MailWay | None) -> Shown:
    """On to the last screen once the server has taken a mail, or the test was put off."""
    is_same = way is not None and answers.way == vars(way)
    answers = answers.having(way=vars(way) if way else None, is_tried=answers.is_tried and is_same)
    if way is None or (request.form.get("do") != "try" and (answers.is_tried or form.is_later.data)):
        return _show_check(answers)
    said = try_out(way, form.to.data or answers.email or way.sender)
    answers = answers.having(is_tried=not said)
    if said or request.form.get("do") == "try":
        return _show_person(answers, form, said, is_sent=not said), 422 if said else 200
    return _show_check(answers)


def _typed_way(answers: Answers, form: PersonMailForm) -> MailWay | None:
    """The mail server as it was typed; a secret that is left blank stays what it was."""
    if current_app.config["SETTINGS"].is_mail_given or not form.server.data:
        return None
    before = answers.way or {}
    secret = form.secret.data or (before.get("secret", "") if before.get("user") == form.user.data else "")
    return way_of(form.server.data, form.port.data or "", form.encryption.data, form.user.data or "", secret,
                  form.sender.data or answers.email, str(answers.office.get("name", "")))


# --- all of it --------------------------------------------------------------------------------------------------------------


def _show_check(answers: Answers, form: UnitsForm | None = None, trouble: Refusal | None = None) -> str:
    country = reference.country()
    parts = country.parts(answers.area_code, today().on)
    shown = form or UnitsForm(formdata=None, data={"units": [each.code for each in parts]}).offer(parts)
    if trouble is not None:
        shown.refuse(trouble)
    slice_of = country.slice_of(answers.area_code)
    return render_template("upkeep/setup/check.html", form=shown, answers=answers, place=country.full_name(answers.area_code),
                           sample=format_document_number(str(answers.office["filing_short"]), today().on.year, 1),
                           paper=format_document_number(str(answers.office["document_short"]), today().on.year, 1),
                           city=country.full_name(slice_of), area_count=len(country.slice(slice_of)), zone=wiring().zone.key,
                           encryptions=ENCRYPTIONS, settings=current_app.config["SETTINGS"])


def _take_check(answers: Answers) -> Shown:
    form = UnitsForm().offer(reference.country().parts(answers.area_code, today().on))
    if not form.validate():
        return _show_check(answers, form), 422
    try:
        link = set_up(answers.order(frozenset(form.units.data or ())), answers.code)
    except Refusal as refusal:
        if refusal.code == "claimed":
            raise
        return _show_check(answers, form, refusal), refusal.status
    return redirect(f"{url_for('accounts.set_password')}#{link.code}")


TAKERS: dict[str, Callable[[Answers], Shown]] = {
    "place": _take_place, "names": _take_names, "person": _take_person, "check": _take_check}
BACK: dict[str, Callable[[Answers], Shown]] = {
    "place": lambda answers: _show_place(answers, at=answers.area_code), "names": _show_names, "person": _show_person}
