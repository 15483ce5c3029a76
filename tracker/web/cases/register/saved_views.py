"""Views of the register that a person keeps, or shows to their unit."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Conflict, NotFound, Refusal
from tracker.domain.house.say import Say
from tracker.services.cases.register import saved_views
from tracker.services.house.work import reading
from tracker.storage.cases.register import view_lines
from tracker.storage.cases.register.view_lines import View
from tracker.web.cases.register.tools import checked_address
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.undoing import dropped_view, tell_done, undo_of_view

blueprint = Blueprint("views", __name__, url_prefix="/cases/views")


@blueprint.post("")
@needs(Permission.case_read)
def save() -> Response:
    """Keep the view under a name, and show it."""
    query = checked_address(request.form.get("query", ""))
    try:
        saved_views.save(current_actor(), request.form.get("name", ""), query, is_shared=bool(request.form.get("shared")))
        flash("视图已保存，以后在台账上方点它的名称即可打开。", "done")
    except Refusal as refusal:
        flash(refusal.sentence, "error")
    return redirect(f"{url_for('cases.register')}?{query}")


@blueprint.get("/<int:view_id>/delete")
@needs(Permission.case_read)
def confirm(view_id: int) -> str:
    """Asks before an own view is dropped."""
    return render_template("cases/view_delete.html", view=_own_view(view_id))


@blueprint.post("/<int:view_id>/delete")
@needs(Permission.case_read)
def drop(view_id: int) -> Response:
    """Drop an own view."""
    actor, view = current_actor(), _own_view(view_id)
    name = saved_views.drop(actor, view_id)
    tell_done(Say("视图“{name}”已删除；案件不受影响。", name=name), undo_of_view(actor, view))
    return redirect(url_for("cases.register"))


@blueprint.post("/restore")
@needs(Permission.case_read)
def restore() -> Response:
    """Bring back a view that was just dropped; one of the same name that came since is left alone."""
    actor = current_actor()
    name, query, is_shared = dropped_view(actor, request.form.get("view", ""))
    if any(view.name == name and not view.owner for view in view_lines.views(reading(), actor.id, actor.unit_id)):
        raise Conflict(Say("已有名为“{name}”的视图，没有恢复。", name=name), code="same_name")
    saved_views.save(actor, name, query, is_shared=is_shared)
    tell_done(Say("视图“{name}”已恢复。", name=name))
    return redirect(f"{url_for('cases.register')}?{query}")


def _own_view(view_id: int) -> View:
    """An own view. Raises `NotFound` for anybody else's, too."""
    actor = current_actor()
    view = next((v for v in view_lines.views(reading(), actor.id, actor.unit_id) if v.id == view_id and not v.owner), None)
    if view is None:
        raise NotFound("没有这个视图，或它不是您保存的。")
    return view
