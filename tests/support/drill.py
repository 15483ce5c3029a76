"""Clock processes on a clock of the test's own, killed at random: what the drill of the scheduler is made of."""

import asyncio
import multiprocessing
import os
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from sqlalchemy import select

from tests.support.post_office import Inbox, free_port
from tracker.domain.cadence.beats import BEATS, Beat
from tracker.domain.house.clock import SetClock
from tracker.domain.rules.periods import Period
from tracker.services.cadence.composing import Composed, ForeseenMail
from tracker.services.house.work import Work

WALL, SECONDS, OPEN, HANDED, READY = 0, 1, 2, 3, 4
MOST_STARTED = 1000
PACE = 600  # seconds of the drill in one of ours
LONGEST_PAUSE = 0.004
LONGEST_WAIT = 5
KILLED_AT_DATA = 0.04
Times = Any  # shared doubles without a lock: a process that is killed must not take one with it


class SharedClock(SetClock):
    """The wall clock that every process of a drill reads."""

    def __init__(self, times: Times) -> None:
        super().__init__(datetime(2026, 1, 1, tzinfo=UTC))
        self._times = times

    def now(self) -> datetime:
        """Whatever the drill has set."""
        return datetime.fromtimestamp(self._times[WALL], UTC)


class NotingOffice(Inbox):
    """Notes each message with one write that a kill cannot cut in two, and takes its time before it answers. Now and then it
    waits with the answer until the drill has killed who sent it: the message is delivered, and nobody could mark it."""

    def __init__(self, times: Times, path: Path, seed: int) -> None:
        super().__init__()
        self._times, self._path, self._chance = times, path, random.Random(seed)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message = message_from_bytes(envelope.content)
        await asyncio.sleep(self._chance.uniform(0, LONGEST_PAUSE))
        note = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(note, f"{message['Message-ID']} {message['To']}\n".encode())
        os.close(note)
        if self._chance.random() < KILLED_AT_DATA and not self._times[HANDED]:
            await self._until_killed()
        await asyncio.sleep(self._chance.uniform(0, LONGEST_PAUSE))
        return "250 OK"

    async def _until_killed(self) -> None:
        self._times[HANDED] = 1
        until = time.monotonic() + LONGEST_WAIT
        while self._times[HANDED] and time.monotonic() < until:
            await asyncio.sleep(LONGEST_PAUSE)
        self._times[HANDED] = 0


def serve(times: Times, path: Path, seed: int, port: int, parent: int) -> None:
    """The mail server, in a process of its own that is never killed by the drill."""
    office = Controller(NotingOffice(times, path, seed), hostname="127.0.0.1", port=port)
    office.start()
    times[OPEN] = 1
    while os.getppid() == parent:
        time.sleep(0.05)


class Dawdling:
    """A composer that takes its time before, between and after, so that a kill may fall anywhere."""

    def __init__(self, inner: Any, chance: random.Random) -> None:
        self._inner, self._chance = inner, chance

    def prepare(self, cadence: Beat, period: Period, area_code: str, *, is_told: bool = True) -> Any:
        """What the composer inside prepares."""
        self._dawdle()
        found = self._inner.prepare(cadence, period, area_code)
        self._dawdle()
        return found

    def foresee(self, cadence: Beat, period: Period, area_code: str) -> ForeseenMail:
        """What the composer inside foresees."""
        return self._inner.foresee(cadence, period, area_code)

    def commit(self, work: Work, prepared: Any, record_id: int) -> Composed:
        """What the composer inside writes."""
        composed: Composed = self._inner.commit(work, prepared, record_id)
        self._dawdle()
        return composed

    def _dawdle(self) -> None:
        time.sleep(self._chance.uniform(0, LONGEST_PAUSE))


def live(times: Times, seed: int, number: int, parent: int) -> None:
    """A clock process: it ticks without rest until it is killed, or the test is gone."""
    from tracker.services.cadence import beats
    from tracker.services.cadence.beat_papers import composer_of
    from tracker.services.mail import outbox
    from tracker.services.upkeep import clock_watch
    from tracker.storage.house.base import db

    chance = random.Random(seed)
    watch = clock_watch.ClockWatch(lambda: float(times[SECONDS]))
    composers = {each.id: Dawdling(composer_of(each), chance) for each in BEATS}
    while os.getppid() == parent:
        times[READY + number] = 1
        now = watch.look()
        if now is not None:
            clock_watch.beat(now)
            beats.run_due(now, with_composers=composers)
        outbox.send_due()
        db.session.remove()
        time.sleep(chance.uniform(0.01, 0.05))


class Drill:
    """Several clock processes, their clock, and the hand that kills them.

    They are forks of the test, so that a killed one is replaced at once; no connection to the database goes along.
    """

    def __init__(self, start: datetime, seed: int) -> None:
        self._forks = multiprocessing.get_context("fork")
        self.times: Times = self._forks.RawArray("d", [start.timestamp(), 1000.0, 0.0, 0.0, *[0.0] * MOST_STARTED])
        self.clock = SharedClock(self.times)
        self.chance = random.Random(seed)
        self.kills = self.kills_at_data = 0
        self._delivered = Path()
        self._processes: dict[int, Any] = {}
        self._started = 0
        self._office: Any = None

    def open_office(self, delivered: Path) -> str:
        """A mail server that notes what it took; its address."""
        self._delivered, port = delivered, free_port()
        arguments = (self.times, delivered, self.chance.randrange(2**32), port, os.getpid())
        self._office = self._forks.Process(target=serve, args=arguments, daemon=True)
        self._office.start()
        until = time.monotonic() + 20
        while not self.times[OPEN]:
            assert time.monotonic() < until, "the mail server does not start"
            time.sleep(0.01)
        return f"smtp://127.0.0.1:{port}"

    def start(self, count: int) -> None:
        """Start so many processes."""
        from tracker.storage.house.base import db

        db.session.remove()
        db.engine.dispose()
        for number in range(self._started, self._started + count):
            arguments = (self.times, self.chance.randrange(2**32), number, os.getpid())
            self._processes[number] = self._forks.Process(target=live, args=arguments, daemon=True)
            self._processes[number].start()
        self._started += count

    def kill_one(self) -> int:
        """Kill one of those that are at work, whatever it is doing; how many that were."""
        ready = [number for number in self._processes if self.times[READY + number]]
        return self._end(self.chance.choice(ready)) if ready else 0

    def kill_sender(self) -> int:
        """Kill whoever waits for the answer to the message that the server has just noted; how many that were."""
        from tracker.storage.house.base import db
        from tracker.storage.mail.outbox import Message

        message_id = self._delivered.read_text().splitlines()[-1].partition(" ")[0].strip("<>")
        db.session.rollback()
        worker = db.session.scalar(select(Message.claimed_by).where(Message.message_id == message_id)) or ""
        db.session.rollback()
        numbers = [number for number, process in self._processes.items() if worker.endswith(f"/{process.pid}")]
        killed = sum(self._end(number) for number in numbers)
        self.times[HANDED] = 0
        self.kills_at_data += killed
        return killed

    def kill(self) -> None:
        """Kill all who keep the clock."""
        for number in list(self._processes):
            self._end(number)

    def close(self) -> None:
        """Kill all, and the mail server: it is a fork too, and would hold open what the tests after this one must see closed,
        such as the pipe by which a browser hears that it is to go."""
        self.kill()
        if self._office is not None:
            self._office.kill()
            self._office.join()

    def _end(self, number: int) -> int:
        process = self._processes.pop(number)
        process.kill()
        process.join()
        self.kills += 1
        return 1

    def jump(self, by: timedelta) -> None:
        """Set the wall clock, and give the processes a moment to see it."""
        self.times[WALL] += by.total_seconds()
        time.sleep(0.2)

    def pass_time(self, by: timedelta) -> None:
        """Time goes on, on the wall and for every process."""
        self.times[SECONDS] += by.total_seconds()
        self.times[WALL] += by.total_seconds()

    def pass_until(self, moment: datetime) -> None:
        """Time goes on to a moment."""
        self.pass_time(moment - self.clock.now())

    def said(self) -> str:
        """What is still to do, for the message of a failure."""
        from tracker.services.cadence import gaps as cadence_gaps
        from tracker.services.upkeep import clock_watch

        gaps = cadence_gaps.missing(self.clock.now())
        return (
            f"{len(gaps)} missing, first {[(gap.sentence, gap.state, gap.tries) for gap in gaps[:3]]}; "
        f"clock {clock_watch.state()}")

    def trickle(self, is_done: Callable[[], bool], *, with_kills: bool, within: float = 120) -> None:
        """Let time go on slowly until it is done: slow enough that no lease runs out under a living process."""
        seen = time.monotonic()
        until, next_kill = seen + within, seen + self.chance.uniform(0.05, 1.0)
        while not is_done():
            assert time.monotonic() < until, f"not done by {self.clock.now()}: {self.said()}"
            time.sleep(0.03)
            before, seen = seen, time.monotonic()
            self.pass_time(timedelta(seconds=(seen - before) * PACE))
            if self.times[HANDED]:
                self.start(self.kill_sender())
            if with_kills and time.monotonic() >= next_kill:
                self.start(self.kill_one())
                next_kill = time.monotonic() + self.chance.uniform(0.05, 1.0)
