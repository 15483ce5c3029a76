"""Which sites a draw has on its list, and what is known of each: by the registry of a day, in a few statements."""

from collections import Counter
from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from tracker.domain.inspection.inspections import INSPECTOR, InspectionMode, InspectionState
from tracker.domain.sites.registers import SiteRegister, SiteStatus
from tracker.storage.acts.acts import Act, ActHand
from tracker.storage.house.areas import within_area
from tracker.storage.inspection.draws import DrawRow, DrawSite
from tracker.storage.inspection.inspections import Inspection
from tracker.storage.inspection.positive import listed_until
from tracker.storage.people.accounts import Person
from tracker.storage.sites.holding import holds
from tracker.storage.sites.sites import Site, SiteEntry

_S, _E = Site.__table__.c, SiteEntry.__table__.c


class SiteThen(NamedTuple):
    """A site of an area with the class and the status that it had on a day."""

    id: int
    code: str
    name: str
    site_class: str
    status: str


def sites_on(session: Session, area_code: str, on: date) -> tuple[SiteThen, ...]:
    """The sites of an area that had a class on a day, by their codes."""
    held = {register: _values_on(session, area_code, register, on) for register in (SiteRegister.site_class, SiteRegister.status)}
    query = select(_S.id, _S.code, _S.name).where(within_area(_S.area_code, area_code)).order_by(_S.code)
    return tuple(SiteThen(row.id, row.code, row.name, held[SiteRegister.site_class][row.id],
                           held[SiteRegister.status].get(row.id, SiteStatus.active))
                 for row in session.execute(query) if row.id in held[SiteRegister.site_class])


def _values_on(session: Session, area_code: str, register: SiteRegister, on: date) -> dict[int, str]:
    """Of each site what its entry of a register says on a day."""
    query = (select(_E.site_id, _E.value).join(Site.__table__, _S.id == _E.site_id)
             .where(holds(register, on), within_area(_S.area_code, area_code)))
    return {row.site_id: row.value for row in session.execute(query)}


def visited_on_site(session: Session, first: date, last: date) -> Counter[int]:
    """How often each site was inspected on the spot in some days."""
    query = select(Inspection.site_id, func.count()).where(
        Inspection.mode == InspectionMode.on_site, Inspection.done_on.between(first, last)).group_by(Inspection.site_id)
    return Counter({row[0]: row[1] for row in session.execute(query)})


def waiting_to_be_seen(session: Session) -> frozenset[int]:
    """The sites of which an inspection is planned and not done."""
    query = select(Inspection.site_id).join(Act, Act.id == Inspection.act_id).where(Act.state == InspectionState.planned.value)
    return frozenset(session.scalars(query))


def drawn_times(session: Session, level: str, quarters: Collection[str]) -> Counter[int]:
    """How often each site was drawn in some quarters by draws of a level that stand."""
    query = (select(DrawSite.site_id, func.count()).join(DrawRow, DrawRow.act_id == DrawSite.act_id)
             .where(DrawRow.level == level, DrawRow.is_abandoned.is_(False),
                    DrawRow.quarter.in_(quarters)).group_by(DrawSite.site_id))
    return Counter({row[0]: row[1] for row in session.execute(query)})


def drawn_before(session: Session, level: str, area_code: str, quarters: Collection[str]) -> Counter[str]:
    """How many sites of each class the draws of an area took in some quarters; one that was replaced is not counted twice."""
    query = (select(DrawSite.stratum, func.count()).join(DrawRow, DrawRow.act_id == DrawSite.act_id)
             .where(DrawRow.level == level, DrawRow.area_code == area_code, DrawRow.is_abandoned.is_(False),
                    DrawRow.quarter.in_(quarters),
                    DrawSite.replaced_by_rank.is_(None)).group_by(DrawSite.stratum))
    return Counter({row[0]: row[1] for row in session.execute(query)})


def seen_last_by(session: Session) -> frozenset[tuple[str, int]]:
    """The pairs of login and site of who inspected each site last on the spot."""
    later = aliased(Inspection)
    is_last = ~select(later.act_id).where(
        later.site_id == Inspection.site_id, later.mode == InspectionMode.on_site,
        or_(later.done_on > Inspection.done_on,
            and_(later.done_on == Inspection.done_on, later.act_id > Inspection.act_id))).exists()
    query = (select(Person.login, Inspection.site_id).join(ActHand, ActHand.act_id == Inspection.act_id)
             .join(Person, Person.id == ActHand.person_id)
             .where(Inspection.mode == InspectionMode.on_site, Inspection.done_on.is_not(None), ActHand.part == INSPECTOR,
                    is_last))
    return frozenset((row[0], row[1]) for row in session.execute(query))


def site_names_of(session: Session, codes: Collection[str]) -> dict[str, str]:
    """The names of sites by their codes."""
    return {row.code: row.name for row in session.execute(select(_S.code, _S.name).where(_S.code.in_(codes)))} if codes else {}


def listed_days(session: Session, on: date, codes: Collection[str]) -> dict[str, date | None]:
    """Of those of these sites that stand on the positive list on a day the last day there."""
    until = listed_until(session, on)
    query = select(_S.id, _S.code).where(_S.id.in_(until), _S.code.in_(codes))
    return {row.code: until[row.id] for row in session.execute(query)} if until and codes else {}
