"""Programmes on a day, read from the facts: the plan, the attached cases as they stood then, and where everything should be."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.domain.acts.duty_flow import DutySteps
from tracker.domain.cases.stories import Story, story
from tracker.domain.coordination.attached_cases import done_by, master_key
from tracker.domain.coordination.plan_facts import PlanThen, plan_of
from tracker.domain.coordination.programmes import KIND, Indicator, ProgrammeState, ProgrammeSteps
from tracker.domain.coordination.schedules import DriftBounds, ScheduleOn, months_of
from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Say
from tracker.domain.territory.positions import lies_in
from tracker.domain.territory.shapes.layers import MapShape
from tracker.services.acts.effects import CASE
from tracker.services.house.work import Work, wiring
from tracker.services.rules import values
from tracker.services.territory import positions
from tracker.storage.acts.acts import Act, Duty
from tracker.storage.acts.scope import in_area
from tracker.storage.cases.cases import Case
from tracker.storage.cases.entries import FactEntry, entries, entries_of_many


@dataclass(frozen=True)
class ProgrammeOn:
    """A programme on a day, with the days before it: `curve` has the end of each month up to it, with the whole of that day."""

    plan: PlanThen
    schedule: ScheduleOn
    curve: tuple[ScheduleOn, ...]


def plan_on(session: Session, stream: str, on: date) -> PlanThen:
    """The plan as it was told by the end of a day."""
    return plan_of(_dated_facts(entries(session, stream)), on)


def programme_on(session: Session, facts: Sequence[FactEntry], on: date) -> ProgrammeOn:
    """Everything of a programme on a day, from its facts."""
    dated = list(_dated_facts(facts))
    plan = plan_of(dated, on)
    stories = stories_of(session, {case for entry in facts if (case := entry.details.get("case"))})
    firsts = [each.starts_on for each in plan.milestones.values()]
    ends = months_of(min(firsts), on) if plan.is_adopted and min(firsts) <= on else ()
    curve = tuple(_schedule_of(plan_of(dated, end), end, stories) for end in ends)
    return ProgrammeOn(plan, _schedule_of(plan, on, stories), curve)


def adopted_on(session: Session, on: date, area_code: str) -> Iterator[tuple[str, ProgrammeOn]]:
    """The programmes of an area that are carried out and were adopted by the end of a day, with where they stood then, by their
    numbers."""
    is_carried_out = or_(Act.state == ProgrammeState.adopted.value, Act.closed_at >= wiring().clock.end_of(on))
    query = select(Act.number).where(Act.kind == KIND, is_carried_out, in_area(area_code))
    for number in session.scalars(query.order_by(Act.id)):
        found = programme_on(session, entries(session, f"act:{number}"), on)
        if found.plan.is_adopted:
            yield number, found


def standing_on(session: Session, streams: Sequence[str], on: date) -> dict[str, tuple[ScheduleOn, date]]:
    """Several programmes on a day, each with the day on which it was adopted, by their streams: as many statements as for one."""
    told = {stream: list(_dated_facts(facts)) for stream, facts in (entries_of_many(session, streams) if streams else {}).items()}
    plans = {stream: plan_of(facts, on) for stream, facts in told.items()}
    stories = stories_of(session, {case for plan in plans.values() for case in plan.cases})
    return {stream: (_schedule_of(plan, on, stories),
                     next(day for day, fact in told[stream] if fact.kind == ProgrammeSteps.adopt.fact))
            for stream, plan in plans.items() if plan.is_adopted}


def lies_outside(session: Session, shape: MapShape, target: str) -> bool:
    """Whether a case has a point, and it lies outside a zone."""
    case = session.scalar(select(Case).where(Case.number == target.removeprefix(CASE)))
    if case is None or case.lat is None or case.lng is None or not shape.polygons:
        return False
    return not lies_in(*positions.on_the_map(case.lat, case.lng, case.datum), shape.polygons)


def require_cases_done(work: Work, act: Act, row: Duty) -> None:
    """A milestone that is measured by its cases is met when all of them are. Raises `Invalid`."""
    if row.indicator.get("indicator") != Indicator.cases:
        return
    today = work.clock.today()
    found = programme_on(work.session, entries(work.session, act.stream), today)
    milestone = found.plan.milestones[row.position]
    left = sum(not found.schedule.is_done(case) for case in milestone.cases)
    if left or not milestone.cases:
        raise Invalid(Say("挂接的案件还有 {left} 件未办结。", left=left) if left else "还没有挂接案件。", field="text")


def _dated_facts(facts: Iterable[FactEntry]) -> Iterable[tuple[date, FactEntry]]:
    clock = wiring().clock
    return ((clock.local(fact.at).date(), fact) for fact in facts)


def _schedule_of(plan: PlanThen, on: date, stories: Mapping[str, Story]) -> ScheduleOn:
    bounds = DriftBounds(values.number("drift_yellow_points", on), values.number("drift_red_points", on))
    return ScheduleOn(on, bounds, plan.in_order(), done_by(stories, wiring().clock.end_of(on)))


def stories_of(session: Session, streams: Iterable[str]) -> dict[str, Story]:
    """The stories of cases by their streams, and those of their masters by their ids."""
    found = _told_stories(session, sorted(streams))
    masters = {move.values["master_id"] for each in found.values() for move in each.moves if move.values.get("master_id")}
    numbers = {f"{CASE}{row.number}": master_key(row.id)
               for row in session.execute(select(Case.id, Case.number).where(Case.id.in_(sorted(masters))))} if masters else {}
    return found | {numbers[stream]: each for stream, each in _told_stories(session, sorted(numbers)).items()}


def _told_stories(session: Session, streams: Sequence[str]) -> dict[str, Story]:
    def office_date(at: object) -> date:
        return wiring().clock.local(at).date()  # type: ignore[arg-type]

    return {stream: story(stream, ((e.seq, e.kind, e.actor_id, e.at, e.details) for e in told), office_date)
            for stream, told in (entries_of_many(session, streams) if streams else {}).items()}


DUTY_CHECKS: Mapping[tuple[str, str], Callable[[Work, Act, Duty], None]] = {(KIND, DutySteps.pass_.name): require_cases_done}
