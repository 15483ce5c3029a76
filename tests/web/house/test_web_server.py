"""The web server of ./run: whole requests alone take a thread."""

import hashlib
import http.client
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.support.project_files import ROOT

THREADS = 2
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
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--worker-class", "web_worker.WholeRequests", "--workers", "1", "--threads",
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
