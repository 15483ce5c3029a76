"""What a file of shapes must stand before it becomes a draft: every refusal names the part and the place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Say
from tracker.domain.territory.positions import Datum
from tracker.domain.territory.shapes.layers import LAYERS, OVERLAPS_MATTER, Layer, MapShape, Overlap, OwnerKind
from tracker.domain.territory.shapes.measures import of_layer
from tracker.domain.territory.shapes.reading import check_shape_datum, read_shapes
from tracker.domain.territory.shapes.sections import overlapping, section_faults
from tracker.services.house.work import wiring
from tracker.services.rules import rules
from tracker.services.territory import positions
from tracker.services.territory.shapes.ground import line_posts, shapes_on, with_draft
from tracker.storage.people.accounts import Unit
from tracker.storage.territory.shapes import ShapeRow

NEEDS_UNIT = (OwnerKind.railway, OwnerKind.local)


@dataclass(frozen=True)
class CheckedFile:
    """The shapes of a file that stands, and which of them lie on others."""

    shapes: tuple[MapShape, ...]
    overlaps: tuple[Overlap, ...]
    replaced: tuple[str, ...] = field(default=())


def layer_named(name: str) -> Layer:
    """The layer of a code. Raises `Invalid`."""
    if name not in set(Layer):
        raise Invalid("图层应为 line、section、fence、ownership、zone、built_up 之一。", field="layer")
    return Layer(name)


def checked(session: Session, layer: Layer, content: bytes, datum: str, on: date | None) -> CheckedFile:
    """Read a file as it would hold from a day on. Raises `Invalid` for the first thing that is wrong with it."""
    check_shape_datum(datum)
    on = on or wiring().clock.today()
    before = shapes_on(session, on)
    shapes = read_shapes(content, layer, line_posts(before))
    _require_sound(shapes)
    _require_codes(session, shapes, layer, before)
    _require_units(session, shapes, on)
    for row, shape in enumerate(shapes, start=1):
        if layer is Layer.fence and not shape.ends:
            _require_unshifted(shape, of_layer(before, Layer.line), row)
        if shape.extra.get("area") and rules.gazetteer().area(str(shape.extra["area"])) is None:
            raise _bad_row(row, shape, Say("没有区划 {area}", area=shape.extra["area"]))
    known = {shape.code for shape in before}
    replaced = tuple(shape.code for shape in shapes if shape.code in known)
    return CheckedFile(shapes, tuple(overlaps_of(shapes, before, layer)), replaced)


def overlaps_of(draft: Sequence[MapShape], before: Sequence[MapShape], layer: Layer) -> list[Overlap]:
    """Which shapes of a draft lie on one another or on what stays; of layers where that matters."""
    if layer not in OVERLAPS_MATTER:
        return []
    from tracker.gateways.territory import geometry

    fresh = [shape for shape in draft if not shape.ends]
    staying = [shape for shape in with_draft(of_layer(before, layer), draft) if shape not in fresh]
    return geometry.overlaps(fresh, staying)


def faults_of_sections(draft: Sequence[MapShape], before: Sequence[MapShape], layer: Layer) -> list[Say]:
    """Where the sections of a line would overlap or leave a gap if a draft of them were put in force."""
    return list(section_faults(with_draft(of_layer(before, layer), draft))) if layer is Layer.section else []


def require_sections_apart(draft: Sequence[MapShape], before: Sequence[MapShape], layer: Layer) -> None:
    """No two sections of a line share metres. Raises `Invalid` naming the first two that do; a gap may be another office's."""
    together = with_draft(of_layer(before, layer), draft) if layer is Layer.section else ()
    found = next(overlapping(together), None)
    if found is not None:
        raise Invalid(Say("段落 {one} 与 {other} 重叠 {metres:.0f} 米，请更正图形后重新装入。", one=found[0].code, other=found[1].code,
                          metres=found[2]))


def _require_sound(shapes: Sequence[MapShape]) -> None:
    if not any(shape.polygons for shape in shapes):
        return
    from tracker.gateways.territory import geometry

    for row, shape in enumerate(shapes, start=1):
        if (fault := geometry.fault_of(shape)) is not None:
            reason, lng, lat = fault
            raise _bad_row(row, shape, Say("{reason}，在东经 {lng:.6f}°、北纬 {lat:.6f}° 处", reason=Say(FAULTS.get(reason, OTHER_FAULT)),
                                           lng=lng, lat=lat))


FAULTS: Mapping[str, str] = {"Self-intersection": "边界自相交叉", "Ring Self-intersection": "边界自相交叉",
                             "Hole lies outside shell": "洞在外圈以外", "Holes are nested": "洞套着洞",
                             "Interior is disconnected": "洞把面切成了两块", "Too few points in geometry component": "点太少"}
OTHER_FAULT = "图形无效"


def _require_codes(session: Session, shapes: Sequence[MapShape], layer: Layer, before: Sequence[MapShape]) -> None:
    """A code belongs to one layer for ever, and only what is there can end."""
    codes = [shape.code for shape in shapes]
    taken: dict[str, str] = {row.code: row.layer for row in session.execute(
        select(ShapeRow.code, ShapeRow.layer).where(ShapeRow.code.in_(codes), ShapeRow.layer != layer.value,
                                                    ShapeRow.valid_from.is_not(None)))}
    standing = {shape.code for shape in before}
    for row, shape in enumerate(shapes, start=1):
        if shape.code in taken:
            raise _bad_row(row, shape, Say("代码已用于{layer}", layer=Say(LAYERS[Layer(taken[shape.code])])))
        if shape.ends and shape.code not in standing:
            raise _bad_row(row, shape, "写明停用，但现在没有这个代码")


def _require_units(session: Session, shapes: Sequence[MapShape], on: date) -> None:
    known = set(session.scalars(select(Unit.code).where((Unit.valid_to.is_(None)) | (Unit.valid_to >= on))))
    for row, shape in enumerate(shapes, start=1):
        if shape.owner_kind in NEEDS_UNIT and not shape.unit_code:
            raise _bad_row(row, shape, "没有写产权单位代码（unit_code）")
        if shape.unit_code and shape.unit_code not in known:
            raise _bad_row(row, shape, Say("单位代码“{unit}”在 {day} 没有这个单位", unit=shape.unit_code, day=on))


def _require_unshifted(fence: MapShape, lines: Sequence[MapShape], row: int) -> None:
    """A fence beside every line that would lie on one if it were shifted back is in GCJ-02, whatever its file says."""
    if not lines:
        return
    from tracker.gateways.territory import geometry

    if geometry.goes_through(fence, lines):
        return
    back = [[[list(reversed(positions.on_the_map(lat, lng, Datum.gcj02))) for lng, lat in ring] for ring in polygon]
            for polygon in fence.polygons]
    shifted = MapShape(fence.code, fence.layer, fence.name, {"type": "MultiPolygon", "coordinates": back})
    if geometry.goes_through(shifted, lines):
        raise _bad_row(row, fence, "像是 GCJ-02 坐标：离线路数百米，换算回来正好在线路上；请交付单位按 CGCS2000 导出")


def _bad_row(row: int, shape: MapShape, trouble: str) -> Invalid:
    said = trouble if isinstance(trouble, Say) else Say(trouble)
    return Invalid(Say("第 {row} 个图形（{code}）：{trouble}。", row=row, code=shape.code, trouble=said), field="file")
