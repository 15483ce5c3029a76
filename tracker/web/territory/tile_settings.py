"""The tiles under the maps: tried on a map, set, taken off; on the page of the boundaries."""

from datetime import datetime

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import NotFound, Refusal
from tracker.domain.territory.positions import DATUMS
from tracker.domain.territory.tiles import PRESET, TileSource
from tracker.services.house.work import wiring
from tracker.services.territory import boundaries, tiles
from tracker.web.house.drawing.languages import tr
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.refusals import Page
from tracker.web.territory.forms import BoundaryForm, TilesForm

FIELDS = ("base", "label", "credit", "approval", "key")
blueprint = Blueprint("map_settings", __name__, url_prefix="/settings/map")


@blueprint.post("/tiles")
@needs(Permission.rules_manage)
def set_tiles() -> Response | Page:
    """Lay tiles under every map, or try them on one; refused ones change nothing and keep what was typed."""
    form, is_trial = TilesForm(), request.form.get("act") == "try"
    if not form.validate():
        return map_page(BoundaryForm(formdata=None), form), 422
    try:
        said = (tiles.tried if is_trial else tiles.set_tiles)(current_actor(), **{name: form[name].data or "" for name in FIELDS})
    except Refusal as refusal:
        form.refuse(refusal)
        return map_page(BoundaryForm(formdata=None), form), refusal.status
    if is_trial:
        return map_page(BoundaryForm(formdata=None), form, said), 200
    flash(tr("在线底图已启用；连不上时各地图自动改用离线轮廓。"), "done")
    return redirect(url_for("map_settings.chosen"))


@blueprint.get("/tiles/remove")
@needs(Permission.rules_manage)
def ask_tiles() -> str:
    """Asks before the tiles are taken off the maps."""
    if (found := tiles.current()) is None:
        raise NotFound("没有设在线底图，不用停用。")
    return render_template("territory/tiles_remove.html", tiles=found)


@blueprint.post("/tiles/remove")
@needs(Permission.rules_manage)
def remove_tiles() -> Response:
    """Back to outlines alone."""
    tiles.remove(current_actor())
    flash(tr("已停用在线底图，地图只画离线轮廓。"), "done")
    return redirect(url_for("map_settings.chosen"))


def tiles_form() -> TilesForm:
    """With what is set; else, where it is asked for, with the preset."""
    wanted = tiles.current() or (PRESET if request.args.get("preset") else None)
    if wanted is None:
        return TilesForm(formdata=None)
    return TilesForm(formdata=None, data={name: getattr(wanted, name) for name in FIELDS if name != "key"})


def map_page(form: BoundaryForm, with_tiles: TilesForm, trial: TileSource | None = None) -> str:
    """The page of what lies under the maps; with tiles that are tried, the only host it may fetch pictures from is theirs."""
    current = boundaries.current()
    if trial is not None:
        g.tile_origin = trial.origin
    loaded_at = datetime.fromisoformat(current.loaded_at) if current.loaded_at else None
    return render_template("territory/map.html", form=form, current=current, loaded_at=loaded_at, words=DATUMS, trial=trial,
                           is_blank=boundaries.is_blank(), home_area=wiring().home_area, tiles_form=with_tiles,
                           tiles=tiles.current())
