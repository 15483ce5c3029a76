"""The boundaries under the maps: which are in force, a file of the authority's own, and the way back."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import NotFound, Refusal
from tracker.domain.house.say import Listed, Say
from tracker.services.territory import boundaries
from tracker.web.house.drawing.languages import tr
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.refusals import Page
from tracker.web.territory.forms import BoundaryForm
from tracker.web.territory.tile_settings import blueprint, map_page, tiles_form

MOST_NAMED = 10


@blueprint.get("")
@needs(Permission.rules_manage)
def chosen() -> str:
    """What the maps are drawn on, and the form for another file."""
    return _map_page(BoundaryForm())


@blueprint.post("")
@needs(Permission.rules_manage)
def load() -> Response | Page:
    """Draw the maps on the file that was sent; a refused one changes nothing and keeps what was typed."""
    form = BoundaryForm()
    if not form.validate():
        return _map_page(form), 422
    name, content = form.sent()
    try:
        boundaries.load(current_actor(), name, content, source=form.source.data, approval=form.approval.data or "",
                        datum=form.datum.data)
    except Refusal as refusal:
        form.refuse(refusal)
        return _map_page(form), refusal.status
    odd = boundaries.doubt(content)
    flash(tr(odd or "边界已启用，所有地图从现在起按它显示。"), "warn" if odd else "done")
    if others := boundaries.unmatched(content):
        flash(Say("有 {count} 个没有对上本系统的区划，图上照画：{names}。", count=len(others), names=Listed(others[:MOST_NAMED])), "warn")
    return redirect(url_for("map_settings.chosen"))


@blueprint.get("/remove")
@needs(Permission.rules_manage)
def ask() -> str:
    """Asks before the own boundaries are taken off the maps."""
    if not boundaries.current().is_own:
        raise NotFound("现在用的就是自带的边界，没有可以撤下的文件。")
    return render_template("territory/map_remove.html", current=boundaries.current())


@blueprint.post("/remove")
@needs(Permission.rules_manage)
def remove() -> Response:
    """Back to the built-in boundaries."""
    boundaries.remove(current_actor())
    flash(tr("已撤下，地图恢复使用自带的边界。"), "done")
    return redirect(url_for("map_settings.chosen"))


def _map_page(form: BoundaryForm) -> str:
    return map_page(form, tiles_form())
