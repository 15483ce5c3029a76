"""The ticker: APScheduler in a process of its own, with a memory store. What runs once, runs once by the table of runs."""

import logging
import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from types import FrameType
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from tracker.domain.house.clock import OFFICE_ZONE
from tracker.scheduler.jobs import TICKS
from tracker.services.house.work import wiring
from tracker.services.upkeep.clock_watch import ClockWatch, Monotonic
from tracker.storage.house.base import db

GRACE_SECONDS = 3600
PULSE_SECONDS = 15
SET_BACK = timedelta(minutes=1)
log = logging.getLogger("xiaohao.scheduler")


def run(app: Flask, stop: threading.Event | None = None) -> None:
    """Tick until `stop` is set, or SIGTERM or SIGINT comes; what is being done is finished first."""
    stop = stop or threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop_handler(stop))
    with app.app_context():
        clock = wiring().clock
    scheduler, pace = build(app), Pace(clock.now, time.monotonic)
    scheduler.start()
    try:
        while not stop.wait(PULSE_SECONDS):
            pace.keep(scheduler)
    finally:
        scheduler.shutdown(wait=True)


class Pace:
    """Ticks are planned by the wall clock: when that is set back, they are planned anew, or none would come for hours."""

    def __init__(self, wall: Callable[[], datetime], monotonic: Monotonic) -> None:
        self._wall, self._monotonic = wall, monotonic
        self._began = self._boot_moment()

    def keep(self, scheduler: BackgroundScheduler) -> bool:
        """Plan every tick for now when the clock was set back since last asked; whether it was."""
        before, self._began = self._began, self._boot_moment()
        if before - self._began <= SET_BACK:
            return False
        for job in scheduler.get_jobs():
            job.modify(next_run_time=self._wall())
        return True

    def _boot_moment(self) -> datetime:
        return self._wall() - timedelta(seconds=self._monotonic())


def build(app: Flask, monotonic: Monotonic = time.monotonic) -> BackgroundScheduler:
    """The scheduler with every tick, the first of each at once: what was missed while nothing ran is caught up with."""
    scheduler = BackgroundScheduler(
        timezone=ZoneInfo(OFFICE_ZONE),
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": GRACE_SECONDS},
    )
    with app.app_context():
        now = wiring().clock.now()
    watch = ClockWatch(monotonic)
    for tick in TICKS:
        scheduler.add_job(_in_app_context(app, tick.id, partial(tick.deed, watch)), "interval", seconds=tick.seconds, id=tick.id,
                          next_run_time=now)
    return scheduler


def _in_app_context(app: Flask, name: str, deed: Callable[[], object]) -> Callable[[], None]:
    """The deed in an application context of its own; what it raises is logged, and the next tick comes all the same."""

    def tick() -> None:
        with app.app_context():
            try:
                deed()
            except Exception:
                log.exception("tick %s failed", name)
            finally:
                db.session.remove()

    return tick


def _stop_handler(stop: threading.Event) -> Callable[[int, FrameType | None], None]:
    def on_signal(number: int, frame: FrameType | None) -> None:
        stop.set()

    return on_signal
