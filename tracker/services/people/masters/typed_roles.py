"""Roles with their areas as people type them in two columns: every role within every area, or each role with its own."""

import re
from collections.abc import Collection

from tracker.domain.cases.wording import ROLES
from tracker.domain.house.actor import Grant, Role
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.master import LISTED, MasterValues, cell_text
from tracker.domain.house.say import Listed, Say
from tracker.services.house.work import wiring
from tracker.services.rules import rules

EVERYWHERE = "全部"
_BETWEEN = re.compile(r"[,，、;；\s]+")
_CODE = re.compile(r"[0-9A-Z]{2,}")
Held = Collection[tuple[Role, str]]


def typed_roles(held: Held) -> str | None:
    """What stands in the column of roles."""
    if _is_even(held):
        return LISTED.join(ROLES[role] for role in Role if role in {each for each, _ in held}) or None
    return LISTED.join(f"{ROLES[role]}:{area or EVERYWHERE}" for role in Role for each, area in sorted(held) if each is role)


def typed_areas(held: Held) -> str | None:
    """What stands in the column of areas; nothing where each role has its own."""
    return LISTED.join(area or EVERYWHERE for area in sorted({area for _, area in held})) or None if _is_even(held) else None


def _is_even(held: Held) -> bool:
    roles, areas = {role for role, _ in held}, {area for _, area in held}
    return len(held) == len(roles) * len(areas)


def grants_of(roles: str, areas: str, held: Collection[str]) -> tuple[Grant, ...]:
    """What was typed in both columns. Raises where a role is unknown or has no area, or an area is unknown; `held` are areas that
    somebody has already, however old."""
    common = [_area_of(each, held) for each in _parts_of(areas)]
    found: list[Grant] = []
    for part in _parts_of(roles):
        word, _, own = part.replace("\uff1a", ":").partition(":")
        role = _role_of(word)
        if not own and not common:
            raise Incomplete(Say("角色“{role}”要写明辖区；不限区域的写“全部”。", role=Say(ROLES[role])), field="areas")
        found += [Grant(role, area) for area in ([_area_of(own, held)] if own else common)]
    if common and not found:
        raise Incomplete("写了辖区，也要写角色。", field="roles")
    return tuple(dict.fromkeys(found))


def settled(before: MasterValues, roles: str, areas: str) -> dict[str, str | None]:
    """Both columns as they are kept, whichever way the same grants were typed. Raises as `grants_of`."""
    if (roles, areas) == (cell_text(before.get("roles")), cell_text(before.get("areas"))):
        return {"roles": roles or None, "areas": areas or None}
    held = _CODE.findall(f'{cell_text(before.get("roles"))} {cell_text(before.get("areas"))}')
    pairs = {(each.role, each.area_code) for each in grants_of(roles, areas, held)}
    return {"roles": typed_roles(pairs), "areas": typed_areas(pairs)}


def _parts_of(text: str) -> list[str]:
    return [part for part in _BETWEEN.split(text.strip()) if part]


def _role_of(word: str) -> Role:
    found = next((role for role in Role if word in (role.value, ROLES[role])), None)
    if found is None:
        known = Listed(Say("{name}({word})", name=role.value, word=Say(ROLES[role])) for role in Role)
        raise Invalid(Say("没有角色“{code}”；已有角色：{words}。", code=word, words=known), field="roles")
    return found


def _area_of(code: str, held: Collection[str]) -> str:
    if code == EVERYWHERE:
        return ""
    if code not in held and code not in {area.code for area in rules.gazetteer().existing_on(wiring().clock.today())}:
        raise Invalid(Say("没有现存的区划“{code}”。", code=code), field="areas")
    return code
