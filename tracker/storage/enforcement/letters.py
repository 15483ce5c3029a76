"""Letters of commitment that were broken: a penalty was decided, or something serious found, on a day on which one was in force.
Computed whenever it is asked, and written nowhere."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from tracker.domain.acts.facts import LinkRole
from tracker.domain.inspection.inspections import InspectionResult
from tracker.domain.sites.registers import SiteRegister
from tracker.domain.sites.sight import SiteScope
from tracker.storage.acts.acts import Act, ActLink
from tracker.storage.enforcement.penalties import Penalty
from tracker.storage.inspection.inspections import Inspection
from tracker.storage.sites.register import readable_sites
from tracker.storage.sites.sites import Site, SiteEntry


class BrokenLetter(NamedTuple):
    """A letter, and what broke it: the kind and the number of an act, and its day."""

    code: str
    name: str
    letter_id: int
    signed_on: date
    kind: str
    number: str
    on: date


def broken_letters(session: Session, scope: SiteScope, code: str = "") -> tuple[BrokenLetter, ...]:
    """Of the sites that this reader sees, or of one, the newest first. A penalty that was revoked breaks nothing."""
    letter = (Site.code, Site.name, SiteEntry.id, SiteEntry.valid_from, Act.kind, Act.number)
    of_letters = and_(SiteEntry.site_id == Site.id, SiteEntry.register == SiteRegister.commitment,
                      SiteEntry.is_accepted.is_(True))
    fined: Any = select(*letter, Penalty.decided_on).join_from(Site, SiteEntry, of_letters).join(
        ActLink, and_(ActLink.target == literal("site:").concat(Site.code), ActLink.role == LinkRole.site)).join(
        Act, Act.id == ActLink.act_id).join(Penalty, Penalty.act_id == Act.id).where(
        Penalty.decided_on.is_not(None), Penalty.revoked_on.is_(None), _in_force(Penalty.decided_on))
    found: Any = select(*letter, Inspection.done_on).join_from(Site, SiteEntry, of_letters).join(
        Inspection, Inspection.site_id == Site.id).join(Act, Act.id == Inspection.act_id).where(
        Inspection.result == InspectionResult.serious, _in_force(Inspection.done_on))
    which = [readable_sites(scope), *([Site.code == code] if code else [])]
    rows = [BrokenLetter(*row) for row in session.execute(union_all(*(query.where(*which) for query in (fined, found))))]
    return tuple(sorted(rows, key=lambda each: (each.on, each.number), reverse=True))


def _in_force(day: Any) -> ColumnElement[bool]:
    last = func.coalesce(SiteEntry.ended_on, SiteEntry.valid_to)
    return and_(SiteEntry.valid_from <= day, or_(last.is_(None), last >= day))
