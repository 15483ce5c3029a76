"""Small drawings of shapes, made here and without a base map: a place with its circle of accuracy, or whole lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tracker.domain.territory.shapes.layers import Layer, MapShape, Overlap, Point
from tracker.domain.territory.shapes.tangent import metres_a_degree, stretch

WIDTH, LEAST, MARGIN = 640, 40.0, 1.12
BARS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)
UNDERMOST = (Layer.built_up, Layer.zone, Layer.fence, Layer.ownership, Layer.section, Layer.line)
TOO_NEAR = 0.6  # of a dot: corners nearer to one another are one


@dataclass(frozen=True)
class Stroke:
    """A shape as a path. `name` is what it is called to who cannot see it."""

    layer: str
    path: str
    name: str


@dataclass(frozen=True)
class Sketch:
    """A drawing: its size, its paths from the lowest to the topmost, the point with its circle, overlaps, and the scale's bar."""

    width: int
    height: int
    strokes: tuple[Stroke, ...]
    point: tuple[float, float] | None
    radius: float
    marks: tuple[tuple[float, float], ...]
    bar_metres: int
    bar: float


@dataclass(frozen=True)
class _Window:
    """What part of the map is drawn: its middle, and how many dots a metre is."""

    lng: float
    lat: float
    dots: float
    width: int
    height: int

    def put(self, point: Point) -> tuple[float, float]:
        across, along = metres_a_degree(self.lat)
        return (self.width / 2 + (point[0] - self.lng) * across * self.dots,
                self.height / 2 - (point[1] - self.lat) * along * self.dots)


def sketch_about(shapes: Iterable[MapShape], lat: float, lng: float, accuracy: float, reach: float) -> Sketch:
    """A place with what is drawn around it, so far as `reach` metres are in sight."""
    height = WIDTH * 5 // 8
    window = _Window(lng, lat, height / 2 / max(LEAST, reach * MARGIN, accuracy * 2.2), WIDTH, height)
    return _drawn_in(shapes, window, (WIDTH / 2, height / 2), accuracy * window.dots)


def sketch_of(shapes: Sequence[MapShape], overlaps: Sequence[Overlap] = ()) -> Sketch | None:
    """All of these shapes; None where nothing is drawn."""
    points = [point for shape in shapes if shape.layer is not Layer.built_up for point in shape.points] or [
        point for shape in shapes for point in shape.points]
    if not points:
        return None
    lngs, lats = [point[0] for point in points], [point[1] for point in points]
    lng, lat = (min(lngs) + max(lngs)) / 2, (min(lats) + max(lats)) / 2
    across, along = metres_a_degree(lat)
    wide, high = max((max(lngs) - min(lngs)) * across, LEAST), max((max(lats) - min(lats)) * along, LEAST)
    height = int(min(max(WIDTH * high / wide, WIDTH / 3), WIDTH))
    window = _Window(lng, lat, min(WIDTH / wide, height / high) / MARGIN, WIDTH, height)
    return _drawn_in(shapes, window, None, 0.0, tuple(window.put((each.lng, each.lat)) for each in overlaps))


def _drawn_in(shapes: Iterable[MapShape], window: _Window, point: tuple[float, float] | None, radius: float,
           marks: tuple[tuple[float, float], ...] = ()) -> Sketch:
    known = tuple(shapes)
    courses = {shape.code: shape.course for shape in known if shape.layer is Layer.line}
    strokes = [Stroke(shape.layer.value, path, shape.name) for layer in UNDERMOST for shape in known if shape.layer is layer
               if (path := _path_of(shape, courses.get(shape.line, ()), window))]
    bar = max((each for each in BARS if each * window.dots <= window.width / 3), default=BARS[0])
    return Sketch(window.width, window.height, tuple(strokes), point, radius, marks, bar, bar * window.dots)


def _path_of(shape: MapShape, course: Sequence[Point], window: _Window) -> str:
    """The path of what can be seen of a shape, "" where nothing can."""
    if shape.polygons:
        rings = [_ring_of(ring, window) for polygon in shape.polygons for ring in polygon]
        return "".join(f"M{'L'.join(ring)}Z" for ring in rings if ring)
    points: Sequence[Point] = shape.course
    if not points and course and shape.metre_from is not None and shape.metre_to is not None:
        points = stretch(course, shape.metre_from, shape.metre_to)
    corners = _ring_of(points, window) if points else []
    return f"M{'L'.join(corners)}" if corners else ""


def _ring_of(points: Sequence[Point], window: _Window) -> list[str]:
    """Its corners, without those that are one to the eye; none where all of it lies outside the window."""
    corners = [window.put(point) for point in points]
    if _is_out_of_sight(corners, window):
        return []
    kept = [corners[0], *(here for before, here in pairwise(corners)
                          if abs(here[0] - before[0]) + abs(here[1] - before[1]) > TOO_NEAR)]
    seen = [(_within_bounds(x, window.width), _within_bounds(y, window.height)) for x, y in kept]
    return [f"{x:.1f} {y:.1f}" for x, y in seen] if len(seen) > 1 else []


def _is_out_of_sight(corners: Sequence[tuple[float, float]], window: _Window) -> bool:
    across, down = [x for x, _ in corners], [y for _, y in corners]
    return max(across) < 0 or min(across) > window.width or max(down) < 0 or min(down) > window.height


def _within_bounds(dots: float, size: int) -> float:
    """No number so large that a browser loses its way."""
    return min(max(dots, -1000.0 * size), 1000.0 * size)
