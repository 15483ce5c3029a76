"""People and units as lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, func, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from tracker.domain.house.actor import Role, Scope
from tracker.domain.people.kinds import PersonKind
from tracker.storage.people.accounts import Person, RoleGrant, Unit


@dataclass(frozen=True)
class GrantLine:
    """One role of a person within an area."""

    id: int
    role: Role
    area_code: str


@dataclass(frozen=True)
class PersonLine:
    """One person in the list."""

    id: int
    login: str
    name: str
    title: str
    email: str | None
    unit: str | None
    deactivated_on: date | None
    is_head: bool
    kind: PersonKind
    grants: tuple[GrantLine, ...]


@dataclass(frozen=True)
class UnitLine:
    """One unit in the list."""

    id: int
    code: str
    name: str
    kind: str
    parent: str | None
    area_code: str
    valid_from: date
    valid_to: date | None
    successor: str | None
    people: int


@dataclass(frozen=True)
class PeopleOptions:
    """Units (code, name) and people (login, name with unit) to choose from in a form."""

    units: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]


def people(session: Session, scope: Scope, q: str = "") -> tuple[PersonLine, ...]:
    """Everybody, the active first, with their roles; `q` is part of a name or login. People carry no area of their own,
    so the scope only says whether the reader may see a list at all."""
    if not scope.areas:
        return ()
    query = _people_query().order_by(Person.deactivated_on.is_not(None), Unit.code, Person.id)
    if q:
        query = query.where(Person.name.icontains(q, autoescape=True) | Person.login.icontains(q, autoescape=True))
    rows = session.execute(query).all()
    grants = _grants_by_person(session, None)
    return tuple(_person_line(row, grants) for row in rows)


def name_of(session: Session, person_id: int) -> str:
    """Somebody's name, whether in office or not; "" for nobody."""
    return session.scalar(select(Person.name).where(Person.id == person_id)) or ""


def unit_phones(session: Session, unit_ids: Iterable[int]) -> dict[str, str]:
    """The telephones of units by their names, of those that have one."""
    rows = session.execute(select(Unit.name, Unit.phone).where(Unit.id.in_(unit_ids), Unit.phone != ""))
    return {row.name: row.phone for row in rows}


def is_anybody_known(session: Session) -> bool:
    """Whether anybody was ever added: a sign-in page without accounts says how to add the first."""
    return session.scalar(select(Person.id).limit(1)) is not None


def person(session: Session, scope: Scope, login: str) -> PersonLine | None:
    """One person by login."""
    row = session.execute(_people_query().where(Person.login == login)).first() if scope.areas else None
    return _person_line(row, _grants_by_person(session, row.id)) if row else None


def units(session: Session, scope: Scope) -> tuple[UnitLine, ...]:
    """All units, ended ones last, with how many active people each has."""
    if not scope.areas:
        return ()
    parent, successor = aliased(Unit), aliased(Unit)
    in_office = select(func.count()).where(Person.unit_id == Unit.id, Person.deactivated_on.is_(None),
                                           Person.kind == PersonKind.person)
    staff = in_office.correlate(Unit).scalar_subquery()
    query = (
        select(Unit.id, Unit.code, Unit.name, Unit.kind, parent.name, Unit.area_code, Unit.valid_from, Unit.valid_to,
               successor.name, staff)
        .outerjoin(parent, parent.id == Unit.parent_id).outerjoin(successor, successor.id == Unit.successor_id)
        .order_by(Unit.valid_to.is_not(None), Unit.kind, Unit.code)
    )
    return tuple(UnitLine(*row) for row in session.execute(query))


def options(session: Session, scope: Scope, today: date, role: Role | None = None) -> PeopleOptions:
    """Units in being and active people (with `role`, where given), in one statement."""
    if not (scope.areas or scope.unit_ids):
        return PeopleOptions((), ())
    label = Person.name + case((Unit.name.is_(None), ""), else_="（" + Unit.name + "）")
    staff = select(literal("person"), Person.login, label).outerjoin(Unit).where(
        Person.deactivated_on.is_(None), Person.kind == PersonKind.person)
    if role is not None:
        held = select(RoleGrant.person_id).where(RoleGrant.role == role, RoleGrant.revoked_at.is_(None))
        staff = staff.where(Person.id.in_(held))
    is_in_being = Unit.valid_to.is_(None) | (Unit.valid_to >= today)
    in_being = select(literal("unit"), Unit.code, Unit.name).where(Unit.valid_from <= today, is_in_being)
    found: dict[str, list[tuple[str, str]]] = {"unit": [], "person": []}
    for kind, code, name in session.execute(union_all(in_being, staff)):
        found[kind].append((code, name))
    return PeopleOptions(tuple(sorted(found["unit"])), tuple(sorted(found["person"])))


def _person_line(row: Any, grants: dict[int, tuple[GrantLine, ...]]) -> PersonLine:
    return PersonLine(row.id, row.login, row.name, row.title, row.email, row.unit, row.deactivated_on, row.is_head,
                      row.kind, grants.get(row.id, ()))


def _people_query() -> Any:
    columns = (Person.id, Person.login, Person.name, Person.title, Person.email, Unit.name.label("unit"), Person.deactivated_on,
               Person.is_head, Person.kind)
    return select(*columns).outerjoin(Unit)


def _grants_by_person(session: Session, person_id: int | None) -> dict[int, tuple[GrantLine, ...]]:
    query = select(RoleGrant.person_id, RoleGrant.id, RoleGrant.role, RoleGrant.area_code).where(RoleGrant.revoked_at.is_(None))
    if person_id is not None:
        query = query.where(RoleGrant.person_id == person_id)
    found: dict[int, list[GrantLine]] = {}
    for owner, grant_id, role, area_code in session.execute(query.order_by(RoleGrant.id)):
        found.setdefault(owner, []).append(GrantLine(grant_id, role, area_code))
    return {owner: tuple(grants) for owner, grants in found.items()}


def dispatched_areas(session: Session) -> tuple[str, ...]:
    """The areas in which somebody is dispatcher now."""
    held = select(RoleGrant.area_code).join(Person, Person.id == RoleGrant.person_id).where(
        RoleGrant.role == Role.dispatcher, RoleGrant.revoked_at.is_(None), Person.deactivated_on.is_(None)).distinct()
    return tuple(session.scalars(held))
