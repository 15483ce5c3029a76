"""Versions of the shapes: a file becomes a draft, another person looks at what it would change and puts it in force."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.domain.house.actor import OPERATOR, Actor, Permission
from tracker.domain.house.errors import Conflict, Incomplete, Invalid, NotAllowed, NotFound, WrongState
from tracker.domain.house.say import Listed, Say
from tracker.domain.territory.boundaries import check_source
from tracker.domain.territory.fact_kinds import ShapeFacts
from tracker.domain.territory.shapes.layers import LAYERS, Layer, MapShape, Overlap
from tracker.gateways.evidence.blobs import digest_of
from tracker.services.house import permits
from tracker.services.house.caching import rules_changed
from tracker.services.house.work import Work, deed, wiring
from tracker.services.territory.shapes import checking
from tracker.services.territory.shapes.ground import box_around, shapes_of_set, shapes_on
from tracker.storage.territory.shapes import ShapeRow, ShapeSet

STREAM, MOST_DOCUMENT, MOST_NAMED = "shapes", 60, 5


@dataclass(frozen=True)
class LoadOrder:
    """A file with what is said of it. `first_day` is from when it is meant to hold."""

    layer: str
    file_name: str
    content: bytes
    source: str
    document_no: str = ""
    first_day: date | None = None
    datum: str = "cgcs2000"


@dataclass(frozen=True)
class ActivateShapes:
    """From which day a draft holds. `kept` are the overlaps that may stay."""

    first_day: date
    kept: frozenset[str] = frozenset()


def all_sets(session: Session) -> Sequence[ShapeSet]:
    """Every version, the newest first."""
    return session.scalars(select(ShapeSet).order_by(ShapeSet.id.desc())).all()


def counts_of(session: Session) -> dict[int, int]:
    """How many shapes each version has."""
    found = session.execute(select(ShapeRow.set_id, func.count().label("shapes")).group_by(ShapeRow.set_id))
    return {row.set_id: row.shapes for row in found}


def set_named(session: Session, set_id: int) -> ShapeSet:
    """The version with this number. Raises `NotFound`."""
    found = session.get(ShapeSet, set_id)
    if found is None:
        raise NotFound(Say("没有第 {number} 号图形版本。", number=set_id))
    return found


def overlaps_in(session: Session, found: ShapeSet, on: date) -> list[Overlap]:
    """Which shapes of a draft would lie on others."""
    return checking.overlaps_of(shapes_of_set(session, found.id), shapes_on(session, on), Layer(found.layer))


def why_not_activate(actor: Actor, found: ShapeSet) -> NotAllowed | WrongState | None:
    """Why this person cannot put this version in force: asked by the page before it offers it, and by the deed."""
    if not actor.has_in(Permission.territory_activate, wiring().home_area):
        return NotAllowed("您没有“启用铁路沿线图形”的权限。", code="no_permission")
    if found.activated_at is not None or found.dropped_at is not None:
        return WrongState(Say("第 {number} 号图形版本不是草稿。", number=found.id))
    if {found.loaded_by_id, found.loaded_for_id} & set(actor.persons):
        return NotAllowed("须由他人启用：这份草稿是您装入的。", code="same_person")
    return None


@deed
def load(work: Work, actor: Actor | None, order: LoadOrder) -> int:
    """A file as a draft; returns its number. Raises what is wrong with it, naming the part."""
    by, session = _require_manager(actor), work.session
    layer, source, document_no = checking.layer_named(order.layer), check_source(order.source), order.document_no.strip()
    if len(document_no) > MOST_DOCUMENT:
        raise Invalid(Say("最多 {most} 个字，现为 {count} 个。", most=MOST_DOCUMENT, count=len(document_no)), field="document_no")
    digest = digest_of(order.content)
    _require_new(session, layer, digest)
    found = checking.checked(session, layer, order.content, order.datum, order.first_day)
    row = ShapeSet(layer=layer.value, source=source, document_no=document_no, file_name=order.file_name[-120:],
                   file_digest=work.wiring.blobs.put(order.content), wanted_from=order.first_day, loaded_at=work.clock.now(),
                   loaded_by_id=by.id if by.id > 0 else None,
                   loaded_for_id=by.acting_for.id if by.acting_for is not None else None)
    session.add(row)
    session.flush()
    session.add_all(_row_of(shape, row.id) for shape in found.shapes)
    work.record(STREAM, ShapeFacts.loaded, by, {
        "number": row.id, "layer": layer.value, "shapes": len(found.shapes), "source": source, "document_no": document_no,
        "file": row.file_name, "sha256": digest, "from": order.first_day, "overlaps": [each.key for each in found.overlaps]})
    return row.id


@deed
def drop(work: Work, actor: Actor | None, set_id: int) -> None:
    """Give up a draft; it stays to be read."""
    by, row = _require_manager(actor), _locked_draft(work, set_id)
    row.dropped_at = work.clock.now()
    work.record(STREAM, ShapeFacts.dropped, by, {"number": set_id, "layer": row.layer})


@deed
def activate(work: Work, actor: Actor, set_id: int, order: ActivateShapes) -> None:
    """Put a draft in force from a day on, by somebody who did not load it; what it replaces ends the day before. Raises what
    still stands in the way."""
    session, row = work.session, set_named(work.session, set_id)
    if (refusal := why_not_activate(actor, row)) is not None:
        raise refusal
    row = _locked_draft(work, set_id)
    if order.first_day < work.clock.today():
        raise Invalid(Say("只能从今天（{today}）或以后起用。", today=work.clock.today()), field="first_day")
    _require_codes_kept(session, row, order)
    checking.require_sections_apart(shapes_of_set(session, row.id), shapes_on(session, order.first_day), Layer(row.layer))
    kept = _require_kept(overlaps_in(session, row, order.first_day), order.kept)
    replaced = _end_replaced(session, row, order.first_day)
    for shape in session.scalars(select(ShapeRow).where(ShapeRow.set_id == row.id)):
        shape.valid_from = order.first_day
    session.flush()
    same_year = (ShapeSet.layer == row.layer, ShapeSet.year == order.first_day.year)
    number = (session.scalar(select(func.max(ShapeSet.number)).where(*same_year)) or 0) + 1
    row.year, row.number, row.valid_from = order.first_day.year, number, order.first_day
    row.activated_at, row.activated_by_id, row.overlaps_kept = work.clock.now(), actor.id, json.dumps(kept)
    rules_changed(session)
    work.record(STREAM, ShapeFacts.activated, actor, {"number": set_id, "layer": row.layer, "version": f"{row.year}/{row.number}",
                                                      "from": order.first_day, "kept": kept, "replaced": replaced})


def _require_manager(actor: Actor | None) -> Actor:
    if actor is not None:
        permits.require(actor, Permission.territory_manage)
    return actor or OPERATOR


def _require_new(session: Session, layer: Layer, digest: str) -> None:
    """One draft of a layer at a time, and no file twice."""
    open_draft = select(ShapeSet.id).where(ShapeSet.layer == layer.value, ShapeSet.activated_at.is_(None),
                                           ShapeSet.dropped_at.is_(None)).with_for_update()
    if (other := session.scalar(open_draft)) is not None:
        raise Conflict(Say("{layer}图还有第 {number} 号草稿没有启用：先启用或作废它，再装新的。", layer=Say(LAYERS[layer]), number=other),
                       code="draft_open")
    newest = session.scalar(select(ShapeSet).where(ShapeSet.layer == layer.value, ShapeSet.dropped_at.is_(None))
                            .order_by(ShapeSet.id.desc()).limit(1))
    if newest is not None and newest.file_digest == digest:
        raise Conflict(Say("这个文件就是第 {number} 号版本，不重复装入。", number=newest.id), code="same_file", field="file")


def _locked_draft(work: Work, set_id: int) -> ShapeSet:
    set_named(work.session, set_id)
    row = work.session.scalars(select(ShapeSet).where(ShapeSet.id == set_id).with_for_update()
                               .execution_options(populate_existing=True)).one()
    if row.activated_at is not None or row.dropped_at is not None:
        raise WrongState(Say("第 {number} 号图形版本不是草稿。", number=set_id))
    return row


def _require_codes_kept(session: Session, row: ShapeSet, order: ActivateShapes) -> None:
    """No version of the same shapes begins on that day or later already."""
    codes = select(ShapeRow.code).where(ShapeRow.set_id == row.id)
    later = session.execute(select(ShapeRow.code, ShapeRow.valid_from).where(
        ShapeRow.code.in_(codes), ShapeRow.valid_from >= order.first_day).order_by(ShapeRow.valid_from.desc()).limit(1)).first()
    if later is not None:
        raise Invalid(Say("“{code}”已有一版自 {day} 起用，新版须晚于那一天。", code=later.code, day=later.valid_from), field="first_day")


def _require_kept(found: Sequence[Overlap], kept: Iterable[str]) -> list[str]:
    """Each overlap was said to be right."""
    left = [each for each in found if each.key not in set(kept)]
    if left:
        raise Incomplete(Say("有 {count} 处重叠还没有认定（如 {cases}）：逐处勾选“保留”，或更正图形后重新装入。", count=len(left),
                             cases=Listed(f"{each.one}×{each.other}" for each in left[:MOST_NAMED])), field="kept")
    return [each.key for each in found]


def _end_replaced(session: Session, row: ShapeSet, first_day: date) -> list[str]:
    """What the draft replaces ends the day before; the codes of it."""
    codes = select(ShapeRow.code).where(ShapeRow.set_id == row.id)
    standing = session.scalars(select(ShapeRow).where(
        ShapeRow.code.in_(codes), ShapeRow.valid_from < first_day,
        ShapeRow.valid_to.is_(None) | (ShapeRow.valid_to >= first_day)).order_by(ShapeRow.code).with_for_update()).all()
    for shape in standing:
        shape.valid_to = first_day - timedelta(days=1)
    return [shape.code for shape in standing if not shape.is_end]


def _row_of(shape: MapShape, set_id: int) -> ShapeRow:
    west, south, east, north = box_around([shape]) or (None, None, None, None)
    geometry = json.dumps(shape.geometry, separators=(",", ":")) if shape.geometry is not None else None
    return ShapeRow(set_id=set_id, code=shape.code, layer=shape.layer.value, name=shape.name, geometry=geometry, west=west,
                    south=south, east=east, north=north, line=shape.line, metre_from=shape.metre_from, metre_to=shape.metre_to,
                    side=shape.side, unit_code=shape.unit_code, owner_kind=shape.owner_kind,
                    tolerance_metres=shape.tolerance_metres, extra=json.dumps(shape.extra, ensure_ascii=False, sort_keys=True),
                    is_end=shape.ends)
