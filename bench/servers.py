"""gunicorn with two workers on a free port of this machine, stopped by its process id; and databases to serve."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from config import ROOT

OPTIONS = ("--worker-class", "web_worker.WholeRequests", "--workers", "2", "--threads", "8", "--timeout", "120",
           "--graceful-timeout", "5", "--no-control-socket", "--log-level", "warning")
START_SECONDS = 60


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(application: str, environment: Mapping[str, str]) -> Iterator[int]:
    """The port of a running server; it is gone afterwards."""
    with gunicorn(application, environment) as (_, port):
        yield port


@contextmanager
def gunicorn(application: str, environment: Mapping[str, str]) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """The same with its process."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", *OPTIONS, "--bind", f"127.0.0.1:{port}", application]
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdin=subprocess.DEVNULL)
    try:
        _wait(server, port)
        yield server, port
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(5)


def _wait(server: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the server did not start; see its last words above")


def settings_of(folder: Path, database_url: str) -> dict[str, str]:
    """The settings of a product that keeps everything in the folder."""
    return {
        "DATABASE_URL": database_url, "SECRET_KEY": "bench-only-" * 4,
        "IDENTITY_KEY": "YmVuY2gtb25seS1iZW5jaC1vbmx5LWJlbmNoLW9ubHk=",
        "MAIL_URL": (folder / "outbox").as_uri(), "EVIDENCE_URL": (folder / "evidence").as_uri(), "FLASK_APP": "wsgi",
        "MAIL_FROM": "bench <bench@localhost>", "LEDGER_KEY": "YmVuY2gtb25seS1iZW5jaC1vbmx5LWJlbmNoLW9ubHk=",
        "LEDGER_HEADS": str(folder / "heads"),
    }


def copied(folder: Path, engine: str, name: str, copy: str) -> str:
    """DATABASE_URL of a copy of a database that nobody has open."""
    if engine == "sqlite":
        emptied(folder, engine, copy)
        shutil.copyfile(folder / f"{name}.db", folder / f"{copy}.db")
        return url_of(folder, engine, copy)
    from tests.support import postgres  # the server of the tests is good enough to be measured beside itself

    postgres.run_sql(f"DROP DATABASE IF EXISTS {copy}", f"CREATE DATABASE {copy} TEMPLATE {name}")
    return url_of(folder, engine, copy)


def emptied(folder: Path, engine: str, name: str) -> None:
    """Room for a database of this name: whatever an earlier run left is gone."""
    if engine == "sqlite":
        for left in folder.glob(f"{name}.db*"):
            left.unlink()
        return
    from tests.support import postgres

    postgres.run_sql(f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")


def url_of(folder: Path, engine: str, name: str) -> str:
    """DATABASE_URL of a database of this run."""
    if engine == "sqlite":
        return f"sqlite:///{folder / name}.db"
    from tests.support import postgres

    return postgres.url(name)
