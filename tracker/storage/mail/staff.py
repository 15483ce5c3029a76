"""Who works here, as far as mails need it: one statement with their roles, their units and who stands in for them on a day."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from tracker.domain.house.actor import Role
from tracker.domain.people.kinds import PersonKind
from tracker.storage.people.accounts import Person, RoleGrant
from tracker.storage.people.delegations import Delegation, holds_on

PEOPLE, GRANTS, STAND_INS = Person.__table__.c, RoleGrant.__table__.c, Delegation.__table__.c


class Staffer(NamedTuple):
    """One grant of somebody in office, and one who stands in for them; nobody's grant, and nobody, where there is none."""

    id: int
    name: str
    login: str
    email: str | None
    unit_id: int | None
    is_head: bool
    role: Role | None
    area_code: str | None
    substitute_id: int | None


class StaffReach(NamedTuple):
    """Where to look for people: roles held over one of the areas, officers and heads of the units, and these persons. It may be
    too wide, never too narrow."""

    roles: tuple[Role, ...] = ()
    area_codes: tuple[str, ...] = ()
    unit_ids: tuple[int, ...] = ()
    person_ids: tuple[int, ...] = ()


def staff(session: Session, on: date, reach: StaffReach | None = None) -> Sequence[Staffer]:
    """Everybody in office by their ids, with whoever stands in for them on a day; or those within reach and their substitutes."""
    if reach is None:
        rows = session.execute(_staff_query(), {"today": on})
    else:
        rows = session.execute(_near_query(), {"today": on, **reach._asdict()})
    return [Staffer._make(row) for row in rows]


@cache
def _staff_query() -> Select[Any]:
    held = and_(GRANTS.person_id == PEOPLE.id, GRANTS.revoked_at.is_(None))
    stood_in_for = and_(STAND_INS.principal_id == PEOPLE.id, _holds_today())
    return (
        select(PEOPLE.id, PEOPLE.name, PEOPLE.login, PEOPLE.email, PEOPLE.unit_id, PEOPLE.is_head, GRANTS.role, GRANTS.area_code,
               STAND_INS.substitute_id)
        .select_from(Person.__table__.outerjoin(RoleGrant.__table__, held).outerjoin(Delegation.__table__, stood_in_for))
        .where(PEOPLE.deactivated_on.is_(None), PEOPLE.kind == PersonKind.person).order_by(PEOPLE.id, GRANTS.id, STAND_INS.id)
    )


@cache
def _near_query() -> Select[Any]:
    """The same statement, narrowed."""
    near = select(_people_within_reach().cte("near").c.id)  # asked for once: it is needed twice
    standing_in = select(STAND_INS.substitute_id).where(STAND_INS.principal_id.in_(near), _holds_today()).correlate(None)
    return _staff_query().where(or_(PEOPLE.id.in_(near), PEOPLE.id.in_(standing_in)))


def _people_within_reach() -> Select[Any]:
    person, grant = Person.__table__.alias("near_people"), RoleGrant.__table__.alias("near_grants")
    holds = and_(grant.c.person_id == person.c.id, grant.c.revoked_at.is_(None))
    over_area = and_(grant.c.role.in_(bindparam("roles", expanding=True)),
                     grant.c.area_code.in_(bindparam("area_codes", expanding=True)))
    of_units = and_(person.c.unit_id.in_(bindparam("unit_ids", expanding=True)),
                    or_(person.c.is_head, grant.c.role == Role.officer))
    return select(person.c.id).select_from(person.outerjoin(grant, holds)).where(
        or_(over_area, of_units, person.c.id.in_(bindparam("person_ids", expanding=True))))


def _holds_today() -> ColumnElement[bool]:
    return holds_on(bindparam("today", type_=Date))
