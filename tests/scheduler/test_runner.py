"""The clock process: ticks at once and every minute, in office time, and stops when told."""

import threading
import time

import pytest
from flask import Flask

from tests.support.makers import Town
from tracker.domain.house.clock import SystemClock
from tracker.scheduler import runner
from tracker.scheduler.jobs import TICKS
from tracker.services.house.work import wiring
from tracker.services.upkeep import jobs
from tracker.storage.house.base import db
from tracker.storage.house.runs import JobRun


def test_the_scheduler_ticks_in_office_time_and_drops_nothing(app: Flask, town: Town) -> None:
    scheduler = runner.build(app)
    assert str(scheduler.timezone) == "Asia/Shanghai"
    scheduler.start(paused=True)
    ticks = {job.id: job for job in scheduler.get_jobs()}
    assert set(ticks) == {tick.id for tick in TICKS}
    assert all((job.coalesce, job.max_instances, job.misfire_grace_time) == (True, 1, 3600) for job in ticks.values())
    scheduler.shutdown()


def test_a_clock_that_starts_catches_up_and_stops_when_told(app: Flask, town: Town) -> None:
    wiring().clock = SystemClock()
    stop = threading.Event()
    clock = threading.Thread(target=runner.run, args=(app, stop))
    clock.start()
    until = time.monotonic() + 20
    while time.monotonic() < until and jobs.clock_seen_at() is None:
        db.session.rollback()
        time.sleep(0.05)
    stop.set()
    clock.join(timeout=20)
    assert not clock.is_alive()
    assert jobs.clock_seen_at() is not None
    db.session.rollback()
    assert all(run.state == "done" for run in db.session.query(JobRun))


@pytest.mark.one_engine
def test_a_tick_that_fails_does_not_stop_the_clock(app: Flask, town: Town, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> object:
        raise RuntimeError("no")

    runner._in_app_context(app, "broken", broken)()
    assert "tick broken failed" in caplog.text
