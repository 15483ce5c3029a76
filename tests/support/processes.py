"""Real processes on one database: each opens the product anew, waits until all stand ready, and does its deed."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

READY_WITHIN, DONE_WITHIN = 60, 60


def together(database_url: str, folder: Path, now: datetime,
             deeds: Sequence[tuple[Callable[..., object], tuple[Any, ...]]]) -> list[str]:
    """What each process answered, in order: what its deed returned, or the refusal's name and code (`Conflict:stale`)."""
    server = multiprocessing.get_context("forkserver")  # imports the product once; each process is then a fork of a clean one
    server.set_forkserver_preload(["tests.support.databases", "tests.support.processes"])
    barrier, answers = server.Barrier(len(deeds)), server.Queue()
    workers = [
        server.Process(target=_work, args=(index, database_url, folder, now, barrier, answers, deed, arguments))
        for index, (deed, arguments) in enumerate(deeds)
    ]
    for worker in workers:
        worker.start()
    try:
        found = dict(answers.get(timeout=READY_WITHIN + DONE_WITHIN) for _ in workers)
    finally:
        for worker in workers:
            worker.join(timeout=10)
            if worker.is_alive():
                worker.terminate()
    return [found[index] for index in range(len(deeds))]


def _work(index: int, database_url: str, folder: Path, now: datetime, barrier: Any, answers: Any, deed: Callable[..., object],
          arguments: tuple[Any, ...]) -> None:
    from tests.support.databases import close, settings_for
    from tracker import create_app
    from tracker.domain.house.clock import SetClock
    from tracker.domain.house.errors import Refusal

    app = create_app(settings_for(database_url, folder), clock=SetClock(now))
    with app.app_context():
        barrier.wait(timeout=READY_WITHIN)
        try:
            answer = str(deed(*arguments))
        except Refusal as refusal:
            answer = f"{type(refusal).__name__}:{refusal.code}"
        except Exception as error:  # noqa: BLE001 - whatever it was, the test must see it
            answer = f"{type(error).__name__}: {error}"
    close(app)
    answers.put((index, answer))


def killed_after_commits(most: int, database_url: str, folder: Path, now: datetime, deed: Callable[[], object]) -> None:
    """A process that does its deed and is killed with SIGKILL once it has committed so many times; it must not get to the end."""
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(["tests.support.databases", "tests.support.processes"])
    worker = server.Process(target=_doomed, args=(most, database_url, folder, now, deed))
    worker.start()
    worker.join(timeout=READY_WITHIN + DONE_WITHIN)
    assert worker.exitcode == -signal.SIGKILL, f"it ended by itself: {worker.exitcode}"


def _doomed(most: int, database_url: str, folder: Path, now: datetime, deed: Callable[[], object]) -> None:
    from sqlalchemy import event

    from tests.support.databases import settings_for
    from tracker import create_app
    from tracker.domain.house.clock import SetClock
    from tracker.storage.house.base import db

    app = create_app(settings_for(database_url, folder), clock=SetClock(now))
    with app.app_context():
        commits = iter(range(1, most + 1))
        event.listen(db.session, "after_commit", lambda session: next(commits) == most and os.kill(os.getpid(), signal.SIGKILL))
        deed()


# --- deeds for them: importable, so that a fresh process finds them by name ----------------------------------------------------


def take(login: str, number: str, step: str, given: dict[str, object], seq: int | None) -> str:
    """One step; `done` when it was taken."""
    from tracker.services.cases import steps
    from tracker.services.people import access

    steps.take(access.at_command_line(login), number, step, given, seq=seq)
    return "done"


def register(login: str, source_number: str | None, times: int) -> str:
    """Several registrations; the numbers given."""
    from tracker.services.cases import intake
    from tracker.services.people import access

    actor = access.at_command_line(login)
    order = intake.RegisterOrder("H12345", "噪声", "夜间施工噪声", source_number=source_number)
    return ",".join(intake.register(actor, order).number for _ in range(times))
