"""The cases merged into one: its members, as far as the reader may see them."""

from dataclasses import dataclass

from sqlalchemy import select

from tracker.domain.cases.facts import CaseState
from tracker.domain.house.actor import Scope
from tracker.storage.cases.cases import Case
from tracker.storage.cases.scope import visible
from tracker.storage.house.base import db

_C = Case.__table__.c


@dataclass(frozen=True)
class Member:
    """One case under a master."""

    number: str
    title: str
    state: CaseState
    source_number: str | None


def members_of(scope: Scope, master_id: int) -> tuple[Member, ...]:
    """The members of a master, in the order of their numbers."""
    query = select(_C.number, _C.title, _C.state, _C.source_number).where(_C.master_id == master_id,
                                                                          visible(scope)).order_by(_C.number)
    return tuple(Member(*row) for row in db.session.execute(query))
