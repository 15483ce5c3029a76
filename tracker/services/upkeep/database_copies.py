"""A whole database as one file, and back: SQLite through its own backup interface, PostgreSQL through pg_dump and pg_restore."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, create_engine, func, inspect, select, text
from sqlalchemy.orm import Session

from tracker.domain.house.errors import Refusal
from tracker.domain.house.log.fact_kinds import LEDGER
from tracker.services.house.work import reading
from tracker.storage.house.base import db
from tracker.storage.house.ledger import FactRow


def engine_name() -> str:
    """`sqlite` or `postgresql`: a copy comes back into the kind of database it was taken from."""
    return db.engine.dialect.name


def revision() -> str:
    """The migration that the database stands at; empty before the first one."""
    session = reading()
    if not inspect(db.engine).has_table("alembic_version"):
        return ""
    found = revision_in(session)
    session.rollback()
    return found


def revision_in(session: Session) -> str:
    """The same within a transaction that goes on, of a database that has tables."""
    return str(session.scalar(text("SELECT version_num FROM alembic_version")) or "")


def fact_count() -> int:
    """How many facts the database holds but those of the ledger itself, which an empty one has too; 0 where there is none yet."""
    session = reading()
    if not inspect(db.engine).has_table(FactRow.__tablename__):
        return 0
    found = facts_in(session)
    session.rollback()
    return found


def facts_in(session: Session) -> int:
    """The same of a database that has tables."""
    return session.scalar(select(func.count()).select_from(FactRow).where(FactRow.stream != LEDGER)) or 0


@contextmanager
def dumped(to: Path) -> Iterator[Session]:
    """Write a consistent copy of the database while work goes on. What is read in the session is what the copy holds, whatever
    was written since: the copy itself on SQLite, the snapshot that pg_dump was given on PostgreSQL."""
    url = db.engine.url
    if engine_name() == "sqlite":
        with closing(sqlite3.connect(str(url.database))) as source, closing(sqlite3.connect(to)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        engine = create_engine(f"sqlite:///{to}")
        with Session(engine) as session:
            yield session
        engine.dispose()
        return
    with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        _run_program("pg_dump", [*options, f"--file={to}"], url)
        with Session(connection) as session:
            yield session


def load(copy: Path) -> None:
    """Put a copy in the place of whatever the database holds."""
    url = db.engine.url
    db.session.remove()
    db.engine.dispose()
    if engine_name() == "sqlite":
        with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(str(url.database))) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=WAL")
        return
    options = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
    _run_program("pg_restore", [*options, f"--dbname={url.database}", str(copy)], url)


def _run_program(program: str, arguments: list[str], url: URL) -> None:
    found = _find_program(program)
    done = subprocess.run([found, *arguments], env=os.environ | _connection_env(url), capture_output=True, text=True, check=False)
    if done.returncode:
        said = " ".join(done.stderr.split())[:300]
        raise Refusal(f"{program} 没有完成：{said}", code="database_tool")


def _find_program(name: str) -> str:
    """The program on the path, or the newest of Debian's versions."""
    found = shutil.which(name) or next(
        (str(p) for p in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=_program_version, reverse=True)), None)
    if found is None:
        raise Refusal(f"这台机器没有 {name}；请安装 postgresql-client 后再试。", code="database_tool")
    return found


def _program_version(program: Path) -> int:
    return int(program.parts[-3]) if program.parts[-3].isdigit() else 0


def _connection_env(url: URL) -> dict[str, str]:
    """What libpq needs, by environment, so that no password shows in the list of processes."""
    query = {name: str(value) for name, value in url.query.items()}
    wanted = {
        "PGHOST": query.get("host") or url.host, "PGPORT": query.get("port") or (str(url.port) if url.port else None),
        "PGUSER": url.username, "PGPASSWORD": str(url.password) if url.password else None, "PGDATABASE": url.database,
        "PGSSLMODE": query.get("sslmode"),
    }
    return {name: value for name, value in wanted.items() if value}
