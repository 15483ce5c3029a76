"""Versions of the railway's shapes: a file becomes a draft, another person looks at what it changes and puts it in force."""

from contextlib import suppress

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import NotFound, Refusal
from tracker.domain.house.say import Say
from tracker.domain.territory.shapes.layers import LAYERS, Layer
from tracker.services.house.work import reading
from tracker.services.territory.lists import counts, matrix
from tracker.services.territory.shapes import previews, versions
from tracker.services.territory.shapes.ground import shapes_of_set, shapes_on
from tracker.storage.territory.shapes import ShapeSet
from tracker.web.house.business_day import today
from tracker.web.house.guard import current_actor, needs, needs_sign_in
from tracker.web.house.refusals import Page
from tracker.web.territory.shapes.forms import ActivateShapesForm, ShapeFileForm
from tracker.web.territory.shapes.sketch import sketch_of

JUDGES = (Permission.territory_manage, Permission.territory_activate, Permission.audit_read)
blueprint = Blueprint("shapes", __name__, url_prefix="/settings/shapes")


def may_judge(actor: Actor) -> bool:
    """Whether somebody sees drafts of shapes."""
    return any(actor.has(permission) for permission in JUDGES)


@blueprint.get("", endpoint="listing")
@needs_sign_in
def list_versions() -> str:
    """Every version, and the form for another file."""
    _require_judge()
    return _listing_page(ShapeFileForm(formdata=None))


@blueprint.post("")
@needs(Permission.territory_manage)
def load() -> Response | Page:
    """A file as a draft; a refused one changes nothing and keeps what was typed."""
    form = ShapeFileForm()
    if not form.validate():
        return _listing_page(form), 422
    try:
        number = versions.load(current_actor(), form.order())
    except Refusal as refusal:
        form.refuse(refusal)
        return _listing_page(form), refusal.status
    flash(Say("第 {number} 号草稿已装入。请另一位调度员或区领导看过试算再启用。", number=number), "done")
    return redirect(url_for("shapes.version", number=number))


@blueprint.get("/<int:number>")
@needs_sign_in
def version(number: int) -> str:
    """One version: what it draws; of a draft also what it would change."""
    _require_judge()
    found = versions.set_named(reading(), number)
    day = found.wanted_from if found.wanted_from and found.wanted_from > today().on else today().on
    return _version_page(found, ActivateShapesForm(formdata=None, data={"first_day": day.isoformat()}), frozenset())


@blueprint.post("/<int:number>/activate")
@needs(Permission.territory_activate)
def activate(number: int) -> str | Response | Page:
    """Put it in force; a refused one shows the preview again with what was typed."""
    found, form, kept = versions.set_named(reading(), number), ActivateShapesForm(), frozenset(request.form.getlist("kept"))
    try:
        versions.activate(current_actor(), number, form.order(kept))
    except Refusal as refusal:
        form.refuse(refusal)
        return _version_page(found, form, kept), refusal.status
    flash(Say("{layer}图自 {day} 起用。在办案件不动，以后的建议按新图形。", layer=Say(LAYERS[Layer(found.layer)]), day=form.day()), "done")
    return redirect(url_for("shapes.listing"))


@blueprint.route("/<int:number>/drop", methods=["GET", "POST"])
@needs(Permission.territory_manage)
def drop(number: int) -> str | Response:
    """Give up a draft, asked again first."""
    found = versions.set_named(reading(), number)
    if request.method == "GET":
        return render_template("territory/shapes/drop.html", version=found, layers=LAYERS)
    versions.drop(current_actor(), number)
    flash(Say("第 {number} 号草稿已作废。", number=number), "done")
    return redirect(url_for("shapes.listing"))


def _require_judge() -> None:
    if not may_judge(current_actor()):
        raise NotFound("没有找到这个页面，或您无权查看。")


def _listing_page(form: ShapeFileForm) -> str:
    session = reading()
    return render_template("territory/shapes/listing.html", form=form, versions=versions.all_sets(session), layers=LAYERS,
                           counts=versions.counts_of(session), may_load=current_actor().has(Permission.territory_manage))


def _version_page(found: ShapeSet, form: ActivateShapesForm, kept: frozenset[str]) -> str:
    session, on, actor = reading(), today().on, current_actor()
    with suppress(Refusal):  # a bad day is said at its field; meanwhile it is looked at as of today
        on = max(form.day(), on)
    shapes = shapes_of_set(session, found.id)
    is_draft = found.activated_at is None and found.dropped_at is None
    preview = previews.preview(session, found, on) if is_draft else None
    own = {shape.code for shape in shapes}
    beside = [shape for shape in shapes_on(session, on) if shape.layer is Layer.line and shape.code not in own]
    return render_template(
        "territory/shapes/version.html", version=found, shapes=shapes, form=form, ticked=kept, preview=preview, layers=LAYERS,
        sketch=sketch_of([*shapes, *beside], preview.overlaps if preview else ()), units=matrix.unit_names(session),
        seen=counts.may_open(actor, session, {each.number for each in preview.changes}) if preview else set(),
        refusal=versions.why_not_activate(actor, found), is_draft=is_draft, may_load=actor.has(Permission.territory_manage))
