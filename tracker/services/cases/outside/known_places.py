"""What the register knows of a point: how the place is called where something was reported before."""

from dataclasses import dataclass
from datetime import timedelta

from tracker.domain.house.actor import Actor
from tracker.services.house.work import reading, wiring
from tracker.services.territory import positions
from tracker.storage.cases.register import nearby

WITHIN_METRES = 150.0
WITHIN_DAYS = 730


@dataclass(frozen=True)
class KnownPlace:
    """A place that somebody named, so many metres from the point."""

    place: str
    area_code: str
    metres: int


def place_at(actor: Actor, lat: float, lng: float, datum: str | None) -> KnownPlace | None:
    """The name of the nearest place that this person's cases know, if it is near enough to be this one."""
    today = wiring().clock.today()
    found = nearby.around(reading(), actor.scope(), today - timedelta(days=WITHIN_DAYS), today,
                          positions.on_the_map(lat, lng, datum))
    near = [(positions.metres_apart(lat, lng, datum, each.lat, each.lng, each.datum), each) for each in found
            if each.place and each.lat is not None and each.lng is not None]
    metres, case = min(near, key=lambda each: (each[0], -each[1].id), default=(WITHIN_METRES + 1, None))
    return None if case is None or metres > WITHIN_METRES else KnownPlace(case.place, case.area_code or "", round(metres))
