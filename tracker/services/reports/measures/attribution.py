"""Figures of who was asked whose a case is, and of what came of it."""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.cases.flow import Steps
from tracker.domain.reports.measures.attribution import (
    AttributionFact,
    Places,
    asked_cases,
    attribution_figures,
    overruled_of,
)
from tracker.domain.reports.measures.counted import Asked, Found
from tracker.domain.territory.shapes.sections import LOCAL, RAIL, RAIL_UNIT
from tracker.services.coordination.patrols.sections import sections_on
from tracker.services.house.work import wiring
from tracker.storage.cases.entries import entries_of_many
from tracker.storage.people.accounts import Unit
from tracker.storage.reports.measured import attribution_facts


def count_attribution(session: Session, asked: Asked) -> Found:
    """Of the cases that were sent down in the area."""
    facts = list(_dated_facts(session, asked))
    if not facts:
        return {}
    cases = asked_cases(facts, asked.first, asked.last)
    return attribution_figures(cases, _places_on(session, asked.until), _reasons_written(session, overruled_of(cases)))


def _dated_facts(session: Session, asked: Asked) -> Iterator[AttributionFact]:
    clock = wiring().clock
    for stream, kind, at, body in attribution_facts(session, clock.end_of(asked.on), asked.area_code):
        yield AttributionFact(stream, kind, clock.local(at).date(), body)


def _places_on(session: Session, on: date) -> Places:
    sides = {unit: RAIL if kind == RAIL_UNIT else LOCAL for unit, kind in session.execute(select(Unit.id, Unit.kind))}
    return Places(sides, {each.code: each.shape.name for each in sections_on(session, on)})


def _reasons_written(session: Session, streams: Sequence[str]) -> dict[str, str]:
    """What the dispatcher wrote where the map had proposed another unit."""
    found = entries_of_many(session, streams) if streams else {}
    return {stream: str(fact.details.get("reason") or "") for stream, told in found.items() for fact in told
            if fact.kind == Steps.confirm.fact}
