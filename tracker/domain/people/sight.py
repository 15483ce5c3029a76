"""Why somebody sees a case: every ground by itself, in the terms of the fence (`Actor.scope`)."""

from dataclasses import dataclass
from enum import StrEnum

from tracker.domain.house.actor import AREA_READERS, Actor, Role


class SightWay(StrEnum):
    """The ways in which a case comes into sight. Alphabetical."""

    area = "area"
    own_unit = "own_unit"
    sponsor = "sponsor"
    unit_above = "unit_above"
    unit_below = "unit_below"


@dataclass(frozen=True)
class Seen:
    """What of a case the fence looks at. `unit_ids` are all units with a part in it, `lead_unit_id` the one that leads."""

    jurisdiction: str
    lead_unit_id: int | None
    unit_ids: tuple[int, ...]
    sponsor_id: int | None


@dataclass(frozen=True)
class Ground:
    """One ground: a role within an area, a unit with a part, or the sponsorship."""

    way: SightWay
    role: Role | None = None
    area_code: str = ""
    unit_id: int | None = None
    is_lead: bool = False


def grounds(actor: Actor, case: Seen) -> tuple[Ground, ...]:
    """Every ground on which this person sees the case; none when they do not."""
    scope = actor.scope()
    found = [Ground(SightWay.area, g.role, g.area_code) for g in actor.grants if g.role in AREA_READERS
             and g.covers(case.jurisdiction)]
    found += [Ground(_way_of(actor, unit), Role.officer, unit_id=unit, is_lead=unit == case.lead_unit_id)
              for unit in case.unit_ids if unit in scope.unit_ids]
    if scope.person_id is not None and scope.person_id == case.sponsor_id and (scope.areas or scope.unit_ids):
        found.append(Ground(SightWay.sponsor))
    return tuple(dict.fromkeys(found))


def _way_of(actor: Actor, unit: int) -> SightWay:
    """How the unit with a part in the case stands to the person's own."""
    if unit in actor.unit_line:
        return SightWay.own_unit if unit == actor.unit_line[0] else SightWay.unit_above
    return SightWay.unit_below
