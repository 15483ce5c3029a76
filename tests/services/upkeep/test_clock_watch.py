"""A clock that jumps: back, ahead, ahead and back again, over the year end; one record for each period all the same."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support.beats import plain
from tests.support.makers import Town
from tracker.scheduler.runner import Pace
from tracker.services.cadence import beats as supervision
from tracker.services.upkeep import clock_watch
from tracker.services.upkeep.clock_watch import Watch
from tracker.storage.cadence.beats import CadenceRecord
from tracker.storage.house import ledger
from tracker.storage.house.base import db


class Host:
    """A machine with one clock process: its wall clock can be set, its seconds only go on."""

    def __init__(self, town: Town) -> None:
        self.clock, self.seconds = town.clock, 0.0
        self.table = plain([town.people["lead"]])[1]
        self.restart()

    def restart(self) -> None:
        self.watch = Watch(lambda: self.seconds)

    def jump(self, **by: int) -> None:
        self.clock.move_to(self.clock.now() + timedelta(**by))

    def tick(self) -> bool:
        now = self.watch.look()
        if now is not None:
            clock_watch.beat(now)
            supervision.run_due(now, with_composers=self.table)
        return now is not None

    def live(self, minutes: int, step: int = 1) -> list[bool]:
        """Tick once a minute, or less often."""
        ticked = []
        for _ in range(0, minutes, step):
            self.clock.advance(minutes=step)
            self.seconds += 60 * step
            ticked.append(self.tick())
        return ticked

    def sleep(self, hours: int) -> None:
        """The process does not run, or the machine is suspended; its seconds stand still."""
        self.clock.advance(hours=hours)

    def periods(self, cadence: str = "daily-morning") -> list[str]:
        db.session.rollback()
        return list(db.session.scalars(select(CadenceRecord.period).where(CadenceRecord.cadence == cadence).order_by(CadenceRecord.id)))


@pytest.fixture
def host(town: Town) -> Host:
    """A machine whose process ticked for the first time at 09:00 on Monday 2 March 2026."""
    found = Host(town)
    assert found.tick()
    return found


def test_a_steady_clock_is_trusted_and_small_steps_are_nothing(host: Host) -> None:
    assert all(host.live(5))
    host.jump(seconds=-100)
    assert host.tick()
    host.jump(minutes=9)
    assert host.tick()
    assert clock_watch.state().kind == clock_watch.STEADY


def test_a_clock_set_back_stops_everything_until_it_has_passed_its_heartbeat(host: Host) -> None:
    host.live(30)
    before = clock_watch.clock_seen_at()
    host.jump(hours=-3)
    assert not any(host.live(170, 10))
    state = clock_watch.state()
    assert (state.kind, state.said.split("：调度")[0]) == ("behind", "系统时间 2026-03-02 06:40 早于上次心跳 2026-03-02 09:30")
    assert clock_watch.clock_seen_at() == before
    assert any(host.live(20, 10))
    assert (clock_watch.state().kind, clock_watch.state().said) == ("steady", "")
    assert [line[17:22] for line in clock_watch.state().log] == ["系统时间 ", "时钟恢复正"]


def test_a_person_may_say_that_the_earlier_time_is_right_and_nothing_is_made_twice(host: Host) -> None:
    host.live(10 * 60, 30)  # 19:00: the evening is made
    host.jump(hours=-3)
    assert not host.tick()
    assert clock_watch.accept() == host.clock.now()
    assert host.tick()
    assert all(host.live(4 * 60, 30))
    assert host.periods("daily-evening") == ["2026-03-02"]
    assert [fact.kind for fact in ledger.stream_of(db.session(), "clock:watch")] == ["clock:accepted"]


def test_a_jump_ahead_that_is_taken_back_makes_no_record_of_tomorrow(host: Host) -> None:
    host.live(5)
    host.jump(hours=26)
    assert not any(host.live(9))
    assert clock_watch.state().kind == clock_watch.AHEAD
    host.jump(hours=-26)
    assert all(host.live(3))
    assert (clock_watch.state().kind, host.periods(), host.periods("daily-evening")) == ("steady", [], [])


def test_a_jump_ahead_that_lasts_is_downtime_and_coming_back_repeats_nothing(host: Host) -> None:
    host.live(5)
    host.jump(hours=26)
    assert host.live(12)[-1]
    assert (host.periods(), host.periods("daily-evening")) == (["2026-03-03"], ["2026-03-02"])
    host.jump(hours=-26)
    assert not any(host.live(25 * 60, 30))
    host.live(3 * 24 * 60, 30)
    assert host.periods() == ["2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06"]
    assert host.periods("daily-evening") == ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"]


def test_a_process_that_starts_after_a_long_stop_waits_one_tick_and_catches_up(host: Host) -> None:
    host.sleep(hours=26)
    host.restart()
    assert host.live(2) == [False, True]
    assert host.periods() == ["2026-03-03"]


def test_a_process_that_is_started_anew_during_a_jump_joins_the_doubt(host: Host) -> None:
    host.live(5)
    host.jump(hours=26)
    host.live(2)
    host.restart()
    assert not any(host.live(8))
    host.jump(hours=-26)
    host.live(2)
    assert host.periods() == []


def test_a_machine_whose_clock_is_wrong_does_nothing_beside_one_that_lives(host: Host) -> None:
    host.live(5)
    right = host.clock.now()
    host.jump(hours=26)
    ticked = []
    for _ in range(30):  # another process beats by the right time every minute
        right += timedelta(minutes=1)
        clock_watch.beat(right)
        ticked += host.live(1)
    assert not any(ticked)
    assert clock_watch.clock_seen_at() == right


def test_a_suspended_machine_follows_the_one_that_lived_on(host: Host) -> None:
    host.live(5)
    host.sleep(hours=2)
    clock_watch.beat(host.clock.now())
    assert host.tick()


def test_the_year_end_has_one_record_for_each_day_and_month(town: Town) -> None:
    town.clock.move_to(datetime(2026, 12, 31, 1, 0, tzinfo=UTC))
    host = Host(town)
    host.tick()
    host.live(60, 10)
    host.jump(hours=26)  # into 2027, and back
    host.live(5)
    host.jump(hours=-26)
    host.live(12 * 60, 30)
    host.jump(hours=-3)
    host.live(4 * 60, 30)
    host.sleep(hours=8 * 24)
    host.live(12)
    assert host.periods() == [f"2027-01-{day:02d}" for day in range(1, 9)]
    assert host.periods("daily-evening") == ["2026-12-31", *(f"2027-01-{day:02d}" for day in range(1, 9))]
    assert host.periods("monthly-circular") == ["2026-12"]
    assert host.periods("weekly-review") == ["2026-W53", "2027-W01"]


def test_a_planned_tick_follows_a_clock_that_was_set_back(app: Flask, host: Host) -> None:
    class Planned:
        def __init__(self) -> None:
            self.changes: list[datetime] = []

        def get_jobs(self) -> list["Planned"]:
            return [self]

        def modify(self, next_run_time: datetime) -> None:
            self.changes.append(next_run_time)

    planned, pace = Planned(), Pace(host.clock.now, lambda: host.seconds)
    assert not pace.keep(planned)
    host.jump(hours=-3)
    assert pace.keep(planned)
    assert planned.changes == [host.clock.now()]
    host.jump(hours=26)
    assert not pace.keep(planned)


def test_the_operator_accepts_the_clock_by_command(app: Flask, host: Host) -> None:
    host.jump(hours=-3)
    assert not host.tick()
    db.session.remove()
    told = app.test_cli_runner().invoke(args=["supervision", "clock-accept"])
    assert (told.exit_code, told.output) == (0, "已确认，心跳改为 2026-03-02 06:00\n")
    assert host.tick()
