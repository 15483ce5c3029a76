"""What ticks. The jobs are declared by the rooms and run by services/upkeep/jobs.py; here is only their pulse."""

from collections.abc import Callable
from dataclasses import dataclass

from tracker.services.cadence import beats
from tracker.services.house.work import wiring
from tracker.services.upkeep import jobs
from tracker.services.upkeep.clock_watch import ClockWatch


@dataclass(frozen=True)
class Tick:
    """One pulse: every so many seconds, look what is due."""

    id: str
    seconds: int
    deed: Callable[[ClockWatch], object]


def look(watch: ClockWatch) -> bool:
    """Do what is due, unless the clock is not to be trusted just now, or nobody has set this installation up: its ledger shall
    not begin before it is known whose it is."""
    now = watch.look()
    if now is None or not wiring().home_area:
        return False
    jobs.run_due(now)
    beats.run_due(now)
    return True


def _send_mail(watch: ClockWatch) -> object:
    return jobs.run("minutely-outbox")


def _sign_heads(watch: ClockWatch) -> object:
    return jobs.run("minutely-head")


def _lapse_requests(watch: ClockWatch) -> object:
    return jobs.run("minutely-identity-lapse")


def _run_imports(watch: ClockWatch) -> object:
    return jobs.run("minutely-imports")


def _tell_hours(watch: ClockWatch) -> object:
    return jobs.run("minutely-hours")


TICKS: tuple[Tick, ...] = (
    Tick("due-jobs", 60, look),
    Tick("outbox", 60, _send_mail),
    Tick("heads", 60, _sign_heads),
    Tick("identity-lapse", 60, _lapse_requests),
    Tick("hours", 60, _tell_hours),
    Tick("imports", 10, _run_imports),
)
