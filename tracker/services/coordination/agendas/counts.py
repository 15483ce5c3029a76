"""What joint meetings come to in a window, by their facts as of a day."""

from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.domain.acts.facts import DutyKind
from tracker.domain.cases.flow import Steps
from tracker.domain.coordination.agendas.counts import (
    Amount,
    HeldMeeting,
    MeetingWork,
    days_waited,
    follow_ups_of,
    meeting_of,
)
from tracker.domain.coordination.counts import ActFact
from tracker.domain.coordination.meetings import KIND, ItemOutcome
from tracker.services.acts.effects import ACT, CASE
from tracker.services.coordination.schedules import stories_of
from tracker.services.house.work import wiring
from tracker.storage.acts.acts import Act, Duty
from tracker.storage.acts.scope import in_area
from tracker.storage.cases.entries import FactEntry, entries_of_many


def work_of_meetings(session: Session, first: date, last: date, area_code: str, on: date) -> MeetingWork:
    """The meetings that were held in a window, and the follow-ups that are due in it, whenever they were laid down."""
    owing = select(Duty.act_id).where(Duty.kind == DutyKind.follow_up,
                                      or_(Duty.due_on >= first, Duty.original_due_on >= first), Duty.starts_on <= last)
    query = select(Act.number).where(Act.kind == KIND, in_area(area_code),
                                     or_(Act.began_on.between(first, last), Act.id.in_(owing))).order_by(Act.id)
    facts = facts_until(session, session.scalars(query), on)
    held = tuple(found for number, told in facts.items()
                 if (found := meeting_of(number, told)) and first <= found.held_on <= last)
    due = tuple(each for number, told in facts.items() for each in follow_ups_of(number, told) if first <= each.due_on <= last)
    return MeetingWork(on, held, due, tuple(_days_waited(session, held)))


def facts_until(session: Session, numbers: Iterable[str], on: date) -> dict[str, list[ActFact]]:
    """What was told of acts by the end of a day, by their numbers."""
    streams = [f"{ACT}{number}" for number in numbers]
    told = entries_of_many(session, streams) if streams else {}
    return {stream.removeprefix(ACT): list(_dated_until(told.get(stream, ()), on)) for stream in streams}


def _dated_until(facts: Iterable[FactEntry], on: date) -> Iterator[ActFact]:
    for fact in facts:
        day = wiring().clock.local(fact.at).date()
        if day <= on:
            yield ActFact(fact.kind, day, fact.details)


def _days_waited(session: Session, held: Iterable[HeldMeeting]) -> Iterator[Amount]:
    """How long each dispute waited that these meetings ended by a designation."""
    ended = [item for each in held for item in each.items if item.outcome == ItemOutcome.designation]
    stories = stories_of(session, {item.target for item in ended})
    for item in ended:
        told = [(move.kind, move.on) for move in stories[item.target].moves] if item.target in stories else []
        days = days_waited(told, item.on, begins=Steps.dispute.fact, ends=Steps.designate.fact)
        if days is not None:
            yield item.target.removeprefix(CASE), days
