"""The ticker: APScheduler in a process of its own, with a memory store. What runs once, runs once by the table of runs."""

import logging
import signal
import threading
from collections.abc import Callable
from types import FrameType
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from tracker.domain.clock import OFFICE_ZONE
from tracker.scheduler.jobs import TICKS
from tracker.services.work import plant
from tracker.storage.base import db

GRACE_SECONDS = 3600
log = logging.getLogger("xiaohao.scheduler")


def run(app: Flask, stop: threading.Event | None = None) -> None:
    """Tick until `stop` is set, or SIGTERM or SIGINT comes; what is being done is finished first."""
    stop = stop or threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _setter(stop))
    scheduler = build(app)
    scheduler.start()
    try:
        stop.wait()
    finally:
        scheduler.shutdown(wait=True)


def build(app: Flask) -> BackgroundScheduler:
    """The scheduler with every tick, the first of each at once: what was missed while nothing ran is caught up with."""
    scheduler = BackgroundScheduler(
        timezone=ZoneInfo(OFFICE_ZONE),
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": GRACE_SECONDS},
    )
    with app.app_context():
        now = plant().clock.now()
    for tick in TICKS:
        scheduler.add_job(_inside(app, tick.id, tick.deed), "interval", seconds=tick.seconds, id=tick.id, next_run_time=now)
    return scheduler


def _inside(app: Flask, name: str, deed: Callable[[], object]) -> Callable[[], None]:
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


def _setter(stop: threading.Event) -> Callable[[int, FrameType | None], None]:
    def on_signal(number: int, frame: FrameType | None) -> None:
        stop.set()

    return on_signal
