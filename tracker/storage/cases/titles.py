"""Cases by their streams, as far as a reader sees them: what a link to one shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.cases.facts import CaseState
from tracker.domain.house.actor import Scope
from tracker.storage.cases.cases import Case
from tracker.storage.cases.scope import visible
from tracker.storage.people.accounts import Unit

CASE = "case:"


@dataclass(frozen=True)
class CaseTitle:
    """A case as a link shows it."""

    number: str
    title: str
    state: CaseState
    due_on: date | None


def titles_of(session: Session, scope: Scope, streams: Iterable[str]) -> dict[str, CaseTitle]:
    """Of these streams the cases that the reader sees."""
    numbers = [stream.removeprefix(CASE) for stream in streams if stream.startswith(CASE)]
    if not numbers:
        return {}
    query = select(Case.number, Case.title, Case.state, Case.due_on).where(Case.number.in_(numbers), visible(scope))
    return {f"{CASE}{row.number}": CaseTitle(*row) for row in session.execute(query)}


def unit_names(session: Session) -> dict[int, str]:
    """Every unit by its id, old ones too."""
    return {row.id: row.name for row in session.execute(select(Unit.id, Unit.name))}
