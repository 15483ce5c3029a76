"""What is measured of a point, and what the numbers mean: in which stretch it lies, and on which side of the fence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tracker.domain.territory.shapes.layers import Layer, MapShape, OwnerKind
from tracker.domain.territory.shapes.mileage import Posts


class Fence(StrEnum):
    """Where a point lies by the fence. `on_line`: nearer to it than can be told. `unknown`: no fence is drawn on this stretch."""

    inside = "inside"
    outside = "outside"
    on_line = "on_line"
    unknown = "unknown"


@dataclass(frozen=True)
class LineFound:
    """The nearest line: how far it is, how far along it, and on which side the point lies looking the way the mileage grows."""

    code: str
    metres: float
    along: float
    side: str


@dataclass(frozen=True)
class FenceFound:
    """A fence: how far its boundary is, whether the point is within, and whether it is that of the stretch beside the point."""

    code: str
    metres: float
    is_within: bool
    is_of_stretch: bool


@dataclass(frozen=True)
class Surroundings:
    """What the map says of a point, in numbers alone."""

    line: LineFound | None
    fences: tuple[FenceFound, ...]
    owners: tuple[str, ...]
    section: str | None
    is_built_up: bool


NOTHING = Surroundings(None, (), (), None, False)


@dataclass(frozen=True)
class Bounds:
    """The values of the rule book: how wide a corridor is in built-up areas and elsewhere, below which nothing is told apart, and
    what a pin that a hand has set is good for."""

    urban: float
    rural: float
    least: float
    pin: float


@dataclass(frozen=True)
class Measures:
    """A point as the rule looks at it. `error` is how wrong the place may be, `corridor` how wide the line's is here,
    `beyond` how far the point is from the fence's outside, or from the line where no fence is drawn; None without a line."""

    fence: Fence
    fence_metres: float | None
    fence_shape: MapShape | None
    line: MapShape | None
    line_metres: float | None
    mileage: str
    side: str
    error: float
    beyond: float | None
    corridor: float
    is_built_up: bool
    owners: tuple[MapShape, ...]
    section: MapShape | None

    @property
    def is_beyond(self) -> bool:
        """Whether the place is none of the railway's."""
        return self.beyond is None or self.beyond > self.corridor

    @property
    def owner_class(self) -> str:
        """`none`, the kind of the one owner, or `several` where two claim it or its owner is in dispute."""
        if not self.owners:
            return "none"
        named = {shape.unit_code or shape.name for shape in self.owners}
        kinds = {shape.owner_kind for shape in self.owners}
        return "several" if len(named) > 1 or OwnerKind.disputed in kinds else next(iter(kinds))


def measured(ground: Surroundings, shapes: Mapping[str, MapShape], lines: Iterable[Posts], accuracy: float | None, is_pin: bool,
             bounds: Bounds) -> Measures:
    """What the numbers mean."""
    fence = _decisive_fence(ground.fences)
    drawn = shapes[fence.code] if fence is not None else None
    error = max(bounds.least, accuracy or 0.0, bounds.pin if is_pin else 0.0,
                (drawn.tolerance_metres or 0.0) if drawn is not None else 0.0)
    line = ground.line
    beyond = (0.0 if fence.is_within else fence.metres) if fence is not None else line.metres if line is not None else None
    posts = next((each for each in lines if line is not None and each.code == line.code), None)
    return Measures(
        _side_of_fence(fence, error), fence.metres if fence is not None else None, drawn,
        shapes[line.code] if line is not None else None, line.metres if line is not None else None,
        posts.told(line.along) if posts is not None and line is not None else "", line.side if line is not None else "", error,
        beyond, bounds.urban if ground.is_built_up else bounds.rural, ground.is_built_up,
        tuple(shapes[code] for code in ground.owners), shapes[ground.section] if ground.section else None)


def _decisive_fence(fences: Sequence[FenceFound]) -> FenceFound | None:
    """Of the fences the one that holds the point, else the nearest of those that belong to the stretch beside it."""
    within = [fence for fence in fences if fence.is_within]
    return min(within or [fence for fence in fences if fence.is_of_stretch], key=lambda fence: fence.metres, default=None)


def _side_of_fence(fence: FenceFound | None, error: float) -> Fence:
    if fence is None:
        return Fence.unknown
    if fence.metres <= error:
        return Fence.on_line
    return Fence.inside if fence.is_within else Fence.outside


def of_layer(shapes: Iterable[MapShape], layer: Layer) -> list[MapShape]:
    """Those of a layer."""
    return [shape for shape in shapes if shape.layer is layer]
