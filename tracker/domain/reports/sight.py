"""Who reads which report: whoever watches over its whole area reads it whole, the offices concerned read the circulars."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.domain.house.actor import ROLE_GRANTS, Actor, Permission
from tracker.domain.reports.kinds import REPORTS, Readership


@dataclass(frozen=True, slots=True)
class Readable:
    """What somebody may read: every report of the areas `whole`, and the circulars that concern the areas `concerned`. Circulars
    are the reports whose row says that the offices concerned read them."""

    whole: tuple[str, ...] = ()
    concerned: tuple[str, ...] = ()
    circulars: tuple[str, ...] = ()


def readable(actor: Actor) -> Readable:
    """The areas of this person's roles that read reports."""
    whole, concerned = (_permitted_areas(actor, each) for each in (Permission.supervision_read, Permission.report_read))
    return Readable(whole, concerned, tuple(each.name for each in REPORTS if each.readers is Readership.offices))


def reads_whole(actor: Actor, area_code: str) -> bool:
    """Whether this person watches over all of the area: names, titles and every list of a report are theirs to see."""
    return actor.has_in(Permission.supervision_read, area_code)


def may_read(actor: Actor, name: str, area_code: str) -> bool:
    """Whether a report of this name and area is for this person. A circular of a district concerns every street in it."""
    if reads_whole(actor, area_code):
        return True
    found = readable(actor)
    return name in found.circulars and any(area_code.startswith(each) or each.startswith(area_code) for each in found.concerned)


def _permitted_areas(actor: Actor, permission: Permission) -> tuple[str, ...]:
    return tuple(sorted({grant.area_code for grant in actor.grants if permission in ROLE_GRANTS[grant.role]}))
