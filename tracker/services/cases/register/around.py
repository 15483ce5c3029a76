"""Cases at work around a point, the nearest first: for who stands there."""

from dataclasses import dataclass
from math import cos, radians

from tracker.domain.cases.facts import OPEN
from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Invalid
from tracker.domain.rules.lights import LightBounds
from tracker.domain.territory.positions import check, check_datum
from tracker.services.house.work import reading
from tracker.services.territory import positions
from tracker.storage.cases.register import map_points
from tracker.storage.cases.register.filters import Filters
from tracker.storage.cases.register.map_points import Box, Point

WITHIN = (300, 1000, 3000)  # metres that a person may choose
MOST_NEAR = 50
METRES_A_DEGREE = 111_320
SHIFT = 800  # metres: more than maps that are shifted by law lie aside


@dataclass(frozen=True)
class NearPoint:
    """A case and how far it is."""

    point: Point
    metres: int


def around(actor: Actor, bounds: LightBounds, lat: float | None, lng: float | None, datum: str | None, within: int
           ) -> list[NearPoint]:
    """At most `MOST_NEAR` cases at work that this person may see within so many metres. Raises `Invalid` for no point."""
    check(lat, lng)
    check_datum(datum)
    if lat is None or lng is None:
        raise Invalid("请写明位置：纬度和经度。", field="lat")
    here = positions.on_the_map(lat, lng, datum)
    found = map_points.points(reading(), actor.scope(), Filters(state=OPEN), bounds, box=_box_around(*here, within))
    measured = [NearPoint(each, round(positions.metres_apart(*here, None, each.lat, each.lng, each.datum))) for each in found]
    return sorted((each for each in measured if each.metres <= within), key=lambda each: each.metres)[:MOST_NEAR]


def _box_around(lat: float, lng: float, within: int) -> Box:
    high = (within + SHIFT) / METRES_A_DEGREE
    wide = high / max(0.2, cos(radians(lat)))
    return lat - high, lng - wide, lat + high, lng + wide
