"""Delegations as a person reads them: those they gave and those they were given."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from tracker.storage.people.accounts import Person
from tracker.storage.people.delegations import Delegation, holds_on


@dataclass(frozen=True)
class DelegationLine:
    """One delegation with the names of all concerned."""

    id: int
    principal_id: int
    principal_login: str
    principal: str
    substitute_id: int
    substitute_login: str
    substitute: str
    from_on: date
    to_on: date
    reason: str
    made_by: str | None
    revoked_at: datetime | None

    def stands(self, today: date) -> str:
        """Where in time it is: `current`, `coming`, `over` or `revoked`."""
        if self.revoked_at is not None:
            return "revoked"
        return "coming" if today < self.from_on else "current" if today <= self.to_on else "over"


_principal, _substitute, _maker = aliased(Person), aliased(Person), aliased(Person)
D = Delegation


def of_person(session: Session, person_id: int, today: date) -> tuple[DelegationLine, ...]:
    """What somebody gave and was given, current and coming, the earliest first."""
    theirs = or_(D.principal_id == person_id, D.substitute_id == person_id)
    return _read_lines(session, _lines_query().where(theirs, D.revoked_at.is_(None), D.to_on >= today).order_by(D.from_on, D.id))


def open_to(session: Session, person_id: int, today: date) -> tuple[DelegationLine, ...]:
    """The delegations under which somebody may act today, where both are in office."""
    in_office = (_principal.deactivated_on.is_(None), _substitute.deactivated_on.is_(None))
    return _read_lines(session, _lines_query().where(D.substitute_id == person_id, holds_on(today), *in_office).order_by(D.id))


def everybodys(session: Session, today: date) -> tuple[DelegationLine, ...]:
    """Every delegation that holds today."""
    in_office = (_principal.deactivated_on.is_(None), _substitute.deactivated_on.is_(None))
    return _read_lines(session, _lines_query().where(holds_on(today), *in_office).order_by(D.id))


def one(session: Session, delegation_id: int) -> DelegationLine | None:
    """One delegation, however old."""
    return next(iter(_read_lines(session, _lines_query().where(D.id == delegation_id))), None)


def _lines_query() -> Any:
    return (
        select(D.id, D.principal_id, _principal.login, _principal.name, D.substitute_id, _substitute.login, _substitute.name,
               D.from_on, D.to_on, D.reason, _maker.name, D.revoked_at)
        .join(_principal, _principal.id == D.principal_id).join(_substitute, _substitute.id == D.substitute_id)
        .outerjoin(_maker, _maker.id == D.made_by_id)
    )


def _read_lines(session: Session, query: Any) -> tuple[DelegationLine, ...]:
    return tuple(DelegationLine(*row) for row in session.execute(query))
