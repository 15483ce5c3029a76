"""Saved views as a reader sees them: their own, and those that their unit was shown."""

from dataclasses import dataclass

from sqlalchemy import or_, select

from tracker.storage.accounts import Person
from tracker.storage.base import db
from tracker.storage.saved_views import SavedView


@dataclass(frozen=True)
class View:
    """One named view; `owner` is empty for the reader's own."""

    id: int
    name: str
    query: str
    is_shared: bool
    owner: str


def views(person_id: int, unit_id: int | None) -> tuple[View, ...]:
    """The reader's own views first, then those shared with their unit."""
    mine = SavedView.person_id == person_id
    query = (
        select(SavedView.id, SavedView.name, SavedView.query, SavedView.unit_id, SavedView.person_id, Person.name.label("owner"))
        .join(Person, Person.id == SavedView.person_id)
        .where(mine if unit_id is None else or_(mine, SavedView.unit_id == unit_id))
        .order_by(mine.desc(), SavedView.id)
    )
    return tuple(View(r.id, r.name, r.query, r.unit_id is not None, "" if r.person_id == person_id else r.owner)
                 for r in db.session.execute(query))
