"""What ticks. The table of jobs stands in services/jobs.py, where the command line reads it too; here is only its pulse."""

from collections.abc import Callable
from dataclasses import dataclass

from tracker.services import jobs


@dataclass(frozen=True)
class Tick:
    """One pulse: every so many seconds, look what is due."""

    id: str
    seconds: int
    deed: Callable[[], object]


def _mail() -> object:
    return jobs.run("minutely-outbox")


TICKS: tuple[Tick, ...] = (
    Tick("due-jobs", 60, jobs.run_due),
    Tick("outbox", 60, _mail),
)
