"""Which entries hold: the one condition by which every page, count and file asks it, of any day and as of any moment."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from tracker.domain.sites.registers import REGISTERS, SiteRegister, SiteStatus
from tracker.domain.sites.sight import SiteScope
from tracker.storage.house.areas import within_area
from tracker.storage.sites.register import readable_sites
from tracker.storage.sites.sites import Site, SiteEntry

_E, _S = SiteEntry.__table__.c, Site.__table__.c


def holds(register: SiteRegister, on: date, known_at: datetime | None = None) -> ColumnElement[bool]:
    """The condition on `site_entries`: an entry of this register holds on the day `on`, as far as was known at `known_at`, or as
    is known now. Of a register whose entries follow one another it is the last that began."""
    found = and_(_E.register == register, _E.valid_from <= on, _was_known(_E, known_at), _is_within(_E, on, known_at))
    if not REGISTERS[register].follows:
        return found
    later = aliased(SiteEntry)
    newer = exists().where(later.site_id == _E.site_id, later.register == register, later.valid_from > _E.valid_from,
                           later.valid_from <= on, _was_known(later, known_at), _is_within(later, on, known_at))
    return and_(found, ~newer)


def _was_known(entry: object, known_at: datetime | None) -> ColumnElement[bool]:
    columns: type[SiteEntry] = entry  # type: ignore[assignment]  # a table's columns, or an alias of the model
    accepted = columns.is_accepted.is_(True)
    return accepted if known_at is None else and_(accepted, columns.recorded_at <= known_at, columns.decided_at <= known_at)


def _is_within(entry: object, on: date, known_at: datetime | None) -> ColumnElement[bool]:
    columns: type[SiteEntry] = entry  # type: ignore[assignment]
    last: ColumnElement[date | None] = func.coalesce(columns.ended_on, columns.valid_to)
    if known_at is not None:
        last = case((columns.ended_at <= known_at, columns.ended_on), else_=columns.valid_to)
    return or_(last.is_(None), last >= on)


def sites_holding(session: Session, register: SiteRegister, on: date, known_at: datetime | None = None,
                  scope: SiteScope | None = None) -> list[str]:
    """The codes of the sites of which an entry of the register holds, each once."""
    return list(session.scalars(_codes_of(register, on, known_at, scope).distinct().order_by(_S.code)))


def is_listed(session: Session, site_id: int, on: date) -> date | None:
    """Through which day the site stands on the positive list, if it does on this one; `date.max` where that is open."""
    found = session.execute(select(_E.valid_to, _E.ended_on).where(
        _E.site_id == site_id, holds(SiteRegister.positive_list, on))).first()
    return None if found is None else found.ended_on or found.valid_to or date.max


def held_entries(session: Session, site_id: int, on: date, known_at: datetime | None = None) -> frozenset[int]:
    """Of one site the entries of all registers that hold on a day."""
    any_register = or_(*(holds(each, on, known_at) for each in SiteRegister))
    return frozenset(session.scalars(select(_E.id).where(_E.site_id == site_id, any_register)))


def values_on(session: Session, register: SiteRegister, on: date, known_at: datetime | None = None,
              scope: SiteScope | None = None) -> Iterable[tuple[str, str]]:
    """Each site with what its entry of a register says on a day."""
    query = _codes_of(register, on, known_at, scope).add_columns(_E.value).order_by(_S.code)
    return [(row[0], row[1]) for row in session.execute(query)]


def class_roster(session: Session, area_code: str, on: date) -> list[tuple[str, str, str]]:
    """The sites of an area that work, with the class that holds on a day: name, class, credit code; the heaviest first."""
    query = select(_S.name, _E.value, _S.credit_code).select_from(SiteEntry).join(Site, _S.id == _E.site_id).where(
        holds(SiteRegister.site_class, on), within_area(_S.area_code, area_code),
        _S.status != SiteStatus.ended)
    return [(row[0], row[1], row[2]) for row in session.execute(query.order_by(_E.value, _S.code))]


def _codes_of(register: SiteRegister, on: date, known_at: datetime | None, scope: SiteScope | None) -> Select[tuple[str]]:
    fence = () if scope is None else (readable_sites(scope),)
    return select(_S.code).select_from(SiteEntry).join(Site, _S.id == _E.site_id).where(holds(register, on, known_at), *fence)
