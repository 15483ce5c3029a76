"""The yearly roster of classes: what waits for a decision, and how the classes of a year differ from those of the year before."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.sites.registers import SiteRegister
from tracker.domain.sites.sight import SiteScope
from tracker.storage.people.accounts import Person
from tracker.storage.sites.holding import values_on
from tracker.storage.sites.register import readable_sites
from tracker.storage.sites.sites import Site, SiteEntry

MOST = 500
_E, _S = SiteEntry.__table__.c, Site.__table__.c


class WaitingClass(NamedTuple):
    """A class that was proposed."""

    code: str
    name: str
    area_code: str
    now: str
    value: str
    grounds: str
    valid_from: date
    recorded_at: datetime
    recorded_by: str | None
    recorded_by_id: int | None
    recorded_for_id: int | None


class ClassChange(NamedTuple):
    """A site whose class differs between two days; "" is none."""

    code: str
    before: str
    after: str


def waiting_classes(session: Session, scope: SiteScope) -> list[WaitingClass]:
    """The proposals that wait, by site."""
    query = select(_S.code, _S.name, _S.area_code, _S.site_class, _E.value, _E.grounds, _E.valid_from, _E.recorded_at,
                   Person.name, _E.recorded_by_id, _E.recorded_for_id).select_from(SiteEntry).join(
        Site, _S.id == _E.site_id).outerjoin(Person, Person.id == _E.recorded_by_id)
    rows = session.execute(query.where(_E.register == SiteRegister.site_class, _E.decided_at.is_(None), readable_sites(scope))
                           .order_by(_S.code).limit(MOST))
    return [WaitingClass(*row) for row in rows]


def classes_on(session: Session, scope: SiteScope, on: date) -> dict[str, str]:
    """The class of each site that has one on a day."""
    return dict(values_on(session, SiteRegister.site_class, on, scope=scope))


def changes_between(before: dict[str, str], after: dict[str, str]) -> list[ClassChange]:
    """The sites whose class is another, by their codes."""
    return [ClassChange(code, before.get(code, ""), after.get(code, "")) for code in sorted({*before, *after})
            if before.get(code, "") != after.get(code, "")]


def names_of(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """The names of sites."""
    wanted = list(codes)[:MOST]
    return {row[0]: row[1] for row in session.execute(select(_S.code, _S.name).where(_S.code.in_(wanted)))}
