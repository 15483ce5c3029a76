"""What was proposed of the positive list and waits for a decision."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker.domain.sites.sight import SiteScope
from tracker.storage.people.accounts import Person
from tracker.storage.sites.register import readable_sites
from tracker.storage.sites.sites import Site, SiteProposal

MOST = 200
_P, _S = SiteProposal.__table__.c, Site.__table__.c


class WaitingProposal(NamedTuple):
    """One proposal that waits."""

    code: str
    name: str
    area_code: str
    action: str
    reason_code: str
    record: str
    ticked: dict[str, Any]
    proposed_at: datetime
    proposed_by: str | None
    proposed_by_id: int | None
    proposed_for_id: int | None


def waiting(session: Session, scope: SiteScope) -> list[WaitingProposal]:
    """Those that this reader sees, the oldest first."""
    query = _proposals_waiting().where(readable_sites(scope)).order_by(_P.id).limit(MOST)
    return [WaitingProposal(*row) for row in session.execute(query)]


def waiting_of(session: Session, site_id: int) -> WaitingProposal | None:
    """The one of a site."""
    found = session.execute(_proposals_waiting().where(_P.site_id == site_id)).first()
    return None if found is None else WaitingProposal(*found)


def _proposals_waiting() -> Select[Any]:
    return select(_S.code, _S.name, _S.area_code, _P.action, _P.reason_code, _P.record, _P.ticked, _P.proposed_at, Person.name,
                  _P.proposed_by_id, _P.proposed_for_id).select_from(SiteProposal).join(Site, _S.id == _P.site_id).outerjoin(
        Person, Person.id == _P.proposed_by_id).where(_P.decided_at.is_(None))
