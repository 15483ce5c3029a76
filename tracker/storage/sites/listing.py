"""Supervised sites as a list, in keyset pages by their codes, and what the list is narrowed by."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from tracker.domain.sites.entries import AHEAD, ASKED_BEFORE
from tracker.domain.sites.obligations import SOON
from tracker.domain.sites.registers import SiteRegister
from tracker.domain.sites.sight import SiteScope
from tracker.storage.house.areas import within_area
from tracker.storage.people.accounts import Unit
from tracker.storage.sites.holding import holds
from tracker.storage.sites.obligations import stands
from tracker.storage.sites.owed import SiteObligation
from tracker.storage.sites.register import readable_sites
from tracker.storage.sites.sites import Site, SiteEntry, SiteName
from tracker.storage.territory.territory import AreaRow

PAGE_SIZE = 50
_S, _N, _E, _O = Site.__table__.c, SiteName.__table__.c, SiteEntry.__table__.c, SiteObligation.__table__.c
_U, _A = Unit.__table__.c, AreaRow.__table__.c


@dataclass(frozen=True)
class SiteFilters:
    """What is asked of the list; "" is everything. `waits` are those whose class waits for a decision, `register` those of which
    an entry of it holds today, `light` those of which a permit, a registration or a report has this light, `trade` how the code
    of the trade begins."""

    q: str = ""
    kind: str = ""
    site_class: str = ""
    status: str = ""
    waits: bool = False
    area: str = ""
    unit: str = ""
    trade: str = ""
    register: str = ""
    light: str = ""

    @property
    def is_narrow(self) -> bool:
        """Whether anything is asked."""
        return self != SiteFilters()


class SiteLine(NamedTuple):
    """One site in the list."""

    code: str
    name: str
    kind: str
    status: str
    site_class: str
    area: str
    unit: str | None
    waits: bool


@dataclass(frozen=True)
class SiteLines:
    """Up to `PAGE_SIZE` lines; `after` continues with the next page, None on the last."""

    lines: tuple[SiteLine, ...]
    after: str | None


def page(session: Session, scope: SiteScope, filters: SiteFilters, on: date, after: str = "", size: int = PAGE_SIZE) -> SiteLines:
    """One page of what this reader sees, as of a day."""
    waits = exists().where(_E.site_id == _S.id, _E.decided_at.is_(None))
    query = select(_S.code, _S.name, _S.kind, _S.status, _S.site_class, func.coalesce(_A.name, _S.area_code), _U.name, waits)
    query = query.select_from(Site.__table__.outerjoin(Unit.__table__, _U.id == _S.unit_id)
                              .outerjoin(AreaRow.__table__, _A.code == _S.area_code))
    wanted = [readable_sites(scope), *_conditions_of(filters, on), *([_S.code > after] if after else [])]
    if filters.light:  # found by their days, so they come in no order: no more than a page of them is looked at closely
        wanted = [_S.id.in_(select(_S.id).where(*wanted).order_by(_S.code).limit(size + 1).correlate(None))]
    rows = session.execute(query.where(*wanted).order_by(_S.code).limit(size + 1)).all()
    lines = tuple(SiteLine(*row) for row in rows[:size])
    return SiteLines(lines, lines[-1].code if len(rows) > size else None)


def units_named(session: Session, scope: SiteScope, on: date) -> tuple[tuple[str, str], ...]:
    """The units by which the list may be narrowed."""
    query = select(_U.code, _U.name).where(or_(_U.valid_to.is_(None), _U.valid_to >= on))
    if scope.unit_ids and not scope.areas:
        query = query.where(_U.id.in_(scope.unit_ids))
    return tuple((row[0], row[1]) for row in session.execute(query.order_by(_U.code)))


def _conditions_of(filters: SiteFilters, on: date) -> list[ColumnElement[bool]]:
    found = [column == value for column, value in ((_S.kind, filters.kind), (_S.site_class, filters.site_class),
                                                   (_S.status, filters.status)) if value]
    if filters.waits:
        found.append(exists().where(_E.site_id == _S.id, _E.decided_at.is_(None)))
    if filters.area:
        found.append(within_area(_S.area_code, filters.area))
    if filters.unit:
        found.append(_S.unit_id == select(_U.id).where(_U.code == filters.unit).scalar_subquery())
    if filters.trade:
        found.append(and_(_S.trade_code >= filters.trade, _S.trade_code <= filters.trade + "~"))
    if filters.register:
        found.append(exists().where(_E.site_id == _S.id, holds(SiteRegister(filters.register), on)))
    if filters.light:
        found.append(_has_light(filters.light, on))
    return [*found, *([_is_named(filters.q)] if filters.q else [])]


def _is_named(q: str) -> ColumnElement[bool]:
    like = "%" + q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return or_(_S.code == q.upper(), _S.credit_code == q.upper(), _S.name.like(like, escape="\\"),
               _S.id.in_(select(_N.site_id).where(_N.name.like(like, escape="\\"))))


def _has_light(light: str, on: date) -> ColumnElement[bool]:
    """What is watched, and its light, such as `permit-red`: the few that have it are found by their days."""
    watched, _, colour = light.partition("-")
    if watched == "report":
        days = (_O.due_on < on,) if colour == "red" else (_O.due_on >= on, _O.due_on < on + SOON)
        late = select(_O.site_id).join(SiteEntry, _E.id == _O.entry_id).where(_O.satisfied_at.is_(None), stands(), *days)
        return _S.id.in_(late)
    return _S.id.in_(select(_E.site_id).where(*_renewal_due(SiteRegister(watched), colour, on)))


def _renewal_due(register: SiteRegister, colour: str, on: date) -> tuple[ColumnElement[bool], ...]:
    """An entry that nobody ended and no other followed, by the day on which its renewal is asked for."""
    later, asked = aliased(SiteEntry), on + timedelta(days=ASKED_BEFORE[register])
    followed = exists().where(later.site_id == _E.site_id, later.register == register, later.number == _E.number,
                              later.valid_from > _E.valid_from, later.is_accepted.is_(True))
    days = ((_E.valid_to < asked,) if colour == "red" else
            (_E.valid_to >= asked, _E.valid_to <= on + timedelta(days=AHEAD[register])))
    return (_E.register == register, _E.is_accepted.is_(True), _E.ended_at.is_(None), *days, ~followed)
