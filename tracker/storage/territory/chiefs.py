"""Who answers for a section of the railway on a day."""

from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tracker.domain.territory.shapes.sections import ChiefPost
from tracker.storage.people.accounts import Person, Unit
from tracker.storage.territory.shapes import ChiefRow


def posts_on(session: Session, on: date, section: str = "", *, ever: bool = False) -> tuple[ChiefPost, ...]:
    """The posts that are held on a day, of one section or of all; `ever`: those that were or will be, too."""
    gone = func.coalesce(Person.deactivated_on <= on, False)
    over = func.coalesce(Unit.valid_to < on, False)
    query = (select(ChiefRow, Unit.name.label("unit"), Person.name.label("person"), gone.label("gone"), over.label("over"))
             .join(Unit, Unit.id == ChiefRow.unit_id).outerjoin(Person, Person.id == ChiefRow.person_id)
             .order_by(ChiefRow.section_code, ChiefRow.tier, ChiefRow.side, ChiefRow.valid_from))
    if section:
        query = query.where(ChiefRow.section_code == section)
    if not ever:
        query = query.where(ChiefRow.valid_from <= on, or_(ChiefRow.valid_to.is_(None), ChiefRow.valid_to >= on))
    return tuple(ChiefPost(row.section_code, row.side, row.tier, row.unit_id, unit, row.person_id, person or "", row.title,
                           row.valid_from, row.valid_to, bool(is_gone), bool(is_over))
                 for row, unit, person, is_gone, is_over in session.execute(query))
