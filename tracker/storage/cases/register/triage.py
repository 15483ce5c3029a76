"""What a dispatcher decides over, read for a list of cases in as many statements as for one: the cases that wait to be assigned,
their types, their photos, and how much each unit has to do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.domain.cases.facts import UNIT_CLOCK_RUNS
from tracker.domain.house.actor import Scope
from tracker.storage.cases.cases import Case, CaseCategory
from tracker.storage.cases.scope import visible
from tracker.storage.cases.waiting import TO_ASSIGN, is_assignable, waits_since
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.people.accounts import Unit

CASES, UNITS, FILES = Case.__table__.c, Unit.__table__.c, EvidenceRow.__table__.c


@dataclass(frozen=True)
class UnitChoice:
    """A unit that may lead, with what it has in hand and how much of that is late."""

    code: str
    name: str
    open: int
    late: int


def waiting(session: Session, scope: Scope, most: int) -> tuple[str, ...]:
    """The numbers of the cases that wait to be assigned, key cases first, then who waits longest."""
    query = select(CASES.number, waits_since).where(CASES.state == TO_ASSIGN, is_assignable, visible(scope))
    found = query.order_by(CASES.is_key.desc(), "waits_since", CASES.id).limit(most)
    return tuple(row.number for row in session.execute(found))


def cases_of(session: Session, scope: Scope, numbers: Sequence[str]) -> dict[str, Case]:
    """The cases of these numbers that the reader may see, with their sources and units."""
    query = select(Case).where(Case.number.in_(numbers), visible(scope))
    read = query.options(joinedload(Case.source, innerjoin=True), selectinload(Case.parts), joinedload(Case.place_row))
    return {found.number: found for found in session.scalars(read.execution_options(populate_existing=True))}


def types_of(session: Session, ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The types of each case."""
    query = select(CaseCategory.case_id, CaseCategory.category).where(CaseCategory.case_id.in_(sorted(ids)))
    found: dict[int, list[str]] = {}
    for case_id, category in session.execute(query.order_by(CaseCategory.category)):
        found.setdefault(case_id, []).append(category)
    return {case_id: tuple(types) for case_id, types in found.items()}


def photos_of(session: Session, numbers: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """The photos of each case that can be shown, by its number, oldest first."""
    streams = {f"case:{number}": number for number in numbers}
    query = select(FILES.subject, FILES.id).where(FILES.subject.in_(sorted(streams)), FILES.shown_digest.is_not(None))
    found: dict[str, list[int]] = {}
    for subject, file_id in session.execute(query.order_by(FILES.id)):
        found.setdefault(streams[subject], []).append(file_id)
    return {number: tuple(ids) for number, ids in found.items()}


def units_in_being(session: Session, on: date) -> tuple[UnitChoice, ...]:
    """Every unit that may be given a case on a day, with its load."""
    late = func.sum(case((CASES.list_due_on < on, 1), else_=0)).label("late")
    load = (select(CASES.lead_unit_id.label("unit"), func.count().label("open"), late)
            .where(CASES.state.in_(UNIT_CLOCK_RUNS), CASES.lead_unit_id.is_not(None)).group_by(CASES.lead_unit_id).subquery())
    is_in_being = UNITS.valid_to.is_(None) | (UNITS.valid_to >= on)
    query = (select(UNITS.code, UNITS.name, func.coalesce(load.c.open, 0), func.coalesce(load.c.late, 0))
             .select_from(Unit.__table__.outerjoin(load, load.c.unit == UNITS.id))
             .where(UNITS.valid_from <= on, is_in_being).order_by(UNITS.code))
    return tuple(UnitChoice(*row) for row in session.execute(query))
