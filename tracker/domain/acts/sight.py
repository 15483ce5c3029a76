"""Who reads which acts: asked of an act at hand, and handed down as what a list is narrowed by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.domain.acts.step_rows import ActFlow
from tracker.domain.house.actor import Actor, Permission, Role

# Roles that read every act of their area whose sight is wide, each by name.
ACT_READERS = frozenset({Role.inspector, Role.clerk, Role.dispatcher, Role.verifier, Role.lead, Role.supervisor, Role.auditor,
                         Role.admin, Role.enforcer, Role.legal, Role.principal})
WATCHERS = frozenset({Role.lead, Role.supervisor, Role.auditor})  # who read the narrow ones too


@dataclass(frozen=True)
class ActScope:
    """What a reader may see of acts: those of `areas` whose sight is wide, all of `watched`, those of a kind in an area where
    they may take a step, those of their units, and those in which they have a hand. Empty means nothing."""

    areas: tuple[str, ...] = ()
    watched: tuple[str, ...] = ()
    narrow: tuple[tuple[str, str], ...] = ()
    unit_ids: tuple[int, ...] = ()
    person_ids: tuple[int, ...] = ()


EVERY_ACT = ActScope(watched=("",))


def act_scope(actor: Actor, flows: Mapping[str, ActFlow]) -> ActScope:
    """The fence of everything that this person reads of acts."""
    if actor.is_clock:
        return EVERY_ACT
    if not actor.has(Permission.act_read):
        return ActScope()
    is_officer = any(grant.role is Role.officer for grant in actor.grants)
    areas = _areas_of(actor, ACT_READERS)
    narrow = sorted({(kind, area) for kind, flow in flows.items() if flow.narrow_in for area in areas
                     if any(actor.has_in(permission, area) for permission in flow.permissions)})
    units = tuple(dict.fromkeys(actor.unit_line + actor.units_below)) if is_officer else ()
    return ActScope(areas, _areas_of(actor, WATCHERS), tuple(narrow), units, actor.persons)


def _areas_of(actor: Actor, roles: Iterable[Role]) -> tuple[str, ...]:
    wanted = frozenset(roles)
    return tuple(sorted({grant.area_code for grant in actor.grants if grant.role in wanted}))
