"""The cases merged into one: its members, as far as the reader may see them, and how many there are in all."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, exists, func, select
from sqlalchemy.orm import Session

from tracker.domain.cases.facts import CaseState
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.actor import Scope
from tracker.storage.acts.acts import ActLink
from tracker.storage.cases.cases import Case
from tracker.storage.cases.scope import told_of, visible
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.house.statements import kept_statement

_C, _E, _UNDER = Case.__table__.c, EvidenceRow.__table__.c, Case.__table__.alias()
# Beside the row of a case in a statement: how many are merged into it, and whether any act is tied to it.
MEMBER_COUNT = (select(func.count()).select_from(_UNDER).where(_UNDER.c.master_id == _C.id)
                .correlate(Case.__table__).scalar_subquery())
IS_TIED = exists().where(ActLink.target == "case:" + _C.number)


def member_counts(session: Session, ids: Iterable[int]) -> dict[int, int]:
    """How many cases are merged into each of these, of those that have any."""
    query = select(_C.master_id, func.count()).where(_C.master_id.in_(sorted(ids))).group_by(_C.master_id)
    return {master: count for master, count in session.execute(query) if master is not None}


@dataclass(frozen=True)
class MemberFile:
    """A file of a member, as it is shown with its master."""

    id: int
    role: EvidenceRole
    name: str
    size: int
    digest: str
    uploaded_at: datetime
    has_picture: bool
    uploaded_by: str = ""  # told on the page of the case itself


@dataclass(frozen=True)
class Member:
    """One case under a master, and what of it who leads the master must know. `is_open` when the reader may see its own page."""

    number: str
    title: str
    state: CaseState
    source_number: str | None
    place: str
    description: str
    is_open: bool
    files: tuple[MemberFile, ...] = ()


def members_of(session: Session, scope: Scope, master_id: int) -> tuple[Member, ...]:
    """The members of a master, in the order of their numbers."""
    found = [Member(*row) for row in session.execute(_members_query(scope), {"master_id": master_id})]
    if not found:
        return ()
    files: dict[str, list[MemberFile]] = {}
    for subject, *row in session.execute(_FILES, {"subjects": [f"case:{member.number}" for member in found]}):
        files.setdefault(subject, []).append(MemberFile(*row))
    return tuple(replace(member, files=tuple(files.get(f"case:{member.number}", ()))) for member in found)


def count_members(session: Session, master_id: int) -> int:
    """How many cases are merged into this one, whoever may see them."""
    return session.scalar(select(func.count()).where(_C.master_id == master_id)) or 0


_FILES = (
    select(_E.subject, _E.id, _E.role, _E.original_name, _E.size, _E.digest, _E.uploaded_at, _E.shown_digest.is_not(None))
    .where(_E.subject.in_(bindparam("subjects", expanding=True))).order_by(_E.id)
)


@kept_statement
def _members_query(scope: Scope) -> Select[Any]:
    return (
        select(_C.number, _C.title, _C.state, _C.source_number, _C.place, _C.description, visible(scope))
        .where(_C.master_id == bindparam("master_id"), told_of(scope)).order_by(_C.number)
    )
