"""What becomes of open cases when their area has ended: each goes to the one that took it over. What is done keeps its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.cases.columns import CaseChanges
from tracker.domain.cases.facts import FINAL
from tracker.domain.cases.flow import OtherFacts
from tracker.domain.house.actor import CLOCK
from tracker.domain.territory.territory import Area, Gazetteer
from tracker.services.house.work import Work, deed, reading
from tracker.services.rules import rules
from tracker.storage.cases.cases import Case

PORTION = 200  # cases a transaction: others may write in between


@dataclass(frozen=True)
class MovedCases:
    """How many cases went to another area, and the numbers of those that a dispatcher has to place: several areas took theirs
    over, and nothing says which."""

    moved: int = 0
    unsure: tuple[str, ...] = ()


def move_cases(on: date) -> MovedCases:
    """Give every open case whose area ended before this day what took it over; a second time there is nothing left to do."""
    gazetteer, moved, unsure = rules.gazetteer(), 0, list[str]()
    for code in _left_behind(reading(), gazetteer, on):
        before, heirs = gazetteer.areas_with(code)[-1], gazetteer.successors(code, on)
        ids = _open_cases(reading(), code)
        if len(heirs) != 1:
            unsure += _numbers_of(reading(), ids) if heirs else []
            continue
        for start in range(0, len(ids), PORTION):
            moved += _move_each(ids[start:start + PORTION], before, heirs[0])
    return MovedCases(moved, tuple(unsure))


@deed
def _move_each(work: Work, ids: Sequence[int], before: Area, heir: Area) -> int:
    """Some cases to one area, each with its fact, unless they went elsewhere meanwhile."""
    cases = work.session.scalars(select(Case).where(Case.id.in_(ids), Case.jurisdiction == before.code, Case.state.not_in(FINAL))
                                 .order_by(Case.id).with_for_update(of=Case)).all()
    for case in cases:
        changes: CaseChanges = {"jurisdiction": heir.code}
        if case.area_code is not None:
            changes["area_code"] = heir.code
        work.move(case, OtherFacts.moved.fact, CLOCK, case.state, changes, {
            "from_area": before.name, "to_area": heir.name, "from_code": before.code, "ended_on": before.valid_to,
            "document": before.document_no})
    return len(cases)


def _left_behind(session: Session, gazetteer: Gazetteer, on: date) -> list[str]:
    """The areas of open cases that have ended before this day."""
    held = session.scalars(select(Case.jurisdiction).where(Case.state.not_in(FINAL)).distinct()).all()
    return sorted(code for code in held if gazetteer.area(code) is not None and gazetteer.area(code, on) is None)


def _open_cases(session: Session, code: str) -> list[int]:
    return list(session.scalars(select(Case.id).where(Case.jurisdiction == code, Case.state.not_in(FINAL)).order_by(Case.id)))


def _numbers_of(session: Session, ids: Sequence[int]) -> list[str]:
    return list(session.scalars(select(Case.number).where(Case.id.in_(ids)).order_by(Case.id)))
