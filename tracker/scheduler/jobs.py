"""What ticks. The table of jobs stands in services/upkeep/jobs.py, where the command line reads it too; here is only its pulse."""

from collections.abc import Callable
from dataclasses import dataclass

from tracker.services.cadence import beats
from tracker.services.upkeep import jobs
from tracker.services.upkeep.clock_watch import Watch


@dataclass(frozen=True)
class Tick:
    """One pulse: every so many seconds, look what is due."""

    id: str
    seconds: int
    deed: Callable[[Watch], object]


def look(watch: Watch) -> bool:
    """Do what is due, unless the clock is not to be trusted just now."""
    now = watch.look()
    if now is None:
        return False
    jobs.run_due(now)
    beats.run_due(now)
    return True


def _mail(watch: Watch) -> object:
    return jobs.run("minutely-outbox")


TICKS: tuple[Tick, ...] = (
    Tick("due-jobs", 60, look),
    Tick("outbox", 60, _mail),
)
