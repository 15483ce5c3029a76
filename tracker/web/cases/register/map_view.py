"""What a map says of its view when it asks for cases: which part of the earth, at which zoom."""

from tracker.domain.house.errors import Invalid
from tracker.storage.cases.register.map_points import Box

FARTHEST, NEAREST, USUAL = 3, 19, 11  # zooms; the usual one shows a district whole
SIDE = 56  # pixels of a square, as the pins of a browser gather
TILE = 256  # pixels of the whole earth at zoom 0


def read_box(text: str) -> Box | None:
    """South, west, north and east in degrees with commas between; None for no text. Raises `Invalid`."""
    if not text:
        return None
    try:
        south, west, north, east = (float(part) for part in text.split(","))
    except ValueError:
        raise Invalid("地图范围应为以逗号分隔的四个度数：南、西、北、东。", field="box") from None
    if not (-90 <= south <= north <= 90 and -180 <= west <= east <= 180):
        raise Invalid("地图范围不成立：南应小于北，西应小于东。", field="box")
    return south, west, north, east


def read_zoom(text: str) -> int:
    """A zoom of the map. Raises `Invalid`."""
    if not text:
        return USUAL
    if not text.isascii() or not text.isdigit() or not FARTHEST <= int(text[:3]) <= NEAREST:
        raise Invalid("地图级别应为 3–19 的整数。", field="zoom")
    return int(text)


def side_of(zoom: int) -> float:
    """The side of a square of the grid, in degrees."""
    return 360 / 2 ** zoom / TILE * SIDE
