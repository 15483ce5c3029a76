"""Areas: the list to search and page, one with its history, and the forms that add one, name it otherwise, and end it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Refusal
from tracker.domain.house.say import Say
from tracker.domain.territory.editing import may_edit
from tracker.domain.territory.territory import Area
from tracker.services.house.work import reading
from tracker.services.rules import rules
from tracker.services.territory import areas, handing_over
from tracker.services.territory.areas import EndPreview
from tracker.storage.territory.area_lines import area_page
from tracker.web.house.business_day import today
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.refusals import Page
from tracker.web.territory.area_forms import AreaForm, EndForm, RenameForm

blueprint = Blueprint("areas", __name__, url_prefix="/territory/areas")
MOST_WORDS = 5


@blueprint.get("", endpoint="areas")
@needs(Permission.territory_manage)
def show_areas() -> str:
    """The areas of today, or those that have ended, by code."""
    asked, is_former = request.args.get("q", "")[:100], request.args.get("former") == "1"
    page = area_page(reading(), asked.split()[:MOST_WORDS], is_former=is_former, today=today().on,
                     after=request.args.get("after", ""))
    return render_template("territory/areas/list.html", page=page, q=asked, is_former=is_former)


@blueprint.route("/add", methods=["GET", "POST"])
@needs(Permission.territory_manage)
def add() -> str | Response | Page:
    """A new area; a refused one keeps what was typed."""
    form = AreaForm(parent=request.args.get("parent", "")) if request.method == "GET" else AreaForm()
    if request.method == "GET":
        return render_template("territory/areas/add.html", form=form)
    try:
        if not form.validate():
            return render_template("territory/areas/add.html", form=form), 422
        added = areas.add(current_actor(), form.order())
    except Refusal as refusal:
        form.refuse(refusal)
        return render_template("territory/areas/add.html", form=form), refusal.status
    flash(Say("已增加 {code} {name}。", code=added.code, name=added.name), "done")
    return redirect(url_for("areas.show", area_code=added.code))


@blueprint.get("/<area_code>")
@needs(Permission.territory_manage)
def show(area_code: str) -> str:
    """One area: what it has been called, what lies in it, what hangs on it."""
    history = areas.area_named(current_actor(), area_code)
    return render_template("territory/areas/show.html", area=history[-1], history=history, may_edit=_may_edit(area_code),
                           parts=rules.gazetteer().parts(history[-1].code, today().on), after=_successor_names(history[-1]),
                           hanging=areas.what_hangs_on(current_actor(), area_code),
                           may_hand_over=current_actor().has(Permission.account_manage))


@blueprint.route("/<area_code>/rename", methods=["GET", "POST"])
@needs(Permission.territory_manage)
def rename(area_code: str) -> str | Response | Page:
    """Another name from a day on."""
    area, form = areas.area_named(current_actor(), area_code)[-1], RenameForm()
    if request.method == "GET":
        return render_template("territory/areas/rename.html", form=form, area=area)
    try:
        if not form.validate():
            return render_template("territory/areas/rename.html", form=form, area=area), 422
        areas.rename(current_actor(), area_code, form.name.data, valid_from=form.first_day(today().on),
                     document_no=form.document_no.data or "")
    except Refusal as refusal:
        form.refuse(refusal)
        return render_template("territory/areas/rename.html", form=form, area=area), refusal.status
    flash(Say("“{was}”改称“{name}”。", was=area.name, name=form.name.data), "done")
    return redirect(url_for("areas.show", area_code=area_code))


@blueprint.route("/<area_code>/end", methods=["GET", "POST"])
@needs(Permission.territory_manage)
def end(area_code: str) -> str | Response | Page:
    """The end of an area: first what it would do, then, asked again, done."""
    area = areas.area_named(current_actor(), area_code)[-1]
    form = EndForm().offer(_those_beside(area))
    if request.method == "GET":
        return _end_page(form, area)
    try:
        if not form.validate():
            return _end_page(form, area), 422
        if request.form.get("sure") != "1":
            return _end_page(form, area, areas.foresee_end(current_actor(), form.order(area_code)))
        areas.end(current_actor(), form.order(area_code))
    except Refusal as refusal:
        form.refuse(refusal)
        return _end_page(form, area), refusal.status
    flash(Say("已登记：{name}到 {last_day} 为止。", name=area.name, last_day=form.last_day.data), "done")
    return redirect(url_for("areas.show", area_code=area_code))


@blueprint.post("/<area_code>/hand-over")
@needs(Permission.account_manage)
def hand_over(area_code: str) -> Response:
    """What an area has left goes to what took it over."""
    done = handing_over.hand_over(current_actor(), area_code)
    flash(Say("已交接：授权 {grants} 项（另有 {waiting} 项待第二人确认），单位 {units} 个；责任清单 {routing} 条写入草稿，启用后作数；{unsure} 项承接不止一处，请逐项处理。",
              grants=done.grants, waiting=done.waiting, units=done.units, routing=done.routing, unsure=done.unsure), "done")
    return redirect(url_for("areas.show", area_code=area_code))


def _end_page(form: EndForm, area: Area, plan: EndPreview | None = None) -> str:
    return render_template("territory/areas/end.html", form=form, area=area, plan=plan)


def _those_beside(area: Area) -> tuple[Area, ...]:
    siblings = rules.gazetteer().parts(area.parent_code or "", today().on)
    return tuple(each for each in siblings if each.code != area.code)


def _may_edit(code: str) -> bool:
    return may_edit(current_actor(), code)


def _successor_names(area: Area) -> tuple[tuple[str, str], ...]:
    known = rules.gazetteer()
    return tuple((code, found.name if (found := known.area(code)) is not None else code) for code in area.successor_codes)
