"""Who may be sent on a day, and who is barred from which site."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from tracker.storage.inspection.inspections import InterestRow, RosterRow
from tracker.storage.people.accounts import Person, RoleGrant
from tracker.storage.sites.sites import Site

_R, _I = RosterRow.__table__.c, InterestRow.__table__.c


class Officer(NamedTuple):
    """Somebody of the roster; their login is their code in a draw."""

    person_id: int
    login: str
    name: str


class Interest(NamedTuple):
    """Why somebody keeps away from a site."""

    code: str
    name: str
    ground: str
    valid_from: date
    valid_to: date | None

    def holds_on(self, on: date) -> bool:
        """Whether it holds on a day."""
        return self.valid_from <= on and (self.valid_to is None or self.valid_to >= on)


def interests_of(session: Session, person_id: int) -> tuple[Interest, ...]:
    """Everything that somebody declared, the newest first."""
    query = select(Site.code, Site.name, _I.ground, _I.valid_from, _I.valid_to).select_from(InterestRow).join(
        Site, Site.id == _I.site_id).where(_I.person_id == person_id)
    return tuple(Interest(*row) for row in session.execute(query.order_by(_I.valid_from.desc(), Site.code)))


def officers_on(session: Session, on: date, area_code: str = "") -> tuple[Officer, ...]:
    """Everybody in office who stands on the roster on a day, and has a role in the area or above it, by login."""
    query = (select(Person.id, Person.login, Person.name).join(RosterRow, RosterRow.person_id == Person.id)
             .where(Person.deactivated_on.is_(None),
                    *_holding_on(_R.valid_from, _R.valid_to, on)).distinct().order_by(Person.login))
    if area_code:
        above = [area_code[:length] for length in range(len(area_code) + 1)]
        query = query.where(Person.id.in_(select(RoleGrant.person_id).where(RoleGrant.revoked_at.is_(None),
                                                                           RoleGrant.area_code.in_(above))))
    return tuple(Officer(*row) for row in session.execute(query))


def barred_on(session: Session, on: date, site_ids: Collection[int] | None = None) -> frozenset[tuple[int, int]]:
    """The pairs of person and site of which somebody declared an interest that holds on a day."""
    query = select(InterestRow.person_id, InterestRow.site_id).where(*_holding_on(_I.valid_from, _I.valid_to, on))
    if site_ids is not None:
        query = query.where(_I.site_id.in_(site_ids))
    return frozenset((row.person_id, row.site_id) for row in session.execute(query))


def _holding_on(first: ColumnElement[date], last: ColumnElement[date], on: date) -> tuple[ColumnElement[bool], ...]:
    return first <= on, or_(last.is_(None), last >= on)
