"""The jobs of what units do together."""

from datetime import date, time

from tracker.domain.house.say import Say
from tracker.services.acts.jobs import recount_limits, settle_duties
from tracker.services.coordination.patrols.plans import open_patrols
from tracker.services.house.jobs import Frequency, Job


def run_duties(on: date) -> str:
    """Open the patrols that are owed in the periods of this day, count again the limits whose calendar is there by now, then
    settle the acts of which nothing is owed any more."""
    opened, recounted = open_patrols(on), recount_limits(on)
    said = Say("{settled}，开出联合巡查 {count} 项", settled=settle_duties(on), count=opened)
    return Say("{said}，重算暂定期限 {count} 项", said=said, count=recounted) if recounted else said


JOBS: tuple[Job, ...] = (
    Job("daily-duties", Frequency.daily, "开出本期联合巡查，应办事项都已完成的联动事项办结", run_duties, time(0, 20)),
)
