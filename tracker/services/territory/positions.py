"""Points as the house needs them: on the map, in a district, with what is odd about them."""

from tracker.domain.evidence.photo_pairs import metres_between
from tracker.domain.territory import positions
from tracker.domain.territory.map_apps import MAP_APPS, ShownDatum
from tracker.gateways.territory import datums
from tracker.services.house.work import wiring


def on_the_map(lat: float, lng: float, datum: str | None) -> tuple[float, float]:
    """A point as WGS-84, which phones and our map speak."""
    return datums.on_the_map(lat, lng, datum)


def metres_apart(lat: float, lng: float, datum: str | None, other_lat: float, other_lng: float, other_datum: str | None) -> float:
    """The way between two points, whatever each was measured against; within one datum the shift is the same for both."""
    if datum == other_datum:
        return metres_between(lat, lng, other_lat, other_lng)
    return metres_between(*on_the_map(lat, lng, datum), *on_the_map(other_lat, other_lng, other_datum))


def ways_to(lat: float, lng: float, datum: str | None) -> list[tuple[str, str]]:
    """The phone's map applications, each with the address that leads to the point in its own datum."""
    point = on_the_map(lat, lng, datum)
    of_datum = {ShownDatum.wgs84: point, ShownDatum.gcj02: datums.shifted(*point), ShownDatum.bd09: datums.shifted_twice(*point)}
    return [(app.word, app.at(*of_datum[app.datum])) for app in MAP_APPS]


def doubt(lat: float | None, lng: float | None, datum: str | None = None) -> str:
    """A sentence about a point that is possible but not plausible for this house, "" when nothing is odd."""
    if lat is None or lng is None:
        return ""
    return positions.doubt(*on_the_map(lat, lng, datum), positions.box_of(wiring().home_area))
