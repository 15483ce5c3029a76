"""What an appraisal tells of what was owed beside the cases: duties by unit, joint patrols by section, how far programmes drift;
from the facts alone, as they stood at the cut. Nothing here knows what anybody had to pay."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from tracker.domain.acts.facts import DutyKind, DutyState
from tracker.domain.coordination import programmes
from tracker.domain.coordination.programmes import ProgrammeState
from tracker.domain.coordination.schedules import drift_text
from tracker.domain.rules.periods import Period
from tracker.services.acts.then import folded_each
from tracker.services.coordination import schedules
from tracker.services.coordination.patrols import counts as patrol_counts
from tracker.services.house.work import wiring
from tracker.storage.acts.acts import Act, Duty
from tracker.storage.acts.scope import ACTS, in_area
from tracker.storage.cases.entries import entries

Row = Mapping[str, Any]


def met_rows(session: Session, period: Period, today: date, area_code: str) -> tuple[Row, ...]:
    """How what was owed in a period, up to today, was met; none where nothing was owed."""
    if session.scalar(select(ACTS.id).limit(1)) is None:
        return ()
    last = min(period.last, today)
    return (*_unit_rows(session, period.first, last, area_code), *_section_rows(session, period.first, last, area_code),
            *_programme_rows(session, last, area_code))


def _unit_rows(session: Session, first: date, last: date, area_code: str) -> Iterator[Row]:
    counted: dict[int, dict[str, int]] = defaultdict(lambda: {"due": 0, "on_time": 0, "waived": 0})
    for duty in _duties_then(session, first, last, area_code):
        found = counted[duty["unit_id"]]
        found["due"] += 1
        found["on_time"] += is_on_time(duty)
        found["waived"] += duty["state"] == DutyState.waived
    for unit, found in sorted(counted.items()):
        yield {"unit": unit, **found}


def is_on_time(duty: Row) -> bool:
    """Whether it is met, and was answered by the end of its last day."""
    if duty["state"] != DutyState.met:
        return False
    answered = wiring().clock.local(datetime.fromisoformat(str(duty["answered_at"]))).date()
    return answered <= date.fromisoformat(str(duty["due_on"]))


def _duties_then(session: Session, first: date, last: date, area_code: str) -> Iterator[Row]:
    """The duties that fell due from one day to another, as facts had told them by the end of the last."""
    may = or_(Duty.kind == DutyKind.milestone, and_(Duty.original_due_on <= last, Duty.due_on >= first))  # only put off
    query = (select(ACTS.number).join(Duty, Duty.act_id == ACTS.id).distinct()
             .where(Duty.kind != DutyKind.patrol, may, in_area(area_code)))
    streams: Sequence[str] = sorted(f"act:{number}" for number in session.scalars(query))
    for act in folded_each(session, streams, wiring().clock.end_of(last)):
        yield from (duty for duty in act.of_table("duties") if duty["kind"] != DutyKind.patrol
                    and first <= date.fromisoformat(str(duty["due_on"])) <= last)


def _section_rows(session: Session, first: date, last: date, area_code: str) -> Iterator[Row]:
    for each in patrol_counts.counted(session, first, last, area_code).sections:
        if each.due:
            yield {"section": each.code, "name": each.name, "due": each.due, "on_time": each.on_time, "waived": each.waived}


def _programme_rows(session: Session, on: date, area_code: str) -> Iterator[Row]:
    query = select(Act.number).where(Act.kind == programmes.KIND, Act.state == ProgrammeState.adopted.value, in_area(area_code))
    for number in session.scalars(query.order_by(Act.id)):
        found = schedules.programme_on(session, entries(session, f"act:{number}"), on)
        whole = found.schedule.whole if found.plan.is_adopted else None
        if whole is not None:
            yield {"programme": number, "plan": str(whole.plan_points), "actual": str(whole.actual_points),
                   "drift": drift_text(whole.drift), "red": whole.red_count}
