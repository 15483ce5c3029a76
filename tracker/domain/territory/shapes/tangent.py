"""The plane that touches the globe at a point: degrees as metres, good to some centimetres within a few kilometres."""

from collections.abc import Sequence
from itertools import pairwise
from math import cos, hypot, radians, sin, sqrt

MAJOR, FLATTENING = 6_378_137.0, 1 / 298.257222101  # CGCS2000; WGS-84 differs by a tenth of a millimetre
_SQUARED = FLATTENING * (2 - FLATTENING)


def metres_a_degree(lat: float) -> tuple[float, float]:
    """How many metres a degree of longitude and one of latitude are here."""
    bent = 1 - _SQUARED * sin(radians(lat)) ** 2
    across, along = MAJOR / sqrt(bent) * cos(radians(lat)), MAJOR * (1 - _SQUARED) / bent ** 1.5
    return radians(across), radians(along)


def running_metres(course: Sequence[Sequence[float]]) -> list[float]:
    """How far each point of a line is from its beginning, along it."""
    found = [0.0]
    for (lng, lat, *_), (next_lng, next_lat, *_) in pairwise(course):
        across, along = metres_a_degree((lat + next_lat) / 2)
        found.append(found[-1] + hypot((next_lng - lng) * across, (next_lat - lat) * along))
    return found


def point_at(course: Sequence[Sequence[float]], metres: float) -> tuple[float, float]:
    """The longitude and latitude so many metres along a line; beyond its ends, the end."""
    running = running_metres(course)
    for at, (begin, end) in enumerate(pairwise(running)):
        if metres <= end and end > begin:
            part = max(0.0, (metres - begin) / (end - begin))
            (lng, lat, *_), (next_lng, next_lat, *_) = course[at], course[at + 1]
            return lng + part * (next_lng - lng), lat + part * (next_lat - lat)
    return course[-1][0], course[-1][1]


def stretch(course: Sequence[Sequence[float]], begin: float, end: float) -> list[tuple[float, float]]:
    """The piece of a line between two distances along it."""
    running = running_metres(course)
    inner = [(point[0], point[1]) for point, metre in zip(course, running, strict=True) if begin < metre < end]
    return [point_at(course, begin), *inner, point_at(course, end)]


def foot_on(course: Sequence[Sequence[float]], lng: float, lat: float) -> tuple[float, float]:
    """How far along a line the nearest point of it lies, and how far away it is, in metres."""
    across, up = metres_a_degree(lat)
    best, running = (0.0, float("inf")), 0.0
    for (one_lng, one_lat, *_), (two_lng, two_lat, *_) in pairwise(course):
        x, y = (one_lng - lng) * across, (one_lat - lat) * up
        dx, dy = (two_lng - one_lng) * across, (two_lat - one_lat) * up
        length = hypot(dx, dy)
        part = min(max(-(x * dx + y * dy) / length**2, 0.0), 1.0) if length else 0.0
        away = hypot(x + part * dx, y + part * dy)
        if away < best[1]:
            best = (running + part * length, away)
        running += length
    return best
