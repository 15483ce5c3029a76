"""Migrated once, copied for each test: a fresh database costs a file copy or a CREATE DATABASE."""

import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import flask_migrate
from sqlalchemy import event
from sqlalchemy.pool import Pool

from config import Settings
from tests.support import postgres, session
from tests.support.district import settle
from tracker import create_app
from tracker.domain.house.clock import SetClock
from tracker.services.house.work import Work, wiring
from tracker.services.people.access import FACTOR_SINCE
from tracker.storage.house.base import db
from tracker.storage.house.preferences import Preference

QUICK = "is_quick"


@event.listens_for(Pool, "checkout")
def _wait_for_no_disk(dbapi: Any, record: Any, proxy: Any) -> None:
    """No test outlives a power cut, and the copies of the template need not be safe on the disk."""
    if isinstance(dbapi, sqlite3.Connection) and QUICK not in record.info:
        record.info[QUICK] = True
        if dbapi.execute("PRAGMA database_list").fetchone()[2].endswith("/xiaohao.db"):
            dbapi.execute("PRAGMA synchronous=OFF")


SECRET_KEY = "tests-only-" * 4
IDENTITY_KEY = "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk="
LEDGER_KEY = "bGVkZ2VyLXRlc3RzLWxlZGdlci10ZXN0cy1sZWRnZXI="
TEMPLATE, DISTRICT = "xiaohao_template", "xiaohao_district"
NEVER = "9000-01-01T00:00:00+00:00"  # nobody owes a second factor but in the tests of it
LONG_AGO = datetime(2018, 1, 1, tzinfo=UTC)  # when the ledger of every test was begun: no test's clock stands before it


def settings_for(database_url: str, folder: Path) -> Settings:
    """Settings of a product that keeps everything in `folder`."""
    return Settings(
        database_url=database_url,
        secret_key=SECRET_KEY,
        identity_key=IDENTITY_KEY,
        ledger_key=LEDGER_KEY,
        ledger_heads=folder / "heads",
        mail_url=(folder / "outbox").as_uri(),
        mail_from="销号平台 <xiaohao@localhost>",
        evidence_url=(folder / "evidence").as_uri(),
        instance_dir=folder,
    )


def fresh(engine_name: str, folder: Path, *, is_settled: bool = False) -> Iterator[str]:
    """DATABASE_URL of a migrated database that nobody else uses, empty or with the small district; gone afterwards."""
    return _fresh_postgres(is_settled) if engine_name == "postgres" else _fresh_sqlite(folder, is_settled)


def empty(engine_name: str, folder: Path) -> Iterator[str]:
    """DATABASE_URL of a database with nothing in it at all; gone afterwards."""
    if engine_name == "sqlite":
        yield f"sqlite:///{folder / 'empty.db'}"
        return
    yield from _own_postgres("template0")


def _fresh_sqlite(folder: Path, is_settled: bool) -> Iterator[str]:
    template = session.made_once("sqlite-template", _make_sqlite_template)
    if is_settled:
        template = session.made_once("sqlite-district", partial(_settle_sqlite, template))
    copy = folder / "xiaohao.db"
    shutil.copyfile(template, copy)
    yield f"sqlite:///{copy}"


def _fresh_postgres(is_settled: bool) -> Iterator[str]:
    postgres.server()
    template = session.made_once("postgres-template", _make_postgres_template)
    if is_settled:
        template = session.made_once("postgres-district", partial(_settle_postgres, template))
    yield from _own_postgres(template)


def _own_postgres(template: str) -> Iterator[str]:
    name = f"t_{uuid.uuid4().hex}"
    postgres.run_sql(f"CREATE DATABASE {name} TEMPLATE {template}{postgres.copying()}")
    yield postgres.url(name)
    postgres.run_sql(f"DROP DATABASE {name} WITH (FORCE)")


def _make_sqlite_template() -> str:
    path = session.open_folder() / "template.db"
    _migrate(f"sqlite:///{path}")
    assert not path.with_name("template.db-wal").exists(), "the template was not closed: its copies would miss rows"
    return str(path)


def _make_postgres_template() -> str:
    postgres.run_sql(f"DROP DATABASE IF EXISTS {TEMPLATE}", f"CREATE DATABASE {TEMPLATE}")
    _migrate(postgres.url(TEMPLATE))
    return TEMPLATE


def _settle_sqlite(template: str) -> str:
    path = session.open_folder() / "district.db"
    shutil.copyfile(template, path)
    _settle(f"sqlite:///{path}")
    assert not path.with_name("district.db-wal").exists(), "the district was not closed: its copies would miss rows"
    return str(path)


def _settle_postgres(template: str) -> str:
    postgres.run_sql(f"DROP DATABASE IF EXISTS {DISTRICT}", f"CREATE DATABASE {DISTRICT} TEMPLATE {template}{postgres.copying()}")
    _settle(postgres.url(DISTRICT))
    return DISTRICT


def _settle(database_url: str) -> None:
    app = create_app(settings_for(database_url, session.open_folder()), clock=SetClock(LONG_AGO))
    with app.app_context():
        settle()
    close(app)


def _migrate(database_url: str) -> None:
    app = create_app(settings_for(database_url, session.open_folder()), clock=SetClock(LONG_AGO))
    with app.app_context():
        flask_migrate.upgrade()
        with Work(wiring()) as work:
            work.begin_ledger()
            work.session.get_one(Preference, FACTOR_SINCE).value = NEVER
    close(app)


def close(app: object) -> None:
    """Give back every connection that the app holds."""
    with app.app_context():  # type: ignore[attr-defined]
        db.session.remove()
        db.engine.dispose()
