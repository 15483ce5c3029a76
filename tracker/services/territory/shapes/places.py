"""Whose a place is, and why: measured on the shapes of a day, by the rules and the responsibility list of that day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Say
from tracker.domain.territory import positions as points
from tracker.domain.territory.positions import Datum, Located, LocatedBy
from tracker.domain.territory.routing import FENCE, Routed, RoutingFacts, RoutingRule, route
from tracker.domain.territory.shapes.attribution import Attribution, attribute
from tracker.domain.territory.shapes.fence_rules import Row
from tracker.domain.territory.shapes.measures import NOTHING, Bounds, Measures, measured
from tracker.domain.territory.shapes.telling import paragraph, with_reasons
from tracker.services.house.caching import until_a_rule_changes
from tracker.services.house.work import wiring
from tracker.services.rules import rules, values
from tracker.services.rules.categories import categories
from tracker.services.territory import boundaries, positions
from tracker.services.territory.lists import versions
from tracker.services.territory.shapes.ground import ShapeGround, made_ready, shapes_on
from tracker.storage.people.accounts import Unit

BY_HAND = (LocatedBy.pin, Datum.manual)


@dataclass(frozen=True)
class RailPlace:
    """A point with what is known of it. `area_code` is where a case lies; without one the section says, else the boundaries."""

    lat: float
    lng: float
    datum: str | None
    accuracy: float | None = None
    located_by: str | None = None
    area_code: str | None = None
    categories: frozenset[str] = frozenset()
    text: str = ""
    answers: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class PlaceRules:
    """Everything by which a place is judged on a day. `list_year` is the year in which the responsibility list began."""

    on: date
    ground: ShapeGround
    rows: Sequence[Row]
    bounds: Bounds
    lines: tuple[RoutingRule, ...]
    list_year: int | None
    names: Mapping[str, str]


@dataclass(frozen=True)
class Suggested:
    """Whom the rules would have lead a case: by the map where it lies at the railway, else by the responsibility list alone.
    `lead` is "" where they name nobody."""

    lead: str
    supporting: tuple[str, ...]
    why: str
    routed: Routed | None
    attribution: Attribution | None = None


def place_of(where: Located, facts: RoutingFacts) -> RailPlace | None:
    """Where a case lies, with what is asked of it; None without a point."""
    if where.lat is None or where.lng is None:
        return None
    return RailPlace(where.lat, where.lng, where.datum, where.accuracy_metres, where.located_by, facts.area_code,
                     facts.categories, facts.text, facts.answers)


def rules_on(on: date) -> PlaceRules:
    """What holds on a day."""
    return until_a_rule_changes("places", lambda session: _read_rules(session, on), on)


def explained(place: RailPlace, on: date, judged: PlaceRules | None = None) -> Attribution:
    """Whose a place is on a day. Raises `Invalid` for a point that is none, and for one whose datum nobody knows."""
    points.check(place.lat, place.lng, box=points.box_of(wiring().home_area))
    points.check_accuracy(place.accuracy, "accuracy")
    if place.datum not in set(Datum):
        raise Invalid("不知道这个点是什么坐标系，不能判围栏内外：GCJ-02 与 WGS-84 相差数百米。请注明坐标系或重新定位。", field="datum")
    judged = judged or rules_on(on)
    found = _measured_at(place, judged)
    area, reported = _area_of(place, found), place.answers.get(FENCE)

    def ask(side: str | None) -> Routed | None:
        facts = RoutingFacts(place.categories, area, place.text, place.answers, side)
        return route(judged.lines, facts, on, judged.names)

    said = attribute(found, judged.rows, ask, str(reported) if reported else "")
    return with_reasons(said, judged.names, judged.list_year)


def near_railway(place: RailPlace | None, on: date, judged: PlaceRules | None = None) -> Attribution | None:
    """The same for a place at the railway; None for one elsewhere, for one that is not known well enough, and while no line is
    drawn."""
    if place is None or place.datum not in set(Datum):
        return None
    judged = judged or rules_on(on)
    if judged.ground.map is None:
        return None
    found = explained(place, on, judged)
    return None if found.measures.is_beyond else found


def is_built_up(place: RailPlace | None, on: date) -> bool:
    """Whether a place lies in a built-up area on the map; not so for one that is not known well enough."""
    if place is None or place.datum not in set(Datum):
        return False
    return _measured_at(place, rules_on(on)).is_built_up


def suggested(place: RailPlace | None, facts: RoutingFacts, on: date, judged: PlaceRules | None = None) -> Suggested | None:
    """Whom the rules would have lead a case; None where they have nothing to say."""
    judged = judged or rules_on(on)
    found = near_railway(place, on, judged)
    if found is not None:
        return Suggested(found.lead or "", found.supporting, paragraph(found.why), found.routed, found)
    routed = route(judged.lines, facts, on, judged.names)
    return None if routed is None else Suggested(routed.lead, routed.supporting, routed.why, routed)


def said_of(found: Attribution) -> Say:
    """Whose a place is and why, as one paragraph."""
    return paragraph(found.why)


def _measured_at(place: RailPlace, judged: PlaceRules) -> Measures:
    lat, lng = positions.on_the_map(place.lat, place.lng, place.datum)
    if judged.ground.map is None:
        return measured(NOTHING, {}, (), None, False, judged.bounds)
    is_pin = place.located_by in BY_HAND or place.datum in BY_HAND
    return measured(judged.ground.map.ground(lat, lng), judged.ground.shapes, judged.ground.posts, place.accuracy, is_pin,
                    judged.bounds)


def _area_of(place: RailPlace, found: Measures) -> str | None:
    """Where the place lies: as the case says, else as its section does, else by the boundaries on the map."""
    if place.area_code:
        return place.area_code
    if found.section is not None and found.section.extra.get("area"):
        return str(found.section.extra["area"])
    district = boundaries.district_at(place.lat, place.lng, place.datum)
    return district.code or None if district is not None else None


def _read_rules(session: Session, on: date) -> PlaceRules:
    corridor, margin, table = (values.value(key, on) for key in ("corridor", "fence_margin", "fence_rules"))
    assert isinstance(corridor, dict)
    assert isinstance(margin, dict)
    assert isinstance(table, list)
    version, units = versions.in_force(session, on), session.execute(select(Unit.code, Unit.name))
    names = {area.code: area.name for area in rules.gazetteer().areas} | dict(categories().names) | {
        row.code: row.name for row in units}
    return PlaceRules(on, made_ready(shapes_on(session, on)), table,
                      Bounds(corridor["urban"], corridor["rural"], margin["least"], margin["pin"]), rules.routing(on),
                      version.valid_from.year if version is not None and version.valid_from is not None else None, names)
