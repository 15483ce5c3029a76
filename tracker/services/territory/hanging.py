"""Who and what hangs on an area: it is counted before one ends, and listed after."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tracker.domain.cases.facts import FINAL
from tracker.domain.house.actor import Role
from tracker.storage.cases.cases import Case
from tracker.storage.people.accounts import Person, RoleGrant, Unit
from tracker.storage.territory.offices import OfficeRow
from tracker.storage.territory.territory import RoutingRow, RuleList


@dataclass(frozen=True)
class Hanging:
    """What hangs on an area and what lies in it."""

    open_cases: int
    grants: tuple[tuple[str, Role, str], ...]  # login, role, area
    units: tuple[tuple[str, str], ...]
    routing: tuple[int, ...]
    offices: tuple[tuple[str, str], ...]


def hanging_on(session: Session, code: str, today: date) -> Hanging:
    """Open cases, roles, units and lines of the responsibility list in an area."""
    grants = session.execute(
        select(Person.login, RoleGrant.role, RoleGrant.area_code).join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.area_code.startswith(code), RoleGrant.revoked_at.is_(None), Person.deactivated_on.is_(None))
        .order_by(Person.login)).all()
    units = session.execute(
        select(Unit.code, Unit.name).where(Unit.area_code.startswith(code), or_(Unit.valid_to.is_(None), Unit.valid_to >= today))
        .order_by(Unit.code)).all()
    lines = session.scalars(
        select(RoutingRow.number).join(RuleList, RuleList.id == RoutingRow.list_id)
        .where(RoutingRow.area_code.startswith(code), or_(RoutingRow.valid_to.is_(None), RoutingRow.valid_to >= today),
               RuleList.valid_from <= today, or_(RuleList.valid_to.is_(None), RuleList.valid_to >= today))
        .order_by(RoutingRow.number)).all()
    offices = session.execute(
        select(OfficeRow.area_code, OfficeRow.name)
        .where(OfficeRow.area_code.startswith(code), or_(OfficeRow.valid_to.is_(None), OfficeRow.valid_to >= today))
        .order_by(OfficeRow.area_code)).all()
    cases = session.scalar(select(func.count()).where(Case.jurisdiction.startswith(code), Case.state.not_in(FINAL))) or 0
    return Hanging(cases, tuple((row.login, row.role, row.area_code) for row in grants),
                   tuple((unit.code, unit.name) for unit in units), tuple(lines),
                   tuple((office.area_code, office.name) for office in offices))
