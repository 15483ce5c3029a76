"""Saved views as a reader sees them: their own, and those that their unit was shown."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, bindparam, or_, select
from sqlalchemy.orm import Session

from tracker.storage.cases.saved_views import SavedView
from tracker.storage.people.accounts import Person

VIEWS, PEOPLE = SavedView.__table__.c, Person.__table__.c
_mine = VIEWS.person_id == bindparam("reader")
# Put together once: a unit that is None equals no other, so that only one's own are left.
_VIEWS = (
    select(VIEWS.id, VIEWS.name, VIEWS.query, VIEWS.unit_id, VIEWS.person_id, PEOPLE.name.label("owner"))
    .select_from(SavedView.__table__.join(Person.__table__, PEOPLE.id == VIEWS.person_id))
    .where(or_(_mine, VIEWS.unit_id == bindparam("their_unit", type_=BigInteger))).order_by(_mine.desc(), VIEWS.id)
)


@dataclass(frozen=True)
class View:
    """One named view; `owner` is empty for the reader's own."""

    id: int
    name: str
    query: str
    is_shared: bool
    owner: str


def views(session: Session, person_id: int, unit_id: int | None) -> tuple[View, ...]:
    """The reader's own views first, then those shared with their unit."""
    found = session.execute(_VIEWS, {"reader": person_id, "their_unit": unit_id})
    return tuple(View(r.id, r.name, r.query, r.unit_id is not None, "" if r.person_id == person_id else r.owner) for r in found)
