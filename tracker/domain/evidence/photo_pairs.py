"""What lies between a before-photo and its after-photo: time and distance, each with what it was read from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt

EARTH_METRES = 6_371_008.8


@dataclass(frozen=True)
class Shot:
    """When and where a photo says it was taken; `uploaded_at` is the server's time."""

    uploaded_at: datetime
    taken_at: datetime | None = None
    lat: float | None = None
    lng: float | None = None


@dataclass(frozen=True)
class Between:
    """From the one photo to the other. `by_device` when both photos carry their own time; `metres` when both carry a place."""

    passed: timedelta
    is_by_device: bool
    metres: int | None


def between(before: Shot, after: Shot) -> Between:
    """What lies between two photos. A device's clock is used only against a device's clock."""
    metres = None
    if before.lat is not None and before.lng is not None and after.lat is not None and after.lng is not None:
        metres = round(metres_between(before.lat, before.lng, after.lat, after.lng))
    if before.taken_at is not None and after.taken_at is not None:
        return Between(after.taken_at - before.taken_at, True, metres)
    return Between(after.uploaded_at - before.uploaded_at, False, metres)


def metres_between(lat: float, lng: float, other_lat: float, other_lng: float) -> float:
    """The way over the globe between two places of the same datum."""
    half_lat, half_lng = radians(other_lat - lat) / 2, radians(other_lng - lng) / 2
    root = sin(half_lat) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(half_lng) ** 2
    return 2 * EARTH_METRES * asin(min(1.0, sqrt(root)))
