"""What may be done to areas: added, called otherwise, ended into others; by whom, and what is refused."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.domain.house.actor import Actor, Role
from tracker.domain.house.errors import Conflict, Invalid, NotAllowed
from tracker.domain.house.identifiers import squeeze
from tracker.domain.house.say import Say
from tracker.domain.rules.area_codes import AreaLevel, codes_above, covers, is_local, level_of
from tracker.domain.territory.territory import Area, AreaKind, Gazetteer

AREA_KINDS: dict[str, str] = {AreaKind.official: "国家区划", AreaKind.zone: "功能区", AreaKind.local: "自设片区",
                                   AreaKind.outside: "外区"}
AREA_LEVELS: dict[str, str] = {AreaLevel.province: "省", AreaLevel.city: "市", AreaLevel.county: "县（区）",
                               AreaLevel.township: "乡镇（街道）", AreaLevel.cell: "村（社区、网格）"}
LONGEST_NAME, LONGEST_DOCUMENT = 40, 60
VISIBLE = ("CJK", "LATIN", "DIGIT")
LETTERS: Mapping[AreaLevel, str] = {AreaLevel.county: "K", AreaLevel.township: "Z", AreaLevel.cell: "G"}  # of proposed codes
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class AreaOrder:
    """An area to add: its code, or the parent below which one is proposed."""

    name: str
    code: str = ""
    parent: str = ""
    valid_from: date | None = None
    formal_code: str = ""
    document_no: str = ""


@dataclass(frozen=True)
class EndOrder:
    """An area's last day, what takes it over, and by which paper; with no successor, why there is none."""

    code: str
    last_day: date
    successors: tuple[str, ...] = ()
    document_no: str = ""
    reason: str = ""


def may_edit(actor: Actor, code: str) -> bool:
    """Whether somebody may change this area: an administrator any, a dispatcher what the office itself has made below the own
    area."""
    return any(_grant_allows(grant.role, grant.area_code, code) for grant in actor.grants)


def _grant_allows(role: Role, area: str, code: str) -> bool:
    if role is Role.admin:
        return True
    return role is Role.dispatcher and code.startswith(area) and len(code) > max(len(area), 4) and is_local(code[len(area):])


def require_editor(actor: Actor, code: str) -> None:
    """Raise `NotAllowed` unless this person may change the area."""
    if not may_edit(actor, code):
        raise NotAllowed("您只能维护本辖区以下自编代码的片区；国家区划由管理员维护。", code="out_of_reach", field="code")


def checked_name(name: str) -> str:
    """A name that can be seen. Raises `Invalid`."""
    said = squeeze(name)
    if not any(each.isalnum() and unicodedata.name(each, "").startswith(VISIBLE) for each in said) or len(said) > LONGEST_NAME:
        raise Invalid(Say("名称应为 1 至 {longest} 个看得见的字。", longest=LONGEST_NAME), field="name")
    return said


def checked_document(text: str, *, is_needed: bool, why: str = "") -> str:
    """The number of the paper. Raises `Invalid` where one is needed and none is given."""
    said = " ".join(text.split())
    if len(said) > LONGEST_DOCUMENT:
        raise Invalid(Say("文号最多 {longest} 字。", longest=LONGEST_DOCUMENT), field="document_no")
    if is_needed and not said:
        raise Invalid(Say("{why}，须写明文号。", why=why), field="document_no")
    return said


def planned_area(order: AreaOrder, code: str, gazetteer: Gazetteer, on: date) -> Area:
    """The area that an order makes. Raises `Invalid` or `Conflict` saying what stands against it."""
    level, first, name = level_of(code), order.valid_from or on, checked_name(order.name)
    if gazetteer.area(code) is not None:
        raise Conflict(Say("代码 {code} 已用于“{name}”，用过的代码不再用。", code=code, name=gazetteer.areas_with(code)[0].name),
                       code="area_taken", field="code")
    parent = next((area for above in reversed(codes_above(code)) if (area := gazetteer.area(above, first)) is not None), None)
    if parent is None and level not in (AreaLevel.province, AreaLevel.city):
        raise Invalid(Say("{code} 的上级不在本系统的区划内，先装入或先建上级。", code=code), field="code")
    twin = next((area for area in gazetteer.parts(parent.code, first) if area.name == name), None) if parent is not None else None
    if twin is not None:
        raise Conflict(Say("{parent}之下已有“{name}”（{code}）。", parent=parent.name if parent else "", name=name, code=twin.code),
                       code="area_named", field="name")
    formal = _checked_formal(order.formal_code, code, level, gazetteer, first)
    kind = _kind_of(code, formal, gazetteer, first)
    return Area(code, name, level, parent.code if parent is not None else None, first, kind=kind, formal_code=formal,
                document_no=checked_document(order.document_no, is_needed=False))


def _kind_of(code: str, formal: str, gazetteer: Gazetteer, on: date) -> AreaKind:
    if not is_local(code):
        return AreaKind.official
    zones = (gazetteer.area(each, on) for each in (*codes_above(code), code))
    in_zone = any(area is not None and area.kind is AreaKind.zone for area in zones)
    return AreaKind.zone if formal or in_zone or level_of(code) is AreaLevel.county else AreaKind.local


def _checked_formal(text: str, code: str, level: AreaLevel, gazetteer: Gazetteer, on: date) -> str:
    if not text:
        return ""
    formal = gazetteer.area(text, on)
    if formal is None or is_local(formal.code) or formal.level is not AreaLevel.township or level is not AreaLevel.township:
        raise Invalid(Say("法定代码“{code}”应是本系统里一个现存乡镇（街道）的国家代码。", code=text), field="formal_code")
    if covers(code[:6], formal.code):
        raise Invalid(Say("{name}本来就在这里，不用另写法定代码。", name=formal.name), field="formal_code")
    if (taken := gazetteer.run_by(formal.code, on)) != formal.code:
        raise Conflict(Say("{name}已由 {code} 管理。", name=formal.name, code=taken), code="area_run", field="formal_code")
    return formal.code


def check_renaming(area: Area, name: str, first: date, document_no: str, siblings: Iterable[Area],
                   today: date) -> tuple[str, str]:
    """The new name and its paper. Raises `Invalid` or `Conflict`."""
    said = checked_name(name)
    if said == area.name:
        raise Invalid("新名称和现在的一样。", field="name")
    if area.valid_from is not None and first <= area.valid_from:
        raise Invalid(Say("“{name}”自 {valid_from} 起用，更名日期应晚于这一天。", name=area.name, valid_from=area.valid_from),
                      field="valid_from")
    twin = next((each for each in siblings if each.name == said and each.code != area.code), None)
    if twin is not None:
        raise Conflict(Say("同级已有“{name}”（{code}）。", name=said, code=twin.code), code="area_named", field="name")
    return said, checked_document(document_no, is_needed=not is_local(area.code) or first < today, why="国家区划更名或倒签")


def check_ending(area: Area, order: EndOrder, gazetteer: Gazetteer, today: date) -> tuple[Area, ...]:
    """What takes the area over. Raises `Invalid` naming what is wrong: a successor that has ended, or a circle."""
    if area.valid_from is not None and order.last_day < area.valid_from:
        raise Invalid(Say("“{name}”自 {valid_from} 起设立，最后一天不能更早。", name=area.name, valid_from=area.valid_from),
                      field="last_day")
    checked_document(order.document_no, is_needed=order.last_day < today, why="倒签的撤并")
    found = tuple(_standing_heir(area, code, gazetteer, order.last_day + ONE_DAY) for code in dict.fromkeys(order.successors))
    if not found and not order.reason.strip():
        raise Invalid("没有承接的区划时，须写明原因。", field="reason")
    return found


def _standing_heir(area: Area, code: str, gazetteer: Gazetteer, on: date) -> Area:
    known = gazetteer.area(code)
    if known is None:
        raise Invalid(Say("承接的区划“{code}”不在本系统的区划内。", code=code), field="successors")
    if covers(area.code, known.code):
        raise Invalid(Say("{name}（{code}）不能由自己或自己的下级承接。", name=known.name, code=known.code), field="successors")
    if (standing := gazetteer.area(code, on)) is None:
        if area.code in _reached_from(known.code, gazetteer):
            raise Invalid(Say("{name}（{code}）本身并入了 {area}，承接不能成环。", name=known.name, code=known.code, area=area.name),
                          field="successors")
        raise Invalid(Say("承接的{name}（{code}）到 {on} 已经撤销或尚未设立。", name=known.name, code=known.code, on=on),
                      field="successors")
    return standing


def _reached_from(code: str, gazetteer: Gazetteer) -> set[str]:
    seen, waiting = set[str](), [code]
    while waiting:
        for area in gazetteer.areas_with(waiting.pop()):
            waiting += [each for each in area.successor_codes if each not in seen]
            seen |= set(area.successor_codes)
    return seen


def inherited(part: Area, successors: tuple[Area, ...], gazetteer: Gazetteer, on: date) -> tuple[str, ...]:
    """What takes over a part of an area that ends: the one part of a successor that bears its name, else the successors."""
    named = [each for heir in successors for each in gazetteer.everything_in(heir.code)
             if each.level is part.level and each.name == part.name and each.exists_on(on)]
    return (named[0].code,) if len(named) == 1 else tuple(each.code for each in successors)
