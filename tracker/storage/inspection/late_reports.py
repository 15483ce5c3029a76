"""Late reports and the cases that came of them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.house.identifiers import source_number
from tracker.storage.cases.cases import Case
from tracker.storage.sites.owed import SiteObligation
from tracker.storage.sites.sites import Site
from tracker.storage.territory.territory import Source


def report_locked(session: Session, obligation_id: int) -> Site | None:
    """The site of a report, locked, so that nobody else makes a case of it meanwhile."""
    return session.scalar(select(Site).join(SiteObligation, SiteObligation.site_id == Site.id).where(
        SiteObligation.id == obligation_id).with_for_update())


def cases_made_of(session: Session, source: str, numbers: Sequence[str]) -> dict[str, str]:
    """The cases of a source by their numbers there, as these are given."""
    keys = {source_number(each).key: each for each in numbers}
    if not keys:
        return {}
    query = select(Case.source_number, Case.number).join(Source, Source.id == Case.source_id).where(
        Source.key == source, Case.source_number.in_(keys), Case.withdrawn_at.is_(None))
    return {keys[row.source_number]: row.number for row in session.execute(query)}
