"""Units: the list, a new one, the end of one."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import NotFound, Refusal
from tracker.domain.house.fields import read
from tracker.domain.house.say import Say
from tracker.services.house.work import reading
from tracker.services.people import accounts
from tracker.storage.people import people
from tracker.web.house.business_day import today
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.refusals import Page
from tracker.web.people.forms import LAST_DAY, EndUnitForm, UnitForm
from tracker.web.people.people import MANAGE, areas, blueprint


@blueprint.get("/units")
@needs(Permission.people_read)
def units() -> str:
    """All units, with their dates and successors."""
    return render_template("people/units.html", units=people.units(reading(), current_actor().scope()),
                           may_manage=current_actor().has(MANAGE))


@blueprint.route("/units/add", methods=["GET", "POST"])
@needs(MANAGE)
def add_unit() -> str | Response | Page:
    """A new unit."""
    form = UnitForm().offer(people.options(reading(), current_actor().scope(), today().on).units, areas())
    if request.method == "GET":
        return render_template("people/unit_add.html", form=form)
    if not form.validate():
        return render_template("people/unit_add.html", form=form), 422
    try:
        accounts.add_unit(
            current_actor(), code=form.code.data, name=form.name.data, kind=form.kind.data, parent=form.parent.data or None,
            area_code=form.area_code.data or "", email=form.email.data or None)
    except Refusal as refusal:
        form.refuse(refusal)
        return render_template("people/unit_add.html", form=form), refusal.status
    flash(Say("已增加单位“{name}”。", name=form.name.data), "done")
    return redirect(url_for("people.units"))


@blueprint.route("/units/<code>/end", methods=["GET", "POST"])
@needs(MANAGE)
def end_unit(code: str) -> str | Response | Page:
    """The last day of a unit, and who carries on."""
    known = people.options(reading(), current_actor().scope(), today().on).units
    name = dict(known).get(code)
    if name is None:
        raise NotFound("没有这个现存的单位。")
    form = EndUnitForm().offer(tuple(unit for unit in known if unit[0] != code))
    if request.method == "GET":
        return render_template("people/unit_end.html", form=form, name=name)
    if not form.validate():
        return render_template("people/unit_end.html", form=form, name=name), 422
    try:
        accounts.end_unit(current_actor(), code=code, last_day=_last_day(form), successor=form.successor.data or None)
    except Refusal as refusal:
        form.refuse(refusal)
        return render_template("people/unit_end.html", form=form, name=name), refusal.status
    flash(Say("单位“{name}”已登记撤销。", name=name), "done")
    return redirect(url_for("people.units"))


def _last_day(form: EndUnitForm) -> date | None:
    day = read(LAST_DAY, form.last_day.data)
    return day if isinstance(day, date) else None
