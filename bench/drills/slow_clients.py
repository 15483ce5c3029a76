"""`python -m bench.drills.slow_clients`: 200 half-sent bodies and 200 idle connections beside people who work.

Half of the bodies stand still, the others go on by a byte a second; all announce 8 MB and have sent 64 kB. Meanwhile three pages
are asked for, each time on a new connection.
"""

import argparse
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from threading import Event, Thread

from bench.__main__ import Register, made
from bench.servers import served
from bench.visitor import Visitor

HEAD = ("POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=slow\r\n"
        "Content-Length: 8388608\r\n\r\n--slow\r\nContent-Disposition: form-data; name=\"login\"\r\n\r\n")
SENT = b"x" * 65_536
PAGES = ("/healthz", "/login", "/cases")
SLOWEST_SECONDS = 10.0
SIGN_IN_SECONDS = 60.0  # a worker that has just started reads the whole program first


def main() -> None:
    """Serve, measure in quiet, measure beside the slow ones, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.drills.slow_clients")
    for name, most in (("half", 200), ("idle", 200), ("seconds", 15)):
        parser.add_argument(f"--{name}", type=int, default=most)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        register = made(300, "sqlite", Path(folder))
        with served("wsgi:app", register.environment) as port:
            _show("quiet", _asked(register, port, options.seconds))
            with slow_ones(port, options.half, options.idle) as held:
                _show(f"{options.half} half-sent bodies, {options.idle} idle connections",
                      _asked(register, port, options.seconds))
                print(f"  still held at the end: {held()}")


@contextmanager
def slow_ones(port: int, half: int, idle: int) -> Iterator[Callable[[], int]]:
    """Connections that are held open; says how many still are."""
    connections = [_connect(port) for _ in range(half + idle)]
    for number, each in enumerate(connections[:half]):
        each.sendall(HEAD.format(path="/login" if number % 2 else "/cases/new").encode() + SENT)
    is_over = Event()
    thread = Thread(target=_drip, args=(connections[: half // 2], is_over))
    thread.start()
    try:
        yield lambda: sum(map(_is_open, connections))
    finally:
        is_over.set()
        thread.join()
        for each in connections:
            each.close()


def _connect(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=SLOWEST_SECONDS)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _drip(connections: list[socket.socket], is_over: Event) -> None:
    while not is_over.wait(1):
        for each in connections:
            try:
                each.sendall(b"x")
            except OSError:
                continue


def _is_open(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return connection.recv(1, socket.MSG_PEEK) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def _asked(register: Register, port: int, seconds: int) -> dict[str, list[float]]:
    """Milliseconds of each page; infinity where no answer came."""
    times: dict[str, list[float]] = {page: [] for page in PAGES}
    cookies = _cookies(register, port)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for page in PAGES:
            times[page].append(_one(port, page, cookies))
        time.sleep(0.05)
    return times


def _cookies(register: Register, port: int) -> dict[str, str]:
    try:
        visitor = Visitor(port, SIGN_IN_SECONDS)
        visitor.sign_in(register.staff["dispatcher"], register.staff["password"])
    except OSError:
        print("  nobody could sign in")
        return {}
    return visitor.cookies


def _one(port: int, page: str, cookies: dict[str, str]) -> float:
    visitor = Visitor(port, SLOWEST_SECONDS)
    if page != "/login":
        visitor.cookies.update(cookies)
    begin = time.monotonic()
    try:
        answer = visitor.get(page)
    except OSError:
        return float("inf")
    return (time.monotonic() - begin) * 1000 if answer.status == 200 else float("inf")


def _show(title: str, times: dict[str, list[float]]) -> None:
    print(title)
    for page, found in times.items():
        answered = sorted(each for each in found if each != float("inf"))
        figures = f"p50 {median(answered):.1f} ms, slowest {answered[-1]:.0f} ms" if answered else "-"
        print(f"  {page:<9} {len(answered)} of {len(found)} answered, {figures}", flush=True)


if __name__ == "__main__":
    main()
