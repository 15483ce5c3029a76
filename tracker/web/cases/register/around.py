"""What is at work around a point, for who stands there: a list by distance, and the same cases on the map."""

from typing import Any

from flask import Response, jsonify, render_template, request, url_for

from tracker.domain.cases.wording import LIGHTS
from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Invalid, Refusal
from tracker.domain.house.say import Say
from tracker.domain.territory.positions import DATUMS, Datum
from tracker.services.cases.register import around
from tracker.services.cases.register.around import MOST_NEAR, WITHIN, NearPoint
from tracker.services.house.work import wiring
from tracker.services.territory import boundaries, positions
from tracker.web.cases.register.map_page import blueprint, credit, feature_of
from tracker.web.house.business_day import today
from tracker.web.house.guard import current_actor, needs


@blueprint.get("/near", endpoint="near")
@needs(Permission.case_read)
def show_near() -> tuple[str, int]:
    """The cases around the point of the address; without one, the way to give it."""
    found, sentence = _found_or_sentence()
    return render_template(
        "cases/map/near.html", found=found, sentence=sentence, within=_asked_metres(), choices=WITHIN, most=MOST_NEAR,
        asked=request.args, datums=tuple(DATUMS.items()), lights=tuple(LIGHTS.items()), ground=credit(),
        home_area=wiring().home_area, here=_here_on_map() if found is not None else None, ways=_ways_by_number(found or []),
    ), 422 if sentence and request.args.get("lat") else 200


@blueprint.get("/near.json", endpoint="near_cases")
@needs(Permission.case_read)
def near_cases() -> Response:
    """The same cases as GeoJSON points. A point that is none is refused, and not answered as one with nothing around it."""
    found, root = _asked_cases() or [], url_for("cases.register")
    answer = jsonify(type="FeatureCollection", shown=len(found), placed=len(found), total=len(found),
                     features=[feature_of(each.point, root) for each in found])
    answer.mimetype = "application/geo+json"
    return answer


def _asked_cases() -> list[NearPoint] | None:
    """What lies around the point that is asked about; None where none is. Raises `Invalid` for a point that is none."""
    if not request.args.get("lat") and not request.args.get("lng"):
        return None
    return around.around(current_actor(), today().bounds, *_asked_point(), _asked_metres())


def _found_or_sentence() -> tuple[list[NearPoint] | None, str]:
    """What was found, or None and what to say instead."""
    try:
        return _asked_cases(), ""
    except Refusal as refusal:
        return None, refusal.sentence


def _asked_point() -> tuple[float, float, str]:
    try:
        return float(request.args["lat"]), float(request.args["lng"]), request.args.get("datum", Datum.wgs84)
    except (KeyError, ValueError):
        raise Invalid(Say("“{lat}，{lng}”不是经纬度。", lat=request.args.get("lat", "")[:20], lng=request.args.get("lng", "")[:20]),
                      field="lat") from None


def _asked_metres() -> int:
    asked = request.args.get("within", "")
    return int(asked) if asked in {str(each) for each in WITHIN} else WITHIN[1]


def _here_on_map() -> dict[str, Any]:
    lat, lng = positions.on_the_map(*_asked_point())
    district = boundaries.district_at(lat, lng)
    return {"lat": lat, "lng": lng, "told": boundaries.place_words(district) if district else ()}


def _ways_by_number(found: list[NearPoint]) -> dict[str, list[tuple[str, str]]]:
    return {each.point.number: positions.ways_to(each.point.lat, each.point.lng, each.point.datum) for each in found}
