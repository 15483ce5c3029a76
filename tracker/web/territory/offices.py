"""The offices: what each is called on papers, how it numbers its closings, and the form that changes it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import NotFound, Refusal
from tracker.domain.house.identifiers import format_document_number
from tracker.domain.house.say import Say
from tracker.domain.territory.offices import FIELDS, Office
from tracker.services.territory import offices
from tracker.web.house.business_day import today
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.refusals import Page
from tracker.web.territory.forms import OfficeForm, OpenOfficeForm

blueprint = Blueprint("offices", __name__, url_prefix="/settings/offices")


@blueprint.get("", endpoint="offices")
@needs(Permission.office_manage)
def show_offices() -> str:
    """Every office, the one that keeps this installation first."""
    known = offices.all_offices()
    return render_template("territory/offices.html", home=known.home_area, number_of=_first_number,
                           offices=sorted(known.rows, key=lambda each: each.area_code != known.home_area))


@blueprint.route("/open", methods=["GET", "POST"])
@needs(Permission.office_manage)
def open_office() -> str | Response | Page:
    """Another office, for a district that reports for itself."""
    form = OpenOfficeForm()
    if request.method == "GET":
        return render_template("territory/office_open.html", form=form)
    if not form.validate():
        return render_template("territory/office_open.html", form=form), 422
    try:
        opened = offices.open_office(current_actor(), form.area_code.data, form.given())
    except Refusal as refusal:
        form.refuse(refusal)
        return render_template("territory/office_open.html", form=form), refusal.status
    flash(Say("已增设“{name}”。", name=opened.name), "done")
    return redirect(url_for("offices.offices"))


@blueprint.route("/<area_code>", methods=["GET", "POST"])
@needs(Permission.office_manage)
def office(area_code: str) -> str | Response | Page:
    """Change one; a refused change keeps what was typed."""
    found = _office_named(area_code)
    form = OfficeForm(data={name: getattr(found, name) for name in FIELDS})
    if request.method == "GET":
        return _office_page(found, form)
    if not form.validate():
        return _office_page(found, form), 422
    try:
        new = offices.change(current_actor(), area_code, form.given())
    except Refusal as refusal:
        form.refuse(refusal)
        return _office_page(found, form), refusal.status
    flash(Say("已保存“{name}”。", name=form.name.data) if new else "没有改动。", "done")
    return redirect(url_for("offices.offices"))


def _office_named(area_code: str) -> Office:
    found = next((each for each in offices.all_offices().rows if each.area_code == area_code), None)
    if found is None:
        raise NotFound("没有这个机关。")
    return found


def _office_page(found: Office, form: OfficeForm) -> str:
    return render_template("territory/office.html", office=found, form=form)


def _first_number(short: str) -> str:
    """What the first number of this year looks like."""
    return format_document_number(short, today().on.year, 1)
