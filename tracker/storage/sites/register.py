"""Supervised sites: which of them a reader sees; one with everything its page shows; one by what it is called."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from tracker.domain.sites.names import normalised_name
from tracker.domain.sites.sight import SiteScope
from tracker.storage.house.areas import within_area
from tracker.storage.people.accounts import Person, Unit
from tracker.storage.sites.sites import Site, SiteEntry, SiteName
from tracker.storage.territory.territory import AreaRow

_S, _N, _E = Site.__table__.c, SiteName.__table__.c, SiteEntry.__table__.c
_U, _A = Unit.__table__.c, AreaRow.__table__.c


class EntryLine(NamedTuple):
    """A dated entry, from the newest."""

    register: str
    value: str
    grounds: str
    document_no: str
    valid_from: date
    recorded_at: datetime
    recorded_by: str | None
    recorded_by_id: int | None
    recorded_for_id: int | None
    decided_at: datetime | None
    decided_by: str | None
    is_accepted: bool | None
    id: int
    number: str
    is_number_odd: bool
    valid_to: date | None
    payload: dict[str, Any]
    ended_on: date | None
    ended_at: datetime | None
    ended_by: str | None
    end_ground: str

    @property
    def last_on(self) -> date | None:
        """The day through which it holds; None is open."""
        return self.ended_on or self.valid_to


@dataclass(frozen=True)
class SitePage:
    """One site: its row as columns by name, its former names and its entries."""

    head: Any
    names: tuple[tuple[str, date], ...]
    entries: tuple[EntryLine, ...]


def readable_sites(scope: SiteScope, *, begins: bool = True) -> ColumnElement[bool]:
    """The condition on `sites` that holds for what this reader may see; nothing for an empty scope. Where something else
    `begins`, and each site is looked up, no index of areas is taken for it."""
    ways = [within_area(_S.area_code if begins else func.coalesce(_S.area_code, ""), code) for code in scope.areas]
    if scope.unit_ids:
        ways.append(_S.unit_id.in_(scope.unit_ids))
    return or_(*ways) if ways else false()


def site_page(session: Session, scope: SiteScope, code: str) -> SitePage | None:
    """One site, if the reader sees it."""
    query = select(Site.__table__, func.coalesce(_A.name, _S.area_code).label("area"), _U.name.label("unit")).select_from(
        Site.__table__.outerjoin(Unit.__table__, _U.id == _S.unit_id).outerjoin(AreaRow.__table__, _A.code == _S.area_code))
    head = session.execute(query.where(_S.code == code, readable_sites(scope))).one_or_none()
    if head is None:
        return None
    names = session.execute(select(_N.name, _N.last_on).where(_N.site_id == head.id).order_by(_N.id.desc()))
    maker, decider, ender = aliased(Person), aliased(Person), aliased(Person)
    entries = select(_E.register, _E.value, _E.grounds, _E.document_no, _E.valid_from, _E.recorded_at, maker.name,
                     _E.recorded_by_id, _E.recorded_for_id, _E.decided_at, decider.name, _E.is_accepted, _E.id, _E.number,
                     _E.is_number_odd, _E.valid_to, _E.payload, _E.ended_on, _E.ended_at, ender.name, _E.end_ground).select_from(
        SiteEntry).outerjoin(maker, maker.id == _E.recorded_by_id).outerjoin(decider, decider.id == _E.decided_by_id).outerjoin(
        ender, ender.id == _E.ended_by_id)
    found = session.execute(entries.where(_E.site_id == head.id).order_by(_E.valid_from.desc(), _E.id.desc()))
    return SitePage(head, tuple((name, day) for name, day in names), tuple(EntryLine(*row) for row in found))


def sites_named(session: Session, scope: SiteScope, named: str) -> list[Site]:
    """The sites that the reader sees with this code, credit code or name, now or formerly; never by mere likeness."""
    plain = normalised_name(named)
    former = exists().where(_N.site_id == _S.id, _N.normalised == plain)
    query = select(Site).where(readable_sites(scope), or_(
        _S.code == named.strip().upper(), and_(_S.credit_code != "", _S.credit_code == named.strip().upper()),
        _S.normalised == plain, former))
    return list(session.scalars(query.order_by(_S.code).limit(10)))


def names_of_sites(session: Session, codes: Sequence[str]) -> list[str]:
    """The names of these sites, by their codes."""
    return list(session.scalars(select(_S.name).where(_S.code.in_(codes)).order_by(_S.code)))
