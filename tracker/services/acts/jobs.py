"""What the clock may do to acts of any kind, and tells of their hours. The job of the day stands in the room above, which opens
what is owed first."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import literal, select

from tracker.domain.acts.fact_kinds import LimitFactKinds
from tracker.domain.acts.step_rows import ActStep
from tracker.domain.house.actor import CLOCK
from tracker.domain.house.say import Say
from tracker.domain.upkeep.flows import ACT_FLOWS
from tracker.services.acts import access, clocks, steps
from tracker.services.acts.effects import next_seq, settle_due
from tracker.services.acts.hours import tell_hours
from tracker.services.house.jobs import Frequency, Job
from tracker.services.house.work import Work, deed, reading
from tracker.storage.acts.acts import Act, ClockRow

PORTION = 200


def settle_duties(on: date) -> str:
    """Whatever the clock may do to acts on this day: those of which nothing is owed any more are settled."""
    done = sum(_settle_one(number) for number in _acts_to_settle())
    return Say("办结事项 {count} 件", count=done)


def _acts_to_settle() -> Iterator[str]:
    """The acts that stand where the clock may take a step, in portions."""
    wanted = [(kind, state.value) for kind, flow in ACT_FLOWS.items() for step in flow.rows
              if _is_settling(step) for state in step.froms]
    for kind, state in wanted:
        last = 0
        while rows := reading().execute(select(Act.id, Act.number).where(Act.kind == kind, Act.state == state, Act.id > last)
                                        .order_by(Act.id).limit(PORTION)).all():
            last = rows[-1].id
            yield from (row.number for row in rows)


@deed
def _settle_one(work: Work, number: str) -> bool:
    """Take the step that is the clock's, if one is open."""
    act = access.act_for(work, CLOCK, number)
    flow, facts = access.flow_of(act.kind), access.facts_of(work, act)
    name = next((step.name for step, why in flow.lifecycle.open_to(CLOCK, facts)
                 if why is None and _is_settling(step)), None)
    if name is None:
        return False
    steps.take(CLOCK, number, name, {})
    return True


def _is_settling(step: ActStep) -> bool:
    """Whether it is the clock's, and taken when everything is settled."""
    return not step.has_own_job and any(who.admits_clock for who in step.who)


def recount_limits(on: date) -> int:
    """Limits that were counted with a calendar nobody had published yet are counted again once it is; how many changed."""
    query = (select(Act.number).join(ClockRow, ClockRow.subject == literal("act:") + Act.number)
             .where(ClockRow.is_provisional, ClockRow.stopped_on.is_(None), Act.is_over.is_(False)).distinct()
             .order_by(Act.number))
    return sum(_recount_one(number) for number in reading().scalars(query).all())


@deed
def _recount_one(work: Work, number: str) -> int:
    act, told = access.act_for(work, CLOCK, number), list[dict[str, object]]()
    rows = select(ClockRow).where(ClockRow.subject == act.stream, ClockRow.is_provisional, ClockRow.stopped_on.is_(None))
    for row in work.session.scalars(rows.order_by(ClockRow.id)):
        before = row.due_on
        if clocks.recount(row, act.kind, act.area_code):
            told.append({"stage": row.stage, "from_due_on": before, "to_due_on": row.due_on})
    for each in told:
        settle_due(work, act)
        act.seq = next_seq(work, act)
        work.record(act.stream, LimitFactKinds.recounted, CLOCK, each)
    return len(told)


JOBS: tuple[Job, ...] = (
    Job("minutely-hours", Frequency.minutely, "提醒按小时计的时限", tell_hours, due_words="每分钟"),
)
