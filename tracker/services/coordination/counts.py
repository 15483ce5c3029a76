"""What operations, interviews, controls and meetings come to, by their facts as of a day; the rows are only asked which acts an
area has."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from tracker.domain.cases.facts import HANDLED
from tracker.domain.coordination import controls, interviews, meetings, operations
from tracker.domain.coordination import counts as law
from tracker.domain.coordination.attached_cases import done_by
from tracker.domain.coordination.counts import (
    ActFact,
    ActFigure,
    ActsOfWindow,
    ForceChange,
    order_of,
    outing_of,
    sitting_of,
)
from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Say
from tracker.services.acts.effects import CASE
from tracker.services.coordination.acknowledged import sites_told
from tracker.services.coordination.agendas.counts import facts_until, work_of_meetings
from tracker.services.coordination.schedules import stories_of
from tracker.services.coordination.weekly_rhythm import weeks_of
from tracker.services.house.work import wiring
from tracker.services.rules import places
from tracker.storage.acts.acts import Act
from tracker.storage.acts.scope import in_area
from tracker.storage.cases.cases import Case

Told = TypeVar("Told")
COUNTED = (operations.KIND, interviews.KIND, controls.KIND, meetings.KIND)
A_YEAR = timedelta(days=366)
FOLDED = COUNTED[:-1]  # meetings are counted for themselves: what they laid on units is due long after them
AROUND = timedelta(days=62)  # an act of whose row the day is farther from a window has no fact that is counted in it


@dataclass(frozen=True)
class ActCounts:
    """The figures of a window as of a day, and what was corrected of them after its end."""

    first: date
    last: date
    on: date
    figures: tuple[ActFigure, ...]
    corrections: tuple[ForceChange, ...]


def counted(session: Session, first: date, last: date, *, area_code: str = "", on: date | None = None) -> ActCounts:
    """The figures of a window in an area, "" everywhere, as of the end of a day, today where none is given. Raises
    `Invalid`."""
    today = wiring().clock.today()
    if last < first:
        raise Invalid(Say("截止日 {last} 早于起始日 {first}。", last=last, first=first), field="to")
    places.require_exact(area_code)
    as_of = min(on or today, today)
    facts = {kind: _facts_by_act(session, kind, area_code, (first - AROUND, last + AROUND), as_of) for kind in FOLDED}
    begun = tuple(_each_told(facts[operations.KIND], outing_of))
    outings = tuple(each for each in begun if first <= each.began_on <= last)
    sittings = tuple(each for each in _each_told(facts[interviews.KIND], sitting_of) if first <= each.held_on <= last)
    cases = {case for outing in outings for case in outing.found}
    is_done = done_by(stories_of(session, cases), wiring().clock.end_of(as_of))
    orders = tuple(each for each in _each_told(facts[controls.KIND], order_of) if first <= each.issued_on <= last)
    of_window = ActsOfWindow(outings, sittings, frozenset(filter(is_done, cases)),
                             _kinds_known(session, area_code, as_of), orders,
                             work_of_meetings(session, first, last, area_code, as_of),
                             sites_told(session, [each.number for each in orders], wiring().clock.end_of(as_of)),
                             weeks_of(begun, first, min(last, as_of)))
    return ActCounts(first, last, as_of, law.figures(of_window), law.corrections_after(outings, last))


def corrected(session: Session, first: date, last: date, area_code: str) -> tuple[ForceChange, ...]:
    """What was corrected in these days of the forces of operations that had begun before them, within a year."""
    before = first - timedelta(days=1)
    facts = _facts_by_act(session, operations.KIND, area_code, (before - A_YEAR, before), last)
    outings = (each for each in _each_told(facts, outing_of) if each.began_on < first)
    return law.corrections_after(outings, before)


def rectified_now(session: Session, targets: Sequence[str]) -> int:
    """How many of these cases are rectified today, by their rows, or those of their masters."""
    numbers = [target.removeprefix(CASE) for target in targets]
    if not numbers:
        return 0
    master = aliased(Case)
    query = (select(func.count()).select_from(Case).outerjoin(master, master.id == Case.master_id)
             .where(Case.number.in_(numbers), func.coalesce(master.state, Case.state).in_(HANDLED)))
    return session.scalar(query) or 0


def _kinds_known(session: Session, area_code: str, on: date) -> frozenset[str]:
    """Of which kinds there was any act by the end of a day."""
    query = select(Act.kind).where(Act.kind.in_(COUNTED), Act.opened_at < wiring().clock.end_of(on),
                                   in_area(area_code)).distinct()
    return frozenset(session.scalars(query))


def _facts_by_act(session: Session, kind: str, area_code: str, days: tuple[date, date], on: date) -> dict[str, list[ActFact]]:
    query = select(Act.number).where(Act.kind == kind, Act.began_on.between(*days), in_area(area_code)).order_by(Act.id)
    return facts_until(session, session.scalars(query), on)


def _each_told(acts: dict[str, list[ActFact]], fold: Callable[[str, Iterable[ActFact]], Told | None]) -> Iterator[Told]:
    return (found for number, facts in acts.items() if (found := fold(number, facts)) is not None)
