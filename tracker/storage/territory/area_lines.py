"""Areas as a list to page through, and who and what hangs on one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select, true, tuple_
from sqlalchemy.orm import Session

from tracker.domain.cases.facts import FINAL
from tracker.storage.cases.cases import Case
from tracker.storage.people.accounts import Person, RoleGrant, Unit
from tracker.storage.territory.territory import AreaRow, RoutingRow

PAGE = 50
MOST_NAMED = 20


@dataclass(frozen=True)
class AreaLine:
    """One area of the list."""

    code: str
    valid_from: date
    name: str
    level: str
    parent_code: str
    valid_to: date | None
    successors: str
    kind: str
    formal_code: str
    document_no: str


@dataclass(frozen=True)
class AreaPage:
    """A page of the list, how many there are in all, and after which line the next one begins; "" on the last."""

    lines: tuple[AreaLine, ...]
    total: int
    after: str


@dataclass(frozen=True)
class Hanging:
    """What hangs on an area and what lies in it."""

    open_cases: int
    grants: tuple[tuple[str, str, str], ...]  # login, role, area
    units: tuple[tuple[str, str], ...]
    routing: tuple[int, ...]


_A = AreaRow.__table__.c
_COLUMNS = (_A.code, _A.valid_from, _A.name, _A.level, _A.parent_code, _A.valid_to, _A.successors, _A.kind, _A.formal_code,
            _A.document_no)


def area_page(session: Session, words: Sequence[str], *, in_area: str = "", is_former: bool = False, today: date,
              after: str = "") -> AreaPage:
    """Fifty areas by code, of those whose names or codes hold every word: the present ones, or those that have ended."""
    ended = and_(_A.valid_to.is_not(None), _A.valid_to < today)
    wanted: list[ColumnElement[bool]] = [ended if is_former else ~func.coalesce(ended, False)]
    wanted += [or_(_A.name.contains(word, autoescape=True), _A.code.startswith(word.upper(), autoescape=True),
                   _A.formal_code == word) for word in words]
    wanted += [_A.code.startswith(in_area)] if in_area else []
    total = session.scalar(select(func.count()).where(*wanted)) or 0
    code, _, began = after.partition("/")
    beyond = tuple_(_A.code, _A.valid_from) > (code, date.fromisoformat(began)) if began else true()
    rows = session.execute(select(*_COLUMNS).where(*wanted, beyond).order_by(_A.code, _A.valid_from).limit(PAGE + 1)).all()
    lines = tuple(AreaLine(*row) for row in rows[:PAGE])
    return AreaPage(lines, total, f"{lines[-1].code}/{lines[-1].valid_from}" if len(rows) > PAGE else "")


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
        select(RoutingRow.number).where(RoutingRow.area_code.startswith(code),
                                        or_(RoutingRow.valid_to.is_(None), RoutingRow.valid_to >= today))
        .order_by(RoutingRow.number)).all()
    cases = session.scalar(select(func.count()).where(Case.jurisdiction.startswith(code), Case.state.not_in(FINAL))) or 0
    return Hanging(cases, tuple((row.login, str(row.role), row.area_code) for row in grants), tuple((u.code, u.name) for u in units),
                   tuple(lines))
