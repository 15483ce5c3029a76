"""Units: added, and ended with a successor. A unit is never deleted, for old cases name it."""

import re
from datetime import date

from sqlalchemy import or_, select

from tracker.domain.cases.facts import FINAL
from tracker.domain.cases.wording import UNIT_KINDS
from tracker.domain.house.actor import OPERATOR, Actor, Permission
from tracker.domain.house.errors import Conflict, Invalid, NotAllowed, NotFound
from tracker.domain.house.say import Listed, Say
from tracker.domain.people.fact_kinds import UnitFacts
from tracker.services.house import permits
from tracker.services.house.caching import rules_changed
from tracker.services.house.work import Work, deed
from tracker.services.rules.places import reach_of
from tracker.storage.cases.cases import Case
from tracker.storage.people.accounts import Person, Unit

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


@deed
def add_unit(work: Work, actor: Actor | None, *, code: str, name: str, kind: str, parent: str | None = None, area_code: str = "",
             email: str | None = None, valid_from: date | None = None) -> int:
    """A new unit, in being from `valid_from` (today when not given); returns its id. `kind` is a key of `UNIT_KINDS`."""
    by = manager(actor)
    code, name = code.strip(), name.strip()
    _check_unit(code, name, kind)
    area_code = reach_of(area_code, None if valid_from else work.clock.today())
    if work.session.scalar(select(Unit.id).where(Unit.code == code)) is not None:
        raise Conflict(Say("单位代码“{code}”已经使用过，请换一个。", code=code), code="unit_taken", field="code")
    above = unit_in_being(work, parent) if parent else None
    unit = Unit(code=code, name=name, kind=kind, parent_id=above.id if above else None, area_code=area_code, email=email or None,
                valid_from=valid_from or work.clock.today())
    work.session.add(unit)
    work.session.flush()
    rules_changed(work.session)
    work.record(f"unit:{code}", UnitFacts.added, by, {
        "unit_id": unit.id, "name": name, "kind": kind, "parent_id": unit.parent_id, "area_code": area_code,
        "valid_from": unit.valid_from})
    return unit.id


@deed
def end_unit(work: Work, actor: Actor | None, *, code: str, last_day: date | None = None, successor: str | None = None) -> None:
    """The unit's last day (today when not given). Refused while it leads open cases, has active people, or units below it."""
    by = manager(actor)
    unit = unit_in_being(work, code)
    last = last_day or work.clock.today()
    if last < unit.valid_from:
        raise Invalid(Say("“{unit_name}”自 {valid_from} 起设立，撤销日期不能更早。", unit_name=unit.name, valid_from=unit.valid_from),
                      field="last_day")
    heir = unit_in_being(work, successor) if successor else None
    if heir is unit:
        raise Invalid("承接单位不能是本单位。", field="successor")
    _require_empty(work, unit)
    unit.valid_to, unit.successor_id = last, heir.id if heir else None
    rules_changed(work.session)
    work.record(f"unit:{unit.code}", UnitFacts.ended, by, {"valid_to": last, "successor_id": unit.successor_id})


def manager(actor: Actor | None) -> Actor:
    """Who manages people and units: the operator at the machine, or a person with the permission. Raises `NotAllowed`."""
    if actor is None:
        return OPERATOR
    permits.require(actor, Permission.account_manage)
    return actor


def unit_in_being(work: Work, name: str) -> Unit:
    """The unit with this code or full name that exists today. Raises `NotFound`."""
    today, wanted = work.clock.today(), name.strip()
    query = select(Unit).where(or_(Unit.code == wanted, Unit.name == wanted),
                               or_(Unit.valid_to.is_(None), Unit.valid_to >= today))
    found = list(work.session.scalars(query.order_by(Unit.code != wanted, Unit.id).limit(2)))
    if not found:
        raise NotFound(Say("没有现存的单位“{name}”，请填单位代码或全称。", name=name), field="unit")
    return found[0]


def _check_unit(code: str, name: str, kind: str) -> None:
    if not _CODE.fullmatch(code):
        raise Invalid(Say("单位代码应为 1 至 40 个字母、数字或 . _ -，“{code}”不符合。", code=code), field="code")
    if not name or len(name) > 200:
        raise Invalid("单位名称应为 1 至 200 字。", field="name")
    if kind not in UNIT_KINDS:
        known = Listed(Say("{name}({word})", name=key, word=Say(word)) for key, word in UNIT_KINDS.items())
        raise Invalid(Say("单位类别“{kind}”不在其中：{known}。", kind=kind, known=known), field="kind")


def _require_empty(work: Work, unit: Unit) -> None:
    held = (
        ("主办着未办结的案件", select(Case.number).where(Case.lead_unit_id == unit.id, Case.state.not_in(FINAL))),
        ("还有在岗人员", select(Person.id).where(Person.unit_id == unit.id, Person.deactivated_on.is_(None))),
        ("还有下级单位", select(Unit.id).where(Unit.parent_id == unit.id, Unit.valid_to.is_(None))),
    )
    for trouble, query in held:
        if work.session.scalar(query.limit(1)) is not None:
            raise NotAllowed(Say("“{unit_name}”{trouble}，须先移交后才能撤销。", unit_name=unit.name, trouble=trouble), code="unit_in_use")
