"""The fence of every list: what a reader's scope means in SQL, in the form that each kind of question is answered fastest
with."""


from sqlalchemy import ColumnElement, and_, case, exists, false, not_, or_, select, true

from tracker.domain.house.actor import Scope
from tracker.domain.rules.area_codes import beyond
from tracker.storage.cases.belonging.parts import BESIDE_LEAD, CasePart, UnitPart
from tracker.storage.cases.cases import Case
from tracker.storage.house.statements import kept_statement
from tracker.storage.territory.territory import Source

# Plain columns, which make no statement one of the ORM's.
CASES, PARTS, _SOURCES = Case.__table__.c, CasePart.__table__.c, Source.__table__.c

# `asks_notice` of the law in SQL: whether a case needs a public notice, by the rule that held when it was verified.
asks_notice_column = case((CASES.verified_at < _SOURCES.notice_since, not_(_SOURCES.is_notice_required)),
                          else_=_SOURCES.is_notice_required)


@kept_statement
def visible(scope: Scope) -> ColumnElement[bool]:
    """The condition on `cases` that holds for what this reader may see; nothing for an empty scope. For a case at hand."""
    if "" in scope.areas:
        return true()
    ways: list[ColumnElement[bool]] = [in_area(code) for code in scope.areas]
    if scope.unit_ids:
        ways.append(exists().where(PARTS.case_id == CASES.id, PARTS.unit_id.in_(scope.unit_ids)))
    if scope.person_id is not None and (scope.areas or scope.unit_ids):
        # `+ 0` keeps SQLite from gathering all ways by their indexes and sorting the lot: lists walk an index and stop.
        ways.append(CASES.sponsor_id + 0 == scope.person_id)
    return or_(*ways) if ways else false()


def told_of(scope: Scope) -> ColumnElement[bool]:
    """What this reader is told: what they may see, and what is merged into a case that one of their units leads. Of such a
    member place, texts and evidence are shown with its master; it has no page for them."""
    if "" in scope.areas or not scope.unit_ids:
        return visible(scope)
    leads = exists().where(PARTS.case_id == CASES.master_id, PARTS.unit_id.in_(scope.unit_ids),
                           PARTS.part == UnitPart.lead.value)
    return or_(visible(scope), leads)


def gathered(scope: Scope) -> ColumnElement[bool]:
    """The same, for reading all of them: an officer's cases are found by their unit instead of by looking at every case."""
    if scope.areas or not scope.unit_ids:
        return visible(scope)
    theirs = CASES.id.in_(select(PARTS.case_id).where(PARTS.unit_id.in_(scope.unit_ids)))
    return theirs if scope.person_id is None else or_(theirs, CASES.sponsor_id == scope.person_id)


def ways(scope: Scope) -> tuple[tuple[ColumnElement[bool], ...], tuple[ColumnElement[bool], ...]]:
    """The same, as conditions that together let through what is visible, for reading a page: first those that an index by due
    date answers in order, then those that pick a few cases, which are sorted."""
    if scope.areas or not scope.unit_ids:
        return (visible(scope),), ()
    supported = select(PARTS.case_id).where(PARTS.unit_id.in_(scope.unit_ids), PARTS.part.in_(BESIDE_LEAD))
    picked: list[ColumnElement[bool]] = [CASES.id.in_(supported)]
    if scope.person_id is not None:
        picked.append(CASES.sponsor_id == scope.person_id)
    return tuple(CASES.lead_unit_id == unit for unit in scope.unit_ids), tuple(picked)


def in_area(code: str) -> ColumnElement[bool]:
    """Division codes are hierarchical text, so an area is a range of them."""
    return and_(CASES.jurisdiction >= code, CASES.jurisdiction < beyond(code))
