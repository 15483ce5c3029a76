"""Which sites stand on the positive list on a day."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.sites.registers import SiteRegister
from tracker.storage.sites.holding import holds
from tracker.storage.sites.sites import SiteEntry


def listed_until(session: Session, on: date, site_id: int | None = None) -> Mapping[int, date | None]:
    """Of each listed site, or of one, the last day, None where there is none."""
    query = select(SiteEntry.site_id, SiteEntry.valid_to, SiteEntry.ended_on).where(holds(SiteRegister.positive_list, on))
    if site_id is not None:
        query = query.where(SiteEntry.site_id == site_id)
    return {row.site_id: row.ended_on or row.valid_to for row in session.execute(query)}
