"""Which sites stand on the positive list on a day, and how often they were looked at from afar."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from tracker.domain.inspection.inspections import InspectionMode
from tracker.domain.sites.registers import SiteRegister
from tracker.domain.sites.sight import SiteScope
from tracker.storage.inspection.inspections import Inspection
from tracker.storage.sites.holding import holds
from tracker.storage.sites.register import readable_sites
from tracker.storage.sites.sites import Site, SiteEntry


class ListedLooks(NamedTuple):
    """A site of the positive list with its looks from afar in a year so far."""

    code: str
    name: str
    area_code: str
    unit_id: int | None
    listed_from: date
    look_count: int
    last_look: date | None


def listed_until(session: Session, on: date, site_id: int | None = None) -> Mapping[int, date | None]:
    """Of each listed site, or of one, the last day, None where there is none."""
    query = select(SiteEntry.site_id, SiteEntry.valid_to, SiteEntry.ended_on).where(holds(SiteRegister.positive_list, on))
    if site_id is not None:
        query = query.where(SiteEntry.site_id == site_id)
    return {row.site_id: row.ended_on or row.valid_to for row in session.execute(query)}


def listed_sites(session: Session, scope: SiteScope, on: date) -> list[ListedLooks]:
    """The sites on the list that this reader sees, with what was done from the first day of the year through a day."""
    looked = and_(Inspection.site_id == Site.id, Inspection.mode == InspectionMode.off_site,
                  Inspection.done_on >= date(on.year, 1, 1), Inspection.done_on <= on)
    columns = (Site.code, Site.name, Site.area_code, Site.unit_id, SiteEntry.valid_from)
    query = select(*columns, func.count(Inspection.act_id), func.max(Inspection.done_on)).join(
        SiteEntry, SiteEntry.site_id == Site.id).outerjoin(Inspection, looked)
    query = query.where(holds(SiteRegister.positive_list, on), readable_sites(scope)).group_by(*columns)
    return [ListedLooks(*row) for row in session.execute(query.order_by(Site.code))]
