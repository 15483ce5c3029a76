"""The fence of every list: what a reader's scope means in SQL."""

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from tracker.domain.actor import Scope
from tracker.storage.cases import Case, CasePart


def visible(scope: Scope) -> ColumnElement[bool]:
    """The condition on `cases` that holds for what this reader may see; nothing for an empty scope."""
    if "" in scope.areas:
        return true()
    ways: list[ColumnElement[bool]] = [in_area(code) for code in scope.areas]
    if scope.unit_ids:
        ways.append(Case.id.in_(select(CasePart.case_id).where(CasePart.unit_id.in_(scope.unit_ids))))
    if scope.person_id is not None and (scope.areas or scope.unit_ids):
        ways.append(Case.sponsor_id == scope.person_id)
    return or_(*ways) if ways else false()


def in_area(code: str) -> ColumnElement[bool]:
    """Division codes are hierarchical text, so an area is a range of them."""
    return and_(Case.jurisdiction >= code, Case.jurisdiction < code + "~")
