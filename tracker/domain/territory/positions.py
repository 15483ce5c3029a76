"""Where a case lies: points that know their datum, which of them may be kept, and which a reader should look at twice."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise
from math import isfinite
from typing import Protocol

from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Listed, Say
from tracker.domain.territory.provinces import COUNTRY, PROVINCES, Box

Ring = Sequence[Sequence[float]]  # (lng, lat) pairs, as GeoJSON has them


class Datum(StrEnum):
    """What a pair of numbers was measured against. `manual`: by eye, on this product's own map or from a description."""

    wgs84 = "wgs84"
    cgcs2000 = "cgcs2000"
    gcj02 = "gcj02"
    manual = "manual"


class LocatedBy(StrEnum):
    """Where the point of a case comes from: the phone, a pin set by hand, or typed numbers."""

    device = "device"
    pin = "pin"
    text = "text"


class Located(Protocol):
    """Where something was noted: its point, and the phone's own fix beside it."""

    @property
    def lat(self) -> float | None: ...
    @property
    def lng(self) -> float | None: ...
    @property
    def datum(self) -> str | None: ...
    @property
    def accuracy_metres(self) -> float | None: ...
    @property
    def located_by(self) -> str | None: ...
    @property
    def device_lat(self) -> float | None: ...
    @property
    def device_lng(self) -> float | None: ...
    @property
    def device_datum(self) -> str | None: ...
    @property
    def device_accuracy_metres(self) -> float | None: ...


DATUMS: dict[Datum, str] = {
    Datum.wgs84: "WGS-84（手机、GPS）", Datum.cgcs2000: "CGCS2000（国家大地坐标）", Datum.gcj02: "GCJ-02（高德、腾讯地图）",
    Datum.manual: "图上目估",
}
LOCATED_BY: dict[LocatedBy, str] = {LocatedBy.device: "手机定位", LocatedBy.pin: "手动移过图钉", LocatedBy.text: "手工填写"}
WORST_ACCURACY = 100_000  # metres
FAR_FROM_PIN_METRES = 200  # a pin this far from the phone's own fix is worth a second look


def box_of(area_code: str) -> Box:
    """The box that a district's cases should lie in: that of its province."""
    return PROVINCES.get(area_code[:2], COUNTRY)


def check(lat: float | None, lng: float | None, *, field: str = "lat", box: Box | None = None) -> None:
    """Raises `Invalid` for half a point, (0, 0) and what is nowhere on the globe; with a box, for numbers that are swapped,
    too."""
    if lat is None and lng is None:
        return
    if lat is None or lng is None:
        raise Invalid("纬度和经度要一起填写。", field=field)
    if (lat, lng) == (0, 0):
        raise Invalid("位置为(0,0)，不是有效坐标。", field=field)
    if box is not None and not box.holds(lat, lng) and box.holds(lng, lat):
        raise Invalid(
            Say("纬度 {lat:g}、经度 {lng:g} 像是填反了：{box_name}在北纬 {south:.0f}°至 {north:.0f}°、东经 {west:.0f}°至 {east:.0f}°之间。请把两个数对调。",
                lat=lat, lng=lng, box_name=box.name, south=box.south, north=box.north, west=box.west, east=box.east), field=field)
    if not (isfinite(lat) and isfinite(lng) and -90 <= lat <= 90 and -180 <= lng <= 180):
        raise Invalid(Say("纬度 {lat:g}、经度 {lng:g} 不在地球上；纬度在 -90 到 90 之间，经度在 -180 到 180 之间。", lat=lat, lng=lng), field=field)


def check_datum(datum: str | None, field: str = "datum") -> None:
    """Raises `Invalid` for a datum that is none of ours."""
    if datum and datum not in set(Datum):
        raise Invalid(Say("没有坐标系“{datum}”；可用：{known}。", datum=datum, known=Listed(Datum)), field=field)


def check_located(where: Located) -> None:
    """Raises `Invalid` for points that are nowhere on the globe, and for a datum or a way of locating that is none of ours."""
    check(where.lat, where.lng)
    check(where.device_lat, where.device_lng, field="device_lat")
    check_datum(where.datum)
    check_datum(where.device_datum, "device_datum")
    if where.located_by and where.located_by not in set(LocatedBy):
        raise Invalid(Say("没有定位方式“{located_by}”。", located_by=where.located_by), field="located_by")
    for name in ("accuracy_metres", "device_accuracy_metres"):
        check_accuracy(getattr(where, name), name)


def check_accuracy(metres: float | None, field: str) -> None:
    """Raises `Invalid` for an accuracy that none can be."""
    if not 0 <= (metres or 0) <= WORST_ACCURACY:
        raise Invalid("定位精度应为 0 至 100000 之间的米数。", field=field)


def doubt(lat: float | None, lng: float | None, box: Box) -> str:
    """A sentence about a point that is possible but not plausible, "" when nothing is odd. It informs, it never refuses."""
    if lat is None or lng is None or box.holds(lat, lng):
        return ""
    return Say("坐标（北纬 {lat:.5f}°，东经 {lng:.5f}°）在{box_name}范围以外，请核对。", lat=lat, lng=lng, box_name=box.name)


def lies_in(lat: float, lng: float, polygons: Sequence[Sequence[Ring]]) -> bool:
    """Whether a point lies in one of the polygons, each an outer ring with its holes."""
    return any(_is_inside(lat, lng, polygon[0]) and not any(_is_inside(lat, lng, hole) for hole in polygon[1:])
               for polygon in polygons)


def _is_inside(lat: float, lng: float, ring: Ring) -> bool:
    """A ray to the east crosses the ring an odd number of times."""
    inside = False
    for (x, y, *_), (next_x, next_y, *_) in pairwise(ring):
        if (y > lat) != (next_y > lat) and lng < x + (lat - y) / (next_y - y) * (next_x - x):
            inside = not inside
    return inside
