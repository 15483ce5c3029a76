"""The shapes as they hold on a day, ready for measuring."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from tracker.domain.territory.shapes.layers import Edition, Layer, MapShape
from tracker.domain.territory.shapes.mileage import Posts, posts_of
from tracker.domain.territory.shapes.tangent import running_metres
from tracker.storage.territory.shapes import ShapeRow, ShapeSet

if TYPE_CHECKING:
    from tracker.gateways.territory.geometry import ShapeMap

DECIDING = (Layer.line, Layer.fence)  # without any of these nothing is measured
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class ShapeGround:
    """Some shapes by code, the posts of the lines among them, and the map on which points are measured; no map where there is
    nothing to measure against."""

    shapes: Mapping[str, MapShape]
    posts: tuple[Posts, ...]
    map: ShapeMap | None


def shapes_on(session: Session, on: date) -> tuple[MapShape, ...]:
    """What holds on a day."""
    holds = (ShapeSet.activated_at.is_not(None), ShapeRow.valid_from <= on, ~ShapeRow.is_end,
             or_(ShapeRow.valid_to.is_(None), ShapeRow.valid_to >= on))
    return tuple(_shape_of(*found) for found in session.execute(_with_set().where(*holds).order_by(ShapeRow.code)))


def shapes_of_set(session: Session, set_id: int) -> tuple[MapShape, ...]:
    """Those of one version."""
    query = _with_set().where(ShapeRow.set_id == set_id).order_by(ShapeRow.code)
    return tuple(_shape_of(*found) for found in session.execute(query))


def made_ready(shapes: Sequence[MapShape]) -> ShapeGround:
    """The ground that these shapes make."""
    by_code = {shape.code: shape for shape in shapes}
    if not any(shape.layer in DECIDING for shape in shapes):
        return ShapeGround(by_code, (), None)
    from tracker.gateways.territory.geometry import ShapeMap  # what measures takes half a second to load

    return ShapeGround(by_code, line_posts(shapes), ShapeMap.of(shapes))


def line_posts(shapes: Iterable[MapShape]) -> tuple[Posts, ...]:
    """The kilometre posts of the lines."""
    return tuple(posts_of(shape.code, shape.name, shape.extra, running_metres(shape.course)[-1])
                 for shape in shapes if shape.layer is Layer.line)


def with_draft(before: Sequence[MapShape], draft: Sequence[MapShape]) -> tuple[MapShape, ...]:
    """What would hold if a draft were put in force."""
    replaced = {shape.code for shape in draft}
    return (*(shape for shape in before if shape.code not in replaced), *(shape for shape in draft if not shape.ends))


def box_around(shapes: Iterable[MapShape]) -> Box | None:
    """West, south, east and north of everything that is drawn; None where nothing is."""
    points = [point for shape in shapes for point in shape.points]
    if not points:
        return None
    lngs, lats = [point[0] for point in points], [point[1] for point in points]
    return min(lngs), min(lats), max(lngs), max(lats)


def _with_set() -> Select[ShapeRow, int | None, int | None]:
    return select(ShapeRow, ShapeSet.year, ShapeSet.number).join(ShapeSet, ShapeSet.id == ShapeRow.set_id)


def _shape_of(row: ShapeRow, year: int | None, number: int | None) -> MapShape:
    edition = Edition(year, number) if year is not None and number is not None else None
    return MapShape(row.code, Layer(row.layer), row.name, json.loads(row.geometry) if row.geometry else None, row.line,
                 row.metre_from, row.metre_to, row.side, row.unit_code, row.owner_kind, row.tolerance_metres,
                 json.loads(row.extra), row.is_end, edition, row.valid_from)
