"""`python -m bench.drills.killed [--engine postgres] [--nodes 2]`: people register cases while workers of the web server and
clock processes are killed with SIGKILL, one after another; on several nodes a whole node is killed in the end.

A registration that got no answer is sent again with the same id, as a phone does. Afterwards: what was acknowledged is there,
once, with its mails, and the ledger holds.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from random import Random
from threading import Event, Lock, Thread

from sqlalchemy import create_engine, text

from bench.__main__ import Register, made
from bench.people import HOME
from bench.servers import gunicorn, settings_of, url_of
from bench.visitor import Visitor
from config import ROOT

FORM = {"title": "抚生路12号工地夜间施工扬尘很大", "description": "每天晚上十点以后施工扬尘很大，附近居民不敢开窗。", "place": "抚生路12号",
        "area_code": f"{HOME}009", "source": "H12345", "channel": "hotline", "categories": "dust", "near_seen": "1"}
LONGEST_WAIT = 30.0


@dataclass
class Tally:
    """What the clients saw and what was killed."""

    acknowledged: list[str] = field(default_factory=list)
    unanswered: int = 0
    refused: int = 0
    slowest: float = 0
    killed_workers: int = 0
    killed_clocks: int = 0
    lock: Lock = field(default_factory=Lock)


def main() -> None:
    """Serve, register, kill, count."""
    parser = argparse.ArgumentParser(prog="python -m bench.drills.killed")
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--nodes", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        register = made(0, options.engine, Path(folder))
        tally = _killed_meanwhile(register, options)
        _report(register, tally)


def _killed_meanwhile(register: Register, options: argparse.Namespace) -> Tally:
    tally, is_over, chance = Tally(), Event(), Random(1)
    with ExitStack() as stack:
        nodes = [stack.enter_context(gunicorn("wsgi:app", register.environment)) for _ in range(options.nodes)]
        clocks = [stack.enter_context(_clock(register)) for _ in nodes]
        ports = [port for _, port in nodes]
        clients = [Thread(target=_register_on, args=(register, ports if n % 2 else ports[::-1], f"drill{n}", tally, is_over))
                   for n in range(4)]
        for port in ports:
            _signed_in(register, port)  # its workers have started
        for client in clients:
            client.start()
        until = time.monotonic() + options.seconds
        while time.monotonic() < until:
            time.sleep(chance.uniform(4, 8))
            workers = _children(chance.choice(nodes)[0].pid)
            if workers:
                os.kill(chance.choice(workers), signal.SIGKILL)
                tally.killed_workers += 1
            if chance.random() < 0.4:
                tally.killed_clocks += _kill_clock(register, clocks, chance)
        if len(nodes) > 1:
            for worker in (nodes[0][0].pid, *_children(nodes[0][0].pid)):
                os.kill(worker, signal.SIGKILL)
            time.sleep(5)
        is_over.set()
        for client in clients:
            client.join()
        for clock in clocks:
            clock.terminate()
            clock.wait(30)
    return tally


@contextmanager
def _clock(register: Register) -> Iterator["subprocess.Popen[bytes]"]:
    clock = _start_clock(register)
    try:
        yield clock
    finally:
        clock.kill()
        clock.wait(5)


def _start_clock(register: Register) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "flask", "scheduler", "run"], cwd=ROOT, env=register.environment,
                            stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _kill_clock(register: Register, clocks: list["subprocess.Popen[bytes]"], chance: Random) -> int:
    """As `./run` does, another is started at once."""
    place = chance.randrange(len(clocks))
    clocks[place].kill()
    clocks[place].wait(5)
    clocks[place] = _start_clock(register)
    return 1


def _children(process_id: int) -> list[int]:
    listed = Path(f"/proc/{process_id}/task/{process_id}/children")
    return [int(each) for each in listed.read_text().split()] if listed.exists() else []


def _register_on(register: Register, ports: list[int], name: str, tally: Tally, is_over: Event) -> None:
    """One after another; each until it is acknowledged, on whatever node answers."""
    visitor, count = None, 0
    while not is_over.is_set():
        count += 1
        client_id, begin, turn = f"{name}x{count}", time.monotonic(), 0
        while time.monotonic() < begin + LONGEST_WAIT:
            try:
                visitor = visitor or _signed_in(register, ports[turn % len(ports)])
                answer = visitor.post("/cases/new", {**FORM, "form_id": client_id})
            except (OSError, HTTPException, SystemExit):
                visitor, turn = None, turn + 1
                tally.unanswered += 1
                time.sleep(0.1)
                continue
            with tally.lock:
                (tally.acknowledged.append(client_id) if answer.status == 302 else None)
                tally.refused += answer.status != 302
                tally.slowest = max(tally.slowest, time.monotonic() - begin)
            break


def _signed_in(register: Register, port: int) -> Visitor:
    visitor = Visitor(port, LONGEST_WAIT)
    visitor.sign_in(register.staff["dispatcher"], register.staff["password"])
    visitor.take_token("/cases/new")
    return visitor


def _report(register: Register, tally: Tally) -> None:
    engine = create_engine(url_of(register.folder, register.engine, register.name))
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(text(
            "SELECT client_id, number FROM cases WHERE client_id LIKE 'drill%'"))]
        told = {row[0].split("/")[2].partition("#")[0] for row in connection.execute(text(
            "SELECT dedupe_key FROM outbox WHERE dedupe_key LIKE 'notice/case:registered/%'"))}
        states = dict(tuple(row) for row in connection.execute(text("SELECT state, count(*) FROM outbox GROUP BY state")))
        twice = connection.scalar(text("SELECT count(*) FROM outbox WHERE deliveries > 1"))
    engine.dispose()
    kept = [row[0] for row in rows]
    lost, doubled = set(tally.acknowledged) - set(kept), len(kept) - len(set(kept))
    untold = [number for _, number in rows if f"case:{number}" not in told]
    print(f"killed {tally.killed_workers} workers and {tally.killed_clocks} clocks; {len(tally.acknowledged)} registered, "
          f"{tally.unanswered} sent again, {tally.refused} refused, the slowest took {tally.slowest:.1f} s")
    print(f"lost {len(lost)}, doubled {doubled}, not told by mail {len(untold)}; mails {states}, handed over twice {twice}")
    done = subprocess.run([sys.executable, "-m", "flask", "ledger", "verify"], cwd=ROOT, env={**os.environ, **settings_of(
        register.folder, url_of(register.folder, register.engine, register.name))}, capture_output=True, text=True)
    print(f"ledger verify: exit {done.returncode}: {(done.stdout or done.stderr).strip().splitlines()[-1][:300]}")


if __name__ == "__main__":
    main()
