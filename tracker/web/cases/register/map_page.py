"""The map: the register's cases where they lie, on a base map that this product carries itself; the list beside is the page."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from tracker.domain.cases.facts import OPEN
from tracker.domain.cases.wording import LIGHTS
from tracker.domain.house.actor import Permission
from tracker.domain.house.say import Say
from tracker.domain.rules.lights import days_overdue
from tracker.services.house.caching import until_next_fact
from tracker.services.house.work import reading, wiring
from tracker.services.rules.categories import categories
from tracker.services.territory import boundaries, positions
from tracker.storage.cases.register import map_points, register
from tracker.storage.cases.register.map_points import MOST_POINTS, Box, MapTally, Point, Square
from tracker.storage.cases.register.register import Filters
from tracker.web.cases.register.map_view import read_box, read_zoom, side_of
from tracker.web.cases.register.view import chips_of, choices_of
from tracker.web.house.business_day import today
from tracker.web.house.drawing.filters import cn_day
from tracker.web.house.drawing.languages import told, tr
from tracker.web.house.guard import current_actor, needs

blueprint = Blueprint("map", __name__, url_prefix="/map")
AT_WORK = Filters(state=OPEN)


@blueprint.get("", endpoint="map")
@needs(Permission.case_read)
def show_map() -> str:
    """The map and the list beside it, under the filters of the address."""
    scope, now, filters = current_actor().scope(), today(), _asked_filters(request.args)
    choices, page = choices_of(scope), register.page(reading(), scope, filters, now.bounds)
    return render_template(
        "cases/map/show.html", filters=filters, tally=_tally_of(filters, page.last_fact), most=MOST_POINTS, choices=choices,
        page=page, chips=[] if filters == AT_WORK else chips_of(filters, choices),
        types=tuple(categories().shown_on(now.on).items()), at_work=AT_WORK, home_area=wiring().home_area,
        lights=tuple(LIGHTS.items()),
        ground=credit(),
    )


@blueprint.get("/cases.json")
@needs(Permission.case_read)
def cases() -> Response:
    """The cases as GeoJSON points. Where they are more than `MOST_POINTS`, those in the `box` that is asked for, gathered in the
    squares of a grid by `zoom` as long as they are more there."""
    asked = request.args.copy()
    box, zoom = read_box(asked.pop("box", "")), read_zoom(asked.pop("zoom", ""))
    filters, last_fact = _asked_filters(asked), register.last_fact(reading())
    tally = _tally_of(filters, last_fact)
    if tally.placed <= MOST_POINTS:
        shown, features = tally.placed, _points_of(filters, None)
    else:
        shown, features = until_next_fact("map_squares", (current_actor().scope(), today().bounds, filters, box, zoom), last_fact,
                                          lambda: _gathered_features(filters, box, zoom))
    answer = jsonify(type="FeatureCollection", shown=shown, placed=tally.placed, total=tally.total, features=features,
                     is_gathered=tally.placed > MOST_POINTS)
    answer.mimetype = "application/geo+json"
    return answer


@blueprint.get("/districts.json")
@needs(Permission.case_read)
def districts() -> Response:
    """The boundaries under every map. A browser asks each time whether its own are still those in force."""
    drawn = boundaries.geojson()
    answer = Response(drawn.text, mimetype="application/geo+json")
    answer.set_etag(drawn.mark)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.make_conditional(request)
    return answer


def credit() -> str:
    """Whose boundaries the map is drawn on, for its corner."""
    chosen = boundaries.current()
    if boundaries.is_blank():
        return str(tr("没有边界轮廓，点位照常显示"))
    if not chosen.is_own:
        return str(tr("底图：天地图行政区划，示意图，不作划界依据"))
    if chosen.approval:
        return told("底图：{source}，审图号：{approval}", source=chosen.source, approval=chosen.approval)
    return told("底图：{source}，无审图号，仅供内部工作使用", source=chosen.source)


def _asked_filters(asked: Mapping[str, Any]) -> Filters:
    """What is asked; who asks nothing sees what is at work."""
    return Filters.from_args(asked) if asked else AT_WORK


def _tally_of(filters: Filters, last_fact: int) -> MapTally:
    """How many cases the filters leave, counted once while nothing happens."""
    scope, bounds = current_actor().scope(), today().bounds
    return until_next_fact("map_tally", (scope, bounds, filters), last_fact,
                           lambda: map_points.tally(reading(), scope, filters, bounds))


def _points_of(filters: Filters, box: Box | None) -> list[dict[str, Any]]:
    root = url_for("cases.register")
    found = map_points.points(reading(), current_actor().scope(), filters, today().bounds, box=box)
    return [feature_of(point, root) for point in found]


def _gathered_features(filters: Filters, box: Box | None, zoom: int) -> tuple[int, list[dict[str, Any]]]:
    """How many cases lie in the box, and what stands for them: squares, or the cases where they are few enough."""
    scope, bounds = current_actor().scope(), today().bounds
    found = map_points.squares(reading(), scope, filters, bounds, side_of(zoom), box)
    shown = sum(square.count for square in found)
    if box is not None and shown <= MOST_POINTS:
        return shown, _points_of(filters, box)
    return shown, [_gathered_feature(square) for square in found]


def _gathered_feature(square: Square) -> dict[str, Any]:
    """Cases close together as GeoJSON: their middle, how many they are and how far they reach."""
    lat, lng = positions.on_the_map(square.lat, square.lng, square.datum)
    south, west, north, east = square.box
    return {
        "type": "Feature", "geometry": {"type": "Point", "coordinates": [round(lng, 6), round(lat, 6)]},
        "bbox": [west, south, east, north],
        "properties": {"count": square.count, "light": square.light, "says": str(tr(LIGHTS[square.light]))},
    }


def feature_of(point: Point, root: str) -> dict[str, Any]:
    """A case as GeoJSON: its point, and what the pin says."""
    lat, lng = positions.on_the_map(point.lat, point.lng, point.datum)
    return {
        "type": "Feature", "geometry": {"type": "Point", "coordinates": [lng, lat]},
        "properties": {"number": point.number, "title": point.title, "place": point.place, "light": point.light,
                       "says": _light_told(point),
                       "url": f"{root}/{point.number}"},
    }


def _light_told(point: Point) -> str:
    """The light in words, with the days of a late one and the due date of the others."""
    if point.light == "red" and point.due_on:
        return str(tr(Say("{light} {days} 天", light=Say(LIGHTS['red']), days=days_overdue(point.due_on, today().on))))
    is_running = point.light == "yellow" and point.due_on is not None
    return str(tr(Say("{light}，{on}到期", light=Say(LIGHTS[point.light]), on=cn_day(point.due_on)) if is_running
                  else LIGHTS[point.light]))

