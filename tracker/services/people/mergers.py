"""A unit that ended goes on in another: the night after its last day its open assignments and its people move there, a fact for
each. Closed cases keep the unit that handled them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tracker.domain.cases.columns import CaseChanges
from tracker.domain.cases.facts import ACTIVE
from tracker.domain.cases.flow import OtherFacts
from tracker.domain.house.actor import CLOCK
from tracker.domain.people.fact_kinds import PersonFacts
from tracker.domain.people.kinds import SessionEnd
from tracker.services.house.caching import rules_changed
from tracker.services.house.work import Work, deed, reading
from tracker.services.people.persons import stream_of
from tracker.services.people.signing import sessions
from tracker.storage.cases.belonging.parts import CasePart
from tracker.storage.cases.cases import Case
from tracker.storage.people.accounts import Person, Unit


@dataclass(frozen=True)
class TakenOver:
    """What a successor takes over: open cases led and supported, and people in office. `kept` are cases that cannot move yet, for
    the successor's own people verified them."""

    led: int = 0
    supported: int = 0
    people: int = 0
    kept: int = 0

    @property
    def total(self) -> int:
        """How much moves."""
        return self.led + self.supported + self.people


def foresee_merger(session: Session, unit_id: int, heir_id: int) -> TakenOver:
    """What would move."""
    led, supported, kept = _open_parts(session, unit_id, heir_id)
    people = select(func.count()).where(Person.unit_id == unit_id, Person.deactivated_on.is_(None))
    return TakenOver(len(led), len(supported), session.scalar(people) or 0, kept)


def carry_on(on: date) -> TakenOver:
    """Move what units left that ended before this day, each to its successor in being; what is done stays done."""
    total = TakenOver()
    for unit_id, heir_id in _ended_units(reading(), on):
        moved = move_everything(unit_id, heir_id)
        total = TakenOver(total.led + moved.led, total.supported + moved.supported, total.people + moved.people,
                        total.kept + moved.kept)
    return total


@deed
def move_everything(work: Work, unit_id: int, heir_id: int) -> TakenOver:
    """The open cases and the people of one unit to another. An administrator takes no step on a case: the facts are the clock's,
    and name the end of the unit."""
    unit, heir = work.session.get_one(Unit, unit_id), work.session.get_one(Unit, heir_id)
    led, supported, kept = _open_parts(work.session, unit_id, heir_id)
    because = {"because": f"unit:{unit.code}", "from_unit": unit.name, "to_unit": heir.name}
    for case in _locked_cases(work.session, {*led, *supported}):
        changes: CaseChanges = {"lead_unit_id": heir_id} if case.id in led else {}
        lead = heir_id if case.id in led else case.lead_unit_id
        parts = {heir_id if each == unit_id else each for each in case.supporting_unit_ids} - {lead}
        if parts != set(case.supporting_unit_ids):
            changes["supporting_unit_ids"] = tuple(sorted(each for each in parts if each is not None))
            changes["support_days"] = {str(heir_id) if each == str(unit_id) else each: day
                                       for each, day in case.support_days.items() if each != str(heir_id) or unit_id not in parts}
        changes |= _asked_changes(case, unit_id, heir_id)
        work.move(case, OtherFacts.unit_succeeded.fact, CLOCK, case.state, changes, because)
    people = list(work.session.scalars(select(Person).where(Person.unit_id == unit_id, Person.deactivated_on.is_(None))
                                       .order_by(Person.id).with_for_update(of=Person)))
    for person in people:
        person.unit_id, person.is_head = heir_id, False
        sessions.end_all(work, person.id, SessionEnd.new_roles)
        work.record(stream_of(person.id), PersonFacts.changed, CLOCK, {"unit_id": heir_id, "because": f"unit:{unit.code}"})
    if people:
        rules_changed(work.session)
    return TakenOver(len(led), len(supported), len(people), kept)


def _asked_changes(case: Case, unit_id: int, heir_id: int) -> CaseChanges:
    """The successor was asked, and is told, what the unit was."""
    changes: CaseChanges = {}
    if str(unit_id) in case.candidates:
        kept = {each: answer for each, answer in case.candidates.items() if each not in (str(unit_id), str(heir_id))}
        changes["candidates"] = kept | {str(heir_id): case.candidates[str(unit_id)]}
    if unit_id in case.informed_unit_ids:
        changes["informed_unit_ids"] = tuple(sorted({heir_id, *case.informed_unit_ids} - {unit_id}))
    return changes


def _ended_units(session: Session, on: date) -> list[tuple[int, int]]:
    """Every unit that ended before this day and left something, with the one in being that carries it on in the end."""
    ended = {row.id: row.successor_id for row in session.scalars(select(Unit).where(Unit.valid_to < on))}
    found = []
    for unit_id, heir_id in sorted(ended.items()):
        passed = {unit_id}
        while heir_id in ended and heir_id not in passed:
            passed.add(heir_id)
            heir_id = ended[heir_id]
        if heir_id is not None and heir_id not in ended and foresee_merger(session, unit_id, heir_id).total:
            found.append((unit_id, heir_id))
    return found


def _open_parts(session: Session, unit_id: int, heir_id: int) -> tuple[set[int], set[int], int]:
    """The open cases that the unit leads and supports and that may move; and how many may not."""
    open_cases = select(CasePart.case_id, CasePart.part).join(Case, Case.id == CasePart.case_id).where(
        CasePart.unit_id == unit_id, Case.state.in_(ACTIVE))
    own = or_(Case.verified_unit_id.is_(None), Case.verified_unit_id != heir_id)
    rows = session.execute(open_cases.where(own)).all()
    every = session.scalar(select(func.count()).select_from(open_cases.subquery())) or 0
    led = {row.case_id for row in rows if row.part == "lead"}
    return led, {row.case_id for row in rows} - led, every - len(rows)


def _locked_cases(session: Session, ids: Iterable[int]) -> list[Case]:
    query = select(Case).where(Case.id.in_(sorted(ids)), Case.state.in_(ACTIVE)).order_by(Case.id).with_for_update(of=Case)
    return list(session.scalars(query.execution_options(populate_existing=True)))
