"""The declarative base: naming, column types, the session and how each engine is set up."""

import sqlite3
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as BoundSession
from sqlalchemy import BigInteger, Connection, Date, DateTime, Dialect, Engine, Enum, Integer, MetaData, String, Text, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, registry
from sqlalchemy.types import TypeDecorator

from tracker.domain.house.ledger import canonical
from tracker.domain.house.say import from_text, read_json, to_text

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, kept as UTC. A naive one is refused; SQLite, which has no zones, gets UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What a value is in Python; without this, SQLAlchemy answers `object`."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime is no instant")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Of SQLite the text is read as the instant at once: a hundred thousand rows have many."""
        return _instant_read if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _instant_read(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text + "+00:00")


class SentenceText(TypeDecorator[str]):
    """A sentence: a message with its values, so that every reader gets it in their language, or a text as somebody wrote it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else to_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else from_text(value)


class CanonicalJson(TypeDecorator[dict[str, Any]]):
    """A mapping as the one canonical text of the ledger, which both engines can look into."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> str | None:
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> dict[str, Any] | None:
        return None if value is None else read_json(value)


def enum_column(kind: type[StrEnum], name: str) -> Enum:
    """An enum kept by value in a text column with a CHECK."""
    return Enum(kind, name=name, native_enum=False, create_constraint=True, length=40,
                values_callable=lambda e: [m.value for m in e])


BigId = BigInteger().with_variant(Integer, "sqlite")
id_column = Annotated[int, mapped_column(BigId, primary_key=True)]
code_column = Annotated[str, mapped_column(String(60))]
name_column = Annotated[str, mapped_column(String(200))]

_registry = registry(
    metadata=MetaData(naming_convention=NAMING),
    type_annotation_map={datetime: UtcDateTime, date: Date, str: Text, int: BigId},
)


class Base(DeclarativeBase):
    """Base of all tables."""

    registry = _registry


class OneEngine(BoundSession):
    """A session of the one database that an application has: nothing is looked for in a statement to find it."""

    def __init__(self, db: SQLAlchemy, **options: Any) -> None:
        super().__init__(db, **options)
        self._engine = db.engine

    def get_bind(self, mapper: Any = None, clause: Any = None, bind: Any = None, **rest: Any) -> Any:
        """The engine, or the connection that is given."""
        return self._engine if bind is None else bind


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False, "class_": OneEngine})
WRITE = {"xiaohao_write": True}
WRITE_OR_LEAVE = {"xiaohao_write": True, "xiaohao_leave": True}  # an OperationalError at once where others write
WAIT_SECONDS = 20


EngineInsert = postgresql.Insert | sqlite.Insert


def inserting(session: Session) -> type[EngineInsert]:
    """The INSERT of the engine at hand: only an engine's own knows ON CONFLICT, and both of ours say it alike."""
    return postgresql.Insert if session.get_bind().dialect.name == "postgresql" else sqlite.Insert


def engine_options(database_url: str) -> dict[str, Any]:
    """What people wrote stands in no log. A connection that PostgreSQL has let go is noticed and made anew, and nobody waits for
    a server or a lock without end: SQLite's busy timeout is as long."""
    options: dict[str, Any] = {"hide_parameters": True}
    if database_url.startswith("postgresql"):
        options |= {"pool_pre_ping": True, "pool_timeout": WAIT_SECONDS,
                    "connect_args": {"connect_timeout": 5, "options": f"-c lock_timeout={WAIT_SECONDS}s"}}
    return options


def set_up_engine(engine: Engine) -> None:
    """SQLite as a sound database: WAL, foreign keys, a busy timeout, and BEGIN IMMEDIATE for every unit of work.

    Without it, sqlite3 on Python 3.11 lets two processes read, then both write, and one update is lost in silence.
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def on_connect(dbapi: sqlite3.Connection, record: Any) -> None:
        dbapi.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={WAIT_SECONDS}000",
                       "cache_size=-20000"):
            dbapi.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get("xiaohao_leave"):
            connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("xiaohao_write") else "BEGIN")
            return
        connection.exec_driver_sql("PRAGMA busy_timeout=0")
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={WAIT_SECONDS}000")


def give_back_space(session: Session) -> None:
    """What was written and taken back leaves holes in SQLite's file: close them. Ends the session's transaction; PostgreSQL sees
    to its own."""
    engine = session.get_bind()
    session.rollback()
    if isinstance(engine, Engine) and engine.dialect.name == "sqlite":
        bare = engine.raw_connection()  # the engine's own would begin a transaction, in which SQLite does not do it
        try:
            cursor = bare.cursor()
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # only then is the file itself shorter
        finally:
            bare.close()
