"""Which sites of the positive list were not looked at from afar as often as the rule book asks."""

from datetime import date

from sqlalchemy.orm import Session

from tracker.domain.inspection.rhythm import looks_due
from tracker.domain.sites.sight import SiteScope
from tracker.services.rules import values
from tracker.storage.inspection.positive import ListedLooks, listed_sites


def sites_behind(session: Session, scope: SiteScope, on: date) -> list[ListedLooks]:
    """Those that this reader sees, who waits longest first; nobody where the rule asks for none."""
    per_year = values.number("positive_offsite_per_year", on)
    if not per_year:
        return []
    found = [each for each in listed_sites(session, scope, on) if each.look_count < looks_due(on, per_year, each.listed_from)]
    return sorted(found, key=lambda each: (each.last_look or date.min, each.code))
