"""The map: the register's cases where they lie, on a base map that this product carries itself; the list beside is the page."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from tracker.domain.actor import Permission
from tracker.domain.case_facts import OPEN
from tracker.domain.wording import CATEGORIES, LIGHTS
from tracker.services.work import plant
from tracker.storage.queries import map_points, register
from tracker.storage.queries.map_points import MOST_POINTS, Point
from tracker.storage.queries.register import Filters
from tracker.web.filters import cn_day
from tracker.web.guard import current_actor, needs
from tracker.web.register_view import chips_of, choices_of
from tracker.web.today import today

blueprint = Blueprint("map", __name__, url_prefix="/map")
BOUNDARIES = "nanchang-districts.geojson"
AT_WORK = Filters(state=OPEN)


@blueprint.get("", endpoint="map")
@needs(Permission.case_read)
def show_map() -> str:
    """The map and the list beside it, under the filters of the address."""
    scope, now, filters = current_actor().scope(), today(), _filters()
    choices = choices_of(scope)
    return render_template(
        "map/show.html", filters=filters, tally=map_points.tally(scope, filters, now.bounds), most=MOST_POINTS, choices=choices,
        page=register.page(scope, filters, now.bounds), chips=[] if filters == AT_WORK else chips_of(filters, choices),
        types=tuple(CATEGORIES.items()), at_work=AT_WORK, home_area=plant().home_area, lights=tuple(LIGHTS.items()),
    )


@blueprint.get("/cases.json")
@needs(Permission.case_read)
def cases() -> Response:
    """The cases as GeoJSON points: at most `MOST_POINTS`, the most urgent first, and how many of how many."""
    scope, bounds, filters = current_actor().scope(), today().bounds, _filters()
    points, tally = map_points.points(scope, filters, bounds), map_points.tally(scope, filters, bounds)
    root = url_for("cases.register")
    answer = jsonify(type="FeatureCollection", shown=len(points), placed=tally.placed, total=tally.total,
                     features=[_feature(point, root) for point in points])
    answer.mimetype = "application/geo+json"
    return answer


@blueprint.get("/districts.json")
@needs(Permission.case_read)
def districts() -> Response:
    """The boundaries of the city's districts."""
    answer = Response(_boundaries(), mimetype="application/geo+json")
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer


def _filters() -> Filters:
    """What is asked; who asks nothing sees what is at work."""
    return Filters.from_args(request.args) if request.args else AT_WORK


def _feature(point: Point, root: str) -> dict[str, Any]:
    return {
        "type": "Feature", "geometry": {"type": "Point", "coordinates": [point.lng, point.lat]},
        "properties": {"number": point.number, "title": point.title, "place": point.place, "light": point.light, "says": _says(point),
                       "url": f"{root}/{point.number}"},
    }


def _says(point: Point) -> str:
    """The light in words, with the days of a late one and the due date of the others."""
    if point.light == "red" and point.due_on:
        return f"{LIGHTS['red']} {(today().on - point.due_on).days} 天"
    is_running = point.light == "yellow" and point.due_on is not None
    return f"{LIGHTS[point.light]}，{cn_day(point.due_on)}到期" if is_running else LIGHTS[point.light]


@cache
def _boundaries() -> str:
    found: dict[str, Any] = json.loads(files("tracker.reference").joinpath(BOUNDARIES).read_text(encoding="utf-8"))
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))
