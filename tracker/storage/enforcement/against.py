"""What speaks against a site of the positive list since it entered: decided penalties, cards that stand, serious findings of
inspections; each once, unless a proposal named it already."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, literal, or_, select
from sqlalchemy.orm import Session

from tracker.domain.acts.facts import LinkRole
from tracker.domain.enforcement import cards
from tracker.domain.inspection.inspections import InspectionResult
from tracker.domain.sites.registers import SiteRegister
from tracker.storage.acts.acts import Act, ActLink
from tracker.storage.enforcement.penalties import Penalty
from tracker.storage.inspection.inspections import Inspection
from tracker.storage.sites.holding import holds
from tracker.storage.sites.sites import Site, SiteEntry, SiteProposal

ACT, SITE = "act:", "site:"


class AgainstSite(NamedTuple):
    """A record against a listed site: its kind and its stream."""

    code: str
    kind: str
    stream: str


def records_against(session: Session, on: date) -> list[AgainstSite]:
    """Of every site that stands on the list on a day."""
    penalty = Penalty.__table__.c
    decided = and_(penalty.act_id == Act.id, penalty.decided_on >= SiteEntry.valid_from, penalty.decided_on <= on,
                   penalty.revoked_on.is_(None))
    carded = and_(Act.kind == cards.KIND, Act.state.in_([state.value for state in cards.STANDING]),
                  Act.began_on >= SiteEntry.valid_from, Act.began_on <= on)
    serious = (_named_records().join_from(SiteEntry, Site, Site.id == SiteEntry.site_id)
               .join(Inspection, Inspection.site_id == Site.id).join(Act, Act.id == Inspection.act_id)
               .where(_is_listed(on), Inspection.result == InspectionResult.serious, Inspection.done_on >= SiteEntry.valid_from,
                      Inspection.done_on <= on))
    by_acts = _of_acts(on, or_(exists().where(decided), carded))
    return sorted(AgainstSite(*row) for query in (by_acts, serious) for row in session.execute(query))


def _named_records() -> Any:
    return select(Site.code, Act.kind, literal(ACT).concat(Act.number))


def _of_acts(on: date, against: ColumnElement[bool]) -> Any:
    return (_named_records().join_from(SiteEntry, Site, Site.id == SiteEntry.site_id)
            .join(ActLink, and_(ActLink.target == literal(SITE).concat(Site.code), ActLink.role == LinkRole.site))
            .join(Act, Act.id == ActLink.act_id).where(_is_listed(on), against))


def _is_listed(on: date) -> ColumnElement[bool]:
    return and_(holds(SiteRegister.positive_list, on),
                ~exists().where(SiteProposal.site_id == Site.id, SiteProposal.record == literal(ACT).concat(Act.number)))
