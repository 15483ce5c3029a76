"""What a new case may double, what lies around its point, and the page that compares a case with its like."""

from typing import Any

from flask import Blueprint, Response, flash, jsonify, render_template, request

from tracker.domain.cases.likeness import WINDOW_DAYS
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Invalid, Refusal
from tracker.domain.house.say import Listed, Say
from tracker.domain.territory.positions import box_of, check
from tracker.services.cases import likeness
from tracker.services.cases.intake import RegisterOrder
from tracker.services.cases.likeness import CaseAtHand, Suggestion
from tracker.services.cases.outside import known_places
from tracker.services.house.work import reading, wiring
from tracker.services.territory import boundaries, positions
from tracker.storage.cases.register import nearby
from tracker.storage.cases.register.register import light_of
from tracker.web.house.business_day import today
from tracker.web.house.drawing.languages import tr
from tracker.web.house.guard import current_actor, needs

blueprint = Blueprint("near", __name__, url_prefix="/cases")
LONGEST = 2000


@blueprint.post("/near")
@needs(Permission.case_register)
def near() -> str:
    """A fragment: what is on the register already and looks like what is being typed. Empty when nothing does."""
    found = likeness.suggestions(current_actor(), _asked_case())
    numbers = [each.case.number for each in found]
    return render_template("cases/_near_list.html", found=lit(found), photos=nearby.first_photos(reading(), numbers),
                           may_add=True) if found else ""


@blueprint.get("/where.json")
@needs(Permission.case_register)
def where() -> Response:
    """What the product knows of a point: where it lies on our map, in which district, and what is odd about it."""
    try:
        lat, lng = _read_degrees("lat"), _read_degrees("lng")
        check(lat, lng, box=box_of(wiring().home_area))
    except Refusal as refusal:
        return jsonify(odd=refusal.sentence)
    if lat is None or lng is None:
        return jsonify({})
    datum = request.args.get("datum")
    on_map = positions.on_the_map(lat, lng, datum)
    return jsonify(lat=on_map[0], lng=on_map[1], says=_district_told(boundaries.district_at(*on_map)),
                   known=_known_place(lat, lng, datum), odd=positions.doubt(*on_map))


def _known_place(lat: float, lng: float, datum: str | None) -> dict[str, object] | None:
    known = known_places.place_at(current_actor(), lat, lng, datum)
    return None if known is None else {
        "place": known.place, "area_code": known.area_code,
        "says": tr(Say("地点按 {metres} 米处报过的一件填写，请核对。", metres=known.metres))}


@blueprint.get("/<number>/similar")
@needs(Permission.case_merge)
def similar(number: str) -> str:
    """The cases that may be the same as this one, with the way to merge it."""
    case, found = likeness.suggestions_for(current_actor(), number)
    return render_template("cases/similar.html", case=case, found=lit(found), days=WINDOW_DAYS)


def lit(found: list[Suggestion]) -> list[tuple[Suggestion, str]]:
    """Suggestions with the light of each."""
    bounds = today().bounds
    return [(each, light_of(each.case.state, each.case.due_on, bounds)) for each in found]


def tell_doubt(order: RegisterOrder) -> None:
    """After registering: what is odd about the point."""
    if odd := positions.doubt(order.lat, order.lng, order.datum):
        flash(odd, "warn")


def tell_likely(actor: Actor, number: str) -> None:
    """Which cases a new one may double: its own page looks for them, for nobody waits at the form for that."""
    if found := likeness.suggestions_for(actor, number)[1]:
        # told by the macro of notices
        flash([(each.case.number, each.reason) for each in found], "near")  # type: ignore[arg-type]


def _asked_case() -> CaseAtHand:
    given: dict[str, Any] = {name: request.form.get(name, "")[:LONGEST] for name in ("title", "description", "place", "datum")}
    point: dict[str, Any] = {}
    try:
        point = {"lat": _read_degrees("lat", request.form), "lng": _read_degrees("lng", request.form)}
        check(point["lat"], point["lng"])
    except Refusal:
        point = {}
    return CaseAtHand(**given, **point)


def _read_degrees(name: str, source: Any = None) -> float | None:
    text = (request.args if source is None else source).get(name, "").strip()
    try:
        return float(text) if text else None
    except ValueError:
        raise Invalid(Say("“{text}”不是度数。", text=text[:20]), field=name) from None


def _district_told(district: boundaries.District | None) -> str:
    if district is None:
        return ""
    is_ours = not district.code or district.code.startswith(wiring().home_area)
    name = Listed(boundaries.place_words(district), " · ")
    return Say("此点在{district_name}。", district_name=name) if is_ours else Say("此点在{district_name}，不在本区，请核对。",
                                                                            district_name=name)
