"""What a shape of the map can be, and what is known of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class Layer(StrEnum):
    """Which piece of the map."""

    line = "line"
    section = "section"
    fence = "fence"
    ownership = "ownership"
    zone = "zone"
    built_up = "built_up"


class OwnerKind(StrEnum):
    """Whose a parcel is by the register of owners."""

    railway = "railway"
    local = "local"
    third = "third"
    disputed = "disputed"


LAYERS: Mapping[Layer, str] = {Layer.line: "线路", Layer.section: "段落", Layer.fence: "围栏", Layer.ownership: "产权", Layer.zone: "片区",
                               Layer.built_up: "城区"}
OWNER_KINDS: Mapping[OwnerKind, str] = {OwnerKind.railway: "铁路", OwnerKind.local: "地方", OwnerKind.third: "第三方",
                                        OwnerKind.disputed: "有争议"}
SIDES: Mapping[str, str] = {"left": "左侧", "right": "右侧"}  # looking the way the mileage grows
OVERLAPS_MATTER = (Layer.fence, Layer.ownership)  # two of a day that lie on one another are a mistake until somebody says not
Geometry = Mapping[str, Any]
Point = Sequence[float]  # (lng, lat), as GeoJSON has them


@dataclass(frozen=True)
class Edition:
    """Which version of a layer a shape came with: the n-th that was put in force in a year."""

    year: int
    number: int


@dataclass(frozen=True)
class MapShape:
    """A shape. `geometry` is None where a stretch of a line says where it is. `ends`: from this version on there is none of this
    code any more."""

    code: str
    layer: Layer
    name: str
    geometry: Geometry | None = None
    line: str = ""
    metre_from: float | None = None
    metre_to: float | None = None
    side: str = ""
    unit_code: str = ""
    owner_kind: str = ""
    tolerance_metres: float | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    ends: bool = False
    edition: Edition | None = None
    valid_from: date | None = None

    @property
    def polygons(self) -> Sequence[Sequence[Sequence[Point]]]:
        """Its areas, each an outer ring with its holes."""
        if self.geometry is None or self.geometry["type"] == "LineString":
            return ()
        found = self.geometry["coordinates"]
        return found if self.geometry["type"] == "MultiPolygon" else (found,)

    @property
    def course(self) -> Sequence[Point]:
        """The points of a line, the way its mileage grows."""
        return self.geometry["coordinates"] if self.geometry is not None and self.geometry["type"] == "LineString" else ()

    @property
    def points(self) -> Sequence[Point]:
        """Every corner."""
        return self.course or [point for polygon in self.polygons for ring in polygon for point in ring]


@dataclass(frozen=True)
class Overlap:
    """Two shapes of a layer that lie on one another, with how much, and where its middle is."""

    one: str
    other: str
    square_metres: float
    lng: float
    lat: float

    @property
    def key(self) -> str:
        """By which it is said that it may stay."""
        return f"{self.one}/{self.other}"
