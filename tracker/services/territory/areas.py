"""Areas are added, called otherwise, and ended into others; a code is never used again, and each change has its day and paper."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from tracker.domain.house.actor import OPERATOR, Actor, Permission
from tracker.domain.house.errors import Invalid, NotAllowed, NotFound
from tracker.domain.house.say import Say
from tracker.domain.rules.area_codes import is_local, level_of, next_local, typed_code
from tracker.domain.territory import editing
from tracker.domain.territory.editing import ONE_DAY, AreaOrder, EndOrder
from tracker.domain.territory.fact_kinds import AreaFacts
from tracker.domain.territory.territory import Area, Gazetteer
from tracker.services.house import permits
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.services.rules import reference, rules
from tracker.services.rules.places import known_area
from tracker.services.territory.hanging import Hanging, hanging_on
from tracker.services.territory.slices import STREAM, row_of
from tracker.storage.territory.territory import AreaRow

ABSENT = "没有找到这个区划，或您无权查看。"
MOST_SUCCESSORS = 12


@dataclass(frozen=True)
class EndPreview:
    """What ending an area would do: what takes it over, the parts that end with it, and what hangs on it."""

    area: Area
    last_day: date
    successors: tuple[Area, ...]
    parts: tuple[tuple[Area, tuple[str, ...]], ...]
    hanging: Hanging


def area_named(actor: Actor, code: str) -> tuple[Area, ...]:
    """Everything that has had a code, the oldest first. Absent and out of reach look alike."""
    found = rules.gazetteer().areas_with(typed_code(code))
    if not found or not actor.has(Permission.territory_manage):
        raise NotFound(ABSENT)
    return found


def what_hangs_on(actor: Actor, code: str) -> Hanging:
    """Open cases, roles, units, lines and offices in an area."""
    return hanging_on(reading(), area_named(actor, code)[-1].code, wiring().clock.today())


@deed
def add(work: Work, actor: Actor | None, order: AreaOrder, told: Mapping[str, object] | None = None) -> Area:
    """A new area; where no code is given, the next local one below the parent. `told` is what the fact says beside it. Raises
    `Invalid`, `Conflict` or `NotAllowed`."""
    by, gazetteer = _require_right(actor), rules.gazetteer()
    code = typed_code(order.code) if order.code.strip() else proposed_code(order.parent, gazetteer)
    _require_reach(actor, code)
    if not is_local(code) and reference.country().area(code) is None and not order.document_no.strip():
        raise Invalid(Say("全国区划表里没有 {code}：新设的国家区划须写明文号。", code=code), field="document_no")
    formal = typed_code(order.formal_code) if order.formal_code.strip() else ""
    area = editing.planned_area(replace(order, formal_code=formal), code, gazetteer, work.clock.today())
    work.session.add(row_of(area))
    work.record(STREAM, AreaFacts.added, by, {
        **(told or {}), "code": code, "name": area.name, "from": area.valid_from, "document": area.document_no})
    rules.areas_changed(work.session, gazetteer, (), (area,))
    return area


def proposed_code(parent: str, gazetteer: Gazetteer | None = None) -> str:
    """The next local code below an area: a zone of a city, a local town of a county, a cell of a town."""
    known = gazetteer or rules.gazetteer()
    above = known_area(parent, wiring().clock.today(), field="parent")
    letters = {4: "K", 6: "Z", 9: "G"}
    if len(above.code) not in letters:
        raise Invalid("自编代码只能在市、县区、乡镇街道之下。", field="parent")
    return next_local(above.code, letters[len(above.code)], frozenset(area.code for area in known.areas))


@deed
def rename(work: Work, actor: Actor | None, code: str, name: str, *, valid_from: date, document_no: str = "",
           told: Mapping[str, object] | None = None) -> Area:
    """Another name from a day on: what it was called before ends the day before. Raises `Invalid` or `Conflict`."""
    by, area = _require_right(actor), _standing_area(work, actor, code)
    gazetteer = rules.gazetteer()
    siblings = gazetteer.parts(area.parent_code or "", valid_from)
    said, paper = editing.check_renaming(area, name, valid_from, document_no, siblings, work.clock.today())
    row = _row_of(work, area)
    row.valid_to = valid_from - ONE_DAY
    renamed = replace(area, name=said, valid_from=valid_from, valid_to=None, document_no=paper)
    work.session.add(row_of(renamed))
    work.record(STREAM, AreaFacts.renamed, by, {
        **(told or {}), "code": area.code, "was": area.name, "name": said, "from": valid_from, "document": paper})
    rules.areas_changed(work.session, gazetteer, (area,), (replace(area, valid_to=valid_from - ONE_DAY), renamed))
    return renamed


def foresee_end(actor: Actor | None, order: EndOrder) -> EndPreview:
    """What ending the area would do. Raises what `end` would raise, and writes nothing."""
    _require_right(actor)
    area = known_area(order.code, None, field="code")
    _require_reach(actor, area.code)
    return _plan_ending(area, order, wiring().clock.today())


@deed
def end(work: Work, actor: Actor | None, order: EndOrder, told: Mapping[str, object] | None = None) -> EndPreview:
    """The last day of an area and of all below it. In the night after it open cases go to what takes them over. Raises `Invalid`
    for a successor that has ended itself, for a circle, and for a past without a paper."""
    by, area = _require_right(actor), _standing_area(work, actor, order.code)
    plan = _plan_ending(area, order, work.clock.today())
    heirs = tuple(each.code for each in plan.successors)
    ended = []
    for each, successors in ((area, heirs), *plan.parts):
        row = _row_of(work, each)
        row.valid_to, row.successors = order.last_day, ",".join(successors)
        row.document_no = order.document_no.strip() or row.document_no
        ended.append(replace(each, valid_to=order.last_day, successor_codes=successors, document_no=row.document_no))
    work.record(STREAM, AreaFacts.ended, by, {
        **(told or {}), "code": area.code, "name": area.name, "last_day": order.last_day, "successors": list(heirs),
        "parts": len(plan.parts), "document": order.document_no.strip(), "reason": order.reason.strip()})
    rules.areas_changed(work.session, rules.gazetteer(), [area, *(part for part, _ in plan.parts)], ended)
    return plan


def _plan_ending(area: Area, order: EndOrder, today: date) -> EndPreview:
    gazetteer = rules.gazetteer()
    if area.valid_to is not None:
        raise Invalid(Say("“{name}”已登记于 {valid_to} 撤销。", name=area.name, valid_to=area.valid_to), field="last_day")
    if len(order.successors) > MOST_SUCCESSORS:
        raise Invalid(Say("承接的区划最多 {most} 个。", most=MOST_SUCCESSORS), field="successors")
    wanted = replace(order, code=area.code, successors=tuple(typed_code(code) for code in order.successors))
    heirs = editing.check_ending(area, wanted, gazetteer, today)
    on = order.last_day + ONE_DAY
    parts = tuple((part, editing.inherited(part, heirs, gazetteer, on)) for part in gazetteer.everything_in(area.code)
                  if part.valid_to is None)
    begun_later = next((part for part, _ in parts if part.valid_from is not None and part.valid_from > order.last_day), None)
    if begun_later is not None:
        raise Invalid(Say("下级“{name}”自 {valid_from} 起设立，最后一天不能更早。", name=begun_later.name, valid_from=begun_later.valid_from),
                      field="last_day")
    return EndPreview(area, order.last_day, heirs, parts, hanging_on(reading(), area.code, today))


def _require_right(actor: Actor | None) -> Actor:
    if actor is not None:
        permits.require(actor, Permission.territory_manage)
    return actor or OPERATOR


def _require_reach(actor: Actor | None, code: str) -> None:
    level_of(code)
    if actor is not None:
        editing.require_editor(actor, code)


def _standing_area(work: Work, actor: Actor | None, code: str) -> Area:
    area = known_area(code, None, field="code")
    _require_reach(actor, area.code)
    if area.valid_to is not None:
        raise Invalid(Say("“{name}”已登记于 {valid_to} 撤销。", name=area.name, valid_to=area.valid_to), field="code")
    return area


def _row_of(work: Work, area: Area) -> AreaRow:
    begun = area.valid_from or date.min
    row = work.session.scalar(select(AreaRow).where(AreaRow.code == area.code, AreaRow.valid_from == begun).with_for_update())
    if row is None:
        raise NotAllowed(ABSENT)
    return row
