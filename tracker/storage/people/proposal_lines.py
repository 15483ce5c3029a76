"""Proposed roles as they are read."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from tracker.domain.house.actor import Role
from tracker.storage.people.accounts import Person
from tracker.storage.people.sign_ins import RoleProposal

R = RoleProposal


@dataclass(frozen=True)
class ProposalLine:
    """One proposal with the names of whom it concerns."""

    id: int
    person_id: int
    login: str
    name: str
    role: Role
    area_code: str
    proposed_by_id: int
    proposed_by: str | None
    expires_at: datetime


def open_lines(session: Session, now: datetime) -> tuple[ProposalLine, ...]:
    """Those that wait to be decided, the oldest first."""
    proposer = aliased(Person)
    query = (
        select(R.id, R.person_id, Person.login, Person.name, R.role, R.area_code, R.proposed_by_id, proposer.name, R.expires_at)
        .join(Person, Person.id == R.person_id).outerjoin(proposer, proposer.id == R.proposed_by_id)
        .where(R.outcome.is_(None), R.expires_at > now, Person.deactivated_on.is_(None)).order_by(R.id)
    )
    return tuple(ProposalLine(*row) for row in session.execute(query))
