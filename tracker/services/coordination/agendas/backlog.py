"""待议事项 as somebody sees it today, or as an area has it: gathered from what stands."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from tracker.domain.acts.sight import ActScope
from tracker.domain.cases.flow import Steps
from tracker.domain.coordination.agendas.backlog import (
    Agenda,
    BacklogMatter,
    WaitKind,
    WaitReason,
    matters_of,
    put_off_keys,
    red_reasons,
)
from tracker.domain.coordination.meetings import ItemOutcome, MeetingSteps
from tracker.domain.house.actor import Actor, Scope
from tracker.services.acts.access import scope_of
from tracker.services.acts.effects import ACT, CASE
from tracker.services.coordination.agendas.sources import WaitingNow, WaitingRows, waiting_then
from tracker.services.coordination.schedules import standing_on
from tracker.services.house.work import reading, wiring
from tracker.services.rules.disputes import dispute_until
from tracker.storage.cases.entries import entries_of_many

Reasons = Iterator[tuple[str, WaitReason]]


def backlog_for(actor: Actor) -> tuple[BacklogMatter, ...]:
    """What waits for a meeting, as far as this person sees it."""
    return waiting(reading(), actor.scope(), scope_of(actor), wiring().clock.today())


def backlog_rows(session: Session, area_code: str, today: date, until: datetime | None = None) -> tuple[Mapping[str, Any], ...]:
    """The same of an area as plain values, without what people wrote, as it stands today or stood at a moment of that day: a
    report keeps them."""
    area = (area_code,)
    if until is None:
        matters = waiting(session, Scope(areas=area), ActScope(areas=area, watched=area), today)
    else:
        matters = _matters_among(waiting_then(session, area_code, today, until), today)
    return tuple({"key": matter.key, "since_on": matter.since_on.isoformat(), "days": matter.days(today),
                  "listed": matter.listed,
                  "reasons": [{"why": each.why.value, "position": each.position, "unit_id": each.unit_id or 0}
                              for each in matter.reasons]}
                 for matter in matters)


def waiting(session: Session, scope: Scope, acts: ActScope, today: date) -> tuple[BacklogMatter, ...]:
    """What waits within these fences, what waits longest first."""
    return _matters_among(WaitingNow(session, scope, acts, today), today)


def _matters_among(found: WaitingRows, today: date) -> tuple[BacklogMatter, ...]:
    agendas = [Agenda(*row) for row in found.agendas()]
    reasons = [*_of_cases(found, today), *_of_acts(found, today)]
    return matters_of(reasons, agendas, found.going_on(put_off_keys(agendas)))


def questions_of(session: Session, matters: tuple[BacklogMatter, ...]) -> dict[str, str]:
    """What each matter asks a meeting; an item without a number asks again what it asked before."""
    plain = {key: key.rpartition("/") for key in (each.key for each in matters if each.is_plain)}
    told = entries_of_many(session, sorted({f"{ACT}{number}" for number, _, _ in plain.values()})) if plain else {}
    asked = {f"{stream.removeprefix(ACT)}/{fact.details['position']}": str(fact.details.get("question") or "")
             for stream, facts in told.items() for fact in facts if fact.kind == MeetingSteps.add_item.fact}
    return {each.key: asked.get(each.key) or each.question for each in matters}


def _of_cases(found: WaitingRows, today: date) -> Reasons:
    clock, until = wiring().clock, dispute_until(today - timedelta(days=1))
    for number, at in found.disputed():
        if (on := clock.local(at).date()) <= until:
            yield f"{CASE}{number}", WaitReason(WaitKind.disputed, on)
    for number, at in found.disclaimed():
        yield f"{CASE}{number}", WaitReason(WaitKind.disclaimed, clock.local(at).date())
    for number, on in found.asked():
        yield f"{CASE}{number}", WaitReason(WaitKind.asked, on)
    for number, on in _undecided_escalations(found).items():
        yield f"{CASE}{number}", WaitReason(WaitKind.escalated, on)


def _undecided_escalations(found: WaitingRows) -> dict[str, date]:
    """The escalated cases of which nothing was decided since, each with its first day."""
    waits: dict[str, date] = {}
    for number, kind, at, outcome in found.escalated():
        if kind == Steps.escalate.fact:
            waits.setdefault(number, wiring().clock.local(at).date())
        elif outcome != ItemOutcome.defer:
            waits.pop(number, None)
    return waits


def _of_acts(found: WaitingRows, today: date) -> Reasons:
    for duty in found.overdue():
        yield (duty.subject or f"{ACT}{duty.number}",
               WaitReason(WaitKind.overdue, duty.due_on, duty.position, duty.title, duty.unit_id))
    for number, at in found.missed():
        yield f"{ACT}{number}", WaitReason(WaitKind.missed, wiring().clock.local(at).date())
    for stream, (schedule, adopted_on) in standing_on(found.session, found.programmes(), today).items():
        for reason in red_reasons(schedule, adopted_on):
            yield stream, reason
