"""Units: added, and ended with a successor. A unit is never deleted, for old cases name it."""

import re
from collections.abc import Mapping
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
from tracker.services.people import mergers
from tracker.services.rules.places import reach_of
from tracker.storage.cases.cases import Case
from tracker.storage.people.accounts import Person, Unit

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_EMAIL = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+")
_PHONE = re.compile(r"[0-9+()\-\u8f6c ]{3,40}")


@deed
def add_unit(work: Work, actor: Actor | None, *, code: str, name: str, kind: str, parent: str | None = None, area_code: str = "",
             email: str | None = None, phone: str | None = None, valid_from: date | None = None,
             told: Mapping[str, object] | None = None) -> int:
    """A new unit, in being from `valid_from` (today when not given); returns its id. `kind` is a key of `UNIT_KINDS`."""
    by = manager(actor)
    require_home(work)
    code, name = code.strip(), name.strip()
    _check_unit(code, name, kind)
    area_code = reach_of(area_code, valid_from or work.clock.today())
    if work.session.scalar(select(Unit.id).where(Unit.code == code)) is not None:
        raise Conflict(Say("单位代码“{code}”已经使用过，请换一个。", code=code), code="unit_taken", field="code")
    above = unit_in_being(work, parent) if parent else None
    unit = Unit(code=code, name=name, kind=kind, parent_id=above.id if above else None, area_code=area_code,
                email=checked_email(email), phone=checked_phone(phone), valid_from=valid_from or work.clock.today())
    work.session.add(unit)
    work.session.flush()
    rules_changed(work.session)
    work.record(f"unit:{code}", UnitFacts.added, by, {
        "unit_id": unit.id, "name": name, "kind": kind, "parent_id": unit.parent_id, "area_code": area_code,
        "valid_from": unit.valid_from, **(told or {})})
    return unit.id


@deed
def change_unit(work: Work, actor: Actor | None, *, code: str, told: Mapping[str, object], name: str, kind: str,
                parent: str | None, area_code: str, email: str | None, phone: str | None) -> None:
    """A unit that goes on under another name, kind, parent, area or address. `told` is what the fact says of it."""
    by, unit = manager(actor), unit_coded(work, code)
    _check_unit(code, name, kind)
    area_code = area_code if area_code == unit.area_code else reach_of(area_code, work.clock.today())
    above = None
    if parent:
        now = work.session.get(Unit, unit.parent_id) if unit.parent_id is not None else None
        above = now if now is not None and parent in (now.code, now.name) else unit_in_being(work, parent)
    _require_no_ring(work, unit, above)
    unit.name, unit.kind, unit.area_code, unit.parent_id = name, kind, area_code, above.id if above else None
    unit.email, unit.phone = checked_email(email), checked_phone(phone)
    rules_changed(work.session)
    work.record(f"unit:{unit.code}", UnitFacts.changed, by, {"unit_id": unit.id, **told})


@deed
def end_unit(work: Work, actor: Actor | None, *, code: str, last_day: date | None = None, successor: str | None = None,
             told: Mapping[str, object] | None = None) -> None:
    """The unit's last day (today when not given). What is open, and its people, go to the successor the night after, or at once
    where the day is gone by; without one it is refused while it leads open cases or has active people, and always while there are
    units below it. A last day that was set may be moved until it is over."""
    by = manager(actor)
    unit = unit_coded(work, code)
    last = last_day or work.clock.today()
    if unit.valid_to is not None and unit.valid_to < work.clock.today():
        raise NotFound(Say("没有现存的单位“{name}”，请填单位代码或全称。", name=code), field="unit")
    if last < unit.valid_from:
        raise Invalid(Say("“{unit_name}”自 {valid_from} 起设立，撤销日期不能更早。", unit_name=unit.name, valid_from=unit.valid_from),
                      field="valid_to")
    heir = unit_in_being(work, successor) if successor else None
    if heir is unit:
        raise Invalid("承接单位不能是本单位。", field="successor")
    if heir is not None and heir.valid_to is not None:
        raise Invalid(Say("承接单位“{heir_name}”自己也已登记撤销。", heir_name=heir.name), field="successor")
    _require_empty(work, unit, has_heir=heir is not None)
    unit.valid_to, unit.successor_id = last, heir.id if heir else None
    rules_changed(work.session)
    work.record(f"unit:{unit.code}", UnitFacts.ended, by, {"valid_to": last, "successor_id": unit.successor_id, **(told or {})})
    if heir is not None and last < work.clock.today():
        mergers.move_everything(unit.id, heir.id)


@deed
def keep_unit(work: Work, actor: Actor | None, *, code: str, told: Mapping[str, object]) -> None:
    """A unit whose end was set goes on after all, as long as its last day is not over."""
    by, unit = manager(actor), unit_coded(work, code)
    if unit.valid_to is not None and unit.valid_to < work.clock.today():
        raise Invalid(Say("“{unit_name}”已于 {valid_to} 撤销，不能再恢复；请新增一个单位。", unit_name=unit.name, valid_to=unit.valid_to),
                      field="valid_to")
    unit.valid_to = unit.successor_id = None
    rules_changed(work.session)
    work.record(f"unit:{unit.code}", UnitFacts.changed, by, {"unit_id": unit.id, **told})


def manager(actor: Actor | None) -> Actor:
    """Who manages people and units: the operator at the machine, or a person with the permission. Raises `NotAllowed`."""
    if actor is None or actor is OPERATOR:
        return OPERATOR
    permits.require(actor, Permission.account_manage)
    return actor


def unit_coded(work: Work, code: str) -> Unit:
    """The unit with this code, in being or not, locked until the work ends. Raises `NotFound`."""
    found = work.session.scalar(select(Unit).where(Unit.code == code.strip()).with_for_update(of=Unit))
    if found is None:
        raise NotFound(Say("没有现存的单位“{name}”，请填单位代码或全称。", name=code), field="unit")
    return found


def require_home(work: Work) -> None:
    """Raises `Conflict` before this installation was set up: who came earlier would shut the way to it, and belong nowhere."""
    if not work.wiring.home_area:
        raise Conflict("本系统还没有开设：请先执行 ./run flask setup link，打开打印的链接。", code="not_set_up")


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


def checked_email(text: str | None) -> str | None:
    """An address, or none."""
    address = (text or "").strip()
    if address and (len(address) > 200 or not _EMAIL.fullmatch(address)):
        raise Invalid(Say("“{address}”不是邮箱地址。", address=address[:60]), field="email")
    return address or None


def checked_phone(text: str | None) -> str | None:
    """A telephone number as people write one, or none."""
    number = " ".join((text or "").split())
    if number and not _PHONE.fullmatch(number):
        raise Invalid(Say("“{number}”不是电话号码，可写数字、+、-、空格和“转”。", number=number[:60]), field="phone")
    return number or None


def _require_no_ring(work: Work, unit: Unit, above: Unit | None) -> None:
    here, passed = above, {unit.id}
    while here is not None:
        if here.id in passed:
            raise Invalid(Say("“{above_name}”在“{unit_name}”之下，不能作它的上级。", above_name=above.name if above else "",
                              unit_name=unit.name), field="parent")
        passed.add(here.id)
        here = work.session.get(Unit, here.parent_id) if here.parent_id is not None else None


def _require_empty(work: Work, unit: Unit, *, has_heir: bool) -> None:
    today = work.clock.today()
    below = select(Unit.id).where(Unit.parent_id == unit.id, or_(Unit.valid_to.is_(None), Unit.valid_to >= today))
    led = select(Case.number).where(Case.lead_unit_id == unit.id, Case.state.not_in(FINAL))
    staff = select(Person.id).where(Person.unit_id == unit.id, Person.deactivated_on.is_(None))
    held = (("主办着未办结的案件", led, has_heir), ("还有在岗人员", staff, has_heir), ("还有下级单位", below, False))
    for trouble, query, goes_over in held:
        if not goes_over and work.session.scalar(query.limit(1)) is not None:
            raise NotAllowed(Say("“{unit_name}”{trouble}，须先移交后才能撤销。", unit_name=unit.name, trouble=Say(trouble)),
                             code="unit_in_use")
