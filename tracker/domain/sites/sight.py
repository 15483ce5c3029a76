"""Who reads, manages and decides supervised sites: asked of one at hand, and handed down as what a list is narrowed by."""

from dataclasses import dataclass

from tracker.domain.house.actor import OPERATOR, Actor, Permission, Role


@dataclass(frozen=True)
class SiteScope:
    """What a reader may see: sites of these areas, and those that these units supervise. Empty means nothing."""

    areas: tuple[str, ...] = ()
    unit_ids: tuple[int, ...] = ()


# Roles that read every site of their area, each by name.
SITE_READERS = frozenset({Role.inspector, Role.clerk, Role.dispatcher, Role.verifier, Role.lead, Role.supervisor, Role.auditor,
                          Role.admin, Role.enforcer, Role.legal, Role.principal})
EVERY_SITE = SiteScope(("",))


def site_scope(actor: Actor) -> SiteScope:
    """The fence of everything that this person reads of sites; an officer reads those of their unit."""
    areas = {grant.area_code for grant in actor.grants if grant.role in SITE_READERS}
    is_officer = any(grant.role is Role.officer for grant in actor.grants)
    units = tuple(dict.fromkeys(actor.unit_line + actor.units_below)) if is_officer else ()
    return SiteScope(tuple(sorted(areas)), units)


def reads_site(actor: Actor, area_code: str, unit_id: int | None) -> bool:
    """Whether the list of this person would hold it."""
    scope = site_scope(actor)
    return any(area_code.startswith(area) for area in scope.areas) or unit_id in scope.unit_ids


def may_manage(actor: Actor, area_code: str) -> bool:
    """Whether this person registers and changes sites there."""
    return actor == OPERATOR or actor.has_in(Permission.site_manage, area_code)


def decides_entry(actor: Actor, recorded_by: int | None, recorded_for: int | None) -> bool:
    """Who proposed does not decide, neither in person nor through a substitute."""
    return {recorded_by, recorded_for}.isdisjoint(actor.persons)
