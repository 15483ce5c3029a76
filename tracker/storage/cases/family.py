"""The cases merged into one: its members, as far as the reader may see them, and how many there are in all."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from tracker.domain.cases.facts import CaseState
from tracker.domain.house.actor import Scope
from tracker.storage.cases.cases import Case
from tracker.storage.cases.scope import visible
from tracker.storage.house.statements import kept_statement

_C, _UNDER = Case.__table__.c, Case.__table__.alias()
# Beside the row of a case in a statement: how many are merged into it.
MEMBER_COUNT = (select(func.count()).select_from(_UNDER).where(_UNDER.c.master_id == _C.id)
                .correlate(Case.__table__).scalar_subquery())


@dataclass(frozen=True)
class Member:
    """One case under a master."""

    number: str
    title: str
    state: CaseState
    source_number: str | None


def members_of(session: Session, scope: Scope, master_id: int) -> tuple[Member, ...]:
    """The members of a master, in the order of their numbers."""
    return tuple(Member(*row) for row in session.execute(_members_query(scope), {"master_id": master_id}))


def count_members(session: Session, master_id: int) -> int:
    """How many cases are merged into this one, whoever may see them."""
    return session.scalar(select(func.count()).where(_C.master_id == master_id)) or 0


@kept_statement
def _members_query(scope: Scope) -> Select[Any]:
    return (
        select(_C.number, _C.title, _C.state, _C.source_number)
        .where(_C.master_id == bindparam("master_id"), visible(scope)).order_by(_C.number)
    )
