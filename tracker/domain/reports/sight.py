"""Who reads which report: whoever watches over its whole area reads it whole, the offices concerned read the circulars."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.domain.house.actor import ROLE_GRANTS, Actor, Permission

# What goes round to the units, and may be appealed against; the daily log stays with those who watch.
CIRCULARS = ("weekly", "monthly", "quarterly", "annual")


@dataclass(frozen=True, slots=True)
class Readable:
    """What somebody may read: every report of the areas `whole`, and the circulars that concern the areas `concerned`."""

    whole: tuple[str, ...] = ()
    concerned: tuple[str, ...] = ()


def readable(actor: Actor) -> Readable:
    """The areas of this person's roles that read reports."""
    return Readable(_permitted_areas(actor, Permission.supervision_read), _permitted_areas(actor, Permission.report_read))


def reads_whole(actor: Actor, area_code: str) -> bool:
    """Whether this person watches over all of the area: names, titles and every list of a report are theirs to see."""
    return actor.has_in(Permission.supervision_read, area_code)


def may_read(actor: Actor, name: str, area_code: str) -> bool:
    """Whether a report of this name and area is for this person. A circular of a district concerns every street in it."""
    if reads_whole(actor, area_code):
        return True
    areas = readable(actor).concerned
    return name in CIRCULARS and any(area_code.startswith(each) or each.startswith(area_code) for each in areas)


def _permitted_areas(actor: Actor, permission: Permission) -> tuple[str, ...]:
    return tuple(sorted({grant.area_code for grant in actor.grants if permission in ROLE_GRANTS[grant.role]}))
