"""What waits to be coordinated: the open cases whose unit said so, each with what it said last."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.orm import Session

from tracker.domain.cases.facts import OPEN, CaseState
from tracker.domain.cases.flow import Steps
from tracker.domain.house.actor import Scope
from tracker.domain.house.say import read_json
from tracker.domain.house.words import told_with
from tracker.storage.cases.cases import Case
from tracker.storage.cases.scope import gathered
from tracker.storage.house import words
from tracker.storage.house.ledger import FactRow
from tracker.storage.people.accounts import Person, Unit
from tracker.storage.territory.territory import Source

MOST = 100
CASES, UNITS, PEOPLE = Case.__table__.c, Unit.__table__.c, Person.__table__.c
SOURCES, FACTS = Source.__table__.c, FactRow.__table__.c
_STREAMS: BindParameter[str] = bindparam("streams", expanding=True)
# The concatenation keeps SQLite from walking every fact of this kind instead of those of these streams.
_SAID = select(FACTS.stream, FACTS.seq, FACTS.kind, FACTS.body, *words.OF_FACT).select_from(
    words.beside(FactRow.__table__, ("matters", "matters_to"))).where(
    FACTS.stream.in_(_STREAMS), FACTS.kind.concat("") == Steps.progress.fact).order_by(FACTS.stream, FACTS.seq)


@dataclass(frozen=True)
class MatterLine:
    """A case that waits for others, since when, and for what."""

    number: str
    title: str
    state: CaseState
    unit: str
    sponsor: str
    source: str
    due_on: date | None
    since_on: date
    matter: str = ""
    asked_of: str = ""


def matters(session: Session, scope: Scope) -> tuple[MatterLine, ...]:
    """The first `MOST`, what waits longest first."""
    found = session.execute(
        select(CASES.number, CASES.title, CASES.state, func.coalesce(UNITS.name, ""), func.coalesce(PEOPLE.name, ""),
               SOURCES.name, CASES.due_on, CASES.matter_since_on)
        .select_from(Case.__table__.join(Source.__table__, SOURCES.id == CASES.source_id)
                     .outerjoin(Unit.__table__, UNITS.id == CASES.lead_unit_id)
                     .outerjoin(Person.__table__, PEOPLE.id == CASES.sponsor_id))
        .where(CASES.matter_since_on.is_not(None), CASES.state.in_(OPEN), gathered(scope))
        .order_by(CASES.matter_since_on, CASES.id).limit(MOST)).all()
    said = _said_last(session, [row.number for row in found])
    return tuple(MatterLine(*row, *said.get(row.number, ())) for row in found)


def _said_last(session: Session, numbers: list[str]) -> dict[str, tuple[str, str]]:
    """The newest matter of each case and who is asked, by its number."""
    rows: Any = session.execute(_SAID, {"streams": [f"case:{number}" for number in numbers]}) if numbers else ()
    found: dict[str, tuple[str, str]] = {}
    for (stream, _, _, body), texts in words.gathered(rows):
        told = told_with(read_json(body), texts)
        if matter := told.get("matters"):
            found[stream.removeprefix("case:")] = str(matter), str(told.get("matters_to") or "")
    return found
