"""Measuring on the map: how far a point lies from lines, fences and parcels, where a polygon crosses itself, what lies on one
another. Whoever measures imports this file when they do: what stands under it takes half a second to load."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from tracker.domain.territory.shapes.layers import Layer, MapShape, Overlap
from tracker.domain.territory.shapes.measures import FenceFound, LineFound, Surroundings
from tracker.domain.territory.shapes.tangent import metres_a_degree, running_metres

ON_THE_LINE = 0.05  # metres from a line within which there is no left or right
AT_THE_FENCE = 1.0  # metres by which the foot of a point may miss the fence that goes along its line
DUST = 1.0  # square metres that two neighbours may share: they were drawn apart
_PLACE = re.compile(r"^(.*)\[(-?[\d.e-]+) (-?[\d.e-]+)\]$")


@dataclass(frozen=True)
class _Plane:
    """The plane that touches the globe at a point, which is its origin."""

    lng: float
    lat: float
    scale: tuple[float, float]

    @classmethod
    def at(cls, lng: float, lat: float) -> "_Plane":
        return cls(lng, lat, metres_a_degree(lat))

    def put(self, points: Any) -> Any:
        return (points - (self.lng, self.lat)) * self.scale


@dataclass(frozen=True)
class _Drawn:
    """A shape with its corners as arrays and the box around them."""

    shape: MapShape
    rings: tuple[tuple[Any, ...], ...]
    course: Any
    running: Any
    box: tuple[float, float, float, float] | None

    @classmethod
    def of(cls, shape: MapShape) -> "_Drawn":
        points = np.array([point[:2] for point in shape.points], float)
        box = (*points.min(0), *points.max(0)) if len(points) else None
        return cls(shape, tuple(tuple(np.array(ring, float) for ring in polygon) for polygon in shape.polygons),
                   np.array(shape.course, float) if shape.course else None,
                   np.array(running_metres(shape.course)) if shape.course else None, box)

    def area_on(self, plane: _Plane) -> Any:
        parts = [shapely.Polygon(plane.put(rings[0]), [plane.put(hole) for hole in rings[1:]]) for rings in self.rings]
        return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)

    def holds_origin(self, plane: _Plane) -> bool:
        return bool(self.rings) and not self.apart(plane) and bool(self.area_on(plane).covers(shapely.Point(0, 0)))

    def apart(self, plane: _Plane) -> float:
        """How far the box around it is, in metres: it is no nearer than that."""
        if self.box is None:
            return float("inf")
        west, south, east, north = self.box
        across = max(west - plane.lng, 0.0, plane.lng - east) * plane.scale[0]
        return float(np.hypot(across, max(south - plane.lat, 0.0, plane.lat - north) * plane.scale[1]))


@dataclass(frozen=True)
class _Foot:
    """The nearest line with the place on it, in the plane of the point."""

    found: LineFound
    at: Any


@dataclass(frozen=True)
class ShapeMap:
    """Shapes made ready for measuring."""

    layers: Mapping[Layer, tuple[_Drawn, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, shapes: Sequence[MapShape]) -> "ShapeMap":
        """A map of these shapes."""
        return cls({layer: tuple(_Drawn.of(shape) for shape in shapes if shape.layer is layer) for layer in Layer})

    def ground(self, lat: float, lng: float) -> Surroundings:
        """What it says of a point."""
        plane = _Plane.at(lng, lat)
        foot = self._nearest_line(plane)
        return Surroundings(foot.found if foot is not None else None, tuple(self._fences_about(plane, foot)),
                      tuple(each.shape.code for each in self._lying_on(Layer.ownership, plane, foot)),
                      next((each.shape.code for each in self._lying_on(Layer.section, plane, foot)), None),
                      any(True for _ in self._lying_on(Layer.built_up, plane, foot)))

    def _nearest_line(self, plane: _Plane) -> _Foot | None:
        best: _Foot | None = None
        for drawn in sorted(self.layers[Layer.line], key=lambda each: each.apart(plane)):
            if best is not None and drawn.apart(plane) >= best.found.metres:
                break
            foot = _foot_on(drawn, plane)
            if best is None or foot.found.metres < best.found.metres:
                best = foot
        return best

    def _fences_about(self, plane: _Plane, foot: _Foot | None) -> Iterator[FenceFound]:
        """Those that hold the point, and those through which the line goes beside it."""
        reach = 0.0 if foot is None else foot.found.metres
        for drawn in self.layers[Layer.fence]:
            tolerance = AT_THE_FENCE + (drawn.shape.tolerance_metres or 0.0)
            if drawn.apart(plane) > reach + tolerance:
                continue
            area, point = drawn.area_on(plane), shapely.Point(0, 0)
            is_within = area.covers(point)
            is_of_stretch = foot is not None and area.distance(foot.at) <= tolerance
            if is_within or is_of_stretch:
                yield FenceFound(drawn.shape.code, float(area.boundary.distance(point)), bool(is_within), bool(is_of_stretch))

    def _lying_on(self, layer: Layer, plane: _Plane, foot: _Foot | None) -> Iterator[_Drawn]:
        for drawn in self.layers[layer]:
            if _is_beside(drawn.shape, foot) or drawn.holds_origin(plane):
                yield drawn


def _foot_on(drawn: _Drawn, plane: _Plane) -> _Foot:
    course = plane.put(drawn.course)
    line, point = shapely.LineString(course), shapely.Point(0, 0)
    metres, along = line.distance(point), line.project(point)
    running = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(course, axis=0).T))))
    at = min(int(np.searchsorted(running, along, "right")) - 1, len(course) - 2)
    part = (along - running[at]) / ((running[at + 1] - running[at]) or 1.0)
    there = float(drawn.running[at] + part * (drawn.running[at + 1] - drawn.running[at]))
    (x, y), (next_x, next_y) = course[at], course[at + 1]
    turn = (next_x - x) * -y - (next_y - y) * -x
    side = "" if metres <= ON_THE_LINE else "left" if turn > 0 else "right"
    return _Foot(LineFound(drawn.shape.code, float(metres), there, side), line.interpolate(along))


def _is_beside(shape: MapShape, foot: _Foot | None) -> bool:
    """Whether a stretch of a line is the one beside the point."""
    if foot is None or shape.metre_from is None or shape.metre_to is None or shape.line != foot.found.code:
        return False
    return shape.metre_from <= foot.found.along <= shape.metre_to and shape.side in ("", foot.found.side)


def fault_of(shape: MapShape) -> tuple[str, float, float] | None:
    """Why a shape's polygons are none, and where, as longitude and latitude; None where they are sound."""
    for polygon in shape.polygons:
        reason = shapely.is_valid_reason(shapely.Polygon(polygon[0], polygon[1:]))
        if reason != "Valid Geometry":
            found = _PLACE.match(reason)
            lng, lat = (float(found[2]), float(found[3])) if found else polygon[0][0][:2]
            return (found[1] if found else reason), lng, lat
    return None


def overlaps(shapes: Sequence[MapShape], others: Sequence[MapShape]) -> list[Overlap]:
    """Which of these shapes share more than a square metre with one another, or with one of the others."""
    drawn, beside = ([_Drawn.of(shape) for shape in some if shape.polygons] for some in (shapes, others))
    pairs = [(one, other) for at, one in enumerate(drawn) for other in (*drawn[at + 1:], *beside) if _boxes_meet(one, other)]
    return [found for one, other in pairs if (found := _overlap_of(one, other)) is not None]


def goes_through(fence: MapShape, lines: Sequence[MapShape]) -> bool:
    """Whether one of the lines goes through a fence."""
    plane = _Plane.at(*fence.points[0][:2])
    area = _Drawn.of(fence).area_on(plane)
    return any(area.intersects(shapely.LineString(plane.put(np.array(line.course, float)))) for line in lines)


def _boxes_meet(one: _Drawn, other: _Drawn) -> bool:
    assert one.box is not None
    assert other.box is not None
    return (one.box[0] <= other.box[2] and other.box[0] <= one.box[2] and one.box[1] <= other.box[3]
            and other.box[1] <= one.box[3])


def _overlap_of(one: _Drawn, other: _Drawn) -> Overlap | None:
    assert one.box is not None
    plane = _Plane.at((one.box[0] + one.box[2]) / 2, (one.box[1] + one.box[3]) / 2)
    shared = one.area_on(plane).intersection(other.area_on(plane))
    if shared.area <= DUST:
        return None
    middle = shared.centroid
    return Overlap(one.shape.code, other.shape.code, float(shared.area), float(plane.lng + middle.x / plane.scale[0]),
                   float(plane.lat + middle.y / plane.scale[1]))
