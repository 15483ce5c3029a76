"""The web server of ./run: whole requests alone take a thread."""

import hashlib
import http.client
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest

from tests.support.plain_application import LARGE
from tests.support.project_files import ROOT

THREADS = 4
SLOW_HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 5000


@dataclass(frozen=True)
class Served:
    """A running server."""

    port: int
    process: "subprocess.Popen[bytes]"

    def ask(self, method: str = "GET", path: str = "/", body: bytes | None = None, **headers: str) -> list[str]:
        """What the application saw: size and digest of the body, announced length, forwarded address, scheme, address."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        said = answer.read().decode().split("\n")
        connection.close()
        assert answer.status == 200
        return said


@pytest.fixture
def served() -> Iterator[Served]:
    with serving(workers=1) as found:
        yield found


@contextmanager
def serving(workers: int) -> Iterator[Served]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--worker-class", "web_worker.WholeRequests", "--workers", str(workers),
               "--threads",
               str(THREADS), "--graceful-timeout", "5", "--no-control-socket", "--log-level", "warning", "--bind",
               f"127.0.0.1:{port}", "tests.support.plain_application:app"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield Served(port, process)
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server did not start")


def test_bodies_half_sent_and_connections_that_say_nothing_keep_nobody_waiting(served: Served) -> None:
    half_sent = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(10 * THREADS)]
    for each in half_sent:
        each.sendall(SLOW_HEAD)
    silent = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(10 * THREADS)]
    begin = time.monotonic()
    assert served.ask()[0] == "0"
    assert time.monotonic() - begin < 5
    for each in half_sent + silent:
        each.close()


def test_a_large_body_comes_whole(served: Served) -> None:
    body = bytes(range(256)) * 4096 * 20
    assert served.ask("POST", body=body)[:3] == [str(len(body)), hashlib.sha256(body).hexdigest(), str(len(body))]


def test_a_body_too_large_is_not_read_and_the_application_says_so(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 70000000\r\n\r\n")
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        assert answer.read().decode().split("\n")[::2][:2] == ["0", "70000000"]
        assert answer.headers["Connection"] == "close"
        answer.close()


def test_what_proxies_add_is_left_to_the_application(served: Served) -> None:
    said = served.ask(X_Forwarded_For="192.0.2.7", X_Forwarded_Proto="https")
    assert said[3:] == ["192.0.2.7", "http", "127.0.0.1"]


def test_a_stop_lets_what_has_begun_be_answered(served: Served) -> None:
    answers: list[list[str]] = []
    asking = threading.Thread(target=lambda: answers.append(served.ask(path="/slow")))
    asking.start()
    time.sleep(0.4)
    served.process.send_signal(signal.SIGTERM)
    asking.join()
    assert answers[0][0] == "0"
    assert served.process.wait(10) == 0


def test_who_takes_an_answer_slowly_keeps_nobody_waiting(served: Served) -> None:
    with ExitStack() as stack:
        takers = [stack.enter_context(socket.create_connection(("127.0.0.1", served.port), timeout=20))
                  for _ in range(3 * THREADS)]
        for each in takers:
            each.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        begin = time.monotonic()
        assert served.ask()[0] == "0"
        assert time.monotonic() - begin < 5
        answer = http.client.HTTPResponse(takers[-1])
        answer.begin()
        assert len(answer.read()) == LARGE
        answer.close()


def test_requests_that_take_long_keep_nobody_out(served: Served) -> None:
    long = [threading.Thread(target=served.ask, kwargs={"path": "/slow"}) for _ in range(THREADS - 1)]
    for each in long:
        each.start()
    time.sleep(0.1)
    begin = time.monotonic()
    assert served.ask()[0] == "0"
    assert time.monotonic() - begin < 0.8
    for each in long:
        each.join()


def test_a_crowd_is_shared_by_the_workers() -> None:
    with serving(workers=2) as served, ExitStack() as stack:
        served.ask()
        time.sleep(1.5)  # both have told that they are there
        crowd = [stack.enter_context(socket.create_connection(("127.0.0.1", served.port), timeout=20)) for _ in range(40)]
        for each in crowd:
            each.sendall(b"GET /who HTTP/1.1\r\nHost: x\r\n\r\n")
        told = Counter(each.recv(4096).rpartition(b"\r\n\r\n")[2] for each in crowd)
        assert len(told) == 2
        assert min(told.values()) >= 15


def test_answers_on_one_connection_come_in_the_order_of_the_questions(served: Served) -> None:
    sizes = (1, 300_000, 3)
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as connection:
        for size in sizes:
            connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (size, b"x" * size))
        came = b""
        while came.count(b"\r\n\r\n") < len(sizes) or not came.endswith(b"127.0.0.1"):
            came += connection.recv(65536)
    bodies = [part.partition(b"\n")[0] for part in came.split(b"\r\n\r\n")[1:]]
    assert bodies == [str(size).encode() for size in sizes]
