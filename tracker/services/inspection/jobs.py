"""The jobs of inspections."""

from collections.abc import Iterator
from datetime import date, time

from sqlalchemy import select
from sqlalchemy.orm import aliased

from tracker.domain.house.actor import CLOCK
from tracker.domain.house.errors import Refusal
from tracker.domain.house.say import Say
from tracker.domain.inspection.draws import KIND as DRAW
from tracker.domain.inspection.draws import DrawState, DrawSteps
from tracker.domain.inspection.inspections import KIND, REVEAL_ON, InspectionState, InspectionSteps
from tracker.services.acts import steps
from tracker.services.house.jobs import Frequency, Job
from tracker.services.house.work import reading
from tracker.services.inspection.calls import call_for_draws
from tracker.storage.acts.acts import Act
from tracker.storage.inspection.inspections import Inspection

INSPECTED = aliased(Act)


def reveal_tasks(on: date) -> str:
    """Whoever was drawn to inspect in the next days learns of it."""
    found, failed = list(_acts_to_reveal(on)), []
    for number in found:
        try:
            steps.take(CLOCK, number, InspectionSteps.reveal.name, {})
        except Refusal:
            failed.append(number)
    if failed:
        raise RuntimeError(f"not revealed: {', '.join(failed)}")
    return Say("下达检查任务 {count} 项", count=len(found))


def _acts_to_reveal(on: date) -> Iterator[str]:
    query = select(Act.number, Act.details).where(Act.kind == KIND, Act.state == InspectionState.planned.value).order_by(Act.id)
    for number, details in reading().execute(query).all():
        if details.get(REVEAL_ON) and str(details[REVEAL_ON]) <= on.isoformat():
            yield number


def close_draws(on: date) -> str:
    """Draws of which everything is done, or cannot be, end."""
    waiting = select(Inspection.act_id).join(INSPECTED, INSPECTED.id == Inspection.act_id).where(
        Inspection.draw_id == Act.id, INSPECTED.state == InspectionState.planned.value)
    query = select(Act.number).where(Act.kind == DRAW, Act.state == DrawState.drawn.value, ~waiting.exists()).order_by(Act.id)
    found = reading().scalars(query).all()
    for number in found:
        steps.take(CLOCK, number, DrawSteps.close.name, {})
    return Say("结束抽取 {count} 次", count=len(found))


def run_inspections(on: date) -> str:
    """Tasks are told of, draws end."""
    return Say("{told}，{closed}", told=reveal_tasks(on), closed=close_draws(on))


JOBS: tuple[Job, ...] = (
    Job("daily-draw-call", Frequency.daily, "季度第 1 和第 10 个工作日，名录还没有封存的，提醒调度员，再提醒区领导", call_for_draws, time(8, 0)),
    Job("daily-inspections", Frequency.daily, "到了告知日的检查任务下达给检查人员，检查都已完成的抽取结束", run_inspections, time(7, 0)),
)
