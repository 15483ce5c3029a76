"""Clock processes on a clock of the test's own, killed at random: what the drill of the scheduler is made of."""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from sqlalchemy import select

from tracker.domain.cadence import CADENCES, Cadence, Period, PeriodKind
from tracker.domain.clock import SetClock
from tracker.gateways.mail_out import Send
from tracker.services.composing import Composed
from tracker.services.work import Work

WALL, SECONDS, READY = 0, 1, 2
MOST_STARTED = 1000
PACE = 600  # seconds of the drill in one of ours
LONGEST_PAUSE = 0.004
Times = Any  # shared doubles without a lock: a process that is killed must not take one with it


class SharedClock(SetClock):
    """The wall clock that every process of a drill reads."""

    def __init__(self, times: Times) -> None:
        super().__init__(datetime(2026, 1, 1, tzinfo=UTC))
        self._times = times

    def now(self) -> datetime:
        """Whatever the drill has set."""
        return datetime.fromtimestamp(self._times[WALL], UTC)


class NotingSender:
    """Notes each message that it was given, with one write that a kill cannot cut in two; dawdles before and after it."""

    mail_from = "xiaohao@localhost"

    def __init__(self, path: Path, chance: random.Random) -> None:
        self._path, self.chance = path, chance

    @contextmanager
    def connection(self) -> Iterator[Send]:
        """Nothing to connect to."""
        yield self._note

    def _note(self, message: EmailMessage) -> None:
        time.sleep(self.chance.uniform(0, LONGEST_PAUSE))
        note = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(note, f"{message['Message-ID']} {message['To']}\n".encode())
        os.close(note)
        time.sleep(self.chance.uniform(0, LONGEST_PAUSE))


class Dawdling:
    """A composer that takes its time before, between and after, so that a kill may fall anywhere."""

    def __init__(self, inner: Any, chance: random.Random) -> None:
        self._inner, self._chance = inner, chance

    def prepare(self, cadence: Cadence, period: Period, area_code: str) -> Any:
        """What the composer inside prepares."""
        self._dawdle()
        found = self._inner.prepare(cadence, period, area_code)
        self._dawdle()
        return found

    def commit(self, work: Work, prepared: Any, record_id: int) -> Composed:
        """What the composer inside writes."""
        composed: Composed = self._inner.commit(work, prepared, record_id)
        self._dawdle()
        return composed

    def _dawdle(self) -> None:
        time.sleep(self._chance.uniform(0, LONGEST_PAUSE))


def live(times: Times, seed: int, number: int, parent: int) -> None:
    """A clock process: it ticks without rest until it is killed, or the test is gone."""
    from tracker.services import clock_watch, outbox, supervision
    from tracker.services.work import plant
    from tracker.storage.base import db

    chance = random.Random(seed)
    sender = plant().mail
    assert isinstance(sender, NotingSender)
    sender.chance = chance
    watch = clock_watch.Watch(lambda: float(times[SECONDS]))
    composers = {cadence.id: Dawdling(_composer(cadence), chance) for cadence in CADENCES}
    while os.getppid() == parent:
        times[READY + number] = 1
        now = watch.look()
        if now is not None:
            clock_watch.beat(now)
            supervision.run_due(now, with_composers=composers)
        outbox.send_due()
        db.session.remove()
        time.sleep(chance.uniform(0.01, 0.05))


def _composer(cadence: Cadence) -> Any:
    """The product's own for what comes seldom; what comes daily is a plain letter, or the drill would last for minutes."""
    from tests.support.beats import PlainComposer
    from tracker.services import supervision
    from tracker.storage.accounts import Person
    from tracker.storage.base import db

    if cadence.kind is not PeriodKind.day:
        return supervision.COMPOSERS[cadence.id]
    return PlainComposer(list(db.session.scalars(select(Person.id).where(Person.email.is_not(None)))))


class Drill:
    """Several clock processes, their clock, and the hand that kills them.

    They are forks of the test, so that a killed one is replaced at once; no connection to the database goes along.
    """

    def __init__(self, start: datetime, seed: int) -> None:
        self._forks = multiprocessing.get_context("fork")
        self.times: Times = self._forks.RawArray("d", [start.timestamp(), 1000.0, *[0.0] * MOST_STARTED])
        self.clock = SharedClock(self.times)
        self.chance = random.Random(seed)
        self.kills = 0
        self._processes: dict[int, Any] = {}
        self._started = 0

    def start(self, count: int) -> None:
        """Start so many processes."""
        from tracker.storage.base import db

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

    def kill(self) -> None:
        """Kill all."""
        for number in list(self._processes):
            self._end(number)

    def _end(self, number: int) -> int:
        process = self._processes.pop(number)
        os.kill(process.pid, signal.SIGKILL)
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
        from tracker.services import cadence_gaps, clock_watch

        gaps = cadence_gaps.missing(self.clock.now())
        return f"{len(gaps)} missing, first {[(gap.sentence, gap.state, gap.tries) for gap in gaps[:3]]}; clock {clock_watch.state()}"

    def trickle(self, is_done: Callable[[], bool], *, with_kills: bool, within: float = 60) -> None:
        """Let time go on slowly until it is done: slow enough that no lease runs out under a living process."""
        seen = time.monotonic()
        until, next_kill = seen + within, seen + self.chance.uniform(0.05, 1.0)
        while not is_done():
            assert time.monotonic() < until, f"not done by {self.clock.now()}: {self.said()}"
            time.sleep(0.03)
            before, seen = seen, time.monotonic()
            self.pass_time(timedelta(seconds=(seen - before) * PACE))
            if with_kills and time.monotonic() >= next_kill:
                self.start(self.kill_one())
                next_kill = time.monotonic() + self.chance.uniform(0.05, 1.0)
